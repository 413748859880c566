"""The covariance with some observed cells, in few steps over memory that a cache holds."""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import Tensor

from .kernel import EPSILON, Inputs, Kernel

# Processors take fifty times as long where powers of 2 end; what is so little adds nothing.
_LEAST_POWER = -100.0
_LOG2_E = 1 / math.log(2)
# Numbers of which a few arrays stay in the cache of a processor.
_CHUNK = 2**16


class Covariances:
    """`Kernel.covariance` with observed cells, without slopes, in float32.

    Parameters
    ----------
    kernel : Kernel
        Fitted parameters, in float32.
    inputs : Inputs
        The observed cells, or the places with readings.
    close : int
        From the mean over a cell differ only those of the middle to so many of the first inputs.
    """

    def __init__(self, kernel: Kernel, inputs: Inputs, close: int = 0) -> None:
        self.kernel, self.close = kernel, close
        self.axes = kernel.stretched(torch.eye(2, device=inputs.position.device))
        self.x, self.y = self._stretched(inputs.position).T.contiguous()
        self.parts = [_left(part) for part in self._weighted(inputs)]
        self.slopes = kernel.sloped(inputs.x)
        self.variances = kernel.log_variance[:4].exp().tolist()
        self.rates = (-_LOG2_E / kernel.log_length.exp()).tolist()

    def of(self, others: Inputs) -> Tensor:
        """Covariance of each of `others` with each of the inputs, shape [m, n]."""
        parts = [found for _, found in self.chunks(others)]
        return torch.cat(parts) if parts else torch.empty(0, len(self.x))

    def chunks(self, others: Inputs) -> Iterator[tuple[slice, Tensor]]:
        """`of` so many of `others` at once that a cache holds it."""
        place = self._stretched(others.position)
        offset = None if others.offset is None else self._stretched(others.offset)
        parts = [_right(part) for part in self._weighted(others)]
        slopes = self.kernel.sloped(others.x) if len(self.kernel.trend) else None
        step = max(_CHUNK // len(self.x), 1)
        for start in range(0, len(others), step):
            own = slice(start, start + step)
            rows = (place[own], offset, [part[own] for part in parts])
            found = self._covariance(len(self.x), *rows)
            yield own, found if slopes is None else found.addmm_(slopes[own], self.slopes.T)

    def lower(self) -> Tensor:
        """Covariance of the inputs with each other, shape [n, n]; 0 above the diagonal."""
        count = len(self.x)
        found = torch.empty(count, count, device=self.x.device)
        place = torch.column_stack([self.x, self.y])
        parts = [_turned(part) for part in self.parts]
        start = 0
        while start < count:
            # Rows that share what lies above the diagonal: few where they are long.
            end = min(start + max(_CHUNK // (start + 64), 32), count)
            rows = (place[start:end], None, [part[start:end] for part in parts])
            found[start:end, :end] = self._covariance(end, *rows)
            start = end
        if len(self.kernel.trend):
            found.addmm_(self.slopes, self.slopes.T)
        return found.tril_()

    def _stretched(self, position: Tensor) -> Tensor:
        """As of the kernel; to the last digit the same whatever else is asked for."""
        return position[:, :1] * self.axes[0] + position[:, 1:] * self.axes[1]

    def _weighted(self, inputs: Inputs) -> list[Tensor]:
        """Features [n, F] weighted in the two ways; none without features."""
        return list(self.kernel.weighted(inputs.x)) if len(self.kernel.scale_a) else []

    def _covariance(
        self, count: int, place: Tensor, offset: Tensor | None, parts: list[Tensor]
    ) -> Tensor:
        """That of some places with the first `count` of the inputs."""
        _, v1, v2, _ = self.variances
        found, both = self._by_distance(place, slice(count))
        if offset is not None and self.close:
            close = slice(self.close)
            around = [self._by_distance(place + step, close) for step in offset]
            found[:, close] = sum(part[0] for part in around) / len(around)
            means = sum(_power(part[1]) for part in around) / len(around)
            both[:, close] = torch.as_tensor(means).log2()
        if not parts:
            return found.add_(_power(both), alpha=v1)
        found.add_(_power(both.sub_(_apart(parts[0], self.parts[0][:count]))), alpha=v1)
        return found.add_(_power(_apart(parts[1], self.parts[1][:count]).neg_()), alpha=v2)

    def _by_distance(self, place: Tensor, columns: slice) -> tuple[Tensor, Tensor]:
        """What nearness alone gives, and the exponent of what is shared with features."""
        v0, _, _, v3 = self.variances
        r0, r1, r2 = self.rates
        distance = place[:, :1] - self.x[columns]
        along = place[:, 1:] - self.y[columns]
        # Differences are exact where places are parts of a cell.
        distance.mul_(distance).addcmul_(along, along).sqrt_()
        near = _power(torch.mul(distance, r0, out=along)).mul_(v0)
        near.add_(_power(distance * r2), alpha=v3)
        return near, distance.mul_(r1)


def _left(part: Tensor) -> Tensor:
    """What gives squared distances by a product with `_right`, shape [n, F + 2]."""
    square = part.square().sum(1, keepdim=True) + EPSILON
    return _LOG2_E**2 * torch.cat([-2 * part, square, torch.ones_like(square)], 1)


def _right(part: Tensor) -> Tensor:
    square = part.square().sum(1, keepdim=True)
    return torch.cat([part, torch.ones_like(square), square], 1)


def _turned(left: Tensor) -> Tensor:
    """`_right` of what `_left` was made of."""
    return _right(left[:, :-2] / (-2 * _LOG2_E**2))


def _apart(right: Tensor, left: Tensor) -> Tensor:
    """Distances of weighted features as exponents of 2, shape [m, n]."""
    return torch.mm(right, left.T).clamp_min_(EPSILON).sqrt_()


def _power(exponent: Tensor) -> Tensor:
    """2 to the power of numbers up to 0, in place."""
    return exponent.clamp_min_(_LEAST_POWER).exp2_()
