"""What is known of the ground, told to other processes as JSON and read by them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..config.schema import DataConfig
from ..data.sources.area import read_area
from ..data.sources.located import Table
from ..progress import Silent
from .ground import Ground
from .inputs import Inputs

# Sources that are rasters.
_RASTERS = ("landcover", "classes", "covariates")


def describe(inputs: Inputs, ground: Ground) -> dict[str, Any]:
    """What `ground_of` needs, as JSON.

    Parameters
    ----------
    inputs : Inputs
        Those of a request, which names the sources and the study area.
    ground : Ground
        What is known of the map.
    """
    named = _absolute(inputs.named)
    covariates = [_placed(path) for path in named["data"]["covariates"]]
    data = {**named["data"], "covariates": covariates}
    return {**named, "data": data, "ground": ground.describe()}


def rasters_of(described: Mapping[str, Any]) -> tuple[str, ...]:
    """The rasters that `ground_of` opens."""
    named = [each["path"] for name in _RASTERS for each in described["parts"].get(name, ())]
    return (*named, *described["data"]["covariates"])


def ground_of(described: Mapping[str, Any], observed: NDArray[np.int64]) -> Ground:
    """The ground that `describe` told of; `observed` are the cells with a measured value."""
    inputs = Inputs.of(described["parts"], DataConfig(**as_options(described["data"])))
    for source in inputs.sources:
        source.open(Silent())
    area = inputs.area
    if isinstance(area, Table):
        area = read_area(area.source, area.crs)
    return Ground.of(described["ground"], inputs.sources, area, observed)


def as_options(section: Mapping[str, Any]) -> dict[str, Any]:
    """Options as they are in a section, of which JSON made lists."""
    return {name: tuple(own) if isinstance(own, list) else own for name, own in section.items()}


def _absolute(part: Any) -> Any:
    """A part of a request whose files other processes find."""
    if isinstance(part, Mapping):
        return {n: _placed(own) if n == "path" else _absolute(own) for n, own in part.items()}
    return [_absolute(own) for own in part] if isinstance(part, list) else part


def _placed(path: str) -> str:
    """The whole path of a file, with its layer; a name that only GDAL knows stays."""
    file = path.partition("|")[0]
    return os.path.abspath(file) + path[len(file) :] if os.path.exists(file) else path
