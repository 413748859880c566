"""Conditioning on the observed cells that matter for a tile: linear in cells and points."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from torch import Tensor

from ..language import tr
from ..progress import Progress, Silent
from .conditioning import Conditioned
from .kernel import Inputs, Kernel
from .tiles import tiles, whole_tiles

# Observed cells that a tile listens to: the nearest of each of its cells; of ever sparser
# random subsets, each a fourth of the last, the nearest to its middle, so that it hears all
# directions and distances; and those of a random pool that are most like its cells.
_NEAREST = 16
_AROUND = 100
_THINNED = 4
_ALIKE = 256
_POOL = 4096
# Cells of a tile that say what it is like.
_SAMPLE = 32
# A tile that listens to more is halved: the cost is cubic in them.
_MOST = 1536


class LocallyConditioned:
    """The kernel, conditioned tile by tile on nearby and similar observed cells.

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

    tile = 256

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
        place = kernel.stretched(inputs.position).numpy()
        self.subsets = list(_subsets(order.numpy(), place))
        self.pool = order[:_POOL] if inputs.x.shape[1] else order[:0]
        self._leave_out(progress)

    def parts(self, inputs: Inputs) -> Iterator[tuple[Tensor, Conditioned]]:
        """Tiles of some cells or places, as indices, and what tells of each."""
        waiting = [torch.arange(len(inputs))]
        while waiting:
            index = waiting.pop()
            relevant = self._relevant(inputs[index]) if len(index) <= self.tile else None
            if relevant is None or (len(relevant) > _MOST and len(index) > 1):
                most = min(self.tile, -(-len(index) // 2))
                halves = [index[part] for part in whole_tiles(inputs[index], most)]
                if len(halves) > 1 or relevant is None:
                    waiting += halves
                    continue
            known = (self.inputs[relevant], self.values[relevant])
            scores = self.scores[relevant]
            yield index, Conditioned(self.kernel, *known, Silent(), scores, self.device)

    def leave_one_out(self) -> tuple[Tensor, Tensor]:
        """Mean and variance of each observed value given the others."""
        return self.left_out, self.left_variance

    def _leave_out(self, progress: Progress) -> None:
        count = len(self.inputs)
        self.left_out, self.left_variance, self.left_shared, self.scores = torch.empty(4, count)
        done = 0
        for tile in tiles(self.inputs.position, self.tile):
            progress.report(done / count, tr("Predicting observed cells without their value"))
            progress.check_cancelled()
            others = self._relevant(self.inputs[tile])
            index = torch.cat([tile, others[~torch.isin(others, tile)]])
            known = (self.inputs[index], self.values[index])
            part = Conditioned(self.kernel, *known, Silent(), device=self.device)
            mean, variance = part.leave_one_out()
            own = slice(len(tile))
            self.left_out[tile], self.left_variance[tile] = mean[own].float(), variance[own].float()
            self.left_shared[tile] = part.left_shared[own].float().cpu()
            self.scores[tile] = part.scores[own].float().cpu()
            done += len(tile)

    def _relevant(self, inputs: Inputs) -> Tensor:
        """Observed cells that a tile listens to, ascending."""
        place = self.kernel.stretched(inputs.position).numpy()
        everyone, tree = self.subsets[0]
        found = [everyone[tree.query(place, k=min(_NEAREST, len(everyone)))[1].ravel()]]
        middle = place.mean(axis=0, keepdims=True)
        for subset, tree in self.subsets:
            found.append(subset[tree.query(middle, k=min(_AROUND, len(subset)))[1].ravel()])
        index = torch.from_numpy(np.unique(np.concatenate(found)))
        if len(self.pool) == 0:
            return index
        step = max(len(inputs) // _SAMPLE, 1)
        alike = self.kernel.covariance(self.inputs[self.pool], inputs[slice(None, None, step)])
        chosen = alike.amax(1).topk(min(_ALIKE, len(self.pool))).indices
        return torch.cat([index, self.pool[chosen]]).unique()


def _subsets(
    order: NDArray[np.int64], place: NDArray[np.float32]
) -> Iterator[tuple[NDArray[np.int64], cKDTree]]:
    """All observed cells, and random subsets of them, each with a tree of positions."""
    count = len(order)
    while True:
        subset = order[:count]
        yield subset, cKDTree(place[subset])
        if count <= _AROUND:
            return
        count = -(-count // _THINNED)
