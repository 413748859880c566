"""Conditioning on the observed cells that matter for a tile: linear in cells and points."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
import torch
from scipy.spatial import cKDTree
from torch import Tensor

from ..language import tr
from ..progress import Part, Progress, Silent
from .conditioning import cholesky, correlation, spread
from .covariances import Covariances
from .heard import Heard
from .kernel import REACH, Inputs, Kernel
from .tiles import Box, Boxes, Cells, Index, Points, whole_tiles

Tile: TypeAlias = tuple[Box, Index]
"""A box and its own observed cells."""

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
# The first so many of them tell of the variance: what is far tells of the mean.
_TELLING = 320
# The nearest of every so-manieth place of the lattice say what a tile is like.
_STEP = 2
# Cells that are predicted together, in several tiles, listen to so many observed cells.
_TOGETHER = 3000


class LocallyConditioned:
    """The kernel, conditioned tile by tile on nearby and similar observed cells.

    Tiles are boxes of the plane on which covariance falls alike in all directions, and the
    smaller the denser observed cells are. What a tile listens to depends on the box and on
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
    left : tensor [4, n], optional
        That of another one that was conditioned on the same: it takes most of the time.
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
        left: Tensor | None = None,
    ) -> None:
        self.device = device
        self.kernel, self.inputs, self.values = kernel, inputs, values.float()
        generator = torch.Generator().manual_seed(seed)
        order = torch.randperm(len(inputs), generator=generator)
        place = self._places(inputs)
        self.cells = Cells(inputs)
        self.boxes = Boxes(place[self.cells.first], _INSIDE)
        self.place, self.subsets = place, list(_subsets(order.numpy(), place))
        self.pool = order[:_POOL] if inputs.x.shape[1] else order[:0]
        self.alike = Covariances(kernel, inputs[self.pool])
        self._known: dict[Box, Tensor] = {}
        # Of each value, predicted without those of its cell: the mean; its covariance with the mean
        # of its cell; its variance; and the squared error, as a share of the kernel's variance.
        self.left = self._leave_out(progress) if left is None else left
        self.left_out, self.left_shared, self.left_variance, self.scores = self.left

    def parts(self, inputs: Inputs) -> Iterator[tuple[Tensor, Heard]]:
        """Tiles of some cells or places, as indices, and what tells of each."""
        cells = Cells(inputs)
        for box, own, asked in self.boxes.of(self._places(inputs)[cells.first]):
            index = torch.from_numpy(cells.inputs(asked))
            relevant = self._relevant(box, own)
            close = 0 if inputs.offset is None else self._close(box, relevant, inputs.offset)
            known = (self.inputs[relevant], self.values[relevant])
            here = Heard(self.kernel, *known, _TELLING, close, self.device)
            here.scores, here.index = self.scores[relevant].to(self.device), relevant
            for part in whole_tiles(inputs[index], self.tile):
                yield index[part], here

    def correlation(self, inputs: Inputs) -> Tensor:
        """As of `Conditioned`, given what the tiles of these cells listen to."""
        tiles = self.boxes.of(self._places(inputs)[Cells(inputs).first])
        index = torch.cat([self._relevant(box, own) for box, own, _ in tiles]).unique()
        if len(index) > _TOGETHER:
            index = index[torch.linspace(0, len(index) - 1, _TOGETHER).long()]
        known, kernel = self.inputs[index].to(self.device), self.kernel.to(self.device)
        matrix = kernel.covariance(known, known)
        matrix.diagonal().add_(kernel.noise_of(known.rows))
        factor = cholesky(matrix, Silent())
        return correlation(kernel, known, factor, inputs.to(self.device)).cpu()

    def leave_one_out(self) -> tuple[Tensor, Tensor]:
        """Mean and variance of each observed value given the others."""
        return self.left_out, self.left_variance

    def _leave_out(self, progress: Progress) -> Tensor:
        """Predict each observed value without those of its cell: `left`."""
        error, variance, shared = torch.empty(3, len(self.inputs))
        tiles = [(box, own) for box, own, _ in self.boxes.of(self.boxes.points)]
        for box, own in self._watched(tiles, Part(progress, 0.0, 0.9)):
            relevant = self._relevant(box, own)
            tile = torch.from_numpy(self.cells.inputs(own))
            index = torch.cat([relevant[~torch.isin(relevant, tile)], tile])
            known = (self.inputs[index], self.values[index])
            here = Heard(self.kernel, *known, 0, device=self.device)
            error[tile], variance[tile], shared[tile] = here.left_out(len(tile))
        scores = error.square() / variance
        rows, wider = self.inputs.rows, torch.empty(len(self.inputs))
        cell = torch.arange(len(self.inputs)) if rows is None else rows.cell
        for box, own in self._watched(tiles, Part(progress, 0.9, 1.0)):
            relevant = self._relevant(box, own)
            tile = torch.from_numpy(self.cells.inputs(own))
            across = Covariances(self.kernel, self.inputs[relevant]).of(self.inputs[tile])
            across[cell[tile][:, None] == cell[relevant]] = 0.0
            wider[tile] = spread(scores[relevant], across)
        noise = 0.0 if rows is None else self.kernel.noise - self.kernel.noise_of(rows)
        one = wider * (variance + noise)
        return torch.stack([self.values - error, wider * shared, one, scores])

    @staticmethod
    def _watched(tiles: list[Tile], progress: Progress) -> Iterator[Tile]:
        for number, tile in enumerate(tiles):
            progress.report(
                number / len(tiles), tr("Predicting observed cells without their value")
            )
            progress.check_cancelled()
            yield tile

    def _places(self, inputs: Inputs) -> Points:
        """Where inputs lie on the plane of the tiles, each reckoned alone, shape [n, 2]."""
        x, y = inputs.position.double().numpy().T
        (a, b), (c, d) = self.kernel.stretched(torch.eye(2)).double().tolist()
        return np.column_stack([x * a + y * c, x * b + y * d])

    def _close(self, box: Box, relevant: Tensor, offset: Tensor) -> int:
        """From the mean over a cell differ only those of its middle to so many of the first."""
        reach = REACH * float(self.kernel.stretched(offset).norm(dim=1).max())
        far = box.distance(self.place[relevant.numpy()]) > reach
        return int(far.argmax()) if far.any() else len(far)

    def _relevant(self, box: Box, own: Index) -> Tensor:
        """Observed cells that a tile listens to, its `own` and the nearest first."""
        if box in self._known:
            return self._known[box]
        everyone, tree = self.subsets[0]
        count = np.arange(1, min(_NEAREST, len(everyone)) + 1)
        nearest = everyone[tree.query(box.lattice(_LATTICE), k=count)[1]]
        around = [
            subset[tree.query(box.middle, k=min(_AROUND, len(subset)))[1].ravel()]
            for subset, tree in self.subsets
        ]
        near = np.unique(np.concatenate([self.cells.inputs(own), nearest.ravel(), around[0]]))
        found = [near[np.argsort(box.distance(self.place[near]), kind="stable")], *around[1:]]
        if len(self.pool):
            of_tile = torch.from_numpy(np.unique(nearest[::_STEP, 0]))
            alike = self.alike.of(self.inputs[of_tile]).amax(0)
            chosen = alike.topk(min(_ALIKE, len(self.pool))).indices
            found.append(self.pool[chosen].numpy())
        order = np.concatenate(found)
        first = np.sort(np.unique(order, return_index=True)[1])
        self._known[box] = index = torch.from_numpy(order[first])
        return index


def _subsets(order: Index, place: Points) -> Iterator[tuple[Index, cKDTree]]:
    """All observed cells, and random subsets of them, each with a tree of positions."""
    count = len(order)
    while True:
        subset = order[:count]
        yield subset, cKDTree(place[subset])
        if count <= _AROUND:
            return
        count = -(-count // _THINNED)
