"""How the width of intervals follows the distance to cells with measurements.

Leave-one-out errors show how wide intervals must be between cells with measurements. Elsewhere,
a model can misjudge its errors. The errors of cells that were held out at random and in blocks
show how much wider, or narrower, intervals must be at each distance: split conformal prediction
in classes (Mondrian; Vovk et al. 2003, "Mondrian confidence machine"), joined to a curve that
never falls, so that no seam shows in a map.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .uncertainty import Calibration

Array = NDArray[np.float64]

# Fewer cells tell nothing, a class needs so many for its quantile, and more classes are no use.
_LEAST_CELLS = 20
_LEAST_IN_CLASS = 40
_MOST_CLASSES = 16
# The more cells, the more classes and the more in each: cells in a class, by the power of all.
_GROWTH = 2 / 3
# No few cells may change an interval by more.
_MOST = 20.0
# Distances that are alike up to rounding are of one class.
_ROUNDING = 1 + 1e-9


@dataclass(frozen=True)
class Reach:
    """Factor by which intervals widen with distance, along the logarithm of distance.

    Parameters
    ----------
    distances : tuple of float
        Distances to the nearest training cell in metres, ascending.
    factors : tuple of float
        The factor at each, not falling; between them it is interpolated, beyond them it stays.
        1.5 makes intervals half as wide again.
    """

    distances: tuple[float, ...] = (1.0,)
    factors: tuple[float, ...] = (1.0,)

    @classmethod
    def learn(cls, distance: Array, score: Array, level: float) -> Reach:
        """From held-out cells.

        Parameters
        ----------
        distance : float64 array [n]
            Distance of each held-out cell to the nearest training cell, in metres.
        score : float64 array [n]
            Error of each held-out cell, in half-widths of its interval; NaN where undefined.
        level : float
            Share of values that the intervals should contain.

        Returns
        -------
        Reach
            In classes of distance of like size, the factor that reaches `level`; 1 everywhere if
            fewer than 20 cells have a score.
        """
        from sklearn.isotonic import isotonic_regression

        usable = np.isfinite(score) & (distance > 0)
        count = int(usable.sum())
        if count < _LEAST_CELLS:
            return cls()
        distance, score = distance[usable], score[usable]
        each = max(_LEAST_IN_CLASS, count**_GROWTH)
        classes = min(max(int(count / each), 1), _MOST_CLASSES)
        ends = np.unique(np.quantile(distance, np.arange(1, classes) / classes, method="higher"))
        number = np.searchsorted(ends, distance * _ROUNDING, side="right")
        parts = [np.flatnonzero(number == part) for part in np.unique(number)]
        at = [math.exp(np.log(distance[part]).mean()) for part in parts]
        needed = [Calibration.learn(score[part], level).factor for part in parts]
        rising = isotonic_regression(needed, sample_weight=[len(part) for part in parts])
        return cls(tuple(at), tuple(np.clip(rising, 1 / _MOST, _MOST).tolist()))

    @property
    def curve(self) -> tuple[Array, Array]:
        """Distances and factors as arrays."""
        return np.array(self.distances), np.array(self.factors)

    def factor(self, distance: Array) -> Array:
        """The factor at each distance, in metres; shape [n]."""
        with np.errstate(divide="ignore"):
            steps = np.log(distance)
        at, factor = self.curve
        found: Array = np.interp(steps, np.log(at), factor)
        return found

    def arrays(self) -> dict[str, Array]:
        """As a model file keeps it."""
        return {"reach": np.stack(self.curve)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Reach:
        """That of a model file; none where it keeps none.

        Older files keep two distances and the factor from the second on; it is 1 up to the first.
        """
        if "reach" not in arrays:
            return cls()
        kept = np.asarray(arrays["reach"], dtype=np.float64)
        if kept.ndim == 1:
            near, far, stretch = kept.tolist()
            return cls((near, far), (1.0, stretch))
        return cls(*(tuple(row) for row in kept.tolist()))


def cross_factors(
    distance: Array,
    score: Array,
    part: NDArray[np.int64],
    usable: NDArray[np.bool_],
    level: float,
) -> Array:
    """The factor of each held-out cell, learnt from other parts of the cells only; shape [n].

    Parameters
    ----------
    distance, score, level
        See `Reach.learn`.
    part : int64 array [n]
        Cells of one part, a number from 0, tell nothing of each other.
    usable : bool array [n]
        Whether others may learn from a cell.
    """
    factor = np.ones(len(distance))
    # Those of whom nobody learns are of a part of their own.
    part = np.where(usable, part, -1)
    for number in np.unique(part):
        own = part == number
        others = usable & ~own
        factor[own] = Reach.learn(distance[others], score[others], level).factor(distance[own])
    return factor
