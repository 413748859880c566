"""From what a request, a call or a command names to a graph: every input read and checked."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pyproj import CRS

from ..config.schema import ModelConfig
from ..data.bounds import refuse_outside
from ..data.builders.graph import GraphRawData
from ..data.builders.grid import Grid
from ..data.builders.info import CellGroups, GraphInfo
from ..data.matching import aligned
from ..data.sources.area import StudyArea, read_area
from ..data.sources.gathering import (
    cell_groups,
    gather,
    log_dropped,
    readings_in,
)
from ..data.sources.ground import Known, Source
from ..data.sources.located import Table
from ..data.sources.points import Points
from ..data.sources.sentinels import warn_of_sentinels
from ..data.sources.zones import Labels
from ..errors import InputError
from ..language import tr
from ..names import POINTS_GROUP
from ..progress import Part, Progress, Silent
from .building import build_graph, cells_that_exist
from .capacity import check_memory
from .covariates import add_covariates
from .inputs import Inputs, Measurements
from .sizing import grid_around, log_size

# What layers call the field that numbers their features.
_IDENTIFIERS = ("fid", "gid", "id", "objectid", "ogc_fid", "oid", "pk")


def read_graph(
    inputs: Inputs, model: ModelConfig, progress: Progress, like: GraphRawData | None = None
) -> GraphRawData:
    """Read and check every input before the long work, then build the graph.

    Parameters
    ----------
    inputs : Inputs
        What it is made of.
    model : ModelConfig
        What the graph is for: it decides how many cells the memory allows.
    progress : Progress
        Receives progress and messages.
    like : GraphRawData, optional
        A graph of the same inputs on other cells, whose columns it gets.

    Raises
    ------
    InputError
        For whatever cannot be used, in one sentence.
    """
    given = prepared(inputs, model, progress)
    check_memory(given.grid, model)
    return read_whole(given, inputs, model, progress, like)


def read_whole(
    given: Given,
    inputs: Inputs,
    model: ModelConfig,
    progress: Progress,
    like: GraphRawData | None = None,
) -> GraphRawData:
    """The graph of all cells; see `read_graph`."""
    grid, points = given.grid, given.points
    wanted = given.area.cells(grid) if given.area else None
    log_size(grid, wanted, progress)
    means, dropped = gather(points, grid, wanted)
    log_dropped(dropped, progress)
    labels = [source for source in inputs.sources if isinstance(source, Labels)]
    others = [source for source in inputs.sources if not isinstance(source, Labels)]
    known = _read(others, grid, Part(progress, 0.0, 0.8))
    if labels:
        cell = cells_that_exist(grid, means, known, wanted)
        known += _read([each.on(grid, cell) for each in labels], grid, Silent())
    progress.report(0.8, tr("Joining neighbouring cells"))
    graph = build_graph(grid, means, known, progress, wanted)
    graph = add_covariates(graph, points, Part(progress, 0.9, 1.0), like)
    graph = graph if like is None else aligned(graph, like)
    fetched = [path for each in known for path in each.fetched]
    named = {each.attribution for each in known}
    return informed(graph, inputs, given, dropped, fetched, named, progress)


@dataclass(frozen=True)
class Given:
    """The inputs of a graph, checked."""

    points: Points
    area: StudyArea | None
    grid: Grid


def prepared(inputs: Inputs, model: ModelConfig, progress: Progress) -> Given:
    """Read and check the points, the study area and the grid, and open the sources."""
    crs = _opened(inputs.sources, progress)
    points = _points_of(inputs.points, crs)
    area = inputs.area
    if isinstance(area, Table):
        area = read_area(area.source, area.crs)
    grid = _grid_of(inputs.grid, points, area, progress)
    _warn_of_identifiers(points, progress)
    warn_of_sentinels({**points.values, **points.covariates}, progress)
    for name, values in points.values.items():
        refuse_outside(values, model.bounds, name)
    return Given(points, area, grid)


def informed(
    graph: GraphRawData,
    inputs: Inputs,
    given: Given,
    dropped: dict[str, int],
    fetched: Iterable[str | Path],
    attribution: set[str],
    progress: Progress,
) -> GraphRawData:
    """The graph with its origin, and with the places where its targets were measured."""
    points = given.points
    files = [path for source in inputs.sources for path in source.files]
    info = GraphInfo(
        points=points.counts(dropped),
        attribution="; ".join(sorted(attribution - {""})),
        groups=None if points.group is None else _groups(points, graph, given.area, progress),
        checksums=inputs.checksums([*files, *fetched]),
        units=dict(inputs.units),
    )
    # A value goes with what was measured beside it, which the graph knows by the cell alone.
    beside = POINTS_GROUP in graph.feature_groups
    readings = {} if beside else readings_in(points, given.grid, graph.cell)
    return dataclasses.replace(graph, info=info, readings=readings)


def _opened(sources: Sequence[Source], progress: Progress) -> CRS | None:
    """The first CRS of sources, all of which are checked at a glance."""
    every = [source.open(progress) for source in sources]
    return next((crs for crs in every if crs is not None), None)


def _read(sources: Sequence[Source], grid: Grid, progress: Progress) -> list[Known]:
    """What each source knows of the cells of a grid.

    The first, land cover, takes longest and is read last: whatever else has nothing in the grid
    is refused before.
    """
    count = len(sources)
    found = [
        source.read(grid, Part(progress, number / count, (number + 1) / count))
        for number, source in enumerate(reversed(sources))
    ]
    return found[::-1]


def _warn_of_identifiers(points: Points, progress: Progress) -> None:
    """Warn of a target that numbers the points: the first field of a layer often does."""
    for name, values in points.values.items():
        finite = values[np.isfinite(values)]
        numbers = (finite == np.round(finite)).all() and len(np.unique(finite)) == len(finite)
        if name.lower() in _IDENTIFIERS and numbers:
            progress.warning(
                tr(
                    "The field '{name}' only numbers the points; choose the field with the "
                    "measured value."
                ).format(name=name)
            )


def _groups(
    points: Points, graph: GraphRawData, area: StudyArea | None, progress: Progress
) -> CellGroups:
    """The group of each observed cell."""
    cell, group, mixed = cell_groups(points, graph.grid, area)
    if mixed:
        progress.warning(
            tr(
                "{mixed} cells contain points of several groups; each cell gets the group of most "
                "of its points."
            ).format(mixed=mixed)
        )
    return CellGroups(np.searchsorted(graph.cell, cell).tolist(), group.tolist())


def _points_of(given: Measurements | Points | None, crs: CRS | None) -> Points:
    if isinstance(given, Measurements):
        return given.read()
    if given is not None:
        return given
    if crs is None:
        raise InputError(tr("A graph needs data; give points or a land-cover raster."))
    return Points(np.empty((0, 2)), {}, {}, crs, {})


def _grid_of(
    described: Mapping[str, Any], points: Points, area: StudyArea | None, progress: Progress
) -> Grid:
    if "grid" in described:
        return described["grid"]
    if "template" in described:
        return Grid.from_template(described["template"])
    crs = described.get("crs") or points.crs.to_string()
    if "shape" in described:
        rows, cols = described["shape"]
        return Grid.from_shape(described["bounds"], rows, cols, crs)
    return grid_around(
        points, described.get("cell_size"), crs, progress, described.get("bounds"), area
    )
