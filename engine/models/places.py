"""Places with measured values: what is exactly at one place is one row of a model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ..data.builders.crs import Plane
from ..data.builders.graph import GraphRawData
from ..data.builders.readings import Readings
from ..data.transforms import TargetTransform
from .base import Prediction
from .scales import observed_values

Array = NDArray[np.float64]
Index = NDArray[np.int64]

# Steps in which the middle of a mean of readings is found; each leaves a few per cent.
_STEPS = 4
# So many places are asked about at once: memory does not grow with what lies between.
_AT_ONCE = 2**14


def completed(graph: GraphRawData, y: Array, cells: Index, readings: Readings | None) -> Readings:
    """The readings in some cells, and the mean of each other one of them, in its middle.

    Parameters
    ----------
    graph : GraphRawData
        Where the cells lie.
    y : float64 array [N]
        The mean of each cell of the graph; only `y[cells]` is read.
    cells : int64 array [n]
        As indices into `graph.cell`. The readings that are returned name them by their index here.
    readings : Readings or None
        Of the target, in these cells and others.
    """
    nothing = Readings(np.empty(0, np.int64), np.empty((0, 2)), np.empty(0))
    own = nothing if readings is None else readings.within(cells)
    bare = np.setdiff1d(np.arange(len(cells)), own.cell)
    middle = graph.geometry.centres(graph.cell[cells[bare]])
    mean = np.asarray(y, dtype=np.float64)[cells[bare]]
    return Readings(
        np.concatenate([own.cell, bare]),
        np.concatenate([own.xy, middle]),
        np.concatenate([own.value, mean]),
    )


@dataclass(frozen=True, eq=False)
class Places:
    """Where there are readings in some cells.

    Parameters
    ----------
    cell : int64 array [n]
        The cell of each place, as an index into the cells; ascending. Every cell has a place.
    position : float64 array [n, 2]
        On a plane.
    count : int64 array [n]
        How many readings there are at each.
    """

    cell: Index
    position: Array
    count: Index

    @classmethod
    def of(cls, readings: Readings, plane: Plane) -> tuple[Places, Index]:
        """Those of `completed` readings, in metres on a plane, and the place of each reading."""
        rows = np.column_stack([readings.cell, plane.metres(readings.xy)])
        found, place, count = np.unique(rows, axis=0, return_inverse=True, return_counts=True)
        position = found[:, 1:].astype(np.float64)
        return cls(found[:, 0].astype(np.int64), position, count), place.ravel()

    @classmethod
    def in_cells(
        cls, graph: GraphRawData, cells: Index, readings: Readings, plane: Plane
    ) -> Places:
        """Those of the readings in some cells, whose values are not read; see `completed`."""
        nothing = np.full(len(graph.cell), np.nan)
        return cls.of(completed(graph, nothing, cells, readings), plane)[0]

    @property
    def share(self) -> Array:
        """The share of the readings of its cell that each place has, shape [n]."""
        share: Array = self.count / np.bincount(self.cell, self.count)[self.cell]
        return share

    def means(self, place: Index, values: Array) -> Array:
        """The mean at each place [n] of the `values` [M] of readings at the places `place`."""
        found: Array = np.bincount(place, values) / self.count
        return found

    def cell_means(self, values: Array) -> Array:
        """The mean of the readings of each cell, of the `values` [n] of places."""
        found: Array = np.bincount(self.cell, self.share * values).astype(np.float64)
        return found

    def error(self, place: Index, values: Array) -> float:
        """Variance of readings around the mean at their place; arguments as of `means`.

        Infinite where no place has two: then nobody knows what of the nugget it is.
        """
        again = int((self.count - 1).sum())
        if not again:
            return np.inf
        return float(np.sum((values - self.means(place, values)[place]) ** 2)) / again


def scaled_places(
    graph: GraphRawData, y: Array, observed: Index, readings: Readings | None
) -> tuple[TargetTransform, Array, Places]:
    """The scale that no unit matters on, the mean reading at each place on it, and the places."""
    observed_values(y, observed)
    found = completed(graph, y, observed, readings)
    places, place = Places.of(found, graph.geometry.plane)
    values = places.means(place, found.value)
    transform = TargetTransform.exact(values)
    return transform, transform.forward(values), places


def nearest_elsewhere(position: Array, cell: Index, count: int) -> tuple[Array, Index]:
    """Distances and indices of the `count` places nearest to each in other cells, [n, count].

    Fewer where the largest cell leaves fewer.
    """
    parts = list(near_elsewhere(cKDTree(position), cell, count, np.arange(len(cell))))
    return np.concatenate([far for _, far, _ in parts]), np.concatenate([at for *_, at in parts])


def near_elsewhere(
    tree: cKDTree, cell: Index, count: int, asked: Index
) -> Iterator[tuple[Index, Array, Index]]:
    """As `nearest_elsewhere` of the places `asked` of a tree of all: some, and both of these."""
    total = len(cell)
    count = min(count, total - int(np.bincount(cell).max()))
    for start in range(0, len(asked), _AT_ONCE):
        own = asked[start : start + _AT_ONCE]
        distance, index = np.empty((len(own), count)), np.empty((len(own), count), np.int64)
        waiting, wanted = np.arange(len(own)), count + 1
        while len(waiting):
            wanted = min(wanted, total)
            far, near = tree.query(tree.data[own[waiting]], k=np.arange(1, wanted + 1))
            other = cell[near] != cell[own[waiting]][:, None]
            order = np.argsort(~other, axis=1, kind="stable")[:, :count]
            enough = other.sum(axis=1) >= count
            for filled, column in ((distance, far), (index, near)):
                filled[waiting[enough]] = np.take_along_axis(column, order, axis=1)[enough]
            waiting, wanted = waiting[~enough], 2 * wanted
        yield own, distance, index


def mean_of_readings(one: Prediction, spread: Array) -> Prediction:
    """A prediction of means of readings, from that of one reading.

    The mean is taken in the target's unit. Where the scale is curved, it is no mean on the scale,
    and what is expected of it is what is expected of one reading.

    Parameters
    ----------
    one : Prediction
        Of one new measurement in each cell.
    spread : float64 array [n]
        Deviation of the mean of the cell's readings, on the model's scale.
    """
    several = spread < one.spread
    if not several.any():
        return one
    location = one.location.copy()
    if one.transform.kind != "identity":
        goal = one.transform.forward(one.mean)
        for _ in range(_STEPS):
            reached = one.transform.moments(location, spread)[0]
            location += np.where(several, goal - one.transform.forward(reached), 0.0)
    return replace(one, location=location, spread=spread, single=one)
