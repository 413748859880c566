"""Boosted trees of few leaves, asked of many rows at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# The answers to a tree's questions are the bits of a byte.
MOST_LEAVES = 9
# Rows of which all columns stay in the cache of a processor.
_CHUNK = 8192


class Boosted:
    """What scikit-learn's boosted trees for regression predict, in a tenth of its time.

    It asks each tree all of its questions, and looks up what the answers lead to.

    Parameters
    ----------
    model : HistGradientBoostingRegressor
        Fitted to rows without NaN and without categories, with at most `MOST_LEAVES` leaves a
        tree.
    """

    def __init__(self, model: Any) -> None:
        self.base = float(np.ravel(model._baseline_prediction)[0])
        self.trees = [_flat(tree.nodes) for trees in model._predictors for tree in trees]

    def predict(self, rows: Array) -> Array:
        """The value of each row [n, F], shape [n]."""
        found = np.full(len(rows), self.base)
        for start in range(0, len(rows), _CHUNK):
            part = slice(start, start + _CHUNK)
            columns = np.ascontiguousarray(rows[part].T)
            answer, asked = np.empty((2, columns.shape[1]), dtype=np.uint8)
            for feature, threshold, value in self.trees:
                asked[:] = 0
                for column, most in zip(feature, threshold):
                    np.less_equal(columns[column], most, out=answer.view(bool))
                    # The first question becomes the highest bit.
                    np.add(asked, asked, out=asked)
                    np.bitwise_or(asked, answer, out=asked)
                found[part] += value.take(asked, mode="wrap")
        return found


def _flat(nodes: NDArray[Any]) -> tuple[list[int], list[float], Array]:
    """The feature and threshold of each question of a tree, and its value for all answers."""
    asking = np.flatnonzero(nodes["is_leaf"] == 0)
    if len(asking) == 0:
        # A tree that asks nothing: one question, to which both answers lead to its leaf.
        return [0], [0.0], np.repeat(nodes["value"][:1], 2)
    code: NDArray[np.int64] = np.arange(2 ** len(asking))
    node: NDArray[np.int64] = np.zeros(len(code), dtype=np.int64)
    bit = np.zeros(len(nodes), dtype=np.int64)
    bit[asking] = np.arange(len(asking))[::-1]
    for _ in asking:
        lower = (code >> bit[node]) & 1
        beyond = np.where(lower == 1, nodes["left"][node], nodes["right"][node])
        node = np.asarray(np.where(nodes["is_leaf"][node] == 1, node, beyond))
    questions = nodes[asking]
    value: Array = nodes["value"][node]
    return questions["feature_idx"].tolist(), questions["num_threshold"].tolist(), value
