"""How good a map of classes is: each method on the same held-out cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ..config.schema import Config
from ..data.builders.graph import GraphRawData
from ..data.sources.classpoints import Labelled
from ..data.splits import Split, random_split
from ..language import tr
from ..models.class_baselines import ClassForest, NearestClass
from ..models.classes import ClassProcess, log_loss
from ..names import BLOCKS, FOREST, NEAREST, OURS, RANDOM
from ..progress import Part, Progress
from .fitting import folds_of, settled
from .run import BLOCK_SIDE
from .scoring import spatial_blocks

Array = NDArray[np.float64]

# So many standard errors must a difference lie away from 0 to be told as one.
_CLEARLY = 2.0


class ClassModel(Protocol):
    """What predicts the probability of each class."""

    def fit(
        self, graph: GraphRawData, shares: Array, observed: NDArray[np.int64], progress: Progress
    ) -> ClassModel: ...

    def predict(
        self, graph: GraphRawData, progress: Progress, cells: NDArray[np.int64] | None = None
    ) -> Array: ...


METHODS: dict[str, Callable[[Config], ClassModel]] = {
    OURS: ClassProcess,
    NEAREST: lambda config: NearestClass(),
    FOREST: lambda config: ClassForest(config.training.seed),
}
"""What each method of a report is."""


@dataclass(frozen=True, eq=False)
class ClassTest:
    """What each method predicted of held-out cells.

    Parameters
    ----------
    counts : float64 array [n, K]
        The points of each class in each held-out cell.
    predicted : dict of str to float64 array [n, K]
        The probability of each class, by method.
    details : mapping
        How the cells were held out, for the report.
    """

    counts: Array
    predicted: Mapping[str, Array]
    details: Mapping[str, Any]

    def scores(self) -> dict[str, dict[str, Any]]:
        """The scores of each method; see `class_scores`."""
        return {
            method: class_scores(found, self.counts, certain=method == NEAREST)
            for method, found in self.predicted.items()
        }

    def clearly_better(self, other: str) -> bool | None:
        """Whether GeoHG is right clearly more often than another method; None if it is not told.

        That is by two standard errors of the difference in each cell's share of points that are
        right, weighted by points.
        """
        weight = self.counts.sum(axis=1)
        gain = _hits(self.predicted[OURS], self.counts) - _hits(self.predicted[other], self.counts)
        mean = gain.sum() / weight.sum()
        error = np.sqrt(np.square(gain - mean * weight).sum()) / weight.sum()
        return bool(np.sign(mean) > 0) if abs(mean) > _CLEARLY * error else None


def class_scores(probabilities: Array, counts: Array, certain: bool = False) -> dict[str, Any]:
    """How well the classes of held-out points are told.

    Parameters
    ----------
    probabilities : float64 array [n, K]
        Of each class in each cell; the class of a cell is the likeliest.
    counts : float64 array [n, K]
        The points of each class there.
    certain : bool
        Whether the probabilities are 0 and 1, so that there is no log loss.

    Returns
    -------
    dict
        `points`; `confusion`, a list of rows, the number of points of each class (row) by the
        class of the map (column); `accuracy`, the share of points whose class is that of the map;
        `kappa`, what of that is beyond chance (Cohen 1960); `log_loss`, in nats; `brier`, the
        mean over points of the squared difference of probabilities and truth, summed over the
        classes (Brier 1950); `recall` and `precision`, a list by class: the producer's and the
        user's accuracy, None where there is no point.
    """
    count = probabilities.shape[1]
    confusion = np.zeros((count, count))
    np.add.at(confusion.T, probabilities.argmax(axis=1), counts)
    total, right = confusion.sum(), np.diagonal(confusion)
    there, told = confusion.sum(axis=1), confusion.sum(axis=0)
    accuracy, chance = right.sum() / total, there @ told / total**2
    # The squared distance of a row of probabilities p from class k is |p|^2 - 2 p_k + 1.
    apart = np.square(probabilities).sum(axis=1, keepdims=True) - 2 * probabilities + 1
    return {
        "points": int(total),
        "confusion": confusion.astype(int).tolist(),
        "accuracy": float(accuracy),
        "kappa": float((accuracy - chance) / (1 - chance)) if chance < 1 else None,
        "log_loss": None if certain else log_loss(probabilities, counts),
        "brier": float((counts * apart).sum() / total),
        "recall": [float(r / n) if n else None for r, n in zip(right, there)],
        "precision": [float(r / n) if n else None for r, n in zip(right, told)],
    }


def hold_out_classes(
    graph: GraphRawData, labelled: Labelled, config: Config, progress: Progress
) -> dict[str, ClassTest]:
    """Hold cells out as `validate` does, and test every method: at random, and by blocks.

    A cell is held out whole, with all its points. Nothing is tested where no cell is held out.
    """
    shown, name = labelled.commonest(graph)
    config = settled(config, shown, name)
    training = config.training
    if training.untested:
        return {}
    plans: dict[str, tuple[Sequence[Split], Mapping[str, Any]]] = {}
    if training.once:
        split = random_split(labelled.observed, training.masked_ratio, training.seed)
        plans[RANDOM] = (split,), {"kind": "random"}
    else:
        test, folds, details = folds_of(shown, name, config)
        plans[test] = folds, details
    blocks = spatial_blocks(shown, name, training) if training.blocks else None
    if blocks is not None:
        plans[BLOCKS] = blocks.splits, {"kind": blocks.kind, BLOCK_SIDE: round(blocks.side)}
    elif training.blocks:
        progress.warning(
            tr("The observed cells lie too close together to hold out spatial blocks.")
        )
    total = sum(len(splits) for splits, _ in plans.values())
    done, found = 0, {}
    for test, (splits, how) in plans.items():
        parts = []
        for number, split in enumerate(splits):
            part = Part(progress, (done + number) / total, (done + number + 1) / total)
            parts.append(_predicted(graph, labelled, split, config, part))
        done += len(splits)
        cells = np.concatenate([split.test for split in splits])
        predicted = {method: np.concatenate([part[method] for part in parts]) for method in METHODS}
        sizes = {"folds": len(splits)} if len(splits) > 1 else {"known": len(splits[0].known)}
        told = {**how, **sizes, "test": len(cells), "seed": training.seed}
        found[test] = ClassTest(labelled.counts[cells], predicted, told)
    return found


def _predicted(
    graph: GraphRawData, labelled: Labelled, split: Split, config: Config, progress: Progress
) -> dict[str, Array]:
    """What each method, fitted to the training cells, says of the test cells."""
    found, count = {}, len(METHODS)
    for number, (method, make) in enumerate(METHODS.items()):
        part = Part(progress, number / count, (number + 1) / count)
        fitted = make(config).fit(graph, labelled.shares, split.known, part)
        found[method] = fitted.predict(graph, part, split.test)
    return found


def _hits(probabilities: Array, counts: Array) -> Array:
    """How many points of each cell have its likeliest class, [n]."""
    found: Array = counts[np.arange(len(counts)), probabilities.argmax(axis=1)]
    return found
