"""What a map of classes must beat: the nearest measured cell, and a random forest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ..data.builders.graph import GraphRawData
from ..progress import Progress
from .baselines import learn_units, own_features
from .distances import cell_positions

Array = NDArray[np.float64]


class NearestClass:
    """The class of the nearest observed cell, with certainty; of several there, their shares."""

    certain = True
    """Whether its probabilities are 0 and 1, so that no log score can be told."""

    def fit(
        self, graph: GraphRawData, shares: Array, observed: NDArray[np.int64], progress: Progress
    ) -> NearestClass:
        """Learn from observed cells; see `ClassProcess.fit`."""
        self.tree_ = cKDTree(cell_positions(graph, observed))
        self.shares_ = shares[observed]
        return self

    def predict(
        self, graph: GraphRawData, progress: Progress, cells: NDArray[np.int64] | None = None
    ) -> Array:
        """The share of each class, [n, K]; see `ClassProcess.predict`."""
        found: Array = self.shares_[self.tree_.query(cell_positions(graph, cells))[1]]
        return found


class ClassForest:
    """A random forest on the cell's position and its own features.

    To the votes of its trees one more is added, of the shares of the classes, so that no
    probability is 0.

    Parameters
    ----------
    seed : int
        Seed of the trees.
    trees : int
        Number of trees.
    """

    certain = False

    def __init__(self, seed: int = 0, trees: int = 300) -> None:
        self.seed = seed
        self.trees = trees

    def fit(
        self, graph: GraphRawData, shares: Array, observed: NDArray[np.int64], progress: Progress
    ) -> ClassForest:
        """Learn from observed cells; see `ClassProcess.fit`."""
        from sklearn.ensemble import RandomForestClassifier

        features, known = own_features(graph, observed), shares[observed]
        self.units_, self.middle_ = learn_units(features), known.mean(axis=0)
        row, label = np.nonzero(known)
        self.forest_ = RandomForestClassifier(self.trees, random_state=self.seed, n_jobs=-1)
        self.forest_.fit(self._scaled(features[row]), label, known[row, label])
        return self

    def predict(
        self, graph: GraphRawData, progress: Progress, cells: NDArray[np.int64] | None = None
    ) -> Array:
        """The probability of each class, [n, K]; see `ClassProcess.predict`."""
        features = self._scaled(own_features(graph, cells))
        votes = np.tile(self.middle_, (len(features), 1))
        votes[:, self.forest_.classes_] += self.trees * self.forest_.predict_proba(features)
        found: Array = votes / (self.trees + 1)
        return found

    def _scaled(self, features: Array) -> Array:
        scaled: Array = (features - self.units_[0]) / self.units_[1]
        return scaled
