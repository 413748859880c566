"""Maps that new measurements could give, each as likely as any other.

The values of a cell have the mean and the calibrated deviation of the map there; those of several
cells go together as the model knows it. Where the scale is curved, or a limit cuts values off,
their middle is moved so that their mean is that of the map.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from ..models.base import Prediction

Array = NDArray[np.float64]

# Normal numbers that stand for all: the middles of equal shares.
_NODES = ndtri((np.arange(32) + 0.5) / 32)
# The middle is moved by at most so many deviations, and found by so many halvings.
_MOST, _HALVINGS = 3.0, 16


def simulated(predicted: Prediction, mean: Array, drawn: NDArray[np.float32]) -> Array:
    """Values of cells in the target's unit, float64 array [n, count].

    Parameters
    ----------
    predicted : Prediction
        Of each cell, with its calibrated spread.
    mean : float64 array [n]
        Of the map.
    drawn : float32 array [n, count]
        Normal numbers of mean 0 and variance 1; see `Simulates.draws`.
    """
    low: Array = np.full(len(mean), -_MOST)
    high: Array = -low
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        less = sum(_at(predicted, middle + node) for node in _NODES) / len(_NODES) < mean
        low, high = np.where(less, middle, low), np.where(less, high, middle)
    return _at(predicted, ((low + high) / 2)[:, None] + drawn)


def _at(predicted: Prediction, deviations: Array) -> Array:
    """The values so many deviations from the middle of each cell, [n] or [n, count]."""
    shape = (-1, 1)[: deviations.ndim]
    location, spread = predicted.location.reshape(shape), predicted.spread.reshape(shape)
    return predicted.transform.inverse(location + spread * deviations)
