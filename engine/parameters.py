"""What an interpolator was told, as options, inputs of a graph, and files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .assembly.given import DEFAULT_CRS, area_of, crs_text, files_of, ground_of, poi_table
from .assembly.inputs import Inputs
from .config.checks import FILE, Many
from .config.loader import merge
from .config.schema import Config, make_config
from .data.sources.poi import Pois
from .data.sources.points import Points
from .data.sources.registry import make_sources
from .errors import InputError, shown
from .jobs.inputfiles import raster_files
from .jobs.request import CELL_SIZE
from .language import tr

_PATHS = Many(FILE)
# The options that parameters name, by section: the parameter of each.
_OPTIONS = {
    "data": {"worldcover": "worldcover"},
    "model": {"kind": "model"},
    "training": {name: name for name in ("epochs", "masked_ratio", "seed", "device")},
    "uncertainty": {"level": "level"},
}
Parameters = Mapping[str, Any]
"""The parameters of `GeoHGInterpolator` or `GeoHGClassifier`, by name."""


def config_of(parameters: Parameters) -> Config:
    """All options; those of `options` count before the parameters that name one."""
    own: dict[str, dict[str, Any]] = {
        section: {
            name: parameters[parameter]
            for name, parameter in names.items()
            if parameter in parameters
        }
        for section, names in _OPTIONS.items()
    }
    make_config(parameters["options"] or {})
    return make_config(merge(own, parameters["options"] or {}))


def inputs_of(parameters: Parameters, points: Points, config: Config) -> Inputs:
    """What the graph is made of."""
    crs = points.crs.to_string() if parameters["crs"] is None else crs_text(parameters["crs"])
    size, pois, area = parameters["resolution"], parameters["pois"], parameters["study_area"]
    size = None if size is None else CELL_SIZE.check(size, "resolution")
    paths = _PATHS.check(_listed(parameters["landcover"]), "landcover")
    parts: dict[str, Any] = {
        "landcover": [{"path": path, "band": 1} for path in paths],
        **ground_of(_ground(parameters), crs),
    }
    sources = make_sources(parts, config.data)
    if pois is not None:
        table, category = poi_table(pois, parameters["poi_columns"], crs)
        own = Pois(table.source, table.crs, table.coord_columns, category)
        sources = (*sources, own)
    area = None if area is None else area_of(area, crs)
    return Inputs(points, sources, area, {"crs": crs, "cell_size": size})


def _ground(parameters: Parameters) -> dict[str, Any]:
    """All sources but land cover and POIs, by kind."""
    if parameters["hypernodes"] is not None and not isinstance(parameters["hypernodes"], Mapping):
        raise InputError(
            tr("'hypernodes' must be types with their zones, got {value}.").format(
                value=shown(parameters["hypernodes"])
            )
        )
    ground = dict(parameters["ground"] or {})
    for name, given in (
        ("covariates", parameters["covariate_rasters"]),
        ("zones", parameters["hypernodes"]),
    ):
        if given is not None:
            if name in ground:
                raise InputError(
                    tr("'{name}' is given twice, in 'ground' too; leave one out.").format(name=name)
                )
            ground[name] = given
    return ground


def input_files_of(parameters: Parameters) -> set[Path]:
    """The files that a map is made from, beside that of the points."""
    rasters = _listed(parameters["landcover"])
    parts = ground_of(_ground(parameters), DEFAULT_CRS)
    others = [item["path"] for items in parts.values() for item in items]
    rasters += [item["path"] for item in (*parts.get("covariates", ()), *parts.get("classes", ()))]
    return raster_files(rasters) | files_of(
        parameters["pois"], parameters["study_area"], *rasters, *others
    )


def _listed(paths: Any) -> list[Any]:
    """One path, several or none as a list."""
    if isinstance(paths, Iterable) and not isinstance(paths, (str, bytes)):
        return list(paths)
    return [] if paths is None else [paths]
