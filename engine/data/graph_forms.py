"""From the header and the tensors of a graph file to the graph, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..config.checks import Kind, Many, Named, Single
from ..errors import InputError
from ..language import tr
from ..names import AREA, ENTITY, FEATURE_KINDS, POI
from .builders.graph import GraphRawData, Links
from .builders.grid import Grid
from .builders.info import GraphInfo
from .builders.readings import Readings
from .builders.sites import Sites
from .forms import (
    GRAPH_INFO,
    NAMES,
    TEXT,
    TEXTS,
    Array,
    Form,
    GeometryForm,
    Tensors,
    check_tensors,
    refuse_others,
    refuse_unordered,
)


@dataclass(frozen=True)
class Feature(Kind):
    """Name and kind of a column of features."""

    def check(self, value: Any, path: str) -> Any:
        return Many(TEXT, 2, 2).check(value, path)


_GRAPH = Form(
    {
        "places": GeometryForm(),
        "features": Many(Feature()),
        "hypernodes": Named(TEXTS),
        "targets": NAMES,
        "info": GRAPH_INFO,
        "groups": TEXTS,
    },
    frozenset(("groups",)),
)


def _links_form(name: str) -> dict[str, Array]:
    edges = f"{name} links"
    return {
        f"{name}.index": Array((2, edges), integer=True, low=0),
        f"{name}.weight": Array((edges,), low=0.0),
    }


def _readings_form(number: int) -> dict[str, Array]:
    count, name = f"readings of {number}", f"readings.{number}"
    return {
        f"{name}.cell": Array((count,), integer=True, low=0),
        f"{name}.xy": Array((count, 2)),
        f"{name}.value": Array((count,)),
    }


_GRAPH_TENSORS = {
    "area.cell": Array(("cells",), integer=True, low=0),
    "area.features": Array(("cells", "features"), missing=True),
    "near.index": Array((2, "near edges"), integer=True, low=0),
}
_XY = {"area.xy": Array(("sites", 2))}


def graph_of(tensors: Tensors, header: Mapping[str, Any]) -> GraphRawData:
    """The graph; raises `InputError` for what is not of its form."""
    _GRAPH.check(header, "")
    kinds = Single(str, choices=(*FEATURE_KINDS, *header["hypernodes"]))
    for number, (_, kind) in enumerate(header["features"]):
        kinds.check(kind, f"features[{number}]")
    values = [f"target.{number}" for number in range(len(header["targets"]))]
    xy = _XY if "sites" in header["places"] else {}
    forms = {**_GRAPH_TENSORS, **xy, **dict.fromkeys(values, Array(("cells",), missing=True))}
    for kind in header["hypernodes"]:
        refuse_other_node(kind)
        forms |= _links_form(kind)
    for number in range(len(values)):
        own = _readings_form(number)
        # Older files have none, and so has a target that was measured in the middle of cells.
        forms |= own if own.keys() & tensors.keys() else {}
    refuse_others(tensors, forms)
    check_tensors(tensors, forms, {"features": len(header["features"])})
    geometry = _geometry(tensors, header["places"])
    refuse_unordered(tensors["area.cell"], "area.cell", geometry.size)
    check_ground(geometry, tensors["area.cell"])
    _check_info(header["info"], len(tensors["area.cell"]))
    return GraphRawData(
        geometry=geometry,
        cell=tensors["area.cell"],
        features=tensors["area.features"],
        feature_names=tuple(name for name, _ in header["features"]),
        feature_kinds=tuple(kind for _, kind in header["features"]),
        near=tensors["near.index"],
        hypernodes={
            kind: Links(tuple(names), tensors[f"{kind}.index"], tensors[f"{kind}.weight"])
            for kind, names in header["hypernodes"].items()
        },
        targets=dict(zip(header["targets"], (tensors[name] for name in values))),
        info=GraphInfo.from_dict(header["info"]),
        # Files of before have no groups.
        feature_groups=tuple(header.get("groups", ())),
        readings={
            name: Readings(*(tensors[part] for part in _readings_form(number)))
            for number, name in enumerate(header["targets"])
            if f"readings.{number}.cell" in tensors
        },
    )


def check_ground(geometry: Grid | Sites, cell: NDArray[np.int64]) -> None:
    """Refuse cells that lie nowhere on the ground; of a grid, the first and the last tell.

    Raises
    ------
    InputError
        If one has no position in metres.
    """
    ends = cell if isinstance(geometry, Sites) else cell[[0, -1]]
    metres = np.append(geometry.plane.metres(geometry.centres(ends)), geometry.cell_metres())
    # From far off, no digits are left to tell a cell from the next.
    if not (np.isfinite(metres).all() and min(metres[-2:]) > 0):
        raise InputError(tr("its cells lie nowhere in its CRS."))


def _check_info(info: Mapping[str, Any], count: int) -> None:
    """Refuse lists of cells that are not those of the graph."""
    groups = info.get("groups", {"cell": (), "group": ()})
    order = info.get("published_order", range(count))
    if (
        len(groups["group"]) != len(groups["cell"])
        or any(cell >= count for cell in groups["cell"])
        or sorted(order) != list(range(count))
    ):
        raise InputError(tr("its groups or its order name other cells than it has."))


def _geometry(tensors: Tensors, described: Mapping[str, Any]) -> Grid | Sites:
    if "sites" not in described:
        return Grid(**described)
    sites = Sites(described["crs"], tensors["area.xy"])
    if sites.describe() != described:
        raise InputError(tr("the tensor '{name}' is not what it was.").format(name="area.xy"))
    return sites


def refuse_other_node(kind: str) -> None:
    """Refuse a type of hypernode whose tensors would have the names of others."""
    if not kind or kind in (AREA, "near", "target") or "." in kind:
        raise InputError(
            tr("'{name}' is not the name of a type of hypernodes.").format(name=kind[:60])
        )


def check_type(kind: str) -> None:
    """Refuse the name of a type of hypernodes that another has, or that is no word.

    Raises
    ------
    InputError
        Naming it.
    """
    refuse_other_node(kind)
    if kind in (ENTITY, POI, *FEATURE_KINDS) or not kind.isidentifier():
        raise InputError(
            tr("'{name}' is not the name of a type of hypernodes.").format(name=kind[:60])
        )
