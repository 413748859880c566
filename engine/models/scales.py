"""The observed values, checked, and the scale that a model reads them on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ..data.bounds import value_limits
from ..data.transforms import BOUNDED, KINDS, TargetTransform
from ..errors import FitError
from ..language import tr
from ..numerics import rms
from .distances import nearest

# Inverse distance weighting of so many shows on which scale values are predicted best; so many
# values, drawn where there are more, show it well enough.
_NEIGHBOURS, _MOST = 12, 2000
# The level of the intervals that are scored; by what share a curved scale must lower their score,
# and by what share it may raise the RMSE.
_LEVEL, _LEAST_GAIN, _MOST_LOSS = 0.9, 0.02, 0.015


def observed_values(
    y: NDArray[np.float64], observed: NDArray[np.int64], least: int = 2
) -> NDArray[np.float64]:
    """The values at the observed cells, checked.

    Raises
    ------
    FitError
        If there are fewer than `least`, or one is not a finite number.
    """
    values = np.asarray(y, dtype=np.float64)[observed]
    if len(values) < least:
        raise FitError(
            tr(
                "Only {cells} cells have a measured value, at least {least} are needed; add "
                "points or make the cells smaller."
            ).format(cells=len(values), least=least)
        )
    if not np.isfinite(values).all():
        missing = int((~np.isfinite(values)).sum())
        raise FitError(
            tr("{missing} of the observed cells have no finite value; leave them out.").format(
                missing=missing
            )
        )
    return values


def scaled_values(
    y: NDArray[np.float64], observed: NDArray[np.int64]
) -> tuple[TargetTransform, NDArray[np.float64]]:
    """The scale that no unit matters on, and the observed values on it; see `observed_values`."""
    values = observed_values(y, observed)
    transform = TargetTransform.exact(values)
    return transform, transform.forward(values)


def learn_transform(
    kind: str,
    values: NDArray[np.float64],
    positions: NDArray[np.float64],
    bounds: tuple[float, ...] = (),
) -> TargetTransform:
    """The scale to model the values on; `auto` is the one on which neighbours tell most.

    That is the one with the best intervals around what neighbours say of left-out values, in
    the target's unit (the interval score of Gneiting and Raftery 2007, section 6.2), of those
    that hardly raise the error of the mean. A likelihood would ask which scale makes the values
    most normal, and often names one on which the large values, the costly ones, are predicted
    worse.

    Parameters
    ----------
    kind : str
        `auto`, or a kind of `TargetTransform`.
    values : float64 array [n]
        At the observed cells, in the target's unit.
    positions : float64 array [n, 2]
        The observed cells, in metres.
    bounds : tuple of float
        The least and the greatest value, or none; see `value_limits`.
    """
    if kind != "auto":
        return TargetTransform.learn(values, kind, bounds)
    if np.mean(values == np.median(values)) >= _LEVEL:
        # As of counts that are nearly all 0: no scale sets them apart, and the mean of a curved
        # one is far off.
        return TargetTransform.learn(values, "identity", bounds)
    chosen = np.sort(np.random.default_rng(0).permutation(len(values))[:_MOST])
    tried, places = values[chosen], positions[chosen]
    distance, index = nearest(cKDTree(places), places, _NEIGHBOURS, skip_self=True)
    weight = 1 / distance**2
    weight /= weight.sum(axis=1, keepdims=True)
    bounded = np.isfinite(value_limits(values, bounds)).all()
    straight, *curved = KINDS if bounded else (known for known in KINDS if known != BOUNDED)
    error, score = _trial(TargetTransform.learn(tried, straight, bounds), tried, index, weight)
    most, found = error * (1 + _MOST_LOSS), [(score * (1 - _LEAST_GAIN), straight)]
    for other in curved:
        transform = TargetTransform.learn(tried, other, bounds)
        error, score = _trial(transform, tried, index, weight)
        if error <= most:
            found.append((score, other))
    return TargetTransform.learn(values, min(found)[1], bounds)


def _trial(
    transform: TargetTransform,
    values: NDArray[np.float64],
    index: NDArray[np.int64],
    weight: NDArray[np.float64],
) -> tuple[float, float]:
    """RMSE and mean interval score of each value, told by its neighbours [n, k] on a scale."""
    z = transform.forward(values)
    middle = (weight * z[index]).sum(axis=1)
    miss = np.abs(z - middle)
    mean, _ = transform.moments(middle, np.full(len(z), (z - middle).std()))
    half = np.quantile(miss, _LEVEL)
    low, high = transform.inverse(middle - half), transform.inverse(middle + half)
    outside = np.maximum(low - values, 0.0) + np.maximum(values - high, 0.0)
    return rms(mean - values), float(np.mean(high - low + 2 / (1 - _LEVEL) * outside))
