"""Where the values of a target were measured."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...errors import InputError
from ...language import tr

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Readings:
    """Measured values of a target at their true places, one row a measurement.

    Parameters
    ----------
    cell : int64 array [M]
        The cell of each, as an index into the cells of a graph.
    xy : float64 array [M, 2]
        The place of each, x (east or longitude) first, in the CRS of the grid.
    value : float64 array [M]
        What was measured, in the target's unit.
    """

    cell: NDArray[np.int64]
    xy: Array
    value: Array

    def check(self, name: str, cells: int) -> None:
        """Refuse readings that do not fit a graph of so many cells; `name` is the target.

        Raises
        ------
        InputError
            If they are of different numbers, not finite, or in cells that do not exist.
        """
        count = len(self.cell)
        fits = self.xy.shape == (count, 2) and self.value.shape == (count,)
        if not (fits and np.isfinite(self.xy).all() and np.isfinite(self.value).all()):
            raise InputError(
                tr("The readings of '{name}' must be finite, with x, y and value each.").format(
                    name=name
                )
            )
        if count and (self.cell.min() < 0 or self.cell.max() >= cells):
            raise InputError(
                tr("The readings of '{name}' lie in cells that do not exist.").format(name=name)
            )

    def within(self, cells: NDArray[np.int64]) -> Readings:
        """Those in `cells`, each with the index of its cell among these."""
        number = np.full(max(self.cell.max(initial=-1), cells.max(initial=-1)) + 1, -1)
        number[cells] = np.arange(len(cells))
        kept = number[self.cell] >= 0
        return Readings(number[self.cell[kept]], self.xy[kept], self.value[kept])
