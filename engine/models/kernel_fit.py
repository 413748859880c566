"""How the parameters of a kernel are fitted: by the marginal likelihood of patches of cells."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import numpy as np
import torch
from scipy.spatial import cKDTree
from torch import Tensor

from ..language import tr
from ..progress import Part, Progress
from .distances import nearest
from .kernel import Inputs, Kernel, Rows
from .likelihood import negative_log_likelihood

# Steps of a fit that sees all observed cells at once, where more would learn chance by heart, and
# of one that sees patches of them, whose gradients differ.
_STEPS, _STEPS_OF_PATCHES = 25, 45
_RATE = 0.25
# Of these, a fit that sets out from one to most of the same cells takes the last.
_STEPS_ON = 12
# Adam's: how much of its means a step keeps, and what keeps it from dividing by zero.
_DECAY = (0.9, 0.999)
_LEAST_WIDTH = 1e-8
# A step of the fit sees a patch of this many observed cells.
_PATCH = 600
# Bounds of the variance of noise at the start.
_FIRST_NOISE = (0.03, 0.5)
# Places show what varies within a cell: there the shortest range starts at the usual distance of
# places, and takes over most of the noise.
_PLACES_LENGTH, _PLACES_NOISE = 1.0, 0.25
# A share of cells' variance that places can bring back has a logarithm of at least this.
_LEAST_VARIANCE = -3.0
# With fewer places a cell, they tell little of what varies within cells.
_SEVERAL = 1.1


def fit_kernel(
    start: Kernel,
    inputs: Inputs,
    values: Tensor,
    seed: int,
    progress: Progress,
    device: str = "cpu",
    before: Kernel | None = None,
) -> Kernel:
    """Maximise the marginal likelihood of patches of observed cells.

    A patch holds the observed cells nearest to one of them: a random subset would be
    sparser than the data and misjudge short ranges. The first step takes one all the same.

    Where cells hold several places, the kernel is first fitted to the means of cells, which
    tell what features weigh; places then tell how values vary in space, within cells too. In
    the likelihood of places alone, what varies within cells outweighs what sets them apart.

    Parameters
    ----------
    start : Kernel
        Where the fit starts; see `Kernel.start`.
    inputs : Inputs
        The n observed cells, or the places with readings in them.
    values : tensor [n]
        Their values, on the model's scale.
    seed : int
        Chooses the patches.
    progress : Progress
        Receives progress, and the likelihood of each step.
    device : str
        Where to compute.
    before : Kernel, optional
        One that was fitted to most of these: of many cells, the fit takes its last steps alone,
        from there. Places then leave the weights of features as they are.
    """
    values = values.float()
    if before is not None and len(inputs) > _PATCH and before.reads_as(start):
        first = 0 if inputs.rows is None else 2
        begin = _STEPS_OF_PATCHES - _STEPS_ON
        return _maximise(before, inputs, values, seed, progress, device, first, begin)
    if inputs.rows is None:
        begun = _with_noise(start, _first_noise(inputs.position, values))
        return _maximise(begun, inputs, values, seed, progress, device)
    cells, means = _cell_means(inputs, values)
    begun = _with_noise(start, _PLACES_NOISE * _first_noise(inputs.position, values))
    shortest = begun.log_length.new_tensor([math.log(_PLACES_LENGTH)])
    begun = replace(begun, log_length=torch.cat([begun.log_length[:2], shortest]))
    if len(inputs) < _SEVERAL * len(cells):
        return _maximise(begun, inputs, values, seed, progress, device)
    # Positions are in squares that hold one place; the ranges of a start are in cells.
    wide = 0.5 * math.log(len(inputs) / len(cells))
    coarse = _with_noise(start, _first_noise(cells.position, means))
    coarse = replace(coarse, log_length=coarse.log_length + wide)
    part = Part(progress, 0.0, 0.5)
    fitted = _maximise(coarse, cells, means, seed, part, device)
    found = fitted.log_variance[:3].clamp_min(_LEAST_VARIANCE)
    variance = torch.cat([found, begun.log_variance[3:]])
    weighed = fitted.scale_a, fitted.scale_b
    begun = replace(begun, scale_a=weighed[0], scale_b=weighed[1], log_variance=variance)
    part = Part(progress, 0.5, 1.0)
    return _maximise(begun, inputs, values, seed, part, device, first=2)


def _maximise(
    start: Kernel,
    inputs: Inputs,
    values: Tensor,
    seed: int,
    progress: Progress,
    device: str,
    first: int = 0,
    begin: int = 0,
) -> Kernel:
    """Steps from a start, without the first `begin`.

    Of the kernel's parameters those from the number `first` on change.
    """
    generator = torch.Generator().manual_seed(seed)
    kernel = start.to(device).map(lambda part: part.clone().requires_grad_())
    learnt = kernel.parameters[first:]
    adam = Adam(learnt)
    steps = _STEPS if len(inputs) <= _PATCH else _STEPS_OF_PATCHES
    for step in range(begin, steps):
        progress.report((step - begin) / (steps - begin), tr("Fitting"))
        patch = choose_patch(inputs.position, step, generator)
        seen = (inputs[patch].to(device), values[patch].to(device))
        loss = patch_loss(kernel, *seen, step, progress)
        share = 0.95 * 0.5 * (1 + math.cos(math.pi * step / steps)) + 0.05
        adam.step(torch.autograd.grad(loss, learnt), _RATE * share)
        kernel.clamp()
    return kernel.to(torch.float32).to("cpu")


def _cell_means(inputs: Inputs, values: Tensor) -> tuple[Inputs, Tensor]:
    """Each cell's mean position and features, and the mean of its readings."""
    rows = cast("Rows", inputs.rows)
    columns = torch.column_stack([inputs.position, inputs.x, values]) * rows.share[:, None]
    found = torch.zeros(int(rows.cell.max()) + 1, columns.shape[1])
    found.index_add_(0, rows.cell, columns)
    return Inputs(found[:, :2], found[:, 2:-1]), found[:, -1]


def _with_noise(kernel: Kernel, noise: float) -> Kernel:
    noisy = kernel.log_variance.new_tensor([math.log(noise)])
    return replace(kernel, log_variance=torch.cat([kernel.log_variance[:4], noisy]))


def _first_noise(positions: Tensor, values: Tensor) -> float:
    """Half of what nearest neighbours differ by: a fit of few steps finds it no other way."""
    place = positions.double().numpy()
    _, index = nearest(cKDTree(place), place, 1, skip_self=True)
    z = values.double().numpy()
    semivariance = float(np.mean((z - z[index[:, 0]]) ** 2)) / 2
    return float(np.clip(semivariance / 2, *_FIRST_NOISE))


class Adam:
    """Steps of Adam (Kingma and Ba 2015), as of `torch.optim.Adam`, for a few parameters.

    PyTorch's loads its compiler, which takes as long as a fit.

    Parameters
    ----------
    parameters : sequence of Tensor
        Leaves; `step` changes them in place.
    """

    def __init__(self, parameters: Sequence[Tensor]) -> None:
        self._parameters = [part.detach() for part in parameters]
        self._mean = [torch.zeros_like(part) for part in self._parameters]
        self._square = [torch.zeros_like(part) for part in self._parameters]
        self._steps = 0

    def step(self, gradient: Sequence[Tensor], rate: float) -> None:
        """Go down a gradient, which has a tensor for each parameter."""
        self._steps += 1
        first, second = 1 - _DECAY[0] ** self._steps, 1 - _DECAY[1] ** self._steps
        for part, slope, mean, square in zip(self._parameters, gradient, self._mean, self._square):
            mean.lerp_(slope, 1 - _DECAY[0])
            square.mul_(_DECAY[1]).addcmul_(slope, slope, value=1 - _DECAY[1])
            width = (square.sqrt() / math.sqrt(second)).add_(_LEAST_WIDTH)
            part.addcdiv_(mean, width, value=-rate / first)


def choose_patch(positions: Tensor, step: int, generator: torch.Generator) -> Tensor:
    """Indices of the observed cells that a step of the fit sees."""
    if len(positions) <= _PATCH:
        return torch.arange(len(positions))
    if step == 0:
        return torch.randperm(len(positions), generator=generator)[:_PATCH]
    middle = positions[torch.randint(len(positions), (1,), generator=generator)]
    return (positions - middle).square().sum(1).topk(_PATCH, largest=False).indices


def patch_loss(
    kernel: Kernel, inputs: Inputs, values: Tensor, step: int, progress: Progress
) -> Tensor:
    """What a fit makes small: the negative log likelihood of a patch, and a weak prior."""
    loss = negative_log_likelihood(kernel, inputs, values, progress)
    progress.metric("negative_log_likelihood", float(loss.detach()), step)
    return loss + fit_prior(kernel) / len(values)


def fit_prior(kernel: Kernel) -> Tensor:
    """What a fit makes small beside the likelihood of all values together."""
    # Weak knowledge: a group of features matters little, and no direction more than another,
    # until the data say otherwise.
    prior = sum((scale + 3).square().sum() for scale in (kernel.scale_a, kernel.scale_b))
    # A line in covariates tells about a tenth of the variance, until then.
    prior = prior + 16 * kernel.stretch.square().sum() + 0.2 * (kernel.log_slope + 2).square().sum()
    return 0.2 * prior
