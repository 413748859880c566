"""A graph that is at hand, read block by block as what is known of the ground is."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..data.builders.blocks import Block
from ..data.builders.graph import GraphRawData, Links
from ..data.builders.grid import Grid
from ..data.builders.surroundings import Whole
from ..models.reading import Reading
from ..models.windows import scales_of, surroundings
from ..progress import Progress
from .building import NONE_NEAR


@dataclass(frozen=True, eq=False)
class Held:
    """A graph with all cells of a map.

    Parameters
    ----------
    graph : GraphRawData
        On a grid.
    least : tuple of (float, float)
        See `Ground`.
    """

    graph: GraphRawData
    least: tuple[tuple[float, float], ...]

    @property
    def grid(self) -> Grid:
        """The grid of the map."""
        return self.graph.grid

    def read(self, block: Block, progress: Progress) -> GraphRawData | None:
        """The cells of a block, and what surrounds them; see `Ground.read`."""
        grid, cell = self.grid, self.graph.cell
        wide = np.flatnonzero(block.wide(grid).holds(grid, cell))
        own = np.flatnonzero(block.holds(grid, cell[wide]))
        if len(own) == 0:
            return None
        around_too = self._part(wide, self._whole)
        around = {
            each: surroundings(around_too, progress, Reading("all", *each), own)
            for each in self.least
        }
        return self._part(wide[own], dataclasses.replace(self._whole, around=around))

    @cached_property
    def _whole(self) -> Whole:
        return Whole(len(self.graph.cell), scales_of(self.graph))

    def _part(self, cells: NDArray[np.int64], whole: Whole) -> GraphRawData:
        """Some cells of the graph, without what was measured in them."""
        nothing = np.empty((2, 0), np.int64), np.empty(0, np.float32)
        return dataclasses.replace(
            self.graph,
            cell=self.graph.cell[cells],
            features=self.graph.features[cells],
            near=NONE_NEAR,
            hypernodes={
                kind: Links(links.names, *nothing) for kind, links in self.graph.hypernodes.items()
            },
            targets={},
            readings={},
            whole=whole,
        )
