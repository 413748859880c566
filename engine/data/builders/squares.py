"""Squares of a grid: what is added up square by square is the same whatever blocks are read."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .grid import Grid

SQUARE = 64
"""Cells of a side, counted from the first row and column of a grid; blocks hold whole squares."""
# Half of the errors must be so many steps of a float32 wide; see `numerics.compact`.
_STEPS, _SHARE = 1000.0, 10.0


@dataclass
class Moments:
    """Count, mean and sum of squares around it of a covariate in each square of a map.

    Squares are those of `squares_of`: what they add up to does not depend on the blocks.
    """

    parts: list[NDArray[np.float64]] = field(default_factory=list)
    """Number of each square, count, mean and sum of squares around it, [4, squares] each."""

    def add(self, square: NDArray[np.int64], values: NDArray[np.float64]) -> None:
        """Add the values of cells, of the squares that they lie in; NaN is left out."""
        known = np.isfinite(values)
        numbers, index = np.unique(square[known], return_inverse=True)
        values = values[known]
        count = np.bincount(index)
        mean = np.bincount(index, values) / count
        rest = np.bincount(index, (values - mean[index]) ** 2)
        self.parts.append(np.stack([numbers, count, mean, rest]))

    def scale(self) -> tuple[float, float]:
        """Mean and deviation of all, or its size if it does not vary."""
        count, mean, rest = self._all
        total = count.sum()
        middle = float((count * mean).sum() / total) if total else 0.0
        square = rest.sum() + (count * (mean - middle) ** 2).sum()
        return middle, (float(np.sqrt(square / total)) if total else 0.0) or abs(middle) or 1.0

    @property
    def fine(self) -> bool:
        """Whether float32 tells the values well enough; see `numerics.compact`."""
        count, mean, _ = self._all
        if np.abs(mean).max(initial=0.0) > np.finfo(np.float32).max:
            return False
        steps = np.spacing(np.abs(mean).astype(np.float32)).astype(np.float64) * _STEPS
        return bool(2 * count[steps * _SHARE <= self.scale()[1]].sum() >= count.sum())

    @property
    def _all(self) -> NDArray[np.float64]:
        number, *sums = np.concatenate([np.empty((4, 0)), *self.parts], axis=1)
        return np.stack(sums)[:, np.argsort(number)]


def squares_of(grid: Grid, cell: NDArray[np.int64], side: int = SQUARE) -> NDArray[np.int64]:
    """The number of the square of `side` x `side` cells that each cell of a grid lies in."""
    row, col = np.divmod(cell, grid.cols)
    return row // side * (-(-grid.cols // side)) + col // side
