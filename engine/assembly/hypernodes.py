"""Types of hypernodes beside land cover and POIs: zones, and whatever else is called by a name."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..data.builders.graph import GraphRawData, share_links
from ..data.graph_forms import refuse_other_node
from ..data.sources.zones import label_shares, read_zones
from ..errors import InputError
from ..language import tr
from ..names import ENTITY, FEATURE_KINDS, POI
from .inputs import Table


def add_hypernodes(
    graph: GraphRawData, given: Mapping[str, tuple[Table, str] | Any]
) -> GraphRawData:
    """The graph with types of hypernodes more, and a column for each of theirs.

    Parameters
    ----------
    graph : GraphRawData
        A graph on a grid.
    given : mapping of str to (Table, str) or labels
        By type: polygons and the column of their names, or labels of cells; see `zones`.

    Raises
    ------
    InputError
        If a type cannot have its name, or what is given for it cannot be used.
    """
    for kind, source in given.items():
        check_type(kind)
        if isinstance(source, tuple):
            table, column = source
            found = read_zones(table.source, table.crs, column, kind, graph.grid, graph.cell)
        else:
            found = label_shares(source, kind, graph.grid, graph.cell)
        graph = dataclasses.replace(
            graph,
            features=np.hstack([graph.features, found.shares]),
            feature_names=(*graph.feature_names, *found.names),
            feature_kinds=(*graph.feature_kinds, *[kind] * len(found.names)),
            feature_groups=(*graph.feature_groups, *[kind] * len(found.names)),
            hypernodes={**graph.hypernodes, kind: share_links(found.names, found.shares)},
        )
    return graph


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
