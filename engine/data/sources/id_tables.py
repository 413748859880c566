"""CSV files whose rows name cells by their ids: shares, links, neighbours, targets."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...errors import InputError
from ...language import tr
from .. import store
from ..builders.graph import GraphRawData, Links
from ..builders.info import PointCounts
from .identities import Identities
from .tables import check_columns, check_whole_rows, numbers, read_table

Array = NDArray[np.float64]

# The columns of ids and names, which are text whatever they look like.
ID, NEIGHBOUR, ENTITY, POI = "area_id", "neighbour_id", "entity", "poi"
COUNT = "count"
# Shares are rounded; so far above 1 a sum is none of rounding.
_MOST = 1.01


def read_ids(path: str | Path, *columns: str) -> pd.DataFrame:
    """A table whose columns of ids, and other `columns`, are there; ids are text."""
    texts = [name for name in columns if name in (ID, NEIGHBOUR, ENTITY, POI)]
    table = read_table(path, texts, strict=True)
    check_columns(table, columns, path)
    check_whole_rows(table, path)
    for name in texts:
        if table[name].isna().any():
            raise InputError(
                tr("'{path}' has a row without '{name}'.").format(path=path, name=name)
            )
        table[name] = table[name].str.strip()
    return table


def filled(table: pd.DataFrame, name: str, path: str | Path) -> Array:
    """A column as numbers, none of them missing."""
    values = numbers(table, name, path)
    if np.isnan(values).any():
        raise InputError(tr("'{path}' has a row without '{name}'.").format(path=path, name=name))
    return values


def read_neighbours(path: str | Path, cells: Identities) -> NDArray[np.int64]:
    """The pairs of a table with the columns `area_id` and `neighbour_id`, shape [2, L]."""
    table = read_ids(path, ID, NEIGHBOUR)
    return np.stack([cells.find(table[name].to_numpy(), path) for name in (ID, NEIGHBOUR)])


def read_values(path: str | Path, cells: Identities) -> tuple[tuple[str, ...], Array]:
    """Every column but the ids, in the order of the cells."""
    table = read_ids(path, ID)
    names = tuple(name for name in map(str, table.columns) if name != ID)
    columns = [numbers(table, name, path) for name in names]
    values = np.column_stack([np.empty((len(table), 0)), *columns])
    return names, cells.arrange(table[ID].to_numpy(dtype=object), values, path)


def read_shares(path: str | Path, cells: Identities) -> tuple[tuple[str, ...], Array]:
    """Names and checked shares, a column each, in the order of the cells."""
    names, values = read_values(path, cells)
    check_shares(values, path)
    return names, values


def read_poi_shares(path: str | Path, cells: Identities) -> tuple[tuple[str, ...], Array, Array]:
    """Categories, their shares [N, P], and the number of POIs [N, 1], or [N, 0] without.

    The number is the last column, if it is called `count`.
    """
    names, values = read_values(path, cells)
    split = len(names) - (names[-1:] == (COUNT,))
    check_shares(values[:, :split], path)
    if (values[:, split:] < 0).any():
        raise InputError(tr("'{path}' has a negative '{column}'.").format(path=path, column=COUNT))
    return names[:split], values[:, :split], values[:, split:]


def check_shares(values: Array, path: str | Path) -> None:
    """Refuse shares outside 0 to 1, or above 1 together; NaN is none."""
    wrong = values[(values < 0) | (values > 1)]
    if len(wrong):
        raise InputError(
            tr("'{path}' has the share {share:g}; shares lie between 0 and 1.").format(
                path=path, share=wrong[0]
            )
        )
    most = float(np.nansum(values, axis=1).max(initial=0.0))
    if most > _MOST:
        raise InputError(
            tr("'{path}' has a cell whose shares sum to {most:g}, more than 1.").format(
                path=path, most=most
            )
        )


def read_links(
    path: str | Path, kind: str, names: Sequence[str], cells: Identities
) -> tuple[Links, int]:
    """Links to hypernodes, each once, and how many repeated lines were dropped.

    Parameters
    ----------
    path : path
        A table with the columns `kind`, `area_id` and `proportion`.
    kind : str
        `entity` or `poi`.
    names : sequence of str
        Hypernodes that come first, in this order; others follow as the file names them.
    cells : Identities
        The cells.
    """
    table = read_ids(path, kind, ID, "proportion")
    weight = filled(table, "proportion", path)
    if ((weight < 0) | (weight > 1)).any():
        wrong = weight[(weight < 0) | (weight > 1)][0]
        raise InputError(
            tr("'{path}' has the proportion {wrong:g}; it must lie between 0 and 1.").format(
                path=path, wrong=wrong
            )
        )
    every = tuple(dict.fromkeys([*names, *pd.unique(table[kind])]))
    node = pd.Index(every).get_indexer(table[kind])
    cell = cells.find(table[ID].to_numpy(), path)
    first = np.sort(np.unique(np.stack([cell, node]), axis=1, return_index=True)[1])
    _check_repeats(pd.DataFrame({"node": node, "cell": cell, "weight": weight}), path)
    index = np.stack([node, cell])[:, first]
    return Links(every, index, weight[first].astype(np.float32)), len(table) - len(first)


def _check_repeats(lines: pd.DataFrame, path: str | Path) -> None:
    distinct = lines.drop_duplicates()
    if distinct.duplicated(["node", "cell"]).any():
        raise InputError(tr("'{path}' gives one link two different proportions.").format(path=path))


def read_target(path: str | Path, cells: Identities) -> Array:
    """Values in the order of the cells; NaN for cells without one."""
    table = read_ids(path, ID, "value")
    values = numbers(table, "value", path)
    return np.asarray(cells.arrange(table[ID].to_numpy(dtype=object), values, path))


def with_records(graph: GraphRawData, files: Iterable[str | Path]) -> GraphRawData:
    """The graph with what a report tells of its inputs: cells with a value, and checksums."""
    measured = [np.isfinite(values) for values in graph.targets.values()]
    used = int(np.logical_or.reduce(measured).sum()) if measured else 0
    dropped = {"without a value": len(graph.cell) - used} if measured else {}
    counts = PointCounts(used + sum(dropped.values()), used, dropped)
    info = dataclasses.replace(graph.info, points=counts, checksums=store.checksums(files))
    return dataclasses.replace(graph, info=info)
