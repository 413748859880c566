"""Tests of the methods on cells that they did not see, put together from their folds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from ..data.splits import Split
from ..data.transforms import TargetTransform
from ..models.base import Prediction
from ..names import MEAN, OURS
from ..numerics import metrics
from ..prediction.uncertainty import Calibration
from .coverage import LEVELS, Coverage, coverage_curve, pool_coverage

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
    """

    method: str
    observed: NDArray[np.floating]
    predicted: NDArray[np.floating]
    lower: NDArray[np.floating] | None = None
    upper: NDArray[np.floating] | None = None
    scaled: HeldOut | None = None

    def score(self, scale: float | None = None) -> dict[str, Any]:
        """The scores of one method: in the target's unit, and as shares of the scale.

        `coverage` is the share of the values inside the intervals, `width` their mean width;
        `rank` is Spearman's rank correlation and `r2_model` the R2 of `scaled`. Large values
        decide neither of the two.
        """
        found: dict[str, Any] = {"method": self.method, **metrics(self.observed, self.predicted)}
        for name in ("rmse", "mae"):
            found[f"{name}_normalised"] = found[name] / scale if scale and found["n"] else None
        found["r2_model"] = (
            self.scaled and metrics(self.scaled.observed, self.scaled.predicted)["r2"]
        )
        found["rank"] = _rank_correlation(self.observed, self.predicted)
        found.update(coverage=None, width=None)
        if self.lower is not None and self.upper is not None and found["n"]:
            held = (self.lower <= self.observed) & (self.observed <= self.upper)
            found.update(coverage=float(held.mean()), width=float(np.mean(self.upper - self.lower)))
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
    validated : tuple of float64 array [n], float64 array [n]
        Training values, and what our model predicts without them; NaN where it cannot. On the
        paper's scale where the target has one.
    """

    cells: Split
    predicted: Mapping[str, Prediction]
    scores: Mapping[str, Array]
    stretch: Mapping[str, Array] = field(default_factory=dict)
    scale: TargetTransform = field(default_factory=TargetTransform)
    paper: bool = False
    validated: tuple[Array, Array] = (np.empty(0), np.empty(0))

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
    """

    splits: tuple[Split, ...]
    held_out: tuple[HeldOut, ...]
    coverage: Coverage | None
    details: Mapping[str, Any]
    paper: bool = False
    validation_r2: float | None = None

    @property
    def first_told(self) -> tuple[HeldOut, ...]:
        """What each method predicted, on the paper's scale where the target has one."""
        return on_paper(self.held_out) if self.paper else self.held_out

    @property
    def ours(self) -> HeldOut | None:
        """What GeoHG predicted."""
        return next((item for item in self.held_out if item.method == OURS), None)

    @property
    def ours_told(self) -> HeldOut | None:
        """What GeoHG predicted, as in `first_told`."""
        return next((item for item in self.first_told if item.method == OURS), None)

    @property
    def test(self) -> NDArray[np.int64]:
        """The cells, as indices into the graph's, in the order of `held_out`."""
        return np.concatenate([split.test for split in self.splits])


def pool(y: Array, folds: Sequence[Fold], level: float, details: Mapping[str, Any]) -> Trial:
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
    """
    held_out = tuple(_pool_method(method, y, folds, level) for method in folds[0].predicted)
    if (scale := folds[0].scale).kind != "identity":
        held_out = tuple(
            replace(item, scaled=_pool_method(item.method, y, folds, level, scale))
            for item in held_out
        )
    curves = [_curve(y, fold, level) for fold in folds]
    known = [curve for curve in curves if curve is not None]
    coverage = pool_coverage(known) if known else None
    splits = tuple(fold.cells for fold in folds)
    validation = _validation_r2([fold.validated for fold in folds])
    return Trial(splits, held_out, coverage, details, folds[0].paper, validation)


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
    scale: TargetTransform | None = None,
) -> HeldOut:
    """What a method says of the cells of all folds: in the target's unit, or on a scale."""
    forward = scale.forward if scale else np.asarray
    predicted = [fold.predicted[method] for fold in folds]
    mean = np.concatenate([each.on(scale) if scale else each.mean for each in predicted])
    truth = forward(np.concatenate([y[fold.cells.test] for fold in folds]))
    if any(method not in fold.scores for fold in folds):
        return HeldOut(method, truth, mean)
    ends = zip(*(_interval(method, fold, level) for fold in folds))
    lower, upper = (forward(np.concatenate(end)) for end in ends)
    return HeldOut(method, truth, mean, lower, upper)


def _interval(method: str, fold: Fold, level: float) -> tuple[Array, Array]:
    calibration = Calibration.learn(fold.scores[method], level)
    predicted = fold.stretched(method)
    return calibration.lower(predicted), calibration.upper(predicted)


def _curve(y: Array, fold: Fold, level: float) -> Coverage | None:
    if OURS not in fold.scores or OURS not in fold.predicted:
        return None
    levels = sorted({*LEVELS, level})
    return coverage_curve(y[fold.cells.test], fold.stretched(OURS), fold.scores[OURS], levels)


def _validation_r2(parts: Sequence[tuple[Array, Array]]) -> float | None:
    observed, predicted = map(np.concatenate, zip(*parts))
    known = np.isfinite(predicted)
    found = metrics(observed[known], predicted[known])["r2"] if known.any() else None
    return None if found is None else float(found)


def _rank_correlation(observed: NDArray[Any], predicted: NDArray[Any]) -> float | None:
    """Spearman's; None where one of the two does not vary."""
    if len(observed) < 2 or np.ptp(observed) == 0 or np.ptp(predicted) == 0:
        return None
    return float(np.corrcoef(rankdata(observed), rankdata(predicted))[0, 1])
