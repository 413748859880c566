"""Where the grid of a map lies, and how large its cells are."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ..data.builders.crs import longitude_latitude, parse_crs, short_way, utm_code
from ..data.builders.grid import Grid
from ..data.sources.area import StudyArea
from ..data.sources.points import Points
from ..data.sources.strays import check_strays, warn_of_strays
from ..errors import InputError
from ..language import tr
from ..progress import Progress

# Where nobody gives the size of a cell, a grid has between so many cells.
_FEWEST_CELLS, _MOST_CELLS = 400, 40_000
_ROUND = (1.0, 2.0, 2.5, 5.0)
# Grids of more degrees from west to east than two UTM zones are for no one zone.
_WIDEST, _EQUAL_AREA = 12.0, 6933


def grid_around(
    points: Points,
    cell_size: float | None,
    crs: str,
    progress: Progress,
    bounds: Sequence[float] | None = None,
    area: StudyArea | None = None,
) -> Grid:
    """The grid over `bounds` (left, bottom, right, top in `crs`), over `area`, or all points.

    Without a cell size, one that suits the points is chosen, and told.

    Raises
    ------
    InputError
        If no point has a position in `crs`, or the bounds are empty.
    """
    known = parse_crs(crs, tr("the grid"))
    xy = points.to_crs(known).copy()
    strays = None
    if bounds is None and area is None:
        strays = check_strays(points)
        xy[:, 0] = short_way(xy[:, 0], known)
    if bounds is None:
        bounds = _bounds_of(xy, crs) if area is None else area.bounds(known)
    left, bottom, right, top = bounds
    size = cell_size if cell_size is not None else choose_cell_size((left, bottom, right, top), xy)
    grid = Grid.from_bounds((left, bottom, right, top), float(size), crs)
    if strays is not None:
        warn_of_strays(strays, points, grid, cell_size is None, progress)
    if cell_size is None:
        progress.log(
            tr("No cell size was given; {side} is used, which makes {cells:,} cells.").format(
                side=side_in_words(grid), cells=grid.size
            )
        )
    return grid


def _bounds_of(xy: NDArray[np.float64], crs: str) -> Sequence[float]:
    if len(xy) == 0:
        raise InputError(
            tr("The extent is missing; give one, points, a study area, or a template raster.")
        )
    xy = xy[np.isfinite(xy).all(axis=1)]
    if len(xy) == 0:
        raise InputError(
            tr("No point can be transformed to the grid's CRS, '{crs}'.").format(crs=crs)
        )
    return *map(float, xy.min(axis=0)), *map(float, xy.max(axis=0))


def choose_cell_size(bounds: tuple[float, float, float, float], xy: NDArray[np.float64]) -> float:
    """A size of cells that suits the points, where nobody gives one.

    Half of the median distance from a point to the nearest other point, so that most points
    have a cell of their own and the map shows no more than the points can tell
    (Hengl 2006, doi:10.1016/j.cageo.2005.11.008). It is rounded to 1, 2, 2.5 or 5 times a
    power of ten, and kept where the grid has 400 to 40,000 cells: scattered points may share
    a few positions, or lie on top of each other. Without points it makes about 4,000 cells.

    Parameters
    ----------
    bounds : tuple of float
        Left, bottom, right and top of the grid.
    xy : float64 array [M, 2]
        Positions of the points in the CRS of the grid; those outside are not regarded.

    Returns
    -------
    float
        In the unit of the CRS.

    Raises
    ------
    InputError
        If the bounds are a single point.
    """
    left, bottom, right, top = bounds
    longest = max(right - left, top - bottom)
    if not 0 < longest < math.inf:
        raise InputError(
            tr("All points have the same position, so no cell size suits them; give a cell size.")
        )
    # A strip is taken as a twentieth as wide as it is long.
    area = longest * max(min(right - left, top - bottom), longest / 20)
    low, high = math.sqrt(area / _MOST_CELLS), math.sqrt(area / _FEWEST_CELLS)
    powers = 10.0 ** np.arange(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    rounded = np.outer(powers, _ROUND).ravel()
    sizes = rounded[(rounded >= low) & (rounded <= high)]
    inside = ((xy >= (left, bottom)) & (xy <= (right, top))).all(axis=1)
    positions = np.unique(xy[inside], axis=0)
    wanted = math.sqrt(low * high)
    if len(positions) > 1:
        wanted = float(np.median(cKDTree(positions).query(positions, 2)[0][:, 1])) / 2
    return float(f"{sizes[np.abs(np.log(sizes / wanted)).argmin()]:.2g}")


def side_in_words(grid: Grid) -> str:
    """The size of a cell with its unit: 500 m, or 0.01° x 0.02°."""
    unit = grid.pyproj_crs.axis_info[0].unit_name
    unit = {"metre": " m", "degree": "°"}.get(unit, f" {unit}")
    width, height = f"{grid.cell_width:g}{unit}", f"{grid.cell_height:g}{unit}"
    return width if width == height else f"{width} x {height}"


def log_size(grid: Grid, wanted: NDArray[np.bool_] | None, progress: Progress) -> None:
    """Say how many cells a map has, of what size; `wanted` [grid.size] marks a study area's."""
    count = grid.size if wanted is None else int(wanted.sum())
    progress.log(
        tr("The map has {cells:,} cells of {side}.").format(cells=count, side=side_in_words(grid))
    )
    if grid.pyproj_crs.is_geographic:
        width, height = grid.cell_metres()
        text = tr(
            "Its CRS is in degrees, so that a cell is {width:,.0f} m x {height:,.0f} m; for square "
            "cells choose a CRS in metres, such as EPSG:{code}."
        )
        progress.log(text.format(width=width, height=height, code=_metric_code(grid)))


def _metric_code(grid: Grid) -> int:
    """The EPSG code of a CRS in metres for a grid: of a UTM zone, or for wide ones equal areas."""
    left, bottom, right, top = grid.bounds
    corners = np.array([[(left + right) / 2, (bottom + top) / 2], [left, bottom], [right, top]])
    (lon, lat), (west, _), (east, _) = longitude_latitude(corners, grid.pyproj_crs)
    return _EQUAL_AREA if (east - west) > _WIDEST and abs(lat) < 80 else utm_code(lon, lat)
