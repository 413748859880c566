"""How well the value of an area is spread within it, as pairs of neighbours say."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from .distances import nearest

Array = NDArray[np.float64]


def spread_within(middle: Array, precision: Array, solved: Array) -> tuple[Array, Array]:
    """Errors of a process within pairs of neighbours, of which the mean is known.

    What the map must find is how an area's value is spread within it. So each area and its nearest
    are taken for one: how far is the process off in the difference of the two, if it knows the
    mean of both, and all others? The block of the two in the inverse of the covariance is the
    inverse of their covariance given all others (Rasmussen and Williams 2006, equation A.12).

    Parameters
    ----------
    middle : float64 array [n, 2]
        Where the areas lie.
    precision : float64 array [n, n]
        Inverse of the covariance of their values.
    solved : float64 array [n]
        It times the differences of the values from the mean of the process.

    Returns
    -------
    float64 array [n], float64 array [n]
        Errors of the differences, and their variances.
    """
    _, index = nearest(cKDTree(middle), middle, 1, skip_self=True)
    two = np.column_stack([np.arange(len(middle)), index[:, 0]])
    covariance = np.linalg.inv(precision[two[:, :, None], two[:, None, :]])
    error = (covariance @ solved[two][:, :, None])[:, :, 0]
    difference, mean = np.array([1.0, -1.0]), np.array([0.5, 0.5])
    across, wide = covariance @ mean @ difference, covariance @ mean @ mean
    left: Array = error @ difference - across / wide * (error @ mean)
    variance: Array = covariance @ difference @ difference - across**2 / wide
    return left, variance
