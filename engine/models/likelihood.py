"""The marginal likelihood of observed values, with its gradient worked out by hand."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

from ..progress import Progress
from .conditioning import cholesky
from .kernel import Inputs, Kernel, feature_distance, place_distance

# Two inputs nearer than this are one: distances have no slope where they are 0.
_LEAST_APART = 2e-3


def negative_log_likelihood(
    kernel: Kernel,
    inputs: Inputs,
    values: Tensor,
    progress: Progress,
    areas: Tensor | None = None,
    noise: Tensor | None = None,
) -> Tensor:
    """Of the observed values, a value; less the constant log(2 pi) / 2.

    Of several columns of values, which have one covariance, it is the mean of theirs. Rasmussen
    and Williams (2006), equations 5.8 and 5.9. It can be differentiated in the kernel's
    parameters, the inputs and the values. Automatic differentiation of the covariance takes two
    to three times as long.

    Parameters
    ----------
    kernel : Kernel
        The kernel.
    inputs : Inputs
        The n observed cells, or places with readings.
    values : tensor [n] or [n, K]
        Their values; in columns where several were observed.
    progress : Progress
        Is warned where the matrix is nearly singular.
    areas : tensor [m, n], optional
        The share of each cell in each of the m values, where values are means of cells; `values`
        and `noise` have m then.
    noise : tensor [m], optional
        Variance of the noise of each value; by default as of the kernel.
    """
    noise = kernel.noise_of(inputs.rows).expand(len(inputs)) if noise is None else noise
    place = kernel.stretched(inputs.position)
    features = *kernel.weighted(inputs.x), kernel.sloped(inputs.x)
    residual = values - kernel.mean
    spatial = kernel.log_variance, kernel.log_length
    found: Tensor = _Likelihood.apply(place, *features, *spatial, noise, residual, areas, progress)
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
        areas: Tensor | None,
        progress: Progress,
    ) -> Tensor:
        # Matrices are changed in place: the system gives new memory out slowly.
        count = len(residual)
        v0, v1, v2, v3, _ = log_variance.exp().tolist()
        l0, l1, l2 = log_length.exp().tolist()
        distance = place_distance(place, place)
        long, short = (distance / -l0).exp_().mul_(v0), (distance / -l2).exp_().mul_(v3)
        both = distance / -l1
        if one.shape[1]:
            apart, unlike = feature_distance(one, one), feature_distance(two, two)
            both, alike = both.sub_(apart).exp_().mul_(v1), unlike.neg().exp_().mul_(v2)
            matrix = (long + short).add_(both).add_(alike)
        else:
            both = both.exp_().mul_(v1)
            matrix = (long + short).add_(both)
        if sloped.shape[1]:
            matrix.addmm_(sloped, sloped.T)
        if areas is not None:
            matrix = areas @ matrix @ areas.T
        matrix.diagonal().add_(noise)
        factor = cholesky(matrix, progress)
        columns = residual.reshape(count, -1)
        weight, share = torch.cholesky_solve(columns, factor), 1 / columns.shape[1]
        fit = 0.5 * share * (columns * weight).sum()
        loss = (fit + factor.diagonal().log().sum()) / count

        # By how much the loss grows with each covariance.
        slope = torch.cholesky_inverse(factor).addmm_(weight, weight.T, alpha=-share)
        slope.mul_(0.5 / count)
        noisy = slope.diagonal().clone()
        if areas is not None:
            slope = areas.T @ slope @ areas
        shares = [part.mul_(slope) for part in (long, both, short)]
        variances = [part.sum() for part in shares]
        pulled = [part.ravel() @ distance.ravel() for part in shares]
        lengths = [pull / length for pull, length in zip(pulled, (l0, l1, l2))]
        fall = (long / l0).add_(both, alpha=1 / l1).add_(short, alpha=1 / l2)
        nearer = _pull(fall, distance, place)
        pulls = [torch.zeros_like(one), torch.zeros_like(two)]
        nothing = like = torch.zeros_like(loss)
        if one.shape[1]:
            alike.mul_(slope)
            like = alike.sum()
            pulls = [_pull(both, apart, one), _pull(alike, unlike, two)]
        variances = [*variances[:2], like, variances[2], nothing]
        ctx.gradient = (
            nearer,
            *pulls,
            slope @ (2 * sloped),
            torch.stack(variances),
            torch.stack(lengths),
            noisy,
            weight.reshape(residual.shape) * (share / count),
        )
        return loss

    @staticmethod
    def backward(ctx: Any, *outer: Tensor) -> tuple[Tensor | None, ...]:
        return *(outer[0] * part for part in ctx.gradient), None, None


def _pull(slope: Tensor, distance: Tensor, position: Tensor) -> Tensor:
    """The gradient in positions [n, k] where a loss falls by `slope` [n, n] with each distance.

    Both matrices are used up.
    """
    # Over an infinite distance there is no slope.
    share = slope.div_(torch.threshold_(distance, _LEAST_APART, math.inf))
    return -2 * (share.sum(1, keepdim=True) * position - share @ position)
