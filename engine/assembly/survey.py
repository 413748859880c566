"""What a map needs to know of the whole of it, gathered block by block."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..config.schema import Config
from ..data.builders.blocks import Block
from ..data.builders.graph import GraphRawData
from ..data.builders.grid import Grid
from ..data.builders.squares import squares_of
from ..data.builders.surroundings import Whole
from ..data.draws import drawn
from ..data.sources.area import StudyArea
from ..data.sources.ground import Known, Source
from ..models.reading import Reading
from ..names import COVARIATE
from ..progress import Part, Progress
from ..validation.matching import MOST_CELLS
from .building import refuse_repeated
from .ground import Ground
from .seen import Seen
from .telling import Numbered, Once, Quiet
from .uncovered import Uncovered

Targets: TypeAlias = Callable[[NDArray[np.int64]], dict[str, NDArray[np.float64]]]


class Survey:
    """What is seen of a map, block by block.

    Parameters
    ----------
    grid : Grid
        The grid of the map.
    sources : mapping of int to Source
        Checked, by their number.
    area : StudyArea or None
        Where cells are wanted.
    observed : int64 array [n]
        The cells with a measured value, ascending.
    seed : int
        Of the draw of cells.
    """

    def __init__(
        self,
        grid: Grid,
        sources: Mapping[int, Source],
        area: StudyArea | None,
        observed: NDArray[np.int64],
        seed: int,
    ) -> None:
        self.numbers = tuple(sources)
        self.seen = [Seen(source) for source in sources.values()]
        self.seed = seed
        self.ground = Ground(grid, {}, area, observed, (), "float64", Whole(0), ())
        self.uncovered = Uncovered({}, 0, 0, 0)
        self.cells = 0
        self.sample: NDArray[np.int64] = np.empty(0, np.int64)
        self.rim: NDArray[np.int64] = np.empty(0, np.int64)

    @property
    def attribution(self) -> set[str]:
        """What the licences of the sources ask to be said."""
        return {each for seen in self.seen for each in seen.attribution}

    @property
    def fetched(self) -> list[str | Path]:
        """Files that were fetched."""
        return [path for seen in self.seen for path in seen.fetched]

    def add(self, block: Block, progress: Progress) -> None:
        """Look at the cells of a block."""
        whole, count = self.ground.grid, len(self.seen)
        grid, cell = block.window(whole), block.cells(whole)
        known: list[Known | None] = []
        covered: dict[int, NDArray[np.bool_]] = {}
        for number, seen in enumerate(self.seen):
            part = Part(progress, number / count, (number + 1) / count)
            known.append(found := seen.read(grid, part))
            if seen.source.covers:
                nothing = np.zeros(len(cell), bool)
                covered[number] = np.isfinite(found.values).any(axis=1) if found else nothing
        exists = self.ground.exists(cell, list(covered.values()))
        square = squares_of(whole, cell[exists])
        for seen, found in zip(self.seen, known):
            if found is not None:
                seen.add(found, exists, square)
        observed = self.ground.is_observed(cell)
        self.uncovered += Uncovered.of(covered, observed, self.ground.wanted(cell), exists)
        self.cells += int(exists.sum())
        self._draw(cell[exists], cell[exists & ~observed])

    def _draw(self, cell: NDArray[np.int64], unmeasured: NDArray[np.int64]) -> None:
        """Keep a draw of cells without a measurement, and those that reach farthest."""
        sample = np.concatenate([self.sample, unmeasured])
        self.sample = sample[drawn(sample, MOST_CELLS, self.seed)]
        rim = np.concatenate([self.rim, cell])
        if len(rim):
            ends = [at for line in np.divmod(rim, self.ground.grid.cols) for at in _ends(line)]
            self.rim = np.unique(rim[ends])

    def concluded(
        self,
        least: tuple[tuple[float, float], ...],
        progress: Progress,
        learnt: Mapping[int, tuple[str, ...]] = {},
    ) -> Ground:
        """The ground of the map; raises `InputError` for a source that has nothing in it.

        Of each source, by its number, a model may have `learnt` from some columns.
        """
        columns = [
            seen.concluded(self.ground.grid, progress, learnt.get(number))
            for number, seen in zip(self.numbers, self.seen)
        ]
        refuse_repeated([own.group for own in columns if own])
        every = zip(self.numbers, self.seen, columns)
        told = [(number, seen, own) for number, seen, own in every if own is not None]
        covariates = [
            seen.columns[key]
            for _, seen, own in told
            for key, kind in zip(own.keys, own.kinds)
            if kind == COVARIATE
        ]
        fine = all(column.moments["float64"].fine for column in covariates)
        precision = "float32" if fine else "float64"
        scales = {column.name: column.moments[precision].scale() for column in covariates}
        return dataclasses.replace(
            self.ground,
            sources={number: seen.source for number, seen, _ in told},
            columns=tuple(own for *_, own in told),
            precision=precision,
            whole=Whole(self.cells, scales),
            least=least,
        )


def _ends(line: NDArray[np.int64]) -> tuple[int, int]:
    return int(line.argmin()), int(line.argmax())


def survey(
    grid: Grid,
    blocks: Sequence[Block],
    sources: Mapping[int, Source],
    area: StudyArea | None,
    observed: NDArray[np.int64],
    config: Config,
    progress: Progress,
    learnt: Mapping[int, tuple[str, ...]] = {},
) -> tuple[Survey, Ground]:
    """Look at all blocks of a map, and conclude what its ground is.

    Of each source, by its number, a model may have `learnt` from some columns.

    Raises
    ------
    InputError
        If a source has nothing in the cells of the map.
    """
    told = Once(progress, 0.0, 1.0)
    found = Survey(grid, sources, area, observed, config.training.seed)
    for number, block in enumerate(blocks):
        found.add(block, Numbered(told, number, len(blocks)))
    ground = found.concluded(least_of(config), told, learnt)
    told.tell()
    if len(ground.sources) < len(sources):
        # What has the same value everywhere does not say which cells exist.
        return survey(grid, blocks, ground.sources, area, observed, config, progress)
    found.uncovered.tell({n: seen.title for n, seen in enumerate(found.seen)}, progress)
    return found, ground


def least_of(config: Config) -> tuple[tuple[float, float], ...]:
    """The shares up to which the area of applicability, or a model, takes them for 0."""
    reading = Reading.of(config.data)
    return tuple(dict.fromkeys([(0.0, 0.0), (reading.entity_thresh, reading.poi_thresh)]))


def gathered(
    blocks: Sequence[Block],
    ground: Ground,
    kept: NDArray[np.int64],
    targets: Targets,
    progress: Progress,
) -> GraphRawData:
    """The cells `kept` of a map, with what surrounds them, as one graph.

    Parameters
    ----------
    blocks : sequence of Block
        With their halo.
    ground : Ground
        What is known of them.
    kept : int64 array
        Ascending.
    targets : callable
        See `Ground.together`.
    progress : Progress
        Receives progress.
    """
    parts = []
    for number, block in enumerate(blocks):
        part = Quiet(Numbered(progress, number, len(blocks)), 0.0, 1.0)
        own = kept[block.holds(ground.grid, kept)]
        found = ground.read(block, part, own) if len(own) else None
        parts += [] if found is None else [found]
    return ground.together(parts, targets)
