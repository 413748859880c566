"""How the parameters of a kernel are fitted: by the marginal likelihood of patches of cells."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from ..language import tr
from ..progress import Progress
from .conditioning import negative_log_likelihood
from .kernel import Inputs, Kernel

_STEPS = 25
_RATE = 0.25
# Adam's: how much of its means a step keeps, and what keeps it from dividing by zero.
_DECAY = (0.9, 0.999)
_LEAST_WIDTH = 1e-8
# A step of the fit sees a patch of this many observed cells.
_PATCH = 600


def fit_kernel(
    start: Kernel,
    inputs: Inputs,
    values: Tensor,
    seed: int,
    progress: Progress,
    device: str = "cpu",
) -> Kernel:
    """Maximise the marginal likelihood of patches of observed cells.

    A patch holds the observed cells nearest to one of them: a random subset would be
    sparser than the data and misjudge short ranges. The first step takes one all the same.
    """
    generator = torch.Generator().manual_seed(seed)
    values = values.float()
    kernel = start.to(device).map(lambda part: part.clone().requires_grad_())
    adam = Adam(kernel.parameters)
    for step in range(_STEPS):
        progress.report(step / _STEPS, tr("Fitting"))
        patch = choose_patch(inputs.position, step, generator)
        seen = (inputs[patch].to(device), values[patch].to(device))
        loss = patch_loss(kernel, *seen, step, progress)
        share = 0.95 * 0.5 * (1 + math.cos(math.pi * step / _STEPS)) + 0.05
        adam.step(torch.autograd.grad(loss, kernel.parameters), _RATE * share)
        kernel.clamp()
    return kernel.to(torch.float32).to("cpu")


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
    # Weak knowledge: a group of features matters little, and no direction more than another,
    # until the data say otherwise.
    prior = sum((scale + 3).square().sum() for scale in (kernel.scale_a, kernel.scale_b))
    return loss + 0.2 / len(values) * (prior + 16 * kernel.stretch.square().sum())
