"""What a graph must share with the one that a model or an encoder learnt from."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..errors import FileFormatError
from ..language import tr
from ..names import ENTITY, LANDCOVER, POI, POI_COUNT, POI_SHARE
from .builders.graph import GraphRawData, Links
from .builders.grid import Grid
from .builders.sites import Sites


def refuse_difference(
    ours: Mapping[str, Any], graph: GraphRawData | Grid | Sites, owner: str
) -> None:
    """Refuse a graph, or its cells, that differ in any of `ours`, parts of `describe`.

    `owner` is what has them.

    Raises
    ------
    FileFormatError
        Naming what differs.
    """
    described = describe(graph) if isinstance(graph, GraphRawData) else describe_cells(graph)
    theirs = _parts({name: described[name] for name in ours})
    parts = {
        "features": tr("features"),
        ENTITY: tr("land cover classes"),
        POI: tr("poi categories"),
        "crs": tr("crs"),
        "cell_sizes": tr("cell sizes"),
    }
    for name, own in {**{part: [] for part in theirs}, **_parts(ours)}.items():
        if theirs.get(name, []) != own:
            raise FileFormatError(
                tr(
                    "The {owner} does not fit this graph: its {part} are {ours}, the graph's are "
                    "{theirs}; build the graph from the same kinds of data, CRS and cell size as "
                    "the {owner}'s."
                ).format(
                    owner=owner,
                    part=parts.get(name, name),
                    ours=_short(own),
                    theirs=_short(theirs.get(name, [])),
                )
            )


def _parts(described: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What is described, with each type of hypernode apart."""
    own = {name: part for name, part in described.items() if name != "hypernodes"}
    return {**own, **described.get("hypernodes", {})}


def aligned(graph: GraphRawData, like: GraphRawData) -> GraphRawData:
    """The graph with the columns and hypernodes of another, in their order.

    A share that it lacks is 0, any other feature missing; what the other lacks goes.
    """
    own = {pair: k for k, pair in enumerate(zip(graph.feature_kinds, graph.feature_names))}
    shares = {LANDCOVER, POI_SHARE, POI_COUNT, *like.zone_kinds}
    features = np.empty((len(graph.cell), len(like.feature_names)), like.features.dtype)
    for number, pair in enumerate(zip(like.feature_kinds, like.feature_names)):
        missing = 0.0 if pair[0] in shares else np.nan
        features[:, number] = graph.features[:, own[pair]] if pair in own else missing
    return dataclasses.replace(
        graph,
        features=features,
        feature_names=like.feature_names,
        feature_kinds=like.feature_kinds,
        feature_groups=like.feature_groups,
        hypernodes={k: _matched(graph.links(k), own.names) for k, own in like.hypernodes.items()},
    )


def _matched(links: Links, names: tuple[str, ...]) -> Links:
    """The links of hypernodes of these names, numbered as they are."""
    number = {name: k for k, name in enumerate(names)}
    goal = np.array([number.get(name, -1) for name in links.names], dtype=np.int64)
    kept = goal[links.index[0]] >= 0
    index = np.stack([goal[links.index[0, kept]], links.index[1, kept]])
    return Links(names, index, links.weight[kept])


def describe(graph: GraphRawData) -> dict[str, Any]:
    """What a model and a graph must have in common, as JSON."""
    return {
        "features": list(graph.feature_names),
        "hypernodes": {kind: list(links.names) for kind, links in graph.hypernodes.items()},
        **describe_cells(graph.geometry),
    }


def describe_cells(geometry: Grid | Sites) -> dict[str, Any]:
    """What a model and the cells of a graph must have in common, as JSON."""
    sizes = [geometry.cell_width, geometry.cell_height] if isinstance(geometry, Grid) else []
    return {"crs": [geometry.crs], "cell_sizes": sizes}


def _short(values: list[Any]) -> str:
    text = ", ".join(map(str, values)) or tr("none")
    return text if len(text) < 200 else text[:200] + "..."
