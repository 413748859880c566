"""How much wider intervals must be away from measured cells.

Scores of cells left out one by one say what an interval needs between measured cells. A model
may be too sure of itself farther away, where it was never tested: cells of blocks that were
held out whole tell how much wider its intervals must be there.
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
    """A stretch of intervals that grows with the logarithm of the distance to measured cells.

    Parameters
    ----------
    near : float
        Up to this distance, in metres, intervals stay as they are.
    far : float
        From this distance on they are stretched most.
    stretch : float
        So many times, at least once.
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
            Distance of each cell that the model knew to the nearest other one, in metres.
        distance : float64 array [n]
            That of each held-out cell to the nearest that the model knew.
        score : float64 array [n]
            By how many half-widths of its interval each is missed; NaN where none is.
        level : float
            Share that intervals should hold.

        Returns
        -------
        Reach
            The least stretch with which they do; none where fewer than 20 cells lie far.
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
        """By how much to stretch the interval at each distance, in metres; shape [n]."""
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
    """The stretch of each held-out cell, learnt from other blocks than its own; shape [n].

    `block` is the number of each cell's block; for the rest see `Reach.learn`.
    """
    part = np.unique(block, return_inverse=True)[1].ravel() % _PARTS
    factor = np.ones(len(distance))
    for number in np.unique(part):
        own = part == number
        reach = Reach.learn(between, distance[~own], score[~own], level)
        factor[own] = reach.factor(distance[own])
    return factor
