"""What is known of the ground, read block by block into parts of one graph."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..data.builders.blocks import Block
from ..data.builders.graph import GraphRawData
from ..data.builders.grid import Grid
from ..data.builders.surroundings import Neighbourhoods, Whole
from ..data.sources.area import StudyArea
from ..data.sources.ground import Known, Source, read_part
from ..errors import OutsideError
from ..models.reading import Reading
from ..models.windows import surroundings
from ..names import COVARIATE
from ..progress import Part, Progress
from .building import Beside, joined
from .rows import Rows

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Columns:
    """The columns that one source has in a map.

    Parameters
    ----------
    group, names, kinds, covers, keys
        See `Known`; the keys are those of `Known.order`.
    """

    group: str
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    covers: bool
    keys: tuple[Any, ...]

    def of(self, known: Known | None, size: int) -> Known:
        """What a source knows of `size` cells, in these columns.

        Of a class or a zone that it does not name, a cell has a share of 0, where it has any.
        """
        shares = COVARIATE not in self.kinds
        values = np.full((size, len(self.keys)), np.nan if self.covers or not shares else 0.0)
        if known is not None:
            there = np.isfinite(known.values).any(axis=1) if self.covers else np.ones(size, bool)
            if shares:
                values[there] = 0.0
            column = {key: number for number, key in enumerate(known.order)}
            for number, key in enumerate(self.keys):
                if key in column:
                    values[:, number] = known.values[:, column[key]]
        return Known(self.group, self.names, self.kinds, values, self.covers, keys=self.keys)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Columns:
        """Restore from `dataclasses.asdict`, as JSON has it."""
        keys = tuple(tuple(key) if isinstance(key, list) else key for key in stored["keys"])
        parts = {**stored, "names": tuple(stored["names"]), "kinds": tuple(stored["kinds"])}
        return cls(**{**parts, "keys": keys})


@dataclass(frozen=True, eq=False)
class Ground:
    """What is known of the cells of a map, read block by block.

    Parameters
    ----------
    grid : Grid
        The grid of the map.
    sources : mapping of int to Source
        Checked, by their number among those that were given.
    area : StudyArea or None
        Where cells are wanted; everywhere if None.
    observed : int64 array [n]
        The cells with a measured value, ascending.
    columns : tuple of Columns
        Of each source, in the whole map.
    precision : str
        That of features: `float32` or `float64`.
    whole : Whole
        The map.
    least : tuple of (float, float)
        The shares of land cover and of POIs up to which a model, or the area of applicability,
        takes them for 0.
    """

    grid: Grid
    sources: Mapping[int, Source]
    area: StudyArea | None
    observed: NDArray[np.int64]
    columns: tuple[Columns, ...]
    precision: str
    whole: Whole
    least: tuple[tuple[float, float], ...]

    def read(
        self, block: Block, progress: Progress, kept: NDArray[np.int64] | None = None
    ) -> GraphRawData | None:
        """The cells of a block, and what surrounds them.

        Parameters
        ----------
        block : Block
            With a halo as wide as the widest window.
        progress : Progress
            Receives progress and messages.
        kept : int64 array, optional
            The cells to keep of it, ascending; all by default.

        Returns
        -------
        GraphRawData or None
            Without targets; None where no such cell exists.
        """
        wide = block.wide(self.grid)
        known = self._known(wide.window(self.grid), Part(progress, 0.0, 0.6))
        cell = wide.cells(self.grid)
        covers = [np.isfinite(each.values).any(axis=1) for each in known if each.covers]
        exists = self.exists(cell, covers)
        own = block.holds(self.grid, cell)
        if kept is not None:
            own &= np.isin(cell, kept, assume_unique=True)
        if not (exists & own).any():
            return None
        around_too = joined(self.grid, cell[exists], _rows(known, exists), {}, whole=self.whole)
        index = np.flatnonzero(own[exists])
        ends = np.linspace(0.6, 1.0, len(self.least) + 1).tolist()
        around = {
            least: surroundings(around_too, Part(progress, *of), Reading("all", *least), index)
            for least, *of in zip(self.least, ends, ends[1:])
        }
        whole = dataclasses.replace(self.whole, around=around)
        both = exists & own
        return joined(self.grid, cell[both], _rows(known, both), {}, whole=whole)

    def unknown(self, cell: NDArray[np.int64]) -> GraphRawData:
        """Some cells of the map, ascending, of which nothing is known yet."""
        known = [own.of(None, len(cell)) for own in self.columns]
        nothing = [
            dataclasses.replace(each, values=np.full_like(each.values, np.nan)) for each in known
        ]
        return joined(self.grid, cell, nothing, {}, whole=self.whole)

    def together(
        self,
        parts: Sequence[Rows],
        targets: Callable[[NDArray[np.int64]], dict[str, NDArray[np.float64]]],
    ) -> GraphRawData:
        """The cells that were kept of several blocks, as one graph.

        Parameters
        ----------
        parts : sequence of Rows
            At least one.
        targets : callable
            Takes cells to the values that were measured in them.
        """
        cell = np.concatenate([part.cell for part in parts])
        order = np.argsort(cell)
        features = np.concatenate([part.features for part in parts])[order]
        ends = np.cumsum([len(own.names) for own in self.columns])[:-1]
        known = [
            Known(own.group, own.names, own.kinds, values, own.covers)
            for own, values in zip(self.columns, np.split(features, ends, axis=1))
        ]
        around = {
            least: _stacked([part.around[number] for part in parts], order)
            for number, least in enumerate(self.least)
        }
        whole = dataclasses.replace(self.whole, around=around)
        return joined(self.grid, cell[order], known, targets(cell[order]), whole=whole)

    def describe(self) -> dict[str, Any]:
        """What `of` needs beside the sources, as JSON."""
        return {
            "grid": self.grid.describe(),
            "sources": list(self.sources),
            "columns": [dataclasses.asdict(own) for own in self.columns],
            "precision": self.precision,
            "cells": self.whole.cells,
            "scales": dict(self.whole.scales),
            "least": list(self.least),
        }

    @classmethod
    def of(
        cls,
        described: Mapping[str, Any],
        sources: Sequence[Source],
        area: StudyArea | None,
        observed: NDArray[np.int64],
    ) -> Ground:
        """The ground that `describe` told of, of all the sources that were given."""
        scales = {name: (middle, unit) for name, (middle, unit) in described["scales"].items()}
        return cls(
            Grid(**described["grid"]),
            {number: sources[number] for number in described["sources"]},
            area,
            observed,
            tuple(Columns.from_dict(own) for own in described["columns"]),
            described["precision"],
            Whole(described["cells"], scales),
            tuple((land, poi) for land, poi in described["least"]),
        )

    def exists(self, cell: NDArray[np.int64], covers: Sequence[Bools]) -> Bools:
        """Which of some cells the map has; see `build_graph`.

        `covers` says which cells each of the sources covers that say so.
        """
        wanted = self.wanted(cell)
        if not covers:
            return wanted
        found = wanted & np.logical_or.reduce([self.is_observed(cell), *covers])
        others = np.flatnonzero(wanted & ~found)
        found[others] = self._beside.holds(cell[others])
        return found

    def wanted(self, cell: NDArray[np.int64]) -> Bools:
        """Which of some cells lie in the study area."""
        return self.area.holds(self.grid, cell) if self.area else np.ones(len(cell), bool)

    def is_observed(self, cell: NDArray[np.int64]) -> Bools:
        """Which of some cells, each once, have a measured value."""
        first, last = np.searchsorted(self.observed, (cell.min(), cell.max() + 1))
        found: Bools = np.isin(cell, self.observed[first:last], assume_unique=True)
        return found

    @cached_property
    def _beside(self) -> Beside:
        return Beside.of(self.grid, self.observed)

    def _known(self, grid: Grid, progress: Progress) -> list[Known]:
        """What each source knows of the cells of a window, in the columns of the map."""
        count = len(self.sources)
        found = []
        for number, (source, own) in enumerate(zip(self.sources.values(), self.columns)):
            part = Part(progress, number / count, (number + 1) / count)
            try:
                read = read_part(source, grid, part)
            except OutsideError:
                read = None
            known = own.of(read, grid.size)
            values = known.values.astype(self.precision, copy=False)
            found.append(dataclasses.replace(known, values=values))
        return found


def _rows(known: Sequence[Known], rows: Bools) -> list[Known]:
    return [dataclasses.replace(each, values=each.values[rows]) for each in known]


def _stacked(parts: Sequence[Neighbourhoods], order: NDArray[np.int64]) -> Neighbourhoods:
    x = np.concatenate([part.x for part in parts])[order]
    return dataclasses.replace(parts[0], x=x)
