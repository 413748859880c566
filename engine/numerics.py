"""Spread and precision in any unit: nothing here is measured against a fixed number."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .errors import InputError
from .language import tr

Array = NDArray[np.floating]

# Half of the errors must be so many steps of a float32 wide, or its rounding would show in them.
_STEPS = 1000.0


def size_of(values: ArrayLike) -> float:
    """The power of two just below the largest size among values, all finite; 1 where that is 0.

    Dividing by it loses no digit, and then no square runs out of a float's range.
    """
    most = float(np.max(np.abs(values), initial=0.0))
    return math.ldexp(1.0, math.frexp(most)[1] - 1) if most else 1.0


def rms(values: Array) -> float:
    """The root of the mean square of at least one value."""
    size = size_of(values)
    return size * float(np.sqrt(np.mean((values / size) ** 2)))


def deviation(values: Array) -> float:
    """The standard deviation of at least one value: 0 where all are equal, and only there."""
    return rms(values - values.mean()) if np.ptp(values) > 0 else 0.0


def float_type(values: Array, error: Array | float, *others: Array) -> type[np.floating]:
    """Float32 where it tells values well enough, else float64; NaN stands for no value.

    Parameters
    ----------
    values : float array
        The values; at least half of them must lie on steps of float32 that are fine beside
        what they may be wrong by.
    error : float array or float
        That error.
    others : float array
        More values that must lie in its range.
    """
    sizes = [np.abs(part[np.isfinite(part)]) for part in (values, *others)]
    if any(size.max(initial=0.0) > np.finfo(np.float32).max for size in sizes):
        return np.float64
    step = np.spacing(np.abs(values).astype(np.float32)).astype(np.float64)
    fine = step * _STEPS <= error
    known = np.isfinite(values) & np.isfinite(error)
    return np.float32 if 2 * np.sum(fine & known) >= np.sum(known) else np.float64


def compact(columns: Array) -> NDArray[np.floating]:
    """Columns [N, F] as float32, unless one of them would lose digits of what it varies by.

    What does not vary here may do so elsewhere: it must lie in float32 as it is.
    """
    for column in np.asarray(columns, dtype=np.float64).T:
        known = column[np.isfinite(column)]
        varies = deviation(known) if len(known) else 0.0
        kind = float_type(known, varies / 10)
        if kind is np.float64 and (varies or known[0].astype(np.float32) != known[0]):
            return columns.astype(np.float64)
    return columns.astype(np.float32)


def metrics(
    observed: ArrayLike, predicted: ArrayLike, weight: Array | None = None
) -> dict[str, float | int | None]:
    r"""Score predictions in the unit of the target.

    With the errors :math:`e_i` = predicted - observed of `n` cells, whose weights, if given, take
    part in each sum and mean,

    - r2 = 1 - sum(e_i^2) / sum((observed_i - mean(observed))^2)
    - rmse = sqrt(sum(e_i^2) / n)
    - mae = sum(abs(e_i)) / n

    Parameters
    ----------
    observed, predicted : float array [n]
        The same cells in the same order, in the target's unit.
    weight : float array [n], optional
        Not negative, with a sum above 0; by default all are alike.

    Returns
    -------
    dict
        `r2`, `rmse`, `mae` and `n`. All but `n` are None without cells; `r2` is None
        for fewer than two cells and where all observed values are equal.

    Raises
    ------
    InputError
        If the arrays differ in shape or hold a value that is not finite.

    Examples
    --------
    >>> metrics([1.0, 2.0, 3.0], [1.0, 2.0, 4.0])["r2"]
    0.5
    """
    truth = np.asarray(observed, dtype=np.float64)
    error = errors_of(truth, predicted)
    count = len(truth)
    if count == 0:
        return {"r2": None, "rmse": None, "mae": None, "n": 0}
    share = np.full(count, 1 / count) if weight is None else weight / weight.sum()
    aside = truth - float(share @ truth)
    unit, size = size_of(aside), size_of(error)
    with np.errstate(over="ignore"):
        missed, spread = (float(share @ (part / unit) ** 2) for part in (error, aside))
    return {
        "r2": 1.0 - missed / spread if np.ptp(truth[share > 0]) > 0 else None,
        "rmse": size * math.sqrt(share @ (error / size) ** 2),
        "mae": float(share @ np.abs(error)),
        "n": count,
    }


def errors_of(observed: ArrayLike, predicted: ArrayLike) -> NDArray[np.float64]:
    truth = np.asarray(observed, dtype=np.float64)
    guess = np.asarray(predicted, dtype=np.float64)
    if truth.ndim != 1 or truth.shape != guess.shape:
        raise InputError(
            tr(
                "Observed and predicted values must be two lists of the same length, got shapes "
                "{observed} and {predicted}."
            ).format(observed=truth.shape, predicted=guess.shape)
        )
    if not (np.isfinite(truth).all() and np.isfinite(guess).all()):
        raise InputError(tr("Observed and predicted values must be finite; drop the others first."))
    return guess - truth
