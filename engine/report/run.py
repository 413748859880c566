"""What one run did: gathered while it goes, then written as its report."""

from __future__ import annotations

import dataclasses
import json
import shlex
import sys
import time
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from .. import __version__, schema
from ..config.schema import Config
from ..data.builders.graph import GraphRawData
from ..data.sources.vector import is_vector
from ..data.splits import Split
from ..files import OutputSet
from ..models.base import Model, Prediction
from ..prediction.coverage import LEVELS, coverage_curve
from ..prediction.uncertainty import Calibration
from ..progress import Part, Progress
from ..training.evaluator import metrics
from .diagnostics import Trial, diagnose
from .drawing import to_png
from .figures import make_figures
from .html import render
from .summary import HeldOut, summarise

_LIBRARIES = ("torch", "torch-geometric", "numpy", "scipy", "rasterio", "pyproj")

# Tables up to this size are kept in a report's JSON.
_MOST_TABLE_BYTES = 4_000_000
# How Processing names the figures of each method.
_PREFIXES = {schema.OURS: "", schema.IDW: "IDW_", schema.KRIGING: "KRIGING_"}


class Run(Part):
    """The record of a run, and the progress that it passes on.

    Parameters
    ----------
    request : mapping
        What was asked.
    config : Config
        With all defaults filled in.
    progress : Progress
        Who watches.
    """

    def __init__(self, request: Mapping[str, Any], config: Config, progress: Progress) -> None:
        super().__init__(progress, 0.0, 1.0)
        self.request = request
        self.config = config
        self.warnings: list[str] = []
        self.seconds: dict[str, float] = {}
        self.held_out: list[HeldOut] = []
        self.split: dict[str, Any] = {}
        self.blocks: tuple[list[HeldOut], dict[str, Any]] | None = None
        self.trials: dict[str, Trial] = {}
        self.scale: float | None = None
        self.history: dict[str, Any] = {}
        self.device = ""
        self._last = time.perf_counter()

    def warning(self, message: str) -> None:
        """Pass a warning on, once however many fits give it, and keep it for the report."""
        if message not in self.warnings:
            self.warnings.append(message)
            super().warning(message)

    def stage(self, name: str) -> None:
        """Note that a stage ended now."""
        now = time.perf_counter()
        self.seconds[name] = round(now - self._last, 3)
        self._last = now

    def scored(
        self,
        model: Model,
        y: NDArray[np.float64],
        split: Split,
        predicted: Mapping[str, Prediction],
        left_out: Prediction | None = None,
    ) -> None:
        """Note what each method predicted for the test cells, and how the model was trained.

        `left_out` is what the model says of each cell of `split.known` without it, if it
        was fitted to these cells.
        """
        self.held_out = self._test("random", y, split, predicted, left_out)
        self.scale = float(y[split.known].std()) if len(split.known) else None
        self.split = {"kind": "random", **self._sizes(split)}
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

    def scored_blocks(
        self,
        y: NDArray[np.float64],
        split: Split,
        side: float,
        predicted: Mapping[str, Prediction],
        left_out: Prediction | None = None,
    ) -> None:
        """Note what each method predicted for blocks of `side` metres."""
        details = {"kind": "spatial blocks", "block side (m)": round(side), **self._sizes(split)}
        self.blocks = (self._test("blocks", y, split, predicted, left_out), details)

    @property
    def test(self) -> NDArray[np.int64]:
        """The cells held out at random, as indices into the graph's cells."""
        if "random" not in self.trials:
            return np.empty(0, dtype=np.int64)
        return self.trials["random"].cells.test

    def _test(
        self,
        name: str,
        y: NDArray[np.float64],
        split: Split,
        predicted: Mapping[str, Prediction],
        left_out: Prediction | None,
    ) -> list[HeldOut]:
        """Keep one test; what each method predicted, with our intervals."""
        truth = y[split.test]
        found = {method: HeldOut(method, truth, item.mean) for method, item in predicted.items()}
        ours = predicted.get(schema.OURS)
        if ours is None:
            return list(found.values())
        coverage = None
        if left_out is not None:
            level = self.config.uncertainty.level
            levels = sorted({*LEVELS, level})
            coverage = coverage_curve(truth, ours, y[split.known], left_out, levels)
            sound = Calibration.learn(y[split.known], left_out, level)
            lower, upper = sound.lower(ours), sound.upper(ours)
            found[schema.OURS] = HeldOut(schema.OURS, truth, ours.mean, lower, upper)
        self.trials[name] = Trial(split, found[schema.OURS], coverage)
        return list(found.values())

    def _sizes(self, split: Split) -> dict[str, int]:
        seed = self.config.training.seed
        return {"known": len(split.known), "test": len(split.test), "seed": seed}

    def numbers(self) -> dict[str, Any]:
        """The figures of a result, by the names that Processing gives them."""
        result: dict[str, Any] = {"TEST_CELLS": len(self.test), "DEVICE": self.device}
        blocks = self.blocks[0] if self.blocks else []
        for where, held_out in (("", self.held_out), ("BLOCKS_", blocks)):
            scores = {item.method: metrics(item.observed, item.predicted) for item in held_out}
            for method, prefix in _PREFIXES.items():
                for name in ("r2", "rmse", "mae"):
                    result[where + prefix + name.upper()] = scores.get(method, {}).get(name)
        result["EPOCHS"] = self.history.get("epochs")
        return result

    def details(self) -> dict[str, Any]:
        """What a model file keeps of its making."""
        return {
            "config": dataclasses.asdict(self.config),
            "numbers": self.numbers(),
            "versions": versions(),
        }


def versions() -> dict[str, str]:
    """Versions of what a result depends on."""
    found = {name: version(name) for name in _LIBRARIES}
    return {"GeoHG": __version__, "Python": sys.version.split()[0], **found}


def draw(
    run: Run,
    graph: GraphRawData,
    target: str,
    mean: NDArray[np.float64] | None = None,
    std: NDArray[np.float64] | None = None,
) -> dict[str, Figure]:
    """Draw what a run found; `mean` and `std` are the map [N], where it made one."""
    return make_figures(
        graph,
        target,
        mean=mean,
        std=std,
        held_out=run.held_out,
        test=run.test,
        history=run.history,
        diagnostics=diagnose(graph, run.trials, run.config.uncertainty.level),
    )


def write_report(
    run: Run,
    graph: GraphRawData,
    target: str,
    outputs: OutputSet,
    mean: NDArray[np.float64] | None,
    std: NDArray[np.float64] | None = None,
) -> None:
    """Write what was asked for of the report, its JSON and the preview.

    Parameters
    ----------
    run : Run
        The record.
    graph : GraphRawData
        The graph.
    target : str
        The target.
    outputs : OutputSet
        Its `report`, `report_json` and `preview` are written where wanted.
    mean, std : float64 array [N] or None
        The map and its standard deviation, where the run made one.
    """
    unit = graph.info.get("units", {}).get(target, "")
    figures = draw(run, graph, target, mean, std)
    if outputs.wants("preview") and mean is not None:
        to_png(figures["prediction_map"], outputs.stage("preview"))
    if not (outputs.wants("report") or outputs.wants("report_json")):
        return
    place = outputs.paths.get("report_json")
    summary = _summary(run, graph, target, unit, place)
    if outputs.wants("report"):
        outputs.stage("report").write_text(render(summary, figures), encoding="utf-8")
    if outputs.wants("report_json"):
        text = json.dumps(summary, ensure_ascii=False, indent=1, allow_nan=False)
        outputs.stage("report_json").write_text(text, encoding="utf-8")


def _summary(
    run: Run, graph: GraphRawData, target: str, unit: str, place: Path | None
) -> dict[str, Any]:
    landcover = graph.columns(schema.LANDCOVER)
    shares = graph.features[:, landcover]
    covered = np.isfinite(shares).all(axis=1)
    mean_shares = shares[covered].mean(axis=0) if covered.any() else []
    names = [graph.feature_names[column] for column in landcover]
    summary = summarise(
        target=target,
        unit=unit,
        held_out=run.held_out,
        graph_counts=graph.counts(),
        grid=graph.places.describe(),
        points=graph.info["points"],
        class_shares=dict(zip(names, map(float, mean_shares))),
        settings=dataclasses.asdict(run.config),
        versions=versions(),
        checksums=graph.info["checksums"],
        seconds=run.seconds,
        device=run.device,
        history=run.history,
        split=run.split,
        blocks=run.blocks,
        scale=run.scale,
        diagnostics=diagnose(graph, run.trials, run.config.uncertainty.level),
        warnings=run.warnings,
        job=run.request["job"],
        command=f"python -m engine run {shlex.quote(str(place))}" if place else "",
    )
    # With the request inside, the report's JSON is itself a request that can be run again.
    return {**summary, "request": _self_contained(run.request)}


def _self_contained(request: Mapping[str, Any]) -> dict[str, Any]:
    """The request with its tables inside: those that QGIS writes are gone after the run."""
    whole = dict(request)
    for part in ("points", "poi"):
        table = dict(whole.get(part) or {})
        path = Path(table.get("path", ""))
        if "path" in table and not is_vector(path) and path.stat().st_size <= _MOST_TABLE_BYTES:
            table["table"] = Path(table.pop("path")).read_text(encoding="utf-8")
            whole[part] = table
    return whole
