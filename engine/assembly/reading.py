"""From what a request, a call or a command names to a graph: every input read and checked."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from ..config.schema import Config, ModelConfig
from ..data.bounds import refuse_outside
from ..data.builders.blocks import Block, blocks_of
from ..data.builders.graph import GraphRawData
from ..data.builders.grid import Grid
from ..data.builders.info import CellGroups, GraphInfo
from ..data.matching import aligned
from ..data.sources.area import StudyArea, read_area
from ..data.sources.gathering import (
    cell_groups,
    gather,
    gather_cells,
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
from ..models.windows import halo_of
from ..names import POINTS_GROUP
from ..progress import Part, Progress, Silent
from .building import build_graph, cells_that_exist
from .covariates import add_covariates
from .ground import Ground
from .held import Held
from .inputs import Inputs, Measurements
from .sizing import block_side, check_memory, entire, grid_around, log_blocks, log_size
from .survey import gathered, least_of, survey

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
    given = _prepared(inputs, model, progress)
    check_memory(given.grid, model)
    return _read_whole(given, inputs, model, progress, like)


def _read_whole(
    given: _Given,
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
    return _informed(graph, inputs, given, dropped, fetched, named, progress)


@dataclass(frozen=True)
class Map:
    """A map that is to be made.

    Parameters
    ----------
    graph : GraphRawData
        All its cells; or of a map of several blocks, those that a fit needs.
    blocks : tuple of Block
        Its blocks.
    ground : Ground, Held or None
        What its blocks are read from; None where the map is made of the graph at once.
    """

    graph: GraphRawData
    blocks: tuple[Block, ...]
    ground: Ground | Held | None = None


def read_map(
    inputs: Inputs,
    config: Config,
    progress: Progress,
    table: bool = False,
    check: Callable[[Grid, Sequence[Block], int], None] = lambda grid, blocks, observed: None,
    side: int = 0,
) -> Map:
    """Read what a fit needs of a map: all of it where it is one block, or needed at once.

    Parameters
    ----------
    inputs : Inputs
        What it is made of.
    config : Config
        The model, which decides what is needed of it.
    progress : Progress
        Receives progress and messages.
    table : bool
        Whether a table or a graph file of all cells is to be written.
    check : callable
        Is told the grid of a map of several blocks, these, and the number of observed cells,
        before the long work; it may raise.
    side : int
        Of blocks, in cells; by default as the memory allows.

    Raises
    ------
    InputError
        For whatever cannot be used, in one sentence.
    """
    given = _prepared(inputs, config.model, progress)
    grid, points = given.grid, given.points
    carried = points.covariates or any(isinstance(each, Labels) for each in inputs.sources)
    why = entire(config.model, bool(carried), table)
    columns = sum(each.width for each in inputs.sources)
    side = side or block_side(config, grid.size, columns)
    blocks = tuple(blocks_of(grid, side, halo_of(grid)))
    if len(blocks) == 1 or why is not None:
        check_memory(grid, config.model, why)
        graph = _read_whole(given, inputs, config.model, progress)
        return Map(graph, tuple(blocks_of(grid, max(grid.rows, grid.cols))))
    log_blocks(grid, len(blocks), progress)
    cell, means, dropped = gather_cells(points, grid, given.area)
    log_dropped(dropped, progress)
    check(grid, blocks, len(cell))
    surveying = (
        blocks,
        dict(enumerate(inputs.sources)),
        given.area,
        cell,
        config,
        Part(progress, 0.0, 0.5),
    )
    found, ground = survey(grid, *surveying)
    kept = np.unique(np.concatenate([cell, found.sample, found.rim]))

    def targets(cells: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
        at, which = np.intersect1d(cells, cell, assume_unique=True, return_indices=True)[1:]
        found: dict[str, NDArray[np.float64]] = {n: np.full(len(cells), np.nan) for n in means}
        for name, values in means.items():
            found[name][at] = values[which]
        return found

    graph = gathered(blocks, ground, kept, targets, Part(progress, 0.5, 1.0))
    graph = _informed(graph, inputs, given, dropped, found.fetched, found.attribution, progress)
    return Map(graph, blocks, ground)


def map_of(
    graph: GraphRawData, fitted_with: Config, config: Config, table: bool = False, side: int = 0
) -> Map:
    """The map of a graph that is at hand, for a model that was fitted with some options.

    Parameters
    ----------
    graph : GraphRawData
        All cells.
    fitted_with, config : Config
        The options of the model, and of the map.
    table : bool
        Whether a table of all cells is to be written.
    side : int
        Of blocks, in cells; by default as the memory allows.
    """
    if not isinstance(graph.geometry, Grid) or entire(fitted_with.model, table=table):
        return Map(graph, ())
    grid = graph.geometry
    side = side or block_side(config, grid.size, graph.features.shape[1])
    blocks = tuple(blocks_of(grid, side, halo_of(grid)))
    ground = Held(graph, least_of(fitted_with)) if len(blocks) > 1 else None
    return Map(graph, blocks, ground)


@dataclass(frozen=True)
class _Given:
    """The inputs of a graph, checked."""

    points: Points
    area: StudyArea | None
    grid: Grid


def _prepared(inputs: Inputs, model: ModelConfig, progress: Progress) -> _Given:
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
    return _Given(points, area, grid)


def _informed(
    graph: GraphRawData,
    inputs: Inputs,
    given: _Given,
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
    if "template" in described:
        return Grid.from_template(described["template"])
    crs = described.get("crs") or points.crs.to_string()
    if "shape" in described:
        rows, cols = described["shape"]
        return Grid.from_shape(described["bounds"], rows, cols, crs)
    return grid_around(
        points, described.get("cell_size"), crs, progress, described.get("bounds"), area
    )
