"""A run's fits: with cells held out to score them, at random and in blocks."""

from __future__ import annotations

from typing import Any

import numpy as np

from .config.schema import Config
from .data.builders.graph import GraphRawData
from .data.splits import Split, published_split, random_split
from .errors import FitError
from .models.base import Model
from .progress import Part, Progress
from .report.run import Run
from .scoring import score, spatial_blocks
from .training.registry import make_model


def fit_and_score(
    run_: Run, graph: GraphRawData, target: str, config: Config, progress: Progress
) -> tuple[Split, Model]:
    """Hold some of the observed cells out, fit to the others, and score.

    A city read as the published code reads it is split as there, and the network stops by
    the cells that stop it there.

    Parameters
    ----------
    run_ : Run
        Notes what happened.
    graph : GraphRawData
        The graph.
    target : str
        The target.
    config : Config
        The model, and how many cells to hold out.
    progress : Progress
        Who watches.

    Returns
    -------
    Split, Model
        The cells, and the model fitted to those that were not held out.

    Raises
    ------
    FitError
        If the remaining values are all equal.
    """
    split, options = _split(graph, target, config)
    model = make_model(config)
    y = graph.target(target)
    if np.ptp(y[split.known]) == 0:
        raise FitError(
            f"All values of '{target}' that are not held out are equal; hold out fewer cells."
        )
    model.fit(graph, y, split.known, Part(progress, 0.0, 0.9), **options)
    run_.stage("fit to the cells that were not held out")
    predicted = score(model, graph, target, split, Part(progress, 0.9, 1.0))
    run_.scored(model, y, split, predicted, model.leave_one_out() if predicted else None)
    run_.stage("predict the held-out cells")
    return split, model


def _split(graph: GraphRawData, target: str, config: Config) -> tuple[Split, dict[str, Any]]:
    """The cells to fit to and to score on, and what else `fit` is told."""
    observed = graph.observed(target)
    ratio, seed = config.training.masked_ratio, config.training.seed
    if "published_order" not in graph.info:
        return random_split(observed, ratio, seed), {}
    parts = published_split(np.array(graph.info["published_order"]), ratio, seed)
    train, validation, test = (np.intersect1d(part, observed) for part in parts)
    known = np.union1d(train, validation)
    return Split(known, test), {"validation": validation} if config.model.kind == "gnn" else {}


def score_blocks(
    run_: Run, graph: GraphRawData, target: str, config: Config, progress: Progress
) -> None:
    """Fit and score once more with whole blocks held out; arguments as of `fit_and_score`.

    A warning tells where the cells allow no such test.
    """
    training = config.training
    if training.masked_ratio == 0:
        return
    found = spatial_blocks(graph, target, training.masked_ratio, training.seed)
    if found is None:
        progress.warning("The observed cells lie too close together to hold out spatial blocks.")
        return
    split, side = found
    y = graph.target(target)
    if np.ptp(y[split.known]) == 0:
        progress.warning("All values outside the held-out blocks are equal; they test nothing.")
        return
    model = make_model(config).fit(graph, y, split.known, Part(progress, 0.0, 0.9))
    predicted = score(model, graph, target, split, Part(progress, 0.9, 1.0))
    run_.scored_blocks(y, split, side, predicted, model.leave_one_out())
    run_.stage("fit and predict without spatial blocks")
