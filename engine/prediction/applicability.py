"""Where a model can be trusted: the area of applicability.

After Meyer and Pebesma 2021 (Methods in Ecology and Evolution 12, 1620, doi
10.1111/2041-210X.13650): a cell is as dissimilar as the nearest cell that the model was
fitted to is far, and the model applies where a cell is no more dissimilar than the fitted
cells are to each other across the folds of a cross-validation.

Models here read two things, and each has its own index: what surrounds a cell, in the space
of the features (`windows.neighbourhoods`), and measured cells nearby, on the ground. The
larger of the two counts; a cell without land cover, where others have it, lies outside. Every
group of features weighs the same, whether a model made much of it or not: weights from a model
would let a cell pass whose land cover the model never saw, since what does not vary among the
fitted cells has no weight there. The mean distance between fitted cells, by which the paper
divides, cancels out where an index is told as a multiple of its threshold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ..data.builders.graph import GraphRawData
from ..data.builders.surroundings import Neighbourhoods
from ..errors import FileFormatError
from ..language import tr
from ..models.distances import DistanceTo
from ..models.windows import group_moments, neighbourhoods
from ..names import LANDCOVER
from ..progress import Progress, chunks

Array = NDArray[np.float64]
Rows = NDArray[np.float32]

_FOLDS = 5
# Fitted cells that others are compared with in the space of features; drawn where there are more.
_MOST = 2000
_CHUNK = 16384
# What does not vary among the fitted cells varies by this share of its unit.
_LEAST_SHARE = 1e-3
# The least index of a cell without land cover: it lies outside.
_OUTSIDE = 1.01
_NAMES = ("centre", "scale", "rows", "xy", "reach")


@dataclass(frozen=True)
class Applicability:
    """The area of applicability of a model, from its training cells.

    Parameters
    ----------
    centre, scale : float array [F]
        Scaling of the feature columns, which gives every group a variance of one. The last
        columns mark groups without values.
    rows : float32 array [m, F]
        Scaled features of training cells.
    xy : float64 array [n, 2]
        Centres of the training cells, in their CRS.
    reach : float64 array [2]
        The thresholds of dissimilarity: in feature space, and in metres.
    """

    centre: NDArray[np.floating]
    scale: NDArray[np.floating]
    rows: Rows
    xy: Array
    reach: Array

    @cached_property
    def fitted(self) -> DistanceTo:
        """How far graphs' cells are from the training cells: each block of a map asks for it."""
        return DistanceTo(self.xy)

    @classmethod
    def learn(
        cls, graph: GraphRawData, fitted: NDArray[np.int64], progress: Progress
    ) -> Applicability:
        """Learn from the training cells, as indices into `graph.cell`."""
        rng = np.random.default_rng(0)
        fold = rng.permutation(len(fitted)) % _FOLDS
        chosen = np.sort(rng.permutation(len(fitted))[:_MOST])
        around = neighbourhoods(graph, progress)
        x = _columns(around, fitted[chosen])
        centre, scale = _scales(x, around)
        rows = ((x - centre) * scale).astype(np.float32)
        xy = graph.geometry.centres(graph.cell[fitted])
        positions = graph.geometry.plane.metres(xy)
        apart = [_across(rows, fold[chosen]), _across(positions, fold)]
        # On the ground, the next cell is never too far.
        least = np.array([np.finfo(np.float32).eps, np.hypot(*graph.geometry.cell_metres())])
        reach = np.maximum([_whisker(distance) for distance in apart], least)
        return cls(centre, scale, rows, xy, reach)

    def index(self, graph: GraphRawData, progress: Progress) -> Array:
        """Dissimilarity of each cell, shape [N]: how different it is from the training cells.

        0 is the same; above 1 is outside the area of applicability.

        Raises
        ------
        FileFormatError
            If the graph's features are others than those of the fitted cells.
        """
        around = neighbourhoods(graph, progress)
        if around.x.shape[1] + len(around.names) != len(self.centre):
            raise FileFormatError(
                tr(
                    "The area of applicability was learnt from {learnt} columns of features, this "
                    "graph gives {given}; build the graph from the same kinds of data."
                ).format(learnt=len(self.centre), given=around.x.shape[1] + len(around.names))
            )
        index = self.fitted.distance(graph) / self.reach[1]
        every = np.arange(len(graph.cell))
        for part in chunks(len(every), _CHUNK, progress, tr("Computing the area of applicability")):
            x = (_columns(around, every[part]) - self.centre) * self.scale
            x = x.astype(np.float32, copy=False)
            index[part] = np.maximum(index[part], _nearest(x, self.rows) / self.reach[0])
        bare = np.isnan(graph.features[:, graph.columns(LANDCOVER)]).any(axis=1)
        index[bare] = np.maximum(index[bare], _OUTSIDE)
        return index

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What `from_arrays` needs."""
        return {f"applicability.{name}": getattr(self, name) for name in _NAMES}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Applicability | None:
        """The same from a file; None where it has none."""
        if "applicability.xy" not in arrays:
            return None
        return cls(*(arrays[f"applicability.{name}"] for name in _NAMES))


def is_inside(index: Array) -> NDArray[np.bool_]:
    """Whether each cell is inside the area, by its index."""
    inside: NDArray[np.bool_] = index <= 1
    return inside


def _columns(around: Neighbourhoods, cells: NDArray[np.int64]) -> NDArray[np.floating]:
    """Features of cells, and which groups of them are missing; missing ones are NaN still."""
    x = around.x[cells]
    lost = np.isnan(x)
    missing = [lost[:, around.group == group].any(axis=1) for group in range(len(around.names))]
    return np.column_stack([x, *missing]).astype(x.dtype)


def _scales(
    x: NDArray[np.floating], around: Neighbourhoods
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Mean of each of the columns, and the scale that gives each group a variance of one.

    What was not measured of a group is a group of its own.
    """
    count = len(around.names)
    group = np.concatenate([around.group, count + np.arange(count)])
    unit = np.concatenate([around.unit, np.ones(count)])
    centre, variance = group_moments(x, group, unit)
    scale = (1 / np.sqrt(np.maximum(variance, _LEAST_SHARE**2)))[group] / unit
    return centre.astype(x.dtype), scale.astype(x.dtype)


def _across(points: NDArray[np.floating], fold: NDArray[np.int64]) -> Array:
    """Distance of each point to the nearest one of another fold, shape [n]."""
    distance = np.full(len(points), np.inf)
    for number in np.unique(fold):
        own = fold == number
        if not own.all():
            distance[own] = _nearest(points[own], points[~own])
    return distance


def _nearest(points: NDArray[np.floating], others: NDArray[np.floating]) -> Array:
    """Distance of each point to the nearest of the others; what is missing is in the middle."""
    if points.shape[1] == 0:
        return np.zeros(len(points))
    points, others = np.nan_to_num(points), np.nan_to_num(others)
    if points.shape[1] <= 2:
        distance: Array = cKDTree(others).query(points)[0]
        return distance
    from sklearn.metrics import pairwise_distances_argmin

    near = others[pairwise_distances_argmin(points, others)]
    return np.sqrt(np.square(points.astype(np.float64) - near).sum(axis=1))


def _whisker(distance: Array) -> float:
    """Q3 + 1.5 (Q3 - Q1), at most the largest; 0 where none is apart.

    Cells that equal another tell nothing of how far is far: they do not count.
    """
    apart = distance[np.isfinite(distance) & (distance > 0)]
    if len(apart) == 0:
        return 0.0
    low, high = np.quantile(apart, [0.25, 0.75])
    return float(min(high + 1.5 * (high - low), apart.max()))
