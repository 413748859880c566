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
from ..builders.grid import Grid
from .gathering import MIN_OBSERVED_CELLS
from .mistakes import Mistake, missing_positions, mistaken_positions
from .points import Points
from .positions import name_rows

Array = NDArray[np.float64]
Which = NDArray[np.bool_]

# Fewer positions are too few to say which are far from the others.
_FEWEST = 10
_EARTH_KM = 6371.0
# A distance from all others is worth a word, or cannot be meant, in extents of the others.
_WORTH_A_WORD, _TOO_FAR, _FAR_FOR_ONE = 2.0, 5.0, 20.0
_FEW, _FEW_SHARE = 5, 50
# What lies nearer, in km, may be a station beside a plot.
_NOT_BESIDE = 500.0


@dataclass(frozen=True)
class Strays:
    """A few positions far from all others.

    Parameters
    ----------
    which : int array
        Their indices among all positions.
    kilometres : float
        From the nearest of them to the nearest of the others.
    certain : bool
        Whether they cannot be meant.
    looks : str
        What they look like; empty if like nothing known.
    """

    which: NDArray[np.integer]
    kilometres: float
    certain: bool
    looks: str = ""


def find_strays(xy: Array, crs: CRS) -> Strays | None:
    """Positions that are far from all others, by a known mistake or for no known reason.

    Of those for no known reason there are at most five, and a fiftieth of all; one that is
    farther still need not be. Readings at one position count once.
    """
    # Complex numbers are sorted faster than rows.
    flat, index = np.unique(xy[:, 0] + 0.0 + 1j * (xy[:, 1] + 0.0), return_inverse=True)
    positions = np.column_stack([flat.real, flat.imag])
    ground = _in_kilometres(positions, crs)
    if not np.isfinite(ground).all():
        return None
    count = np.bincount(index)
    found = (
        missing_positions(positions, ground, crs)
        or mistaken_positions(positions, ground, count, crs)
        or _far_positions(ground, count)
    )
    if found is None:
        return None
    which = np.flatnonzero(found.which[index])
    return Strays(which, found.kilometres, found.certain, found.looks)


def _in_kilometres(xy: Array, crs: CRS) -> Array:
    """Positions so that straight distances tell how far: on a globe, or as projected."""
    if not crs.is_geographic:
        return xy * crs.axis_info[0].unit_conversion_factor / 1000
    lon, lat = np.radians(longitude_latitude(xy, crs)).T
    on_globe = (np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat))
    return _EARTH_KM * np.column_stack(on_globe)


def _far_positions(ground: Array, count: NDArray[np.integer]) -> Mistake | None:
    """A few positions at many extents from all others."""
    if len(ground) < _FEWEST:
        return None
    radius = np.linalg.norm(ground - np.median(ground, axis=0), axis=1)
    order = np.argsort(radius, kind="stable")
    tail = radius[order][-max(1, min(_FEW, len(ground) // _FEW_SHARE)) - 1 :]
    with np.errstate(divide="ignore", invalid="ignore"):
        gaps = np.nan_to_num(np.diff(tail) / (2 * tail[:-1]), posinf=0.0)
    too_far = np.flatnonzero(gaps >= _TOO_FAR)
    first = int(too_far[0]) if len(too_far) else int(gaps.argmax())
    if gaps[first] < _WORTH_A_WORD:
        return None
    far = np.zeros(len(ground), bool)
    far[order[len(order) - (len(tail) - 1 - first) :]] = True
    away = float(cKDTree(ground[~far]).query(ground[far])[0].min())
    # Several that lie together are a region of their own.
    lonely = cKDTree(ground).query(ground[far], k=2)[0][:, 1].min() >= _NOT_BESIDE
    least = _TOO_FAR if len(ground) >= _FEW_SHARE else _FAR_FOR_ONE
    alike = far.sum() == 1 and count[far][0] > max(2, count[~far].max())
    looks = tr("all at one place, as where positions were filled in") if alike else ""
    return Mistake(far, away, bool(lonely and gaps[first] >= least), looks)


def check_strays(points: Points) -> Strays | None:
    """Refuse a grid that points far from all others would stretch; return those to warn of."""
    strays = find_strays(points.xy, points.crs)
    if strays is not None and strays.certain:
        raise InputError(_in_words(strays, points))
    return strays


def warn_of_strays(
    strays: Strays, points: Points, grid: Grid, chosen: bool, progress: Progress
) -> None:
    """Warn of points far from all others, or refuse them where they leave no map.

    That is where the size of the cells was `chosen` by the extent of all, so that the others
    share a few cells.
    """
    xy = points.to_crs(grid.pyproj_crs)
    cells = np.unique(grid.locate(xy[:, 0], xy[:, 1]))
    others = np.delete(xy, strays.which, axis=0)
    if chosen and len(cells) < MIN_OBSERVED_CELLS <= len(np.unique(others, axis=0)):
        raise InputError(_in_words(strays, points))
    text = tr(
        "{count} of the {total} points lie {away:,.0f} km from all others ({rows}, such as "
        "{position}{looks}), and the map reaches to them; leave them out if they are mistakes."
    )
    progress.warning(text.format(**_fields(strays, points)))


def _in_words(strays: Strays, points: Points) -> str:
    return tr(
        "{count} of the {total} points lie {away:,.0f} km from all others ({rows}, such as "
        "{position}{looks}); correct or remove them, or say what the map should cover: give an "
        "extent, a study area or a template raster."
    ).format(**_fields(strays, points))


def _fields(strays: Strays, points: Points) -> dict[str, object]:
    x, y = points.xy[strays.which[0]]
    return {
        "count": len(strays.which),
        "total": len(points.xy),
        "away": strays.kilometres,
        "position": f"x {x:.10g}, y {y:.10g}",
        "rows": name_rows(points.rows, strays.which),
        "looks": f": {strays.looks}" if strays.looks else "",
    }
