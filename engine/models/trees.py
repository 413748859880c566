"""Boosted trees beside the Gaussian process: they see steps where it sees slopes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from torch import Tensor

from ..data.draws import drawn
from ..language import tr
from ..progress import Progress, chunks
from .boosted import Boosted
from .distances import nearest
from .places import near_elsewhere

Array = NDArray[np.float64]
Number = TypeVar("Number", Array, Tensor)

# With fewer values than this, trees that read what the process and near values say repeat the
# errors of the process; those that read the ground and the place alone make others.
_FEW = 100
# Share of the trees in the answer. The best share is too uncertain to be learnt from the
# data at hand; whether the trees do harm is not.
_SHARE = 0.3
_NEIGHBOURS = (4, 8, 24)
_CHUNK = 16_384
MOST_TAUGHT = 100_000
"""Trees with so few leaves learn no more from more: of more observed cells, so many are drawn."""


class _Growth(NamedTuple):
    """How trees are grown, and by what share of the squared errors they may do harm."""

    folds: int
    leaf: int
    choice: float
    harm: float


_MANY_VALUES = _Growth(folds=3, leaf=10, choice=0.15, harm=0.02)
# Few values are needed in each fold, and tell less surely what does harm.
_FEW_VALUES = _Growth(folds=5, leaf=3, choice=0.3, harm=0.1)


class Trees:
    """Gradient-boosted trees, each fold's predicting the others' values.

    They read the position and the neighbourhood features and, with 100 values or more, what near
    observed cells say, and what the Gaussian process says without the cell's own value.

    Parameters
    ----------
    seed : int
        Seed of the folds and of the trees.

    Attributes
    ----------
    share_ : float
        Weight of the trees beside the Gaussian process: 0 where they do harm.
    left_out_ : float64 array [n]
        What the trees of the other folds predict for each observed cell.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def fit(
        self,
        positions: Array,
        x: NDArray[np.float32],
        process: Array,
        values: Array,
        cell: NDArray[np.int64] | None = None,
    ) -> Trees:
        """Learn from observed cells, or from places in them.

        Parameters
        ----------
        positions : float64 array [n, 2]
            In cells.
        x : float32 array [n, F]
            Neighbourhood features.
        process : float64 array [n, 2]
            Mean and standard deviation from the Gaussian process, leaving one out.
        values : float64 array [n]
            What to predict.
        cell : int64 array [n], optional
            The cell of each, from 0: what is of one cell is left out together. By default each is
            a cell.
        """
        from sklearn.ensemble import HistGradientBoostingRegressor

        self.tree_, self.values_ = cKDTree(positions), values
        cell = np.arange(len(values)) if cell is None else cell
        growth = _FEW_VALUES if len(values) < _FEW else _MANY_VALUES
        cells = np.random.default_rng(self.seed).permutation(cell.max() + 1)
        fold = (cells % growth.folds)[cell]

        def read(asked: NDArray[np.int64]) -> Iterator[tuple[NDArray[np.int64], Array]]:
            for k, far, near in near_elsewhere(self.tree_, cell, _NEIGHBOURS[-1], asked):
                yield k, self._columns(positions[k], x[k], process[k], far, near)

        every: NDArray[np.int64] = np.arange(len(values))
        taught = drawn(every, MOST_TAUGHT, self.seed)
        columns = np.concatenate([part for _, part in read(taught)])
        self.trees_ = []
        for number in range(growth.folds):
            tree = HistGradientBoostingRegressor(
                max_iter=60,
                learning_rate=0.1,
                max_leaf_nodes=8,
                min_samples_leaf=growth.leaf,
                l2_regularization=1.0,
                max_features=growth.choice,
                max_bins=63,
                early_stopping=False,
                random_state=self.seed + number,
            )
            others = fold[taught] != number
            tree.fit(columns[others], values[taught[others]])
            self.trees_.append(Boosted(tree))
        self.left_out_ = np.empty(len(values))
        for rows, part in read(every) if len(taught) < len(every) else [(taught, columns)]:
            for number, one in enumerate(self.trees_):
                own = fold[rows] == number
                self.left_out_[rows[own]] = one.predict(part[own])
        self.share_ = _SHARE
        before = np.sum((process[:, 0] - values) ** 2)
        after = np.sum((self.blend(process[:, 0], self.left_out_) - values) ** 2)
        if after > before * (1 + growth.harm):
            self.share_ = 0.0
        return self

    def predict(
        self, positions: Array, x: NDArray[np.float32], process: Array, progress: Progress
    ) -> Array:
        """What the trees say of other cells; arrays as for `fit`."""
        predicted = np.empty(len(positions))
        for part in chunks(len(positions), _CHUNK, progress, tr("Predicting by trees")):
            near = nearest(self.tree_, positions[part], _NEIGHBOURS[-1])
            columns = self._columns(positions[part], x[part], process[part], *near)
            predicted[part] = np.mean([one.predict(columns) for one in self.trees_], axis=0)
        return predicted

    def blend(self, process: Number, trees: Number) -> Number:
        """The answer from both means."""
        return (1 - self.share_) * process + self.share_ * trees

    def _columns(
        self,
        positions: Array,
        x: NDArray[np.float32],
        process: Array,
        distance: Array,
        index: NDArray[np.int64],
    ) -> Array:
        if len(self.values_) < _FEW:
            return np.column_stack([positions, x])
        value = self.values_[index]
        # An observed cell that is asked about is not its own neighbour in `fit` either, but
        # here it is; a distance of zero must at least not divide.
        weight = 1 / np.maximum(distance, 1e-3) ** 2
        means = [
            (weight[:, :count] * value[:, :count]).sum(axis=1) / weight[:, :count].sum(axis=1)
            for count in _NEIGHBOURS
        ]
        spread = value[:, :12].std(axis=1)
        return np.column_stack([positions, x, process, *means, value[:, 0], distance[:, 0], spread])
