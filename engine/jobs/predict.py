"""The job that maps a graph with a fitted model."""

from __future__ import annotations

from ..assembly.maps import map_of
from ..config.schema import Config, make_config
from ..files import OutputSet
from ..prediction.fitted import FittedMap
from ..progress import Progress
from .about import About
from .execution import kept_side
from .layers import check_rasters
from .mapping import map_blocks, map_whole
from .reading import read_graph_for
from .request import Request, Result


def run(request: Request, config: Config, outputs: OutputSet, progress: Progress) -> Result:
    """Predict every cell, and write the rasters and the table that are wanted; see `jobs.run`."""
    fitted = FittedMap.load(request["model_file"], progress)
    graph = read_graph_for(fitted, request, config, progress)
    check_rasters(outputs, graph, config, [fitted.target])
    about = About.of_model(fitted, graph, config.uncertainty.level)
    learnt = fitted.details["config"]
    with_ = make_config({name: learnt.get(name) for name in ("data", "model")})
    found = map_of(graph, with_, config, outputs.wants("table"), kept_side(config))
    making = (config, outputs, found, [fitted], [about], [progress])
    (made,) = map_blocks(request, *making) if found.ground else map_whole(*making)
    share = {"APPLICABLE_SHARE": made.applicable}
    return {"CELLS": len(graph.cell), **share, "ABOUT": about.to_dict()}
