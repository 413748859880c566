"""A map of several blocks: made, written, and thinned out for a report."""

from __future__ import annotations

import dataclasses
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..assembly.building import joined
from ..assembly.elsewhere import describe, rasters_of
from ..assembly.held import Held
from ..assembly.inputs import Inputs
from ..assembly.maps import Map
from ..config.schema import Config
from ..data.builders.graph import GraphRawData
from ..data.builders.grid import Grid
from ..data.sources.gathering import cell_means
from ..executors.choice import executor_for
from ..executors.running import run_blocks
from ..executors.work import Work
from ..files import OutputSet
from ..language import tr
from ..names import RASTERS
from ..numerics import float_type
from ..prediction.contours import Surface, write_contours
from ..prediction.fitted import FittedMap
from ..prediction.fittedclasses import FittedClasses, load_fitted
from ..prediction.means import warn_of_means
from ..prediction.parts import Layer, PartFolder
from ..prediction.surface import to_grid
from ..progress import Part, Progress
from . import blocks as work_of_blocks
from .about import About
from .blocks import BlockState
from .execution import settings_of
from .layers import (
    applicable_share,
    array_of,
    layers_of,
    warn_of_applicability,
    write_rasters,
    write_values,
)
from .request import Request

# A report draws no more rows or columns of cells.
_MOST_DRAWN = 1000
# What a report and its warnings need of each cell.
_SHOWN = ("mean", "std", "applicable", "aside")


@dataclass(frozen=True)
class Overview:
    """The map of a target; one of several blocks is thinned out.

    Parameters
    ----------
    graph : GraphRawData
        The cells that were kept, with what was measured around them.
    mean, std : float64 array [N]
        The prediction there, and its standard deviation.
    applicable : float
        Share of all cells of the map that lie in the area of applicability.
    """

    graph: GraphRawData
    mean: NDArray[np.float64]
    std: NDArray[np.float64]
    applicable: float


def map_whole(
    config: Config,
    outputs: OutputSet,
    found: Map,
    fitted: Sequence[FittedMap],
    abouts: Sequence[About],
    progress: Sequence[Progress],
) -> list[Overview]:
    """Make a map whose graph holds all its cells, and write what is wanted of it.

    Arguments as of `map_blocks`.
    """
    graph = found.graph
    how = config.uncertainty
    asked = (how.thresholds, how.quantiles, how.simulations_count, how.simulations_seed)
    parts = [
        Part(one, number / len(progress), (number + 1) / len(progress))
        for number, one in enumerate(progress)
    ]
    maps = [one.map(graph, how.level, part, *asked) for one, part in zip(fitted, parts)]
    applicable = [applicable_share(made, part)["share"] for made, part in zip(maps, parts)]
    write_rasters(outputs, graph, abouts, maps, how)
    write_values(outputs, graph, abouts, maps)
    _write_contours(config, outputs, graph, abouts, (to_grid(graph, one.mean) for one in maps))
    return [Overview(graph, made.mean, made.std, share) for made, share in zip(maps, applicable)]


def map_blocks(
    request: Request,
    config: Config,
    outputs: OutputSet,
    found: Map,
    fitted: Sequence[FittedMap],
    abouts: Sequence[About],
    progress: Sequence[Progress],
) -> list[Overview]:
    """Make every block of a map, and write the rasters that are wanted.

    Parameters
    ----------
    request, config, outputs
        Those of the job.
    found : Map
        Of several blocks.
    fitted : sequence of FittedMap
        The model of each target.
    abouts : sequence of About
        What the rasters say of each.
    progress : sequence of Progress
        That of the map, which is told how many cells are done and the time left: one for each
        target, which is warned of what is found of it.

    Returns
    -------
    list of Overview
        Of each target.
    """
    graph, how = found.graph, config.uncertainty
    layers, count = layers_of(abouts, how), len(fitted)
    shown = {array_of(n, name): array_of(n, name) for n in range(count) for name in _SHOWN}
    kept = {name: layers[name] for name in RASTERS if outputs.wants(name)} | {"": Layer(shown)}
    making = (found, fitted, kept, About.of_several(abouts).tags(), _precision(fitted))
    with making_blocks(request, config, outputs, *making, progress[0]) as sink:
        planes = (sink.thinned(array_of(number, "mean"), 1) for number in range(count))
        _write_contours(config, outputs, graph, abouts, planes)
        return [
            _overview(sink, graph, one, n, how.level, progress[n]) for n, one in enumerate(fitted)
        ]


@contextmanager
def making_blocks(
    request: Request,
    config: Config,
    outputs: OutputSet,
    found: Map,
    fitted: Sequence[FittedMap | FittedClasses],
    kept: Mapping[str, Layer],
    tags: Mapping[str, str],
    dtype: type[np.floating],
    progress: Progress,
) -> Iterator[PartFolder]:
    """Make every block of a map, and write its rasters.

    Parameters
    ----------
    request, config, outputs, found, fitted
        As of `map_blocks`.
    kept : mapping of str to Layer
        Each raster that is wanted, by its name; and without a name what else is kept.
    tags, dtype
        As of `PartFolder`.
    progress : Progress
        That of the map.

    Yields
    ------
    PartFolder
        All parts of the map.
    """
    ground, execution = found.ground, config.execution
    if ground is None:
        raise ValueError("A map of one block is made from its graph.")
    with ExitStack() as stack:
        folder = _folder(execution.resume, outputs, stack)
        settings = settings_of(request, config, found.graph.info.checksums)
        settings["side"] = max(found.blocks[0].shape)
        stored = (kept, settings, tags, dtype)
        sink = stack.enter_context(PartFolder(folder, found.graph.grid, *stored))
        sink.check_room(next(iter(outputs.paths.values())).parent if outputs.paths else folder)
        if execution.resume:  # what is left is made by the model that made the rest
            fitted = [
                load_fitted(sink.keep(f"{array_of(n, 'model')}.safetensors", one.save))
                for n, one in enumerate(fitted)
            ]
        workers, scheduler = execution.workers, execution.scheduler
        if isinstance(ground, Held):  # a graph at hand takes longer to hand out
            workers, scheduler = 0, ""
        state = BlockState(ground, tuple(fitted), config.uncertainty)
        work = _work(request, config, state, elsewhere=bool(workers or scheduler))
        with executor_for(workers, scheduler, progress) as executor:
            run_blocks(work, found.blocks, executor, sink, Part(progress, 0.0, 0.95))
        for number, name in enumerate(name for name in kept if name):
            progress.report(0.95 + 0.05 * number / len(kept), tr("Writing the results"))
            whole = outputs.scratch(name) / "whole.tif"
            sink.write(name, whole, progress)
            os.replace(whole, outputs.stage(name))
        yield sink


def _write_contours(
    config: Config,
    outputs: OutputSet,
    graph: GraphRawData,
    abouts: Sequence[About],
    planes: Iterable[NDArray[np.float64]],
) -> None:
    """Write the contours of the prediction of each target, if they are wanted."""
    if outputs.wants("contours"):
        surfaces = (
            Surface(about.target, plane, about.logarithmic) for about, plane in zip(abouts, planes)
        )
        grid, part = graph.grid, outputs.stage("contours")
        how = (config.output.contour_interval, graph.info.attribution)
        write_contours(part, grid.crs, grid.transform, surfaces, *how)


def _work(request: Request, config: Config, state: BlockState, elsewhere: bool) -> Work:
    """The work on every block; what does it elsewhere is told all, and must see the rasters."""
    at_hand = Work(work_of_blocks.__name__, {}, language=config.output.language, state=state)
    ground = state.ground
    if not elsewhere or isinstance(ground, Held):
        return at_hand
    sources = describe(Inputs.of(request, config.data), ground)
    described = {**sources, "uncertainty": dataclasses.asdict(config.uncertainty)}
    with tempfile.TemporaryDirectory(prefix="geohg-") as folder:
        path, files = Path(folder, "model.safetensors"), {}
        for number, fitted in enumerate(state.fitted):
            fitted.save(path)
            files[array_of(number, "model")] = path.read_bytes()
    return dataclasses.replace(
        at_hand, description=described, files=files, rasters=rasters_of(sources), state=None
    )


def _folder(resume: str, outputs: OutputSet, stack: ExitStack) -> Path:
    """Where the parts of the map are kept until it is written, or for the next run."""
    if resume:
        return Path(resume).absolute()
    first = next((name for name in outputs.paths if outputs.wants(name)), None)
    if first is not None:
        return outputs.scratch(first)
    return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="geohg-")))


def _precision(fitted: Sequence[FittedMap]) -> type[np.floating]:
    """That of rasters, as measured values need it."""
    left_out = [one.model.leave_one_out().anew for one in fitted]
    return np.result_type(*(float_type(found.mean, found.std) for found in left_out)).type


def _overview(
    sink: PartFolder,
    graph: GraphRawData,
    fitted: FittedMap,
    number: int,
    level: float,
    progress: Progress,
) -> Overview:
    """The map of a target thinned out, and what is counted of all its cells."""
    aside = sink.statistics(array_of(number, "aside"))
    count, cells = round(aside.mean * aside.valid), aside.valid - fitted.shared_with(graph)
    warn_of_means(count, cells, level, progress)
    share = sink.statistics(array_of(number, "applicable")).mean
    warn_of_applicability(share, progress)
    drawn, step = drawn_grid(graph.grid)
    mean, std = (sink.thinned(array_of(number, name), step) for name in ("mean", "std"))
    cell = np.flatnonzero(np.isfinite(mean))
    targets = {}
    if fitted.target in graph.targets:
        targets[fitted.target] = _measured(graph, fitted.target, drawn)[cell]
    thin = joined(drawn, cell, [], targets)
    thin = dataclasses.replace(thin, info=graph.info)
    return Overview(thin, mean.ravel()[cell], std.ravel()[cell], share)


def drawn_grid(grid: Grid) -> tuple[Grid, int]:
    """The coarser grid that a report draws, and how many cells of a map a side of its has."""
    step = -(-max(grid.rows, grid.cols) // _MOST_DRAWN)
    size = grid.cell_width * step, grid.cell_height * step
    shape = (len(range(step // 2, side, step)) for side in (grid.rows, grid.cols))
    return Grid(grid.crs, grid.left, grid.top, *size, *shape), step


def _measured(graph: GraphRawData, target: str, drawn: Grid) -> NDArray[np.float64]:
    """The mean of what was measured in each cell of a coarser grid; NaN where nothing was."""
    observed = graph.observed(target)
    xy = graph.geometry.centres(graph.cell[observed])
    number = drawn.locate(xy[:, 0], xy[:, 1])
    return cell_means(number, graph.target(target)[observed], drawn.size)
