"""Nominal and observed coverage of intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, bdtrik

from ..models.base import Prediction
from ..prediction.uncertainty import Calibration

Array = NDArray[np.float64]

LEVELS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)


@dataclass(frozen=True)
class Coverage:
    """Observed coverage of the intervals at each level, on held-out values.

    Parameters
    ----------
    level : float64 array [k]
        Nominal coverage: the share of the values that should be inside the intervals.
    observed : float64 array [k]
        Observed coverage: the share of the values inside the intervals.
    width : float64 array [k]
        Mean width of the intervals, in the target's unit.
    chance : float64 array [k, 2]
        Range of the observed coverage of correct intervals, for this number of independent
        values, in 95 % of samples.
    cells : int
        Number of values.
    """

    level: Array
    observed: Array
    width: Array
    chance: Array
    cells: int


def coverage_curve(
    y: Array,
    predicted: Prediction,
    scores: Array,
    levels: Sequence[float] = LEVELS,
) -> Coverage | None:
    """The coverage of calibrated intervals at every level.

    Parameters
    ----------
    y : float64 array [n]
        Values that the model did not see, in the target's unit.
    predicted : Prediction
        What the model says of them.
    scores : float64 array [m]
        What the intervals are calibrated on, as of `Calibration.learn`.
    levels : sequence of float
        Ascending, between 0 and 1.

    Returns
    -------
    Coverage or None
        None without values.
    """
    if len(y) == 0:
        return None
    level = np.asarray(levels, dtype=np.float64)
    observed, width = np.empty(len(level)), np.empty(len(level))
    for number, nominal in enumerate(level):
        calibration = Calibration.learn(scores, float(nominal))
        lower, upper = calibration.lower(predicted), calibration.upper(predicted)
        observed[number] = np.mean((lower <= y) & (y <= upper))
        width[number] = np.mean(upper - lower)
    return Coverage(level, observed, width, _chance(level, len(y)), len(y))


def pool_coverage(folds: Sequence[Coverage]) -> Coverage:
    """That of all folds together; their levels must be the same, and there must be a fold."""
    cells = np.array([fold.cells for fold in folds])
    share, level = cells / cells.sum(), folds[0].level
    observed = share @ np.stack([fold.observed for fold in folds])
    width = share @ np.stack([fold.width for fold in folds])
    return Coverage(level, observed, width, _chance(level, int(cells.sum())), int(cells.sum()))


def _chance(level: Array, cells: int) -> Array:
    tail, share = np.array([0.025, 0.975]), level[:, None]
    count = np.ceil(bdtrik(tail, cells, share))
    less = np.maximum(count - 1, 0.0)
    found: Array = np.where(bdtr(less, cells, share) >= tail, less, count) / cells
    return found
