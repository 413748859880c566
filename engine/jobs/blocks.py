"""The work on one block of a map, in whichever process it is done."""

from __future__ import annotations

import dataclasses
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from ..assembly.ground import Ground
from ..assembly.held import Held
from ..assembly.telling import Quiet
from ..config.schema import Config, DataConfig, UncertaintyConfig
from ..data.builders.blocks import Block
from ..data.builders.grid import Grid
from ..data.sources.area import read_area
from ..data.sources.located import Table
from ..data.sources.registry import SOURCES, make_sources
from ..prediction.fitted import ARRAYS, FittedMap, array_names
from ..progress import Progress, Silent, parts_of
from .layers import array_of
from .request import Request

_READING = 0.3
# Sources that are rasters.
_RASTERS = ("landcover", "classes", "covariates")


@dataclass(frozen=True, eq=False)
class BlockState:
    """All that the blocks of a map are made from.

    Parameters
    ----------
    ground : Ground or Held
        What they are read from.
    fitted : tuple of FittedMap
        The model of each target.
    how : UncertaintyConfig
        What is told of the uncertainty.
    """

    ground: Ground | Held
    fitted: tuple[FittedMap, ...]
    how: UncertaintyConfig


_HERE: WeakValueDictionary[str, BlockState] = WeakValueDictionary()


def describe(request: Request, config: Config, ground: Ground) -> dict[str, Any]:
    """What `load_state` needs beside the model, as JSON.

    Parameters
    ----------
    request : mapping
        Names the sources and the study area.
    config : Config
        All options.
    ground : Ground
        That of the map.
    """
    return {
        "parts": {n: _absolute(request[n]) for n in (*SOURCES, "area") if n in request},
        "proxy": request.get("network", {}).get("proxy", ""),
        "data": {
            **dataclasses.asdict(config.data),
            "covariates": [_placed(path) for path in config.data.covariates],
        },
        "uncertainty": dataclasses.asdict(config.uncertainty),
        "ground": ground.describe(),
    }


def rasters_of(description: Mapping[str, Any]) -> list[str]:
    """The rasters that `load_state` opens."""
    parts = description["parts"]
    named = [each["path"] for name in _RASTERS for each in parts.get(name, ())]
    return [*named, *description["data"]["covariates"]]


def _absolute(part: Any) -> Any:
    """A part of a request whose files other processes find."""
    if isinstance(part, Mapping):
        return {n: _placed(own) if n == "path" else _absolute(own) for n, own in part.items()}
    return [_absolute(own) for own in part] if isinstance(part, list) else part


def _placed(path: str) -> str:
    """The whole path of a file, with its layer; a name that only GDAL knows stays."""
    file = path.partition("|")[0]
    return os.path.abspath(file) + path[len(file) :] if os.path.exists(file) else path


def keep_here(state: BlockState) -> str:
    """The key by which `load_state` finds a state in this process, while somebody holds it."""
    key = str(id(state))
    _HERE[key] = state
    return key


def load_state(description: Mapping[str, Any]) -> BlockState:
    """The state that `describe` told of.

    Parameters
    ----------
    description : mapping
        What `describe` gave, and as `files` the bytes of each model, named by `array_of`; or as
        `here` the key of a state of this process.
    """
    if description.get("here") in _HERE:
        return _HERE[description["here"]]
    with tempfile.TemporaryDirectory(prefix="geohg-") as folder:
        path, files = Path(folder, "model.safetensors"), description["files"]
        fitted: list[FittedMap] = []
        while (name := array_of(len(fitted), "model")) in files:
            path.write_bytes(files[name])
            fitted.append(FittedMap.load(path))
    parts, data = description["parts"], DataConfig(**_tuples(description["data"]))
    sources = make_sources(parts, data, description["proxy"])
    for source in sources:
        source.open(Silent())
    table = Table.of(parts["area"]) if "area" in parts else None
    area = None if table is None else read_area(table.source, table.crs)
    grid = Grid(**description["ground"]["grid"])
    cells = np.unique(np.concatenate([one.cells_in(grid) for one in fitted]))
    ground = Ground.of(description["ground"], sources, area, cells)
    how = UncertaintyConfig(**_tuples(description["uncertainty"]))
    return BlockState(ground, tuple(fitted), how)


def make_block(state: BlockState, block: Block, progress: Progress) -> dict[str, NDArray[Any]]:
    """What `CellMap.arrays` has of each target in the own cells of a block, [rows, columns] each.

    1 stands for true, and NaN where no cell is.
    """
    ground, how = state.ground, state.how
    graph = ground.read(block, Quiet(progress, 0.0, _READING))
    if graph is None:
        told = (how.thresholds, how.quantiles, how.simulations_count)
        names = (*ARRAYS, *array_names(*told))
        every = (array_of(n, name) for n in range(len(state.fitted)) for name in names)
        return {name: np.full(block.shape, np.nan) for name in every}
    parts = parts_of(Quiet(progress, _READING, 1.0), len(state.fitted))
    return {
        array_of(number, name): block.place(ground.grid, graph.cell, own)
        for number, (fitted, part) in enumerate(zip(state.fitted, parts))
        for name, own in fitted.part(graph, how, part).arrays().items()
    }


def _tuples(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options as they are in a section, of which JSON made lists."""
    return {name: tuple(own) if isinstance(own, list) else own for name, own in options.items()}
