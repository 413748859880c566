"""Blocks: windows of a grid with what lies around them, in which maps are made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .grid import Grid

# Blocks begin at whole squares of so many cells a side, counted from the first row and column of
# the grid: what is worked out square by square is the same whatever the blocks are.
SQUARE = 64


@dataclass(frozen=True)
class Block:
    """A window of a grid.

    Parameters
    ----------
    number : int
        Its place among the blocks of the grid, from 0.
    grid : Grid
        The grid of the map.
    row0, row1, col0, col1 : int
        Its own rows and columns in the grid, the last ones not among them.
    halo : tuple of int
        Rows and columns around it that are read with it, as far as the grid has them.
    """

    number: int
    grid: Grid
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
    def own(self) -> Grid:
        """Its own cells as a grid."""
        return _window(self.grid, self.row0, self.row1, self.col0, self.col1)

    @property
    def with_halo(self) -> Grid:
        """Its cells and those around it as a grid."""
        return _window(self.grid, *self._wide)

    @property
    def cells(self) -> NDArray[np.int64]:
        """The numbers of its own cells in the map's grid, ascending."""
        return self._numbers(self.row0, self.row1, self.col0, self.col1)

    @property
    def cells_with_halo(self) -> NDArray[np.int64]:
        """The numbers of the cells of `with_halo` in the map's grid, ascending."""
        return self._numbers(*self._wide)

    def holds(self, cell: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which cells of the map's grid are its own."""
        row, col = np.divmod(cell, self.grid.cols)
        inside: NDArray[np.bool_] = (row >= self.row0) & (row < self.row1)
        return inside & (col >= self.col0) & (col < self.col1)

    def place(self, cell: NDArray[np.int64], values: NDArray[Any]) -> NDArray[np.float64]:
        """Values of some of its own cells as a raster of its shape, NaN elsewhere."""
        surface = np.full(self.shape, np.nan)
        row, col = np.divmod(cell, self.grid.cols)
        surface[row - self.row0, col - self.col0] = values
        return surface

    @property
    def _wide(self) -> tuple[int, int, int, int]:
        down, right = self.halo
        return (
            max(self.row0 - down, 0),
            min(self.row1 + down, self.grid.rows),
            max(self.col0 - right, 0),
            min(self.col1 + right, self.grid.cols),
        )

    def _numbers(self, row0: int, row1: int, col0: int, col1: int) -> NDArray[np.int64]:
        numbers = np.arange(row0, row1)[:, None] * self.grid.cols + np.arange(col0, col1)
        return numbers.ravel()


def blocks_of(grid: Grid, side: int, halo: tuple[int, int] = (0, 0)) -> list[Block]:
    """The blocks of a grid, from north to south and west to east.

    Parameters
    ----------
    grid : Grid
        The grid of the map.
    side : int
        Rows and columns of a block, rounded up to whole squares of `SQUARE`; those at the end of
        the grid may have fewer. A grid of no more than its square is one block.
    halo : tuple of int
        See `Block`.
    """
    if grid.size <= side**2:
        return [Block(0, grid, 0, grid.rows, 0, grid.cols, halo)]
    side = -(-side // SQUARE) * SQUARE
    starts = [(row, col) for row in range(0, grid.rows, side) for col in range(0, grid.cols, side)]
    return [
        Block(number, grid, row, min(row + side, grid.rows), col, min(col + side, grid.cols), halo)
        for number, (row, col) in enumerate(starts)
    ]


def squares_of(grid: Grid, cell: NDArray[np.int64], side: int = SQUARE) -> NDArray[np.int64]:
    """The number of the square of `side` x `side` cells that each cell of a grid lies in."""
    row, col = np.divmod(cell, grid.cols)
    return row // side * (-(-grid.cols // side)) + col // side


def _window(grid: Grid, row0: int, row1: int, col0: int, col1: int) -> Grid:
    return Grid(
        grid.crs,
        grid.left + col0 * grid.cell_width,
        grid.top - row0 * grid.cell_height,
        grid.cell_width,
        grid.cell_height,
        row1 - row0,
        col1 - col0,
    )
