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
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from ..models.base import Prediction
from ..numerics import rms

Array = NDArray[np.float64]

# Shares of errors that stand for all.
_EVEN = 1024


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
        spread = prediction.spread * self.stretch
        return prediction.transform.moments(prediction.location, spread)[1]

    @property
    def stretch(self) -> float:
        """The calibrated standard deviation, in the model's."""
        return self.factor / float(ndtri(0.5 + self.level / 2))


@dataclass(frozen=True, eq=False)
class Errors:
    """How errors are distributed: the `Calibration` of every level at once.

    Errors fall to either side alike, as the intervals have it. Between the errors on left-out
    values the distribution is straight; beyond the largest it ends as a normal one that has as
    much there.

    Parameters
    ----------
    scores : float64 array [n]
        Errors in standard deviations, from `deviations`. If empty, errors are assumed to be
        normal.
    """

    scores: Array

    def above(self, deviations: Array) -> Array:
        """Probability that an error is larger than so many standard deviations, which have a
        sign."""
        away = np.abs(deviations)
        tail = ndtr(-away / self._end[0])
        if len(self.scores):
            score, inside = self._steps
            tail = np.where(away > score[-1], tail, (1 - np.interp(away, score, inside)) / 2)
        return np.where(np.signbit(deviations), 1 - tail, tail)

    def below(self, share: float | Array) -> Array:
        """The standard deviations, with a sign, below which such a share of errors lies."""
        inside = np.abs(2 * np.asarray(share) - 1)
        away = self._end[0] * ndtri(0.5 + inside / 2)
        if len(self.scores):
            score, known = self._steps
            away = np.where(inside > self._end[1], away, np.interp(inside, known, score))
        found: Array = np.copysign(away, np.asarray(share) - 0.5)
        return found

    @cached_property
    def together(self) -> float:
        """The deviation of the errors of several cells: the root mean square of all errors, which
        the mean of cells has, but at least 1."""
        return max(1.0, rms(self.scores)) if len(self.scores) else 1.0

    def drawn(self, normal: Array) -> Array:
        """Errors of cells that go together, from normal numbers of mean 0 and variance 1.

        Of each, the same share of errors lies below as of normal numbers below it. Where their
        deviation is below 1, they are widened to it, as `together` is.
        """
        least = rms(self.below((np.arange(_EVEN) + 0.5) / _EVEN))
        return self.below(ndtr(normal)) * max(1.0, 1 / least) if least else normal

    @cached_property
    def _steps(self) -> tuple[Array, Array]:
        """Ascending scores, from 0, and the share of errors within each."""
        score = np.concatenate([[0.0], np.sort(self.scores)])
        return score, np.arange(len(score)) / len(score)

    @cached_property
    def _end(self) -> tuple[float, float]:
        """Standard deviation of the normal distribution beyond the scores, and where it begins."""
        if not len(self.scores):
            return 1.0, 0.0
        score, inside = self._steps
        unit = float(score[-1] / ndtri(0.5 + inside[-1] / 2))
        return max(unit, float(np.finfo(np.float64).tiny)), float(inside[-1])


def exceeding(prediction: Prediction, errors: Errors, threshold: float) -> Array:
    """Probability that a new measurement is above a threshold in the target's unit, shape [n].

    It agrees with the intervals: half of what they leave out lies above their upper end.
    """
    scale = prediction.transform
    if not scale.low <= threshold < scale.high:
        return np.full(len(prediction.location), float(threshold < scale.low))
    z = scale.forward(np.array(threshold, dtype=np.float64))
    return errors.above((z - prediction.location) / prediction.spread)


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
