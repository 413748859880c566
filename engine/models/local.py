"""Conditioning on the observed cells that matter for a tile: linear in cells and points."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from scipy.spatial import cKDTree
from torch import Tensor

from ..language import tr
from ..progress import Progress, Silent
from .conditioning import Conditioned
from .kernel import Inputs, Kernel
from .tiles import Cells, Index, Points, Quadtree, Square, whole_tiles

# A tile holds at most so many observed cells.
_INSIDE = 128
# Observed cells that it listens to besides: the nearest of each place of a lattice over it; of
# ever sparser random subsets, each a fourth of the last, the nearest to its middle, so that it
# hears all directions and distances; and those of a random pool that are most like those near it.
_LATTICE, _NEAREST = 8, 16
_AROUND = 100
_THINNED = 4
_ALIKE = 256
_POOL = 4096
# The nearest of every so-manieth place of the lattice say what a tile is like.
_STEP = 2


class LocallyConditioned:
    """The kernel, conditioned tile by tile on nearby and similar observed cells.

    Tiles are squares of the plane on which covariance falls alike in all directions, and the
    smaller the denser observed cells are. What a tile listens to depends on the square and on
    these alone: what is predicted of a cell does not depend on what else is asked for.

    Parameters
    ----------
    kernel : Kernel
        Fitted parameters.
    inputs : Inputs
        The observed cells.
    values : tensor [n]
        Their values.
    seed : int
        Chooses the subsets of cells that are heard from afar.
    progress : Progress
        Watches the observed values being predicted from each other.
    device : str
        Where to compute; what comes in and out is on the CPU.
    """

    tile = 2048
    """Cells to predict at once."""

    def __init__(
        self,
        kernel: Kernel,
        inputs: Inputs,
        values: Tensor,
        seed: int,
        progress: Progress,
        device: str = "cpu",
    ) -> None:
        self.device = device
        self.kernel, self.inputs, self.values = kernel, inputs, values
        generator = torch.Generator().manual_seed(seed)
        order = torch.randperm(len(inputs), generator=generator)
        place = self._places(inputs)
        self.cells = Cells(inputs)
        self.squares = Quadtree(place[self.cells.first], _INSIDE)
        self.subsets = list(_subsets(order.numpy(), place))
        self.pool = order[:_POOL] if inputs.x.shape[1] else order[:0]
        self._leave_out(progress)

    def parts(self, inputs: Inputs) -> Iterator[tuple[Tensor, Conditioned]]:
        """Tiles of some cells or places, as indices, and what tells of each."""
        cells = Cells(inputs)
        for square, own, asked in self.squares.squares(self._places(inputs)[cells.first]):
            index = torch.from_numpy(cells.inputs(asked))
            relevant = self._relevant(square, self.cells.inputs(own))
            known = (self.inputs[relevant], self.values[relevant])
            scores = self.scores[relevant]
            here = Conditioned(self.kernel, *known, Silent(), scores, self.device)
            for part in whole_tiles(inputs[index], self.tile):
                yield index[part], here

    def leave_one_out(self) -> tuple[Tensor, Tensor]:
        """Mean and variance of each observed value given the others."""
        return self.left_out, self.left_variance

    def _leave_out(self, progress: Progress) -> None:
        count = len(self.inputs)
        self.left_out, self.left_variance, self.left_shared, self.scores = torch.empty(4, count)
        done = 0
        for square, own, _ in self.squares.squares(self.squares.points):
            progress.report(done / count, tr("Predicting observed cells without their value"))
            progress.check_cancelled()
            tile = torch.from_numpy(self.cells.inputs(own))
            others = self._relevant(square, tile.numpy())
            index = torch.cat([tile, others[~torch.isin(others, tile)]])
            known = (self.inputs[index], self.values[index])
            part = Conditioned(self.kernel, *known, Silent(), device=self.device)
            mean, variance = part.leave_one_out()
            first = slice(len(tile))
            self.left_out[tile] = mean[first].float()
            self.left_variance[tile] = variance[first].float()
            self.left_shared[tile] = part.left_shared[first].float().cpu()
            self.scores[tile] = part.scores[first].float().cpu()
            done += len(tile)

    def _places(self, inputs: Inputs) -> Points:
        """Where inputs lie on the plane of the tiles, each reckoned alone, shape [n, 2]."""
        x, y = inputs.position.double().numpy().T
        (a, b), (c, d) = self.kernel.stretched(torch.eye(2)).double().tolist()
        return np.column_stack([x * a + y * c, x * b + y * d])

    def _relevant(self, square: Square, own: Index) -> Tensor:
        """Observed cells that a tile listens to, ascending; it holds its `own`."""
        everyone, tree = self.subsets[0]
        count = min(_NEAREST, len(everyone))
        near = everyone[tree.query(square.lattice(_LATTICE), k=np.arange(1, count + 1))[1]]
        found = [own, near.ravel()]
        for subset, tree in self.subsets:
            found.append(subset[tree.query(square.middle, k=min(_AROUND, len(subset)))[1].ravel()])
        index = torch.from_numpy(np.unique(np.concatenate(found)))
        if len(self.pool) == 0:
            return index
        of_tile = torch.from_numpy(np.unique(near[::_STEP, 0]))
        alike = self.kernel.covariance(self.inputs[self.pool], self.inputs[of_tile])
        chosen = alike.amax(1).topk(min(_ALIKE, len(self.pool))).indices
        return torch.cat([index, self.pool[chosen]]).unique()


def _subsets(order: Index, place: Points) -> Iterator[tuple[Index, cKDTree]]:
    """All observed cells, and random subsets of them, each with a tree of positions."""
    count = len(order)
    while True:
        subset = order[:count]
        yield subset, cKDTree(place[subset])
        if count <= _AROUND:
            return
        count = -(-count // _THINNED)
