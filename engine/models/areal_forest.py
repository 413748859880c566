"""A random forest of what surrounds areas, beside the Gaussian process of their cells."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .kernel import Inputs

Array = NDArray[np.float64]

_TREES = 100
_FEATURES = 1 / 3
# With fewer areas a leaf holds one.
_FEW = 50


class PolygonForest:
    """Learns the values of areas from the mean surroundings of their cells.

    What the map must find is how an area's value is spread within it. So the share of the forest
    is that with the least squared error (stacked regressions: Breiman 1996, doi
    10.1007/BF00117832) where two neighbours are taken for one area, of which the mean is known
    and the difference of its halves is not.

    Parameters
    ----------
    seed : int
        Of the trees.

    Attributes
    ----------
    share_ : float
        Weight of the forest beside the Gaussian process.
    """

    def __init__(self, seed: int) -> None:
        self.seed, self.share_ = seed, 0.0

    def fit(
        self,
        x: NDArray[np.floating],
        values: Array,
        left: Array,
        pairs: tuple[NDArray[np.int64], Array],
    ) -> PolygonForest:
        """Learn from areas.

        Parameters
        ----------
        x : float array [n, F]
            Mean features of their cells.
        values : float64 array [n]
            On the model's scale.
        left : float64 array [n]
            What the process says of each without its own value.
        pairs : int64 array [2, n], float64 array [n]
            Each area and its nearest, and what the process says of their difference when it knows
            the others, and the mean of both.
        """
        self._out = left
        if not x.shape[1]:
            return self
        from sklearn.ensemble import RandomForestRegressor

        leaf = 1 if len(values) < _FEW else 2
        self._forest = RandomForestRegressor(
            _TREES,
            max_features=_FEATURES,
            min_samples_leaf=leaf,
            oob_score=True,
            random_state=self.seed,
        ).fit(x, values)
        self._out = np.where(
            np.isfinite(self._forest.oob_prediction_), self._forest.oob_prediction_, left
        )
        (one, other), process = pairs
        apart = self._out[one] - self._out[other] - process
        square = float(apart @ apart)
        share = float((values[one] - values[other] - process) @ apart) / square if square else 0.0
        self.share_ = float(np.clip(share, 0.0, 1.0))
        return self

    def left_out(self, left: Array) -> Array:
        """What both say of each area without its own value, from what the process says."""
        return (1 - self.share_) * left + self.share_ * self._out

    def blend(self, location: Array, inputs: Inputs) -> Array:
        """What both say of cells, from what the process says [n]."""
        if not self.share_:
            return location
        told: Array = self._forest.predict(inputs.x.numpy())
        return (1 - self.share_) * location + self.share_ * told


def differences(pairs: NDArray[np.int64], precision: Array, solved: Array, values: Array) -> Array:
    """What a process says of the difference of two values from the others and the mean of both.

    The block of the two in the inverse of the covariance is the inverse of their covariance given
    all others (Rasmussen and Williams 2006, equation A.12).

    Parameters
    ----------
    pairs : int64 array [2, m]
        The values.
    precision : float64 array [n, n]
        Inverse of the covariance of all values.
    solved : float64 array [n]
        It times their residuals.
    values : float64 array [n]
        All of them.
    """
    two = pairs.T
    covariance = np.linalg.inv(precision[two[:, :, None], two[:, None, :]])
    error = (covariance @ solved[two][:, :, None])[:, :, 0]
    difference, mean = np.array([1.0, -1.0]), np.array([0.5, 0.5])
    across, wide = covariance @ mean @ difference, covariance @ mean @ mean
    left = error @ difference - across / wide * (error @ mean)
    found: Array = values[pairs[0]] - values[pairs[1]] - left
    return found
