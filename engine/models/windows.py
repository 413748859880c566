"""Propagation over the graph: what lies around each cell, at several ranges.

A mean over a w x w window is that over all cells within (w - 1) / 2 hops along `near`; on a
grid it is a box sum, whose cost does not depend on w.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ..data.builders.graph import GraphRawData
from ..data.builders.grid import Grid
from ..data.builders.squares import Moments, squares_of
from ..data.builders.surroundings import Neighbourhoods, box_sums
from ..language import tr
from ..names import CARRIED, COVARIATE, LANDCOVER, MEASURED, POI_COUNT, POI_SHARE
from ..progress import Progress, Silent
from .reading import EVERYTHING, Reading

WINDOWS = (1, 3, 5, 9, 15)
# Steps that one hop more may take a cell where cells lie on no grid; the widest window of a
# grid takes 1,521.
_MOST_STEPS = 2000

Averager = Callable[[NDArray[np.float64]], NDArray[np.float64]]


_KNOWN: WeakKeyDictionary[GraphRawData, dict[Reading, Neighbourhoods]] = WeakKeyDictionary()


def neighbourhoods(
    graph: GraphRawData, progress: Progress, reading: Reading = EVERYTHING
) -> Neighbourhoods:
    """Window means of the feature columns that are read, in groups.

    Proportions enter by their square root, which sets small shares apart (Hellinger); those
    of POIs are first multiplied by the log of their number, since half of two POIs says less
    than half of two hundred. Covariates of one source, such as the bands of a raster, are one
    group; each is first divided by its deviation, since units differ. Carried ones and those
    known at places enter as they are, without the cells around.

    They are kept as long as the graph is: a run fits and predicts several times. A graph of some
    cells of a map brings them.
    """
    known = _KNOWN.setdefault(graph, {})
    if reading not in known:
        brought = graph.whole.around if graph.whole else {}
        if brought:
            own = brought[reading.entity_thresh, reading.poi_thresh]
            known[reading] = _chosen(own, reading.features(graph))
        else:
            known[reading] = surroundings(graph, progress, reading)
    return known[reading]


def surroundings(
    graph: GraphRawData,
    progress: Progress,
    reading: Reading,
    cells: NDArray[np.int64] | None = None,
) -> Neighbourhoods:
    """As `neighbourhoods`, of `cells` alone if they are given, worked out anew and not kept."""
    return _propagate(reading.features(graph), progress, cells=cells)


def _chosen(brought: Neighbourhoods, read: GraphRawData) -> Neighbourhoods:
    """Those columns of what a graph brings that tell of the features that are read of it."""
    kinds = {name for name, *_ in _kinds(read)}
    alone = {*read.grouped(CARRIED, MEASURED)}
    names = tuple(
        name for name in brought.names if name in alone or name.rpartition(" ")[0] in kinds
    )
    if names == brought.names:
        return brought
    number = {name: new for new, name in enumerate(names)}
    group = np.array([number.get(name, -1) for name in brought.names], np.int64)[brought.group]
    kept = np.flatnonzero(group >= 0)
    return Neighbourhoods(brought.x[:, kept], group[kept], names, brought.unit[kept])


def covariate_columns(read: GraphRawData, around: Neighbourhoods) -> NDArray[np.int64]:
    """The columns of `around` that tell of covariates of the features that are read."""
    covariates = {*read.grouped(CARRIED, MEASURED)}
    covariates |= {f"{name} {window}" for name in read.grouped(COVARIATE) for window in WINDOWS}
    told = np.isin(np.array(around.names, dtype=object), list(covariates))
    return np.flatnonzero(told[around.group])


def keep_neighbourhoods(graph: GraphRawData, changed: GraphRawData) -> None:
    """Let `changed` keep what surrounds the cells of `graph`, but for the columns that differ.

    Its cells may lie elsewhere, too. The window means of most columns need not be taken again.
    """
    _KNOWN[changed] = {
        reading: _propagate(reading.features(changed), Silent(), (reading.features(graph), known))
        for reading, known in _KNOWN.get(graph, {}).items()
    }


def _propagate(
    graph: GraphRawData,
    progress: Progress,
    like: tuple[GraphRawData, Neighbourhoods] | None = None,
    cells: NDArray[np.int64] | None = None,
) -> Neighbourhoods:
    """Window means of all columns; those of a graph with the same columns, where they are equal."""
    rows = slice(None) if cells is None else cells
    kinds = list(_kinds(graph))
    before = list(_kinds(like[0])) if like else kinds
    alone = graph.grouped(CARRIED, MEASURED)
    spread = sum(values.shape[1] for _, values, *_ in kinds) * len(WINDOWS)
    shape = len(graph.cell[rows]), spread + sum(map(len, alone.values()))
    x = like[1].x.copy() if like else np.empty(shape, dtype=graph.features.dtype)
    group = np.empty(x.shape[1], dtype=np.int64)
    names: list[str] = []
    units = np.ones(x.shape[1])
    start = 0
    averages, covariates = functools.cache(averager), graph.grouped(COVARIATE)
    for number, (name, values, share, own_unit) in enumerate(kinds):
        progress.report(number / len(kinds), tr("Propagating features"))
        width = values.shape[1]
        columns = start + np.arange(len(WINDOWS)) * width
        end = start + len(WINDOWS) * width
        group[start:end] = np.repeat(len(names) + np.arange(len(WINDOWS)), width)
        names += [f"{name} {window}" for window in WINDOWS]
        for offset in range(width):
            progress.check_cancelled()
            middle, unit = _scale_of(graph, covariates[name][offset]) if own_unit else (0.0, 1.0)
            units[columns + offset] = unit
            if like and np.array_equal(values[:, offset], before[number][1][:, offset], True):
                continue
            # Running sums of large numbers would lose what they differ by.
            means = averages(graph)(values[:, offset].astype(np.float64) - middle)[rows] + middle
            x[:, columns + offset] = np.sqrt(np.maximum(means, 0.0)) if share else means
        start = end
    for name, own in alone.items():
        end = start + len(own)
        x[:, start:end] = graph.features[rows, :][:, own]
        group[start:end] = len(names)
        names.append(name)
        units[start:end] = [_scale_of(graph, column)[1] for column in own]
        start = end
    return Neighbourhoods(x, group, tuple(names), units)


def group_moments(
    x: NDArray[np.floating], group: NDArray[np.int64], unit: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The mean of each column [F], and the variance of each group, in squares of their units.

    That is the sum over the group's columns; arguments as of `Neighbourhoods`.
    """
    x = x.astype(np.float64)
    known = np.isfinite(x)
    count = np.maximum(known.sum(axis=0), 1)
    centre = np.where(known, x, 0.0).sum(axis=0) / count
    away = np.where(known, x - centre, 0.0) / unit
    variance = np.bincount(group, (away**2).sum(axis=0) / count).astype(np.float64)
    return centre, variance


def _scale_of(graph: GraphRawData, column: np.int64) -> tuple[float, float]:
    """Mean and deviation of a covariate in the map; see `Moments.scale`."""
    known = graph.whole.scales if graph.whole else {}
    return known.get(graph.feature_names[column]) or _scale_in(graph, column)


def _scale_in(graph: GraphRawData, column: np.int64) -> tuple[float, float]:
    moments = Moments()
    square: NDArray[np.int64] = np.zeros(len(graph.cell), np.int64)
    if isinstance(graph.geometry, Grid):
        square = squares_of(graph.geometry, graph.cell)
    moments.add(square, graph.features[:, column].astype(np.float64))
    return moments.scale()


def scales_of(graph: GraphRawData) -> dict[str, tuple[float, float]]:
    """Mean and deviation of every covariate, by the name of its column."""
    columns = graph.columns(COVARIATE, CARRIED, MEASURED)
    return {graph.feature_names[column]: _scale_in(graph, column) for column in columns}


def averager(graph: GraphRawData) -> Averager:
    """Takes `values` [N], NaN where not measured, to the mean of each window [N, windows].

    NaN where a window holds no measured cell. The window of w is the w x w cells around a
    cell; where cells lie on no grid, those within (w - 1) / 2 steps along `near`, which on a
    grid are the same.
    """
    if isinstance(graph.geometry, Grid):
        return Boxes(graph)
    return functools.partial(reach_means, reaches(graph))


def box_means(graph: GraphRawData, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """By box sums over a grid; see `averager`."""
    return Boxes(graph)(values)


class Boxes:
    """Means over boxes of the cells of a graph on a grid; see `averager`.

    They do not depend on what else the graph holds.
    """

    def __init__(self, graph: GraphRawData) -> None:
        row, col = np.divmod(graph.cell, graph.grid.cols)
        self.row, self.col = row - row.min(), col - col.min()
        self.sizes = [window_cells(graph, window) for window in WINDOWS]
        self.known: NDArray[np.bool_] = np.zeros(len(row), bool)
        self.counts: list[NDArray[np.float64]] = [np.zeros(len(row))] * len(WINDOWS)

    def __call__(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        known = np.isfinite(values)
        if not np.array_equal(known, self.known):
            self.known, self.counts = known, self._sums(known.astype(np.float64))
        means = np.empty((len(values), len(WINDOWS)))
        for number, (sums, count) in enumerate(
            zip(self._sums(np.where(known, values, 0.0)), self.counts)
        ):
            means[:, number] = np.where(count > 0, sums / np.maximum(count, 1.0), np.nan)
        return means

    def _sums(self, values: NDArray[np.float64]) -> list[NDArray[np.float64]]:
        plane = np.zeros((self.row.max() + 1, self.col.max() + 1))
        plane[self.row, self.col] = values
        return [box_sums(plane, size)[self.row, self.col] for size in self.sizes]


def reaches(graph: GraphRawData) -> list[csr_array]:
    """Which cells each cell reaches along `near`, one matrix [N, N] of ones a window.

    Where cells have so many neighbours that a window would hold thousands, it holds
    what the one before it does.
    """
    count = len(graph.cell)
    source, goal = graph.near
    own = np.arange(count)
    ends = (np.concatenate([goal, own]), np.concatenate([source, own]))
    step = _ones(csr_array((np.ones(len(ends[0]), np.float32), ends), shape=(count, count)))
    reached = csr_array((np.ones(count, np.float32), (own, own)), shape=(count, count))
    neighbours = np.diff(step.indptr)
    found, hops = [], 0
    for window in WINDOWS:
        while hops < (window - 1) // 2 and neighbours[reached.indices].sum() <= _MOST_STEPS * count:
            reached, hops = _ones(reached @ step), hops + 1
        found.append(reached)
    return found


def reach_means(reached: list[csr_array], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """By products with sparse matrices; see `averager`."""
    known = np.isfinite(values)
    both = np.column_stack([np.where(known, values, 0.0), known])
    means = np.empty((len(values), len(reached)))
    for number, matrix in enumerate(reached):
        total, count = (matrix @ both).T
        means[:, number] = np.where(count > 0, total / np.maximum(count, 1.0), np.nan)
    return means


def _ones(matrix: csr_array) -> csr_array:
    matrix.sum_duplicates()
    matrix.data[:] = 1.0
    return matrix


def window_cells(graph: GraphRawData, window: int) -> tuple[int, int]:
    """Rows and columns of a window, odd, about square on the ground."""
    return cells_of_window(graph.grid, window)


def cells_of_window(grid: Grid, window: int) -> tuple[int, int]:
    """Rows and columns of a window of a grid; see `window_cells`."""
    width, height = grid.cell_metres()
    side = window * np.sqrt(width * height)
    rows, cols = (2 * round((side / length - 1) / 2) + 1 for length in (height, width))
    return max(rows, 1), max(cols, 1)


def halo_of(grid: Grid) -> tuple[int, int]:
    """Rows and columns around a block that the widest window of its cells reaches."""
    rows, cols = cells_of_window(grid, max(WINDOWS))
    return rows // 2, cols // 2


def _kinds(graph: GraphRawData) -> Iterator[tuple[str, NDArray[np.floating], bool, bool]]:
    """Name and columns of what forms a group; whether they are proportions, or have a unit."""
    count = graph.features[:, graph.columns(POI_COUNT)]
    weight = count if count.shape[1] else np.ones(1, dtype=np.float32)
    kinds = (
        (LANDCOVER, graph.features[:, graph.columns(LANDCOVER)], True, False),
        (
            POI_SHARE,
            graph.features[:, graph.columns(POI_SHARE)] * weight,
            True,
            False,
        ),
        (POI_COUNT, count, False, False),
    )
    yield from (kind for kind in kinds if kind[1].shape[1])
    for group, columns in graph.grouped(COVARIATE).items():
        yield group, graph.features[:, columns], False, True
    for kind in graph.zone_kinds:
        yield kind, graph.features[:, graph.columns(kind)], True, False
