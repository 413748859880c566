"""The covariance with some observed cells, in few steps over memory that a cache holds."""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import Tensor

from .kernel import Inputs, Kernel

# Under square roots, as `kernel` has it.
_EPSILON = 1e-6
# Processors take fifty times as long where powers of 2 end; what is so little adds nothing.
_LEAST_POWER = -100.0
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
        self.x, self.y = kernel.stretched(inputs.position).T.contiguous()
        self.parts = [_left(part) for part in self._weighted(inputs)]
        self.variances = kernel.log_variance[:4].exp().tolist()
        self.rates = (-1 / (math.log(2) * kernel.log_length.exp())).tolist()

    def of(self, others: Inputs) -> Tensor:
        """Covariance of each of `others` with each of the inputs, shape [m, n]."""
        found = torch.empty(len(others), len(self.x), device=self.x.device)
        place = self.kernel.stretched(others.position)
        offset = None if others.offset is None else self.kernel.stretched(others.offset)
        self._fill(found, len(self.x), place, offset, [*map(_right, self._weighted(others))])
        return found

    def chunks(self, others: Inputs) -> Iterator[tuple[slice, Tensor]]:
        """`of` so many of `others` at once that a cache holds it."""
        step = max(_CHUNK // len(self.x), 1)
        for start in range(0, len(others), step):
            own = slice(start, start + step)
            yield own, self.of(others[own])

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
            self._fill(found[start:end, :end], end, *rows)
            start = end
        return found.tril_()

    def _weighted(self, inputs: Inputs) -> list[Tensor]:
        """Features [n, F] weighted in the two ways; none without features."""
        kernel = self.kernel
        if not len(kernel.scale_a):
            return []
        weights = (part[kernel.group].mul(0.5).exp() for part in (kernel.scale_a, kernel.scale_b))
        return [inputs.x * weight for weight in weights]

    def _fill(
        self, found: Tensor, count: int, place: Tensor, offset: Tensor | None, parts: list[Tensor]
    ) -> None:
        """Write the covariance of some places with the first `count` of the inputs."""
        v2 = self.variances[2]
        near, both = self._by_distance(place, slice(count))
        if offset is not None and self.close:
            close = slice(self.close)
            around = [self._by_distance(place + step, close) for step in offset]
            for whole, each in ((near, 0), (both, 1)):
                whole[:, close] = sum(part[each] for part in around) / len(around)
        if not parts:
            torch.add(near, both, out=found)
            return
        apart = torch.mm(parts[0], self.parts[0][:count].T)
        apart.clamp_min_(_EPSILON).sqrt_().mul_(-1 / math.log(2))
        near.addcmul_(both, _power(apart))
        torch.mm(parts[1], self.parts[1][:count].T, out=apart)
        apart.clamp_min_(_EPSILON).sqrt_().mul_(-1 / math.log(2))
        torch.add(near, _power(apart), alpha=v2, out=found)

    def _by_distance(self, place: Tensor, columns: slice) -> tuple[Tensor, Tensor]:
        """What nearness alone gives, and what is shared with features; both [m, columns]."""
        v0, v1, _, v3 = self.variances
        r0, r1, r2 = self.rates
        distance = place[:, :1] - self.x[columns]
        along = place[:, 1:] - self.y[columns]
        # Differences are exact where places are parts of a cell.
        distance.mul_(distance).addcmul_(along, along).sqrt_()
        near = _power(torch.mul(distance, r0, out=along)).mul_(v0)
        near.add_(_power(distance * r2), alpha=v3)
        return near, _power(distance.mul_(r1)).mul_(v1)


def _left(part: Tensor) -> Tensor:
    """What gives squared distances by a product with `_right`, shape [n, F + 2]."""
    square = part.square().sum(1, keepdim=True) + _EPSILON
    return torch.cat([-2 * part, square, torch.ones_like(square)], 1)


def _right(part: Tensor) -> Tensor:
    square = part.square().sum(1, keepdim=True)
    return torch.cat([part, torch.ones_like(square), square], 1)


def _turned(left: Tensor) -> Tensor:
    """`_right` of what `_left` was made of."""
    return _right(left[:, :-2] * -0.5)


def _power(exponent: Tensor) -> Tensor:
    """2 to the power of numbers up to 0, in place."""
    return exponent.clamp_min_(_LEAST_POWER).exp2_()
