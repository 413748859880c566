"""CSV files whose rows name cells by their ids: neighbours, values, targets."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...errors import InputError
from ...language import tr
from .. import store
from ..builders.graph import GraphRawData
from ..builders.info import PointCounts
from .city_lines import read_fields
from .columns import as_names
from .identities import Identities
from .tables import check_columns, check_whole_rows, numbers, read_header, read_table

Array = NDArray[np.float64]

# The columns of ids and names, which are text whatever they look like.
ID, NEIGHBOUR, ENTITY, POI = "area_id", "neighbour_id", "entity", "poi"
# What the toolkit calls the column of ids in its tables of classes and of POI categories, and
# what stands beside it in the first.
CLASS_ID, CATEGORY_ID = "Area", "TIF"
FILE, COORDINATES = "File", "Coordinates"
# The toolkit's names of the others, in small letters.
_OWN_NAMES = {ID: ID, "src_id": ID, "dst_id": NEIGHBOUR, "entity_id": ENTITY, "poi_id": POI}


def is_toolkit(path: str | Path, name: str) -> bool:
    """Whether a table's column of ids has the toolkit's name of it."""
    header = read_header(path)
    return ID not in header and name.lower() in (given.lower() for given in header)


def read_ids(path: str | Path, *columns: str, toolkit: str = "", more: int = 0) -> pd.DataFrame:
    """A table whose columns of ids, and other `columns`, are there; ids are text.

    Parameters
    ----------
    path : path
        The file. Its columns may have the toolkit's names of them, such as `src_id`.
    columns : str
        Columns that it must have.
    toolkit : str
        What the toolkit calls this table's column of ids.
    more : int
        See `read_table`; of a table whose column of ids is called so.
    """
    header = read_header(path)
    odd = bool(toolkit) and is_toolkit(path, toolkit)
    own = {**_OWN_NAMES, toolkit.lower(): ID} if odd else _OWN_NAMES
    found = [own.get(name.lower(), name) for name in header]
    found = [
        name if name in columns and name not in header else given
        for name, given in zip(found, header)
    ]
    texts = [name for name in columns if name in (ID, NEIGHBOUR, ENTITY, POI)]
    given = [header[k] for k, name in enumerate(found) if name in texts]
    table = read_table(path, given, strict=True, more=more * odd)
    table.columns = pd.Index([*found, *table.columns[len(found) :]], dtype=object)
    check_columns(table, columns, path)
    check_whole_rows(table.iloc[:, : len(found)], path)
    for name in texts:
        table[name] = table[name].str.strip()
        if table[name].isna().any() or (table[name] == "").any():
            raise InputError(
                tr("'{path}' has a row without '{name}'.").format(path=path, name=name)
            )
        if name in (ID, NEIGHBOUR):  # 7.0 is 7
            table[name] = as_names(table[name])
    return table


def filled(table: pd.DataFrame, name: str, path: str | Path) -> Array:
    """A column as numbers, none of them missing."""
    values = numbers(table, name, path)
    if np.isnan(values).any():
        raise InputError(tr("'{path}' has a row without '{name}'.").format(path=path, name=name))
    return values


def read_neighbours(path: str | Path, cells: Identities) -> NDArray[np.int64]:
    """The pairs of a table with the columns `area_id` and `neighbour_id`, or `src_id` and
    `dst_id`, shape [2, L]."""
    table = read_ids(path, ID, NEIGHBOUR)
    return np.stack([cells.find(table[name].to_numpy(), path) for name in (ID, NEIGHBOUR)])


def read_values(
    path: str | Path, cells: Identities, toolkit: str = "", more: int = 0
) -> tuple[tuple[str, ...], Array]:
    """Every column but the ids, in the order of the cells; see `read_ids`.

    A first column without a name is left out, and so are `File` and `Coordinates` in a table of
    the toolkit.
    """
    table = read_ids(path, ID, toolkit=toolkit, more=more)
    names = [str(name) for name in table.columns if name != ID]
    if names[:1] == [""] and table.columns[0] == "":  # the index of a data frame
        del names[0]
    if toolkit and is_toolkit(path, toolkit):
        names = [name for name in names if name not in (FILE, COORDINATES)]
    columns = [numbers(table, name, path) for name in names]
    values = np.column_stack([np.empty((len(table), 0)), *columns])
    return tuple(names), cells.arrange(table[ID].to_numpy(dtype=object), values, path)


def read_target(path: str | Path, cells: Identities) -> Array:
    """Values in the order of the cells; NaN for cells without one. The file may be a text file."""
    if Path(path).suffix == ".txt":
        ids, lines = read_fields(Path(path), {1: int, 3: float})
        return np.asarray(cells.arrange(ids.astype(str).astype(object), lines, path))
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
