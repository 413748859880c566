"""Blocks: windows of a grid with what lies around them, in which maps are made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .grid import Grid
from .squares import SQUARE

Raster: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Block:
    """A window of the grid of a map; plain numbers, which any process can be told.

    Parameters
    ----------
    number : int
        Its place among the blocks of the grid, from 0.
    row0, row1, col0, col1 : int
        Its own rows and columns in the grid, the last ones not among them.
    halo : tuple of int
        Rows and columns around it that are read with it, as far as the grid has them.
    """

    number: int
    row0: int
    row1: int
    col0: int
    col1: int
    halo: tuple[int, int] = (0, 0)

    @property
    def shape(self) -> tuple[int, int]:
        """Its rows and columns."""
        return self.row1 - self.row0, self.col1 - self.col0

    @property
    def size(self) -> int:
        """Number of its own cells."""
        return self.shape[0] * self.shape[1]

    def wide(self, grid: Grid) -> Block:
        """The block of its cells and those around it."""
        down, right = self.halo
        rows = max(self.row0 - down, 0), min(self.row1 + down, grid.rows)
        cols = max(self.col0 - right, 0), min(self.col1 + right, grid.cols)
        return Block(self.number, *rows, *cols)

    def window(self, grid: Grid) -> Grid:
        """Its own cells as a grid."""
        return Grid(
            grid.crs,
            grid.left + self.col0 * grid.cell_width,
            grid.top - self.row0 * grid.cell_height,
            grid.cell_width,
            grid.cell_height,
            *self.shape,
        )

    def cells(self, grid: Grid) -> NDArray[np.int64]:
        """The numbers of its own cells in the grid of the map, ascending."""
        rows, cols = np.arange(self.row0, self.row1), np.arange(self.col0, self.col1)
        return (rows[:, None] * grid.cols + cols).ravel()

    def holds(self, grid: Grid, cell: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which cells of the grid of the map are its own."""
        row, col = np.divmod(cell, grid.cols)
        inside: NDArray[np.bool_] = (row >= self.row0) & (row < self.row1)
        return inside & (col >= self.col0) & (col < self.col1)

    def place(self, grid: Grid, cell: NDArray[np.int64], values: NDArray[Any]) -> Raster:
        """Values of some of its own cells as a raster [rows, columns], NaN elsewhere."""
        surface = np.full(self.shape, np.nan)
        row, col = np.divmod(cell, grid.cols)
        surface[row - self.row0, col - self.col0] = values
        return surface


def blocks_of(grid: Grid, side: int, halo: tuple[int, int] = (0, 0)) -> list[Block]:
    """The blocks of a grid, from north to south and west to east.

    Parameters
    ----------
    grid : Grid
        The grid of the map.
    side : int
        Rows and columns of a block, rounded up to whole squares of `SQUARE`; those at the end of
        the grid may have fewer. A grid of no more cells is one block, whatever its shape.
    halo : tuple of int
        See `Block`.
    """
    if grid.size <= side**2:
        return [Block(0, 0, grid.rows, 0, grid.cols, halo)]
    side = -(-side // SQUARE) * SQUARE
    starts = [(row, col) for row in range(0, grid.rows, side) for col in range(0, grid.cols, side)]
    return [
        Block(number, row, min(row + side, grid.rows), col, min(col + side, grid.cols), halo)
        for number, (row, col) in enumerate(starts)
    ]
