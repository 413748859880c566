"""What a request may hold: one table of its parts, and the one check that reads it.

Code behind the check may rely on it: keys are known, of their type and in range, and what
was null or empty is not there.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..config.checks import FILE, NAME, Kind, Many, Named, Single, check_mapping
from ..config.parts import POINT_TABLE, RASTER, TABLE, TEXT, Part, check_point_table, check_table
from ..config.schema import SECTIONS, kinds, make_config
from ..data.sources.registry import SOURCES
from ..errors import InputError, shown
from ..language import tr
from ..names import (
    BUILDGRAPH,
    CHECK,
    CLASS_RASTERS,
    CLASSIFY,
    COMPARE,
    EVALUATE,
    IMPORTCITY,
    INTERPOLATE,
    PREDICT,
    PRETRAIN,
    RASTERS,
    REQUEST_VERSION,
    STATISTICS,
    SUMMARISE,
    TRAIN,
)

Request = Mapping[str, Any]
Result = dict[str, Any]


CELL_SIZE = Single(float, positive=True)
_COUNT = Single(int, low=1, high=2**31 - 1)


@dataclass(frozen=True)
class Options(Kind):
    """A section of options; see `Config`."""

    section: str

    def check(self, value: Any, path: str) -> dict[str, Any]:
        made = getattr(make_config({self.section: value}), self.section)
        return {name: getattr(made, name) for name in value}

    def files(self, value: Any, path: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, item in value.items():
            found |= kinds(self.section)[name].files(item, f"{path}.{name}")
        return found


def _check_grid(values: Mapping[str, Any], path: str) -> None:
    others = [key for key in values if key != "template"]
    if "template" in values and others:
        raise InputError(
            tr("'{path}.template' is a whole grid; leave out {others}.").format(
                path=path, others=", ".join(others)
            )
        )
    if "shape" in values and ("bounds" not in values or "cell_size" in values):
        raise InputError(
            tr("'{path}.shape' needs 'bounds' beside it, and no 'cell_size'.").format(path=path)
        )


def _check_areal(values: Mapping[str, Any], path: str) -> None:
    """Refuse what only polygons have, without a word on what their values are."""
    if "support" not in values:
        check_point_table(values, path)
        named = [key for key in ("keep", "weight") if key in values]
        if named:
            raise InputError(
                tr(
                    "'{path}.{key}' is of polygons; say in '{path}.support' whether their values "
                    "are the mean or the total of their cells."
                ).format(path=path, key=named[0])
            )
        return
    check_table(values, path)
    others = [key for key in ("covariates", "group") if values.get(key)]
    if others:
        raise InputError(
            tr("'{path}.{key}' is of points; leave it out where polygons have values.").format(
                path=path, key=others[0]
            )
        )


def _check_beside(values: Mapping[str, Any], path: str) -> None:
    if "beside" in values and "support" not in values["points"]:
        raise InputError(
            tr(
                "'beside' are points beside polygons; say in 'points.support' what the polygons' "
                "values are."
            )
        )
    for output in ("simulations", "next_points"):
        if "support" in values["points"] and values.get("outputs", {}).get(output):
            text = tr("Values of polygons give no '{output}'; leave 'outputs.{output}' out.")
            raise InputError(text.format(output=output))


_POINTS = Part(
    {
        **POINT_TABLE,
        "targets": Many(NAME, 1, distinct=True),
        "covariates": Many(NAME, distinct=True),
        "group": TEXT,
        "units": Named(TEXT),
    },
    needed=("targets",),
    rule=check_point_table,
)
# Polygons, too, may have values.
_AREAL = dataclasses.replace(
    _POINTS,
    keys={
        **_POINTS.keys,
        "support": Single(str, choices=STATISTICS),
        "keep": Single(bool),
        "weight": RASTER,
    },
    rule=_check_areal,
)
# A model that is there already knows the name of its value.
_NEW_POINTS = dataclasses.replace(_POINTS, needed=())
_FILE_OF_SHAPES = {name: TABLE[name] for name in ("path", "layer", "crs")}
_AREA = Part(TABLE, rule=check_table)
_GRID = Part(
    {
        "crs": TEXT,
        "cell_size": CELL_SIZE,
        "bounds": Many(Single(float), 4, 4),
        "shape": Many(_COUNT, 2, 2),
        "template": FILE,
    },
    rule=_check_grid,
)

_PARTS: dict[str, Kind] = {
    "points": _POINTS,
    "beside": _POINTS,
    **{name: kind.part for name, kind in SOURCES.items()},
    "grid": _GRID,
    "area": _AREA,
    "network": Part({"proxy": TEXT}),
    "graph": FILE,
    "model_file": FILE,
    "folder": FILE,
    "target_folder": FILE,
    "target": TEXT,
    "polygons": Part({**_FILE_OF_SHAPES, "statistic": Single(str, choices=STATISTICS)}, ("path",)),
}
_REPORTS = ("report", "report_json")
_MAPS = (*RASTERS, "table", "contours")
_MAPPED = (*(name for name in SOURCES if name != "landcover"), "grid", "area", "network")
# What a graph is made of, where no file has it.
_OWN = ("points", "landcover", *_MAPPED)


def _check_one_graph(values: Mapping[str, Any], path: str) -> None:
    own = [name for name in _OWN if values.get(name)]
    if "graph" in values and own:
        raise InputError(
            tr("'graph' is a whole graph; leave out {others}.").format(others=", ".join(own))
        )


def _job(
    needed: tuple[str, ...],
    others: tuple[str, ...],
    outputs: tuple[str, ...],
    rule: Callable[[Mapping[str, Any], str], None] = lambda values, path: None,
    **own: Kind,
) -> Part:
    """The form of a request for a job: the parts that it needs, others, and its outputs.

    `own` are parts that it has in a form of its own.
    """
    keys: dict[str, Kind] = {
        "version": Single(int),
        "job": NAME,
        **{name: own.get(name, _PARTS[name]) for name in (*needed, *others)},
        "outputs": Part(dict.fromkeys(outputs, FILE)),
        "config_file": FILE,
        "command": TEXT,
        **{name: Options(name) for name in SECTIONS},
    }
    return Part(keys, needed, rule=rule)


# The table of jobs: what each needs, what else it takes, and what it can write.
JOBS = {
    BUILDGRAPH: _job(("landcover",), ("points", *_MAPPED), ("graph", "cells", "city")),
    IMPORTCITY: _job(("folder",), ("target_folder",), ("graph", "cells")),
    INTERPOLATE: _job(
        ("points", "landcover"),
        ("beside", *_MAPPED),
        (*_MAPS, "residuals", "next_points", *_REPORTS, "preview", "model", "graph"),
        _check_beside,
        points=_AREAL,
    ),
    CHECK: _job(("points", "landcover"), _MAPPED, _REPORTS),
    COMPARE: _job(("points", "landcover"), _MAPPED, _REPORTS),
    CLASSIFY: _job(
        ("points", "landcover"), _MAPPED, (*CLASS_RASTERS, "applicability", *_REPORTS, "model")
    ),
    PRETRAIN: _job((), ("graph", *_OWN), ("encoder",), _check_one_graph),
    TRAIN: _job(
        (),
        ("graph", "target", *_OWN),
        ("model", "graph", *_REPORTS, "residuals", "history", "plots"),
        _check_one_graph,
    ),
    PREDICT: _job(
        ("model_file",),
        ("graph", "landcover", *_MAPPED),
        (*_MAPS, "probabilities"),
        _check_one_graph,
    ),
    SUMMARISE: _job(("model_file", "polygons"), ("graph",), ("table",)),
    EVALUATE: _job(
        ("model_file",), ("graph", "points"), (*_REPORTS, "residuals"), points=_NEW_POINTS
    ),
}


def check_request(request: Any) -> dict[str, Any]:
    """The request without what is null or empty, its values in Python's own types.

    Raises
    ------
    InputError
        For another version, an unknown job, and for a key that is unknown, missing, of the
        wrong type, out of range, or does not fit another, naming it.
    """
    check_mapping(request, "request")
    version, job = request.get("version"), request.get("job")
    if type(version) is not int or version != REQUEST_VERSION:
        raise InputError(
            tr("The request has version {version}, expected {expected}.").format(
                version=shown(version), expected=REQUEST_VERSION
            )
        )
    if not isinstance(job, str) or job not in JOBS:
        raise InputError(
            tr("There is no job {job}; known are {known}.").format(
                job=shown(job), known=", ".join(JOBS)
            )
        )
    return JOBS[job].check(request, "")


def input_paths(request: Request) -> dict[str, str]:
    """Every file and folder that a checked request reads, by its key in it.

    A key is such as `landcover[0].path`; a path may be a name that only GDAL knows.
    """
    read = {name: part for name, part in request.items() if name != "outputs"}
    return JOBS[request["job"]].files(read, "")
