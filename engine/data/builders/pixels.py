"""Where the pixels of a raster lie on the grid."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer
from rasterio.windows import Window

from ..sources.landcover import LandCoverTile
from .grid import Grid

# Between CRSs, positions are exact on a lattice of this many pixels and bilinear in
# between; the error is near step^2 x pixel / (8 x earth radius), far below a pixel.
_LATTICE_STEP = 16


def lines_of_cells(
    tile: LandCoverTile, area: Window, grid: Grid
) -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
    """The grid row of each pixel row and the grid column of each pixel column, -1 outside.

    None where the two are not independent: in another CRS, or where the raster is rotated.
    """
    affine = tile.transform
    if affine.b or affine.d or not tile.crs.equals(grid.pyproj_crs, ignore_axis_order=True):
        return None
    rows, cols = _centres(area)
    left, bottom, right, top = grid.bounds
    x, y = affine.c + affine.a * cols, affine.f + affine.e * rows
    col = grid.locate(x, np.full(len(x), (bottom + top) / 2))
    row = grid.locate(np.full(len(y), (left + right) / 2), y)
    return np.where(row < 0, -1, row // grid.cols), np.where(col < 0, -1, col % grid.cols)


def cells_of_pixels(tile: LandCoverTile, window: Window, grid: Grid) -> NDArray[np.int64]:
    """The cell of each pixel centre of a window, -1 outside, shape [height, width]."""
    x, y = _interpolated_positions(tile, *_centres(window), grid)
    return grid.locate(x, y)


def _centres(window: Window) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rows = window.row_off + np.arange(int(window.height)) + 0.5
    return rows, window.col_off + np.arange(int(window.width)) + 0.5


def _interpolated_positions(
    tile: LandCoverTile, rows: NDArray[np.float64], cols: NDArray[np.float64], grid: Grid
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    knot_rows = _knots(rows)
    knot_cols = _knots(cols)
    col_mesh, row_mesh = np.meshgrid(knot_cols, knot_rows)
    affine = tile.transform
    x = affine.c + affine.a * col_mesh + affine.b * row_mesh
    y = affine.f + affine.d * col_mesh + affine.e * row_mesh
    transformer = Transformer.from_crs(tile.crs, grid.pyproj_crs, always_xy=True)
    x, y = transformer.transform(x, y)
    return (
        _bilinear(x, knot_rows, knot_cols, rows, cols),
        _bilinear(y, knot_rows, knot_cols, rows, cols),
    )


def _knots(centres: NDArray[np.float64]) -> NDArray[np.float64]:
    inner = centres[::_LATTICE_STEP]
    return inner if inner[-1] == centres[-1] else np.append(inner, centres[-1])


def _bilinear(
    values: NDArray[np.float64],
    knot_rows: NDArray[np.float64],
    knot_cols: NDArray[np.float64],
    rows: NDArray[np.float64],
    cols: NDArray[np.float64],
) -> NDArray[np.float64]:
    weight, first = _weights(knot_rows, rows)
    second = np.minimum(first + 1, len(knot_rows) - 1)
    along_rows = values[first] * (1 - weight)[:, None] + values[second] * weight[:, None]
    weight, first = _weights(knot_cols, cols)
    second = np.minimum(first + 1, len(knot_cols) - 1)
    return along_rows[:, first] * (1 - weight) + along_rows[:, second] * weight


def _weights(
    knots: NDArray[np.float64], centres: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    place = np.interp(centres, knots, np.arange(len(knots)))
    first = np.floor(place).astype(np.int64)
    return place - first, first


def overlap(tile: LandCoverTile, grid: Grid) -> Window | None:
    """The window of the raster that may hold pixels of the grid, or None."""
    left, bottom, right, top = grid.bounds
    side = np.linspace(0, 1, 41)
    mesh_x, mesh_y = np.meshgrid(left + (right - left) * side, bottom + (top - bottom) * side)
    transformer = Transformer.from_crs(grid.pyproj_crs, tile.crs, always_xy=True)
    x, y = transformer.transform(mesh_x.ravel(), mesh_y.ravel())
    finite = np.isfinite(x) & np.isfinite(y)
    if not finite.any():
        return None
    col, row = ~tile.transform * (x[finite], y[finite])
    # A curved edge may reach a little past the sampled positions.
    margin = (np.ptp(col) + np.ptp(row)) / 40 + 1
    first_col = max(int(np.floor(col.min() - margin)), 0)
    first_row = max(int(np.floor(row.min() - margin)), 0)
    last_col = min(int(np.ceil(col.max() + margin)), tile.shape[1])
    last_row = min(int(np.ceil(row.max() + margin)), tile.shape[0])
    if first_col >= last_col or first_row >= last_row:
        return None
    return Window(first_col, first_row, last_col - first_col, last_row - first_row)
