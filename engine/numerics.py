"""Spread and precision in any unit: nothing here is measured against a fixed number."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

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
