"""Distances between cells: where they lie in metres, and which are near."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ..data.builders.crs import Plane
from ..data.builders.graph import GraphRawData


def cell_positions(
    graph: GraphRawData, cells: NDArray[np.int64] | None = None, plane: Plane | None = None
) -> NDArray[np.float64]:
    """Middles of the graph's cells in metres on a local plane, shape [n, 2].

    Of `cells`, indices into `graph.cell`, or all; on the graph's own plane, or another
    one in the same CRS.
    """
    chosen = graph.cell if cells is None else graph.cell[cells]
    return (plane or graph.geometry.plane).metres(graph.geometry.centres(chosen))


class DistanceTo:
    """Distances to some places; the tree of these is kept for the next graph on the same plane.

    Parameters
    ----------
    xy : float64 array [n, 2]
        The places, in the CRS of the graphs.
    """

    def __init__(self, xy: NDArray[np.float64]) -> None:
        self.xy = xy
        self._tree: tuple[Plane, cKDTree] | None = None

    def distance(self, graph: GraphRawData) -> NDArray[np.float64]:
        """From every cell of a graph to the nearest place, in metres."""
        plane = graph.geometry.plane
        if self._tree is None or self._tree[0] != plane:
            self._tree = plane, cKDTree(plane.metres(self.xy))
        found: NDArray[np.float64] = self._tree[1].query(cell_positions(graph))[0]
        return found


def distance_to(
    graph: GraphRawData, known: NDArray[np.int64], cells: NDArray[np.int64] | None = None
) -> NDArray[np.float64]:
    """From each of `cells`, or every cell, to the nearest of `known`, in metres."""
    tree = cKDTree(cell_positions(graph, known))
    found: NDArray[np.float64] = tree.query(cell_positions(graph, cells))[0]
    return found


def distance_between(graph: GraphRawData, cells: NDArray[np.int64]) -> NDArray[np.float64]:
    """From each of `cells` to the nearest other of them, in metres; at least two are needed."""
    positions = cell_positions(graph, cells)
    return nearest(cKDTree(positions), positions, 1, skip_self=True)[0][:, 0]


def spacing(graph: GraphRawData) -> float:
    """The usual distance between neighbouring cells, in metres: the unit of distances."""
    return math.sqrt(math.prod(graph.geometry.cell_metres()))


def nearest(
    tree: cKDTree, positions: NDArray[np.float64], count: int, skip_self: bool = False
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Distances and indices of the `count` nearest points of `tree`, both [N, count].

    With `skip_self`, `positions` are the tree's own points in their order, and no point
    is its own neighbour. Fewer are returned where the tree has fewer.
    """
    extra = int(skip_self)
    wanted = min(count + extra, tree.n)
    distance, index = tree.query(positions, k=np.arange(1, wanted + 1))
    if not skip_self:
        return distance, index
    # Points that coincide may come in any order: the point itself is not always first.
    own = index == np.arange(len(positions))[:, None]
    own[~own.any(axis=1), -1] = True
    shape = (len(positions), wanted - 1)
    return distance[~own].reshape(shape), index[~own].reshape(shape)
