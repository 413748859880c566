"""Rows and columns of equal squares on a map: the cells of a grid, or the pixels of a raster."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError
from rasterio.transform import Affine

from ...errors import InputError
from ...language import tr
from .crs import whole_turn

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
        return whole_turn(self.crs)

    def positions(self, rows: Floats, cols: Floats) -> tuple[Floats, Floats]:
        """Positions in the CRS, of rows and columns with fractions."""
        affine = self.transform
        x = affine.c + affine.a * cols + affine.b * rows
        return x, affine.f + affine.d * cols + affine.e * rows

    def lines(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Rows and columns, with fractions, of positions in the CRS."""
        affine = self.transform
        if self.upright:
            return (y - affine.f) / affine.e, (x - affine.c) / affine.a
        col, row = ~affine * (x, y)
        return row, col

    def snapped_lines(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """As `lines`, but a longitude outside is tried whole turns off, and the far edges are
        at whole numbers.
        """
        if self.turn is not None:
            left, _, right, _ = self.bounds
            x = _turned(x, left, right, self.turn)
        row, col = self.lines(x, y)
        if self.upright:
            row = np.where(y == self.transform.f + self.transform.e * self.rows, self.rows, row)
            col = np.where(x == self.transform.c + self.transform.a * self.cols, self.cols, col)
        return row, col

    def turned(self, col: Floats) -> Floats:
        """Columns of `lines` outside, whole turns off where longitudes are; upright frames only."""
        if self.turn is None:
            return col
        return _turned(col, 0, self.cols, self.turn / abs(self.transform.a))

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


def same_crs(one: CRS, other: CRS) -> bool:
    """Whether positions in both are the same numbers."""
    return one.equals(other, ignore_axis_order=True)


def between(one: CRS, other: CRS) -> Transformer:
    """What takes positions of one CRS to another.

    Raises
    ------
    InputError
        If nothing is known to do so, as with the local system of a building site.
    """
    try:
        return Transformer.from_crs(one, other, always_xy=True)
    except ProjError as error:
        raise InputError(
            tr(
                "Positions in the CRS '{one}' cannot be transformed to the CRS '{other}'; give the "
                "raster or the grid another CRS."
            ).format(one=one.name, other=other.name)
        ) from error


def _turned(values: Floats, first: float, last: float, turn: float) -> Floats:
    """Values outside moved by whole turns to above `first`."""
    with np.errstate(invalid="ignore"):
        outside = (values < first) | (values > last)
        if not outside.any():
            return values
        return np.where(outside, values + turn * np.ceil((first - values) / turn), values)
