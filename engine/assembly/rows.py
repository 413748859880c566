"""Cells of a map with what surrounds them, as a block gives them to the whole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..data.builders.graph import GraphRawData
from ..data.builders.surroundings import Neighbourhoods
from ..executors.work import Arrays, as_array, of_array

# The arrays of what surrounds cells.
_AROUND = ("x", "group", "unit")


@dataclass(frozen=True, eq=False)
class Rows:
    """Some cells of a map, and what surrounds them.

    Parameters
    ----------
    cell : int64 array [n]
        Their numbers in the grid.
    features : float array [n, K]
        See `GraphRawData`.
    around : tuple of Neighbourhoods
        For each pair of `Ground.least`.
    """

    cell: NDArray[np.int64]
    features: NDArray[np.floating]
    around: tuple[Neighbourhoods, ...]

    @classmethod
    def of(cls, graph: GraphRawData) -> Rows:
        """Those of a graph that `Ground.read` returned."""
        around = graph.whole.around.values() if graph.whole else ()
        return cls(graph.cell, graph.features, tuple(around))

    def arrays(self) -> Arrays:
        """All of it as arrays by their names, as executors take them."""
        found = {"cell": self.cell, "features": self.features}
        found["names"] = as_array([own.names for own in self.around])
        for number, own in enumerate(self.around):
            for name in _AROUND:
                found[f"{name} {number}"] = getattr(own, name)
        return found

    @classmethod
    def of_arrays(cls, arrays: Arrays) -> Rows:
        """The rows of `arrays`."""
        around = (
            Neighbourhoods(**{n: arrays[f"{n} {number}"] for n in _AROUND}, names=tuple(names))
            for number, names in enumerate(of_array(arrays["names"]))
        )
        return cls(arrays["cell"], arrays["features"], tuple(around))
