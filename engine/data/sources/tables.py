"""CSV files, read and checked: their columns, by their names, whatever their rows hold."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import itertools
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...errors import InputError
from ...language import tr
from .columns import as_numbers, is_plain
from .separators import decimal_of, name_of, refuse_bars, rows_of, separator_of

# Where a table that was read keeps the names of columns that no user gave.
HIDDEN = "hidden"
# What stands for a missing number in a CSV file, beside nothing.
_MISSING = (
    *("", " ", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND"),
    *("1.#QNAN", "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null"),
)


def read_table(
    path: str | Path | TextIO, texts: Sequence[str] = (), strict: bool = False, more: int = 0
) -> pd.DataFrame:
    """Read a CSV file in UTF-8, with or without a byte-order mark.

    Its first line tells whether commas, semicolons or tabs part the fields. Where commas do not,
    numbers may have decimal commas.

    Parameters
    ----------
    path : path or text file
        The file; its first line names the columns, which may have one name.
    texts : sequence of str
        Columns that are text, whatever they look like, and missing only where empty.
    strict : bool
        Whether only an empty field is missing, and numbers are read to the last digit.
    more : int
        How many fields the rows may have beyond those that the first line names.

    Raises
    ------
    InputError
        If the file is missing or empty, not in UTF-8, parted by other signs or by two, a row has
        more fields than the first line, or its numbers have both commas and points.
    """
    content = io.StringIO(path.read()) if isinstance(path, io.TextIOBase) else path
    header, sign = [*read_header(content), *[""] * more], _separator(content)
    width = len(header)
    kept = [k for k, name in enumerate(header) if name in texts]

    def read(texts: Sequence[int], decimal: str = ".", only: list[int] | None = None) -> Any:
        if not isinstance(content, (str, Path)):
            content.seek(0)
        return pd.read_csv(
            content,
            sep=sign,
            decimal=decimal,
            index_col=False,
            header=0,
            names=list(range(width)),
            usecols=only,
            dtype=dict.fromkeys(texts, str),
            keep_default_na=False,
            na_values={k: [""] if strict or k in kept else [*_MISSING] for k in range(width)},
            float_precision="round_trip" if strict else None,
        )

    try:
        with _reading(path), warnings.catch_warnings():
            warnings.simplefilter("ignore", pd.errors.DtypeWarning)
            # Else pandas drops what stands beyond the named columns.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            table = read(kept)
            if sign != ",":
                decimal = decimal_of(table, kept, lambda only: read(only, only=only), path)
                table = table if decimal == "." else read(kept, decimal)
    except (pd.errors.ParserWarning, pd.errors.ParserError, csv.Error) as error:
        raise _odd_row(content, path, width, sign, error) from error
    _check_quotes(table, path, sign)
    table.columns = pd.Index(header, dtype=object)
    return table


@contextlib.contextmanager
def _reading(path: object) -> Iterator[None]:
    """Refuses the table `path` if it is not there or no text in UTF-8."""
    try:
        yield
    except FileNotFoundError as error:
        raise InputError(tr("The table '{path}' does not exist.").format(path=path)) from error
    except OSError as error:
        raise InputError(
            tr("The table '{path}' cannot be read: {reason}.").format(
                path=path, reason=error.strerror
            )
        ) from error
    except UnicodeDecodeError as error:
        raise _no_utf8(path, error) from error


def _open(path: str | Path | TextIO) -> TextIO:
    """The text of a table from its start."""
    if isinstance(path, (str, Path)):
        return open(path, encoding="utf-8-sig", newline="")
    path.seek(0)
    return path


def _separator(path: str | Path | TextIO) -> str:
    """What parts the fields of a table; see `separator_of`."""
    with _reading(path), contextlib.suppress(csv.Error):
        file = _open(path)
        try:
            return separator_of(file, path)
        finally:
            if isinstance(path, (str, Path)):
                file.close()
            else:
                file.seek(0)
    return ","


def read_header(path: str | Path | TextIO) -> list[str]:
    """The names of the columns, without blanks around them.

    Raises
    ------
    InputError
        If the table is missing, empty, not in UTF-8, parted by other signs or by two, or does not
        begin with the names of its columns.
    """
    sign = _separator(path)
    with _reading(path), contextlib.suppress(csv.Error):
        file = _open(path)
        rows = [row for _, row in itertools.islice(rows_of(file, sign), 2)]
        if isinstance(path, (str, Path)):
            file.close()
        else:
            file.seek(0)
    if not rows:
        raise InputError(
            tr("The table '{path}' is not a CSV file in UTF-8: it is empty.").format(path=path)
        )
    header = [name.strip().removeprefix("\ufeff").strip() for name in rows[0]]
    first = header[0].lower()
    if first.startswith("sep=") or (first.startswith("#") and len(header) < len(rows[-1])):
        raise InputError(
            tr(
                "The first line of the table '{path}' is '{line}'; remove it, so that the names of "
                "the columns come first."
            ).format(path=path, line=sign.join(header)[:50])
        )
    if len(header) == 1:
        refuse_bars(header[0], path)
    return header


def unnamed_fields(path: str | Path) -> int:
    """How many fields the first row of a table has beyond those that its first line names."""
    sign = _separator(path)
    with _reading(path), contextlib.suppress(csv.Error), _open(path) as file:
        widths = [len(row) for _, row in itertools.islice(rows_of(file, sign), 2)]
        return max(widths[-1] - widths[0], 0) if widths else 0
    return 0


def _check_quotes(table: pd.DataFrame, path: object, sign: str) -> None:
    """Refuse a text that holds rows of the table: the quote before them is not closed."""
    width = len(table.columns)
    figures = [k for k, kind in enumerate(table.dtypes) if pd.api.types.is_numeric_dtype(kind)]
    for k in np.setdiff1d(range(width) if figures else [], figures):
        column = table.iloc[:, k].dropna().astype(str)
        for text in column[column.str.contains("\n")]:
            lines = [line.split(sign) for line in (sign * k + text).splitlines()]
            rows = [
                row
                for row in lines
                if len(row) == width and all(is_plain(row[figure] or "0") for figure in figures)
            ]
            if rows:
                raise InputError(
                    tr(
                        "A text in the table '{path}' contains whole rows, such as '{row}': a "
                        "quote before them is not closed; remove it."
                    ).format(path=path, row=sign.join(rows[0]).strip(f"{sign}\r"))
                )


def _no_utf8(path: object, error: UnicodeDecodeError) -> InputError:
    start = error.object[:2]
    what = tr("it has the byte {byte:#x}, as files in Latin-1 or GBK do")
    what = what.format(byte=error.object[error.start])
    if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        what = tr("it is in UTF-16")
    return InputError(
        tr("The table '{path}' is not a CSV file in UTF-8: {what}; save it in UTF-8.").format(
            path=path, what=what
        )
    )


def _odd_row(
    path: str | Path | TextIO, name: object, width: int, sign: str, error: Exception
) -> InputError:
    """What is wrong with a table that cannot be read: mostly a row with too many fields."""
    with contextlib.suppress(csv.Error, UnicodeDecodeError), _open(path) as file:
        for line, row in rows_of(file, sign):
            if len(row) > width:
                text = tr(
                    "Line {line} of the table '{path}' has {got} fields, more fields than its "
                    "first line ({width}); put texts with {signs} between quotes."
                )
                if sign == ",":
                    text = tr(
                        "Line {line} of the table '{path}' has {got} fields, more fields than its "
                        "first line ({width}); put texts with commas between quotes, and use "
                        "decimal points in numbers."
                    )
                told = {"line": line, "path": name, "got": len(row), "width": width}
                return InputError(text.format(**told, signs=name_of(sign)))
    reason = " ".join(str(error).split())
    return InputError(
        tr("The table '{path}' is not a CSV file in UTF-8: {error}.").format(
            path=name, error=reason
        )
    )


def check_whole_rows(table: pd.DataFrame, path: str | Path) -> None:
    """Refuse a file of a table with a row of fewer fields than its first line names."""
    # Such a row has nothing in the last column.
    if len(table.columns) == 0 or not table.iloc[:, -1].isna().any():
        return
    sign = _separator(path)
    with _open(path) as file:
        for line, row in rows_of(file, sign):
            if len(row) < len(table.columns):
                raise InputError(
                    tr(
                        "Line {line} of '{path}' has {got} fields; its first line names {width}."
                    ).format(line=line, path=path, got=len(row), width=len(table.columns))
                )


def pick(table: pd.DataFrame, name: str, owner: str) -> pd.Series:
    """The one column of a name; blanks around a name do not count.

    Raises
    ------
    InputError
        If there is none, or several; `owner` says whose table it is.
    """
    found = [k for k, column in enumerate(table.columns) if str(column).strip() == name.strip()]
    if not found:
        hidden = table.attrs.get(HIDDEN, ())
        known = ", ".join(str(column) for column in table.columns if column not in hidden)
        raise InputError(
            tr("{owner} have no field '{name}'; they have: {known}.").format(
                owner=owner[:1].upper() + owner[1:], name=name, known=known
            )
        )
    if len(found) > 1:
        raise InputError(
            tr("Two fields of {owner} are called '{name}'; rename or remove one.").format(
                name=name, owner=owner
            )
        )
    return table.iloc[:, found[0]].rename(name)


def numbers(table: pd.DataFrame, name: str, path: str | Path = "") -> NDArray[np.float64]:
    """A column of a table as finite numbers; see `as_numbers`."""
    field = tr("The field '{name}' of '{path}'") if path else tr("The field '{name}'")
    return as_numbers(pick(table, name, f"'{path}'"), field.format(name=name, path=path))


def check_columns(table: pd.DataFrame, wanted: Sequence[str], path: str | Path) -> None:
    """Refuse a table without a column of `wanted`, or with two columns of one name."""
    missing = [name for name in wanted if name not in table]
    if missing:
        known = ", ".join(map(str, table.columns))
        raise InputError(
            tr("'{path}' has no column '{name}'; it has: {known}.").format(
                path=path, name=missing[0], known=known
            )
        )
    for name in table.columns:
        pick(table, name, f"'{path}'")
