"""The covariance of two cells: near in space, alike in their surroundings, or both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Tensor

# Under square roots: keeps the slope finite where two cells are alike.
_EPSILON = 1e-6
# Part of the noise that no fit removes; it keeps the matrices invertible.
_LEAST_NOISE = 1e-3
START_SCALE = -2.5
_START_VARIANCE = (0.3, 0.4, 0.3, 0.1)
_START_LENGTH = (20.0, 12.0, 3.0)
# A unit of `stretch` in log distance: a step of the fit then changes it by little.
_STRETCH_UNIT = 0.4


@dataclass(frozen=True)
class Inputs:
    """What the kernel sees of some cells.

    Parameters
    ----------
    position : tensor [n, 2]
        In cells.
    x : tensor [n, F]
        Scaled neighbourhood features, 0 where missing.
    """

    position: Tensor
    x: Tensor

    def __getitem__(self, index: Tensor | slice) -> Inputs:
        return Inputs(self.position[index], self.x[index])

    def __len__(self) -> int:
        return len(self.position)

    def to(self, target: torch.dtype | str) -> Inputs:
        """The same in another precision, or on another device."""
        return Inputs(self.position.to(target), self.x.to(target))


@dataclass(frozen=True)
class Kernel:
    """The sum of four exponential kernels, and noise.

    With D the distance in cells, along stretched axes, and phi_a, phi_b the features weighted by
    group: `k = v0 exp(-D / L0) + v1 exp(-D / L1 - |phi_a - phi_a'|) + v2 exp(-|phi_b - phi_b'|)
    + v3 exp(-D / L2)`; noise `v4 + 0.001`; constant mean.

    Parameters
    ----------
    scale_a, scale_b : tensor [groups]
        Log of the squared weight of each feature group.
    log_variance : tensor [5]
        Log of v0 to v4.
    log_length : tensor [3]
        Log of L0 to L2, in cells.
    mean : tensor [1]
        The constant mean.
    stretch : tensor [2]
        Geometric anisotropy (p, q): distances are those of positions multiplied by the matrix
        exponential of 0.4 [[p, q], [q, -p]]. Values are alike the farthest along the axis that
        is shortened; areas stay as they are. 0 is isotropic.
    group : int64 tensor [F]
        Group of each feature column.
    """

    scale_a: Tensor
    scale_b: Tensor
    log_variance: Tensor
    log_length: Tensor
    mean: Tensor
    stretch: Tensor
    group: Tensor

    @classmethod
    def start(cls, group: Tensor, groups: int, noise: float) -> Kernel:
        """Where the fit starts: all ranges count alike, and noise has a variance of `noise`."""
        return cls(
            scale_a=torch.full((groups,), START_SCALE),
            scale_b=torch.full((groups,), START_SCALE),
            log_variance=torch.tensor((*_START_VARIANCE, noise)).log(),
            log_length=torch.tensor(_START_LENGTH).log(),
            mean=torch.zeros(1),
            stretch=torch.zeros(2),
            group=group,
        )

    @property
    def parameters(self) -> tuple[Tensor, ...]:
        """All that is learnt."""
        spatial = self.log_variance, self.log_length, self.mean, self.stretch
        return self.scale_a, self.scale_b, *spatial

    def map(self, change: Callable[[Tensor], Tensor]) -> Kernel:
        """The same kernel with every parameter changed."""
        a, b, variance, length, mean, stretch = map(change, self.parameters)
        return Kernel(a, b, variance, length, mean, stretch, self.group)

    def clamp(self) -> None:
        """Bring the parameters back inside their bounds."""
        with torch.no_grad():
            self.scale_a.clamp_(-9.0, 4.0)
            self.scale_b.clamp_(-9.0, 4.0)
            self.log_variance[:4].clamp_(-8.0, 3.0)
            self.log_variance[4:].clamp_(-9.0, 1.0)
            self.log_length.clamp_(-0.7, 6.0)
            self.mean.clamp_(-3.0, 3.0)
            self.stretch.clamp_(-4.0, 4.0)

    def to(self, target: torch.dtype | str) -> Kernel:
        """The same in another precision, or on another device."""
        moved = self.map(lambda part: part.detach().to(target))
        # The group is an index: it keeps its precision.
        return (
            moved
            if isinstance(target, torch.dtype)
            else replace(moved, group=self.group.to(target))
        )

    @property
    def noise(self) -> Tensor:
        """Variance of a measurement around the cell's own value."""
        return self.log_variance[4].exp() + _LEAST_NOISE

    @property
    def variance(self) -> Tensor:
        """Variance of a cell's own value before anything is observed."""
        v0, v1, v2, v3, _ = self.log_variance.exp()
        # Without features, no cell is alike another by them: see `covariance`.
        return v0 + v1 + v3 + (v2 if len(self.scale_a) else 0.0)

    def stretched(self, position: Tensor) -> Tensor:
        """Positions between which covariance falls alike in all directions, shape [n, 2]."""
        p, q = _STRETCH_UNIT * self.stretch
        size = (p * p + q * q + _EPSILON).sqrt()
        # The matrix has no trace, and its square is `size` squared times the identity.
        even, odd = torch.cosh(size), torch.sinh(size) / size
        matrix = torch.stack([even + odd * p, odd * q, odd * q, even - odd * p]).reshape(2, 2)
        return position @ matrix

    def covariance(self, one: Inputs, other: Inputs) -> Tensor:
        """Covariance of the cells' own values, without noise, shape [n, m]."""
        v0, v1, v2, v3, _ = self.log_variance.exp()
        l0, l1, l2 = self.log_length.exp()
        distance = _distance(self.stretched(one.position), self.stretched(other.position))
        near = v0 * torch.exp(-distance / l0) + v3 * torch.exp(-distance / l2)
        if not len(self.scale_a):
            return near + v1 * torch.exp(-distance / l1)
        weight_a, weight_b = (part[self.group].mul(0.5).exp() for part in self.parameters[:2])
        apart_a = _distance(one.x * weight_a, other.x * weight_a)
        apart_b = _distance(one.x * weight_b, other.x * weight_b)
        return near + v1 * torch.exp(-distance / l1 - apart_a) + v2 * torch.exp(-apart_b)


def _distance(one: Tensor, other: Tensor) -> Tensor:
    # Sums of squares are taken from the middle, where they lose the fewest digits.
    middle = other.detach().mean(0)
    one, other = one - middle, other - middle
    square = one.square().sum(1)[:, None] + other.square().sum(1) - 2 * one @ other.T
    return (square.clamp_min(0.0) + _EPSILON).sqrt()
