"""What a map needs to know of the whole of it, put together from what is seen of its blocks."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..data.builders.blocks import Block
from ..data.builders.grid import Grid
from ..data.builders.squares import squares_of
from ..data.builders.surroundings import Whole
from ..data.draws import drawn
from ..data.sources.ground import Known, read_part
from ..errors import OutsideError
from ..executors.work import Arrays, Notes, as_array, of_array
from ..names import COVARIATE
from ..progress import Part, Progress
from ..validation.matching import MOST_CELLS
from .building import refuse_repeated
from .ground import Ground
from .seen import PRECISIONS, Seen
from .uncovered import Uncovered

_NO_CELLS: NDArray[np.int64] = np.empty(0, np.int64)


@dataclass
class Survey:
    """What was seen of some blocks of a map; what is joined of many does not depend on their order.

    Parameters
    ----------
    seen : dict of int to Seen
        Of each source, by its number.
    uncovered : Uncovered
        What rasters leave out.
    cells : int
        How many cells there are.
    sample : int64 array
        Cells without a measured value, ascending: all, or a draw of them.
    rim : int64 array
        The cells that reach farthest, ascending.
    notes : tuple of (str, str)
        What reading told; see `Outcome`.
    """

    seen: dict[int, Seen] = field(default_factory=dict)
    uncovered: Uncovered = field(default_factory=lambda: Uncovered({}, 0, 0, 0))
    cells: int = 0
    sample: NDArray[np.int64] = field(default_factory=lambda: _NO_CELLS)
    rim: NDArray[np.int64] = field(default_factory=lambda: _NO_CELLS)
    notes: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, ground: Ground, block: Block, seed: int, progress: Progress) -> Survey:
        """Of one block of a ground whose columns are not known yet; `seed` is that of the draw."""
        grid, cell, count = ground.grid, block.cells(ground.grid), len(ground.sources)
        notes = Notes(lambda done: progress.report(done, ""), progress.check_cancelled)
        known: dict[int, Known] = {}
        seen: dict[int, Seen] = {}
        for place, (number, source) in enumerate(ground.sources.items()):
            part = Part(notes, place / count, (place + 1) / count)
            try:
                known[number] = read_part(source, block.window(grid), part)
            except OutsideError as error:
                seen[number] = Seen(error=str(error))
        covered = {
            number: np.isfinite(known[number].values).any(axis=1)
            if number in known
            else np.zeros(len(cell), bool)
            for number, source in ground.sources.items()
            if source.covers
        }
        exists = ground.exists(cell, list(covered.values()))
        square = squares_of(grid, cell[exists])
        seen |= {number: Seen.of(own, exists, square) for number, own in known.items()}
        observed = ground.is_observed(cell)
        uncovered = Uncovered.of(covered, observed, ground.wanted(cell), exists)
        sample = _drawn(cell[exists & ~observed], seed)
        rim = _farthest(cell[exists], grid)
        return cls(seen, uncovered, int(exists.sum()), sample, rim, tuple(notes.messages))

    def join(self, other: Survey, grid: Grid, seed: int) -> None:
        """Add what was seen of other blocks, but for what reading told."""
        for number, own in other.seen.items():
            self.seen.setdefault(number, Seen()).join(own)
        self.uncovered += other.uncovered
        self.cells += other.cells
        self.sample = _drawn(np.union1d(self.sample, other.sample), seed)
        self.rim = _farthest(np.union1d(self.rim, other.rim), grid)

    def arrays(self) -> Arrays:
        """All of it as arrays by their names, as executors take them."""
        described = {
            "seen": [(number, own.describe()) for number, own in self.seen.items()],
            "bare": list(self.uncovered.bare.items()),
            "counts": [self.uncovered.beside, self.uncovered.empty, self.uncovered.wanted],
            "cells": self.cells,
            "notes": self.notes,
        }
        found: Arrays = {"described": as_array(described), "sample": self.sample, "rim": self.rim}
        for number, own in self.seen.items():
            for place, column in enumerate(own.columns.values()):
                for kind, moments in column.moments.items():
                    found |= {f"{number} {place} {kind}": part for part in moments.parts}
        return found

    @classmethod
    def of_arrays(cls, arrays: Arrays) -> Survey:
        """The survey of one block from its `arrays`."""
        described = of_array(arrays["described"])
        seen = {number: Seen.of_described(own) for number, own in described["seen"]}
        for number, own in seen.items():
            for place, column in enumerate(own.columns.values()):
                for kind in PRECISIONS:
                    part = arrays.get(f"{number} {place} {kind}")
                    column.moments[kind].parts += [] if part is None else [part]
        uncovered = Uncovered(dict(described["bare"]), *described["counts"])
        notes = tuple((kind, text) for kind, text in described["notes"])
        return cls(seen, uncovered, described["cells"], arrays["sample"], arrays["rim"], notes)

    @property
    def attribution(self) -> set[str]:
        """What the licences of the sources ask to be said."""
        return {each for seen in self.seen.values() for each in seen.attribution}

    @property
    def fetched(self) -> list[str]:
        """Files that were fetched."""
        return [path for seen in self.seen.values() for path in seen.fetched]

    def concluded(
        self,
        ground: Ground,
        progress: Progress,
        learnt: Mapping[int, tuple[str, ...]],
    ) -> Ground:
        """The ground with its columns; raises `InputError` for a source that has nothing in it.

        Of each source, by its number, a model may have `learnt` from some columns.
        """
        columns = {
            number: self.seen[number].concluded(source, ground.grid, progress, learnt.get(number))
            for number, source in ground.sources.items()
        }
        known = {number: own for number, own in columns.items() if own is not None}
        refuse_repeated([own.group for own in known.values()])
        covariates = [
            self.seen[number].columns[key]
            for number, own in known.items()
            for key, kind in zip(own.keys, own.kinds)
            if kind == COVARIATE
        ]
        fine = all(column.moments["float64"].fine for column in covariates)
        precision = "float32" if fine else "float64"
        scales = {column.name: column.moments[precision].scale() for column in covariates}
        return dataclasses.replace(
            ground,
            sources={number: ground.sources[number] for number in known},
            columns=tuple(known.values()),
            precision=precision,
            whole=Whole(self.cells, scales),
        )


def _drawn(cell: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """As many of some cells as a fit compares with those that were measured."""
    return cell[drawn(cell, MOST_CELLS, seed)]


def _farthest(cell: NDArray[np.int64], grid: Grid) -> NDArray[np.int64]:
    """The first of some cells, ascending, that reach farthest to each side."""
    if not len(cell):
        return cell
    ends = [at for line in np.divmod(cell, grid.cols) for at in (line.argmin(), line.argmax())]
    return np.unique(cell[ends])
