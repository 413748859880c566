"""The job that maps a graph, or what is known of the ground, with a fitted model."""

from __future__ import annotations

import dataclasses

from ..config.schema import Config
from ..data import store
from ..errors import InputError
from ..files import OutputSet
from ..language import tr
from ..names import CLASS_MODEL
from ..prediction.fittedclasses import FittedClasses, load_fitted
from ..progress import Part, Progress
from .about import About
from .classmapping import check_class_outputs, class_about, map_classes
from .mapping import map_blocks, map_whole
from .reading import read_predicted
from .request import Request, Result

# How far a run is when all is read.
_READ = 0.3


def run(request: Request, config: Config, outputs: OutputSet, progress: Progress) -> Result:
    """Predict every cell, and write the rasters and the table that are wanted; see `jobs.run`."""
    fitted = load_fitted(request["model_file"], progress)
    if isinstance(fitted, FittedClasses):
        check_class_outputs(outputs, fitted.target)
    elif outputs.wants("probabilities"):
        raise InputError(
            tr(
                "The model tells a number, '{target}', and no classes; leave 'probabilities' out. "
                "'exceedance' has the probability that it is above a threshold."
            ).format(target=fitted.target)
        )
    found = read_predicted(fitted, request, config, outputs, Part(progress, 0.0, _READ))
    about = About.of_model(fitted, found.graph, config.uncertainty.level)
    mapping = Part(progress, _READ, 1.0)
    made_of = {**found.graph.info.checksums, **store.checksums([request["model_file"]])}
    info = dataclasses.replace(found.graph.info, checksums=made_of)
    found = dataclasses.replace(found, graph=dataclasses.replace(found.graph, info=info))
    if isinstance(fitted, FittedClasses):
        about = dataclasses.replace(about, model=CLASS_MODEL, level=None)
        _, share = map_classes(request, config, outputs, found, fitted, about, mapping)
        described = class_about(about, fitted.names)
    else:
        making = (config, outputs, found, [fitted], [about], [mapping])
        (made,) = map_blocks(request, *making) if found.ground else map_whole(*making)
        share, described = made.applicable, about.to_dict()
    return {"CELLS": found.graph.total, "APPLICABLE_SHARE": share, "ABOUT": described}
