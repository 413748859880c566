"""The one door of the engine: a request in, a result out."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from . import evaluating, graphs, learning, schema
from .about import About
from .config.loader import merge, read_values
from .config.schema import Config, make_config
from .data import store
from .data.builders.graph import GraphRawData
from .errors import InputError
from .files import OutputSet
from .fitting import fit_all, fit_and_score, score_blocks
from .inputfiles import folder_names, input_files
from .inputs import only_target, read_graph
from .language import speaking, tr
from .mapping import (
    Mapped,
    check_outputs,
    tell_applicability,
    write_applicability,
    write_rasters,
    write_residuals,
)
from .models.places import distance_to
from .prediction.applicability import Applicability, is_inside
from .prediction.cells import write_table
from .prediction.reach import Reach
from .prediction.uncertainty import Calibration, deviations
from .progress import Part, Progress, Silent
from .report.run import Run, write_report
from .request import SECTIONS, Request, check_request, language_of
from .scoring import ALL
from .sizing import tell_costs
from .training.registry import load_model, save_model

Result = dict[str, Any]


def run(
    request: Request,
    progress: Progress | None = None,
    settings: Iterable[str | Path | None] = (),
) -> Result:
    """Do what a request asks.

    Parameters
    ----------
    request : mapping
        Job, version, inputs, options and outputs, as the table in `request` says.
    progress : Progress, optional
        Who watches.
    settings : iterable of path, optional
        The files that the request was made from: like its inputs, no output may be one.

    Returns
    -------
    dict
        Numbers, strings and the path of each output.

    Raises
    ------
    GeoHGError
        One clear sentence; nothing was written.
    """
    with speaking(language_of(request)):
        request = check_request(request)
        settings = [*settings, request.get("config_file")]
        request = _with_settings(request)
        inputs = input_files(request, settings)
        config = make_config({name: request[name] for name in SECTIONS if name in request})
    with speaking(config.output.language):
        return _run(request, config, inputs, progress or Silent())


def _run(request: Request, config: Config, inputs: set[Path], progress: Progress) -> Result:
    started, job = time.perf_counter(), request["job"]
    with OutputSet(request.get("outputs", {}), folder_names(request), inputs) as outputs:
        check_outputs(outputs, config.training, job in (schema.INTERPOLATE, schema.TRAIN))
        with _threads(config.training.threads):
            result = _JOBS[job](request, config, outputs, progress)
        progress.check_cancelled()
        outputs.commit()
    seconds = round(time.perf_counter() - started, 3)
    return {**result, "SECONDS": seconds, **outputs.staged()}


def _with_settings(request: Request) -> Request:
    """The request with the options of its `config_file` put under its own."""
    if "config_file" not in request:
        return request
    given = {name: request[name] for name in SECTIONS if name in request}
    parts = {name: part for name, part in request.items() if name != "config_file"}
    return {**parts, **merge(read_values(request["config_file"]), given)}


def _run_interpolate(
    request: Request, config: Config, outputs: OutputSet, progress: Progress
) -> Result:
    progress = run_ = Run(request, config, progress)
    graph, target = _read_one(run_, request, config)
    fitting = (run_, graph, target, config)
    fitted = fit_and_score(*fitting, Part(progress, 0.2, 0.5))
    score_blocks(*fitting, Part(progress, 0.5, 0.7))
    if fitted is None or len(fitted[0]) < len(graph.observed(target)):
        progress.log(tr("Fitting again to all observed cells, for the map."))
        fitted = fit_all(*fitting, Part(progress, 0.7, 0.9))
    known, model = fitted
    left_out = model.leave_one_out()
    scores = deviations(graph.target(target)[known], left_out)
    calibration = Calibration.learn(scores, config.uncertainty.level)
    predicted = model.predict(graph, Part(progress, 0.9, 0.95))
    stretch = run_.reach.factor(distance_to(graph, known))
    mapped = Mapped.of(predicted, left_out, known, calibration, stretch)
    run_.stage("predict")
    area = Applicability.learn(graph, known, Part(progress, 0.95, 0.95))
    index = area.index(graph, Part(progress, 0.95, 0.96))
    applicable = run_.trust["applicability"] = tell_applicability(index, progress)
    run_.stage("find where the model applies")
    progress.report(0.96, tr("Writing the results"))
    about = About.of_run(run_, graph, target)
    write_rasters(outputs, graph, about, mapped)
    write_applicability(outputs, graph, about, index)
    write_residuals(outputs, graph, run_.trials)
    if outputs.wants("table"):
        spread = {f"{target}_{name}": getattr(mapped, name) for name in ("std", "lower", "upper")}
        away = {f"{target}_dissimilarity": index, f"{target}_applicable": is_inside(index)}
        write_table(outputs.stage("table"), graph, {target: mapped.mean, **spread, **away})
    if outputs.wants("model"):
        fit = (model, graph, target, known)
        trust = {"scores": scores, **run_.reach.arrays(), **area.arrays()}
        save_model(outputs.stage("model"), *fit, run_.details(), trust)
    if outputs.wants("graph"):
        store.save_graph(outputs.stage("graph"), graph)
    write_report(run_, graph, target, outputs, mapped.mean, mapped.std)
    share = {"APPLICABLE_SHARE": applicable["share"]}
    return {**learning.count_cells(graph, target), **share, **run_.numbers(), "ABOUT": about.told()}


def _run_compare(
    request: Request, config: Config, outputs: OutputSet, progress: Progress
) -> Result:
    if config.training.validation == "holdout" and config.training.masked_ratio == 0:
        raise InputError(
            tr(
                "Nothing is held out, so there is nothing to compare; set training.masked_ratio, "
                "or the validation kfold."
            )
        )
    progress = run_ = Run(request, config, progress)
    graph, target = _read_one(run_, request, config)
    fitting = (run_, graph, target, config)
    fit_and_score(*fitting, Part(progress, 0.2, 0.6), ALL)
    score_blocks(*fitting, Part(progress, 0.6, 0.95), ALL)
    progress.report(0.95, tr("Writing the results"))
    write_report(run_, graph, target, outputs, None)
    return {**learning.count_cells(graph, target), **run_.numbers()}


def _read_one(run_: Run, request: Request, config: Config) -> tuple[GraphRawData, str]:
    """The graph of a request for one value field, and that field's name."""
    target = only_target(request["points"])
    part = Part(run_, 0.0, 0.2)
    graph = read_graph(request, config.model, part, config.data.worldcover)
    run_.stage("read and build the graph")
    tell_costs(config, len(graph.cell), len(graph.observed(target)), run_)
    return graph, target


def _run_predict(
    request: Request, config: Config, outputs: OutputSet, progress: Progress
) -> Result:
    fitted = load_model(request["model_file"], progress)
    graph = learning.read_graph_of(request, config, progress)
    fitted.check_fits(graph)
    predicted = fitted.model.predict(graph, Part(progress, 0.0, 0.9))
    calibration = Calibration.learn(fitted.trust["scores"], config.uncertainty.level)
    stretch = Reach.from_arrays(fitted.trust).factor(fitted.distance(graph))
    mapped = Mapped.of(predicted, *fitted.left_out(graph), calibration, stretch)
    about = About.of_model(fitted, graph, config.uncertainty.level)
    write_rasters(outputs, graph, about, mapped)
    index = Applicability.from_arrays(fitted.trust).index(graph, Part(progress, 0.9, 1.0))
    write_applicability(outputs, graph, about, index)
    share = {"APPLICABLE_SHARE": tell_applicability(index, progress)["share"]}
    return {"CELLS": len(graph.cell), **share, "ABOUT": about.told()}


_JOBS: dict[str, Callable[[Request, Config, OutputSet, Progress], Result]] = {
    schema.BUILDGRAPH: graphs.buildgraph,
    schema.IMPORTCITY: graphs.importcity,
    schema.INTERPOLATE: _run_interpolate,
    schema.COMPARE: _run_compare,
    schema.PRETRAIN: learning.pretrain,
    schema.TRAIN: learning.train,
    schema.PREDICT: _run_predict,
    schema.EVALUATE: evaluating.evaluate,
}


@contextlib.contextmanager
def _threads(count: int) -> Iterator[None]:
    """Compute in `count` threads, or as many as PyTorch takes; later jobs are not bound."""
    if not count:
        yield
        return
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
