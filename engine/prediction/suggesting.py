"""Where to measure next: the cells whose measurement would make the map the most certain.

Each is the one that lowers the sum of the variances of all cells most, given those before it: the
criterion of Cohn (1996), "Neural network exploration using optimal experiment design", Neural
Networks 9, for a Gaussian process (Seo et al. 2000). A measurement lowers the variance of cells
around it by their correlation, so that those that follow lie elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..config.schema import Config
from ..data.builders.crs import longitude_latitude
from ..data.builders.graph import GraphRawData
from ..data.draws import drawn
from ..errors import InputError
from ..language import tr
from ..models.base import knowing_together
from ..progress import Part, Progress
from .fitted import FittedMap

Array = NDArray[np.float64]

MOST_SUGGESTED = 20
"""So many cells are named."""
# So many cells, drawn evenly, stand for a map of more: what is kept of them grows by their square.
_MOST_CELLS = 1500
_TINY = float(np.finfo(np.float64).tiny)


@dataclass(frozen=True)
class Suggested:
    """Cells where a measurement would tell most, the first the most.

    Parameters
    ----------
    cells : int64 array [n]
        As indices into the cells of the graph.
    std : float64 array [n]
        Standard deviation of a new measurement there, in the target's unit.
    gain : float64 array [n]
        By what share of the variance of the whole map each lowers it, beside those before it.
    """

    cells: NDArray[np.int64]
    std: Array
    gain: Array

    @classmethod
    def of(
        cls, fitted: FittedMap, graph: GraphRawData, config: Config, progress: Progress
    ) -> Suggested:
        """Those of a map, among its cells without a measurement; of many, of an even draw.

        Raises
        ------
        InputError
            If every cell has a measurement, or the model knows no correlation of cells.
        """
        model = knowing_together(fitted.model)
        free = np.setdiff1d(np.arange(len(graph.cell)), graph.observed(fitted.target))
        if not len(free):
            raise InputError(
                tr("Every cell has a measurement, so none is left to measure; use smaller cells.")
            )
        cells = free[drawn(graph.cell[free], _MOST_CELLS, config.training.seed)]
        xy = graph.geometry.centres(graph.cell[cells])
        level, part = config.uncertainty.level, Part(progress, 0.0, 0.3)
        std = fitted.at(graph, cells, xy, level, part)[1]
        part = Part(progress, 0.3, 1.0)
        correlation = next(iter(model.correlations(graph, part, [cells])))
        order, gain = choose(correlation * std[:, None] * std, _area(graph, xy), MOST_SUGGESTED)
        return cls(cells[order], std[order], gain)


def choose(covariance: Array, area: Array, most: int) -> tuple[NDArray[np.int64], Array]:
    """The measurements that lower the summed variance most, one after the other, and by what share.

    What a measurement tells of its own cell does not count: the cells stand for many others.

    Parameters
    ----------
    covariance : float64 array [n, n]
        Of new measurements in cells.
    area : float64 array [n]
        Weight of each cell.
    most : int
        How many are chosen, where there are as many.
    """
    left = covariance.copy()
    total = float(area @ left.diagonal()) or 1.0
    chosen: list[int] = []
    gains: list[float] = []
    for _ in range(min(most, len(left))):
        own = np.maximum(left.diagonal(), _TINY)
        gain = (np.square(left).T @ area - area * own**2) / own
        gain[chosen] = -1.0
        best = int(gain.argmax())
        chosen.append(best)
        gains.append(max(float(gain[best]), 0.0) / total)
        left -= np.outer(left[best], left[best]) / own[best]
    return np.array(chosen, dtype=np.int64), np.array(gains)


def _area(graph: GraphRawData, xy: Array) -> Array:
    """The area of cells on the ground, up to a factor."""
    crs = graph.geometry.pyproj_crs
    if not crs.is_geographic:
        return np.ones(len(xy))
    area: Array = np.cos(np.radians(longitude_latitude(xy, crs)[:, 1]))
    return area
