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
_DEEPEST = 48


class Box(NamedTuple):
    """A rectangle of a plane, without its upper edges.

    Parameters
    ----------
    x, y : float
        Its lowest corner.
    width, height : float
        Its sides.
    """

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> Points:
        """Its middle, shape [1, 2]."""
        return np.array([[self.x + self.width / 2, self.y + self.height / 2]])

    @property
    def halves(self) -> tuple[Box, Box]:
        """Its lower and its upper half, by its longer side."""
        if self.width > self.height:
            low = self._replace(width=self.width / 2)
            return low, low._replace(x=self.middle[0, 0])
        low = self._replace(height=self.height / 2)
        return low, low._replace(y=self.middle[0, 1])

    def distance(self, places: Points) -> Points:
        """Distance of each place [n, 2] to the box, 0 inside of it."""
        apart = np.abs(places - self.middle) - np.array([self.width, self.height]) / 2
        return np.hypot(*np.maximum(apart, 0.0).T)

    def lattice(self, count: int) -> Points:
        """`count` x `count` points at equal distances from edge to edge, shape [count^2, 2]."""
        steps = np.linspace(0.0, 1.0, count)
        across, along = np.meshgrid(self.x + self.width * steps, self.y + self.height * steps)
        return np.column_stack([across.ravel(), along.ravel()])


class Boxes:
    """Rectangles with at most so many of some points: halves of halves of a square.

    The box of a place depends on the place and on these points alone.

    Parameters
    ----------
    points : float64 array [n, 2]
        At least one.
    most : int
        Points in a box.
    """

    def __init__(self, points: Points, most: int) -> None:
        self.points, self.most = points, most
        low, span = points.min(axis=0), float(np.ptp(points, axis=0).max())
        margin = _MARGIN * (span or 1.0)
        side = span + 2.3 * margin
        x, y = (low - margin).tolist()
        self.whole = Box(x, y, side, side)

    def of(self, places: Points) -> Iterator[tuple[Box, Index, Index]]:
        """Each box that holds some of the places [m, 2]; its points, its places, as indices.

        Places outside of all boxes belong to the one at the rim that they face.
        """
        low = np.array(self.whole[:2])
        inside = np.clip(places, low, low + self.whole[2:])
        every = np.arange(len(self.points)), np.arange(len(places))
        waiting = [(self.whole, *every, 0)]
        while waiting:
            box, points, asked, depth = waiting.pop()
            if len(points) <= self.most or depth == _DEEPEST:
                yield box, points, asked
                continue
            axis = int(box.width <= box.height)
            edge = box.middle[0, axis]
            beyond_points = self.points[points, axis] >= edge
            beyond = inside[asked, axis] >= edge
            for half, upper in zip(box.halves, (False, True)):
                own = points[beyond_points == upper], asked[beyond == upper]
                if len(own[1]):
                    waiting.append((half, *own, depth + 1))


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
