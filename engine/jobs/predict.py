"""The job that maps a graph with a fitted model."""

from __future__ import annotations

from ..config.schema import Config
from ..files import OutputSet
from ..prediction.applicability import Applicability
from ..prediction.fitted import load_model
from ..prediction.reach import Reach
from ..prediction.uncertainty import Calibration
from ..progress import Part, Progress
from .about import About
from .layers import Mapped, tell_applicability, write_applicability, write_rasters
from .reading import read_graph_of
from .request import Request, Result


def run(request: Request, config: Config, outputs: OutputSet, progress: Progress) -> Result:
    """Predict every cell, and write the rasters that are wanted; see `jobs.run`."""
    fitted = load_model(request["model_file"], progress)
    graph = read_graph_of(request, config, progress)
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
