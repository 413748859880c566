"""Conditioning on the observed cells that matter for a tile: linear in cells and points."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from scipy.spatial import cKDTree
from torch import Tensor

from ..language import tr
from ..progress import Progress, Silent
from .conditioning import Conditioned
from .kernel import Inputs, Kernel

# Observed cells that a tile listens to: so many nearest, and so many of a random pool that
# are most like its cells, near or far.
_NEAREST = 768
_ALIKE = 256
_POOL = 4096
# Cells of a tile that say what it is like.
_SAMPLE = 32


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
        Chooses the pool of cells that are heard from afar.
    progress : Progress
        Watches the observed values being predicted from each other.
    device : str
        Where to compute; what comes in and out is on the CPU.
    """

    tile = 512

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
        self.tree = cKDTree(inputs.position.numpy())
        generator = torch.Generator().manual_seed(seed)
        self.pool = torch.randperm(len(inputs), generator=generator)[:_POOL]
        self._leave_out(progress)

    def predict(self, inputs: Inputs) -> tuple[Tensor, Tensor]:
        """Mean and variance of a new measurement in each cell of one tile."""
        return self.around(inputs).predict(inputs)

    def around(self, inputs: Inputs) -> Conditioned:
        """What tells of a tile of cells."""
        index = self._relevant(inputs)
        known = (self.inputs[index], self.values[index])
        return Conditioned(self.kernel, *known, Silent(), self.scores[index], self.device)

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
        """Observed cells that a tile listens to."""
        middle = inputs.position.mean(0)
        _, near = self.tree.query(middle.numpy(), k=min(_NEAREST, len(self.inputs)))
        step = max(len(inputs) // _SAMPLE, 1)
        alike = self.kernel.covariance(self.inputs[self.pool], inputs[slice(None, None, step)])
        chosen = alike.amax(1).topk(min(_ALIKE, len(self.pool))).indices
        return torch.cat([torch.from_numpy(near), self.pool[chosen]]).unique()
