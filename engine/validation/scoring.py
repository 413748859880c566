"""Scores of a model and the baselines on held-out cells."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..config.schema import TrainingConfig
from ..data.builders.graph import GraphRawData
from ..data.builders.readings import Readings
from ..data.splits import Split, block_folds, block_split
from ..data.transforms import PAPER, TargetTransform
from ..models.base import Model, Prediction, ReadsPlaces
from ..models.baselines import Forest, InverseDistance, Mean
from ..models.distances import cell_positions
from ..models.kriging import OrdinaryKriging
from ..names import FOREST, IDW, KRIGING, MEAN, OURS
from ..prediction.reach import Reach
from ..prediction.uncertainty import deviations, without_own
from ..progress import Part, Progress, Silent
from .matching import gap_width, moved_gaps
from .run import MOVED_GAPS
from .trials import Fold

# What each method beside ours is, by its name in reports; each takes the seed.
_BASELINES: dict[str, Callable[[int], Model]] = {
    IDW: lambda seed: InverseDistance(),
    KRIGING: lambda seed: OrdinaryKriging(seed=seed),
    FOREST: lambda seed: Forest(seed=seed),
    MEAN: lambda seed: Mean(),
}
# Those that take a moment, and all of them.
QUICK = (IDW, KRIGING, MEAN)
ALL = tuple(_BASELINES)

# A share of ours among the work of a fold's predictions.
_OURS = 0.6


def score(
    model: Model,
    graph: GraphRawData,
    target: str,
    split: Split,
    progress: Progress,
    *,
    methods: Sequence[str] = QUICK,
    seed: int = 0,
    scores: NDArray[np.float64] | None = None,
    left_out: tuple[Prediction, NDArray[np.int64]] | None = None,
    places: Readings | None = None,
) -> Fold:
    """Predict the test cells with a fitted model and the baselines.

    Parameters
    ----------
    model : Model
        Fitted to `split.known` or fewer cells.
    graph : GraphRawData
        The graph.
    target : str
        The target.
    split : Split
        The baselines are fitted to `known`, if it is not empty. `test` is predicted; a
        cell that is also in `known` is predicted without its own value.
    progress : Progress
        Receives progress and messages.
    methods : sequence of str
        The baselines.
    seed : int
        Seed of those baselines that need one.
    scores : float64 array, optional
        Scores that calibrate the model's intervals. By default the leave-one-out scores of
        `split.known`, which must then be the training cells of the model.
    left_out : Prediction, int64 array [n], optional
        Predictions of training cells without their own value, needed if test cells are
        among them; see `FittedMap.left_out`.
    places : Readings, optional
        Where the values of the test cells were measured; by default as the graph says.

    Returns
    -------
    Fold
        Empty if there is no test cell.
    """
    if len(split.test) == 0:
        return Fold(split, {}, {})
    readings = graph.readings.get(target)
    held_out = (graph, split.test, places or readings)
    ours = predict_held_out(model, *held_out, Part(progress, 0.0, _OURS))
    if left_out is not None:
        ours = _blind(ours, split.test, *left_out)
    predicted: dict[str, Prediction] = {OURS: ours}
    y = graph.target(target)
    paper = paper_scale(graph, target)
    scale = TargetTransform.learn(y[split.known], paper) if paper and len(split.known) else None
    z = scale.forward(y) if scale else y
    left_out_by: dict[str, Prediction] = {}
    if scores is None:
        left_out_by[OURS] = own = model.leave_one_out()
        scores = deviations(y[split.known], own)
    calibrating = {OURS: scores}
    for number, name in enumerate(methods if len(split.known) > 1 else ()):
        step = (1 - _OURS) / len(methods)
        part = Part(progress, _OURS + number * step, _OURS + (number + 1) * step)
        baseline = _BASELINES[name](seed)
        read = {} if scale or not isinstance(baseline, ReadsPlaces) else {"readings": readings}
        fitted = baseline.fit(graph, z, split.known, part, **read)
        left_out_by[name] = without = _rescaled(fitted.leave_one_out(), scale)
        found = _rescaled(predict_held_out(fitted, *held_out, part), scale)
        predicted[name] = _blind(found, split.test, without, split.known)
        calibrating[name] = deviations(y[split.known], without)
    return Fold(
        split,
        predicted,
        calibrating,
        scale=scale or ours.transform,
        paper=bool(scale),
        left_out=left_out_by,
    )


def predict_held_out(
    model: Model,
    graph: GraphRawData,
    cells: NDArray[np.int64],
    readings: Readings | None,
    progress: Progress,
) -> Prediction:
    """The mean of what was measured in each of these cells, none of which the model knows.

    A model that reads places predicts it where it was measured.
    """
    if readings is None or not isinstance(model, ReadsPlaces):
        return model.predict(graph, progress, cells)
    return model.predict_readings(graph, progress, cells, readings)


def paper_scale(graph: GraphRawData, target: str) -> str:
    """The kind of transform on which the paper gives its accuracy; empty if there is none.

    The baselines, too, are fitted on that scale.
    """
    scaled = graph.info.published_order is not None
    return PAPER.get(target, "") if graph.info.city and not scaled else ""


def _rescaled(predicted: Prediction, scale: TargetTransform | None) -> Prediction:
    """A prediction of values on a scale, as one of the target."""
    return predicted if scale is None else Prediction(predicted.mean, predicted.std, scale)


def _blind(
    predicted: Prediction, test: NDArray[np.int64], left_out: Prediction, known: NDArray[np.int64]
) -> Prediction:
    """Predictions of `test`; cells that are also in `known` without their own value."""
    _, at, which = np.intersect1d(test, known, return_indices=True)
    if len(at) == 0:
        return predicted
    location, spread = left_out.location[which], left_out.spread[which]
    return without_own(
        predicted, dataclasses.replace(left_out, location=location, spread=spread), at
    )


class Blocks(NamedTuple):
    """Folds of blocks, their side in metres, and of what kind they are."""

    splits: Sequence[Split]
    side: float
    kind: str = "spatial blocks"


def spatial_blocks(graph: GraphRawData, target: str, training: TrainingConfig) -> Blocks | None:
    """Hold out blocks: some of them once, or all in folds, as set by `validation`.

    They are squares of the side `training.block_size`. By default it is the practical range
    (three lengths) of the exponential variogram of the observed cells, but at least two cells
    and at most a fifth of the grid's longer side. Where the map has gaps, blocks are no wider
    than these; held out once, they have their shapes (`moved_gaps`).

    Returns
    -------
    Blocks or None
        None if too few blocks fit.
    """
    observed, seed = graph.observed(target), training.seed
    width = math.inf if training.block_size else gap_width(graph, observed, seed)
    if training.once and math.isfinite(width):
        moved = moved_gaps(graph, observed, seed)
        if moved is not None:
            return Blocks((moved,), width, MOVED_GAPS)
    side = training.block_size or min(_range(graph, target), width)
    positions = cell_positions(graph, observed)
    if training.once:
        split = block_split(observed, positions, side, training.masked_ratio, seed)
        return None if split is None else Blocks((split,), side)
    folds = block_folds(observed, positions, side, training.folds, seed)
    return None if folds is None else Blocks(folds, side)


def widen(fold: Fold, reach: Reach, distance: NDArray[np.float64]) -> Fold:
    """The fold with our intervals widened by `reach`, as in a map.

    `distance` is the distance of each test cell to the nearest training cell, in metres.
    """
    return dataclasses.replace(fold, stretch={OURS: reach.factor(distance)})


def _range(graph: GraphRawData, target: str) -> float:
    observed = graph.observed(target)
    variogram = OrdinaryKriging().fit(graph, graph.target(target), observed, Silent())
    longest = float(np.ptp(cell_positions(graph), axis=0).max()) / 5
    least = 2 * max(graph.geometry.cell_metres())
    return max(min(3 * float(variogram.variogram_[2]), longest), least)
