"""Positions that cannot be: no longitude and latitude, or of another CRS."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS

from ...errors import InputError
from ...language import tr
from ..builders.crs import longitude_latitude, transform, whole_turn
from ..builders.grid import Grid
from .columns import as_numbers
from .lookalikes import hint_of_degrees, hint_of_projected, on_earth
from .tables import pick

Array = NDArray[np.float64]

_NAMED = 5
# What names of columns say of them, in words, or by letters alone.
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_EAST = {"lon", "long", "lng", "longitude", "east", "easting"}
_NORTH = {"lat", "latitude", "north", "northing"}
_EAST_LETTERS, _NORTH_LETTERS = {"x", "e"}, {"y", "n"}


def names_exchanged(first: object, second: object, letters: bool) -> bool:
    """Whether names say that of two columns the second is x: latitude and longitude.

    Parameters
    ----------
    first, second : object
        Their names, such as `decimalLatitude` or `POINT_Y`.
    letters : bool
        Whether y and x, or n and e, say so too; in some countries they are the other way round.
    """
    pairs = [(_EAST, _NORTH), *([(_EAST_LETTERS, _NORTH_LETTERS)] * letters)]
    one, other = ({word.lower() for word in _WORD.findall(str(name))} for name in (first, second))
    for east, north in pairs:
        if (one | other) & (east | north):
            return bool(one & north and other & east and not (one & east or other & north))
    return False


def position_columns(names: Sequence[object]) -> tuple[int, int]:
    """Which of some columns are x and y: those of such names, or else the first two.

    Two columns that are called latitude and longitude, northing and easting, or y and x, are
    known whatever their order; of more, a latitude and a longitude, or northing and easting.
    """
    words = [{word.lower() for word in _WORD.findall(str(name))} for name in names]
    east = [k for k, own in enumerate(words) if own & _EAST and not own & _NORTH]
    north = [k for k, own in enumerate(words) if own & _NORTH and not own & _EAST]
    if len(east) == len(north) == 1:
        return east[0], north[0]
    return (1, 0) if names_exchanged(names[0], names[1], letters=True) else (0, 1)


def check_names(x: object, y: object, owner: str) -> None:
    """Refuse columns of x and y whose names say that they are exchanged."""
    if names_exchanged(x, y, letters=False):
        raise InputError(
            tr(
                "The column '{x}' was given as x and '{y}' as y of {owner}; give the longitude or "
                "easting as x: {y},{x}."
            ).format(x=x, y=y, owner=owner)
        )


def read_positions(table: pd.DataFrame, columns: tuple[str, str], owner: str) -> Array:
    """The positions of a table, [M, 2]; NaN where one is missing.

    Raises
    ------
    InputError
        If a column is not there or holds text, a position is infinite, or the names of the
        columns say that x is a latitude or northing, and y a longitude or easting.
    """
    check_names(*columns, owner)
    field = tr("The field '{name}'")
    picked = [
        as_numbers(pick(table, name, owner), field.format(name=name), finite=False)
        for name in columns
    ]
    xy = np.column_stack(picked)
    infinite = np.flatnonzero(np.isinf(xy).any(axis=1))
    if len(infinite):
        raise InputError(
            tr(
                "{count} of the {total} positions of {owner} are infinite ({rows}); correct or "
                "remove them."
            ).format(
                count=len(infinite),
                total=len(xy),
                owner=owner,
                rows=name_rows(table.index, infinite),
            )
        )
    return xy


def check_positions(xy: Array, crs: CRS, owner: str, rows: pd.Index | None = None) -> None:
    """Refuse positions that cannot be in their CRS, or that are those of another.

    Parameters
    ----------
    xy : float64 array [M, 2]
        Finite positions, x first.
    crs : pyproj.CRS
        Their CRS.
    owner : str
        Whose they are, for errors.
    rows : pandas.Index, optional
        Where each stands in its table; see `name_rows`.

    Raises
    ------
    InputError
        Saying how many, one of them, what they look like and what to check.
    """
    if len(xy) == 0:
        return
    if crs.is_geographic:
        _check_degrees(xy, crs, owner, rows)
    elif crs.is_projected:
        _check_projected(xy, crs, owner, rows)


def name_rows(rows: pd.Index | None, which: NDArray[np.integer]) -> str:
    """Where positions stand in their table: 'row 3', or 'features 4, 7'; empty if unknown.

    An index that is called `feature` holds the numbers of features; another counts rows
    from 0.
    """
    if rows is None or len(which) == 0:
        return ""
    features = rows.name == "feature"
    numbers = [str(rows[k] if features else rows[k] + 1) for k in which[:_NAMED]]
    numbers += ["..."] * (len(which) > _NAMED)
    one, many = (
        (tr("feature {numbers}"), tr("features {numbers}"))
        if features
        else (tr("row {numbers}"), tr("rows {numbers}"))
    )
    return (one if len(which) == 1 else many).format(numbers=", ".join(numbers))


def _check_degrees(xy: Array, crs: CRS, owner: str, rows: pd.Index | None) -> None:
    turn = whole_turn(crs) or 360.0
    bad = np.flatnonzero(~on_earth(xy, turn))
    if len(bad) == 0:
        return
    few = len(bad) <= len(xy) / 2
    raise InputError(
        tr(
            "{count} of the {total} positions of {owner} are not longitudes (x, {west:g} to "
            "{east:g}) and latitudes (y, {south:g} to {north:g}), such as {example}: {hint}."
        ).format(
            count=len(bad),
            total=len(xy),
            owner=owner,
            west=-turn / 2,
            east=turn,
            south=-turn / 4,
            north=turn / 4,
            example=_example(xy, rows, bad if few else bad[:1]),
            hint=hint_of_degrees(xy, bad, turn),
        )
    )


def _example(xy: Array, rows: pd.Index | None, which: NDArray[np.integer]) -> str:
    """The first position of some, and where they stand."""
    x, y = xy[which[0]]
    position = tr("x {x:.10g}, y {y:.10g}").format(x=x, y=y)
    names = name_rows(rows, which)
    return f"{position} ({names})" if names else position


def _check_projected(xy: Array, crs: CRS, owner: str, rows: pd.Index | None) -> None:
    try:
        lon_lat = longitude_latitude(xy, crs)
    except InputError:
        return  # a CRS of another body than the Earth
    area = crs.area_of_use
    if area is not None:
        _check_area(xy, lon_lat, crs, area, owner)
    nowhere = np.flatnonzero(~np.isfinite(lon_lat).all(axis=1))
    if len(nowhere) and not (area is None and len(nowhere) == len(xy)):
        raise InputError(
            tr(
                "{count} of the {total} positions of {owner} lie outside the area of their CRS, "
                "'{crs}', such as {example}: correct or remove them, or check the CRS."
            ).format(
                count=len(nowhere),
                total=len(xy),
                owner=owner,
                crs=crs.name,
                example=_example(xy, rows, nowhere),
            )
        )


def _check_area(xy: Array, lon_lat: Array, crs: CRS, area: Any, owner: str) -> None:
    """Refuse positions that are degrees, exchanged, or of another part of the Earth."""
    hint = hint_of_projected(xy, lon_lat, crs, area)
    if hint:
        raise InputError(
            tr(
                "The positions of {owner}, such as {example}, lie far outside the area where their "
                "CRS, '{crs}', is used: {hint}."
            ).format(
                owner=owner, example=_example(xy, None, np.array([0])), crs=crs.name, hint=hint
            )
        )


def check_exchanged(xy: Array, crs: CRS, grid: Grid, owner: str) -> None:
    """Refuse positions of which none lies in the grid, if most would with x and y exchanged."""
    turned = xy[:, ::-1]
    if crs.is_geographic:
        turned = turned[on_earth(turned, whole_turn(crs) or 360.0)]
    positions = transform(turned, crs, grid.pyproj_crs)
    inside = int((grid.locate(positions[:, 0], positions[:, 1]) >= 0).sum())
    if len(xy) and inside > len(xy) / 2:
        raise InputError(
            tr(
                "None of the {count} positions of {owner} lies in the extent, but {inside} would "
                "if x and y were exchanged; give the longitude or easting as x."
            ).format(count=len(xy), owner=owner, inside=inside)
        )
