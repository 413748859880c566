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
from ..sources.landcover import LandCoverTile, drop_worldcover_nodata, windows
from .grid import Grid
from .pixels import cells_of_pixels, lines_of_cells, overlap
from .tally import Tally

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
    tally: Tally,
    progress: Progress,
    number: int,
    total: int,
) -> None:
    with tile.open() as raster:
        parts = windows(raster, area)
        for done, window in enumerate(parts):
            progress.report((number + done / len(parts)) / total, "Counting land-cover classes")
            codes = tile.codes(raster, window)
            lines = lines_of_cells(tile, window, grid)
            if lines is None:
                tally.add(cells_of_pixels(tile, window, grid), codes, tile)
            else:
                tally.add_lines(*lines, codes, tile)


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
    tally: Tally,
) -> None:
    col_in, row_in = col - window.col_off, row - window.row_off
    here = (col_in >= 0) & (col_in < window.width) & (row_in >= 0) & (row_in < window.height)
    if here.any():
        codes = tile.codes(raster, window)
        tally.add(cell[here], codes[row_in[here], col_in[here]], tile)
