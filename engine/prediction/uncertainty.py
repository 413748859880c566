"""Intervals that hold what they promise: conformal, from left-out observed cells.

Each observed cell is predicted without its own value. How many of the model's own deviations
these predictions miss by says how many an interval needs (split conformal prediction with
scaled scores: Lei et al. 2018, arXiv 1604.04173, section 5.2; with leave-one-out residuals as
in the jackknife+ of Barber et al. 2021, arXiv 1905.02928).

A cell that the model was fitted to has its interval from the same predictions: what the
fitted model says of the cell's own value is no test of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from ..models.base import Prediction

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Calibration:
    """How many of a model's own deviations an interval reaches.

    Parameters
    ----------
    level : float
        Share of new measurements that an interval should hold, 0 to 1.
    factor : float
        Deviations to either side of the middle, on the model's scale.
    """

    level: float
    factor: float

    @classmethod
    def learn(cls, scores: Array, level: float) -> Calibration:
        """From values that the model did not see.

        Parameters
        ----------
        scores : float64 array [n]
            By how many of its own deviations the model missed each, as `deviations` gives
            them. Without any, errors are taken for normal.
        level : float
            Share that an interval should hold.
        """
        score = np.sort(scores)
        if len(score) == 0:
            return cls(level, float(norm.ppf(0.5 + level / 2)))
        # The (n + 1) level-th smallest; of few scores, the largest.
        rank = min(math.ceil((len(score) + 1) * level), len(score))
        return cls(level, float(score[rank - 1]))

    def lower(self, prediction: Prediction) -> Array:
        """Lower end of the interval, in the target's unit, shape [n]."""
        return prediction.bound(-self.factor)

    def upper(self, prediction: Prediction) -> Array:
        """Upper end of the interval, in the target's unit, shape [n]."""
        return prediction.bound(self.factor)

    def std(self, prediction: Prediction) -> Array:
        """Standard deviation in the target's unit, shape [n]: that of a normal distribution
        on the model's scale with this interval."""
        stretch = self.factor / norm.ppf(0.5 + self.level / 2)
        spread = prediction.spread * stretch
        return prediction.transform.moments(prediction.location, spread)[1]


def deviations(y: Array, prediction: Prediction) -> Array:
    """By how many of its own deviations a prediction misses, where it is one; shape [<= n].

    Parameters
    ----------
    y : float64 array [n]
        Measured values, in the target's unit.
    prediction : Prediction
        What the model says of them without them; NaN where it cannot say.
    """
    score = misses(y, prediction)
    return score[np.isfinite(score)]


def misses(y: Array, prediction: Prediction) -> Array:
    """As `deviations`, NaN where the prediction is none; shape [n]."""
    error = np.abs(prediction.transform.forward(y) - prediction.location)
    found: Array = error / np.maximum(prediction.spread, np.finfo(np.float64).tiny)
    return found


def without_own(
    predicted: Prediction, left_out: Prediction, cells: NDArray[np.int64]
) -> Prediction:
    """The prediction as it would be in each of `cells` without the cell's own value.

    Parameters
    ----------
    predicted : Prediction
        Of every cell.
    left_out : Prediction
        Of `cells`, in their order, each without its own value. Where it is NaN, the cell
        keeps what the model says of it.
    cells : int64 array
        The cells that the model was fitted to, as indices into `predicted`.
    """
    known = np.isfinite(left_out.location)
    location, spread = predicted.location.copy(), predicted.spread.copy()
    location[cells[known]] = left_out.location[known]
    spread[cells[known]] = left_out.spread[known]
    return replace(predicted, location=location, spread=spread)
