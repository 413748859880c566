"""How the parameters of a kernel are fitted: by the marginal likelihood of patches of cells."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from ..language import tr
from ..progress import Progress
from .conditioning import negative_log_likelihood
from .kernel import Inputs, Kernel

_STEPS = 25
_RATE = 0.25
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
    optimiser = torch.optim.Adam(kernel.parameters, lr=_RATE)
    rate = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: 0.95 * 0.5 * (1 + math.cos(math.pi * step / _STEPS)) + 0.05
    )
    for step in range(_STEPS):
        progress.report(step / _STEPS, tr("Fitting"))
        patch = choose_patch(inputs.position, step, generator)
        optimiser.zero_grad()
        seen = (inputs[patch].to(device), values[patch].to(device))
        patch_loss(kernel, *seen, step, progress).backward()
        optimiser.step()
        rate.step()
        kernel.clamp()
    return kernel.to(torch.float32).to("cpu")


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
    # Weak knowledge: a group of features matters little until the data say otherwise.
    prior = sum((scale + 3).square().sum() for scale in (kernel.scale_a, kernel.scale_b))
    return loss + 0.2 / len(values) * prior
