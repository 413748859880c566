"""Counts of pixels a cell and class, that grow as classes are met."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from ..sources.landcover import (
    MAX_CODE,
    MIN_CODE,
    MISSING,
    LandCoverTile,
    check_class_count,
)
from .grid import Grid

# A sum of this many ones still fits in eight bits, where processors add fastest.
_BYTE = 255


class Tally:
    """Pixels of each class in each cell of a grid.

    Parameters
    ----------
    grid : Grid
        Its cells are counted in.
    """

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.codes: list[int] = []
        self._totals: Counter[int] = Counter()
        self.counts: NDArray[np.int64] = np.zeros((grid.size, 0), dtype=np.int64)

    def add(self, cell: NDArray[np.int64], codes: NDArray[np.integer], tile: LandCoverTile) -> None:
        """Count pixels one by one; a `cell` of -1 and missing codes are left out."""
        kept = (cell >= 0) & ~np.isin(codes, tile.missing)
        cell, place = cell[kept], codes[kept].astype(np.int64) - MISSING
        if cell.size == 0:
            return
        self._meet(np.flatnonzero(np.bincount(place)) + MISSING, tile)
        number = np.zeros(MAX_CODE - MIN_CODE + 2, dtype=np.int64)
        number[np.array(self.codes) - MISSING] = np.arange(len(self.codes))
        flat = cell * len(self.codes) + number[place]
        low = int(flat.min())
        found = np.bincount(flat - low)
        self.counts.ravel()[low : low + len(found)] += found

    def add_lines(
        self,
        row: NDArray[np.int64],
        col: NDArray[np.int64],
        codes: NDArray[np.integer],
        tile: LandCoverTile,
    ) -> None:
        """Count a window whose pixel rows and columns each lie in one row or column of cells.

        Class by class: comparing and adding bytes runs at the speed of memory, where one
        scattered addition a pixel takes several times as long.

        Parameters
        ----------
        row, col : int64 array [height], [width]
            Row and column of the grid, -1 outside; each runs one way.
        codes : integer array [height, width]
            The pixels.
        tile : LandCoverTile
            Where they are from.
        """
        first, last = _inside(col)
        if first == last:
            return
        starts, cols = _runs(col[first:last])
        for start, stop in _pieces(row):
            piece = np.ascontiguousarray(codes[start:stop, first:last])
            counts = self._count_piece(piece, starts, tile)
            cells = row[start] * self.grid.cols + cols
            for code, found in counts.items():
                self.counts[cells, self.codes.index(code)] += found
                self._totals[code] += int(found.sum())

    def _count_piece(
        self, codes: NDArray[np.integer], starts: NDArray[np.int64], tile: LandCoverTile
    ) -> dict[int, NDArray[np.int64]]:
        """Pixels of each class between the `starts` of columns, in at most 255 rows."""
        counts = {}
        left = codes.size
        mask = np.empty(codes.shape, dtype=bool)
        known = [*sorted(self.codes, key=lambda code: -self._totals[code]), *tile.missing]
        while left:
            for code in known:
                if not _fits(code, codes.dtype):
                    continue
                hits = np.count_nonzero(np.equal(codes, codes.dtype.type(code), out=mask))
                left -= hits
                if hits and code not in tile.missing:
                    down = np.add.reduce(mask.view(np.uint8), axis=0, dtype=np.uint8)
                    counts[code] = np.add.reduceat(down, starts, dtype=np.int64)
                if left == 0:
                    break
            else:
                known = self._meet(np.setdiff1d(np.unique(codes), tile.missing), tile)
        return counts

    def _meet(self, codes: NDArray[np.integer], tile: LandCoverTile) -> list[int]:
        """Make room for the classes that are new; return them."""
        new = [code for code in codes.tolist() if code not in self.codes]
        if new:
            self.codes += new
            check_class_count(np.array(self.codes), tile.path)
            more = np.zeros((self.grid.size, len(new)), dtype=np.int64)
            self.counts = np.hstack([self.counts, more])
        return new

    def result(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The classes, ascending, and their counts [grid.size, K]."""
        order = np.argsort(self.codes)
        return np.array(self.codes, dtype=np.int64)[order], self.counts[:, order]


def _inside(line: NDArray[np.int64]) -> tuple[int, int]:
    """The first and the last + 1 place that is not outside; they have no gap."""
    inside = np.flatnonzero(line >= 0)
    return (int(inside[0]), int(inside[-1]) + 1) if inside.size else (0, 0)


def _runs(line: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where runs of equal numbers start, and the number of each."""
    starts = np.concatenate([[0], np.flatnonzero(np.diff(line)) + 1])
    return starts, line[starts]


def _pieces(row: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Start and stop of runs inside the grid, cut where they are too long for a byte."""
    starts, numbers = _runs(row)
    stops = np.append(starts[1:], len(row))
    return [
        (start, min(start + _BYTE, last))
        for first, last, number in zip(starts.tolist(), stops.tolist(), numbers)
        if number >= 0
        for start in range(first, last, _BYTE)
    ]


def _fits(code: int, kind: np.dtype) -> bool:
    limits = np.iinfo(kind)
    return bool(limits.min <= code <= limits.max)
