"""What an interpolator was told, as options, inputs of a graph, and files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .assembly.given import area_of, crs_text, files_of, hypernodes_of, poi_table
from .assembly.inputs import Inputs
from .config.checks import FILE, Many
from .config.loader import merge
from .config.schema import Config, make_config
from .data.sources.points import Points
from .jobs.inputfiles import raster_files
from .jobs.request import CELL_SIZE

_PATHS = Many(FILE)
Parameters = Mapping[str, Any]
"""The parameters of `GeoHGInterpolator`, by name."""


def config_of(told: Parameters) -> Config:
    """All options; those of `options` count before the parameters that name one."""
    own: dict[str, dict[str, Any]] = {
        "data": {"worldcover": told["worldcover"]},
        "model": {"kind": told["model"]},
        "training": {name: told[name] for name in ("epochs", "masked_ratio", "seed", "device")},
        "uncertainty": {"level": told["level"]},
    }
    make_config(told["options"] or {})
    return make_config(merge(own, told["options"] or {}))


def inputs_of(told: Parameters, points: Points, config: Config) -> Inputs:
    """What the graph is made of."""
    crs = points.crs.to_string() if told["crs"] is None else crs_text(told["crs"])
    size, pois, area = told["resolution"], told["pois"], told["study_area"]
    size = None if size is None else CELL_SIZE.check(size, "resolution")
    paths = _PATHS.check(_listed(told["landcover"]), "landcover")
    return Inputs(
        points,
        tuple((path, 1) for path in paths),
        None if pois is None else poi_table(pois, told["poi_columns"], crs),
        None if area is None else area_of(area, crs),
        {"crs": crs, "cell_size": size},
        hypernodes=hypernodes_of(told["hypernodes"], crs),
        worldcover=config.data.worldcover,
    )


def input_files_of(told: Parameters) -> set[Path]:
    """The files that a map is made from, beside that of the points."""
    rasters = _listed(told["landcover"])
    given = told["hypernodes"].values() if isinstance(told["hypernodes"], Mapping) else ()
    zones = [zone[0] if isinstance(zone, tuple) else zone for zone in given]
    return raster_files(rasters) | files_of(told["pois"], told["study_area"], *rasters, *zones)


def _listed(paths: Any) -> list[Any]:
    """One path, several or none as a list."""
    if isinstance(paths, Iterable) and not isinstance(paths, (str, bytes)):
        return list(paths)
    return [] if paths is None else [paths]
