"""A random forest of what surrounds areas, beside the Gaussian process of their cells."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .kernel import Inputs

Array = NDArray[np.float64]

_TREES = 100
_FEATURES = 1 / 3
# The largest share of the forest in the answer.
_MOST = 0.5
# With fewer areas a leaf holds one.
_FEW = 50


class PolygonForest:
    """Learns the values of areas from the mean surroundings of their cells.

    Its share in the answer is that with the least squared error on left-out areas (stacked
    regressions: Breiman 1996, doi 10.1007/BF00117832).

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

    def fit(self, x: NDArray[np.floating], values: Array, left: Array) -> PolygonForest:
        """Learn from areas.

        Parameters
        ----------
        x : float array [n, F]
            Mean features of their cells.
        values : float64 array [n]
            On the model's scale.
        left : float64 array [n]
            What the process says of each without its own value.
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
        apart = self._out - left
        square = float(apart @ apart)
        share = float((values - left) @ apart) / square if square else 0.0
        self.share_ = float(np.clip(share, 0.0, _MOST))
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
