"""How intervals widen with the distance to cells with measurements.

Leave-one-out errors show how wide intervals must be between cells with measurements. Farther
away, a model can underestimate its errors. The errors in held-out spatial blocks show by which
factor intervals must widen there.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .uncertainty import Calibration

Array = NDArray[np.float64]

# Fewer far cells tell nothing, and no few of them may stretch an interval more.
_LEAST_CELLS = 20
_MOST = 20.0
_PARTS = 10


@dataclass(frozen=True)
class Reach:
    """Factor by which intervals widen; grows with the logarithm of the distance to training cells.

    Parameters
    ----------
    near : float
        Up to this distance, in metres, the factor is 1.
    far : float
        From this distance on, in metres, the factor is `stretch`.
    stretch : float
        The largest factor, at least 1; 1.5 makes intervals half as wide again.
    """

    near: float = 1.0
    far: float = 2.0
    stretch: float = 1.0

    @classmethod
    def learn(cls, between: Array, distance: Array, score: Array, level: float) -> Reach:
        """From cells held out in blocks.

        Parameters
        ----------
        between : float64 array [m]
            Distance of each training cell to the nearest other one, in metres.
        distance : float64 array [n]
            Distance of each held-out cell to the nearest training cell, in metres.
        score : float64 array [n]
            Error of each held-out cell, in half-widths of its interval; NaN where undefined.
        level : float
            Share of values that the intervals should contain.

        Returns
        -------
        Reach
            The smallest factor that reaches `level`; 1 if fewer than 20 cells lie far away.
        """
        near = float(np.median(between)) if len(between) else 0.0
        away = (distance > near) & np.isfinite(score)
        if near <= 0 or away.sum() < _LEAST_CELLS:
            return cls()
        far = max(float(np.median(distance[away])), 1.01 * near)
        share, miss = cls(near, far)._share(distance[away]), score[away]
        # What each cell needs so that its interval just holds it.
        needed = np.where(miss <= 1, 1.0, 1 + (miss - 1) / share)
        stretch = Calibration.learn(needed, level).factor
        return cls(near, far, min(stretch, _MOST))

    def factor(self, distance: Array) -> Array:
        """The factor at each distance, in metres; shape [n]."""
        return 1 + (self.stretch - 1) * self._share(distance)

    def arrays(self) -> dict[str, Array]:
        """As a model file keeps it."""
        return {"reach": np.array(dataclasses.astuple(self))}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Reach:
        """That of a model file; none where it keeps none."""
        return cls(*map(float, arrays["reach"])) if "reach" in arrays else cls()

    def _share(self, distance: Array) -> Array:
        steps = np.log(np.maximum(distance, self.near) / self.near) / np.log(self.far / self.near)
        return np.minimum(steps, 1.0)


def cross_factors(
    between: Array, distance: Array, score: Array, block: NDArray[np.int64], level: float
) -> Array:
    """The factor of each held-out cell, learnt only from other blocks; shape [n].

    `block` is the number of each cell's block; for the rest see `Reach.learn`.
    """
    part = np.unique(block, return_inverse=True)[1].ravel() % _PARTS
    factor = np.ones(len(distance))
    for number in np.unique(part):
        own = part == number
        reach = Reach.learn(between, distance[~own], score[~own], level)
        factor[own] = reach.factor(distance[own])
    return factor
