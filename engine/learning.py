"""The jobs that learn from a graph: pretrain, train."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .about import About
from .cities import load_city
from .config.schema import Config
from .data import store
from .data.builders.graph import GraphRawData
from .data.builders.grid import Grid
from .errors import InputError
from .files import OutputSet
from .fitting import fit_all, fit_and_score, score_blocks_within
from .language import tr
from .mapping import Mapped, write_residuals
from .models.places import distance_to
from .prediction.applicability import Applicability
from .prediction.uncertainty import Calibration, deviations
from .progress import Part, Progress
from .report.drawing import save_figures
from .report.run import Run, draw, versions, write_report
from .request import Request
from .sizing import check_memory
from .training.registry import save_model

Result = dict[str, Any]


def pretrain(request: Request, config: Config, outputs: OutputSet, progress: Progress) -> Result:
    """Pretrain an encoder without any measured value; see `jobs.run`."""
    from .training.encoders import save_encoder
    from .training.ssl_trainer import pretrain as pretrain_encoder

    graph = read_graph_of(request, config, Part(progress, 0.0, 0.1))
    pretrained = pretrain_encoder(graph, config, Part(progress, 0.1, 1.0))
    if outputs.wants("encoder"):
        details = {"versions": versions()}
        save_encoder(outputs.stage("encoder"), pretrained, graph, details)
    losses = pretrained.losses
    return {"CELLS": len(graph.cell), "EPOCHS": len(losses), "LOSS": losses[-1]}


def train(request: Request, config: Config, outputs: OutputSet, progress: Progress) -> Result:
    """Fit a model to the cells that are not held out, and score it; see `jobs.run`."""
    progress = run_ = Run(request, config, progress)
    graph = read_graph_of(request, config, Part(progress, 0.0, 0.1))
    target = _target_of(request, config, graph)
    run_.stage("read the graph")
    fitting = (run_, graph, target, config)
    score_blocks_within(*fitting, Part(progress, 0.1, 0.4))
    fitted = fit_and_score(*fitting, Part(progress, 0.4, 0.8))
    known, model = fitted or fit_all(*fitting, Part(progress, 0.8, 0.9))
    progress.report(0.9, tr("Writing the model"))
    left_out = model.leave_one_out()
    scores = deviations(graph.target(target)[known], left_out)
    if outputs.wants("model"):
        fit = (model, graph, target, known)
        area = Applicability.learn(graph, known, Part(progress, 0.9, 0.9))
        trust = {"scores": scores, **run_.reach.arrays(), **area.arrays()}
        save_model(outputs.stage("model"), *fit, run_.details(), trust)
    write_residuals(outputs, graph, run_.trials)
    if outputs.wants("history") and run_.history:
        _write_history(outputs.stage("history"), run_.history)
    if outputs.wants("plots"):
        everywhere = model.predict(graph, Part(progress, 0.9, 0.95))
        calibration = Calibration.learn(scores, config.uncertainty.level)
        stretch = run_.reach.factor(distance_to(graph, known))
        mapped = Mapped.of(everywhere, left_out, known, calibration, stretch)
        figures = draw(run_, graph, target, mapped.mean, mapped.std)
        save_figures(figures, outputs.stage_folder("plots"), config.output.plot_format)
    write_report(run_, graph, target, outputs, None)
    about = About.of_run(run_, graph, target).told()
    return {**count_cells(graph, target), **run_.numbers(), "ABOUT": about}


def read_graph_of(request: Request, config: Config, progress: Progress) -> GraphRawData:
    """The graph file that a request names, or else the city that the options name.

    Raises
    ------
    InputError
        If neither is named.
    """
    if request.get("graph"):
        graph = store.load_graph(request["graph"], progress)
        if isinstance(graph.places, Grid):
            check_memory(graph.places, config.model)
        return graph
    if config.data.city:
        return load_city(config.data, progress)
    raise InputError(
        tr("There is nothing to learn from: name a graph file, or a city (data.city).")
    )


def count_cells(graph: GraphRawData, target: str) -> Result:
    """How many cells there are, and in how many `target` was observed."""
    return {"CELLS": len(graph.cell), "OBSERVED": len(graph.observed(target))}


def _target_of(request: Request, config: Config, graph: GraphRawData) -> str:
    target = request.get("target") or config.data.task
    if not target and len(graph.targets) != 1:
        known = ", ".join(graph.targets) or tr("none")
        raise InputError(
            tr("Name the target (data.task); the graph has: {known}.").format(known=known)
        )
    name = target or next(iter(graph.targets))
    graph.target(name)
    return str(name)


def _write_history(path: Path, history: Mapping[str, Any]) -> None:
    """Write what each epoch reached."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["epoch", "loss", f"validation_{history['metric']}"])
        writer.writerows(history["curve"])
