"""What parts the fields of a table, and whether its numbers have decimal commas."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Callable, Iterator
from typing import TextIO

import pandas as pd

from ...errors import InputError
from ...language import tr

SIGNS = (",", ";", "\t")
"""What may part the fields of a row."""
# A number with a comma; one with a comma or a point, or neither; one that may have thousands.
_COMMA = r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?"
_EITHER = r"[+-]?\d*[.,]?\d+(?:[eE][+-]?\d+)?"
_THOUSANDS = r"[+-]?[1-9]\d{0,2},\d{3}"


def rows_of(file: TextIO, sign: str) -> Iterator[tuple[int, list[str]]]:
    """The fields of each row with any, and the number of its last line."""
    reader = csv.reader(file, delimiter=sign)
    for row in reader:
        if len(row) > 1 or (row and row[0].strip()):
            yield reader.line_num, row


def separator_of(file: TextIO, path: object) -> str:
    """The sign that parts the names in the first line of a table.

    Of several signs there, it is the one that parts the next row into as many fields.

    Parameters
    ----------
    file : text file
        Is read from its start.
    path : object
        What the table is called.

    Raises
    ------
    InputError
        If two signs do.
    """
    widths = {}
    for sign in SIGNS:
        file.seek(0)
        rows = itertools.islice(rows_of(file, sign), 2)
        widths[sign] = [len(row) for _, row in rows]
    parting = [sign for sign, found in widths.items() if found and found[0] > 1]
    fitting = [sign for sign in parting if len({*widths[sign]}) == 1 and len(widths[sign]) == 2]
    if len(parting) > 1 and len(fitting) > 1:
        raise InputError(
            tr(
                "The names of the columns of the table '{path}' are parted by {one}, or by "
                "{other}; keep one of them, and put names and texts with the other between quotes."
            ).format(path=path, one=name_of(fitting[0]), other=name_of(fitting[1]))
        )
    return next(iter([*fitting, *parting]), ",")


def refuse_bars(line: str, path: object) -> None:
    """Refuse a first line whose names are parted by bars."""
    if "|" in line:
        raise InputError(
            tr(
                "The fields of the table '{path}' are separated by {signs}; save it with commas, "
                "semicolons or tabs between the fields."
            ).format(path=path, signs=name_of("|"))
        )


def name_of(sign: str) -> str:
    """What a sign between fields is called, in the plural."""
    names = {",": tr("commas"), ";": tr("semicolons"), "\t": tr("tabs"), "|": tr("bars")}
    return names[sign]


def decimal_of(
    table: pd.DataFrame, texts: list[int], reread: Callable[[list[int]], pd.DataFrame], path: object
) -> str:
    """The decimal sign of a table whose fields no commas part: a point, or a comma.

    Parameters
    ----------
    table : DataFrame
        As read with points: columns with commas are text. Its columns are numbered.
    texts : list of int
        Columns that are text.
    reread : callable
        Gives columns of the table as text.
    path : object
        What the table is called.

    Raises
    ------
    InputError
        If some numbers have commas and others points, or if the commas may part thousands.
    """
    figures = [k for k, kind in enumerate(table.dtypes) if pd.api.types.is_float_dtype(kind)]
    others = [k for k, kind in enumerate(table.dtypes) if not pd.api.types.is_numeric_dtype(kind)]
    found = [_numbers(table[k]) for k in others if k not in texts]
    commas = _those([each for each in found if _holds(each, _COMMA)], _COMMA)
    if commas.empty:
        return "."
    both = [*found, *map(_numbers, (reread(figures)[k] for k in figures))]
    points = _those(both, r".*\..*")
    if len(points):
        raise InputError(
            tr(
                "The table '{path}' has numbers with a decimal comma, such as '{comma}', and with "
                "a point, such as '{point}'; use one of the two in all its numbers."
            ).format(path=path, comma=commas.iloc[0], point=points.iloc[0])
        )
    if commas.str.fullmatch(_THOUSANDS).all():
        raise InputError(
            tr(
                "The commas in the numbers of the table '{path}', such as '{comma}', may be "
                "decimal commas or part thousands; write the numbers with decimal points, and "
                "thousands without a sign."
            ).format(path=path, comma=commas.iloc[0])
        )
    return ","


def _numbers(column: pd.Series) -> pd.Series:
    """The fields of a column as text if all are numbers, else none."""
    texts = column.dropna().astype(str).str.strip()
    return texts if texts.str.fullmatch(_EITHER).all() else texts[:0]


def _holds(texts: pd.Series, pattern: str) -> bool:
    return bool(texts.str.fullmatch(pattern).any())


def _those(columns: list[pd.Series], pattern: str) -> pd.Series:
    """The fields of columns that fit a pattern."""
    kept = [column[column.str.fullmatch(pattern)] for column in columns if len(column)]
    return pd.concat(kept) if kept else pd.Series(dtype=str)
