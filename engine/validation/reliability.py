"""How reliable probabilities of exceeding a threshold were on held-out values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_BINS = 10


@dataclass(frozen=True)
class Reliability:
    """Predicted probabilities beside what happened (Wilks 2019, chapter 9).

    Parameters
    ----------
    threshold : float
        In the target's unit.
    predicted, observed : float64 array [k]
        Of the bins of probability that hold values: the mean probability, and the share of the
        values that exceeded the threshold.
    count : int64 array [k]
        Values in each bin.
    error : float
        Expected calibration error: the mean distance of the two, weighted by values.
    brier, base : float
        Brier score, the mean squared distance of the probability from 0 or 1; and that of telling
        the share of all values that exceeded, everywhere.
    """

    threshold: float
    predicted: Array
    observed: Array
    count: NDArray[np.int64]
    error: float
    brier: float
    base: float


def reliability(y: Array, chance: Array, threshold: float) -> Reliability:
    """Compare probabilities with held-out values, at least one.

    Parameters
    ----------
    y : float64 array [n]
        The values, in the target's unit.
    chance : float64 array [n]
        The probability that each exceeds the threshold.
    threshold : float
        In the target's unit.
    """
    over = (y > threshold).astype(np.float64)
    part = np.minimum((chance * _BINS).astype(np.int64), _BINS - 1)
    count = np.bincount(part, minlength=_BINS)
    some = count > 0
    predicted, observed = (
        np.bincount(part, values, minlength=_BINS)[some] / count[some] for values in (chance, over)
    )
    rate = float(over.mean())
    return Reliability(
        threshold,
        predicted,
        observed,
        count[some],
        float(np.average(np.abs(predicted - observed), weights=count[some])),
        float(np.mean((chance - over) ** 2)),
        rate * (1 - rate),
    )
