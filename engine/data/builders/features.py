"""From pixels to class proportions: every pixel is counted in the cell of its centre."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window

from ...errors import OutsideError
from ...language import tr
from ...progress import Part, Progress
from .codes import warn_of_untagged
from .esa_worldcover import drop_worldcover_nodata
from .frames import between
from .grid import Grid
from .mosaic import Cover, Disputes, pixel_weights
from .overlaps import overlap
from .pixels import lines_of_squares, squares_of_pixels
from .rasters import split
from .reading import check_cost, map_windows, pixels_at
from .tally import Found, Tally, count_lines, count_pixels
from .tiles import LandCoverTile

# Pixels of a window: where lines of pixels lie in lines of cells, and where each pixel takes
# some ten numbers to find its cell.
_LINE_PIXELS, _LONE_PIXELS = 2**23, 2**19
# With fewer pixels a cell than this, a cell may hold no pixel's centre.
_FEW_PIXELS = 4
Lines = tuple[NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True)
class ClassCounts:
    """Pixels of each class in each cell.

    Parameters
    ----------
    codes : int64 array [K]
        The classes found, ascending.
    counts : int64 or float64 array [grid.size, K]
        Number of pixels whose centre lies in the cell; where rasters have pixels of different
        size, their area in cells.
    sampled : int
        Cells smaller than a pixel, given the one pixel under their centre.
    """

    codes: NDArray[np.int64]
    counts: NDArray[np.number]
    sampled: int

    def proportions(self) -> NDArray[np.float32]:
        """Share of each class, shape [grid.size, K]; NaN in cells without pixels."""
        total = self.counts.sum(axis=1, keepdims=True)
        with np.errstate(invalid="ignore"):
            return (self.counts / total).astype(np.float32)


def count_classes(tiles: Sequence[LandCoverTile], grid: Grid, progress: Progress) -> ClassCounts:
    """Count the pixels of each class in each cell, reading in windows.

    Where rasters overlap, the first that has a class counts. Where their pixels are not of one
    size, they weigh by it.

    Raises
    ------
    OutsideError
        If no raster overlaps the grid.
    InputError
        If too many pixels lie in it, or a raster is not categorical.
    Cancelled
        If the user asked to stop.
    """
    found = [(tile, overlap(tile.frame, grid.frame)) for tile in tiles]
    used = [(tile, areas) for tile, areas in found if areas]
    if not used:
        names = ", ".join(f"'{tile.path}'" for tile in tiles)
        raise OutsideError(
            tr(
                "The land cover ({names}) does not overlap the grid; check the CRS of both and "
                "the extent."
            ).format(names=names)
        )
    tiles, windows = [tile for tile, _ in used], [areas for _, areas in used]
    check_cost(tiles, windows, grid)
    weights = pixel_weights(tiles, grid)
    tally = Tally(grid, weighted=weights[0] is not None)
    for number, (tile, areas, weight) in enumerate(zip(tiles, windows, weights)):
        part = Part(progress, number / len(tiles), (number + 1) / len(tiles))
        _count_tile(tile, Cover.of(tile, tiles[:number]), areas, grid, tally, weight, part)
    sampled = 0
    for tile, areas in zip(tiles, windows):
        progress.check_cancelled()
        if sum(area.width * area.height for area in areas) < _FEW_PIXELS * grid.size:
            sampled += _sample_small_cells(tile, grid, tally)
    codes, counts = tally.result()
    if all(tile.land for tile in tiles):
        codes, counts = drop_worldcover_nodata(codes, counts)
    for tile, pixels in tally.pixels.items():
        warn_of_untagged(pixels, codes.tolist(), tile.path, progress)
    if counts.sum() == 0:
        raise OutsideError(tr("The land cover has only missing pixels inside the grid; check it."))
    return ClassCounts(codes, counts, sampled)


def _count_tile(
    tile: LandCoverTile,
    cover: Cover,
    areas: Sequence[Window],
    grid: Grid,
    tally: Tally,
    weight: NDArray[np.float64] | None,
    progress: Progress,
) -> None:
    upright = lines_of_squares(tile.frame, Window(0, 0, 1, 1), grid.frame) is not None

    def count(window: Window, codes: NDArray[np.integer]) -> tuple[list[Found], Disputes]:
        codes, disputes = cover.hide(window, codes)
        lines = lines_of_squares(tile.frame, window, grid.frame)
        if lines is not None:
            return [count_lines(*lines, codes, tile, grid)], disputes
        return _count_each(tile, window, codes, grid), disputes

    pixels = _LINE_PIXELS if upright else _LONE_PIXELS
    total = np.zeros((len(cover.earlier), 2), dtype=np.int64)
    message = tr("Counting land-cover classes")
    for found, disputes in map_windows(tile, areas, pixels, count, progress, message):
        total += disputes
        for each in found:
            tally.add(each, tile, weight)
    cover.warn(total, progress)


def _count_each(
    tile: LandCoverTile, window: Window, codes: NDArray[np.integer], grid: Grid
) -> list[Found]:
    """Count pixel by pixel, so many at once that the memory does not grow with the window."""
    found = []
    for part in split(window, _LONE_PIXELS):
        top, left = part.row_off - window.row_off, part.col_off - window.col_off
        piece = codes[top : top + part.height, left : left + part.width]
        cell = squares_of_pixels(tile.frame, part, grid.frame)
        found.append(count_pixels(cell, piece, tile))
    return found


def _sample_small_cells(tile: LandCoverTile, grid: Grid, tally: Tally) -> int:
    """Give cells smaller than a pixel the pixel under their centre; return how many."""
    empty = np.flatnonzero(tally.counts.sum(axis=1) == 0)
    if empty.size == 0:
        return 0
    transformer = between(grid.pyproj_crs, tile.crs)
    x, y = transformer.transform(*grid.centres(empty).T)
    square = tile.frame.squares(*tile.frame.snapped_lines(x, y))
    cell, square = empty[square >= 0], square[square >= 0]
    codes = pixels_at(tile, *np.divmod(square, tile.shape[1]), _LINE_PIXELS)
    there = ~np.isin(codes, tile.missing)
    if there.any():
        tally.add(count_pixels(cell[there], codes[there], tile), tile)
    return int(there.sum())
