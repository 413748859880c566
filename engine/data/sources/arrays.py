"""Points from arrays and tables in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ...errors import InputError
from ...language import tr
from .points import Points, points_from_table

_COORDINATES = ("x", "y")
_GROUP = "geohg group"


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
        x (east or longitude) and y in `crs`.
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
    place = _columns(coords, _COORDINATES, "coords")
    if place.shape[1] != 2:
        raise InputError(
            tr("coords must have two columns, x and y, got {columns}.").format(
                columns=place.shape[1]
            )
        )
    targets = _columns(values, ("value",), "values")
    others = _columns(features, (), "features") if features is not None else place.iloc[:, :0]
    for name, part in (("values", targets), ("features", others)):
        if len(part) != len(place):
            raise InputError(
                tr("coords has {rows} rows and {name} {others}; give as many.").format(
                    rows=len(place), name=name, others=len(part)
                )
            )
    place.columns = pd.Index(["geohg x", "geohg y"])
    table = pd.concat([place, targets, others], axis=1)
    if groups is not None:
        table[_GROUP] = _group_column(groups, len(place))
    if table.columns.has_duplicates:
        twice = table.columns[table.columns.duplicated()][0]
        raise InputError(tr("Two columns are called '{twice}'; rename one.").format(twice=twice))
    names = tuple(map(str, targets.columns)), tuple(map(str, others.columns))
    x, y = place.columns
    group = _GROUP if groups is not None else None
    return points_from_table(table, crs, (x, y), *names, group), *names


def _group_column(groups: ArrayLike, count: int) -> Any:
    """The groups, one a point."""
    column = pd.Series(groups).to_numpy()
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
        table.columns = table.columns.map(str)
        return table.reset_index(drop=True)
    array = np.asarray(values)
    array = array[:, None] if array.ndim == 1 else array
    if array.ndim != 2:
        raise InputError(
            tr("{role} must have one or two axes, got {axes}.").format(role=role, axes=array.ndim)
        )
    if len(names) != array.shape[1]:
        names = [f"{role.rstrip('s')}_{number}" for number in range(array.shape[1])]
    return pd.DataFrame(array, columns=list(names))
