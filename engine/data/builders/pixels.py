"""Where the pixels of a raster lie in another frame: on a grid, or in another raster."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window

from .frames import Floats, Frame, between, same_crs

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
    row, col = goal.snapped_lines(x[:1], y)[0], goal.snapped_lines(x, y[:1])[1]
    return _line(row, goal.rows), _line(col, goal.cols)


def _line(position: Floats, count: int) -> NDArray[np.int64]:
    inside = (position >= 0) & (position <= count)
    return np.where(inside, np.minimum(np.floor(position), count - 1), -1).astype(np.int64)


def squares_of_pixels(frame: Frame, window: Window, goal: Frame) -> NDArray[np.int64]:
    """The square of `goal` that holds each pixel's centre, -1 outside, shape [height, width]."""
    rows, cols = _centres(window)
    if same_crs(frame.crs, goal.crs):
        mesh = np.meshgrid(rows, cols, indexing="ij")
        return goal.squares(*goal.snapped_lines(*frame.positions(*mesh)))
    transformer = between(frame.crs, goal.crs)
    mesh = np.meshgrid(_knots(rows), _knots(cols), indexing="ij")
    row, col = goal.lines(*transformer.transform(*frame.positions(*mesh)))
    off, bent = _errors(row, col)
    if goal.turn is not None and not goal.upright:
        bent[:] = True
    row, col = (_bilinear(lines, len(rows), len(cols)) for lines in (row, col))
    square, doubtful = _squares(row, goal.turned(col), goal, off)
    if bent.any():
        bent = bent.repeat(2 * _STEP, axis=0).repeat(2 * _STEP, axis=1)
        doubtful |= bent[: len(rows), : len(cols)]
    which = np.nonzero(doubtful)
    exact = transformer.transform(*frame.positions(rows[which[0]], cols[which[1]]))
    square[which] = goal.squares(*goal.snapped_lines(*exact))
    return square


def _squares(
    row: Floats, col: Floats, goal: Frame, off: float
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Squares, and which may be others where positions are wrong by `off`."""
    with np.errstate(invalid="ignore"):
        down, right = np.floor(row), np.floor(col)
        doubtful = np.abs(row - down - 0.5) >= 0.5 - off
        doubtful |= np.abs(col - right - 0.5) >= 0.5 - off
        inside = (down >= 0) & (down < goal.rows) & (right >= 0) & (right < goal.cols)
        return np.where(inside, down * goal.cols + right, -1).astype(np.int64), doubtful


def _centres(window: Window) -> tuple[Floats, Floats]:
    rows = window.row_off + np.arange(int(window.height)) + 0.5
    return rows, window.col_off + np.arange(int(window.width)) + 0.5


def _knots(centres: Floats) -> Floats:
    """Positions of the lattice, an even number of steps that covers all centres."""
    steps = 2 * math.ceil(len(centres) / (2 * _STEP))
    return centres[0] + _STEP * np.arange(steps + 1.0)


def _errors(row: Floats, col: Floats) -> tuple[float, NDArray[np.bool_]]:
    """By how many squares positions are wrong at most, but in blocks where they are bent.

    A block is two steps each way. Halving the step makes an error a quarter, so that those of a
    lattice of double step are four times those of the lattice itself.
    """
    with np.errstate(invalid="ignore"):
        misses, sides = zip(_miss(row), _miss(col))
        off = np.maximum(*misses)
        pixel = np.hypot(*sides).min(axis=0)
        smooth = off <= _BENT * np.minimum(pixel, 1)
        rounding = 1e-12 * np.abs(row[np.isfinite(row)]).max(initial=1.0)
        rounding += 1e-12 * np.abs(col[np.isfinite(col)]).max(initial=1.0)
    return float(off[smooth].max(initial=0.0) + rounding), ~smooth


def _miss(values: Floats) -> tuple[Floats, Floats]:
    """Of each block: how far bilinear values are off on its inner lattice; a pixel's two sides."""
    first, second = values[:-2:2, :-2:2], values[:-2:2, 2::2]
    third, fourth = values[2::2, :-2:2], values[2::2, 2::2]
    misses = (
        values[:-2:2, 1::2] - (first + second) / 2,
        values[2::2, 1::2] - (third + fourth) / 2,
        values[1::2, :-2:2] - (first + third) / 2,
        values[1::2, 2::2] - (second + fourth) / 2,
        values[1::2, 1::2] - (first + second + third + fourth) / 4,
    )
    sides = np.stack([second - first, third - first]) / (2 * _STEP)
    return np.abs(misses).max(axis=0), sides


def _bilinear(values: Floats, height: int, width: int) -> Floats:
    row, weight = np.divmod(np.arange(height), _STEP)
    down, right = (weight / _STEP)[:, None], np.arange(_STEP) / _STEP
    with np.errstate(invalid="ignore"):
        lines = values[row] * (1 - down) + values[row + 1] * down
        filled = lines[:, :-1, None] + np.diff(lines)[:, :, None] * right
    return filled.reshape(height, -1)[:, :width]
