"""What the memory of this machine allows: cells at once, blocks of what side, at what cost."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import psutil

from ..config.costs import bytes_per_cell, estimate
from ..config.kinds import KINDS
from ..config.schema import Config, ModelConfig
from ..data.builders.grid import Grid
from ..errors import InputError
from ..language import tr
from ..progress import Progress, time_in_words
from .pace import slowness
from .sizing import side_in_words

# Share of the free memory that a run may take.
_USABLE = 0.8
# What is kept of each block of a map while it is made, such as its statistics.
_BYTES_PER_BLOCK = 10_000
# The side of a block, in cells: a larger one gains nothing, in a smaller one halos take most time.
_LEAST_SIDE, _MOST_SIDE = 256, 1024
# Blocks that each worker makes, where the map has so many; their largest side, since each worker
# holds one; and how many workers a cluster may have.
_BLOCKS_EACH, _SIDE_EACH, _MANY_WORKERS = 4, 512, 16
# Bytes that a column of features takes for each cell of a block: five windows, in three places.
_BYTES_PER_COLUMN = 100
# And a simulated map.
_BYTES_PER_SIMULATION = 32


class Entire(NamedTuple):
    """Why a map is made at once and not in blocks, and what to do about it, in words."""

    why: str
    instead: str


def entire(model: ModelConfig, carried: bool = False, table: bool = False) -> Entire | None:
    """Why a map needs all its cells at once; None where it is made in blocks.

    Parameters
    ----------
    model : ModelConfig
        The model; networks read the whole graph.
    carried : bool
        Whether something that is known of some cells is carried to all.
    table : bool
        Whether a table or a graph file of all cells is written.
    """
    if KINDS[model.kind].network or model.pretrained_gnn:
        return Entire(
            tr("This model reads all cells of a map at once"),
            tr("choose the default model, 'propagation', without an encoder"),
        )
    if carried:
        return Entire(
            tr("Covariates and labels of points and cells are carried to all cells at once"),
            tr("leave them out"),
        )
    if table:
        return Entire(
            tr("A table and a graph file hold all cells of a map at once"), tr("ask for rasters")
        )
    return None


def check_memory(grid: Grid, model: ModelConfig, why: Entire | None = None) -> None:
    """Refuse a grid of more cells than the free memory allows.

    Parameters
    ----------
    grid : Grid
        The grid.
    model : ModelConfig
        What reads it.
    why : Entire, optional
        Why it is not made in blocks.

    Raises
    ------
    InputError
        Naming a cell size that would do.
    """
    most = int(psutil.virtual_memory().available * _USABLE / bytes_per_cell(model))
    if grid.size <= most:
        return
    if why is not None:
        raise InputError(
            tr(
                "{why}, and the free memory allows {most:,}; the cell size {size:g} makes "
                "{cells:,}. Use a cell size of at least {fits:.2g}, or {instead}: then the map is "
                "made in blocks."
            ).format(
                size=grid.cell_width,
                cells=grid.size,
                most=most,
                fits=_fitting(grid, most),
                why=why.why,
                instead=why.instead,
            )
        )
    raise _too_many(grid, most)


def check_blocks(grid: Grid, side: int) -> None:
    """Refuse a grid of more blocks than the free memory keeps count of.

    Parameters
    ----------
    grid : Grid
        The grid.
    side : int
        Of blocks, in cells.

    Raises
    ------
    InputError
        Naming a cell size that would do.
    """
    blocks = int(psutil.virtual_memory().available * _USABLE / _BYTES_PER_BLOCK)
    if grid.size > blocks * side**2:
        raise _too_many(grid, blocks * side**2)


def _too_many(grid: Grid, most: int) -> InputError:
    return InputError(
        tr(
            "The cell size {size:g} makes {cells:,} cells; the free memory allows {most:,}. "
            "Use a cell size of at least {fits:.2g}, or a smaller extent."
        ).format(size=grid.cell_width, cells=grid.size, most=most, fits=_fitting(grid, most))
    )


def _fitting(grid: Grid, most: int) -> float:
    """The cell size that makes so many cells."""
    return grid.cell_width * math.sqrt(grid.size / most)


def block_side(config: Config, cells: int, columns: int = 0) -> int:
    """The side of the blocks of a map, in cells.

    It is as the free memory allows all workers, and so that each of them has some to make.

    Parameters
    ----------
    config : Config
        The model, and the workers.
    cells : int
        Cells of the grid.
    columns : int
        About how many columns of features there are.
    """
    workers, scheduler = config.execution.workers, config.execution.scheduler
    cost = max(bytes_per_cell(config.model), _BYTES_PER_COLUMN * columns)
    cost += _BYTES_PER_SIMULATION * config.uncertainty.simulations_count
    most = psutil.virtual_memory().available * _USABLE / (cost * max(workers, 1))
    if workers or scheduler:
        most = min(most, cells / (_BLOCKS_EACH * (workers or _MANY_WORKERS)), _SIDE_EACH**2)
    return int(np.clip(2 ** int(math.log2(max(most, 1)) / 2), _LEAST_SIDE, _MOST_SIDE))


def log_blocks(grid: Grid, blocks: int, progress: Progress) -> None:
    """Say how many cells a map has, of what size, and in how many blocks it is made."""
    progress.log(
        tr("The map has {cells:,} cells of {side} and is made in {blocks} blocks.").format(
            cells=grid.size, side=side_in_words(grid), blocks=blocks
        )
    )


def log_costs(
    config: Config, cells: int, observed: int, progress: Progress, at_once: int = 0
) -> None:
    """Say about how much memory and time a map of so many cells takes.

    So many are in memory `at_once`, by default all.
    """
    seconds = slowness() * estimate(config, cells, observed)[1]
    memory = estimate(config, min(at_once or cells, cells), observed)[0]
    free = psutil.virtual_memory().available
    text = tr(
        "{observed:,} cells are observed. About {memory} of memory ({free} are free) and "
        "{time} are needed."
    )
    if KINDS[config.model.kind].network:
        text = tr(
            "{observed:,} cells are observed. About {memory} of memory ({free} are free) and at "
            "most {time} are needed; networks stop early when they no longer improve."
        )
    progress.log(
        text.format(
            observed=observed,
            memory=_gigabytes(memory),
            free=_gigabytes(free),
            time=time_in_words(seconds),
        )
    )


def _gigabytes(count: float) -> str:
    return tr("{size:.1f} GB").format(size=count / 1e9)
