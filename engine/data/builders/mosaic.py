"""Several rasters as one: which pixel counts where they overlap, and how much each weighs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window

from ...language import tr
from ...progress import Progress
from .frames import between, same_crs
from .grid import Grid
from .overlaps import overlap
from .pixels import squares_of_pixels
from .rasters import split
from .reading import pixels_at
from .tiles import Tile

# Pixels looked up at once.
_PIXELS = 2**19
# Pixels whose sizes differ by less than this count alike.
_ALIKE = 1e-9
# Step, in cells, over which the size of a pixel is measured.
_STEP = 1e-3
# Of each earlier raster: pixels where both have a value, and where the values differ.
Disputes = NDArray[np.int64]


@dataclass(frozen=True)
class Cover:
    """The rasters given before one, which go before it.

    Parameters
    ----------
    tile : Tile
        The later one.
    earlier : list of (Tile, list of Window)
        The earlier ones, and which of the later one's pixels may lie on them.
    """

    tile: Tile
    earlier: list[tuple[Tile, list[Window]]]

    @classmethod
    def of(cls, tile: Tile, before: Sequence[Tile]) -> Cover:
        """Find where `tile` lies on those given before."""
        found = [(each, overlap(tile.frame, each.frame)) for each in before]
        return cls(tile, [(each, windows) for each, windows in found if windows])

    def hide(self, window: Window, values: NDArray[Any]) -> tuple[NDArray[Any], Disputes]:
        """The values of a window without those of pixels where an earlier raster has one.

        Returns
        -------
        values : array [..., height, width]
            Missing where hidden, in each band by itself.
        disputes : int64 array [earlier, 2]
            Pixels with a value in both, and with another one.
        """
        disputes = np.zeros((len(self.earlier), 2), dtype=np.int64)
        for number, (other, areas) in enumerate(self.earlier):
            if any(_meet(window, area) for area in areas):
                gone = np.zeros(values.shape, dtype=bool)
                for part in split(window, _PIXELS // len(self.tile.used)):
                    top, left = part.row_off - window.row_off, part.col_off - window.col_off
                    piece = np.s_[..., top : top + part.height, left : left + part.width]
                    gone[piece], found = self._hidden(part, values[piece], other)
                    disputes[number] += found
                values = self.tile.hidden(values, gone)
        return values, disputes

    def _hidden(
        self, part: Window, values: NDArray[Any], other: Tile
    ) -> tuple[NDArray[np.bool_], tuple[int, int]]:
        """What `other` hides; how many pixels, and how many of them differ."""
        square = squares_of_pixels(self.tile.frame, part, other.frame)
        known = self.tile.known(values)
        both = (square >= 0) & known.any(axis=tuple(range(known.ndim - 2)))
        row, col = np.divmod(square[both], other.shape[1])
        above = pixels_at(other, row, col, _PIXELS // len(other.used))
        there = other.known(above) & known[..., both]
        gone = np.zeros(values.shape, dtype=bool)
        gone[..., both] = there
        return gone, (int(there.sum()), int((values[..., both] != above)[there].sum()))

    def warn(self, disputes: Disputes, progress: Progress) -> None:
        """Warn of earlier rasters that say something else."""
        for (other, _), (both, apart) in zip(self.earlier, disputes):
            if apart:
                progress.warning(
                    tr(
                        "The rasters '{first}' and '{second}' overlap and differ in {share:.1%} of "
                        "{pixels:,} pixels; the first one is used there."
                    ).format(
                        first=other.path, second=self.tile.path, share=apart / both, pixels=both
                    )
                )


def _meet(one: Window, other: Window) -> bool:
    return bool(
        one.row_off < other.row_off + other.height
        and other.row_off < one.row_off + one.height
        and one.col_off < other.col_off + other.width
        and other.col_off < one.col_off + one.width
    )


def pixel_weights(tiles: Sequence[Tile], grid: Grid) -> list[NDArray[np.float64]] | list[None]:
    """How many cells a pixel of each raster fills in each cell; None where all pixels are alike."""
    first = tiles[0]
    alike = all(
        same_crs(tile.crs, first.crs) and abs(_area(tile) - _area(first)) <= _ALIKE * _area(first)
        for tile in tiles
    )
    return [None] * len(tiles) if alike else [local_weight(tile, grid) for tile in tiles]


def _area(tile: Tile) -> float:
    return abs(tile.transform.determinant)


def local_weight(tile: Tile, grid: Grid) -> NDArray[np.float64]:
    """How many cells a pixel of a raster fills in each cell."""
    if same_crs(tile.crs, grid.pyproj_crs):
        return np.full(grid.size, _area(tile) / (grid.cell_width * grid.cell_height))
    transformer = between(grid.pyproj_crs, tile.crs)
    x, y = grid.centres(np.arange(grid.size)).T
    start = np.stack(transformer.transform(x, y))
    east = np.stack(transformer.transform(x + _STEP * grid.cell_width, y)) - start
    south = np.stack(transformer.transform(x, y - _STEP * grid.cell_height)) - start
    turn = tile.frame.turn
    if turn is not None:
        for side in (east, south):
            side[0] = np.remainder(side[0] + turn / 2, turn) - turn / 2
    with np.errstate(all="ignore"):
        cell = np.abs(east[0] * south[1] - east[1] * south[0]) / _STEP**2
        weight = _area(tile) / cell
    known = np.isfinite(weight) & (weight > 0)
    return np.where(known, weight, np.median(weight[known]) if known.any() else 1.0)
