"""The job that maps a graph, or what is known of the ground, with a fitted model."""

from __future__ import annotations

import dataclasses

from ..config.schema import Config
from ..data import store
from ..files import OutputSet
from ..prediction.fitted import FittedMap
from ..progress import Part, Progress
from .about import About
from .mapping import map_blocks, map_whole
from .reading import read_predicted
from .request import Request, Result

# How far a run is when all is read.
_READ = 0.3


def run(request: Request, config: Config, outputs: OutputSet, progress: Progress) -> Result:
    """Predict every cell, and write the rasters and the table that are wanted; see `jobs.run`."""
    fitted = FittedMap.load(request["model_file"], progress)
    found = read_predicted(fitted, request, config, outputs, Part(progress, 0.0, _READ))
    about = About.of_model(fitted, found.graph, config.uncertainty.level)
    mapping = Part(progress, _READ, 1.0)
    made_of = {**found.graph.info.checksums, **store.checksums([request["model_file"]])}
    info = dataclasses.replace(found.graph.info, checksums=made_of)
    found = dataclasses.replace(found, graph=dataclasses.replace(found.graph, info=info))
    making = (config, outputs, found, [fitted], [about], [mapping])
    (made,) = map_blocks(request, *making) if found.ground else map_whole(*making)
    share = {"APPLICABLE_SHARE": made.applicable}
    return {"CELLS": found.graph.total, **share, "ABOUT": about.to_dict()}
