"""Grids of cities that have no place on Earth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...errors import InputError
from ...language import tr
from ..builders.grid import Grid

Array = NDArray[np.float64]

# The files give rows and columns of cells of one kilometre, and no place on Earth.
CITY_CRS = 'LOCAL_CS["City grid",UNIT["metre",1],AXIS["East",EAST],AXIS["North",NORTH]]'
_CELL_METRES = 1000.0
# A grid has no more rows or columns than these and so many of each of its cells.
_LEAST_ROWS, _ROWS_OF_CELL = 1000, 10
# Positions lie on a grid if they are off it by no more cells than this, and fill so much of it.
_OFF_GRID, _LEAST_FILLED = 0.02, 0.1
# Positions are the same if they differ by no more of the whole than this.
_SAME = 1e-6


def grid_from_south(
    row: NDArray[np.int64], col: NDArray[np.int64], path: Path
) -> tuple[Grid, NDArray[np.int64]]:
    """A grid of kilometres without a place on Earth, and the cell of each row and column.

    Raises
    ------
    InputError
        If a row or column of the file `path` is negative, or so large that the grid is empty
        but for its edge.
    """
    for name, indices in (("row", row), ("col", col)):
        if indices.min() < 0 or indices.max() > _LEAST_ROWS + _ROWS_OF_CELL * len(indices):
            wrong = indices.min() if indices.min() < 0 else indices.max()
            raise InputError(
                tr(
                    "'{path}' has a cell in {name} {wrong}, far from the others of its {cells} "
                    "cells; correct it."
                ).format(path=path, name=name, wrong=wrong, cells=len(indices))
            )
    rows, cols = int(row.max()) + 1, int(col.max()) + 1
    grid = Grid(CITY_CRS, 0.0, rows * _CELL_METRES, _CELL_METRES, _CELL_METRES, rows, cols)
    return grid, (rows - 1 - row) * cols + col


def unplaced(
    ids: NDArray[np.object_], x: Array, y: Array, path: Path
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows from the south and columns from the west of positions without a CRS.

    x runs along the columns, unless the ids count the cells row by row with x the row, as in
    the public cities.

    Raises
    ------
    InputError
        If they lie on no grid.
    """
    col, row = _steps(x), _steps(y)
    if col is None or row is None or _is_sparse(col, x, row, y):
        raise InputError(
            tr(
                "'{path}' has x and y on no grid: 'city.json' must give their CRS, such as "
                "{example}."
            ).format(path=path, example='{"places": {"crs": "EPSG:4326"}}')
        )
    if all(map(str.isdecimal, ids)):
        order = np.argsort([int(number) for number in ids])
        if _one_way(col[order]) and not _one_way(row[order]):
            return col, row
    return row, col


def _steps(values: Array) -> NDArray[np.int64] | None:
    """Which step of a grid each position lies on, from 0; None if there is no such grid."""
    extent = np.ptp(values)
    gaps = np.diff(np.unique(values))
    gaps = gaps[gaps > _SAME * extent]
    if not len(gaps):
        return np.zeros(len(values), dtype=np.int64)
    for gap in (gaps.min(), np.median(gaps)):
        steps = (values - values.min()) / (extent / np.rint(extent / gap))
        whole: NDArray[np.int64] = np.rint(steps).astype(np.int64)
        if np.all(np.abs(steps - whole) <= _OFF_GRID):
            return whole
    return None


def _is_sparse(col: NDArray[np.int64], x: Array, row: NDArray[np.int64], y: Array) -> bool:
    """Whether positions that do not count cells fill too little of a grid to be meant for one."""
    if np.array_equal(col, x - x.min()) and np.array_equal(row, y - y.min()):
        return False
    return len(x) < _LEAST_FILLED * (col.max() + 1) * (row.max() + 1)


def _one_way(values: NDArray[np.int64]) -> bool:
    steps = np.diff(values)
    return bool(np.all(steps >= 0) or np.all(steps <= 0))
