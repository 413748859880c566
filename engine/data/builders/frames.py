"""Rows and columns of equal squares on a map: the cells of a grid, or the pixels of a raster."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.transform import Affine

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Frame:
    """Where squares lie.

    Parameters
    ----------
    crs : pyproj.CRS
        Their CRS.
    transform : Affine
        From (column, row) to the CRS.
    rows, cols : int
        How many there are.
    """

    crs: CRS
    transform: Affine
    rows: int
    cols: int

    @property
    def upright(self) -> bool:
        """Whether rows and columns run along the axes."""
        return not (self.transform.b or self.transform.d)

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """The least x and y and the greatest x and y."""
        x, y = self.positions(*np.array([[0, 0, self.rows, self.rows], [0, self.cols] * 2], float))
        return float(x.min()), float(y.min()), float(x.max()), float(y.max())

    @cached_property
    def turn(self) -> float | None:
        """A whole turn in the unit of a geographic CRS; None where x is no longitude."""
        if not self.crs.is_geographic:
            return None
        return round(2 * math.pi / self.crs.axis_info[0].unit_conversion_factor, 9)

    def positions(self, rows: Floats, cols: Floats) -> tuple[Floats, Floats]:
        """Positions in the CRS, of rows and columns with fractions."""
        affine = self.transform
        x = affine.c + affine.a * cols + affine.b * rows
        return x, affine.f + affine.d * cols + affine.e * rows

    def places(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Rows and columns, with fractions, of positions in the CRS.

        A longitude outside is tried whole turns off.
        """
        affine = self.transform
        x = self._turned(x)
        if not self.upright:
            col, row = ~affine * (x, y)
            return row, col
        row = np.where(y == affine.f + affine.e * self.rows, self.rows, (y - affine.f) / affine.e)
        col = np.where(x == affine.c + affine.a * self.cols, self.cols, (x - affine.c) / affine.a)
        return row, col

    def _turned(self, x: Floats) -> Floats:
        if self.turn is None:
            return x
        left, _, right, _ = self.bounds
        with np.errstate(invalid="ignore"):
            outside = (x < left) | (x > right)
            if not outside.any():
                return x
            return np.where(outside, x + self.turn * np.ceil((left - x) / self.turn), x)

    def squares(self, row: Floats, col: Floats) -> NDArray[np.int64]:
        """The number of the square at each row and column: row x cols + column, or -1 outside.

        A shared edge belongs to the square with the greater number; the far edges belong to
        the last squares.
        """
        inside = (col >= 0) & (col <= self.cols) & (row >= 0) & (row <= self.rows)
        with np.errstate(invalid="ignore"):
            row = np.minimum(np.floor(row), self.rows - 1)
            col = np.minimum(np.floor(col), self.cols - 1)
            return np.where(inside, row * self.cols + col, -1).astype(np.int64)
