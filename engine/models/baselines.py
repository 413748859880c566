"""The simplest methods that a better one must beat: mean, IDW and a random forest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ..data.builders.graph import GraphRawData
from ..data.transforms import TargetTransform
from ..language import tr
from ..progress import Progress, chunks
from .base import ModelState, Prediction, check_kind
from .distances import cell_positions, nearest
from .interpolation import Interpolation
from .places import nearest_elsewhere
from .scales import scaled_values

Tensors = Mapping[str, NDArray[Any]]

# Cells predicted between two looks at whether the user cancelled.
_CHUNK = 65536
# Trees of scikit-learn do not split where the variance is less than a fixed number, 2e-16: values
# are fitted so many times as large, on which the choice between equal splits depends too.
_ABOVE = 16.0


class Mean:
    """The mean of the observed cells, everywhere."""

    kind = "mean"

    def fit(
        self,
        graph: GraphRawData,
        y: NDArray[np.float64],
        observed: NDArray[np.int64],
        progress: Progress,
    ) -> Mean:
        """Learn from the observed cells; see `Model.fit`."""
        self.transform_, self.values_ = scaled_values(y, observed)
        return self

    def predict(
        self, graph: GraphRawData, progress: Progress, cells: NDArray[np.int64] | None = None
    ) -> Prediction:
        """The mean, and the standard deviation around it."""
        count = len(graph.cell if cells is None else cells)
        # A new measurement differs from the mean, which is itself uncertain.
        std = self.values_.std(ddof=1) * np.sqrt(1 + 1 / len(self.values_))
        return Prediction(np.full(count, self.values_.mean()), np.full(count, std), self.transform_)

    def leave_one_out(self) -> Prediction:
        """The mean of all other observed cells, for each."""
        values = self.values_
        mean = (values.sum() - values) / (len(values) - 1)
        return Prediction(mean, np.full(len(values), values.std(ddof=1)), self.transform_)

    def state(self) -> ModelState:
        """What `from_state` needs."""
        header = {"kind": self.kind, "transform": self.transform_.to_dict()}
        return ModelState({"values": self.values_}, header)

    @classmethod
    def from_state(cls, tensors: Tensors, header: Mapping[str, Any]) -> Mean:
        """The fitted model again."""
        check_kind(header, cls.kind)
        model = cls()
        model.values_ = tensors["values"]
        model.transform_ = TargetTransform.from_dict(header["transform"])
        return model


class InverseDistance(Interpolation):
    """Inverse distance weighting, distance in metres.

    Parameters
    ----------
    neighbours : int
        Nearest places with values that count.
    power : float
        Weight is distance to the minus `power`.
    """

    kind = "idw"

    def __init__(self, neighbours: int = 12, power: float = 2.0) -> None:
        self.neighbours = neighbours
        self.power = power

    def state(self) -> ModelState:
        """What `from_state` needs."""
        header = {
            "kind": self.kind,
            "neighbours": self.neighbours,
            "power": self.power,
            "transform": self.transform_.to_dict(),
        }
        return ModelState(self._tensors(), header)

    @classmethod
    def from_state(cls, tensors: Tensors, header: Mapping[str, Any]) -> InverseDistance:
        """The fitted model again."""
        check_kind(header, cls.kind)
        model = cls(int(header["neighbours"]), float(header["power"]))
        model._restore(tensors, header)
        return model

    def _tell(self, positions: NDArray[np.float64], progress: Progress) -> Prediction:
        """Weighted means; the spread is the error of leaving one out, everywhere."""
        tree, mean = cKDTree(self.positions_), np.empty(len(positions))
        for part in chunks(len(positions), _CHUNK, progress, tr("Inverse distance weighting")):
            mean[part] = self._weigh(*nearest(tree, positions[part], self.neighbours))
        return Prediction(mean, self.leave_one_out().spread[:1].repeat(len(mean)), self.transform_)

    def _without_own(self) -> Prediction:
        near = nearest_elsewhere(self.positions_, self.places_.cell, self.neighbours)
        return _with_error(self._weigh(*near), self.values_, self.transform_)

    def _weigh(self, distance: NDArray[np.float64], index: NDArray[np.int64]) -> NDArray:
        # A millimetre stands for zero: an observed place keeps its own value.
        weight = np.maximum(distance, 1e-3) ** -self.power
        return (weight * self.values_[index]).sum(axis=1) / weight.sum(axis=1)


class Forest:
    """A random forest on the cell's position and its own features.

    Parameters
    ----------
    trees : int
        Number of trees.
    seed : int
        Seed of the trees.
    """

    kind = "forest"

    def __init__(self, trees: int = 300, seed: int = 0) -> None:
        self.trees = trees
        self.seed = seed

    def fit(
        self,
        graph: GraphRawData,
        y: NDArray[np.float64],
        observed: NDArray[np.int64],
        progress: Progress,
    ) -> Forest:
        """Learn from the observed cells; see `Model.fit`."""
        features = own_features(graph, observed)
        self.units_ = learn_units(features)
        self.x_ = self._scaled(features)
        self.transform_, self.values_ = scaled_values(y, observed)
        return self._grow()

    def predict(
        self, graph: GraphRawData, progress: Progress, cells: NDArray[np.int64] | None = None
    ) -> Prediction:
        """Mean of the trees; the spread is the out-of-bag error, everywhere."""
        mean = self.forest_.predict(self._scaled(own_features(graph, cells))) / _ABOVE
        return Prediction(mean, self.leave_one_out().spread[:1].repeat(len(mean)), self.transform_)

    def leave_one_out(self) -> Prediction:
        """The mean of the trees that did not see the cell (out of bag)."""
        return _with_error(self.forest_.oob_prediction_ / _ABOVE, self.values_, self.transform_)

    def state(self) -> ModelState:
        """What `from_state` needs: the data, since trees grow again in a moment."""
        header = {
            "kind": self.kind,
            "trees": self.trees,
            "seed": self.seed,
            "transform": self.transform_.to_dict(),
        }
        tensors = {"values": self.values_, "x": self.x_, "units": self.units_}
        return ModelState(tensors, header)

    @classmethod
    def from_state(cls, tensors: Tensors, header: Mapping[str, Any]) -> Forest:
        """The same forest, grown again from its data and seed."""
        check_kind(header, cls.kind)
        model = cls(int(header["trees"]), int(header["seed"]))
        model.values_, model.x_ = tensors["values"], tensors["x"]
        model.units_ = tensors["units"]
        model.transform_ = TargetTransform.from_dict(header["transform"])
        return model._grow()

    def _scaled(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        scaled: NDArray[np.float64] = (features - self.units_[0]) / self.units_[1]
        return scaled

    def _grow(self) -> Forest:
        from sklearn.ensemble import RandomForestRegressor

        self.forest_ = RandomForestRegressor(
            self.trees, max_features=1 / 3, oob_score=True, random_state=self.seed, n_jobs=-1
        )
        self.forest_.fit(self.x_, self.values_ * _ABOVE)
        return self


def own_features(graph: GraphRawData, cells: NDArray[np.int64] | None) -> NDArray[np.float64]:
    """Position in metres and own features of `cells`, or of all, [n, 2 + F]."""
    features = graph.features if cells is None else graph.features[cells]
    return np.column_stack([cell_positions(graph, cells), features])


def learn_units(features: NDArray[np.float64]) -> NDArray[np.float64]:
    """Centre and scale of each column, shape [2, columns]: trees read float32, with a floor."""
    units = np.array([[0.0], [1.0]]).repeat(features.shape[1], axis=1)
    for number, values in enumerate(features.T):
        known = values[np.isfinite(values)]
        if len(known):
            exact = TargetTransform.exact(known)
            units[:, number] = exact.centre, exact.scale
    return units


def _with_error(
    mean: NDArray[np.float64], values: NDArray[np.float64], transform: TargetTransform
) -> Prediction:
    error = np.sqrt(np.mean((mean - values) ** 2))
    return Prediction(mean, np.full(len(mean), error), transform)
