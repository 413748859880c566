"""Lines of pixels in lines of cells: runs of pixels in one cell, and shares of pixels in cells."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window
from scipy import sparse

from .frames import Floats, Frame

# Overlaps of less than this share of a pixel are what rounding leaves.
_SLIVER = 1e-6


def inside(line: NDArray[np.int64]) -> tuple[int, int]:
    """The first and the last + 1 index that is not outside."""
    found = np.flatnonzero(line >= 0)
    return (int(found[0]), int(found[-1]) + 1) if found.size else (0, 0)


def runs(line: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where runs of equal numbers start, and the number of each."""
    starts = np.concatenate([[0], np.flatnonzero(np.diff(line)) + 1])
    return starts, line[starts]


def pieces(row: NDArray[np.int64], longest: int) -> list[tuple[int, int]]:
    """Start and stop of runs inside the grid, cut where they are longer than `longest`."""
    starts, numbers = runs(row)
    stops = np.append(starts[1:], len(row))
    return [
        (start, min(start + longest, last))
        for first, last, number in zip(starts.tolist(), stops.tolist(), numbers)
        if number >= 0
        for start in range(first, last, longest)
    ]


def overlaps_of_lines(
    frame: Frame, window: Window, goal: Frame
) -> tuple[tuple[NDArray[np.int64], sparse.csr_array], tuple[NDArray[np.int64], sparse.csr_array]]:
    """Which share of each pixel row lies in each row of `goal`, and the same of columns.

    Both must be upright and in one CRS. A share of a pixel in a cell is the product of both.

    Returns
    -------
    pair of (int64 array [n], sparse array [n, pixels])
        The rows of `goal` that are met, and the shares; the same of columns.
    """
    top, left = window.row_off, window.col_off
    rows = top + np.arange(window.height + 1.0)
    cols = left + np.arange(window.width + 1.0)
    x, y = frame.positions(rows[:1], cols)[0], frame.positions(rows, cols[:1])[1]
    row, col = goal.lines(x[:1], y)[0], goal.lines(x, y[:1])[1]
    turn = None if goal.turn is None else goal.turn / abs(goal.transform.a)
    return _shares(row, goal.rows, None), _shares(col, goal.cols, turn)


def _shares(
    edges: Floats, count: int, turn: float | None
) -> tuple[NDArray[np.int64], sparse.csr_array]:
    """Cells met by the pixels between `edges`, in cells, and the share of each pixel in each."""
    parts = []
    low, high = min(edges[0], edges[-1]), max(edges[0], edges[-1])
    turns = [0.0]
    if turn is not None:
        turns = [turn * k for k in range(int(-high // turn), int((count - low) // turn) + 1)]
    for shift in turns:
        moved = edges + shift
        first, last = np.clip([low + shift, high + shift], 0, count)
        cuts = np.unique(
            np.concatenate([np.clip(moved, 0, count), np.arange(np.ceil(first), last)])
        )
        if len(cuts) > 1:
            middle = (cuts[1:] + cuts[:-1]) / 2
            order = moved if moved[-1] > moved[0] else -moved
            at = middle if moved[-1] > moved[0] else -middle
            pixel = np.searchsorted(order, at, side="right") - 1
            share = np.diff(cuts) / np.abs(np.diff(edges))[pixel]
            parts.append(np.stack([middle // 1, pixel, share]))
    cell, pixel, share = np.hstack(parts) if parts else np.empty((3, 0))
    kept = share > _SLIVER
    met, line = np.unique(cell[kept].astype(np.int64), return_inverse=True)
    shape = (len(met), len(edges) - 1)
    return met, sparse.csr_array((share[kept], (line, pixel[kept].astype(np.int64))), shape=shape)
