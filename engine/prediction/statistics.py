"""The statistics of a band, as GDAL writes them, put together from parts."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Statistics:
    """Of some of the pixels of a band.

    Parameters
    ----------
    pixels, valid : int
        How many there are, and how many have a value.
    low, high, mean : float
        Of those with a value; 0 where there is none.
    squares : float
        Sum of the squared differences from the mean.
    """

    pixels: int
    valid: int
    low: float
    high: float
    mean: float
    squares: float

    @classmethod
    def of(cls, values: NDArray[np.floating]) -> Statistics:
        """Of an array, in which NaN stands for no value."""
        known = values[np.isfinite(values)].astype(np.float64)
        if not len(known):
            return cls(values.size, 0, 0.0, 0.0, 0.0, 0.0)
        mean = float(known.mean())
        squares = float(np.square(known - mean).sum())
        return cls(values.size, len(known), float(known.min()), float(known.max()), mean, squares)

    @classmethod
    def joined(cls, parts: Iterable[Statistics]) -> Statistics:
        """Of all parts together.

        Sums of squares are joined as by Chan, Golub and LeVeque (1983): nothing is lost where
        the mean is large beside the spread.
        """
        total = cls(0, 0, math.inf, -math.inf, 0.0, 0.0)
        for part in parts:
            total = total._with(part)
        return total

    def _with(self, other: Statistics) -> Statistics:
        pixels, valid = self.pixels + other.pixels, self.valid + other.valid
        if not other.valid:
            return Statistics(pixels, valid, self.low, self.high, self.mean, self.squares)
        step = other.mean - self.mean
        return Statistics(
            pixels,
            valid,
            min(self.low, other.low),
            max(self.high, other.high),
            self.mean + step * other.valid / valid,
            self.squares + other.squares + step * step * self.valid * other.valid / valid,
        )

    def tags(self) -> dict[str, str]:
        """The metadata of the band, by GDAL's names."""
        share = {"VALID_PERCENT": 100 * self.valid / max(self.pixels, 1)}
        known = {
            "MAXIMUM": self.high,
            "MEAN": self.mean,
            "MINIMUM": self.low,
            "STDDEV": math.sqrt(self.squares / max(self.valid, 1)),
        }
        numbers = known | share if self.valid else share
        return {f"STATISTICS_{name}": f"{value:.14g}" for name, value in numbers.items()}
