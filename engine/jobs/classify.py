"""The job that maps a class found at points."""

from __future__ import annotations

import dataclasses

from ..assembly.inputs import ClassMeasurements
from ..config.schema import Config, ModelConfig
from ..data.sources.classpoints import Labelled
from ..files import OutputSet
from ..language import tr
from ..models.classes import ClassProcess
from ..names import CLASS_MODEL
from ..prediction.fittedclasses import FittedClasses
from ..progress import Part, Progress
from ..report.classes import class_numbers, write_class_report
from ..validation.classing import hold_out_classes
from ..validation.run import Run
from .about import About
from .classmapping import class_about, map_classes
from .reading import read_mapped
from .request import Request, Result

# How far a run is when all is read, and when the map is begun: in several blocks it takes long.
_READ, _AT_ONCE, _IN_BLOCKS = 0.2, 0.9, 0.5


def run(request: Request, config: Config, outputs: OutputSet, progress: Progress) -> Result:
    """Test, fit, map the class of every cell, and write what is wanted; see `jobs.run`."""
    config = dataclasses.replace(config, model=ModelConfig())  # classes have one kind of model
    run_ = Run(request, config, progress)
    points = ClassMeasurements.of(request["points"])
    found = read_mapped(run_, request, config, outputs, points)
    graph, field = found.graph, points.target
    labelled = Labelled.of(points.classes, graph, run_)
    begun = _IN_BLOCKS if found.ground else _AT_ONCE
    tested = _READ + 0.9 * (begun - _READ)
    tests = hold_out_classes(graph, labelled, config, Part(run_, _READ, tested))
    run_.stage("fit and predict in folds")
    fitting = Part(run_, tested, begun)
    model = ClassProcess(config).fit(graph, labelled.shares, labelled.observed, fitting)
    numbers = class_numbers(tests)
    details = {**run_.details(), "numbers": numbers}
    fitted = FittedClasses.learn(model, graph, field, labelled, details, fitting)
    run_.stage("fit to all observed cells")
    made = {"model": CLASS_MODEL, "seed": config.training.seed, "figures": numbers}
    about = About.of_graph(graph, field, **made)
    mapping = (found, fitted, about, Part(run_, begun, 0.96))
    shown, share = map_classes(request, config, outputs, *mapping)
    run_.stage("predict")
    run_.report(0.96, tr("Writing the results"))
    if outputs.wants("model"):
        fitted.save(outputs.stage("model"))
    write_class_report(run_, field, shown, share, tests, outputs)
    counts = {"CELLS": graph.total, "OBSERVED": len(labelled.observed)}
    counts["CLASSES"] = len(labelled.names)
    shared = {"APPLICABLE_SHARE": share, "ABOUT": class_about(about, labelled.names)}
    return {**counts, **numbers, **shared}
