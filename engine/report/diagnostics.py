"""What the errors on held-out cells tell of a model: pattern, reach, and honest intervals."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..data.builders.graph import GraphRawData
from ..data.splits import Split
from ..models.distances import cell_positions
from ..names import BLOCKS
from ..validation.matching import away
from ..validation.trials import HeldOut, Trial
from .spatial import morans_i, semivariogram
from .words import coverage_in_words, pattern_in_words, reliability_in_words

# Fewer cells tell nothing of a pattern.
_LEAST_CELLS = 20
# Classes of distance, and the cells that each should hold.
_CLASSES, _CELLS_PER_CLASS = 8, 15


def diagnose(graph: GraphRawData, trials: Mapping[str, Trial], level: float) -> dict[str, Any]:
    """Look closer at the errors of each test.

    Parameters
    ----------
    graph : GraphRawData
        The cells.
    trials : mapping of str to Trial
        By name: `random` or `groups`, and `blocks` where there were any.
    level : float
        The level of the intervals, for the words.

    Returns
    -------
    dict
        `reliability` (by test, of probabilities of exceeding thresholds), `pattern` (of the first
        test but blocks: Moran's I and semivariogram of the observed values and of the residuals),
        `coverage` and `error_by_distance` (both by test); what cannot be said is left out. `text`
        puts a part in words.
    """
    found: dict[str, Any] = {}
    first = next((trial for name, trial in trials.items() if name != BLOCKS), None)
    if first is not None and first.ours_reported is not None and len(first.test) >= _LEAST_CELLS:
        pattern = _pattern(cell_positions(graph, first.test), first.ours_reported)
        found["pattern"] = {**pattern, "text": pattern_in_words(pattern["moran"])}
    coverage = {
        name: dataclasses.asdict(trial.coverage) for name, trial in trials.items() if trial.coverage
    }
    if coverage:
        found["coverage"] = {"by_test": coverage, "text": coverage_in_words(coverage, level)}
    chances = {
        name: [dataclasses.asdict(each) for each in trial.reliability]
        for name, trial in trials.items()
        if trial.reliability
    }
    if chances:
        found["reliability"] = {"by_test": chances, "text": reliability_in_words(chances)}
    apart = {
        name: _by_distance(graph, trial.splits, trial.ours_reported)
        for name, trial in trials.items()
        if trial.ours_reported is not None and len(trial.test) and len(trial.splits[0].known)
    }
    if apart:
        found["error_by_distance"] = apart
    return found


def _pattern(positions: NDArray[np.float64], ours: HeldOut) -> dict[str, Any]:
    residuals = ours.observed - ours.predicted
    before, after = semivariogram(positions, ours.observed), semivariogram(positions, residuals)
    moran = {
        "observed": morans_i(positions, ours.observed),
        "residuals": morans_i(positions, residuals),
    }
    return {
        "cells": len(positions),
        "moran": {name: item and dataclasses.asdict(item) for name, item in moran.items()},
        "semivariogram": {
            "distance_m": before.distance,
            "pairs": before.pairs,
            "observed": before.semivariance,
            "residuals": after.semivariance,
        },
    }


def _by_distance(graph: GraphRawData, splits: Sequence[Split], ours: HeldOut) -> dict[str, Any]:
    """RMSE by the distance to the nearest cell that the model knew, in classes of like size."""
    distance = np.concatenate([away(graph, split) for split in splits])
    classes = min(_CLASSES, max(len(distance) // _CELLS_PER_CLASS, 1))
    # Cells of a grid share their distances, up to rounding: likes are kept in one class.
    inner = np.quantile(distance, np.arange(1, classes) / classes, method="higher")
    number = np.searchsorted(np.unique(inner), distance * (1 + 1e-9), side="right")
    cells = np.bincount(number)
    used = cells > 0
    square = np.bincount(number, (ours.observed - ours.predicted) ** 2)
    return {
        "distance_m": np.bincount(number, distance)[used] / cells[used],
        "rmse": np.sqrt(square[used] / cells[used]),
        "cells": cells[used],
    }
