"""Values between the centres of pixels, where cells are smaller than pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window

from .frames import Floats, Frame, between
from .grid import Grid
from .moments import Found, sum_each

# Weights below this are what rounding leaves.
_LEAST = 1e-9


@dataclass(frozen=True)
class Places:
    """Where the centres of a grid's cells lie among the pixels of a raster.

    Parameters
    ----------
    row, col : float array [size]
        Rows and columns counted from the centre of the first pixel; NaN far outside.
    shape : tuple of int
        Rows and columns of the raster.
    around : bool
        Whether the raster goes around the Earth, so that its last column is beside its first.
    """

    row: Floats
    col: Floats
    shape: tuple[int, int]
    around: bool

    @classmethod
    def of(cls, frame: Frame, grid: Grid) -> Places:
        """Find them."""
        x, y = grid.centres(np.arange(grid.size)).T
        x, y = between(grid.pyproj_crs, frame.crs).transform(x, y)
        around = False
        if frame.turn is not None:
            left, _, right, _ = frame.bounds
            with np.errstate(invalid="ignore"):
                x = x - frame.turn * np.round((x - (left + right) / 2) / frame.turn)
            around = frame.upright and abs(right - left - frame.turn) < 1e-6 * frame.turn
        row, col = frame.lines(x, y)
        with np.errstate(invalid="ignore"):
            near = (np.abs(row - frame.rows / 2) <= frame.rows / 2 + 1) & (
                np.abs(col - frame.cols / 2) <= frame.cols / 2 + 1
            )
        row, col = (np.where(near, line - 0.5, np.nan) for line in (row, col))
        return cls(row, col, (frame.rows, frame.cols), around)

    def inside(self) -> NDArray[np.bool_]:
        """Cells whose centre lies on the raster."""
        row, col = self.row + 0.5, self.col + 0.5
        return (row >= 0) & (row <= self.shape[0]) & (col >= 0) & (col <= self.shape[1])

    def spread(self, window: Window, values: NDArray[np.floating], pilot: Floats) -> list[Found]:
        """What the pixels of a window give to cells around whose centres they lie.

        Each pixel weighs as in bilinear interpolation. Divided by the sum of its weights, a sum
        leaves out missing pixels, and goes on from one raster to the next.
        """
        found = []
        with np.errstate(invalid="ignore"):
            first_row, first_col = np.floor(self.row), np.floor(self.col)
        for down in (0, 1):
            for right in (0, 1):
                row, col = first_row + down, first_col + right
                weight = (1 - np.abs(self.row - row)) * (1 - np.abs(self.col - col))
                if self.around:
                    col = col % self.shape[1]
                row, col = row - window.row_off, col - window.col_off
                here = (row >= 0) & (row < window.height) & (col >= 0) & (col < window.width)
                cell = np.flatnonzero(here & (weight > _LEAST))
                if len(cell):
                    lone = values[:, row[cell].astype(np.int64), col[cell].astype(np.int64)]
                    found.append(sum_each(cell, lone, pilot, 0, weight[cell]))
        return found
