"""CSV files, checked: their numbers, and the ids that several files share."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...errors import InputError
from ...language import tr


def read_table(path: str | Path | TextIO, **options: Any) -> pd.DataFrame:
    """Read a CSV file in UTF-8, with or without a byte-order mark.

    Parameters
    ----------
    path : path or text file
        The file; its first line names the columns.
    **options
        Those of `pandas.read_csv`.

    Raises
    ------
    InputError
        If the file is missing or empty, not in UTF-8, or a row has more fields than
        the first line.
    """
    try:
        with warnings.catch_warnings():
            # Else pandas drops what stands beyond the named columns.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            return pd.read_csv(path, index_col=False, **options)
    except FileNotFoundError as error:
        raise InputError(tr("The table '{path}' does not exist.").format(path=path)) from error
    except OSError as error:
        raise InputError(
            tr("The table '{path}' cannot be read: {reason}.").format(
                path=path, reason=error.strerror
            )
        ) from error
    except pd.errors.ParserWarning as error:
        raise InputError(
            tr("The table '{path}' has rows with more fields than its first line names.").format(
                path=path
            )
        ) from error
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise InputError(
            tr("The table '{path}' is not a CSV file in UTF-8: {error}.").format(
                path=path, error=error
            )
        ) from error


def numbers(table: pd.DataFrame, name: str, path: str | Path = "") -> NDArray[np.float64]:
    """A column as numbers; an empty field is NaN.

    Raises
    ------
    InputError
        If the column, of the file `path`, holds text or infinite values.
    """
    column = table[name]
    field = tr("The field '{name}' of '{path}'") if path else tr("The field '{name}'")
    field = field.format(name=name, path=path)
    if len(column) and not pd.api.types.is_numeric_dtype(column) and not column.isna().all():
        text = column[pd.to_numeric(column, errors="coerce").isna() & column.notna()]
        example = (column.dropna() if text.empty else text).iloc[0]
        raise InputError(
            tr("{field} holds text (such as '{example}'); choose a field with numbers.").format(
                field=field, example=example
            )
        )
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    infinite = int(np.isinf(values).sum())
    if infinite:
        raise InputError(
            tr("{field} has {infinite} infinite values; remove or null them.").format(
                field=field, infinite=infinite
            )
        )
    return values


@dataclass(frozen=True, eq=False)
class Identities:
    """The cells that other files name, by their ids.

    Parameters
    ----------
    ids : array [N]
        The id of each cell, in the order of the cells.
    path : path
        The file that lists the cells, for errors.

    Raises
    ------
    InputError
        If an id occurs twice.
    """

    ids: NDArray[Any]
    path: str | Path

    def __post_init__(self) -> None:
        check_unique(self.ids, self.path)

    @cached_property
    def _index(self) -> pd.Index:
        return pd.Index(self.ids)

    def find(self, wanted: NDArray[Any], path: str | Path) -> NDArray[np.int64]:
        """Position of each id that the file `path` names.

        Raises
        ------
        InputError
            If one has no place.
        """
        position: NDArray[np.int64] = self._index.get_indexer(wanted).astype(np.int64)
        if (position < 0).any():
            unknown = wanted[position < 0][0]
            raise InputError(
                tr("'{path}' names the cell {unknown}, which has no place in '{places}'.").format(
                    path=path, unknown=unknown, places=Path(self.path).name
                )
            )
        return position

    def place(self, ids: NDArray[Any], values: NDArray[np.float64], path: str | Path) -> Any:
        """Rows of `values` in the order of the cells; NaN where `path` has no row.

        Raises
        ------
        InputError
            If a row's id is unknown, or occurs twice.
        """
        check_unique(ids, path)
        placed = np.full((len(self.ids), *values.shape[1:]), np.nan)
        placed[self.find(ids, path)] = values
        return placed


def check_unique(ids: NDArray[Any], path: str | Path) -> None:
    """Refuse a file that names a cell twice."""
    twice = pd.Index(ids).duplicated()
    if twice.any():
        raise InputError(
            tr("'{path}' has more than one line for the cell {cell}.").format(
                path=path, cell=ids[twice][0]
            )
        )


def check_columns(table: pd.DataFrame, wanted: Sequence[str], path: str | Path) -> None:
    """Refuse a table without a column of `wanted`."""
    missing = [name for name in wanted if name not in table]
    if missing:
        known = ", ".join(map(str, table.columns))
        raise InputError(
            tr("'{path}' has no column '{name}'; it has: {known}.").format(
                path=path, name=missing[0], known=known
            )
        )
