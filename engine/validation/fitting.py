"""A run's fits: with cells held out to score them, and to all of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..config.kinds import KINDS
from ..config.schema import Config, TrainingConfig
from ..data.builders.graph import GraphRawData
from ..data.splits import Split, group_folds, published_split, random_folds, random_split
from ..errors import FitError, InputError
from ..language import tr
from ..models.base import Model
from ..models.kinds import fit_model
from ..names import BLOCKS, GROUPS, RANDOM
from ..progress import Part, Progress
from .concluding import conclude
from .importance import permutation_importance, why_none
from .run import BLOCK_SIDE, Run
from .scoring import QUICK, paper_scale, score, spatial_blocks
from .trials import Fold

# With fewer observed cells, each is held out once: a fifth of them tells too little.
_FEW = 500
# Blocks hold at most this share of the cells that a model is fitted to.
_MOST_IN_BLOCKS = 0.5

Fitted: TypeAlias = tuple[NDArray[np.int64], Model]
"""The training cells, and the model fitted to them."""


def validate(
    run_: Run,
    graph: GraphRawData,
    target: str,
    config: Config,
    progress: Progress,
    methods: Sequence[str] = QUICK,
) -> Fitted | None:
    """Test a map of all observed cells: `fit_and_score`, `score_blocks` and `conclude`.

    Parameters and result are those of `fit_and_score`.
    """
    fitting = (run_, graph, target, settled(config, graph, target))
    fitted = fit_and_score(*fitting, Part(progress, 0.0, 0.5), methods)
    score_blocks(*fitting, Part(progress, 0.5, 1.0), methods)
    conclude(run_, graph, target, graph.observed(target))
    return fitted


def fit_and_score(
    run_: Run,
    graph: GraphRawData,
    target: str,
    config: Config,
    progress: Progress,
    methods: Sequence[str] = QUICK,
) -> Fitted | None:
    """Hold out observed cells as set by `training.validation`, fit to the others, and score.

    A city read with `strict_reference` uses the published split and the published cells for
    early stopping. For a report, feature importance is recorded too if `training.importance`
    wants it, of the last fold if there are several.

    Parameters
    ----------
    run_ : Run
        Records the results.
    graph : GraphRawData
        The graph.
    target : str
        The target.
    config : Config
        Options of the model and of the validation.
    progress : Progress
        Receives progress and messages.
    methods : sequence of str
        The baselines to compare with.

    Returns
    -------
    Fitted or None
        The training cells and the model fitted to them; None after cross-validation.

    Raises
    ------
    FitError
        If the values that are not held out are all equal.
    InputError
        If there are fewer cells than folds, or groups are wanted and there are none.
    """
    fitting = Part(progress, 0.0, 0.8 if run_.explained else 1.0)
    explaining = Part(progress, 0.8, 1.0)
    if not config.training.once:
        test, splits, details = folds_of(graph, target, config)
        folds, last = _try_folds(graph, target, config, splits, methods, fitting)
        run_.tested(test, graph.target(target), folds, details)
        run_.stage("fit and predict in folds")
        if run_.explained:
            explain(run_, graph, target, last, splits[-1].test, explaining)
        return None
    split, options = _holdout(graph, target, config)
    folds, model = _try_folds(graph, target, config, [split], methods, fitting, **options)
    run_.trained(model)
    if len(split.test):
        run_.tested(RANDOM, graph.target(target), folds, {"kind": "random"})
    run_.stage("fit to the cells that were not held out, predict the others")
    if run_.explained:
        explain(run_, graph, target, model, split.test, explaining)
    return split.known, model


def score_blocks(
    run_: Run,
    graph: GraphRawData,
    target: str,
    config: Config,
    progress: Progress,
    methods: Sequence[str] = QUICK,
) -> None:
    """Fit and score with spatial blocks held out; parameters as for `fit_and_score`.

    If no blocks can be held out, a warning says why.
    """
    training = config.training
    if training.untested or not training.blocks:
        return
    found = spatial_blocks(graph, target, training)
    if found is None:
        progress.warning(
            tr("The observed cells lie too close together to hold out spatial blocks.")
        )
        return
    splits, side, kind = found
    y = graph.target(target)
    if any(np.ptp(y[split.known]) == 0 for split in splits):
        progress.warning(
            tr("All values outside the held-out blocks are equal, so the blocks cannot be tested.")
        )
        return
    try:
        folds, _ = _try_folds(graph, target, config, splits, methods, progress)
    except FitError as error:
        text = tr("Spatial blocks are not tested: {reason}")
        progress.warning(text.format(reason=error))
        return
    details = {"kind": kind, BLOCK_SIDE: round(side)}
    run_.tested(BLOCKS, y, folds, details)
    run_.stage("fit and predict without spatial blocks")


def score_blocks_within(
    run_: Run, graph: GraphRawData, target: str, config: Config, progress: Progress
) -> None:
    """Run `score_blocks` on the training cells of `fit_and_score` only.

    The test cells are not used, so that the model file can be evaluated on them later. The
    blocks contain at most half of the training cells. A run exactly as published holds out
    no blocks.
    """
    if graph.info.published_order or config.model.strict_reference:
        if config.training.blocks:
            progress.log(tr("A run exactly as published holds out no spatial blocks."))
        return
    known = graph.observed(target)
    if config.training.once:
        known = _holdout(graph, target, config)[0].known
    y = np.full(len(graph.cell), np.nan)
    y[known] = graph.target(target)[known]
    ratio = min(config.training.masked_ratio, _MOST_IN_BLOCKS)
    training = dataclasses.replace(config.training, masked_ratio=ratio)
    within = dataclasses.replace(graph, targets={**graph.targets, target: y})
    score_blocks(run_, within, target, dataclasses.replace(config, training=training), progress)


def fit_all(
    run_: Run,
    graph: GraphRawData,
    target: str,
    config: Config,
    progress: Progress,
    before: Fitted | None = None,
) -> Fitted:
    """Fit to all observed cells; return the cells and the model. See `fit_and_score`.

    The fit may set out from what that gave (`before`), if it knew at least half of the cells.
    """
    observed = graph.observed(target)
    scaled = _on_scale(config, paper_scale(graph, target))
    most = before is not None and 2 * len(before[0]) >= len(observed)
    near = before[1] if before and most else None
    model = fit_model(scaled, graph, target, observed, progress, near)
    run_.trained(model)
    run_.stage("fit to all observed cells")
    return observed, model


def explain(
    run_: Run,
    graph: GraphRawData,
    target: str,
    model: Model,
    test: NDArray[np.int64],
    progress: Progress,
) -> None:
    """Record the feature importance of `model` on the held-out cells, or why there is none."""
    y, seed = graph.target(target), run_.config.training.seed
    found = permutation_importance(model, graph, y, test, seed, progress)
    run_.trust["importance"] = [dataclasses.asdict(item) for item in found]
    if not found:
        run_.trust["no_importance"] = why_none(graph, test)
    run_.stage("find what the prediction rests on")


def settled(config: Config, graph: GraphRawData, target: str) -> Config:
    """The options, with the validation that `auto` is for a map."""
    training = config.training
    if training.validation != "auto":
        return config
    few = len(graph.observed(target)) < _FEW and graph.info.published_order is None
    default = training.masked_ratio == TrainingConfig().masked_ratio
    folds = few and default and not KINDS[config.model.fitted_kind].network
    chosen = dataclasses.replace(training, validation="kfold" if folds else "holdout")
    return dataclasses.replace(config, training=chosen)


def _try_folds(
    graph: GraphRawData,
    target: str,
    config: Config,
    splits: Sequence[Split],
    methods: Sequence[str],
    progress: Progress,
    **options: Any,
) -> tuple[list[Fold], Model]:
    """Predictions of all methods for each fold, and our model of the last; `options` of `fit`."""
    y, count = graph.target(target), len(splits)
    scaled = _on_scale(config, paper_scale(graph, target))
    folds = []
    for number, split in enumerate(splits):
        if np.ptp(y[split.known]) == 0:
            raise FitError(
                tr(
                    "All values of '{target}' that are not held out are equal; hold out fewer "
                    "cells."
                ).format(target=target)
            )
        part = Part(progress, number / count, (number + 1) / count)
        fitting = (graph, target, split.known, Part(part, 0.0, 0.9))
        model = fit_model(scaled, *fitting, **options)
        scored = (model, graph, target, split, Part(part, 0.9, 1.0))
        folds.append(score(*scored, methods=methods, seed=config.training.seed))
    return folds, model


def _on_scale(config: Config, paper: str) -> Config:
    """The options, where `auto` is the paper's scale of a target that has one."""
    if not paper or config.model.transform != "auto":
        return config
    return dataclasses.replace(config, model=dataclasses.replace(config.model, transform=paper))


def _holdout(graph: GraphRawData, target: str, config: Config) -> tuple[Split, dict[str, Any]]:
    """The cells to fit to and to score on, and what else `fit` is told."""
    observed = graph.observed(target)
    ratio, seed = config.training.masked_ratio, config.training.seed
    if graph.info.published_order is None:
        return random_split(observed, ratio, seed), {}
    parts = published_split(np.array(graph.info.published_order), ratio, seed)
    train, validation, test = (np.intersect1d(part, observed) for part in parts)
    known = np.union1d(train, validation)
    by_cells = KINDS[config.model.kind].stops_by_cells
    return Split(known, test), {"validation": validation} if by_cells else {}


def folds_of(
    graph: GraphRawData, target: str, config: Config
) -> tuple[str, tuple[Split, ...], dict[str, Any]]:
    """The name of the test, its splits, and what the report says of them."""
    training, observed = config.training, graph.observed(target)
    if training.validation == "kfold":
        splits = random_folds(observed, training.folds, training.seed)
        return RANDOM, splits, {"kind": "random folds"}
    if graph.info.groups is None:
        raise InputError(
            tr(
                "The validation 'groups' needs a group for each point; name the group field, or "
                "choose another validation."
            )
        )
    group = graph.info.groups.of(observed)
    splits = group_folds(observed, group, training.folds, training.seed)
    return GROUPS, splits, {"kind": "groups", "groups": len(np.unique(group))}
