"""CSV files with the shares of classes and POI categories in each cell.

The columns may have names of any kind, or those of the toolkit: `Value_10_Ratio`, `POI_0`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...errors import InputError
from ...language import tr
from ..builders.esa_worldcover import class_names
from .id_tables import CATEGORY_ID, CLASS_ID, is_toolkit, read_values
from .identities import Identities
from .tables import unnamed_fields

Array = NDArray[np.float64]

COUNT = "Count"
RATIO = re.compile(r"(?:value_)?(.+?)_ratio", re.IGNORECASE)
CATEGORY = re.compile(r"poi_(.+)", re.IGNORECASE)
# Shares are rounded: a sum above the first is none of 1, and what agrees is no farther apart
# than the second.
MOST, NEAR = 1.01, 0.01


@dataclass(frozen=True, eq=False)
class Shares:
    """Shares of classes or categories in the cells.

    Parameters
    ----------
    labels, names : tuple of str
        What tables of links call each column, and what it is called.
    values : float64 array [N, K]
        The shares, 0 to 1; NaN where missing.
    divisor : float64 array [N]
        What the file's numbers of a cell were divided by.
    count : float64 array [N, 1] or [N, 0]
        The number of POIs.
    called : dict of str to str
        Names of labels that have no column.
    """

    labels: tuple[str, ...]
    names: tuple[str, ...]
    values: Array
    divisor: Array
    count: Array
    called: Mapping[str, str]

    @classmethod
    def none(cls, cells: int, called: Mapping[str, str] | None = None) -> Shares:
        """Of no class."""
        return cls((), (), np.empty((cells, 0)), np.ones(cells), np.empty((cells, 0)), called or {})


def read_classes(
    path: str | Path, cells: Identities, called: Mapping[str, str] | None = None
) -> Shares:
    """The share of each land-cover class, as a part of 1 or in percent.

    Parameters
    ----------
    path : path
        A column of ids, and one a class.
    cells : Identities
        The cells.
    called : dict of str to str, optional
        The name of each label; by default WorldCover's where all labels are its codes, and
        `class 7` of other numbers.
    """
    names, values = read_values(path, cells, CLASS_ID)
    if is_toolkit(path, CLASS_ID):
        whole = _sums(values, 1.0) | _sums(values, 100.0)
        values = np.where(np.isnan(values) & whole[:, None], 0.0, values)
    return classes_of(names, values, path, called)


def are_shares(names: Sequence[str], values: Array) -> NDArray[np.bool_]:
    """Which columns of numbers are shares of classes: ratios that together are about 1."""
    ratio = np.array([bool(RATIO.fullmatch(name)) for name in names], dtype=bool)
    return ratio & (_mostly(values[:, ratio], 1.0) or _mostly(values[:, ratio], 100.0))


def classes_of(
    columns: Sequence[str],
    values: Array,
    path: str | Path,
    called: Mapping[str, str] | None = None,
) -> Shares:
    """Columns of numbers as shares of classes; see `read_classes`."""
    divisor = np.full(len(values), 100.0 if _mostly(values, 100.0) else 1.0)
    values = _divided(values, divisor, path)
    labels = columns
    if all(map(RATIO.fullmatch, columns)):
        labels = [RATIO.sub(r"\1", name) for name in columns]
    names = names_of_classes(labels, called or {})
    return Shares(tuple(labels), names, values, divisor, np.empty((len(values), 0)), called or {})


def names_of_classes(labels: Sequence[str], called: Mapping[str, str]) -> tuple[str, ...]:
    """What classes with these labels are called."""
    numbered = bool(labels) and all(label.isdecimal() for label in labels)
    usual = class_names(map(int, labels)) if numbered else tuple(labels)
    return tuple(called.get(label, name) for label, name in zip(labels, usual))


def read_categories(
    path: str | Path, cells: Identities, called: Mapping[str, str] | None = None
) -> Shares:
    """The share of each category in a cell's POIs, and their number if the last column has it.

    Parameters
    ----------
    path : path
        A column of ids, one a category, and optionally `count`. In the toolkit's form the
        columns may have numbers of POIs, percents, or share x log10(number + 1).
    cells : Identities
        The cells.
    called : dict of str to str, optional
        The name of each label; by default `POI 0` of `POI_0`.
    """
    # In the toolkit's form the number may have no name.
    columns, values = read_values(path, cells, CATEGORY_ID, min(unnamed_fields(path), 1))
    found = columns[:-1] if columns and columns[-1].lower() in ("", COUNT.lower()) else columns
    theirs = is_toolkit(path, CATEGORY_ID) or _are_numbered(found)
    if not theirs and columns[-1:] != (COUNT.lower(),):
        found = columns
    values, count = values[:, : len(found)], values[:, len(found) :]
    if (count < 0).any():
        raise InputError(
            tr("'{path}' has a negative '{column}'.").format(path=path, column=columns[-1] or COUNT)
        )
    divisor: Array = np.ones(len(values))
    if theirs:
        divisor, count = _poi_divisor(values, count)
    called = called or {}
    labels = tuple(CATEGORY.sub(r"\1", name) if theirs else name for name in found)
    usual = (name.replace("_", " ") if theirs else name for name in found)
    names = tuple(called.get(label, name) for label, name in zip(labels, usual))
    return Shares(labels, names, _divided(values, divisor, path), divisor, count, called)


def _are_numbered(names: Sequence[str]) -> bool:
    return bool(names) and all(map(CATEGORY.fullmatch, names))


def _poi_divisor(values: Array, count: Array) -> tuple[Array, Array]:
    """What the numbers of each cell are to be divided by to be shares, and the count of POIs."""
    total = np.nansum(values, axis=1)
    tried: list[Array | float] = [1.0, 100.0]
    if count.shape[1]:
        number = np.nan_to_num(count[:, 0])
        tried += [np.log10(number + 1), number]
    for divisor in tried:
        if _sums(values, divisor)[total > 0].all():
            return np.where(total > 0, divisor, 1.0), count
    if np.any(values > 1) and not np.any(np.nan_to_num(values) % 1):
        return np.maximum(total, 1.0), count if count.shape[1] else total[:, None]
    return np.ones(len(values)), count


def _sums(values: Array, wanted: Array | float) -> NDArray[np.bool_]:
    """Which cells' numbers sum to about this."""
    close: NDArray[np.bool_] = np.abs(np.nansum(values, axis=1) - wanted) <= NEAR * np.asarray(
        wanted
    )
    return close


def _mostly(values: Array, wanted: float) -> bool:
    """Whether the numbers of most cells that have any sum to about this."""
    given = np.nansum(values, axis=1) != 0
    return bool(given.any()) and bool(np.mean(_sums(values, wanted)[given]) > 0.5)


def _divided(values: Array, divisor: Array, path: str | Path) -> Array:
    """Numbers as checked shares."""
    shares = values / divisor[:, None]
    # Of 100.01 percent, the hundredth is of rounding.
    rounded = (divisor[:, None] != 1) & (shares > 1) & (shares <= MOST)
    shares = np.where(rounded, 1.0, shares)
    check_shares(shares, path)
    return shares


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
    if most > MOST:
        raise InputError(
            tr("'{path}' has a cell whose shares sum to {most:g}, more than 1.").format(
                path=path, most=most
            )
        )
