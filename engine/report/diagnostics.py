"""What the errors on held-out cells tell of a model: pattern, reach, and honest intervals."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ..data.builders.graph import GraphRawData
from ..data.splits import Split
from ..models.places import cell_places
from ..prediction.coverage import Coverage
from .spatial import morans_i, semivariogram
from .summary import HeldOut
from .words import coverage_in_words, pattern_in_words

# Fewer cells tell nothing of a pattern.
_LEAST_CELLS = 20
# Classes of distance, and the cells that each should hold.
_CLASSES, _CELLS_PER_CLASS = 8, 15


@dataclasses.dataclass(frozen=True)
class Trial:
    """One test of the model: which cells, and what it said of them.

    Parameters
    ----------
    cells : Split
        The cells that the model knew, and those it did not.
    ours : HeldOut
        What it predicted for the latter.
    coverage : Coverage or None
        What its intervals held.
    """

    cells: Split
    ours: HeldOut
    coverage: Coverage | None


def diagnose(graph: GraphRawData, trials: Mapping[str, Trial], level: float) -> dict[str, Any]:
    """Look closer at the errors of each test.

    Parameters
    ----------
    graph : GraphRawData
        The cells.
    trials : mapping of str to Trial
        `random`, and `blocks` where there were any.
    level : float
        The level of the intervals, for the words.

    Returns
    -------
    dict
        `pattern` (of the random test: Moran's I and semivariogram of the observed values
        and of the residuals), `coverage` and `error_by_distance` (both by test); what
        cannot be said is left out. `said` puts a part in words.
    """
    found: dict[str, Any] = {}
    random = trials.get("random")
    if random is not None and len(random.cells.test) >= _LEAST_CELLS:
        pattern = _pattern(cell_places(graph, random.cells.test), random.ours)
        found["pattern"] = {**pattern, "said": pattern_in_words(pattern["moran"])}
    coverage = {
        name: dataclasses.asdict(trial.coverage) for name, trial in trials.items() if trial.coverage
    }
    if coverage:
        found["coverage"] = {"by_test": coverage, "said": coverage_in_words(coverage, level)}
    apart = {name: _by_distance(graph, trial) for name, trial in trials.items() if _has_both(trial)}
    if apart:
        found["error_by_distance"] = apart
    return found


def _pattern(places: NDArray[np.float64], ours: HeldOut) -> dict[str, Any]:
    residuals = ours.observed - ours.predicted
    before, after = semivariogram(places, ours.observed), semivariogram(places, residuals)
    moran = {"observed": morans_i(places, ours.observed), "residuals": morans_i(places, residuals)}
    return {
        "cells": len(places),
        "moran": {name: item and dataclasses.asdict(item) for name, item in moran.items()},
        "semivariogram": {
            "distance_m": before.distance,
            "pairs": before.pairs,
            "observed": before.semivariance,
            "residuals": after.semivariance,
        },
    }


def _has_both(trial: Trial) -> bool:
    return len(trial.cells.test) > 0 and len(trial.cells.known) > 0


def _by_distance(graph: GraphRawData, trial: Trial) -> dict[str, Any]:
    """RMSE by the distance to the nearest cell that the model knew, in classes of like size."""
    known = cKDTree(cell_places(graph, trial.cells.known))
    distance = known.query(cell_places(graph, trial.cells.test))[0]
    classes = min(_CLASSES, max(len(distance) // _CELLS_PER_CLASS, 1))
    # Cells of a grid share their distances, up to rounding: likes are kept in one class.
    inner = np.quantile(distance, np.arange(1, classes) / classes, method="higher")
    number = np.searchsorted(np.unique(inner), distance * (1 + 1e-9), side="right")
    cells = np.bincount(number)
    used = cells > 0
    square = np.bincount(number, (trial.ours.observed - trial.ours.predicted) ** 2)
    return {
        "distance_m": np.bincount(number, distance)[used] / cells[used],
        "rmse": np.sqrt(square[used] / cells[used]),
        "cells": cells[used],
    }
