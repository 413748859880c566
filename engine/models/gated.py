"""Covariates that are known in every cell are read, unless left-out cells say otherwise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..config.schema import Config
from ..data.builders.graph import GraphRawData
from ..data.builders.readings import Readings
from ..names import COVARIATE, MEASURED
from ..progress import Part, Progress
from .base import log_score
from .informants import process_of
from .kernel import Kernel
from .propagation import Propagation

Float = NDArray[np.float64]

# What a group of covariates must add to the log score of all left-out cells together, in
# nats: to that of the Gaussian process, one for each of the two weights that are learnt for
# it, as in Akaike's criterion; or, with the trees, as much again for what they learn.
_LEAST_GAIN = np.array([2.0, 4.0])
# With more observed cells, weights are certain enough, and a second fit takes its time.
_CERTAIN = 80


def fit_gated(
    config: Config,
    graph: GraphRawData,
    y: Float,
    observed: NDArray[np.int64],
    progress: Progress,
    readings: Readings | None = None,
    before: Kernel | None = None,
) -> Propagation:
    """Fit `Propagation` to the groups of covariates that observed cells bear out.

    Weights that are learnt from few cells follow chance, too. Each group, such as the columns
    of one raster, is left out in turn, and stays out unless the log score of left-out cells is
    better with it by more than its weights cost. With many observed cells all are read.

    Parameters
    ----------
    config : Config
        Options of the model.
    graph : GraphRawData
        The graph.
    y : float64 array [N]
        The target in its unit; only `y[observed]` is read.
    observed : int64 array
        Training cells.
    progress : Progress
        Receives progress and messages.
    readings : Readings, optional
        Where the values were measured; see `Propagation.fit`.
    before : Kernel, optional
        That of a fit to most of the same cells; see `Propagation.fit`.
    """
    best = process_of(config, graph)
    groups = list(best.reading.features(graph).grouped(COVARIATE, MEASURED))
    if len(observed) > _CERTAIN:
        groups = []
    fits = len(groups) + 1
    part = Part(progress, 0.0, 1 / fits)
    best.fit(graph, y, observed, part, readings=readings, before=before)
    score = _left_out_scores(best, y[observed]) if groups else np.zeros(2)
    for number, group in enumerate(groups, 1):
        part = Part(progress, number / fits, (number + 1) / fits)
        without = (*best.reading.without, group)
        tried = process_of(config, graph, without)
        tried.fit(graph, y, observed, part, readings=readings)
        found = _left_out_scores(tried, y[observed])
        if (score - found <= _LEAST_GAIN).all():
            best, score = tried, found
    return best


def _left_out_scores(model: Propagation, y: Float) -> Float:
    """The log score of all observed cells, each predicted from the others: by the Gaussian
    process alone, and by all of the model.

    Without any features there are no trees; those that come with the first group would count
    as its gain.
    """
    every = (model.leave_one_out_of_process(), model.leave_one_out())
    return np.array([log_score(found, y).sum() for found in every])
