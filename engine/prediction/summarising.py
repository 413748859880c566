"""The cells of a map, summarised by polygons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..data.builders.graph import GraphRawData
from ..data.builders.grid import Grid
from ..data.draws import choose
from ..data.sources.polygons import CellsInside
from ..errors import InputError
from ..language import tr
from ..models.base import KnowsTogether, Model, knowing_together
from ..progress import Progress
from .together import MOST_CELLS, Drawn, Spread

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Asked:
    """What is asked of each polygon.

    Parameters
    ----------
    statistic : str
        `mean` or `total` of its cells.
    level : float
        Share of such values that the intervals should contain.
    thresholds : sequence of float
        Values, in the target's unit, of which the probability of exceeding each is asked.
    """

    statistic: str = "mean"
    level: float = 0.9
    thresholds: Sequence[float] = ()


def checked(model: Model, graph: GraphRawData) -> KnowsTogether:
    """The model, which must know how cells go together; the graph must be on a grid.

    Raises
    ------
    InputError
        Naming what to use instead.
    """
    known = knowing_together(model)
    if not isinstance(graph.geometry, Grid):
        raise InputError(
            tr(
                "The graph's {cells} cells have no grid, so that nobody knows which lie in a "
                "polygon; use a graph on a grid."
            ).format(cells=len(graph.cell))
        )
    return known


class CellWeights:
    """How much each cell counts in the mean or total of each polygon.

    Parameters
    ----------
    grid : Grid
        The grid.
    cell : int64 array [N]
        The cells of the map.
    inside : CellsInside
        Those of each polygon.
    statistic : str
        `mean` or `total`.

    Attributes
    ----------
    numbers : list of int
        The polygons that have cells.
    weight : dict of int to float64 array [m]
        By polygon, of its cells; their sum is 1.
    factor : float64 array [n]
        By what a weighted mean is multiplied: 1, or the number of cells in the polygon.
    """

    def __init__(
        self, grid: Grid, cell: NDArray[np.int64], inside: CellsInside, statistic: str
    ) -> None:
        self.numbers = [number for number, cells in enumerate(inside.cells) if len(cells)]
        self.factor = np.ones(len(inside.cells))
        self.weight: dict[int, Array] = {}
        total = statistic == "total"
        for number in self.numbers:
            share = inside.shares[number]
            if total:
                self.factor[number] = share.sum()
            else:
                share = share * _size(grid, cell[inside.cells[number]])
            self.weight[number] = share / share.sum()

    def mean(self, inside: CellsInside, values: NDArray) -> Array:
        """The weighted mean of the cells' values [N] in each polygon; NaN without cells."""
        found: Array = np.full(len(inside.cells), np.nan)
        for number in self.numbers:
            found[number] = self.weight[number] @ values[inside.cells[number]]
        return found


def draw(
    model: KnowsTogether,
    graph: GraphRawData,
    inside: CellsInside,
    weights: CellWeights,
    drawn: Drawn,
    asked: Asked,
    progress: Progress,
) -> tuple[Array, dict[float, Array]]:
    """Deviation and interval of each polygon [3, n], and its chances of exceeding thresholds."""
    limits = np.array(list(dict.fromkeys(asked.thresholds)), dtype=np.float64)
    chosen = {}
    for number in weights.numbers:
        row, col = np.divmod(graph.cell[inside.cells[number]], graph.grid.cols)
        chosen[number] = choose(row, col, weights.weight[number], MOST_CELLS)
    wanted = [inside.cells[number][some] for number, (some, _) in chosen.items()]
    moments = np.full((3, len(inside.cells)), np.nan)
    above = np.full((len(limits), len(inside.cells)), np.nan)
    spreads = {}
    for number, together in zip(chosen, model.correlations(graph, progress, wanted)):
        own = (inside.cells[number], weights.weight[number], chosen[number], together)
        factor = weights.factor[number]
        spreads[number] = found = drawn.spread(*own, asked.level, limits / factor)
        moments[:, number] = np.array([found.std, found.lower, found.upper]) * factor
        above[:, number] = found.above
    _tell(spreads, inside, progress)
    return moments, dict(zip(limits.tolist(), above))


def _size(grid: Grid, cell: NDArray[np.int64]) -> Array:
    """Areas of cells in one unit: in a geographic CRS they are smaller towards the poles."""
    if not grid.pyproj_crs.is_geographic:
        return np.ones(len(cell))
    radians = grid.pyproj_crs.axis_info[0].unit_conversion_factor
    found: Array = np.cos(grid.centres(cell)[:, 1] * radians)
    return found


def _tell(spreads: dict[int, Spread], inside: CellsInside, progress: Progress) -> None:
    """Say how far deviations of large polygons may be off, which some of their cells tell."""
    doubts = [each.doubt for n, each in spreads.items() if len(inside.cells[n]) > MOST_CELLS]
    if doubts:
        progress.log(
            tr(
                "{count} polygons have more than {most} cells; the deviation of each is that of "
                "{most} cells all over it. Two halves of these cells say that it is off by "
                "{typical:.1f} % on average, and by {worst:.1f} % at the most."
            ).format(
                count=len(doubts),
                most=MOST_CELLS,
                typical=100 * float(np.mean(doubts)),
                worst=100 * max(doubts),
            )
        )
