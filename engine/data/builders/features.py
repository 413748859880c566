"""From pixels to class proportions: every pixel is counted in the cell of its centre."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from queue import SimpleQueue

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer
from rasterio.io import DatasetReader
from rasterio.windows import Window

from ...errors import InputError
from ...language import language, speaking, tr
from ...progress import Part, Progress
from ..sources.landcover import LandCoverTile, drop_worldcover_nodata, windows
from .grid import Grid
from .pixels import cells_of_pixels, lines_of_cells, overlap
from .tally import Found, Tally, count_lines, count_pixels

# Threads that decode and count; each holds one window, so that memory does not grow with the
# raster.
_THREADS = min(os.cpu_count() or 1, 8)
# Pixels of a window: where lines of pixels lie in lines of cells, and where each pixel takes
# some ten numbers to find its cell.
_LINE_PIXELS, _LONE_PIXELS = 2**23, 2**19
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

    def within(self, cell: NDArray[np.int64]) -> ClassCounts:
        """The same without the classes that none of these cells has."""
        found = self.counts[cell].any(axis=0)
        if found.all():
            return self
        return ClassCounts(self.codes[found], self.counts[:, found], self.sampled)


def count_classes(tiles: Sequence[LandCoverTile], grid: Grid, progress: Progress) -> ClassCounts:
    """Count the pixels of each class in each cell, reading in windows.

    Raises
    ------
    InputError
        If no raster overlaps the grid or a raster is not categorical.
    Cancelled
        If the user asked to stop.
    """
    tally = Tally(grid)
    overlapping = [overlap(tile, grid) for tile in tiles]
    if not any(overlapping):
        names = ", ".join(f"'{tile.path}'" for tile in tiles)
        raise InputError(
            tr(
                "The land cover ({names}) does not overlap the grid; check the CRS of both and "
                "the extent."
            ).format(names=names)
        )
    for number, (tile, area) in enumerate(zip(tiles, overlapping)):
        if area is not None:
            part = Part(progress, number / len(tiles), (number + 1) / len(tiles))
            _count_tile(tile, area, grid, tally, part)
    sampled = sum(
        _sample_small_cells(tile, grid, tally)
        for tile, area in zip(tiles, overlapping)
        if area is not None and area.width * area.height < _FEW_PIXELS * grid.size
    )
    codes, counts = drop_worldcover_nodata(*tally.result())
    if counts.sum() == 0:
        raise InputError(tr("The land cover has only missing pixels inside the grid; check it."))
    return ClassCounts(codes, counts, sampled)


def _count_tile(
    tile: LandCoverTile, area: Window, grid: Grid, tally: Tally, progress: Progress
) -> None:
    """Decode and count windows in threads, each with an opened raster of its own."""
    lines = lines_of_cells(tile, area, grid)
    free: SimpleQueue[DatasetReader] = SimpleQueue()
    spoken = language()  # a thread does not know it

    def count(window: Window) -> Found:
        raster = free.get()
        try:
            with speaking(spoken):
                codes = tile.codes(raster, window)
        finally:
            free.put(raster)
        if lines is None:
            return count_pixels(cells_of_pixels(tile, window, grid), codes, tile)
        rows, cols = window.toslices()
        row = lines[0][rows.start - area.row_off : rows.stop - area.row_off]
        col = lines[1][cols.start - area.col_off : cols.stop - area.col_off]
        return count_lines(row, col, codes, tile, grid)

    with ExitStack() as stack:
        rasters = [stack.enter_context(tile.open()) for _ in range(_THREADS)]
        for raster in rasters:
            free.put(raster)
        parts = windows(rasters[0], area, _LINE_PIXELS if lines else _LONE_PIXELS)
        pool = stack.enter_context(ThreadPoolExecutor(_THREADS))
        stack.callback(pool.shutdown, cancel_futures=True)
        for done, found in enumerate(pool.map(count, parts)):
            progress.report(done / len(parts), tr("Counting land-cover classes"))
            tally.add(found, tile)


def _sample_small_cells(tile: LandCoverTile, grid: Grid, tally: Tally) -> int:
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
    tally: Tally,
) -> int:
    col, row = ~tile.transform * (x, y)
    inside = (col >= 0) & (col < tile.shape[1]) & (row >= 0) & (row < tile.shape[0])
    if not inside.any():
        return 0
    cell, col, row = cell[inside], col[inside].astype(int), row[inside].astype(int)
    before = tally.counts.sum()
    with tile.open() as raster:
        area = Window(col.min(), row.min(), np.ptp(col) + 1, np.ptp(row) + 1)
        for window in windows(raster, area, _LINE_PIXELS):
            _sample_window(raster, tile, window, cell, col, row, tally)
    return int(tally.counts.sum() - before)


def _sample_window(
    raster: DatasetReader,
    tile: LandCoverTile,
    window: Window,
    cell: NDArray[np.int64],
    col: NDArray[np.int64],
    row: NDArray[np.int64],
    tally: Tally,
) -> None:
    col_in, row_in = col - window.col_off, row - window.row_off
    here = (col_in >= 0) & (col_in < window.width) & (row_in >= 0) & (row_in < window.height)
    if here.any():
        codes = tile.codes(raster, window)
        tally.add(count_pixels(cell[here], codes[row_in[here], col_in[here]], tile), tile)
