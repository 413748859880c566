"""The covariance of two cells or places: near in space, alike in surroundings, or both."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Tensor

# Under square roots: keeps the slope finite where two cells are alike.
EPSILON = 1e-6
# Part of the noise that no fit removes; it keeps the matrices invertible.
_LEAST_NOISE = 1e-3
START_SCALE = -2.5
_START_VARIANCE = (0.3, 0.4, 0.3, 0.1)
_START_LENGTH = (20.0, 12.0, 3.0)
# Under the root of a squared stretch: so little that 0 leaves every digit of a position.
_LEAST_SQUARE = 1e-12
# A unit of `stretch` in log distance: a step of the fit then changes it by little.
_STRETCH_UNIT = 0.4
_START_NOISE = 0.1
_START_SLOPE = -1.5
# Up to so many times the farthest offset, the mean over a cell differs from its middle: 3 cells.
REACH = 10.0


@dataclass(frozen=True)
class Rows:
    """What is known of inputs that are places with readings.

    Parameters
    ----------
    cell : int64 tensor [n]
        The cell of each place.
    share : tensor [n]
        The share of the readings of its cell that a place has.
    count : tensor [n]
        How many readings the value of each place is the mean of.
    error : tensor [n]
        Variance of one reading around the mean at its place, the same for all; infinite where
        nobody knows it.
    """

    cell: Tensor
    share: Tensor
    count: Tensor
    error: Tensor

    def __getitem__(self, index: Tensor | slice) -> Rows:
        return Rows(self.cell[index], self.share[index], self.count[index], self.error[index])

    def to(self, target: torch.dtype | str) -> Rows:
        """The same in another precision, or on another device."""
        # The cell is an index: it keeps its precision.
        cell = self.cell if isinstance(target, torch.dtype) else self.cell.to(target)
        return Rows(cell, *(part.to(target) for part in (self.share, self.count, self.error)))


@dataclass(frozen=True)
class Inputs:
    """What the kernel sees of some cells or places.

    Parameters
    ----------
    position : tensor [n, 2]
        In cells.
    x : tensor [n, F]
        Scaled neighbourhood features, 0 where missing.
    rows : Rows, optional
        What is known of places with readings; None for the middles of cells.
    offset : tensor [Q, 2], optional
        The mean over places this far from each position is meant, in cells.
    place : int64 tensor [n, 2], optional
        Row and column of each in the grid of the map, where all cells of a map, or of whole
        squares of it, are asked about.
    """

    position: Tensor
    x: Tensor
    rows: Rows | None = None
    offset: Tensor | None = None
    place: Tensor | None = None

    def __getitem__(self, index: Tensor | slice) -> Inputs:
        rows = None if self.rows is None else self.rows[index]
        place = None if self.place is None else self.place[index]
        return Inputs(self.position[index], self.x[index], rows, self.offset, place)

    def __len__(self) -> int:
        return len(self.position)

    def to(self, target: torch.dtype | str) -> Inputs:
        """The same in another precision, or on another device."""
        rows = None if self.rows is None else self.rows.to(target)
        offset = None if self.offset is None else self.offset.to(target)
        return Inputs(self.position.to(target), self.x.to(target), rows, offset, self.place)


@dataclass(frozen=True)
class Kernel:
    """The sum of four exponential kernels and a linear one, and noise.

    With D the distance in cells, along stretched axes, phi_a, phi_b the features weighted by
    group, and t the `trend` columns of the features over the root of their number of groups:
    `k = v0 exp(-D / L0) + v1 exp(-D / L1 - |phi_a - phi_a'|) + v2 exp(-|phi_b - phi_b'|)
    + v3 exp(-D / L2) + s t . t'`; noise `v4 + 0.001`; constant mean. The linear kernel is that of
    a linear trend whose slopes have a variance of s (Rasmussen and Williams 2006, section 2.1).

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
    log_slope : tensor [1]
        Log of s, the variance of the slopes of the trend.
    group : int64 tensor [F]
        Group of each feature column.
    trend : int64 tensor [T]
        The feature columns that values may follow in a straight line; none for no trend.
    """

    scale_a: Tensor
    scale_b: Tensor
    log_variance: Tensor
    log_length: Tensor
    mean: Tensor
    stretch: Tensor
    log_slope: Tensor
    group: Tensor
    trend: Tensor

    @classmethod
    def start(
        cls, group: Tensor, groups: int, noise: float = _START_NOISE, trend: Tensor | None = None
    ) -> Kernel:
        """Where the fit starts: all ranges count alike, and noise has a variance of `noise`."""
        return cls(
            scale_a=torch.full((groups,), START_SCALE),
            scale_b=torch.full((groups,), START_SCALE),
            log_variance=torch.tensor((*_START_VARIANCE, noise)).log(),
            log_length=torch.tensor(_START_LENGTH).log(),
            mean=torch.zeros(1),
            stretch=torch.zeros(2),
            log_slope=torch.full((1,), _START_SLOPE),
            group=group,
            trend=group[:0] if trend is None else trend,
        )

    @property
    def parameters(self) -> tuple[Tensor, ...]:
        """All that is learnt."""
        spatial = self.log_variance, self.log_length, self.mean, self.stretch
        return self.scale_a, self.scale_b, *spatial, self.log_slope

    def map(self, change: Callable[[Tensor], Tensor]) -> Kernel:
        """The same kernel with every parameter changed."""
        a, b, variance, length, mean, stretch, slope = map(change, self.parameters)
        return Kernel(a, b, variance, length, mean, stretch, slope, self.group, self.trend)

    def reads_as(self, other: Kernel) -> bool:
        """Whether the two read the same columns of features in the same groups."""
        alike = (self.group, other.group), (self.trend, other.trend)
        return all(torch.equal(one, two) for one, two in alike)

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
            self.log_slope.clamp_(-12.0, 3.0)

    def to(self, target: torch.dtype | str) -> Kernel:
        """The same in another precision, or on another device."""
        moved = self.map(lambda part: part.detach().to(target))
        # Indices keep their precision.
        if isinstance(target, torch.dtype):
            return moved
        return replace(moved, group=self.group.to(target), trend=self.trend.to(target))

    @property
    def noise(self) -> Tensor:
        """Variance of a measurement around the cell's own value."""
        return self.log_variance[4].exp() + _LEAST_NOISE

    def noise_of(self, rows: Rows | None) -> Tensor:
        """Variance of the value at each place [n] around the field: that of a mean of readings.

        Readings at one place share what varies within a hand's breadth; their mean has less of
        the error of measurement alone.
        """
        if rows is None:
            return self.noise
        return self.noise - torch.minimum(rows.error, self.noise) * (1 - 1 / rows.count)

    def variance(self, inputs: Inputs) -> Tensor:
        """Variance of each cell's own value before anything is observed, shape [n]."""
        v0, v1, v2, v3, _ = self.log_variance.exp()
        # Without features, no cell is alike another by them: see `covariance`.
        stationary = v0 + v1 + v3 + (v2 if len(self.scale_a) else 0.0)
        return stationary + self.sloped(inputs.x).square().sum(1)

    def sloped(self, x: Tensor) -> Tensor:
        """The trend's columns of features [n, F], whose products are its covariance, [n, T]."""
        if not len(self.trend):
            return x[:, :0]
        groups = len(self.group[self.trend].unique())
        return x[:, self.trend] * (0.5 * self.log_slope).exp() / math.sqrt(groups)

    def stretched(self, position: Tensor) -> Tensor:
        """Positions between which covariance falls alike in all directions, shape [n, 2]."""
        p, q = _STRETCH_UNIT * self.stretch
        size = (p * p + q * q + _LEAST_SQUARE).sqrt()
        # The matrix has no trace, and its square is `size` squared times the identity.
        even, odd = torch.cosh(size), torch.sinh(size) / size
        matrix = torch.stack([even + odd * p, odd * q, odd * q, even - odd * p]).reshape(2, 2)
        return position @ matrix

    def covariance(self, one: Inputs, other: Inputs) -> Tensor:
        """Covariance of the cells' own values, without noise, shape [n, m].

        With an `offset`, the mean of those of `one` with the places around each of `other`.
        """
        if len(self.trend):
            return self._falling(one, other) + self.sloped(one.x) @ self.sloped(other.x).T
        return self._falling(one, other)

    def _falling(self, one: Inputs, other: Inputs) -> Tensor:
        """The part of `covariance` that falls with distances."""
        if one.rows is not None or other.rows is not None or other.offset is not None:
            return self._of_places(one, other)
        v0, v1, v2, v3, _ = self.log_variance.exp()
        l0, l1, l2 = self.log_length.exp()
        distance = feature_distance(self.stretched(one.position), self.stretched(other.position))
        near = v0 * torch.exp(-distance / l0) + v3 * torch.exp(-distance / l2)
        if not len(self.scale_a):
            return near + v1 * torch.exp(-distance / l1)
        apart_a, apart_b = self._apart(one, other)
        return near + v1 * torch.exp(-distance / l1 - apart_a) + v2 * torch.exp(-apart_b)

    def _of_places(self, one: Inputs, other: Inputs) -> Tensor:
        """`_falling` where distances are parts of a cell."""
        near, both = self._by_distance(one.position, other.position)
        if other.offset is not None:
            # Some cells away, the mean over a cell is what its middle has.
            reach = REACH * other.offset.abs().amax(0)
            low, high = other.position.amin(0) - reach, other.position.amax(0) + reach
            close = ((one.position >= low) & (one.position <= high)).all(1)
            around = [
                self._by_distance(one.position[close], other.position + each)
                for each in other.offset
            ]
            near[close], both[close] = (torch.stack(parts).mean(0) for parts in zip(*around))
        if not len(self.scale_a):
            return near + both
        _, _, v2, _, _ = self.log_variance.exp()
        apart_a, apart_b = self._apart(one, other)
        return near + both * torch.exp(-apart_a) + v2 * torch.exp(-apart_b)

    def _by_distance(self, one: Tensor, other: Tensor) -> tuple[Tensor, Tensor]:
        """What nearness alone gives, and what is shared with features, of places; both [n, m]."""
        v0, v1, _, v3, _ = self.log_variance.exp()
        l0, l1, l2 = self.log_length.exp()
        distance = place_distance(self.stretched(one), self.stretched(other))
        near = v0 * torch.exp(-distance / l0) + v3 * torch.exp(-distance / l2)
        return near, v1 * torch.exp(-distance / l1)

    def within(self, inputs: Inputs) -> Tensor:
        """Covariance of places of one cell, whose features are the same, shape [n, n]."""
        near, both = self._by_distance(inputs.position, inputs.position)
        alike = near + both + (self.log_variance[2].exp() if len(self.scale_a) else 0.0)
        return alike + self.sloped(inputs.x).square().sum(1)

    def weighted(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Features [n, F] weighted in the two ways."""
        one, two = (part[self.group].mul(0.5).exp() for part in (self.scale_a, self.scale_b))
        return x * one, x * two

    def _apart(self, one: Inputs, other: Inputs) -> tuple[Tensor, Tensor]:
        """Distances of the features, weighted in the two ways, both [n, m]."""
        (one_a, one_b), (other_a, other_b) = map(self.weighted, (one.x, other.x))
        return feature_distance(one_a, other_a), feature_distance(one_b, other_b)


def place_distance(one: Tensor, other: Tensor) -> Tensor:
    """Distances of places [n, 2] and [m, 2], exact where they are parts of a cell."""
    return torch.cdist(one, other, compute_mode="donot_use_mm_for_euclid_dist")


def feature_distance(one: Tensor, other: Tensor) -> Tensor:
    """Distances of features [n, F] and [m, F], by one product of matrices."""
    # Sums of squares are taken from a middle, where they lose the fewest digits: that of `one`,
    # so that the digits that are lost do not depend on what else is asked for.
    middle = one.detach().mean(0)
    one, other = one - middle, other - middle
    square = (-2 * one @ other.T).add_(one.square().sum(1)[:, None]).add_(other.square().sum(1))
    return square.clamp_min_(0.0).add_(EPSILON).sqrt_()
