"""From pixels to class proportions: every pixel is counted in the cell of its centre."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer
from rasterio.io import DatasetReader
from rasterio.windows import Window

from ...errors import InputError
from ...progress import Progress
from ..sources.landcover import (
    MAX_CODE,
    MIN_CODE,
    LandCoverTile,
    check_class_count,
    drop_worldcover_nodata,
    windows,
)
from .grid import Grid

# Between CRSs, positions are exact on a lattice of this many pixels and bilinear in
# between; the error is near step^2 x pixel / (8 x earth radius), far below a pixel.
_LATTICE_STEP = 16
# With fewer pixels a cell than this, a cell may hold no pixel's centre.
_FEW_PIXELS = 4


@dataclass(frozen=True)
class ClassCounts:
    """Pixels of each class in each cell.

    Parameters
    ----------
    codes : int64 array [K]
        The classes found, ascending.
    counts : int64 array [grid.size, K]
        Number of pixels whose centre lies in the cell.
    sampled : int
        Cells smaller than a pixel, given the one pixel under their centre.
    """

    codes: NDArray[np.int64]
    counts: NDArray[np.int64]
    sampled: int

    def proportions(self) -> NDArray[np.float32]:
        """Share of each class, shape [grid.size, K]; NaN in cells without pixels."""
        total = self.counts.sum(axis=1, keepdims=True)
        with np.errstate(invalid="ignore"):
            return (self.counts / total).astype(np.float32)


class _Tally:
    """Counts that grow as classes are met."""

    def __init__(self, size: int) -> None:
        # Missing pixels have the code MIN_CODE - 1, hence the one more entry.
        self.number = np.full(MAX_CODE - MIN_CODE + 2, -1, dtype=np.int64)
        self.codes: list[int] = []
        self.counts: NDArray[np.int64] = np.zeros((size, 0), dtype=np.int64)

    def add(self, cell: NDArray[np.int64], code: NDArray[np.int32], path: str) -> None:
        """Count pixels; `cell` -1 and the missing code are left out."""
        kept = (cell >= 0) & (code >= MIN_CODE)
        cell, place = cell[kept], code[kept] - (MIN_CODE - 1)
        self._meet(np.flatnonzero(np.bincount(place, minlength=1)), path)
        width = len(self.codes)
        if width:
            flat = cell * width + self.number[place]
            low = int(flat.min()) if flat.size else 0
            found = np.bincount(flat - low)
            self.counts.ravel()[low : low + len(found)] += found

    def _meet(self, places: NDArray[np.int64], path: str) -> None:
        new = places[self.number[places] < 0]
        if new.size == 0:
            return
        self.number[new] = len(self.codes) + np.arange(len(new))
        self.codes.extend((new + MIN_CODE - 1).tolist())
        check_class_count(np.array(self.codes), path)
        more = np.zeros((len(self.counts), len(new)), dtype=np.int64)
        self.counts = np.hstack([self.counts, more])

    def result(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        codes = np.array(self.codes, dtype=np.int64)
        order = np.argsort(codes)
        return codes[order], self.counts[:, order]


def count_classes(tiles: Sequence[LandCoverTile], grid: Grid, progress: Progress) -> ClassCounts:
    """Count the pixels of each class in each cell, reading in windows.

    Raises
    ------
    InputError
        If no raster overlaps the grid or a raster is not categorical.
    Cancelled
        If the user asked to stop.
    """
    tally = _Tally(grid.size)
    overlapping = [_overlap(tile, grid) for tile in tiles]
    if not any(overlapping):
        names = ", ".join(f"'{tile.path}'" for tile in tiles)
        raise InputError(
            f"The land cover ({names}) does not overlap the grid; check the CRS of both "
            "and the extent."
        )
    for number, (tile, area) in enumerate(zip(tiles, overlapping)):
        if area is not None:
            _count_tile(tile, area, grid, tally, progress, number, len(tiles))
    sampled = sum(
        _sample_small_cells(tile, grid, tally)
        for tile, area in zip(tiles, overlapping)
        if area is not None and area.width * area.height < _FEW_PIXELS * grid.size
    )
    codes, counts = drop_worldcover_nodata(*tally.result())
    if counts.sum() == 0:
        raise InputError("The land cover has only missing pixels inside the grid; check it.")
    return ClassCounts(codes, counts, sampled)


def _count_tile(
    tile: LandCoverTile,
    area: Window,
    grid: Grid,
    tally: _Tally,
    progress: Progress,
    number: int,
    total: int,
) -> None:
    with tile.open() as raster:
        parts = windows(raster, area)
        for done, window in enumerate(parts):
            progress.report((number + done / len(parts)) / total, "Counting land-cover classes")
            cell = _cells_of_pixels(tile, window, grid)
            tally.add(cell, tile.codes(raster, window), tile.path)


def _cells_of_pixels(tile: LandCoverTile, window: Window, grid: Grid) -> NDArray[np.int64]:
    """The cell of each pixel centre of a window, -1 outside, shape [height, width]."""
    height, width = int(window.height), int(window.width)
    cols = window.col_off + np.arange(width) + 0.5
    rows = window.row_off + np.arange(height) + 0.5
    affine = tile.transform
    if tile.crs == grid.pyproj_crs and affine.b == affine.d == 0:
        # Rows and columns are independent: locate each once.
        x, y = affine.c + affine.a * cols, affine.f + affine.e * rows
        left, bottom, right, top = grid.bounds
        col = grid.locate(x, np.full(width, (bottom + top) / 2))
        row = grid.locate(np.full(height, (left + right) / 2), y)
        col = np.where(col >= 0, col % grid.cols, -1)
        row = np.where(row >= 0, row // grid.cols * grid.cols, -1)
        outside = (row < 0)[:, None] | (col < 0)[None, :]
        return np.where(outside, -1, row[:, None] + col[None, :])
    x, y = _interpolated_positions(tile, rows, cols, grid)
    return grid.locate(x, y)


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


def _overlap(tile: LandCoverTile, grid: Grid) -> Window | None:
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


def _sample_small_cells(tile: LandCoverTile, grid: Grid, tally: _Tally) -> int:
    """Give cells smaller than a pixel the pixel under their centre; return how many."""
    empty = np.flatnonzero(tally.counts.sum(axis=1) == 0)
    if empty.size == 0:
        return 0
    centres = grid.centres(empty)
    transformer = Transformer.from_crs(grid.pyproj_crs, tile.crs, always_xy=True)
    x, y = transformer.transform(centres[:, 0], centres[:, 1])
    return _sample(tile, empty, np.asarray(x), np.asarray(y), tally)


def _sample(
    tile: LandCoverTile,
    cell: NDArray[np.int64],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    tally: _Tally,
) -> int:
    col, row = ~tile.transform * (x, y)
    inside = (col >= 0) & (col < tile.shape[1]) & (row >= 0) & (row < tile.shape[0])
    if not inside.any():
        return 0
    cell, col, row = cell[inside], col[inside].astype(int), row[inside].astype(int)
    before = tally.counts.sum()
    with tile.open() as raster:
        area = Window(col.min(), row.min(), np.ptp(col) + 1, np.ptp(row) + 1)
        for window in windows(raster, area):
            _sample_window(raster, tile, window, cell, col, row, tally)
    return int(tally.counts.sum() - before)


def _sample_window(
    raster: DatasetReader,
    tile: LandCoverTile,
    window: Window,
    cell: NDArray[np.int64],
    col: NDArray[np.int64],
    row: NDArray[np.int64],
    tally: _Tally,
) -> None:
    col_in, row_in = col - window.col_off, row - window.row_off
    here = (col_in >= 0) & (col_in < window.width) & (row_in >= 0) & (row_in < window.height)
    if here.any():
        codes = tile.codes(raster, window)
        tally.add(cell[here], codes[row_in[here], col_in[here]], tile.path)
