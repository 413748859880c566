"""The passes over the blocks of a map that a fit needs, wherever an executor has them made."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..config.schema import Config
from ..data.builders.blocks import Block
from ..data.builders.graph import GraphRawData
from ..data.builders.grid import Grid
from ..data.builders.surroundings import Whole
from ..data.sources.area import StudyArea
from ..data.sources.classes import WorldCover
from ..data.sources.ground import Source
from ..executors.here import InProcess
from ..executors.running import InOrder, run_blocks
from ..executors.work import Arrays, Executor, Work
from ..language import tr
from ..progress import Progress
from .elsewhere import describe, ground_of, rasters_of
from .ground import Ground
from .inputs import Inputs
from .messages import Named, Once, Quiet
from .rows import Rows
from .survey import Survey

Targets: TypeAlias = Callable[[NDArray[np.int64]], dict[str, NDArray[np.float64]]]


@dataclass(frozen=True, eq=False)
class Look:
    """What is looked for in every block.

    Parameters
    ----------
    ground : Ground
        The map; in a survey its columns are not known yet.
    seed : int
        Of the draw of cells.
    kept : int64 array, optional
        The cells whose surroundings are gathered, ascending; without any, blocks are surveyed.
    """

    ground: Ground
    seed: int
    kept: NDArray[np.int64] | None = None


def load_state(description: Mapping[str, Any]) -> Look:
    """What is looked for, as another process is told; see `Work`."""
    cells = {
        name: np.load(io.BytesIO(data), allow_pickle=False)
        for name, data in description["files"].items()
    }
    ground = ground_of(description, cells["observed"])
    return Look(ground, description["seed"], cells.get("kept"))


def make_block(look: Look, block: Block, progress: Progress) -> Arrays:
    """What is seen of a block, as arrays; none where it holds nothing that is looked for."""
    ground, kept = look.ground, look.kept
    if kept is None:
        return Survey.of(ground, block, look.seed, progress).arrays()
    own = kept[block.holds(ground.grid, kept)]
    graph = ground.read(block, Quiet(progress, 0.0, 1.0), own)
    return {} if graph is None else Rows.of(graph).arrays()


@dataclass(frozen=True, eq=False)
class Passes:
    """What a fit needs of a map of several blocks, or of one.

    Parameters
    ----------
    inputs : Inputs
        What the map is made of.
    config : Config
        Its options.
    least : tuple of (float, float)
        See `Ground`.
    blocks : sequence of Block
        All of the map, with their halo.
    executor : Executor
        Where they are looked at.
    """

    inputs: Inputs
    config: Config
    least: tuple[tuple[float, float], ...]
    blocks: Sequence[Block]
    executor: Executor

    def survey(
        self,
        grid: Grid,
        sources: Mapping[int, Source],
        area: StudyArea | None,
        observed: NDArray[np.int64],
        progress: Progress,
        learnt: Mapping[int, tuple[str, ...]] = {},
    ) -> tuple[Survey, Ground]:
        """Look at all blocks, and conclude what the ground of the map is.

        Parameters
        ----------
        grid : Grid
            The grid of the map.
        sources : mapping of int to Source
            Checked, by their number among those of the inputs.
        area : StudyArea or None
            Where cells are wanted.
        observed : int64 array [n]
            The cells with a measured value, ascending.
        progress : Progress
            Receives progress and messages.
        learnt : mapping of int to tuple of str
            Of each source, the columns that a model was trained with, if there is one.

        Raises
        ------
        InputError
            If a source has nothing in the cells of the map.
        """
        whole, once, seed = Survey(), Once(progress, 0.0, 1.0), self.config.training.seed
        ground = Ground(grid, sources, area, observed, (), "float64", Whole(0), self.least)

        def take(arrays: Arrays) -> None:
            found = Survey.of_arrays(arrays)
            for kind, text in found.notes:
                (once.warning if kind == "warning" else once.log)(text)
            whole.join(found, grid, seed)

        step = Named(once, 0.0, 1.0, tr("Looking at the ground"))
        # By the checksums of what is fetched, which lies where it was read, a run is known.
        fetched = any(isinstance(source, WorldCover) for source in sources.values())
        self._run(Look(ground, seed), self.blocks, InProcess() if fetched else None, take, step)
        found = whole.concluded(ground, once, learnt)
        once.pass_on()
        if len(found.sources) < len(sources):
            # What has the same value everywhere does not say which cells exist.
            return self.survey(grid, found.sources, area, observed, progress)
        whole.uncovered.warn({number: seen.title for number, seen in whole.seen.items()}, progress)
        return whole, found

    def gather(
        self, ground: Ground, kept: NDArray[np.int64], targets: Targets, progress: Progress
    ) -> GraphRawData:
        """Some cells of the map, with what surrounds them, as one graph.

        Parameters
        ----------
        ground : Ground
            What is known of the map.
        kept : int64 array
            The cells, ascending.
        targets : callable
            See `Ground.together`.
        progress : Progress
            Receives progress.
        """
        rows: list[Rows] = []

        def take(arrays: Arrays) -> None:
            rows.extend([Rows.of_arrays(arrays)] if arrays else [])

        blocks = [block for block in self.blocks if block.holds(ground.grid, kept).any()]
        step = Named(progress, 0.0, 1.0, tr("Reading what surrounds measured cells"))
        self._run(Look(ground, self.config.training.seed, kept), blocks, None, take, step)
        return ground.together(rows, targets)

    def _run(
        self,
        look: Look,
        blocks: Sequence[Block],
        executor: Executor | None,
        take: Callable[[Arrays], None],
        progress: Progress,
    ) -> None:
        """Look at blocks, and take what is seen of each in their order."""
        described = describe(self.inputs, look.ground)
        cells = {"observed": look.ground.observed, "kept": look.kept}
        files = {name: _as_bytes(own) for name, own in cells.items() if own is not None}
        work = Work(
            __name__,
            {**described, "seed": look.seed},
            files,
            rasters_of(described),
            self.config.output.language,
            look,
        )
        run_blocks(work, blocks, executor or self.executor, InOrder(blocks, take), progress)


def _as_bytes(cells: NDArray[np.int64]) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, cells, allow_pickle=False)
    return buffer.getvalue()
