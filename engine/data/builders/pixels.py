"""Where the pixels of a raster lie in another frame: on a grid, or in another raster."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from rasterio.windows import Window

from .frames import Floats, Frame

# Between CRSs, positions are exact on a lattice of this many pixels and bilinear in between;
# a lattice of twice as many tells how far off that is at most.
_STEP = 16
# Where that is more than this share of a pixel or of a square, all pixels are transformed;
# elsewhere, only those so near to an edge of a square that they may lie beyond it.
_BENT = 0.05


def lines_of_squares(
    frame: Frame, area: Window, goal: Frame
) -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
    """The row of `goal` of each pixel row, and the column of each pixel column, -1 outside.

    None where the two are not independent: in another CRS, or where one is rotated.
    """
    if not (frame.upright and goal.upright and same_crs(frame.crs, goal.crs)):
        return None
    rows, cols = _centres(area)
    x, y = frame.positions(rows[:1], cols)[0], frame.positions(rows, cols[:1])[1]
    row, col = goal.places(x[:1], y)[0], goal.places(x, y[:1])[1]
    return _line(row, goal.rows), _line(col, goal.cols)


def _line(place: Floats, count: int) -> NDArray[np.int64]:
    inside = (place >= 0) & (place <= count)
    return np.where(inside, np.minimum(np.floor(place), count - 1), -1).astype(np.int64)


def squares_of_pixels(frame: Frame, window: Window, goal: Frame) -> NDArray[np.int64]:
    """The square of `goal` that holds each pixel's centre, -1 outside, shape [height, width]."""
    rows, cols = _centres(window)
    if same_crs(frame.crs, goal.crs):
        mesh = np.meshgrid(rows, cols, indexing="ij")
        return goal.squares(*goal.places(*frame.positions(*mesh)))
    transformer = Transformer.from_crs(frame.crs, goal.crs, always_xy=True)
    knot_rows, knot_cols = _knots(rows), _knots(cols)
    mesh = np.meshgrid(knot_rows, knot_cols, indexing="ij")
    x, y = transformer.transform(*frame.positions(*mesh))
    off, bent = _errors(x, y, goal)
    row, col = goal.places(_bilinear(x, len(rows), len(cols)), _bilinear(y, len(rows), len(cols)))
    doubtful = _near_edge(row, goal.rows, off) & (col > -1) & (col < goal.cols + 1)
    doubtful |= _near_edge(col, goal.cols, off) & (row > -1) & (row < goal.rows + 1)
    if bent.any():
        whole = bent.repeat(2 * _STEP, axis=0).repeat(2 * _STEP, axis=1)
        doubtful |= whole[: len(rows), : len(cols)]
    which = np.nonzero(doubtful)
    if which[0].size:
        exact = transformer.transform(*frame.positions(rows[which[0]], cols[which[1]]))
        row[which], col[which] = goal.places(*exact)
    return goal.squares(row, col)


def same_crs(one: CRS, other: CRS) -> bool:
    """Whether positions in both are the same numbers."""
    return one.equals(other, ignore_axis_order=True)


def _centres(window: Window) -> tuple[Floats, Floats]:
    rows = window.row_off + np.arange(int(window.height)) + 0.5
    return rows, window.col_off + np.arange(int(window.width)) + 0.5


def _knots(centres: Floats) -> Floats:
    """Places of the lattice, an even number of steps that covers all centres."""
    steps = 2 * math.ceil(len(centres) / (2 * _STEP))
    return centres[0] + _STEP * np.arange(steps + 1.0)


def _errors(x: Floats, y: Floats, goal: Frame) -> tuple[float, NDArray[np.bool_]]:
    """How far off positions are at most, in squares of `goal`, but where they are bent.

    Both are of blocks of two steps each way. Halving the step makes an error a quarter, so that
    those of a lattice of double step are four times those of the lattice itself.
    """
    affine = ~goal.transform
    with np.errstate(invalid="ignore"):
        off_x, side_x = _miss(x)
        off_y, side_y = _miss(y)
        off = np.maximum(
            abs(affine.a) * off_x + abs(affine.b) * off_y,
            abs(affine.d) * off_x + abs(affine.e) * off_y,
        )
        pixel = np.hypot(affine.a * side_x + affine.b * side_y, affine.d * side_x + affine.e * side_y)
        smooth = off <= _BENT * np.minimum(pixel.min(axis=0), 1)
    rounding = 1e-12 * (
        max(map(abs, goal.bounds)) * max(map(abs, (affine.a, affine.b, affine.d, affine.e)))
    )
    return float(off[smooth].max(initial=0.0)) + rounding, ~smooth


def _miss(values: Floats) -> tuple[Floats, Floats]:
    """Of each block: how far bilinear values are off on its inner lattice; a pixel's two sides."""
    corners = values[:-2:2, :-2:2], values[:-2:2, 2::2], values[2::2, :-2:2], values[2::2, 2::2]
    first, second, third, fourth = corners
    misses = (
        values[:-2:2, 1::2] - (first + second) / 2,
        values[2::2, 1::2] - (third + fourth) / 2,
        values[1::2, :-2:2] - (first + third) / 2,
        values[1::2, 2::2] - (second + fourth) / 2,
        values[1::2, 1::2] - (first + second + third + fourth) / 4,
    )
    sides = np.stack([second - first, third - first]) / (2 * _STEP)
    return np.abs(misses).max(axis=0), sides


def _near_edge(place: Floats, count: int, off: float) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        near = np.abs(place - np.rint(place)) <= off
        return near & (place > -1) & (place < count + 1)


def _bilinear(values: Floats, height: int, width: int) -> Floats:
    row, weight_down = np.divmod(np.arange(height), _STEP)
    col, weight_right = np.divmod(np.arange(width), _STEP)
    down, right = (weight_down / _STEP)[:, None], weight_right / _STEP
    with np.errstate(invalid="ignore"):
        lines = values[row] * (1 - down) + values[row + 1] * down
        return lines[:, col] * (1 - right) + lines[:, col + 1] * right
