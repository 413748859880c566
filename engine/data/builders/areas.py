"""Values that are means of several cells, such as those of districts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Areas:
    """Measured values of areas: each is a weighted mean of the values of cells, with noise.

    A total is the mean times the number of cells; a point is an area of one cell.

    Parameters
    ----------
    row : int64 array [E]
        The area of each meeting of an area and a cell, ascending.
    cell : int64 array [E]
        The cell of each, as an index into the cells of a graph.
    share : float64 array [E]
        The weight of the cell in the mean of the area; those of an area add up to 1.
    value : float64 array [n]
        The mean of the cells of each area, in the target's unit.
    kept : bool array [n]
        The areas whose value the map must have exactly.
    """

    row: Index
    cell: Index
    share: Array
    value: Array
    kept: NDArray[np.bool_]

    @classmethod
    def of_cells(cls, y: Array, cells: Index) -> Areas:
        """Of each of these cells alone, whose values are `y[cells]`."""
        count = len(cells)
        whole, kept = np.ones(count), np.zeros(count, bool)
        return cls(np.arange(count), cells, whole, np.asarray(y, np.float64)[cells], kept)

    def and_also(self, other: Areas) -> Areas:
        """These, and others of the same graph behind them."""
        return Areas(
            np.concatenate([self.row, len(self) + other.row]),
            np.concatenate([self.cell, other.cell]),
            np.concatenate([self.share, other.share]),
            np.concatenate([self.value, other.value]),
            np.concatenate([self.kept, other.kept]),
        )

    def __len__(self) -> int:
        return len(self.value)

    def __getitem__(self, some: Index) -> Areas:
        """Those with these numbers, which ascend."""
        number = np.full(len(self), -1)
        number[some] = np.arange(len(some))
        own = number[self.row] >= 0
        parts = number[self.row[own]], self.cell[own], self.share[own]
        return Areas(*parts, self.value[some], self.kept[some])

    def mean(self, values: Array) -> Array:
        """The mean of each area [n] of what is known of each meeting [E]."""
        found: Array = np.bincount(self.row, self.share * values, len(self)).astype(np.float64)
        return found

    @property
    def count(self) -> Array:
        """How many cells of equal weight each area is the mean of, shape [n]."""
        found: Array = 1 / np.bincount(self.row, self.share**2, minlength=len(self))
        return found

    @property
    def cells(self) -> Index:
        """The cells that lie in any, ascending."""
        return np.unique(self.cell)

    def middles(self, position: Array) -> Index:
        """The cell of each area [n] that is nearest to its middle; no cell stands for two.

        -1 where another area has it. `position` [N, 2] are the middles of the cells.
        """
        own = position[self.cell]
        middle = np.column_stack([self.mean(axis) for axis in own.T])
        away = ((own - middle[self.row]) ** 2).sum(axis=1)
        order = np.lexsort((away, self.row))
        first = order[np.unique(self.row[order], return_index=True)[1]]
        found = self.cell[first]
        once = np.unique(found, return_index=True)[1]
        alone = np.full(len(self), -1)
        alone[once] = found[once]
        return alone

    def flat(self, cells: int) -> Array:
        """Of each of so many cells the mean of its areas' values; NaN where there are none."""
        weight = np.bincount(self.cell, minlength=cells).astype(np.float64)
        total = np.bincount(self.cell, self.value[self.row], minlength=cells)
        with np.errstate(invalid="ignore"):
            found: Array = total / weight
        return found
