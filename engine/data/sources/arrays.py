"""Points from arrays and tables in memory."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS

from ...errors import InputError
from ...language import tr
from ..builders.crs import parse_crs, transform
from .columns import as_numbers
from .geometries import features_in
from .points import Points, points_from_table
from .positions import check_positions, position_columns, read_positions
from .tables import HIDDEN
from .vector import free_names, point_table

Given = tuple[Points, tuple[str, ...], tuple[str, ...]]
"""The points, and the names of targets and of what else was measured."""


def points_from_arrays(
    coords: Any, features: ArrayLike | None, values: ArrayLike, groups: ArrayLike | None, crs: str
) -> Given:
    """Check arrays or tables in memory.

    Parameters
    ----------
    coords : array [n, 2], DataFrame, or points of GeoPandas or shapely
        x (east or longitude) and y in `crs`, or in a CRS of their own; see `positions_in`.
    features : array [n, k] or DataFrame or None
        What else was measured there; NaN where it was not.
    values : array [n] or [n, t] or DataFrame
        What to predict, one column a target; NaN where it was not measured.
    groups : array [n] or None
        Name or number of the group of each point.
    crs : str
        Authority code or WKT of the CRS.

    Raises
    ------
    InputError
        For arrays that do not fit each other, or values that cannot be used.
    """
    table, crs = positions_in(coords, crs, "coords")
    if table.shape[1] != 2:
        raise InputError(
            tr("coords must have two columns, x and y, got {columns}.").format(
                columns=table.shape[1]
            )
        )
    others = table.iloc[:, :0] if features is None else _columns(features, (), "features")
    return _points(table, others, ("coords", "features"), values, groups, crs)


def points_from_rows(rows: Any, values: ArrayLike, groups: ArrayLike | None, crs: str) -> Given:
    """As `points_from_arrays`, of one table: what is no coordinate of it was measured, too."""
    table, crs = positions_in(rows, crs, "X")
    return _points(table.iloc[:, :2], table.iloc[:, 2:], ("X", "X"), values, groups, crs)


def places_from_rows(
    rows: Any, crs: str, names: Sequence[str], goal: CRS
) -> tuple[NDArray[np.float64], dict[str, NDArray[np.float64]]]:
    """Positions [n, 2] in another CRS, NaN where missing, and what was measured there.

    Parameters
    ----------
    rows, crs
        See `positions_in`.
    names : sequence of str
        What else may be given of each place: all of it, in this order or by name, or nothing.
    goal : pyproj.CRS
        The CRS to have the positions in.

    Raises
    ------
    InputError
        If there are other columns, or values that cannot be used.
    """
    table, crs = positions_in(rows, crs, "X")
    others = table.iloc[:, 2:]
    named = isinstance(rows, pd.DataFrame)
    if named and set(names) <= set(others.columns):
        others = others[list(names)]
    elif others.shape[1] and (named or others.shape[1] != len(names)):
        raise InputError(
            tr(
                "X has the columns {given}; give x and y alone, or with these after them: {known}."
            ).format(given=", ".join(table.columns), known=", ".join(names) or tr("none"))
        )
    owner = tr("the places")
    xy = read_positions(table, tuple(table.columns[:2]), owner)
    located = np.isfinite(xy).all(axis=1)
    own = parse_crs(crs, owner)
    check_positions(xy[located], own, owner, table.index[located])
    xy[located] = transform(xy[located], own, goal)
    columns = zip(names, (others.iloc[:, k] for k in range(others.shape[1])))
    field = tr("The field '{name}'")
    return xy, {name: as_numbers(values, field.format(name=name)) for name, values in columns}


def positions_in(rows: Any, crs: str, role: str) -> tuple[pd.DataFrame, str]:
    """A table whose first two columns are x and y, and their CRS.

    Parameters
    ----------
    rows : array [n, k], DataFrame, or points of GeoPandas or shapely
        Of an array, the first two columns are x and y; of a DataFrame, those that
        `position_columns` finds.
    crs : str
        The CRS of what has none of its own.
    role : str
        What they are called, for errors.
    """
    found = features_in(rows, crs)
    if found is not None:
        table = point_table(found, role)
        if len(table) != len(found.shapes):
            raise InputError(
                tr("{role} has multipoints; give one point a row, as explode makes them.").format(
                    role=role
                )
            )
        hidden = table.attrs[HIDDEN]
        others = [name for name in table.columns if name not in hidden]
        return table[[*hidden, *others]].reset_index(drop=True), found.crs
    table = _columns(rows, ("x", "y"), role)
    if table.shape[1] < 2:
        raise InputError(
            tr("{role} must have two columns, x and y, or more, got {columns}.").format(
                role=role, columns=table.shape[1]
            )
        )
    x, y = position_columns(table.columns)
    rest = [k for k in range(table.shape[1]) if k not in (x, y)]
    return table.iloc[:, [x, y, *rest]], crs


def _points(
    positions: pd.DataFrame,
    others: pd.DataFrame,
    roles: tuple[str, str],
    values: ArrayLike,
    groups: ArrayLike | None,
    crs: str,
) -> Given:
    targets = _columns(values, ("value",), "values")
    for name, part in (("values", targets), (roles[1], others)):
        if len(part) != len(positions):
            raise InputError(
                tr("{role} has {rows} rows and {name} {others}; give as many.").format(
                    role=roles[0], rows=len(positions), name=name, others=len(part)
                )
            )
    given = [*targets.columns, *others.columns]
    x, y, group = free_names(*positions.columns, "group", taken=given)
    positions = positions.set_axis([x, y], axis=1)
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
        table = values
        if isinstance(values, pd.Series):
            table = values.to_frame(*names[:1] if values.name is None else (values.name,))
        table = table.copy()
        table.columns = pd.Index([str(name).strip() for name in table.columns], dtype=object)
        return table.reset_index(drop=True)
    array = _as_array(values, role)
    array = array[:, None] if array.ndim == 1 else array
    if array.ndim != 2:
        raise InputError(
            tr("{role} must have one or two axes, got {axes}.").format(role=role, axes=array.ndim)
        )
    if len(names) != array.shape[1]:
        stem = f"{role.rstrip('s')}_" if role != "X" else "x"
        names = [f"{stem}{number}" for number in range(array.shape[1])]
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
