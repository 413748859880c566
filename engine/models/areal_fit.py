"""A Gaussian process of cells that values of areas tell of: its nodes, its fit, its conditioning.

Observed are means of cells, so that the covariance of two of them is the mean of those of their
cells, A K A' (Kyriakidis 2004, doi 10.1111/j.1538-4632.2004.tb01135.x), beside the noise of each.
A large area is told by some of its cells, the nodes.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import csr_array
from torch import Tensor

from ..data.builders.areas import Areas
from ..data.draws import choose
from ..data.transforms import TargetTransform
from ..language import tr
from ..progress import Part, Progress
from .areal_scales import linearised
from .conditioning import cholesky
from .kernel import Inputs, Kernel
from .kernel_fit import Adam, fit_prior
from .likelihood import negative_log_likelihood

Array = NDArray[np.float64]

# An area has at most so many nodes, all together so many, and each at least so many.
MOST_NODES, _ALL_NODES, _LEAST_NODES = 400, 3000, 3
# While parameters are fitted: nodes of all areas, of each, and areas that a step sees.
_FIT_NODES, _FIT_MOST, _PATCH = 1500, 12, 400
_RATE = 0.25
# Fits, each around the map of the last, and the steps of each.
_ROUNDS = (25, 12)
# Variance of the noise of the value of an area, on the model's scale.
NOISE = 0.01
# Steps to the map around which areas are linear; they grow shorter, so that they settle.
_TURNS, _FULL, _LONGEST, _NEAR = 25, 4, 2.0, 1e-3


@dataclass(frozen=True)
class Nodes:
    """Cells that stand for those of areas.

    Parameters
    ----------
    areas : Areas
        Of these cells alone; `cell` are their numbers in the graph.
    times : float64 array [E]
        How many cells each stands for.
    """

    areas: Areas
    times: Array

    @classmethod
    def of(cls, areas: Areas, number: NDArray[np.int64], cols: int) -> Nodes:
        """Those of areas; `number` [N] are the cells' numbers in a grid of so many columns."""
        row, cell, share, times = [], [], [], []
        cuts = np.searchsorted(areas.row, np.arange(len(areas) + 1))
        most = _each(np.diff(cuts), _ALL_NODES, _LEAST_NODES, MOST_NODES)
        for index, (start, end) in enumerate(itertools.pairwise(cuts)):
            own, weight = areas.cell[start:end], areas.share[start:end]
            chosen, part = choose(*np.divmod(number[own], cols), weight, most)
            row.append(np.full(len(chosen), index))
            cell.append(own[chosen])
            share.append(part)
            times.append(part / np.maximum(weight[chosen], 1e-12))
        places = np.concatenate(row), np.concatenate(cell), np.concatenate(share)
        return cls(Areas(*places, areas.value, areas.kept), np.concatenate(times))

    def fewer(self) -> NDArray[np.int64]:
        """Nodes for a fit, evenly among those of each area."""
        row = self.areas.row
        every = np.bincount(row, minlength=len(self.areas))
        most, count = _each(every, _FIT_NODES, _LEAST_NODES, _FIT_MOST), every[row]
        rank = np.arange(len(row)) - np.searchsorted(row, row)
        step = np.minimum(most / count, 1.0)
        return np.flatnonzero(np.floor((rank + 1) * step + 1e-9) > np.floor(rank * step + 1e-9))


def _each(cells: NDArray[np.int64], every: int, least: int, most: int) -> int:
    """The nodes of an area of many cells, of so many for all: points take none from these."""
    return int(np.clip(every // max(int((cells > 1).sum()), 1), least, most))


class Means:
    """Means over the cells of areas, of matrices with a row for each node.

    Parameters
    ----------
    row : int64 array [M]
        The area of each node.
    weight : float64 array [M]
        Its weight there.
    count : int
        The number of areas.
    """

    def __init__(self, row: NDArray[np.int64], weight: Array, count: int) -> None:
        places = (row, np.arange(len(row)))
        self.shares = csr_array((weight.astype(np.float32), places), shape=(count, len(row)))

    def of(self, matrix: Tensor) -> Tensor:
        """From [M, k] to [areas, k]."""
        return torch.from_numpy(self.shares @ matrix.numpy())

    def both(self, matrix: Tensor) -> Tensor:
        """From [M, M] to [areas, areas]."""
        return self.of(self.of(matrix).T.contiguous())


@dataclass(frozen=True)
class Told:
    """What areas tell, as linear functionals of cells.

    Parameters
    ----------
    weight : float64 array [M]
        Of the nodes.
    value : float64 array [n]
        Of the areas, on the model's scale.
    own : float64 array [n]
        The sum of squares of the weights of all cells: the share of a cell's own variance that the
        mean of the area has.
    """

    weight: Array
    value: Array
    own: Array

    @classmethod
    def around(cls, scale: TargetTransform, nodes: Nodes, location: Array, spread: Array) -> Told:
        """Around a map, of which the nodes are known."""
        weight, value = linearised(scale, nodes.areas, location, spread)
        square = weight**2 / nodes.times
        own = np.bincount(nodes.areas.row, square, len(nodes.areas)).astype(np.float64)
        return cls(weight, value, own)

    def noise(self, kernel: Kernel) -> Tensor:
        """Variance of each value around the mean of its area, shape [n]."""
        return kernel.log_variance[4].exp() * torch.from_numpy(self.own).float() + NOISE


def fit_areas(
    start: Kernel,
    scale: TargetTransform,
    nodes: Nodes,
    inputs: Inputs,
    seed: int,
    progress: Progress,
    kernel: Kernel | None = None,
) -> tuple[Kernel, Told]:
    """Maximise the marginal likelihood of areas, around a map that is found by turns.

    Parameters
    ----------
    start : Kernel
        Where the fit starts.
    scale : TargetTransform
        Of the values.
    nodes : Nodes
        Of the areas.
    inputs : Inputs
        What the kernel sees of each node.
    seed : int
        Chooses the areas that a step sees where there are many.
    progress : Progress
        Receives progress.
    kernel : Kernel, optional
        A fitted kernel to take as it is.

    Returns
    -------
    Kernel, Told
        The kernel, and the areas around the map that it makes of them.
    """
    areas = nodes.areas
    location = scale.forward(areas.value)[areas.row]
    spread: Array = np.zeros(len(location))
    told = Told.around(scale, nodes, location, spread)
    for number, steps in enumerate(_ROUNDS if kernel is None else (0,)):
        part = Part(progress, number / len(_ROUNDS), (number + 0.7) / len(_ROUNDS))
        if steps:
            start = _maximise(start, nodes, told, inputs, steps, seed, part)
        part = Part(progress, (number + 0.7) / len(_ROUNDS), (number + 1) / len(_ROUNDS))
        found = settle(kernel or start, scale, nodes, inputs, (location, spread), part)
        location, spread, told = found
    return kernel or start, told


def settle(
    kernel: Kernel,
    scale: TargetTransform,
    nodes: Nodes,
    inputs: Inputs,
    begin: tuple[Array, Array],
    progress: Progress,
) -> tuple[Array, Array, Told]:
    """The map around which areas are linear and which they then make; at the nodes.

    `begin` are mean and deviation of each node, from where it starts.
    """
    (location, spread), areas = begin, nodes.areas
    covariance = kernel.covariance(inputs, inputs)
    variance = kernel.variance(inputs)
    for turn in range(_TURNS):
        progress.report(turn / _TURNS, tr("Fitting"))
        progress.check_cancelled()
        told = Told.around(scale, nodes, location, spread)
        means = Means(areas.row, told.weight, len(areas))
        across = means.of(covariance)
        matrix = means.of(across.T.contiguous()).double()
        matrix.diagonal().add_(told.noise(kernel).double())
        factor = cholesky(matrix, progress)
        residual = torch.from_numpy(told.value) - kernel.mean.double()
        solved = torch.linalg.solve_triangular(factor.float(), across, upper=False)
        weight = torch.cholesky_solve(residual[:, None], factor)[:, 0]
        middle = (kernel.mean + weight.float() @ across).double().numpy()
        left = (variance - solved.square().sum(0)).clamp_min(0.0) + kernel.noise
        step = middle - location
        share = 1.0 if turn < _FULL else _FULL / turn
        farthest = float(np.abs(step).max())
        location = location + step * min(share, _LONGEST / max(farthest, _NEAR))
        spread = left.double().sqrt().numpy()
        if farthest < _NEAR:
            break
    return location, spread, Told.around(scale, nodes, location, spread)


def _maximise(
    start: Kernel,
    nodes: Nodes,
    told: Told,
    inputs: Inputs,
    steps: int,
    seed: int,
    progress: Progress,
) -> Kernel:
    """Steps of Adam from a start, on some nodes of all areas, or of a random patch of them."""
    few = nodes.fewer()
    row, count = nodes.areas.row[few], len(nodes.areas)
    weight = told.weight[few]
    weight = weight / np.bincount(row, weight, minlength=count)[row]
    own, value = torch.from_numpy(told.own).float(), torch.from_numpy(told.value).float()
    generator = np.random.default_rng(seed)
    kernel = start.map(lambda part: part.clone().requires_grad_())
    adam = Adam(kernel.parameters)
    for step in range(steps):
        progress.report(step / steps, tr("Fitting"))
        progress.check_cancelled()
        seen = np.sort(generator.permutation(count)[:_PATCH])
        number = np.full(count, -1)
        number[seen] = np.arange(len(seen))
        chosen = np.flatnonzero(number[row] >= 0)
        areas = torch.zeros(len(seen), len(chosen))
        place = torch.from_numpy(number[row[chosen]]), torch.arange(len(chosen))
        areas[place] = torch.from_numpy(weight[chosen]).float()
        noise = kernel.log_variance[4].exp() * own[seen] + NOISE
        known = (inputs[torch.from_numpy(few[chosen])], value[seen], progress)
        loss = negative_log_likelihood(kernel, *known, areas, noise)
        progress.metric("negative_log_likelihood", float(loss.detach()), step)
        loss = loss + fit_prior(kernel) / len(seen)
        share = 0.95 * 0.5 * (1 + math.cos(math.pi * step / steps)) + 0.05
        adam.step(torch.autograd.grad(loss, kernel.parameters), _RATE * share)
        kernel.clamp()
    return kernel.map(lambda part: part.detach())
