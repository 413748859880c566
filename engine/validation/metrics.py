"""Intervals of scores, of their differences, and of skill."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from ..numerics import deviation, errors_of, rms, size_of

RESAMPLES = 1000
LEVEL = 0.95
# So many drawn rows are kept in memory.
_DRAWN_AT_ONCE = 20_000
# The claims that a map has skill, or has none, are not to be wrong one time in twenty.
SKILL_LEVEL = 0.99


def metric_intervals(
    observed: ArrayLike,
    predicted: ArrayLike,
    weight: NDArray[np.floating] | None = None,
    *,
    seed: int = 0,
) -> dict[str, tuple[float, float] | None]:
    """Bootstrap intervals of the `metrics` of one method.

    A bootstrap: cells are drawn with replacement, and the interval is between the
    quantiles of the resampled scores. Neighbouring cells err alike, so the true
    uncertainty is rather wider.

    Parameters
    ----------
    observed, predicted : float array [n]
        The same cells in the same order, in the target's unit.
    weight : float array [n], optional
        Of the cells; a cell keeps it when it is drawn. See `metrics`.
    seed : int
        Seed of the resampling: one seed draws the same cells for every method.

    Returns
    -------
    dict
        Lower and upper end of the 95 % interval of `r2`, `rmse` and `mae`; None for
        fewer than two cells, and for an `r2` that is not defined.

    Raises
    ------
    InputError
        If the arrays differ in shape or hold a value that is not finite.
    """
    truth = np.asarray(observed, dtype=np.float64)
    error = errors_of(truth, predicted)
    if len(truth) < 2:
        return {"r2": None, "rmse": None, "mae": None}
    # From the mean and the deviation of all cells, so that the difference below loses no digits.
    unit = deviation(truth) or rms(error) or 1.0
    aside, error = (truth - truth.mean()) / unit, error / unit
    columns = np.stack([error**2, np.abs(error), aside, aside**2], axis=1)
    means = _resampled_means(columns, weight, np.random.default_rng(seed))
    square, size, first, second = means.T
    spread = second - first**2
    # A resample of one cell alone has no spread, nor have values that are all equal.
    varied = spread > 1e-12 if np.ptp(truth) > 0 else np.zeros(len(spread), dtype=bool)
    return {
        "r2": _interval(1.0 - square[varied] / spread[varied]),
        "rmse": _interval(unit * np.sqrt(square)),
        "mae": _interval(unit * size),
    }


def rmse_difference(
    observed: ArrayLike,
    predicted: ArrayLike,
    rival: ArrayLike,
    weight: NDArray[np.floating] | None = None,
    *,
    seed: int = 0,
) -> dict[str, float | int | bool | None]:
    """Difference between the RMSE of a method and of a rival on the same cells.

    A paired bootstrap: cells are drawn with replacement, the same ones for both
    methods, and the interval is between the quantiles of the resampled differences.
    Neighbouring cells err alike, so the true uncertainty is rather wider.

    Parameters
    ----------
    observed, predicted, rival : float array [n]
        The same cells in the same order, in the target's unit.
    weight : float array [n], optional
        See `metric_intervals`.
    seed : int
        Seed of the resampling.

    Returns
    -------
    dict
        `difference` (RMSE of `predicted` minus RMSE of `rival`; negative where the
        first is better), `lower` and `upper` of its interval, `includes_zero`,
        `level` and `resamples`. What needs more cells than there are is None.

    Raises
    ------
    InputError
        If the arrays differ in shape or hold a value that is not finite.
    """
    errors = np.stack([errors_of(observed, predicted), errors_of(observed, rival)], axis=1)
    unit, count = size_of(errors), len(errors)
    squared = (errors / unit) ** 2
    result: dict[str, float | int | bool | None] = {"level": LEVEL, "resamples": RESAMPLES}
    result.update(difference=None, lower=None, upper=None, includes_zero=None)
    if count:
        rmse = unit * np.sqrt(np.average(squared, axis=0, weights=weight))
        result["difference"] = float(rmse[0] - rmse[1])
    if count > 1:
        drawn = unit * np.sqrt(_resampled_means(squared, weight, np.random.default_rng(seed)))
        if interval := _interval(drawn[:, 0] - drawn[:, 1]):
            lower, upper = interval
            result.update(lower=lower, upper=upper, includes_zero=lower <= 0.0 <= upper)
    return result


def skill_score(
    observed: ArrayLike, predicted: ArrayLike, reference: ArrayLike
) -> dict[str, float | int | None]:
    """The share of a reference's mean squared error that a method saves, and how sure it is.

    The skill score is 1 - MSE / MSE of the reference (Murphy 1988, Monthly Weather Review 116,
    2417). Its interval is Student's of the ratio of two means over the cells.

    Parameters
    ----------
    observed, predicted, reference : float array [n]
        The same cells in the same order.

    Returns
    -------
    dict
        `score`, `lower` and `upper` of its interval of `SKILL_LEVEL`, and the number of `cells`.
        None: the score where the reference has no error, the ends for fewer than three cells too.

    Raises
    ------
    InputError
        See `metric_intervals`.
    """
    errors = np.stack([errors_of(observed, predicted), errors_of(observed, reference)])
    own, other = (errors / size_of(errors)) ** 2
    count, least = len(own), float(other.mean()) if len(own) else 0.0
    found: dict[str, float | int | None] = {"cells": count, "level": SKILL_LEVEL}
    found.update(score=None, lower=None, upper=None)
    if least > 0:
        share = float(own.mean()) / least
        found["score"] = 1.0 - share
        if count > 2:
            error = deviation(own - share * other) / least / np.sqrt(count - 1)
            reach = float(stdtrit(count - 1, 0.5 + SKILL_LEVEL / 2)) * error
            found.update(lower=1.0 - share - reach, upper=1.0 - share + reach)
    return found


def _interval(drawn: NDArray[np.float64]) -> tuple[float, float] | None:
    """The ends of the middle `LEVEL` of resampled scores; None without any."""
    if len(drawn) == 0:
        return None
    tail = (1.0 - LEVEL) / 2.0
    lower, upper = np.quantile(drawn, [tail, 1.0 - tail])
    return float(lower), float(upper)


def _resampled_means(
    values: NDArray[np.float64],
    weight: NDArray[np.floating] | None,
    generator: np.random.Generator,
) -> NDArray[np.float64]:
    """Weighted column means of bootstrap resamples of the rows, shape [<= RESAMPLES, columns].

    A resample whose weights are all 0 has none.
    """
    count = len(values)
    each = np.ones(count) if weight is None else np.asarray(weight, dtype=np.float64)
    columns = np.column_stack([each[:, None] * values, each])
    # How often each row is drawn, not the rows themselves: a sum over them needs no copy.
    sums: NDArray[np.float64] = np.empty((RESAMPLES, columns.shape[1]))
    step = max(1, _DRAWN_AT_ONCE // count)
    for start in range(0, RESAMPLES, step):
        first = count * np.arange(min(step, RESAMPLES - start))[:, None]
        drawn = generator.integers(0, count, (len(first), count)) + first
        times = np.bincount(drawn.ravel(), minlength=len(first) * count)
        sums[start : start + step] = times.reshape(-1, count) @ columns
    sums = sums[sums[:, -1] > 0]
    means: NDArray[np.float64] = sums[:, :-1] / sums[:, -1:]
    return means
