"""What all models share: where cells lie, which are near, and checks of their input."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ..data.builders.crs import Plane
from ..data.builders.graph import GraphRawData
from ..data.transforms import TargetTransform
from ..errors import FileFormatError, FitError
from ..language import tr

# Inverse distance weighting of so many shows on which scale values are predicted best.
_NEIGHBOURS = 12


def cell_positions(
    graph: GraphRawData, cells: NDArray[np.int64] | None = None, plane: Plane | None = None
) -> NDArray[np.float64]:
    """Middles of the graph's cells in metres on a local plane, shape [n, 2].

    Of `cells`, indices into `graph.cell`, or all; on the graph's own plane, or another
    one in the same CRS.
    """
    chosen = graph.cell if cells is None else graph.cell[cells]
    return (plane or graph.places.plane).metres(graph.places.centres(chosen))


def distance_to(
    graph: GraphRawData, known: NDArray[np.int64], cells: NDArray[np.int64] | None = None
) -> NDArray[np.float64]:
    """From each of `cells`, or every cell, to the nearest of `known`, in metres."""
    tree = cKDTree(cell_positions(graph, known))
    found: NDArray[np.float64] = tree.query(cell_positions(graph, cells))[0]
    return found


def distance_between(graph: GraphRawData, cells: NDArray[np.int64]) -> NDArray[np.float64]:
    """From each of `cells` to the nearest other of them, in metres; at least two are needed."""
    places = cell_positions(graph, cells)
    return nearest(cKDTree(places), places, 1, skip_self=True)[0][:, 0]


def spacing(graph: GraphRawData) -> float:
    """The usual distance between neighbouring cells, in metres: the unit of distances."""
    return math.sqrt(math.prod(graph.places.cell_metres()))


def observed_values(
    y: NDArray[np.float64], observed: NDArray[np.int64], least: int = 2
) -> NDArray[np.float64]:
    """The values at the observed cells, checked.

    Raises
    ------
    FitError
        If there are fewer than `least`, or one is not a finite number.
    """
    values = np.asarray(y, dtype=np.float64)[observed]
    if len(values) < least:
        raise FitError(
            tr(
                "Only {cells} cells have a measured value, at least {least} are needed; add "
                "points or make the cells smaller."
            ).format(cells=len(values), least=least)
        )
    if not np.isfinite(values).all():
        missing = int((~np.isfinite(values)).sum())
        raise FitError(
            tr("{missing} of the observed cells have no finite value; leave them out.").format(
                missing=missing
            )
        )
    return values


def scaled_values(
    y: NDArray[np.float64], observed: NDArray[np.int64]
) -> tuple[TargetTransform, NDArray[np.float64]]:
    """The scale that no unit matters on, and the observed values on it; see `observed_values`."""
    values = observed_values(y, observed)
    transform = TargetTransform.exact(values)
    return transform, transform.forward(values)


def learn_transform(
    kind: str, values: NDArray[np.float64], places: NDArray[np.float64]
) -> TargetTransform:
    """The scale to model the values on; `auto` is the one on which neighbours tell most.

    Parameters
    ----------
    kind : str
        `auto`, or a kind of `TargetTransform`.
    values : float64 array [n]
        At the observed cells, in the target's unit.
    places : float64 array [n, 2]
        The observed cells, in metres.
    """
    if kind != "auto":
        return TargetTransform.learn(values, kind)
    distance, index = nearest(cKDTree(places), places, _NEIGHBOURS, skip_self=True)
    weight = 1 / distance**2
    weight /= weight.sum(axis=1, keepdims=True)
    return TargetTransform.choose(values, lambda z: (weight * z[index]).sum(axis=1))


def nearest(
    tree: cKDTree, places: NDArray[np.float64], count: int, skip_self: bool = False
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Distances and indices of the `count` nearest points of `tree`, both [N, count].

    With `skip_self`, `places` are the tree's own points in their order, and no point
    is its own neighbour. Fewer are returned where the tree has fewer.
    """
    extra = int(skip_self)
    wanted = min(count + extra, tree.n)
    distance, index = tree.query(places, k=np.arange(1, wanted + 1))
    if not skip_self:
        return distance, index
    # Points in one place may come in any order: the point itself is not always first.
    own = index == np.arange(len(places))[:, None]
    own[~own.any(axis=1), -1] = True
    shape = (len(places), wanted - 1)
    return distance[~own].reshape(shape), index[~own].reshape(shape)


def check_kind(header: Mapping[str, Any], kind: str) -> None:
    """Refuse the state of another model.

    Raises
    ------
    FileFormatError
        If `header` is of another kind than `kind`.
    """
    if header.get("kind") != kind:
        raise FileFormatError(
            tr("The model file holds '{got}', expected '{kind}'.").format(
                got=header.get("kind"), kind=kind
            )
        )
