"""The job that maps a graph with a fitted model."""

from __future__ import annotations

from ..config.schema import Config
from ..files import OutputSet
from ..prediction.fitted import FittedMap
from ..progress import Progress
from .about import About
from .layers import applicable_share, write_rasters
from .reading import read_graph_of
from .request import Request, Result


def run(request: Request, config: Config, outputs: OutputSet, progress: Progress) -> Result:
    """Predict every cell, and write the rasters that are wanted; see `jobs.run`."""
    fitted = FittedMap.load(request["model_file"], progress)
    graph = read_graph_of(request, config, progress)
    fitted.check_fits(graph)
    level = config.uncertainty.level
    found = fitted.map(graph, level, progress)
    about = About.of_model(fitted, graph, level)
    write_rasters(outputs, graph, about, found)
    share = {"APPLICABLE_SHARE": applicable_share(found, progress)["share"]}
    return {"CELLS": len(graph.cell), **share, "ABOUT": about.to_dict()}
