"""The one door of the engine: a request in, a result out."""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import __version__, schema
from .config.loader import merge, read_values
from .config.schema import Config, make_config
from .data import store
from .data.builders.graph import GraphRawData
from .data.splits import Split
from .errors import InputError
from .files import OutputSet
from .fitting import fit_and_score, score_blocks
from .inputs import read_graph
from .prediction.cells import check_vector_format, write_cells
from .prediction.surface import write_geotiff
from .progress import Part, Progress
from .report.run import Run, write_report
from .scoring import score
from .training.registry import load_model, make_model, save_model

Request = Mapping[str, Any]
Result = dict[str, Any]

_SECTIONS = tuple(field.name for field in dataclasses.fields(Config))
_PARTS = {
    schema.BUILDGRAPH: ("points", "landcover", "poi", "grid"),
    schema.INTERPOLATE: ("points", "landcover", "poi", "grid"),
    schema.TRAIN: ("graph", "target"),
    schema.PREDICT: ("model_file", "graph"),
    schema.EVALUATE: ("model_file", "graph"),
}
_OUTPUTS = {
    schema.BUILDGRAPH: ("graph", "cells"),
    schema.INTERPOLATE: ("prediction", "report", "report_json", "preview", "model", "graph"),
    schema.TRAIN: ("model", "report", "report_json"),
    schema.PREDICT: ("prediction",),
    schema.EVALUATE: ("report", "report_json"),
}


def run(request: Request, progress: Progress) -> Result:
    """Do what a request asks.

    Parameters
    ----------
    request : mapping
        See the design: job, version, inputs, options and outputs; plain JSON.
    progress : Progress
        Who watches.

    Returns
    -------
    dict
        Numbers, strings and the path of each output.

    Raises
    ------
    GeoHGError
        One clear sentence; nothing was written.
    """
    job = check_request(request)
    request = _with_settings(request)
    config = make_config({name: request[name] for name in _SECTIONS if name in request})
    started = time.perf_counter()
    with OutputSet(request.get("outputs") or {}) as outputs:
        with _threads(config.training.threads):
            result = _JOBS[job](request, config, outputs, progress)
        progress.check_cancelled()
        outputs.commit()
    paths = {key: str(path) for key, path in outputs.paths.items()}
    return {**result, "SECONDS": round(time.perf_counter() - started, 3), **paths}


def check_request(request: Request) -> str:
    """Refuse a request that no job can serve; return its job.

    Raises
    ------
    InputError
        For another version, an unknown job, or a part that is unknown or missing.
    """
    if request.get("version") != schema.REQUEST_VERSION:
        raise InputError(
            f"The request has version {request.get('version')}, expected {schema.REQUEST_VERSION}."
        )
    job = request.get("job")
    if job not in _JOBS:
        raise InputError(f"There is no job '{job}'; known are {', '.join(_JOBS)}.")
    known = {"version", "job", "outputs", "config_file", *_SECTIONS, *_PARTS[job]}
    unknown = sorted(set(request) - known)
    if unknown:
        raise InputError(f"A request for '{job}' has no part '{unknown[0]}'.")
    missing = [part for part in _PARTS[job] if part not in request and part not in ("poi", "grid")]
    if missing:
        raise InputError(f"A request for '{job}' needs the part '{missing[0]}'.")
    wrong = sorted(set(request.get("outputs") or {}) - set(_OUTPUTS[job]))
    if wrong:
        raise InputError(f"The job '{job}' has no output '{wrong[0]}'.")
    return str(job)


def _with_settings(request: Request) -> Request:
    """The request with the options of its `config_file` put under its own."""
    if not request.get("config_file"):
        return request
    given = {name: request[name] for name in _SECTIONS if name in request}
    parts = {name: part for name, part in request.items() if name != "config_file"}
    return {**parts, **merge(read_values(request["config_file"]), given)}


def _run_buildgraph(
    request: Request, config: Config, outputs: OutputSet, progress: Progress
) -> Result:
    if outputs.wants("cells"):
        check_vector_format(outputs.paths["cells"])
    graph = read_graph(request, config.model, progress)
    progress.report(0.9, "Writing the graph")
    if outputs.wants("graph"):
        store.save_graph(outputs.stage("graph"), graph)
    if outputs.wants("cells"):
        write_cells(outputs.stage("cells"), graph)
    counts = {name.upper(): count for name, count in graph.counts().items()}
    first = next(iter(graph.targets))
    dropped = sum(graph.info["points"]["dropped"].values())
    return {**counts, "OBSERVED": len(graph.observed(first)), "POINTS_DROPPED": dropped}


def _run_interpolate(
    request: Request, config: Config, outputs: OutputSet, progress: Progress
) -> Result:
    if len(request["points"]["targets"]) != 1:
        raise InputError("Interpolation takes one value field at a time.")
    progress = run_ = Run(request, config, progress)
    graph = read_graph(request, config.model, Part(progress, 0.0, 0.2))
    run_.stage("read and build the graph")
    target = next(iter(graph.targets))
    split, model = fit_and_score(run_, graph, target, config, Part(progress, 0.2, 0.45))
    score_blocks(run_, graph, target, config, Part(progress, 0.45, 0.65))
    if len(split.test):
        progress.log("Fitting again to all observed cells, for the map.")
        model = make_model(config)
        observed = graph.observed(target)
        model.fit(graph, graph.target(target), observed, Part(progress, 0.65, 0.9))
        run_.stage("fit to all observed cells")
    mean = model.predict(graph, Part(progress, 0.9, 0.95)).mean
    run_.stage("predict")
    progress.report(0.95, "Writing the results")
    if outputs.wants("prediction"):
        _write_prediction(outputs, graph, mean, target)
    if outputs.wants("model"):
        fitted = graph.observed(target)
        save_model(outputs.stage("model"), model, graph, target, fitted, run_.details())
    if outputs.wants("graph"):
        store.save_graph(outputs.stage("graph"), graph)
    write_report(run_, graph, target, outputs, mean)
    return {**_counts(graph, target), **run_.numbers()}


def _run_train(request: Request, config: Config, outputs: OutputSet, progress: Progress) -> Result:
    progress = run_ = Run(request, config, progress)
    graph, target = store.load_graph(request["graph"]), request["target"]
    run_.stage("read the graph")
    split, model = fit_and_score(run_, graph, target, config, Part(progress, 0.0, 0.95))
    progress.report(0.95, "Writing the model")
    if outputs.wants("model"):
        save_model(outputs.stage("model"), model, graph, target, split.known, run_.details())
    write_report(run_, graph, target, outputs, None)
    return {**_counts(graph, target), **run_.numbers()}


def _run_predict(
    request: Request, config: Config, outputs: OutputSet, progress: Progress
) -> Result:
    fitted = load_model(request["model_file"])
    graph = store.load_graph(request["graph"])
    fitted.check_fits(graph)
    mean = fitted.model.predict(graph, Part(progress, 0.0, 0.9)).mean
    if outputs.wants("prediction"):
        _write_prediction(outputs, graph, mean, fitted.target)
    return {"CELLS": len(graph.cell)}


def _run_evaluate(
    request: Request, config: Config, outputs: OutputSet, progress: Progress
) -> Result:
    progress = run_ = Run(request, config, progress)
    fitted = load_model(request["model_file"])
    graph = store.load_graph(request["graph"])
    fitted.check_fits(graph)
    run_.stage("read the model and the graph")
    test = fitted.unseen(graph)
    if len(test) == 0:
        raise InputError(
            f"Every observed cell of '{fitted.target}' in this graph was used to fit the model, "
            "so none can test it; train with held-out cells or give a graph with new points."
        )
    split = Split(np.setdiff1d(graph.observed(fitted.target), test), test)
    predicted = score(fitted.model, graph, fitted.target, split, Part(progress, 0.0, 0.9))
    run_.scored(fitted.model, graph.target(fitted.target), split, predicted)
    run_.stage("predict the held-out cells")
    write_report(run_, graph, fitted.target, outputs, None)
    return {**_counts(graph, fitted.target), **run_.numbers()}


_JOBS: dict[str, Callable[[Request, Config, OutputSet, Progress], Result]] = {
    schema.BUILDGRAPH: _run_buildgraph,
    schema.INTERPOLATE: _run_interpolate,
    schema.TRAIN: _run_train,
    schema.PREDICT: _run_predict,
    schema.EVALUATE: _run_evaluate,
}


def _write_prediction(
    outputs: OutputSet, graph: GraphRawData, mean: NDArray[np.float64], target: str
) -> None:
    unit = graph.info["units"].get(target, "")
    label = f"{target} [{unit}]" if unit else target
    tags = {"SOFTWARE": f"GeoHG {__version__}"}
    write_geotiff(outputs.stage("prediction"), graph, mean, label, tags)


def _counts(graph: GraphRawData, target: str) -> Result:
    return {"CELLS": len(graph.cell), "OBSERVED": len(graph.observed(target))}


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
