"""Draws of the kernel's process, as sums of waves: the same at a place whatever else is asked for.

A covariance that falls with distance is the mean of cosines over its spectral density (Rahimi and
Recht 2007, "Random features for large-scale kernel machines"): that of `exp(-|x|)` is a Cauchy
distribution, a normal vector over the size of a normal number. Frequencies are drawn evenly, by
Sobol numbers (Avron et al. 2016, "Quasi-Monte Carlo feature maps", JMLR 17), so that few of them
make the covariance of all distances.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import Tensor

from ..data.draws import normal_numbers
from .kernel import Inputs, Kernel

# Frequencies of each part of the kernel; each is a sine and a cosine.
_FREQUENCIES = 1024
# The share of frequencies beyond one is taken to this power: with 1 they come as they are drawn.
_OFTENER = 3.0
# Sobol numbers stay so far from 0 and 1, where normal ones are infinite.
_EDGE = 2.0**-31
# Numbers of which a few arrays stay in the cache of a processor.
_CHUNK = 2**18


class Waves:
    """Draws of a process with a kernel before anything is observed.

    Parameters
    ----------
    kernel : Kernel
        Fitted parameters.
    known : Inputs
        The n observed cells, or places with readings.
    count : int
        How many draws.
    seed : int
        Of the draws.

    Attributes
    ----------
    seen : tensor [n, count]
        Draws of what was observed, with noise.
    """

    def __init__(self, kernel: Kernel, known: Inputs, count: int, seed: int) -> None:
        self.kernel, self.count, self.seed = kernel.to("cpu").to(torch.float64), count, seed
        self._generator = torch.Generator().manual_seed(seed)
        self._parts = list(self._drawn(known.x.shape[1]))
        self._slopes = self._normal(len(kernel.trend))
        noise = self.kernel.noise_of(known.rows).sqrt().reshape(-1, 1)
        self.seen = self.at(known) + noise * self._normal(len(known))

    def at(self, inputs: Inputs) -> Tensor:
        """The value of each draw in cells or places, without noise, float64 tensor [n, count]."""
        found = torch.empty(len(inputs), self.count, dtype=torch.float64)
        step = max(_CHUNK // _FREQUENCIES, 1)
        for start in range(0, len(inputs), step):
            some = slice(start, start + step)
            own = inputs[some].to("cpu").to(torch.float64)
            read = torch.column_stack(
                [self.kernel.stretched(own.position), *self.kernel.weighted(own.x)]
            )
            found[some] = self.kernel.sloped(own.x) @ self._slopes
            for frequency, weight in self._parts:
                # Large phases keep their digits; what is left of a turn needs few.
                phase = (read @ frequency).remainder_(2 * math.pi).float()
                waves = torch.cat([phase.cos(), phase.sin_()], 1)
                found[some] += (waves @ weight).double()
        return found

    def measured(self, inputs: Inputs, cell: Tensor) -> Tensor:
        """Draws of a new measurement in cells, which have these numbers in the map, [n, count]."""
        normal = torch.from_numpy(normal_numbers(cell.numpy(), self.count, self.seed))
        return self.at(inputs) + self.kernel.noise.sqrt() * normal

    def _normal(self, rows: int) -> Tensor:
        shape = rows, self.count
        return torch.randn(shape, generator=self._generator, dtype=torch.float64)

    def _drawn(self, columns: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Frequencies [inputs, F] and weights [2 F, count] of each part of the kernel."""
        featured = bool(len(self.kernel.scale_a))
        v0, v1, v2, v3, _ = self.kernel.log_variance.exp().tolist()
        l0, l1, l2 = self.kernel.log_length.exp().tolist()
        none = torch.zeros(columns, _FREQUENCIES, dtype=torch.float64)
        place = none.new_zeros(2, _FREQUENCIES)
        for variance, length in ((v0, l0), (v3, l2)):
            share, near = self._cauchy(2)
            yield self._part(variance * share, near / length, none, none)
        share, both = self._cauchy(2, columns) if featured else self._cauchy(2)
        yield self._part(v1 * share, both[:2] / l1, both[2:] if featured else none, none)
        if featured:
            share, alike = self._cauchy(columns)
            yield self._part(v2 * share, place, none, alike)

    def _cauchy(self, *sizes: int) -> tuple[Tensor, Tensor]:
        """Independent Cauchy vectors of some sizes, below each other, [sum of sizes, F].

        High frequencies, which are few, say how near cells differ: they are drawn more often than
        they come, and the first tensor [F] is the share of the variance that each then has.
        """
        total = sum(sizes) + len(sizes)
        seed = int(torch.randint(2**31 - 1, (), generator=self._generator))
        engine = torch.quasirandom.SobolEngine(total, scramble=True, seed=seed)
        even = engine.draw(_FREQUENCIES, dtype=torch.float64).clamp_(_EDGE, 1 - _EDGE).T
        # The first numbers of a Sobol sequence are the most even: sizes matter more than ways.
        root, way = even[: len(sizes)], torch.special.ndtri(even[len(sizes) :])
        size = torch.special.ndtri(0.5 + root.pow(_OFTENER) / 2)
        share = root.pow(_OFTENER - 1).prod(0)
        return share / share.sum(), way / size.repeat_interleave(torch.tensor(sizes), 0)

    def _part(self, variance: Tensor, *frequency: Tensor) -> tuple[Tensor, Tensor]:
        """Frequencies, and weights of their waves, each of which has so much variance [F]."""
        weight = self._normal(2 * _FREQUENCIES) * variance.sqrt().repeat(2)[:, None]
        return torch.cat(frequency), weight.float()
