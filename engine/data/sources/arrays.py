"""Points from arrays and tables in memory."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ...errors import InputError
from ...language import tr
from .points import Points, points_from_table
from .positions import names_exchanged
from .vector import free_names

_COORDINATES = ("x", "y")


def points_from_arrays(
    coords: ArrayLike,
    features: ArrayLike | None,
    values: ArrayLike,
    groups: ArrayLike | None,
    crs: str,
) -> tuple[Points, tuple[str, ...], tuple[str, ...]]:
    """Check arrays or tables in memory.

    Parameters
    ----------
    coords : array [n, 2] or DataFrame
        x (east or longitude) and y in `crs`. Of a DataFrame, columns whose names say which is
        which, such as latitude and longitude, lat and lon, northing and easting, or y and x, are
        taken by name, whatever their order; others are x and y.
    features : array [n, k] or DataFrame or None
        What else was measured there; NaN where it was not.
    values : array [n] or [n, t] or DataFrame
        What to predict, one column a target; NaN where it was not measured.
    groups : array [n] or None
        Name or number of the group of each point.
    crs : str
        Authority code or WKT of the CRS.

    Returns
    -------
    Points, tuple of str, tuple of str
        The points, and the names of targets and features.

    Raises
    ------
    InputError
        For arrays that do not fit each other, or values that cannot be used.
    """
    positions = _columns(coords, _COORDINATES, "coords")
    if positions.shape[1] != 2:
        raise InputError(
            tr("coords must have two columns, x and y, got {columns}.").format(
                columns=positions.shape[1]
            )
        )
    first, second = positions.columns
    if names_exchanged(first, second, letters=True):
        positions = positions.iloc[:, ::-1]
    targets = _columns(values, ("value",), "values")
    others = _columns(features, (), "features") if features is not None else positions.iloc[:, :0]
    for name, part in (("values", targets), ("features", others)):
        if len(part) != len(positions):
            raise InputError(
                tr("coords has {rows} rows and {name} {others}; give as many.").format(
                    rows=len(positions), name=name, others=len(part)
                )
            )
    given = [*targets.columns, *others.columns]
    x, y, group = free_names("x", "y", "group", taken=given)
    positions.columns = pd.Index([x, y])
    table = pd.concat([positions, targets, others], axis=1)
    if groups is not None:
        table[group] = _group_column(groups, len(positions))
    names = tuple(targets.columns), tuple(others.columns)
    grouped = group if groups is not None else None
    return points_from_table(table, crs, (x, y), *names, grouped), *names


def _group_column(groups: ArrayLike, count: int) -> Any:
    """The groups, one a point."""
    column = _columns(groups, ("group",), "groups").iloc[:, 0].to_numpy()
    if len(column) != count:
        raise InputError(
            tr("coords has {count} rows and groups {groups}; give as many.").format(
                count=count, groups=len(column)
            )
        )
    return column


def _columns(values: ArrayLike, names: Sequence[str], role: str) -> pd.DataFrame:
    """As a table with one text name a column."""
    if isinstance(values, (pd.DataFrame, pd.Series)):
        table = values.to_frame() if isinstance(values, pd.Series) else values.copy()
        table.columns = pd.Index([str(name).strip() for name in table.columns], dtype=object)
        return table.reset_index(drop=True)
    array = _as_array(values, role)
    array = array[:, None] if array.ndim == 1 else array
    if array.ndim != 2:
        raise InputError(
            tr("{role} must have one or two axes, got {axes}.").format(role=role, axes=array.ndim)
        )
    if len(names) != array.shape[1]:
        names = [f"{role.rstrip('s')}_{number}" for number in range(array.shape[1])]
    kept = object if array.dtype == object else None  # pandas would take numbers too large for it
    return pd.DataFrame(array, columns=list(names), dtype=kept)


def _as_array(values: ArrayLike, role: str) -> NDArray[Any]:
    """An array; None and NaN where it is masked."""
    if isinstance(values, np.ma.MaskedArray):
        objects = np.array(values.data, dtype=object)
        objects[np.ma.getmaskarray(values)] = None
        return objects
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # masked numbers of a list become NaN
            return np.asarray(values)
    except ValueError as error:
        raise InputError(
            tr("{role} is not a table of numbers; its rows have different lengths.").format(
                role=role
            )
        ) from error
