"""A map of classes, at once or in blocks: made, written, and thinned out for a report."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..assembly.building import joined
from ..assembly.maps import Map
from ..config.schema import Config
from ..errors import InputError
from ..files import OutputSet
from ..language import tr
from ..prediction.classmaps import ClassMap, class_arrays, legend_of
from ..prediction.fittedclasses import FittedClasses
from ..prediction.parts import Layer, PartFolder
from ..prediction.surface import to_grid, write_geotiff
from ..progress import Progress
from .about import About
from .layers import trust_bands, warn_of_applicability
from .mapping import drawn_grid, making_blocks
from .request import Request

# What a job that classifies calls the map, and one that predicts.
_MAPS = ("class_map", "prediction")
_OTHERS = ("probabilities", "applicability")


def check_class_outputs(outputs: OutputSet, target: str) -> None:
    """Refuse what a model of classes does not tell.

    Raises
    ------
    InputError
        Naming these outputs, and those that there are.
    """
    none = [name for name in outputs.paths if name not in (*_MAPS, *_OTHERS)]
    if none:
        raise InputError(
            tr(
                "The model tells the classes of '{target}', which have no {names}; leave that out. "
                "'prediction' is the map of the likeliest class; there are 'probabilities' and "
                "'applicability' beside it."
            ).format(target=target, names=", ".join(f"'{name}'" for name in none))
        )


def map_classes(
    request: Request,
    config: Config,
    outputs: OutputSet,
    found: Map,
    fitted: FittedClasses,
    about: About,
    progress: Progress,
) -> tuple[ClassMap, float]:
    """Make a map of classes, and write the rasters that are wanted.

    Parameters
    ----------
    request, config, outputs
        Those of the job.
    found : Map
        What it is made of.
    fitted : FittedClasses
        The model.
    about : About
        What the rasters say of themselves.
    progress : Progress
        That of the map.

    Returns
    -------
    ClassMap, float
        The map, thinned out if it has several blocks; and the share of all its cells that lies
        in the area of applicability.
    """
    layers = _layers(fitted.names)
    if found.ground is None:
        made = fitted.part(found.graph, config.uncertainty, progress)
        share = float(np.mean(made.applicable))
        write_class_rasters(outputs, made, about.tags())
    else:
        kept = {name: own for name, own in layers.items() if outputs.wants(name)}
        every = class_arrays(len(fitted.names))
        kept[""] = Layer(dict(zip(every, every)))
        making = (found, [fitted], kept, about.tags(), np.float32)
        with making_blocks(request, config, outputs, *making, progress) as sink:
            share = sink.statistics("applicable").mean
            made = _thinned(sink, found, fitted.names)
    warn_of_applicability(share, progress)
    return made, share


def class_about(about: About, names: Sequence[str]) -> dict[str, Any]:
    """The part `ABOUT` of a result, with the colour of each class."""
    return {**about.to_dict(), "classes": legend_of(names)}


def _layers(names: Sequence[str]) -> dict[str, Layer]:
    """Each raster: its bands, as arrays of a `ClassMap`."""
    code, *_ = every = class_arrays(len(names))
    return {
        **dict.fromkeys(_MAPS, Layer({"": code}, legend=legend_of(names))),
        "probabilities": Layer(dict(zip(names, every[-len(names) :]))),
        "applicability": Layer(trust_bands()),
    }


def write_class_rasters(outputs: OutputSet, made: ClassMap, tags: Mapping[str, str] = {}) -> None:
    """Write the rasters that are wanted of a map whose cells are all at hand."""
    layers, arrays, grid = _layers(made.names), made.arrays(), made.graph.grid
    for name in filter(outputs.wants, _MAPS):
        made.save(outputs.stage(name), tags)
    for name in filter(outputs.wants, _OTHERS):
        bands = layers[name].bands.items()
        planes = {text: to_grid(made.graph, arrays[array]) for text, array in bands}
        write_geotiff(outputs.stage(name), grid.crs, grid.transform, planes, tags=tags)


def _thinned(sink: PartFolder, found: Map, names: Sequence[str]) -> ClassMap:
    """The map with some of its rows and columns."""
    drawn, step = drawn_grid(found.graph.grid)
    _, *wanted = class_arrays(len(names))
    planes = {name: sink.thinned(name, step).ravel() for name in wanted if name != "applicable"}
    index = planes.pop("dissimilarity")
    cell = np.flatnonzero(np.isfinite(index))
    graph = dataclasses.replace(joined(drawn, cell, [], {}), info=found.graph.info)
    chances = np.column_stack([plane[cell] for plane in planes.values()])
    return ClassMap(graph, tuple(names), chances, index[cell])
