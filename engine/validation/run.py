"""The record of one run."""

from __future__ import annotations

import dataclasses
import functools
import sys
import time
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .. import __version__
from ..config.schema import Config
from ..config.unread import unread_in_words
from ..language import tr
from ..models.base import Model, is_logarithmic
from ..names import (
    BLOCKS,
    COMPARE,
    FOREST,
    IDW,
    INTERPOLATE,
    KRIGING,
    MEAN,
    OURS,
    TRAIN,
)
from ..numerics import deviation
from ..prediction.reach import Reach
from ..progress import Part, Progress
from .trials import Fold, HeldOut, Trial, pool, scores_of

_LIBRARIES = ("torch", "torch-geometric", "numpy", "scipy", "rasterio", "pyproj")

# How Processing names the figures of each method.
_PREFIXES = {
    OURS: "",
    IDW: "IDW_",
    KRIGING: "KRIGING_",
    FOREST: "FOREST_",
    MEAN: "MEAN_",
}
# Jobs that fit the model which the options choose.
_FITTING = (INTERPOLATE, COMPARE, TRAIN)
_FIGURES = ("r2", "rmse", "mae", "coverage", "width")
# Of our model alone: what a few large values do not decide, and errors in the target's unit.
_ROBUST = ("r2_model", "rank", "mae_share")
_IN_UNIT = ("r2", "rmse", "mae")
# What the details of held-out blocks call the side of one, and blocks that are gaps of the map.
BLOCK_SIDE, MOVED_GAPS = "block side (m)", "moved gaps"


class Tested(NamedTuple):
    """The folds of a test, and how its cells were held out."""

    folds: Sequence[Fold]
    details: Mapping[str, Any]


class Run(Part):
    """The record of a run, and the progress that it passes on.

    Parameters
    ----------
    request : mapping
        The request.
    config : Config
        All options, with defaults filled in.
    progress : Progress
        Receives progress and messages.
    before : Run, optional
        The record of what was done before for this run and others: it begins with that.
    """

    def __init__(
        self,
        request: Mapping[str, Any],
        config: Config,
        progress: Progress,
        before: Run | None = None,
    ) -> None:
        super().__init__(progress, 0.0, 1.0)
        self.request = request
        self.config = config
        self.warnings: list[str] = [*before.warnings] if before else []
        self.seconds: dict[str, float] = {**before.seconds} if before else {}
        self.folds: dict[str, Tested] = {}
        self.trials: dict[str, Trial] = {}
        self.expected: Trial | None = None
        self.reach = Reach()
        self.scale: float | None = None
        self.history: dict[str, Any] = {}
        self.trust: dict[str, Any] = {}
        self.device = ""
        self.informed_by: tuple[str, ...] = ()
        self.logarithmic = False
        self._last = time.perf_counter()
        unread = unread_in_words(config) if request.get("job") in _FITTING else ""
        if unread:
            self.warning(unread)

    def warning(self, message: str) -> None:
        """Show a warning once, even if several fits give it, and keep it for the report."""
        if message not in self.warnings:
            self.warnings.append(message)
            super().warning(message)

    def stage(self, name: str) -> None:
        """Record that a stage ended now."""
        now = time.perf_counter()
        self.seconds[name] = round(now - self._last, 3)
        self._last = now

    def trained(self, model: Model) -> None:
        """Record the device of the model, its training history, and what informed it."""
        history = getattr(model, "history_", None)
        if history is not None:
            curve = list(zip(history.epoch, history.loss, history.validation))
            self.history = {
                "epochs": len(curve),
                "best_epoch": history.best_epoch,
                "metric": history.metric,
                "curve": curve,
            }
        self.device = getattr(model, "device_", "cpu")
        self.logarithmic = is_logarithmic(model)
        self.informed_by = tuple(item.name for item in getattr(model, "informants", ()))
        refused = getattr(model, "refused", ())
        if self.informed_by:
            text = tr("The model also rests on: {names}. They predict left-out cells better.")
            self.log(text.format(names=", ".join(self.informed_by)))
        if refused:
            text = tr("Not used, as left-out cells are not predicted clearly better: {names}.")
            self.log(text.format(names=", ".join(refused)))
        self.trust["informed_by"] = list(self.informed_by)
        self.trust["refused"] = list(refused)

    def tested(
        self, test: str, y: NDArray[np.float64], folds: Sequence[Fold], details: Mapping[str, Any]
    ) -> None:
        """Record the predictions of each method for held-out cells.

        Parameters
        ----------
        test : str
            A test of `names`.
        y : float64 array [N]
            The target in its unit.
        folds : sequence of Fold
            At least one.
        details : mapping
            How the cells were held out.
        """
        self.folds[test] = Tested(folds, details)
        known = np.unique(np.concatenate([fold.cells.known for fold in folds]))
        if test != BLOCKS and len(known):
            self.scale = deviation(y[known])
        sizes = {"folds": len(folds)} if len(folds) > 1 else {"known": len(known)}
        sizes["test"] = sum(len(fold.cells.test) for fold in folds)
        details = {**details, **sizes, "seed": self.config.training.seed}
        how = self.config.uncertainty
        self.trials[test] = pool(y, folds, how.level, details, None, how.thresholds)
        if BLOCKS in self.trials:  # which come last, whatever was tested first
            self.trials[BLOCKS] = self.trials.pop(BLOCKS)

    @property
    def first(self) -> Trial | None:
        """The test of cells that `training.validation` chose, if there was one."""
        found = [trial for test, trial in self.trials.items() if test != BLOCKS]
        return found[0] if found else None

    @property
    def reported(self) -> bool:
        """Whether a report is wanted, in either form."""
        outputs = self.request.get("outputs") or {}
        return bool(outputs.get("report") or outputs.get("report_json"))

    @property
    def explained(self) -> bool:
        """Whether a report wants feature importance."""
        return self.reported and self.config.training.importance

    @property
    def held_out(self) -> tuple[HeldOut, ...]:
        """Predictions of each method in the first test."""
        return self.first.held_out if self.first else ()

    @property
    def test(self) -> NDArray[np.int64]:
        """The cells of the first test, as indices into the graph's cells."""
        return self.first.test if self.first else np.empty(0, dtype=np.int64)

    def numbers(self) -> dict[str, Any]:
        """Accuracy and counts of the run, by their names in Processing."""
        result: dict[str, Any] = {"TEST_CELLS": len(self.test), "DEVICE": self.device}
        blocks = self.trials.get(BLOCKS)
        tests = {"": self.first, "BLOCKS_": blocks, "EXPECTED_": self.expected}
        for where, trial in tests.items():
            scores = {item["method"]: item for item in scores_of(trial.reported if trial else ())}
            ours = scores.get(OURS, {})
            in_unit = trial.ours.score() if trial and trial.ours else {}
            result |= {f"{where}{name.upper()}": ours.get(name) for name in _ROBUST}
            result |= {f"{where}{name.upper()}_UNIT": in_unit.get(name) for name in _IN_UNIT}
            for method, prefix in _PREFIXES.items():
                if method in (FOREST, MEAN) and method not in scores:
                    continue
                for name in _FIGURES:
                    result[where + prefix + name.upper()] = scores.get(method, {}).get(name)
        result["VALIDATION_R2"] = self.first and self.first.validation_r2
        result["PAPER_SCALE"] = bool(self.first and self.first.paper)
        result["EPOCHS"] = self.history.get("epochs")
        return result

    def details(self) -> dict[str, Any]:
        """The details of the run for a model file."""
        return {
            "config": dataclasses.asdict(self.config),
            "numbers": self.numbers(),
            "versions": versions(),
        }


def versions() -> dict[str, str]:
    """Versions of GeoHG, Python and the libraries used."""
    return {"GeoHG": __version__, "Python": sys.version.split()[0], **_of_libraries()}


@functools.cache
def _of_libraries() -> dict[str, str]:
    return {name: version(name) for name in _LIBRARIES}
