"""The job that scores a model: on held-out cells, or by points that were measured later."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from ..assembly.inputs import Measurements, table_checksums
from ..config.schema import Config
from ..data.builders.graph import GraphRawData
from ..data.builders.grid import Grid
from ..data.sources.gathering import gather, log_dropped, readings_in
from ..data.sources.sentinels import warn_of_sentinels
from ..data.splits import Split
from ..errors import InputError
from ..files import OutputSet
from ..language import tr
from ..names import NEW_POINTS, RANDOM
from ..numerics import deviation
from ..prediction.fitted import FittedMap
from ..progress import Part, Progress
from ..report.report import write_report
from ..validation.fitting import explain
from ..validation.run import Run
from ..validation.scoring import score, widen
from .about import About
from .layers import write_residuals
from .reading import count_cells, read_graph_for
from .request import Request, Result

# Fewer cells have no variance that a prediction could explain.
_LEAST_CELLS = 2


def run(request: Request, config: Config, outputs: OutputSet, progress: Progress) -> Result:
    """Score a model on cells that it was not fitted to, or by new points; see `jobs.run`.

    New points are predicted where they are, and count by their mean in each cell. A cell with new
    points that the model was fitted to is predicted without its old values.
    """
    progress = run_ = Run(request, config, progress)
    fitted = FittedMap.load(request["model_file"], progress)
    graph = read_graph_for(fitted, request, config, Part(progress, 0.0, 0.1))
    target, by_points = fitted.target, "points" in request
    if by_points:
        # A graph to predict on needs no value of its own.
        nowhere = np.full(len(graph.cell), np.nan)
        graph = dataclasses.replace(graph, targets={target: nowhere, **graph.targets})
        truth = _with_points(graph, fitted, request, progress)
        test = _askable(truth.observed(target), graph, fitted, progress)
    else:
        truth, test = graph, _unseen(graph, fitted)
    run_.stage("read the model and the graph")
    split = Split(np.setdiff1d(graph.observed(target), fitted.unseen(graph)), test)
    scored = (fitted.model, graph, target, split, Part(progress, 0.1, 0.9))
    seed, scores = config.training.seed, fitted.scores
    left_out, places = fitted.left_out(graph), truth.readings.get(target)
    fold = score(*scored, seed=seed, scores=scores, left_out=left_out, places=places)
    fold = widen(fold, fitted.reach, fitted.distance(graph)[test])
    run_.trained(fitted.model)
    name, kind = (NEW_POINTS, "new points") if by_points else (RANDOM, "random")
    run_.tested(name, truth.target(target), [fold], {"kind": kind})
    if len(split.known):
        run_.scale = deviation(graph.target(target)[split.known])
    run_.stage("predict the held-out cells")
    if run_.explained:
        fresh = np.setdiff1d(test, fitted.left_out(graph)[1])
        explain(run_, truth, target, fitted.model, fresh, Part(progress, 0.9, 1.0))
    write_residuals(outputs, truth, {target: run_.trials})
    write_report(run_, truth, target, outputs, None)
    about = About.of_model(fitted, truth, config.uncertainty.level)
    described = {**about.to_dict(), "figures": run_.numbers()}
    return {**count_cells(truth, target), **run_.numbers(), "ABOUT": described}


def _unseen(graph: GraphRawData, fitted: FittedMap) -> NDArray[np.int64]:
    """The observed cells that the model was not fitted to; at least one."""
    test = fitted.unseen(graph)
    if len(test) == 0:
        raise InputError(
            tr(
                "Every observed cell of '{target}' in this graph was used to fit the model, so "
                "none can test it; train with held-out cells, or give new points."
            ).format(target=fitted.target)
        )
    return test


def _with_points(
    graph: GraphRawData, fitted: FittedMap, request: Request, progress: Progress
) -> GraphRawData:
    """The graph with the new points, and their mean in each cell, as the only measured values."""
    if not isinstance(graph.geometry, Grid):
        raise InputError(
            tr("The graph's cells have no grid, so points cannot be assigned to them.")
        )
    described = {"targets": (fitted.target,), **request["points"]}
    measured = Measurements.of(described)
    field, points = measured.target, measured.read()
    warn_of_sentinels(points.values, progress)
    known = np.zeros(graph.grid.size, dtype=bool)
    known[graph.cell] = True
    means, dropped = gather(points, graph.grid, known, _LEAST_CELLS)
    log_dropped(dropped, progress)
    unit = fitted.unit or graph.info.units.get(fitted.target, "")
    info = dataclasses.replace(
        graph.info,
        points=points.counts(dropped),
        units={fitted.target: unit},
        checksums={**graph.info.checksums, **table_checksums(measured.table, "points")},
    )
    targets = {fitted.target: means[field][graph.cell]}
    found = readings_in(points, graph.grid, graph.cell)
    readings = {fitted.target: found[field]} if field in found else {}
    return dataclasses.replace(graph, targets=targets, readings=readings, info=info)


def _askable(
    observed: NDArray[np.int64], graph: GraphRawData, fitted: FittedMap, progress: Progress
) -> NDArray[np.int64]:
    """Those of the cells that the model can predict without their old value.

    A network that was fitted to a cell cannot, but for those that told it when to stop.
    """
    left_out, cells = fitted.left_out(graph)
    blind = np.intersect1d(observed, cells[~np.isfinite(left_out.location)])
    again = np.setdiff1d(np.intersect1d(observed, cells), blind)
    test = np.setdiff1d(observed, blind)
    if len(again):
        text = tr("{count} of the cells with new points are predicted without their old value.")
        progress.log(text.format(count=len(again)))
    if len(blind):
        text = tr(
            "{count} of the cells with new points were left out: the model was fitted to them and "
            "cannot predict them without their old value."
        )
        progress.warning(text.format(count=len(blind)))
    if len(test) < _LEAST_CELLS:
        raise InputError(
            tr(
                "The new points give {cells} cells to test the model, at least {least} are needed; "
                "give points in cells that were not used to fit it."
            ).format(cells=len(test), least=_LEAST_CELLS)
        )
    return test
