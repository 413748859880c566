"""How alike the values of neighbouring cells are, before a model and after it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.spatial import cKDTree
from scipy.spatial.distance import pdist

from ..models.distances import nearest
from ..numerics import deviation

Array = NDArray[np.floating]

# Cells that a semivariogram is made of: more change it little and take memory with their square.
_MOST_CELLS = 2000
_LAGS = 15
# Longest lag as a share of the diagonal of the cells' extent, as in gstat.
_REACH = 1 / 3
_NEIGHBOURS = 8


@dataclass(frozen=True)
class Semivariogram:
    """Half the mean squared difference of values, by the distance between them.

    Parameters
    ----------
    distance : float64 array [k]
        Mean distance of the pairs of each lag, in metres.
    semivariance : float64 array [k]
        In the square of the values' unit.
    pairs : int64 array [k]
        Pairs in each lag; a lag without any is left out.
    """

    distance: Array
    semivariance: Array
    pairs: NDArray[np.int64]


def semivariogram(positions: Array, values: Array, seed: int = 0) -> Semivariogram:
    """The empirical semivariogram, by the estimator of Matheron (1963).

    Parameters
    ----------
    positions : float64 array [n, 2]
        In metres.
    values : float64 array [n]
        One a position, finite.
    seed : int
        Chooses the positions where there are more than 2,000.
    """
    if len(values) > _MOST_CELLS:
        chosen = np.random.default_rng(seed).choice(len(values), _MOST_CELLS, replace=False)
        positions, values = positions[chosen], values[chosen]
    distance = pdist(positions)
    half_square = pdist(values[:, None], "sqeuclidean") / 2
    reach = _REACH * float(np.hypot(*np.ptp(positions, axis=0))) if len(positions) else 0.0
    within = distance < reach
    lag = (distance[within] / reach * _LAGS).astype(np.int64)
    pairs = np.bincount(lag, minlength=_LAGS)
    used = pairs > 0
    return Semivariogram(
        distance=np.bincount(lag, distance[within], _LAGS)[used] / pairs[used],
        semivariance=np.bincount(lag, half_square[within], _LAGS)[used] / pairs[used],
        pairs=pairs[used],
    )


@dataclass(frozen=True)
class MoranI:
    """Moran's I: positive where neighbours are alike, near zero where only chance rules.

    Parameters
    ----------
    value : float
        I itself.
    expected, std : float
        Its mean and standard deviation if the values were shuffled over the positions.
    z : float
        `value` minus `expected`, in standard deviations: beyond about 2, neighbours are
        more alike than chance makes them.
    neighbours : int
        How many nearest positions count as neighbours.
    """

    value: float
    expected: float
    std: float
    z: float
    neighbours: int


def morans_i(positions: Array, values: Array, neighbours: int = _NEIGHBOURS) -> MoranI | None:
    r"""Moran's I of the nearest neighbours, each with the same weight.

    With deviations :math:`d` from the mean, weights :math:`w_{ij}` and their sum
    :math:`S_0`, :math:`I = n / S_0 \\cdot \\sum w_{ij} d_i d_j / \\sum d_i^2`. Mean and
    variance are those under randomisation (Cliff and Ord 1981, Spatial Processes,
    sections 1.5 and 2.3).

    Parameters
    ----------
    positions : float64 array [n, 2]
        In metres.
    values : float64 array [n]
        One a position, finite.
    neighbours : int
        How many nearest positions count as neighbours; all others where there are fewer.

    Returns
    -------
    MoranI or None
        None for fewer than four positions, and where all values are equal.
    """
    count = len(values)
    if count < 4:
        return None
    spread = deviation(values)
    if not spread:
        return None
    away = (values - values.mean()) / spread
    total = float(away @ away)
    index = nearest(cKDTree(positions), positions.astype(np.float64), neighbours, skip_self=True)[1]
    each = index.shape[1]
    rows = np.repeat(np.arange(count), each)
    shares = np.full(index.size, 1 / each)
    weight = sparse.csr_array((shares, (rows, index.ravel())), shape=(count, count))
    value = float(away @ (weight @ away)) / total
    expected = -1 / (count - 1)
    variance = _second_moment(weight, away) - expected**2
    std = math.sqrt(max(variance, 0.0))
    # Where all are neighbours of all, shuffling changes nothing but the rounding.
    z = (value - expected) / std if std > 1e-9 else 0.0
    return MoranI(value, expected, std, z, each)


def _second_moment(weight: sparse.csr_array, away: Array) -> float:
    """Mean of the square of I under randomisation; the weights of each row sum to one."""
    n = len(away)
    both = weight + weight.T
    s0 = float(n)
    s1 = float((both**2).sum()) / 2
    s2 = float(((1.0 + weight.sum(axis=0)) ** 2).sum())
    kurtosis = n * float((away**4).sum()) / float((away**2).sum()) ** 2
    first = n * ((n**2 - 3 * n + 3) * s1 - n * s2 + 3 * s0**2)
    second = kurtosis * ((n**2 - n) * s1 - 2 * n * s2 + 6 * s0**2)
    return (first - second) / ((n - 1) * (n - 2) * (n - 3) * s0**2)
