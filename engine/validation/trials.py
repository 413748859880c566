"""Tests of the methods on cells that they did not see, put together from their folds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..data.splits import Split
from ..data.transforms import TargetTransform
from ..models.base import Prediction
from ..names import MEAN, OURS
from ..numerics import metrics
from ..prediction.uncertainty import Calibration, Errors, exceeding
from .coverage import LEVELS, Coverage, coverage_curve, pool_coverage
from .reliability import Reliability, reliability

Array = NDArray[np.float64]


@dataclass(frozen=True)
class HeldOut:
    """Predictions of one method for held-out cells.

    Parameters
    ----------
    method : str
        A name of `names`: "GeoHG", "IDW", "Ordinary kriging" or "Mean".
    observed, predicted : float array [n]
        The same test cells in the same order for every method, in the target's unit.
    lower, upper : float array [n], optional
        Ends of the intervals.
    scaled : HeldOut, optional
        The same on the scale that our model reads the target on, where that is curved.
    weight : float array [n], optional
        Of the cells, the same for every method; by default all are alike.
    """

    method: str
    observed: NDArray[np.floating]
    predicted: NDArray[np.floating]
    lower: NDArray[np.floating] | None = None
    upper: NDArray[np.floating] | None = None
    scaled: HeldOut | None = None
    weight: NDArray[np.floating] | None = None

    def score(self, scale: float | None = None) -> dict[str, Any]:
        """The scores of one method: in the target's unit, and as shares of the scale.

        `coverage` is the share of the values inside the intervals, `width` their mean width;
        `rank` is Spearman's rank correlation and `r2_model` the R2 of `scaled`. Large values
        decide neither of the two.
        """
        found: dict[str, Any] = {
            "method": self.method,
            **metrics(self.observed, self.predicted, self.weight),
        }
        for name in ("rmse", "mae"):
            found[f"{name}_normalised"] = found[name] / scale if scale and found["n"] else None
        found["r2_model"] = (
            self.scaled and metrics(self.scaled.observed, self.scaled.predicted, self.weight)["r2"]
        )
        found["rank"] = rank_correlation(self.observed, self.predicted, self.weight)
        found.update(coverage=None, width=None)
        if self.lower is not None and self.upper is not None and found["n"]:
            held = (self.lower <= self.observed) & (self.observed <= self.upper)
            wide = np.average(self.upper - self.lower, weights=self.weight)
            found["coverage"] = float(np.average(held, weights=self.weight))
            found["width"] = float(wide)
        return found


@dataclass(frozen=True)
class Fold:
    """What each method, which knew some cells, says of others.

    Parameters
    ----------
    cells : Split
        The cells that the methods knew, and those they did not.
    predicted : mapping of str to Prediction
        By method, of `cells.test`.
    scores : mapping of str to float64 array
        By method, what its intervals are calibrated on; see `Calibration.learn`.
    stretch : mapping of str to float64 array
        By method, how many times wider than that the interval of each test cell is, since it
        lies away from known cells.
    scale : TargetTransform
        That on which our model reads the target.
    paper : bool
        Whether it is the paper's scale of the target.
    left_out : mapping of str to Prediction
        By method, of `cells.known`, each without its own value; NaN where it cannot.
    """

    cells: Split
    predicted: Mapping[str, Prediction]
    scores: Mapping[str, Array]
    stretch: Mapping[str, Array] = field(default_factory=dict)
    scale: TargetTransform = field(default_factory=TargetTransform)
    paper: bool = False
    left_out: Mapping[str, Prediction] = field(default_factory=dict)

    def stretched(self, method: str) -> Prediction:
        """What intervals are made of: the prediction, its spread stretched."""
        found = self.predicted[method]
        return replace(found, spread=found.spread * self.stretch.get(method, 1.0))


@dataclass(frozen=True)
class Trial:
    """One test of the methods.

    Parameters
    ----------
    splits : tuple of Split
        The cells of each fold.
    held_out : tuple of HeldOut
        What each method predicted, fold after fold.
    coverage : Coverage or None
        What our intervals held.
    details : mapping
        How the cells were divided, for the report.
    paper : bool
        Whether `scaled` of each method is on the paper's scale: that is the one to tell first.
    validation_r2 : float or None
        R2 of our model at training cells that it predicts without their values.
    reliability : tuple of Reliability
        Of our probabilities of exceeding each threshold.
    """

    splits: tuple[Split, ...]
    held_out: tuple[HeldOut, ...]
    coverage: Coverage | None
    details: Mapping[str, Any]
    paper: bool = False
    validation_r2: float | None = None
    reliability: tuple[Reliability, ...] = ()

    @property
    def reported(self) -> tuple[HeldOut, ...]:
        """What each method predicted, on the paper's scale where the target has one."""
        return on_paper(self.held_out) if self.paper else self.held_out

    @property
    def ours(self) -> HeldOut | None:
        """What GeoHG predicted."""
        return next((item for item in self.held_out if item.method == OURS), None)

    @property
    def ours_reported(self) -> HeldOut | None:
        """What GeoHG predicted, as in `reported`."""
        return next((item for item in self.reported if item.method == OURS), None)

    @property
    def test(self) -> NDArray[np.int64]:
        """The cells, as indices into the graph's, in the order of `held_out`."""
        return np.concatenate([split.test for split in self.splits])


def pool(
    y: Array,
    folds: Sequence[Fold],
    level: float,
    details: Mapping[str, Any],
    weight: Array | None = None,
    thresholds: Sequence[float] = (),
) -> Trial:
    """One test from its folds, each calibrated by the cells that it knew.

    Parameters
    ----------
    y : float64 array [N]
        The target in its unit; the test cells have values.
    folds : sequence of Fold
        At least one.
    level : float
        Of the intervals.
    details : mapping
        See `Trial`.
    weight : float64 array [n], optional
        Of the test cells, fold after fold. What intervals of other levels hold is then not told.
    thresholds : sequence of float
        In the target's unit, for `Trial.reliability`.
    """
    pooling = (y, folds, level, weight)
    held_out = tuple(_pool_method(method, *pooling) for method in folds[0].predicted)
    if (scale := folds[0].scale).kind != "identity":
        held_out = tuple(
            replace(item, scaled=_pool_method(item.method, *pooling, scale)) for item in held_out
        )
    curves = [_curve(y, fold, level) for fold in folds] if weight is None else []
    known = [curve for curve in curves if curve is not None]
    coverage = pool_coverage(known) if known else None
    splits = tuple(fold.cells for fold in folds)
    validation = _validation_r2(y, folds)
    told = _reliability(y, folds, thresholds)
    return Trial(splits, held_out, coverage, details, folds[0].paper, validation, told)


def on_paper(held_out: Sequence[HeldOut]) -> tuple[HeldOut, ...]:
    """The same predictions on the scale of each."""
    return tuple(item.scaled for item in held_out if item.scaled is not None)


def scores_of(held_out: Sequence[HeldOut], scale: float | None = None) -> list[dict[str, Any]]:
    """The `score` of each method, and its MAE as a share of that of the mean (`mae_share`)."""
    scores = [item.score(scale) for item in held_out]
    mean = next((score["mae"] for score in scores if score["method"] == MEAN), None)
    return [{**score, "mae_share": score["mae"] / mean if mean else None} for score in scores]


def _pool_method(
    method: str,
    y: Array,
    folds: Sequence[Fold],
    level: float,
    weight: Array | None,
    scale: TargetTransform | None = None,
) -> HeldOut:
    """What a method says of the cells of all folds: in the target's unit, or on a scale."""
    forward = scale.forward if scale else np.asarray
    predicted = [fold.predicted[method] for fold in folds]
    mean = np.concatenate([each.on(scale) if scale else each.mean for each in predicted])
    truth = forward(np.concatenate([y[fold.cells.test] for fold in folds]))
    if any(method not in fold.scores for fold in folds):
        return HeldOut(method, truth, mean, weight=weight)
    ends = zip(*(_interval(method, fold, level) for fold in folds))
    lower, upper = (forward(np.concatenate(end)) for end in ends)
    return HeldOut(method, truth, mean, lower, upper, weight=weight)


def _interval(method: str, fold: Fold, level: float) -> tuple[Array, Array]:
    calibration = Calibration.learn(fold.scores[method], level)
    predicted = fold.stretched(method)
    return calibration.lower(predicted), calibration.upper(predicted)


def _curve(y: Array, fold: Fold, level: float) -> Coverage | None:
    if OURS not in fold.scores or OURS not in fold.predicted:
        return None
    levels = sorted({*LEVELS, level})
    return coverage_curve(y[fold.cells.test], fold.stretched(OURS), fold.scores[OURS], levels)


def _reliability(
    y: Array, folds: Sequence[Fold], thresholds: Sequence[float]
) -> tuple[Reliability, ...]:
    """Of our model's probabilities; none where it has no errors to tell them from."""
    if any(OURS not in fold.scores or OURS not in fold.predicted for fold in folds):
        return ()
    values = np.concatenate([y[fold.cells.test] for fold in folds])
    ours = [(fold.stretched(OURS), Errors(fold.scores[OURS])) for fold in folds]
    return tuple(
        reliability(values, np.concatenate([exceeding(*own, limit) for own in ours]), limit)
        for limit in (thresholds if len(values) else ())
    )


def _validation_r2(y: Array, folds: Sequence[Fold]) -> float | None:
    """R2 of our model at training cells without their values; see `Trial`."""
    observed, predicted = [], []
    for fold in folds:
        if OURS in fold.left_out:
            own, values = fold.left_out[OURS], y[fold.cells.known]
            observed.append(fold.scale.forward(values) if fold.paper else values)
            predicted.append(own.on(fold.scale) if fold.paper else own.mean)
    truth, told = (np.concatenate([*part, np.empty(0)]) for part in (observed, predicted))
    known = np.isfinite(told)
    found = metrics(truth[known], told[known])["r2"] if known.any() else None
    return None if found is None else float(found)


def rank_correlation(
    observed: NDArray[Any], predicted: NDArray[Any], weight: NDArray[np.floating] | None = None
) -> float | None:
    """Spearman's, of weighted ranks; None where one of the two does not vary."""
    if weight is not None:
        observed, predicted, weight = (part[weight > 0] for part in (observed, predicted, weight))
    if len(observed) < 2 or np.ptp(observed) == 0 or np.ptp(predicted) == 0:
        return None
    ranks = np.stack([_ranks(observed), _ranks(predicted)])
    (one, both), (_, other) = np.cov(ranks, aweights=weight)
    return float(both / np.sqrt(one * other))


def _ranks(values: NDArray[Any]) -> Array:
    """From 1 on; equal values share the mean of theirs."""
    _, which, count = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(count) - (count - 1) / 2)[which.ravel()]
