"""Positions that cannot be: no longitude and latitude, or of another CRS."""

from __future__ import annotations

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
from .tables import pick

Array = NDArray[np.float64]

# Positions are rounded; so far beyond a pole, in turns, is none of rounding.
_SLACK = 1e-5
# Fewer positions are too few to tell degrees from a small plot in metres.
_FEWEST = 10
# So far from the area of its use, in degrees, a CRS is not used.
_FAR_OFF = 60.0
_MOST = 0.9
_NAMED = 5


def read_positions(table: pd.DataFrame, columns: tuple[str, str], owner: str) -> Array:
    """The positions of a table, [M, 2]; NaN where one is missing.

    Raises
    ------
    InputError
        If a column is not there or holds text, or a position is infinite.
    """
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
    """Refuse positions that have no place in their CRS, or the places of another.

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
    bad = np.flatnonzero(~_on_earth(xy, turn))
    if len(bad) == 0:
        return
    few = len(bad) <= len(xy) / 2
    if _on_earth(xy[bad][:, ::-1], turn).all():
        hint = tr("x and y look exchanged; give the longitude as x and the latitude as y")
    elif few:
        hint = tr("correct or remove them, their digits may be wrong")
    elif np.median(np.abs(xy[bad])) > 2 * turn:
        hint = tr("they look like metres; give the CRS that they are in")
    else:
        hint = tr("check which columns are x and y, and the CRS")
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
            hint=hint,
        )
    )


def _on_earth(xy: Array, turn: float) -> NDArray[np.bool_]:
    x, y = xy.T
    slack = _SLACK * turn
    across = (x >= -turn / 2 - slack) & (x <= turn + slack)
    return across & (np.abs(y) <= turn / 4 + slack)


def _example(xy: Array, rows: pd.Index | None, which: NDArray[np.integer]) -> str:
    """The first position of some, and where they stand."""
    x, y = xy[which[0]]
    place = tr("x {x:.10g}, y {y:.10g}").format(x=x, y=y)
    names = name_rows(rows, which)
    return f"{place} ({names})" if names else place


def _check_projected(xy: Array, crs: CRS, owner: str, rows: pd.Index | None) -> None:
    try:
        places = longitude_latitude(xy, crs)
    except InputError:
        return  # a CRS of another body than the Earth
    area = crs.area_of_use
    if area is not None:
        _check_area(xy, places, crs, area, owner)
    nowhere = np.flatnonzero(~np.isfinite(places).all(axis=1))
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


def _check_area(xy: Array, places: Array, crs: CRS, area: Any, owner: str) -> None:
    """Refuse positions that are degrees, exchanged, or of another part of the Earth."""
    off = _off(places, area)
    hint = ""
    if len(xy) >= _FEWEST and _on_earth(xy, 360.0).all():
        world = area.east - area.west >= 300
        if world or (_off(xy, area) <= (0 if (off == 0).mean() > _MOST else 20)).mean() > _MOST:
            hint = tr(
                "they look like degrees; give the CRS that they are in, such as EPSG:4326, or if "
                "they are metres of a plot, a CRS of its own"
            )
    elif (off > 0).mean() > _MOST:
        turned = longitude_latitude(xy[:, ::-1], crs)
        if (_off(turned, area) == 0).mean() > _MOST:
            hint = tr("x and y look exchanged; give the easting as x and the northing as y")
        elif (off > _FAR_OFF).mean() > _MOST:
            hint = tr("check which columns are x and y, and the CRS")
    if hint:
        raise InputError(
            tr(
                "The positions of {owner}, such as {example}, lie far outside the area where their "
                "CRS, '{crs}', is used: {hint}."
            ).format(
                owner=owner, example=_example(xy, None, np.array([0])), crs=crs.name, hint=hint
            )
        )


def _off(places: Array, area: Any) -> Array:
    """How far outside an area longitudes and latitudes lie, in degrees; inf for no place."""
    width = (area.east - area.west) % 360 or 360.0
    # From the western edge on, going east; the rest of the turn is outside.
    with np.errstate(invalid="ignore"):
        along = (places[:, 0] - area.west) % 360
    aside = np.where(along <= width, 0.0, np.minimum(along - width, 360 - along))
    beyond = np.maximum(area.south - places[:, 1], places[:, 1] - area.north)
    off = np.maximum(aside, np.maximum(beyond, 0.0))
    return np.where(np.isfinite(places).all(axis=1), off, np.inf)


def check_exchanged(xy: Array, crs: CRS, grid: Grid, owner: str) -> None:
    """Refuse positions of which none lies in the grid, if most would with x and y exchanged."""
    turned = xy[:, ::-1]
    if crs.is_geographic:
        turned = turned[_on_earth(turned, whole_turn(crs) or 360.0)]
    place = transform(turned, crs, grid.pyproj_crs)
    inside = int((grid.locate(place[:, 0], place[:, 1]) >= 0).sum())
    if len(xy) and inside > len(xy) / 2:
        raise InputError(
            tr(
                "None of the {count} positions of {owner} lies in the extent, but {inside} would "
                "if x and y were exchanged; give the longitude or easting as x."
            ).format(count=len(xy), owner=owner, inside=inside)
        )
