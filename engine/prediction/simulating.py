"""Maps that new measurements could give, each as likely as any other.

The values of a cell have the mean of the map there. Their errors are distributed as those on
left-out values are, peaked or not, so that their quantiles are those of the map; those of several
cells go together as the model knows it (a Gaussian copula: Nelsen 2006, "An introduction to
copulas", section 2.3), and have the deviation that means of cells need, as `together` has it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..models.base import Prediction
from .uncertainty import Errors

Array = NDArray[np.float64]

# Normal numbers that stand for all, and their weights: the trapezoidal rule.
_NORMAL: Array = np.linspace(-4.0, 4.0, 65, dtype=np.float64)
_WEIGHT: Array = np.exp(-np.square(_NORMAL) / 2)
_WEIGHT /= _WEIGHT.sum()
# The middle is moved by at most so many deviations, and found by so many halvings.
_MOST, _HALVINGS = 3.0, 16
# Under a limit, a middle is so deep, as a share of the largest error, and a deviation so many times
# its own, at most; rows of the table of both.
_DEEPEST, _WIDEST, _TABLE = 0.8, 4.0, 400
_TINY = float(np.finfo(np.float64).tiny)


def simulated(
    predicted: Prediction, errors: Errors, mean: Array, drawn: NDArray[np.float32]
) -> Array:
    """Values of cells in the target's unit, float64 array [n, count].

    Parameters
    ----------
    predicted : Prediction
        Of each cell: a new measurement, as the map's intervals have it.
    errors : Errors
        How errors are distributed, in its deviations.
    mean : float64 array [n]
        Of the map.
    drawn : float32 array [n, count]
        Normal numbers of mean 0 and variance 1; see `Simulates.draws`.
    """
    some = errors.drawn(_NORMAL)
    straight = predicted.transform.kind == "identity"
    middle, width = (_within if straight else _curved)(predicted, mean, some)
    return _at(predicted, middle[:, None] + width[:, None] * errors.drawn(drawn.astype(np.float64)))


def _curved(predicted: Prediction, mean: Array, errors: Array) -> tuple[Array, Array]:
    """Middles [n] with which cells have their means, and deviations as they are."""
    low: Array = np.full(len(mean), -_MOST)
    high: Array = -low
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        values = (_at(predicted, middle + error) for error in errors)
        less = sum(w * v for w, v in zip(_WEIGHT, values)) < mean
        low, high = np.where(less, middle, low), np.where(less, high, middle)
    return (low + high) / 2, np.ones(len(mean))


def _within(predicted: Prediction, mean: Array, errors: Array) -> tuple[Array, Array]:
    """Middles and deviations [n] with which limits leave cells the mean and deviation they had.

    The nearer limit counts. How far above it the middle lies, in deviations, tells how far the
    mean does: a table of the two is read backwards.
    """
    scale, unit = predicted.transform, predicted.spread * predicted.transform.scale
    below, above = (mean - scale.low) / unit, (scale.high - mean) / unit
    middle = np.linspace(-_DEEPEST * errors.max(), errors.max(), _TABLE)
    left = np.maximum(middle[:, None] + errors, 0.0)
    first, spread = left @ _WEIGHT, np.sqrt(_WEIGHT @ errors**2)
    wide = np.sqrt(np.maximum(left**2 @ _WEIGHT - first**2, _TINY))
    reached = first * np.clip(spread / wide, 1.0, _WIDEST)
    near = np.clip(np.minimum(below, above), reached[0], reached[-1])
    place = np.interp(near, reached, middle)
    width = near / np.interp(place, middle, first)
    shift = (scale.forward(mean) - predicted.location) / predicted.spread
    return shift + np.where(below < above, 1, -1) * (place * width - near), width


def _at(predicted: Prediction, deviations: Array) -> Array:
    """The values so many deviations from the middle of each cell, [n] or [n, count]."""
    shape = (-1, 1)[: deviations.ndim]
    location, spread = predicted.location.reshape(shape), predicted.spread.reshape(shape)
    return predicted.transform.inverse(location + spread * deviations)
