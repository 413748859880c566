"""A first look at data: how values are spread, how far they are alike, what rasters cover."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ..data.builders.graph import GraphRawData
from ..data.sources.points import Points
from ..data.sources.positions import name_rows
from ..models.distances import cell_positions, nearest
from ..models.kriging import OrdinaryKriging
from ..models.scales import learn_transform
from ..progress import Silent

Array = NDArray[np.float64]

# So many spreads of the middle half beyond it, values lie far out (Tukey 1977).
_FAR_OUT = 3.0
# Exponential variograms reach 95 % of their sill at so many lengths: the practical range.
_PRACTICAL = 3.0


@dataclass(frozen=True)
class Spread:
    """How the values of a target are spread over its points.

    Parameters
    ----------
    count : int
        Points with a value.
    quantiles : tuple of float
        Least value, quartiles, and greatest value.
    mean, skewness : float
        Skewness is the third standardised moment: 0 is even, above 1 many values are small and a
        few large.
    places, again : int
        Positions with a value, and points that share theirs with an earlier one.
    differing : int
        Positions whose points have different values.
    far : int
        Points farther from the middle half than three times its width.
    rows : str
        Where these stand, such as `row 7`; empty for none.
    """

    count: int
    quantiles: tuple[float, ...]
    mean: float
    skewness: float
    places: int
    again: int
    differing: int
    far: int
    rows: str

    @classmethod
    def of(cls, points: Points, target: str) -> Spread:
        """Of the values of a target at points."""
        known = np.isfinite(points.values[target])
        values, xy = points.values[target][known], points.xy[known]
        low, _, high = np.quantile(values, [0.25, 0.5, 0.75])
        width = _FAR_OUT * (high - low)
        far = (values < low - width) | (values > high + width) if high > low else values != values
        place = np.unique(xy, axis=0, return_inverse=True)[1].ravel()
        least, most = np.full((2, place.max() + 1), np.nan)
        np.fmin.at(least, place, values)
        np.fmax.at(most, place, values)
        scaled = (values - values.mean()) / values.std()
        rows = None if points.rows is None else points.rows[known]
        return cls(
            count=len(values),
            quantiles=tuple(np.quantile(values, [0, 0.25, 0.5, 0.75, 1]).tolist()),
            mean=float(values.mean()),
            skewness=float((scaled**3).mean()),
            places=len(least),
            again=len(values) - len(least),
            differing=int((most > least).sum()),
            far=int(far.sum()),
            rows=name_rows(rows, np.flatnonzero(far)) if far.any() else "",
        )


@dataclass(frozen=True)
class Reach:
    """How far values are alike, by the variogram of the observed cells.

    Parameters
    ----------
    metres : float
        The practical range of the exponential variogram, at most the extent of the cells.
    unshared : float
        Half the mean squared difference of measured cells and the nearest other, as a share of the
        variance: what the neighbour does not tell. About 1 where it tells nothing.
    scale : str
        The scale that the model would take: `identity`, or one that makes the values more even.
    """

    metres: float
    unshared: float
    scale: str

    @classmethod
    def of(cls, graph: GraphRawData, target: str, transform: str, bounds: Any) -> Reach:
        """Of the observed cells of a graph; the last two are options of the model."""
        y, observed = graph.target(target), graph.observed(target)
        length = OrdinaryKriging().fit(graph, y, observed, Silent()).variogram_[2]
        positions, values = cell_positions(graph, observed), y[observed]
        near = nearest(cKDTree(positions), positions, 1, skip_self=True)[1][:, 0]
        unshared = np.square(values - values[near]).mean() / 2 / values.var()
        # A variogram that rises to the end has no range that can be told.
        longest = float(np.hypot(*np.ptp(positions, axis=0)))
        kind = learn_transform(transform, values, positions, bounds).kind
        return cls(min(_PRACTICAL * float(length), longest), float(unshared), kind)


@dataclass(frozen=True)
class Size:
    """The size of a map, and what it costs.

    Parameters
    ----------
    cells, observed, blocks : int
        Cells, those with a measurement, and blocks in which the map is made.
    cell : str
        The size of a cell in words.
    width, suits : float
        Its width, and that which suits the points, in the unit of the CRS.
    gigabytes, seconds : float
        About how much memory and time a map with its report takes.
    crs : str
        The name of the CRS.
    """

    cells: int
    observed: int
    blocks: int
    cell: str
    width: float
    suits: float
    gigabytes: float
    seconds: float
    crs: str


@dataclass(frozen=True)
class Coverage:
    """What one source tells: the share of all cells, and of the observed ones, that it knows."""

    name: str
    kind: str
    columns: int
    cells: float
    observed: float


def coverage_of(graph: GraphRawData, target: str) -> tuple[Coverage, ...]:
    """What each source of a graph tells of its cells."""
    observed, found = graph.observed(target), []
    groups = np.array(graph.feature_groups, dtype=object)
    for name in dict.fromkeys(graph.feature_groups):
        columns = np.flatnonzero(groups == name)
        known = np.isfinite(graph.features[:, columns]).any(axis=1)
        kind = graph.feature_kinds[columns[0]]
        shares = float(known.mean()), float(known[observed].mean())
        found.append(Coverage(name, kind, len(columns), *shares))
    return tuple(found)
