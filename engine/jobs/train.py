"""The job that fits a model to a graph."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..config.schema import Config
from ..data import store
from ..data.builders.graph import GraphRawData
from ..errors import InputError
from ..files import OutputSet
from ..language import tr
from ..prediction.fitted import FittedMap
from ..progress import Part, Progress
from ..report.report import draw, write_report
from ..validation.concluding import conclude
from ..validation.fitting import fit_all, fit_and_score, score_blocks_within
from ..validation.run import Run
from .about import About
from .layers import write_residuals
from .reading import count_cells, read_graph_of
from .request import Request, Result


def run(request: Request, config: Config, outputs: OutputSet, progress: Progress) -> Result:
    """Fit a model to the cells that are not held out, and score it; see `jobs.run`."""
    progress = run_ = Run(request, config, progress)
    graph = read_graph_of(request, config, Part(progress, 0.0, 0.1))
    target = _target_of(request, config, graph)
    run_.stage("read the graph")
    fitting = (run_, graph, target, config)
    score_blocks_within(*fitting, Part(progress, 0.1, 0.4))
    fitted = fit_and_score(*fitting, Part(progress, 0.4, 0.8))
    known, model = fitted or fit_all(*fitting, Part(progress, 0.8, 0.9))
    conclude(run_, graph, target, known, sealed=config.training.once)
    progress.report(0.9, tr("Writing the model"))
    if outputs.wants("graph"):
        store.save_graph(outputs.stage("graph"), graph)
    write_residuals(outputs, graph, {target: run_.trials})
    if outputs.wants("history") and run_.history:
        _write_history(outputs.stage("history"), run_.history)
    if outputs.wants("model") or outputs.wants("plots"):
        made = (run_.reach, run_.details(), Part(progress, 0.9, 0.9))
        fitted_map = FittedMap.learn(model, graph, target, known, *made)
    if outputs.wants("model"):
        fitted_map.save(outputs.stage("model"))
    if outputs.wants("plots"):
        from ..report.drawing import save_figures

        found = fitted_map.map(graph, config.uncertainty.level, Part(progress, 0.9, 0.95))
        figures = draw(run_, graph, target, found.mean, found.std)
        save_figures(figures, outputs.stage_folder("plots"), config.output.plot_format)
    write_report(run_, graph, target, outputs, None)
    about = About.of_run(run_, graph, target).to_dict()
    return {**count_cells(graph, target), **run_.numbers(), "ABOUT": about}


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
