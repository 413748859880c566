"""The files of the paper's public cities: lines of text, or the toolkit's tables of the same."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...errors import InputError
from ...language import tr
from .city_csv import DESCRIPTION, LANDCOVER_FEATURES
from .city_lines import read_fields
from .id_tables import CLASS_ID, is_toolkit
from .tables import check_columns, numbers, read_table

POSITIONS, NEIGHBOURS = "pos_encode.txt", "ANA.txt"
LARGEST, POI_LINKS = "ELA.txt", "PLA.txt"
# The toolkit's tables of what the text files hold, and their columns in the order of its fields.
_TABLES = {
    POSITIONS: ("pos_encode.csv", ("area_id", "x", "y")),
    NEIGHBOURS: ("adjacency.csv", ("src_id", "dst_id")),
    LARGEST: ("entity_area.csv", ("entity_id", "area_id", "proportion")),
    POI_LINKS: ("poi_area.csv", ("poi_id", "area_id", "proportion")),
}


def form_of(path: Path) -> Path:
    """A text file of the graph, or the toolkit's table of the same in a folder of tables."""
    tables = path.with_name(_TABLES[POSITIONS][0]).is_file()
    return path.with_name(_TABLES[path.name][0]) if tables and not path.is_file() else path


def is_paper(folder: Path, packed: bool) -> bool:
    """Whether a folder of tables holds what the text files do, in the toolkit's tables.

    Without `city.json`, it does where `packed` says so, or class shares stand as the text form
    packs them: those of classes that a cell does not have are left out.
    """
    path = folder / LANDCOVER_FEATURES
    if (folder / DESCRIPTION).is_file() or not path.is_file() or not is_toolkit(path, CLASS_ID):
        return False
    if packed:
        return True
    table = read_table(path, strict=True)
    if [*table.columns[3:]] != [f"Value_{k}_Ratio" for k in range(1, len(table.columns) - 2)]:
        return False
    empty = table.iloc[:, 3:].isna().to_numpy()
    behind = np.all(empty[:, 1:] >= empty[:, :-1])
    return bool(behind and (empty.any(axis=1) & ~empty.all(axis=1)).any())


def read_lines(path: Path, kinds: Mapping[int, type]) -> list[NDArray[Any]]:
    """The fields of a text file, or the columns of the table in its place."""
    if path.suffix != ".csv":
        return read_fields(path, kinds)
    columns = next(columns for name, columns in _TABLES.values() if name == path.name)
    table = read_table(path, strict=True)
    check_columns(table, columns, path)
    for name, kind in zip(columns, kinds.values()):
        if kind is int and not pd.api.types.is_integer_dtype(table[name]):
            raise InputError(
                tr(
                    "'{path}' must have whole numbers in '{name}', as the tables of the public "
                    "cities, whose class shares are packed to the left, do."
                ).format(path=path, name=name)
            )
    return [numbers(table, name, path).astype(kind) for name, kind in zip(columns, kinds.values())]
