"""Maps of any size: what a fit needs of one, and what its blocks are read from."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from ..config.schema import Config
from ..data.builders.adjacency import queen_edges
from ..data.builders.blocks import Block, blocks_of
from ..data.builders.graph import GraphRawData
from ..data.builders.grid import Grid
from ..data.sources.gathering import gather_cells, log_dropped
from ..data.sources.points import Points
from ..data.sources.zones import Labels
from ..errors import InputError
from ..executors.choice import executor_for
from ..language import tr
from ..models.reading import Reading
from ..models.windows import halo_of
from ..prediction.fittedmodel import FittedModel
from ..progress import Part, Progress
from .capacity import block_side, check_blocks, check_memory, entire, log_blocks
from .ground import Ground
from .held import Held
from .inputs import Inputs
from .learnt import learnt_columns, learnt_grid
from .messages import Quiet
from .passes import Passes
from .reading import informed, prepared, read_whole
from .sizing import log_size


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
    given = prepared(inputs, config.model, progress)
    grid, points = given.grid, given.points
    carried = points.covariates or any(isinstance(each, Labels) for each in inputs.sources)
    why = entire(config.model, bool(carried), table)
    columns = sum(each.width for each in inputs.sources)
    blocks = _blocks(grid, config, columns, side, why is not None)
    if len(blocks) == 1:
        check_memory(grid, config.model, why)
        return Map(read_whole(given, inputs, config.model, progress), blocks)
    log_blocks(grid, len(blocks), progress)
    cell, means, dropped = gather_cells(points, grid, given.area)
    log_dropped(dropped, progress)
    check(grid, blocks, len(cell))

    def targets(cells: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
        at, which = np.intersect1d(cells, cell, assume_unique=True, return_indices=True)[1:]
        found: dict[str, NDArray[np.float64]] = {n: np.full(len(cells), np.nan) for n in means}
        for name, values in means.items():
            found[name][at] = values[which]
        return found

    where = config.execution.workers, config.execution.scheduler
    with executor_for(*where, progress) as executor:
        passes = Passes(inputs, config, _least(config), blocks, executor)
        surveyed = grid, dict(enumerate(inputs.sources)), given.area, cell
        found, ground = passes.survey(*surveyed, Part(progress, 0.0, 0.5))
        kept = np.unique(np.concatenate([cell, found.sample, found.rim]))
        graph = passes.gather(ground, kept, targets, Part(progress, 0.5, 1.0))
    graph = informed(graph, inputs, given, dropped, found.fetched, found.attribution, progress)
    return Map(graph, blocks, ground)


def read_map_for(
    fitted: FittedModel,
    inputs: Inputs,
    config: Config,
    progress: Progress,
    table: bool = False,
    check: Callable[[Grid, Sequence[Block], int], None] = lambda grid, blocks, observed: None,
    side: int = 0,
) -> Map:
    """What a fitted model makes a map of sources from.

    Parameters
    ----------
    fitted : FittedModel
        The model.
    inputs : Inputs
        The sources that it was trained with, here or elsewhere, and the grid.
    config : Config
        The options of the map.
    progress, table, check, side
        As of `read_map`.

    Raises
    ------
    InputError
        For whatever cannot be used, in one sentence.
    FileFormatError
        If the model was trained in another CRS, or on cells of another size.
    """
    described = learnt_grid(fitted, inputs.grid, inputs.area is not None)
    nowhere = Points(np.empty((0, 2)), {}, {}, CRS(fitted.shared["crs"][0]), {})
    inputs = dataclasses.replace(inputs, points=nowhere, grid=described)
    with_ = fitted.config
    given = prepared(inputs, with_.model, progress)
    grid = given.grid
    fitted.check_cells(grid)
    columns = learnt_columns(fitted, inputs.sources, grid, progress)
    sources = {number: inputs.sources[number] for number in columns}
    why = entire(with_.model, table=table)
    blocks = _blocks(grid, config, sum(map(len, columns.values())), side, why is not None)
    observed = fitted.cells_in(grid)
    if len(blocks) == 1:
        check_memory(grid, with_.model, why)
        log_size(grid, given.area.cells(grid) if given.area else None, progress)
    else:
        log_blocks(grid, len(blocks), progress)
        check(grid, blocks, len(fitted.cells))
    where = (config.execution.workers, config.execution.scheduler) if len(blocks) > 1 else (0, "")
    with executor_for(*where, progress) as executor:
        surveyed = grid, sources, given.area, observed, Part(progress, 0.0, 0.5), columns
        passes = Passes(inputs, config, _least(with_), blocks, executor)
        found, ground = passes.survey(*surveyed)
    dropped: dict[str, int] = {}
    rest = (inputs, given, dropped, found.fetched, found.attribution, progress)
    if len(blocks) > 1:
        here = np.union1d(observed[ground.wanted(observed)], found.rim)
        return Map(informed(ground.unknown(here), *rest), blocks, ground)
    graph = ground.read(blocks[0], Quiet(progress, 0.5, 1.0))
    if graph is None:
        raise InputError(tr("The graph has no cells; check the extent and the land cover."))
    graph = dataclasses.replace(graph, near=queen_edges(grid, graph.cell))
    return Map(informed(graph, *rest), blocks)


def _blocks(
    grid: Grid, config: Config, columns: int, side: int, at_once: bool
) -> tuple[Block, ...]:
    """The blocks of a map: of a side, by default as the memory allows, or one."""
    if at_once:
        return tuple(blocks_of(grid, max(grid.rows, grid.cols)))
    side = side or block_side(config, grid.size, columns)
    check_blocks(grid, side)
    return tuple(blocks_of(grid, side, halo_of(grid)))


def _least(config: Config) -> tuple[tuple[float, float], ...]:
    """The shares up to which the area of applicability, or a model, takes them for 0."""
    reading = Reading.of(config.data)
    return tuple(dict.fromkeys([(0.0, 0.0), (reading.entity_thresh, reading.poi_thresh)]))


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
    blocks = _blocks(graph.geometry, config, graph.features.shape[1], side, at_once=False)
    ground = Held(graph, _least(fitted_with)) if len(blocks) > 1 else None
    return Map(graph, blocks, ground)
