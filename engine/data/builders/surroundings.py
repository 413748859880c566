"""What lies around cells, and what a graph of some cells of a map knows of the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import correlate1d


@dataclass(frozen=True)
class Neighbourhoods:
    """Features of every cell's surroundings.

    Parameters
    ----------
    x : float array [N, F]
        Window means, in the precision of the graph's features; NaN where no cell of the
        window was measured.
    group : int64 array [F]
        The group of each column: columns of one kind in one window share a scale.
    names : tuple of str
        Name of each group, such as `landcover 3`.
    unit : float64 array [F]
        What each column is measured in: the deviation of a covariate over all cells, whose
        unit could be any, and 1 for proportions and the logarithms of numbers.
    """

    x: NDArray[np.floating]
    group: NDArray[np.int64]
    names: tuple[str, ...]
    unit: NDArray[np.float64]

    def of(self, cells: NDArray[np.int64]) -> Neighbourhoods:
        """Those of some cells."""
        return Neighbourhoods(self.x[cells], self.group, self.names, self.unit)


@dataclass(frozen=True, eq=False)
class Whole:
    """The map of which a graph holds some cells.

    Parameters
    ----------
    cells : int
        How many cells the map has.
    scales : mapping of str to (float, float)
        Mean and deviation over all of them of each covariate, by the name of its column.
    around : mapping of (float, float) to Neighbourhoods
        What surrounds the graph's cells, most of whose neighbours it does not hold; by the shares
        of land cover and of POIs up to which they count as 0. Empty where the graph holds all
        that surrounds the cells that are asked about.
    """

    cells: int
    scales: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    around: Mapping[tuple[float, float], Neighbourhoods] = field(default_factory=dict)

    def of(self, cells: NDArray[np.int64]) -> Whole:
        """What a graph of some of the cells knows."""
        around = {least: own.of(cells) for least, own in self.around.items()}
        return Whole(self.cells, self.scales, around)


def box_sums(plane: NDArray[np.float64], size: tuple[int, int]) -> NDArray[np.float64]:
    """The sum over the box of so many rows and columns, both odd, around each place of a plane.

    Each is taken anew, in one order: it does not depend on how far the plane goes on.
    """
    for axis, length in enumerate(size):
        if length > 1:
            plane = correlate1d(plane, np.ones(length), axis, mode="constant")
    return plane
