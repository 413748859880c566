"""The marginal likelihood of observed values, with its gradient worked out by hand."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ..progress import Progress
from .conditioning import cholesky
from .kernel import Inputs, Kernel, feature_distance, place_distance

# Two inputs nearer than this are one: distances have no slope where they are 0.
_LEAST_APART = 2e-3


def negative_log_likelihood(
    kernel: Kernel, inputs: Inputs, values: Tensor, progress: Progress
) -> Tensor:
    """Of the observed values, a value; less the constant log(2 pi) / 2.

    Rasmussen and Williams (2006), equations 5.8 and 5.9. It can be differentiated in the
    kernel's parameters, the inputs and the values. Automatic differentiation of the covariance
    takes two to three times as long.

    Parameters
    ----------
    kernel : Kernel
        The kernel.
    inputs : Inputs
        The n observed cells, or places with readings.
    values : tensor [n]
        Their values.
    progress : Progress
        Is warned where the matrix is nearly singular.
    """
    noise = kernel.noise_of(inputs.rows).expand(len(inputs))
    place = kernel.stretched(inputs.position)
    features = *kernel.weighted(inputs.x), kernel.sloped(inputs.x)
    residual = values - kernel.mean
    spatial = kernel.log_variance, kernel.log_length
    found: Tensor = _Likelihood.apply(place, *features, *spatial, noise, residual, progress)
    return found


class _Likelihood(torch.autograd.Function):
    """See `negative_log_likelihood`; the gradient is found on the way, while all is at hand."""

    @staticmethod
    def forward(
        ctx: Any,
        place: Tensor,
        one: Tensor,
        two: Tensor,
        sloped: Tensor,
        log_variance: Tensor,
        log_length: Tensor,
        noise: Tensor,
        residual: Tensor,
        progress: Progress,
    ) -> Tensor:
        count = len(residual)
        v0, v1, v2, v3, _ = log_variance.exp()
        l0, l1, l2 = log_length.exp()
        distance = place_distance(place, place)
        long, short = v0 * torch.exp(-distance / l0), v3 * torch.exp(-distance / l2)
        if one.shape[1]:
            apart, unlike = feature_distance(one, one), feature_distance(two, two)
            both, alike = v1 * torch.exp(-distance / l1 - apart), v2 * torch.exp(-unlike)
            matrix = long + short + both + alike
        else:
            both = v1 * torch.exp(-distance / l1)
            matrix = long + short + both
        if sloped.shape[1]:
            matrix.addmm_(sloped, sloped.T)
        matrix.diagonal().add_(noise)
        factor = cholesky(matrix, progress)
        weight = torch.cholesky_solve(residual[:, None], factor)
        loss = (0.5 * residual @ weight[:, 0] + factor.diagonal().log().sum()) / count

        # By how much the loss grows with each covariance.
        slope = torch.cholesky_inverse(factor).sub_(weight @ weight.T).mul_(0.5 / count)
        noisy = slope.diagonal().clone()
        long, short, both = slope * long, slope * short, slope * both
        variances = [
            long.sum(),
            both.sum(),
            torch.zeros_like(v2),
            short.sum(),
            torch.zeros_like(v2),
        ]
        lengths = [(each * distance).sum() for each in (long / l0, both / l1, short / l2)]
        nearer = _pull(long / l0 + both / l1 + short / l2, distance, place)
        pulls = [torch.zeros_like(one), torch.zeros_like(two)]
        if one.shape[1]:
            alike = slope * alike
            variances[2] = alike.sum()
            pulls = [_pull(both, apart, one), _pull(alike, unlike, two)]
        ctx.gradient = (
            nearer,
            *pulls,
            2 * slope @ sloped,
            torch.stack(variances),
            torch.stack(lengths),
            noisy,
            weight[:, 0] / count,
        )
        return loss

    @staticmethod
    def backward(ctx: Any, *outer: Tensor) -> tuple[Tensor | None, ...]:
        return *(outer[0] * part for part in ctx.gradient), None


def _pull(slope: Tensor, distance: Tensor, position: Tensor) -> Tensor:
    """The gradient in positions [n, k] where a loss falls by `slope` [n, n] with each distance."""
    share = torch.where(distance < _LEAST_APART, 0.0, slope / distance)
    return -2 * (share.sum(1, keepdim=True) * position - share @ position)
