"""Sums of pixels and of their squares in each cell, from which mean and spread follow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window
from scipy import sparse

from .continuous import is_known
from .frames import Floats, Frame
from .lines import inside, overlaps_of_lines, pieces, runs
from .pixels import squares_of_pixels
from .rasters import split

# So many numbers are worked on at once, which a processor keeps at hand; and so many rows. What is
# added up does not depend on it: sums of float32 in float64 are exact, but for odd ones.
_AT_ONCE, _MOST_ROWS = 2**16, 64
# Of the squares, this share is what rounding leaves of a spread of zero.
_ROUNDING = 1e-14


@dataclass
class Found:
    """What a part of a raster adds to cells.

    Parameters
    ----------
    cell : int64 array [n]
        The cells.
    count, total : float array [n, B]
        Pixels with a value, and the sum of the values less the pilot.
    square : float array [n, K]
        The sum of squares of the same, of the first K bands.
    repeats : bool
        Whether a cell may occur twice.
    infinite : int
        Pixels with an infinite value, which are not counted.
    """

    cell: NDArray[np.int64]
    count: Floats
    total: Floats
    square: Floats
    repeats: bool = False
    infinite: int = 0

    def beside(self, other: Found) -> Found:
        """The same with more bands, of the same pixels, whose squares are not summed."""
        return Found(
            self.cell,
            np.hstack([self.count, other.count]),
            np.hstack([self.total, other.total]),
            self.square,
            self.repeats,
            self.infinite + other.infinite,
        )


class Moments:
    """Sums over the pixels of each cell of a grid.

    Parameters
    ----------
    size : int
        Number of cells.
    pilot : float array [B]
        A number near the values of each band, which is taken off them, so that sums of squares
        keep the digits of a small spread around a large mean.
    squares : int
        Of how many bands, the first ones, squares are summed.
    """

    def __init__(self, size: int, pilot: Floats, squares: int) -> None:
        self.pilot, self.squares = pilot, squares
        self.count = np.zeros((size, len(pilot)))
        self.total = np.zeros((size, len(pilot)))
        self.square = np.zeros((size, squares))
        self.infinite = 0

    def add(self, found: Found, weight: Floats | None = None) -> None:
        """Add what was found; in each cell a pixel has the `weight` of that cell, or 1."""
        cell = found.cell
        for sums, more in zip(
            (self.count, self.total, self.square), (found.count, found.total, found.square)
        ):
            more = more if weight is None else more * weight[cell][:, None]
            if found.repeats:
                np.add.at(sums, cell, more)
            else:
                sums[cell] += more
        self.infinite += found.infinite

    def means(self) -> Floats:
        """The mean of each cell and band, shape [size, B]; NaN without pixels."""
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = self.total / self.count + self.pilot
        return np.where(self.count > 0, mean, np.nan)

    def deviations(self) -> Floats:
        """The standard deviation of the pixels of each cell, of the first bands, [size, K]."""
        with np.errstate(invalid="ignore", divide="ignore"):
            count = self.count[:, : self.squares]
            square = self.square / count
            spread = square - (self.total[:, : self.squares] / count) ** 2
            return np.sqrt(np.where(spread <= _ROUNDING * square, 0 * spread, spread))


def sum_lines(
    row: NDArray[np.int64],
    col: NDArray[np.int64],
    values: NDArray[np.floating],
    pilot: Floats,
    squares: int,
    cols: int,
) -> Found:
    """Sum a window whose pixel rows and columns each lie in one row or column of cells.

    Parameters
    ----------
    row, col : int64 array [height], [width]
        Row and column of the grid, -1 outside.
    values : float array [B, height, width]
        The pixels, NaN where missing.
    pilot, squares
        See `Moments`.
    cols : int
        Columns of the grid.
    """
    bands = len(values)
    if 0 < squares < bands:
        # Only what is squared needs double precision, which takes twice the time.
        parts_of_bands = (slice(squares), squares), (slice(squares, None), 0)
        one, other = (
            sum_lines(row, col, values[own], pilot[own], squared, cols)
            for own, squared in parts_of_bands
        )
        return one.beside(other)
    first, last = inside(col)
    if first == last:
        return _nothing(bands, squares)
    starts, met = runs(col[first:last])
    values = values[:, :, first:last]
    longest = int(np.clip(_AT_ONCE // (bands * (last - first)), 1, _MOST_ROWS))
    parts = pieces(row, longest)
    if not parts:
        return _nothing(bands, squares)
    lines, line = np.unique([row[start] for start, _ in parts], return_inverse=True)
    shape = (len(lines), bands, len(starts))
    count: Floats = np.zeros(shape)
    total: Floats = np.zeros(shape)
    square: Floats = np.zeros(shape)[:, :squares]
    width = np.diff(np.append(starts, last - first))
    infinite = 0
    for number, (start, stop) in zip(line.tolist(), parts):
        if not (squares or pilot.any()):
            down = values[:, start:stop].sum(axis=1, dtype=np.float64)
            if np.isfinite(down).all():
                # So is each of them.
                count[number] += (stop - start) * width
                total[number] += np.add.reduceat(down, starts, axis=-1)
                continue
        part, known, lost = shifted(values[:, start:stop], pilot, squares)
        infinite += lost
        if known is None:
            count[number] += (stop - start) * width
        else:
            there = np.add.reduce(known.view(np.uint8), axis=1, dtype=np.uint8)
            count[number] += np.add.reduceat(there, starts, axis=-1, dtype=np.int64)
        total[number] += np.add.reduceat(part.sum(axis=1, dtype=np.float64), starts, axis=-1)
        if squares:
            own = part[:squares]
            down = np.einsum("brc,brc->bc", own, own)
            square[number] += np.add.reduceat(down, starts, axis=-1)
    cell = (lines[:, None] * cols + met).ravel()
    kept = np.flatnonzero(np.broadcast_to(met >= 0, shape[::2]).ravel())
    count, total, square = (
        each.transpose(0, 2, 1).reshape(len(cell), each.shape[1])[kept]
        for each in (count, total, square)
    )
    repeats = len(np.unique(met)) < len(met)
    return Found(cell[kept], count, total, square, repeats, infinite)


def sum_overlaps(
    frame: Frame,
    window: Window,
    values: NDArray[np.floating],
    goal: Frame,
    pilot: Floats,
    squares: int,
) -> Found:
    """Sum a window in which each pixel counts in every cell by the share of it that lies there.

    Exact, for upright rasters in the CRS of the grid.
    """
    (row, down), (col, right) = overlaps_of_lines(frame, window, goal)
    if not (len(row) and len(col)):
        return _nothing(len(values), squares)
    part, known, infinite = shifted(values, pilot, squares)

    def summed(pixels: NDArray[np.floating]) -> Floats:
        bands, height, width = pixels.shape
        rows = down @ pixels.transpose(1, 0, 2).reshape(height, bands * width)
        both = right @ rows.reshape(len(row) * bands, width).T
        return both.reshape(len(col), len(row), bands).transpose(1, 0, 2).reshape(-1, bands)

    if known is None:
        full = np.outer(down.sum(axis=1), right.sum(axis=1)).reshape(-1, 1)
        count = np.repeat(full, len(values), axis=1)
    else:
        count = summed(known.astype(np.float64))
    cell = (row[:, None] * goal.cols + col).ravel()
    return Found(cell, count, summed(part), summed(part[:squares] ** 2), infinite=infinite)


def sum_lone(
    frame: Frame,
    window: Window,
    values: NDArray[np.floating],
    goal: Frame,
    pilot: Floats,
    squares: int,
    finer: int,
    pixels: int,
) -> list[Found]:
    """Sum a window pixel by pixel, `pixels` at once; each is cut into `finer` x `finer` ones."""
    scale = frame.transform.scale(1 / finer)
    small = Frame(frame.crs, frame.transform * scale, frame.rows * finer, frame.cols * finer)
    found = []
    for area in split(window, max(pixels // finer**2, 1)):
        top, left = area.row_off - window.row_off, area.col_off - window.col_off
        piece = values[:, top : top + area.height, left : left + area.width]
        inner = Window(*(finer * side for side in area.flatten()))
        cell = squares_of_pixels(small, inner, goal).ravel()
        kept = np.flatnonzero(cell >= 0)
        if kept.size:
            down, right = np.divmod(kept, area.width * finer)
            lone = piece[:, down // finer, right // finer]
            found.append(sum_each(cell[kept], lone, pilot, squares, finer**-2))
    return found


def sum_each(
    cell: NDArray[np.int64],
    values: NDArray[np.floating],
    pilot: Floats,
    squares: int,
    weight: float | Floats = 1.0,
) -> Found:
    """Sum pixels [B, n], each in a cell of its own and with a weight."""
    part, known, infinite = shifted(values[:, None], pilot, squares)
    first = cell.min()
    number = np.bincount(cell - first)
    met = np.flatnonzero(number)
    line = np.cumsum(number > 0)[cell - first] - 1
    weights = np.broadcast_to(weight, cell.shape)
    # Each column holds one pixel: a product adds it to its cell.
    adding = sparse.csc_array(
        (weights, line, np.arange(len(cell) + 1)), shape=(len(met), len(cell))
    )
    part = part[:, 0].T.astype(np.float64)
    if known is None:
        count = np.repeat((adding @ np.ones(len(cell)))[:, None], len(values), axis=1)
    else:
        count = adding @ known[:, 0].T.astype(np.float64)
    square = adding @ part[:, :squares] ** 2
    return Found(met + first, count, adding @ part, square, infinite=infinite)


def shifted(
    values: NDArray[np.floating], pilot: Floats, squares: int
) -> tuple[NDArray[np.floating], NDArray[np.bool_] | None, int]:
    """Values [B, rows, cols] less the pilot, 0 where unknown; where known, None if everywhere;
    how many are infinite.
    """
    kind = np.float64 if squares else values.dtype
    known = is_known(values)
    every = bool(known.all())
    part = np.subtract(values, pilot.astype(kind)[:, None, None], dtype=kind)
    if every:
        return part, None, 0
    np.copyto(part, 0, where=~known)
    return part, known, int(known.size - known.sum() - np.isnan(values).sum())


def _nothing(bands: int, squares: int) -> Found:
    none = np.empty((0, bands))
    return Found(np.empty(0, np.int64), none, none, np.empty((0, squares)))
