"""A few positions far from all others, such as a point without a position at 0, 0."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS
from scipy.spatial import cKDTree

from ...errors import InputError
from ...language import tr
from ...progress import Progress
from ..builders.crs import longitude_latitude
from .points import Points
from .positions import name_rows

Array = NDArray[np.float64]

# Fewer positions are too few to say which are far from the others.
_FEWEST = 10
_EARTH_KM = 6371.0
# A distance from all others is worth a word, or cannot be meant, in extents of the others.
_WORTH_A_WORD, _TOO_FAR, _FAR_FOR_ONE = 2.0, 5.0, 20.0
_FEW, _FEW_SHARE = 5, 50


@dataclass(frozen=True)
class Strays:
    """A few positions far from all others.

    Parameters
    ----------
    which : int array
        Their places among all positions.
    kilometres : float
        From the nearest of them to the nearest of the others.
    meant : bool
        Whether they may well be meant.
    """

    which: NDArray[np.integer]
    kilometres: float
    meant: bool


def find_strays(xy: Array, crs: CRS) -> Strays | None:
    """Positions at 0, 0 that stand alone, or a few at many extents from all others.

    A few are at most five, and a fiftieth of all; one that is farther still need not be.
    """
    if len(xy) < _FEWEST:
        return None
    places = _in_kilometres(xy, crs)
    if not np.isfinite(places).all():
        return None
    zero = (xy == 0).all(axis=1)
    if 0 < zero.sum() < len(xy) / 2 and _stands_alone(places, zero):
        return _strays(places, np.flatnonzero(zero), meant=False)
    middle = np.median(places, axis=0)
    radius = np.linalg.norm(places - middle, axis=1)
    order = np.argsort(radius, kind="stable")
    tail = radius[order][-max(1, min(_FEW, len(xy) // _FEW_SHARE)) - 1 :]
    with np.errstate(divide="ignore", invalid="ignore"):
        gaps = np.nan_to_num(np.diff(tail) / (2 * tail[:-1]), posinf=0.0)
    too_far = np.flatnonzero(gaps >= _TOO_FAR)
    first = int(too_far[0]) if len(too_far) else int(gaps.argmax())
    if gaps[first] < _WORTH_A_WORD:
        return None
    which = order[len(order) - (len(tail) - 1 - first) :]
    least = _TOO_FAR if len(xy) >= _FEW_SHARE else _FAR_FOR_ONE
    return _strays(places, np.sort(which), meant=bool(gaps[first] < least))


def _in_kilometres(xy: Array, crs: CRS) -> Array:
    """Positions so that straight distances tell how far: on a globe, or as projected."""
    if not crs.is_geographic:
        return xy * crs.axis_info[0].unit_conversion_factor / 1000
    lon, lat = np.radians(longitude_latitude(xy, crs)).T
    on_globe = (np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat))
    return _EARTH_KM * np.column_stack(on_globe)


def _stands_alone(places: Array, zero: NDArray[np.bool_]) -> bool:
    """Whether the others lie much closer to each other, each by each and all, than to zero."""
    others = np.unique(places[~zero], axis=0)
    if len(others) < 3:
        return False
    tree = cKDTree(others)
    away = tree.query(places[zero][:1])[0][0]
    usual = tree.query(others, k=2)[0][:, 1].max()
    return bool(away >= 5 * usual and away >= np.ptp(others, axis=0).max() / 2)


def _strays(places: Array, which: NDArray[np.integer], meant: bool) -> Strays:
    others = np.delete(places, which, axis=0)
    away = cKDTree(others).query(places[which])[0].min()
    return Strays(which, float(away), meant)


def check_strays(points: Points, progress: Progress) -> None:
    """Refuse a grid that a few points far from all others would stretch, or warn of it."""
    strays = find_strays(points.xy, points.crs)
    if strays is None:
        return
    x, y = points.xy[strays.which[0]]
    told = {
        "count": len(strays.which),
        "total": len(points.xy),
        "away": strays.kilometres,
        "place": f"x {x:.10g}, y {y:.10g}",
        "rows": name_rows(points.rows, strays.which),
    }
    if strays.meant:
        progress.warning(
            tr(
                "{count} of the {total} points lie {away:,.0f} km from all others ({rows}, such as "
                "{place}), and the map extends to them; leave them out if they are errors."
            ).format(**told)
        )
        return
    raise InputError(
        tr(
            "{count} of the {total} points lie {away:,.0f} km from all others ({rows}, such as "
            "{place}); correct or remove them, or limit the map with an extent, a study area or a "
            "template raster."
        ).format(**told)
    )
