"""Propagation over the graph: what lies around each cell, at several ranges.

A mean over a w x w window is (w - 1) / 2 hops of propagation along `near`; on a grid it is
a box sum, whose cost does not depend on w.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter

from .. import schema
from ..data.builders.graph import GraphRawData
from ..progress import Progress

WINDOWS = (1, 3, 5, 9, 15)


@dataclass(frozen=True)
class Neighbourhoods:
    """Features of every cell's surroundings.

    Parameters
    ----------
    x : float32 array [N, F]
        Window means; NaN where no cell of the window was measured.
    group : int64 array [F]
        The group of each column: columns of one kind in one window share a scale.
    names : tuple of str
        Name of each group, such as `landcover 3`.
    """

    x: NDArray[np.float32]
    group: NDArray[np.int64]
    names: tuple[str, ...]


def neighbourhoods(graph: GraphRawData, progress: Progress) -> Neighbourhoods:
    """Window means of all feature columns, in groups.

    Proportions enter by their square root, which sets small shares apart (Hellinger); those
    of POIs are first multiplied by the log of their number, since half of two POIs says less
    than half of two hundred. Every covariate is a group of its own, since units differ.
    """
    kinds = list(_kinds(graph))
    width = sum(values.shape[1] for _, values, _ in kinds) * len(WINDOWS)
    x = np.empty((len(graph.cell), width), dtype=np.float32)
    group = np.empty(width, dtype=np.int64)
    names: list[str] = []
    place = 0
    for number, (name, values, share) in enumerate(kinds):
        progress.report(number / len(kinds), "Propagating features")
        progress.check_cancelled()
        columns = place + np.arange(len(WINDOWS)) * values.shape[1]
        group[place : place + len(WINDOWS) * values.shape[1]] = np.repeat(
            len(names) + np.arange(len(WINDOWS)), values.shape[1]
        )
        names += [f"{name} {window}" for window in WINDOWS]
        for offset in range(values.shape[1]):
            means = window_means(graph, values[:, offset])
            x[:, columns + offset] = np.sqrt(np.maximum(means, 0.0)) if share else means
        place += len(WINDOWS) * values.shape[1]
    return Neighbourhoods(x, group, tuple(names))


def window_means(graph: GraphRawData, values: NDArray[np.floating]) -> NDArray[np.float64]:
    """Mean of `values` [N] over the measured cells of each window, shape [N, windows].

    NaN where a window holds no measured cell.
    """
    grid = graph.grid
    values = values.astype(np.float64)
    known = np.isfinite(values)
    total, count = np.zeros((2, grid.size))
    total[graph.cell[known]] = values[known]
    count[graph.cell[known]] = 1.0
    shape = (grid.rows, grid.cols)
    means = np.empty((len(values), len(WINDOWS)))
    for number, window in enumerate(WINDOWS):
        size = window_cells(graph, window)
        sums = uniform_filter(total.reshape(shape), size, mode="constant").ravel()[graph.cell]
        parts = uniform_filter(count.reshape(shape), size, mode="constant").ravel()[graph.cell]
        # Running sums leave rounding errors where there should be nothing.
        empty = parts < 0.5 / (size[0] * size[1])
        means[:, number] = np.where(empty, np.nan, sums / np.where(empty, 1.0, parts))
    return means


def window_cells(graph: GraphRawData, window: int) -> tuple[int, int]:
    """Rows and columns of a window, odd, about square on the ground."""
    width, height = graph.grid.cell_metres()
    side = window * np.sqrt(width * height)
    rows, cols = (2 * round((side / length - 1) / 2) + 1 for length in (height, width))
    return max(rows, 1), max(cols, 1)


def _kinds(graph: GraphRawData) -> Iterator[tuple[str, NDArray[np.float32], bool]]:
    """Name and columns of what forms a group, and whether they are proportions."""
    count = graph.features[:, graph.columns(schema.POI_COUNT)]
    weight = count if count.shape[1] else np.ones(1, dtype=np.float32)
    kinds = (
        (schema.LANDCOVER, graph.features[:, graph.columns(schema.LANDCOVER)], True),
        (schema.POI_SHARE, graph.features[:, graph.columns(schema.POI_SHARE)] * weight, True),
        (schema.POI_COUNT, count, False),
    )
    yield from (kind for kind in kinds if kind[1].shape[1])
    for column in graph.columns(schema.COVARIATE):
        yield graph.feature_names[column], graph.features[:, [column]], False
