"""What positions that cannot be look like, and what to do about it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from ...language import tr
from ..builders.crs import longitude_latitude
from .missing import are_codes

Array = NDArray[np.float64]

# Positions are rounded; so far beyond a pole, in turns, is none of rounding.
_SLACK = 1e-5
# Fewer positions are too few to tell degrees from a small plot in metres by most of them.
_FEWEST = 10
# So far from the area of its use, in degrees, a CRS is not used.
_FAR_OFF = 60.0
_MOST = 0.9
# A few positions are degrees if they lie so many of their extents off the origin of a CRS: one
# whose area they are outside of as metres, one whose area they are in, and one of the world.
_NEVER_USED, _USED, _FEW_IN_THE_WORLD = 0.5, 3.0, 10.0
_SURELY, _MAYBE = "surely", "maybe"


def on_earth(xy: Array, turn: float) -> NDArray[np.bool_]:
    """Whether positions are a longitude and a latitude, of which `turn` go round the Earth."""
    x, y = xy.T
    slack = _SLACK * turn
    across = (x >= -turn / 2 - slack) & (x <= turn + slack)
    return across & (np.abs(y) <= turn / 4 + slack)


def hint_of_degrees(xy: Array, bad: NDArray[np.integer], turn: float) -> str:
    """What those that are `bad` among longitudes and latitudes look like, and what to do."""
    wrong = xy[bad]
    beyond = ~on_earth(np.column_stack([wrong[:, 0], np.zeros(len(bad))]), turn)
    beyond = np.column_stack([beyond, np.abs(wrong[:, 1]) > turn / 4])
    if len(bad) < len(xy) and (are_codes(wrong) | ~beyond).all():
        return tr(
            "they look like codes for no position; remove them, or leave their positions empty"
        )
    if on_earth(wrong[:, ::-1], turn).all():
        return tr("x and y look exchanged; give the longitude as x and the latitude as y")
    if _a_turn_off(np.delete(xy, bad, axis=0), wrong, turn):
        return tr("the longitudes look shifted by a whole turn; move them by {turn:g}").format(
            turn=turn
        )
    if len(bad) <= len(xy) / 2:
        return tr("correct or remove them, their digits may be wrong")
    packed = _packed(xy, 100.0) or _packed(xy, 10_000.0)
    if packed == _SURELY:
        return tr(
            "they look like degrees and minutes written together, as 4830.5 for 48° 30.5'; turn "
            "them into decimal degrees"
        )
    if np.median(np.abs(wrong)) <= 2 * turn:
        return tr("check which columns are x and y, and the CRS")
    if packed:
        return tr(
            "they look like metres, or degrees and minutes written together; give the CRS that "
            "they are in, or decimal degrees"
        )
    return tr("they look like metres; give the CRS that they are in")


def _a_turn_off(good: Array, wrong: Array, turn: float) -> bool:
    """Whether longitudes are one turn off, from the good ones if there are any."""
    x = np.where(wrong[:, 0] > 0, wrong[:, 0] - turn, wrong[:, 0] + turn)
    moved = np.column_stack([x, wrong[:, 1]])
    if not (on_earth(moved, turn) & (np.abs(x) <= turn / 2)).all():
        return False
    if len(good) == 0:
        return True
    low, high = good[:, 0].min(), good[:, 0].max()
    wide = max(high - low, turn / 36)
    away = (x - (low - wide)) % turn
    return bool((away <= high - low + 2 * wide).all())


def _packed(xy: Array, unit: float) -> str:
    """Whether numbers are degrees, minutes and maybe seconds, each of two digits: 4830.5.

    Parameters
    ----------
    xy : float64 array [M, 2]
        The numbers.
    unit : float
        What a degree counts: 100 before minutes, 10,000 before minutes and seconds.
    """
    degrees, rest = np.divmod(np.abs(xy), unit)
    minutes, seconds = np.divmod(rest, unit / 100)
    sixties = [rest] if unit == 100 else [minutes, seconds]
    if (degrees > (180, 90)).any() or any((part >= 60).any() for part in sixties):
        return ""
    # Metres of a small plot, or of a few points, may have no part of 60 to 99 either.
    shown = [len(np.unique(part[:, k])) for part in sixties[-1:] for k in (0, 1)]
    across = max(len(np.unique(part[:, k])) for part in (degrees, minutes) for k in (0, 1))
    return _SURELY if across > 1 and max(shown) >= _FEWEST else _MAYBE


def hint_of_projected(xy: Array, lon_lat: Array, crs: CRS, area: Any) -> str:
    """What positions that are nowhere near the area of a CRS look like; empty if they are near.

    Parameters
    ----------
    xy : float64 array [M, 2]
        Positions in the CRS.
    lon_lat : float64 array [M, 2]
        Their longitudes and latitudes.
    crs : pyproj.CRS
        Their CRS.
    area : pyproj.aoi.AreaOfUse
        Where the CRS is used.
    """
    off = _off(lon_lat, area)
    if on_earth(xy, 360.0).all():
        if _degrees(xy, off, area):
            return tr(
                "they look like degrees; give the CRS that they are in, such as EPSG:4326, or if "
                "they are metres of a plot, a CRS of its own"
            )
    elif (off > 0).mean() > _MOST:
        turned = longitude_latitude(xy[:, ::-1], crs)
        if (_off(turned, area) == 0).mean() > _MOST:
            return tr("x and y look exchanged; give the easting as x and the northing as y")
        if (off > _FAR_OFF).mean() > _MOST:
            return tr("check which columns are x and y, and the CRS")
    return ""


def _degrees(xy: Array, off: Array, area: Any) -> bool:
    """Whether positions near the origin of a CRS are degrees rather than metres of a plot.

    `off` is how far outside the area they are as metres. A plot is laid out around the origin
    or beside it; degrees of a region lie off it by many times their own extent.
    """
    low, high = xy.min(axis=0), xy.max(axis=0)
    beside = np.linalg.norm(np.maximum(0.0, np.maximum(low, -high)))
    extents = beside / (np.linalg.norm(high - low) + 1e-9)
    as_degrees = _off(xy, area)
    if area.east - area.west >= 300 and area.north - area.south >= 60:
        least = 1 if len(xy) >= _FEWEST else _FEW_IN_THE_WORLD
        return bool(len(xy) > 2 and extents >= least and (as_degrees == 0).mean() > _MOST)
    if len(xy) < _FEWEST:
        least = _NEVER_USED if off.min() > 0 else _USED
        return bool(extents >= least and (as_degrees == 0).all())
    return bool((as_degrees <= (0 if (off == 0).mean() > _MOST else 20)).mean() > _MOST)


def _off(lon_lat: Array, area: Any) -> Array:
    """How far outside an area longitudes and latitudes lie, in degrees; inf where unknown."""
    width = (area.east - area.west) % 360 or 360.0
    # From the western edge on, going east; the rest of the turn is outside.
    with np.errstate(invalid="ignore"):
        along = (lon_lat[:, 0] - area.west) % 360
    aside = np.where(along <= width, 0.0, np.minimum(along - width, 360 - along))
    beyond = np.maximum(area.south - lon_lat[:, 1], lon_lat[:, 1] - area.north)
    off = np.maximum(aside, np.maximum(beyond, 0.0))
    return np.where(np.isfinite(lon_lat).all(axis=1), off, np.inf)
