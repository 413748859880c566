"""Counts of pixels a cell and class, that grow as classes are met."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
from numpy.typing import NDArray

from .codes import check_class_count
from .grid import Grid
from .lines import inside, pieces, runs
from .tiles import LandCoverTile

# Of each class (missing ones too) the cells, which may repeat, and their pixels, shape [2, n].
Found = dict[int, NDArray[np.int64]]

# A sum of this many ones still fits in eight bits, where processors add fastest.
_BYTE = 255
# One pixel in this many, each way, tells which classes to expect in a window.
_GLANCE_STEP = 16


class Tally:
    """Pixels of each class in each cell of a grid.

    Parameters
    ----------
    grid : Grid
        Its cells are counted in.
    weighted : bool
        Whether pixels weigh, and are not counted.

    Attributes
    ----------
    codes : list of int
        The classes, in the order in which they were met.
    counts : array [grid.size, K]
        Their pixels in each cell.
    pixels : mapping
        Of each raster, how many pixels of each class were met.
    """

    def __init__(self, grid: Grid, weighted: bool = False) -> None:
        self.codes: list[int] = []
        kind = np.float64 if weighted else np.int64
        self.counts: NDArray[np.number] = np.zeros((grid.size, 0), dtype=kind)
        self.pixels: defaultdict[LandCoverTile, Counter[int]] = defaultdict(Counter)

    def add(
        self, found: Found, tile: LandCoverTile, weight: NDArray[np.float64] | None = None
    ) -> None:
        """Add what was found in a part of `tile`, all but its missing pixels.

        In each cell a pixel has the `weight` of that cell, or 1.
        """
        for code, (cell, number) in found.items():
            if code not in tile.missing:
                column = self._column(code, tile)
                self.pixels[tile][code] += int(number.sum())
                np.add.at(
                    self.counts[:, column],
                    cell,
                    number if weight is None else number * weight[cell],
                )

    def _column(self, code: int, tile: LandCoverTile) -> int:
        """The column of `counts` that a class has, added if need be."""
        if code not in self.codes:
            self.codes.append(code)
            check_class_count(np.array(self.codes), tile.path)
            self.counts = np.pad(self.counts, ((0, 0), (0, 1)))
        return self.codes.index(code)

    def result(self) -> tuple[NDArray[np.int64], NDArray[np.number]]:
        """The classes, ascending, and their counts [grid.size, K]."""
        order = np.argsort(self.codes)
        return np.array(self.codes, dtype=np.int64)[order], self.counts[:, order]


def count_pixels(cell: NDArray[np.int64], codes: NDArray[np.integer], tile: LandCoverTile) -> Found:
    """Count pixels one by one; a `cell` of -1 is left out."""
    kept = cell >= 0
    cell, codes = cell[kept], codes[kept]
    found: Found = {}
    if codes.size == 0:
        return found
    for code in _classes(codes, tile):
        here = cell[codes == code]
        first = here.min()
        number = np.bincount(here - first)
        met = np.flatnonzero(number)
        found[code] = np.stack([met + first, number[met]])
    return found


def count_lines(
    row: NDArray[np.int64],
    col: NDArray[np.int64],
    codes: NDArray[np.integer],
    tile: LandCoverTile,
    grid: Grid,
) -> Found:
    """Count a window whose pixel rows and columns each lie in one row or column of cells.

    Class by class: comparing and adding bytes runs at the speed of memory, where one
    scattered addition a pixel takes several times as long.

    Parameters
    ----------
    row, col : int64 array [height], [width]
        Row and column of the grid, -1 outside.
    codes : integer array [height, width]
        The pixels.
    tile : LandCoverTile
        Where they are from.
    grid : Grid
        Whose cells they lie in.
    """
    first, last = inside(col)
    if first == last:
        return {}
    starts, cols = runs(col[first:last])
    codes = np.ascontiguousarray(codes[:, first:last])
    known = _classes(codes[::_GLANCE_STEP, ::_GLANCE_STEP], tile)
    met = cols >= 0
    parts = defaultdict(list)
    for start, stop in pieces(row, _BYTE):
        cells = row[start] * grid.cols + cols[met]
        for code, number in _count_piece(codes[start:stop], starts, known, tile).items():
            parts[code].append((cells, number[met]))
    return {code: np.hstack(pairs) for code, pairs in parts.items()}


def _count_piece(
    codes: NDArray[np.integer], starts: NDArray[np.int64], known: list[int], tile: LandCoverTile
) -> dict[int, NDArray[np.int64]]:
    """Pixels of each class between the `starts` of columns, in at most 255 rows.

    Classes not among the `known` are added to them.
    """
    counts = {}
    height, width = codes.shape
    mask = np.empty(codes.shape, dtype=bool)
    seen = np.zeros(width, dtype=np.uint8)
    index = 0
    while (lacking := seen < height).any():
        if index == len(known):
            known += [code for code in _classes(codes[:, lacking], tile) if code not in known]
        np.equal(codes, known[index], out=mask)
        down = np.add.reduce(mask.view(np.uint8), axis=0, dtype=np.uint8)
        counts[known[index]] = np.add.reduceat(down, starts, dtype=np.int64)
        seen += down
        index += 1
    return counts


def _classes(codes: NDArray[np.integer], tile: LandCoverTile) -> list[int]:
    """The classes among the pixels, missing ones too, the most frequent first."""
    first = int(codes.min())
    number = np.bincount(codes.ravel().astype(np.int64) - first)
    met = np.flatnonzero(number)
    met = met[np.argsort(-number[met])] + first
    check_class_count(np.setdiff1d(met, tile.missing), tile.path)
    return [int(code) for code in met]
