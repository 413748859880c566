"""Lines of equal value through a raster, as a vector layer."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import contourpy
import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.transform import Affine

from ..colours import colour_scale
from ..errors import InputError
from ..language import tr
from .cells import write_shapes

Array = NDArray[np.float64]

# A raster of so many cells takes 200 MB beside what is drawn of it.
_MOST_CELLS = 25_000_000
# So many lines tell nothing any more; what is predicted may reach farther than what was measured.
_MOST_LEVELS, _MOST_DRAWN = 500, 5000
# So many rows and columns tell the colours of a raster.
_SEEN = 1000


class Surface(NamedTuple):
    """What lines are drawn through.

    Parameters
    ----------
    target : str
        What it tells of.
    values : float64 array [rows, cols]
        In the unit of the target, from north to south; NaN where nothing is known.
    logarithmic : bool
        Whether the target's scale is; see `colour_scale`.
    """

    target: str
    values: Array
    logarithmic: bool = False


def check_contours(cells: int, measured: Sequence[Array] = (), interval: float = 0.0) -> None:
    """Refuse, before the long work, lines that could not be drawn after it.

    Parameters
    ----------
    cells : int
        Of the raster.
    measured : sequence of float64 array
        The measured values of each target.
    interval : float
        Between lines, in the unit of the target; 0 for the colour scale's.

    Raises
    ------
    InputError
        For a raster of more than 25 million cells, and an interval of more than 500 lines.
    """
    if cells > _MOST_CELLS:
        raise InputError(
            tr(
                "Contours are drawn through at most {most:,} cells, and the map has {cells:,}; "
                "leave the contours out, or use larger cells or a smaller extent."
            ).format(most=_MOST_CELLS, cells=cells)
        )
    for values in measured if interval else ():
        _check_interval(np.ptp(values), interval, _MOST_LEVELS)


def _check_interval(span: float, interval: float, most: int) -> None:
    if span > most * interval:
        raise InputError(
            tr(
                "Contours every {interval:g} would be {count:,.0f} levels, and at most {most} are "
                "drawn: the values span {span:g}. Use an interval of at least {fits:.2g}."
            ).format(
                interval=interval,
                count=span / interval,
                most=most,
                span=span,
                fits=2 * span / most,
            )
        )


def levels_of(surface: Surface, interval: float) -> Array:
    """The values of the lines through a surface.

    Parameters
    ----------
    surface : Surface
        The values.
    interval : float
        Lines lie at its multiples; 0 takes the steps of the colour scale, or where that has none,
        from 10 to 25 round values.

    Raises
    ------
    InputError
        For more than 5000 lines.
    """
    values = surface.values
    finite = values[np.isfinite(values)]
    if not finite.size:
        return np.empty(0)
    if not interval:
        step = -(-max(values.shape) // _SEEN)
        seen = values[step // 2 :: step, step // 2 :: step]
        seen = seen[np.isfinite(seen)] if np.isfinite(seen).any() else finite
        return np.array(colour_scale(seen.tolist(), surface.logarithmic).levels)
    low, high = finite.min(), finite.max()
    _check_interval(high - low, interval, _MOST_DRAWN)
    # Multiplied, not added up, and as short as they were given: 0.3 is not 0.30000000000000004.
    numbers = range(math.ceil(low / interval), math.floor(high / interval) + 1)
    return np.array([float(f"{number * interval:.12g}") for number in numbers])


def draw_lines(
    values: Array, transform: Affine, levels: Array
) -> tuple[NDArray[np.object_], Array]:
    """The lines along which a raster has some values.

    Cells are taken as the values at their middles, and are joined by bilinear patches; lines end
    half a cell before the border, and where a neighbour has no value (marching squares, Lorensen
    and Cline 1987, as in contourpy).

    Parameters
    ----------
    values : float64 array [rows, cols]
        NaN where there is none.
    transform : Affine
        From (column, row) to the CRS; north up.
    levels : float64 array [L]
        The values.

    Returns
    -------
    shapes : object array [n]
        Lines in the CRS of the raster.
    level : float64 array [n]
        Of each.
    """
    rows, cols = values.shape
    shapes: list[NDArray[np.object_]] = [np.empty(0, dtype=object)]
    found: list[Array] = [np.empty(0)]
    if min(rows, cols) < 2:
        return shapes[0], found[0]
    x = transform.c + transform.a * (np.arange(cols) + 0.5)
    y = transform.f + transform.e * (np.arange(rows) + 0.5)
    kind = contourpy.LineType.ChunkCombinedOffset
    drawing = contourpy.contour_generator(x, y, values, line_type=kind)
    for level in levels:
        drawn: Any = drawing.lines(level)
        (xy,), (offsets,) = drawn  # of the one chunk
        if xy is None:
            continue
        number = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
        lines = shapely.linestrings(xy, indices=number)
        lines = lines[shapely.length(lines) > 0]  # a pit of just this value is a point
        shapes.append(lines)
        found.append(np.full(len(lines), level))
    return np.concatenate(shapes), np.concatenate(found)


def write_contours(
    path: Path,
    crs: str,
    transform: Affine,
    surfaces: Iterable[Surface],
    interval: float = 0.0,
    attribution: str = "",
) -> None:
    """Write lines through surfaces over one grid: a row a line.

    Columns: `level`, the value along the line, in the unit of the target; of several surfaces
    `field`, the target that the line is of.

    Parameters
    ----------
    path : Path
        A vector file, see `VECTOR_DRIVERS`.
    crs : str
        Of the grid.
    transform : Affine
        From (column, row) to the CRS.
    surfaces : iterable of Surface
        One at a time is in memory.
    interval : float
        See `levels_of`.
    attribution : str
        That the data require.

    Raises
    ------
    InputError
        See `levels_of`.
    """
    shapes, levels, fields = [], [], []
    for surface in surfaces:
        lines, level = draw_lines(surface.values, transform, levels_of(surface, interval))
        shapes.append(lines)
        levels.append(level)
        fields.append(np.full(len(lines), surface.target, dtype=object))
    columns: dict[str, NDArray] = {"level": np.concatenate(levels)}
    if len(fields) > 1:
        columns["field"] = np.concatenate(fields)
    stored = (columns, "contours", "LineString")
    write_shapes(path, crs, attribution, np.concatenate(shapes), *stored)
