"""Compact groups of cells or places, of which a model predicts one after the other."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..data.builders.squares import SQUARE
from .kernel import Inputs

Points = NDArray[np.float64]
Index = NDArray[np.int64]

# The square around all points is so much wider than they are: rows of cells, which lie at whole
# numbers, then do not lie on the edges of its parts.
_MARGIN = 0.0271828
# Points that no halving sets apart are as good as one.
_DEEPEST = 24


class Square(NamedTuple):
    """A square of a plane, without its upper edges.

    Parameters
    ----------
    x, y : float
        Its lowest corner.
    side : float
        Its width.
    """

    x: float
    y: float
    side: float

    @property
    def middle(self) -> Points:
        """Its middle, shape [1, 2]."""
        return np.array([[self.x, self.y]]) + self.side / 2

    def lattice(self, count: int) -> Points:
        """`count` x `count` points at equal distances from edge to edge, shape [count^2, 2]."""
        steps = np.linspace(0.0, self.side, count)
        across, along = np.meshgrid(self.x + steps, self.y + steps)
        return np.column_stack([across.ravel(), along.ravel()])


class Quadtree:
    """Squares with at most so many of some points, by halving the sides of wider ones.

    The square of a place depends on the place and on these points alone.

    Parameters
    ----------
    points : float64 array [n, 2]
        At least one.
    most : int
        Points in a square.
    """

    def __init__(self, points: Points, most: int) -> None:
        self.points, self.most = points, most
        low, span = points.min(axis=0), float(np.ptp(points, axis=0).max())
        margin = _MARGIN * (span or 1.0)
        x, y = (low - margin).tolist()
        self.root = Square(x, y, span + 2.3 * margin)

    def squares(self, places: Points) -> Iterator[tuple[Square, Index, Index]]:
        """Each square that holds some of the places [m, 2]; its points, its places, as indices.

        Places outside of all squares belong to the square at the rim that they face.
        """
        inside = np.clip(places, self.root[:2], np.add(self.root[:2], self.root.side))
        every = np.arange(len(self.points)), np.arange(len(places))
        waiting = [(self.root, *every, 0)]
        while waiting:
            square, points, asked, depth = waiting.pop()
            if len(points) <= self.most or depth == _DEEPEST:
                yield square, points, asked
                continue
            middle, half = square.middle[0], square.side / 2
            of_points, of_asked = (
                (each >= middle) @ (1, 2) for each in (self.points[points], inside[asked])
            )
            for part in np.unique(of_asked):
                corner = Square(square.x + part % 2 * half, square.y + part // 2 * half, half)
                own = points[of_points == part], asked[of_asked == part]
                waiting.append((corner, *own, depth + 1))


class Cells:
    """Which of some inputs are of each cell: places with readings, or the cell itself.

    Parameters
    ----------
    inputs : Inputs
        Cells, or places with readings in cells.

    Attributes
    ----------
    first : int64 array [cells]
        The first input of each cell.
    """

    def __init__(self, inputs: Inputs) -> None:
        every = np.arange(len(inputs))
        cell = every if inputs.rows is None else inputs.rows.cell.numpy()
        self._order = np.argsort(cell, kind="stable")
        _, self._start, self._count = np.unique(
            cell[self._order], return_index=True, return_counts=True
        )
        self.first = self._order[self._start]

    def inputs(self, cells: Index) -> Index:
        """The inputs of some cells, which are indices of `first`, cell after cell."""
        count = self._count[cells]
        before = np.cumsum(count) - count
        each = np.repeat(self._start[cells] - before, count) + np.arange(count.sum())
        return self._order[each]


def tiles(positions: Tensor, most: int) -> Iterator[Tensor]:
    """Index sets of compact groups of at most `most` cells: halves of halves."""
    waiting = [torch.arange(len(positions))]
    while waiting:
        index = waiting.pop()
        if len(index) <= most:
            yield index
            continue
        here = positions[index]
        axis = int((here.amax(0) - here.amin(0)).argmax())
        order = here[:, axis].argsort(stable=True)
        half = len(index) // 2
        waiting += [index[order[half:]], index[order[:half]]]


def whole_tiles(inputs: Inputs, most: int) -> Iterator[Tensor]:
    """Index sets of compact groups of inputs, about `most` each; no cell's places are parted.

    Of cells with a `place` they are squares of the map's grid, whatever else is asked: processors
    round what they work on together in the same way.
    """
    if inputs.place is not None:
        side = min(2 ** int(math.log2(most) / 2), SQUARE)
        row, col = inputs.place.numpy().T // side
        _, number = np.unique(row * (col.max() + 1) + col, return_inverse=True)
        order = torch.from_numpy(np.argsort(number, kind="stable"))
        yield from order.split(np.bincount(number).tolist())
        return
    if inputs.rows is None:
        yield from tiles(inputs.position, most)
        return
    cells = Cells(inputs)
    for tile in tiles(inputs.position[cells.first], max(most * len(cells.first) // len(inputs), 1)):
        yield torch.from_numpy(cells.inputs(tile.numpy()))
