"""The job that maps a graph with a fitted model."""

from __future__ import annotations

from ..config.schema import Config
from ..files import OutputSet
from ..prediction.fitted import FittedMap
from ..progress import Progress
from .about import About
from .layers import applicable_share, check_rasters, write_rasters, write_values
from .reading import read_graph_for
from .request import Request, Result


def run(request: Request, config: Config, outputs: OutputSet, progress: Progress) -> Result:
    """Predict every cell, and write the rasters and the table that are wanted; see `jobs.run`."""
    fitted = FittedMap.load(request["model_file"], progress)
    graph = read_graph_for(fitted, request, config, progress)
    check_rasters(outputs, graph)
    level = config.uncertainty.level
    found = fitted.map(graph, level, progress)
    about = About.of_model(fitted, graph, level)
    write_rasters(outputs, graph, about, found)
    write_values(outputs, graph, fitted.target, found)
    share = {"APPLICABLE_SHARE": applicable_share(found, progress)["share"]}
    return {"CELLS": len(graph.cell), **share, "ABOUT": about.to_dict()}
