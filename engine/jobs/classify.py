"""The job that maps a class found at points."""

from __future__ import annotations

import dataclasses

from ..assembly.inputs import ClassMeasurements, Inputs
from ..assembly.reading import read_graph
from ..config.schema import Config
from ..data.builders.graph import GraphRawData
from ..data.sources.classpoints import Labelled
from ..files import OutputSet
from ..language import tr
from ..models.classes import ClassProcess
from ..prediction.classmaps import ClassMap
from ..progress import Part, Progress
from ..report.classes import class_numbers, write_class_report
from ..validation.classing import hold_out_classes
from ..validation.run import Run
from .about import About
from .request import Request, Result

MODEL = "classes"


def run(request: Request, config: Config, outputs: OutputSet, progress: Progress) -> Result:
    """Test, fit, map the class of every cell, and write what is wanted; see `jobs.run`."""
    progress = run_ = Run(request, config, progress)
    graph, labelled, field = read_labelled(request, config, Part(run_, 0.0, 0.1))
    run_.stage("read and build the graph")
    tests = hold_out_classes(graph, labelled, config, Part(run_, 0.1, 0.8))
    run_.stage("fit and predict in folds")
    model = ClassProcess(config)
    model.fit(graph, labelled.shares, labelled.observed, Part(run_, 0.8, 0.9))
    run_.stage("fit to all observed cells")
    probabilities = model.predict(graph, Part(run_, 0.9, 0.96))
    run_.stage("predict")
    found, numbers = ClassMap(graph, labelled.names, probabilities), class_numbers(tests)
    made = {"model": MODEL, "seed": config.training.seed, "figures": numbers}
    about = About.of_graph(graph, field, **made)
    progress.report(0.96, tr("Writing the results"))
    if outputs.wants("class_map"):
        found.save(outputs.stage("class_map"), about.tags())
    if outputs.wants("probabilities"):
        found.save_probabilities(outputs.stage("probabilities"), about.tags())
    write_class_report(run_, field, found, tests, outputs)
    counts = {"CELLS": graph.total, "OBSERVED": len(labelled.observed), "CLASSES": len(found.names)}
    return {**counts, **numbers, "ABOUT": {**about.to_dict(), "classes": found.colours}}


def read_labelled(
    request: Request, config: Config, progress: Progress
) -> tuple[GraphRawData, Labelled, str]:
    """The graph of a request for one field of classes, its cells' classes, and that field."""
    points = ClassMeasurements.of(request["points"])
    inputs = dataclasses.replace(Inputs.of(request, config.data), points=points)
    graph = read_graph(inputs, config.model, progress)
    return graph, Labelled.of(points.classes, graph, progress), points.target
