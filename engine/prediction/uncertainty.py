"""Calibrated prediction intervals: conformal, from leave-one-out errors.

Each observed cell is predicted without its own value. The errors, divided by the model's
standard deviations, show how many standard deviations an interval needs (split conformal
prediction with scaled scores: Lei et al. 2018, arXiv 1604.04173, section 5.2; with leave-one-out
residuals as in the jackknife+ of Barber et al. 2021, arXiv 1905.02928).

The interval of a training cell comes from the same leave-one-out prediction, since a prediction
that uses the cell's own value would make the interval too narrow.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from ..models.base import Prediction

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Calibration:
    """Half-width of the intervals, in the model's standard deviations.

    Parameters
    ----------
    level : float
        Share of new measurements that the intervals should contain, 0 to 1.
    factor : float
        Standard deviations to either side of the middle, on the model's scale.
    """

    level: float
    factor: float

    @classmethod
    def learn(cls, scores: Array, level: float) -> Calibration:
        """Calibrate on left-out values.

        Parameters
        ----------
        scores : float64 array [n]
            Errors in standard deviations, from `deviations`. If empty, errors are assumed to be
            normal.
        level : float
            Share of values that the intervals should contain.
        """
        score = np.sort(scores)
        if len(score) == 0:
            return cls(level, float(ndtri(0.5 + level / 2)))
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
        stretch = self.factor / ndtri(0.5 + self.level / 2)
        spread = prediction.spread * stretch
        return prediction.transform.moments(prediction.location, spread)[1]


def deviations(y: Array, prediction: Prediction) -> Array:
    """Absolute errors in the model's standard deviations, without NaN; shape [<= n].

    Parameters
    ----------
    y : float64 array [n]
        Measured values, in the target's unit.
    prediction : Prediction
        Predictions of these cells without their own value; NaN where not available.
    """
    score = misses(y, prediction)
    return score[np.isfinite(score)]


def misses(y: Array, prediction: Prediction) -> Array:
    """As `deviations`, with NaN where there is no prediction; shape [n]."""
    error = np.abs(prediction.transform.forward(y) - prediction.location)
    found: Array = error / np.maximum(prediction.spread, np.finfo(np.float64).tiny)
    return found


def without_own(
    predicted: Prediction, left_out: Prediction, cells: NDArray[np.int64]
) -> Prediction:
    """The prediction with `cells` replaced by their leave-one-out predictions.

    Parameters
    ----------
    predicted : Prediction
        Prediction of every cell.
    left_out : Prediction
        Predictions of `cells`, in their order, without their own value. Where NaN, the cell
        keeps its value in `predicted`.
    cells : int64 array
        The training cells, as indices into `predicted`.
    """
    known = np.isfinite(left_out.location)
    location, spread = predicted.location.copy(), predicted.spread.copy()
    location[cells[known]] = left_out.location[known]
    spread[cells[known]] = left_out.spread[known]
    return replace(predicted, location=location, spread=spread)
