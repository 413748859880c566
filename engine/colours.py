"""How values become colours: one scale for a run's layers, its report and its preview.

QGIS reads it too, so that it needs nothing but Python.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_LOW, _HIGH = 0.02, 0.98  # shares of the values that lie below and above the colours
_STEPS = 20  # limits of colours are rounded to such a part of their distance
_LINES = 10  # at least so many round values lie between the limits of a continuous scale
# Values whose upper half is so many times wider than their lower one are told in powers of ten.
_HEAVY = 4.0
_LITTLE = 0.05  # by so much of the large values may small ones lie below zero
# No colour means less than this share of the largest value: rounding is not shown.
_ROUNDING = 1e-14


@dataclass(frozen=True)
class ColourScale:
    """How values become colours.

    Parameters
    ----------
    least, most : float
        The least and the largest value.
    stops : tuple of float
        Where colours begin, change and end: the limits of a continuous scale, or the ends of
        its steps, each about so many times the one before.
    """

    least: float
    most: float
    stops: tuple[float, ...]

    @property
    def continuous(self) -> bool:
        """Whether equal steps of the value are equal steps of the colour."""
        return len(self.stops) == 2

    @property
    def levels(self) -> tuple[float, ...]:
        """Where lines of equal value are drawn: its steps, or some 10 to 25 round values.

        >>> ColourScale(0.0, 1.0, (0.0, 1.0)).levels
        (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
        """
        if not self.continuous:
            return self.stops
        low, high = self.stops
        step = round_down((high - low) / _LINES)
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        return tuple(float(f"{number * step:.12g}") for number in range(first, last + 1))

    @property
    def beyond(self) -> tuple[bool, bool]:
        """Whether values lie below the first colour, and above the last."""
        aside = _ROUNDING * max(abs(self.least), abs(self.most))
        return self.least < self.stops[0] - aside, self.most > self.stops[-1] + aside


def colour_scale(
    values: Sequence[float], logarithmic: bool = False, from_zero: bool = False
) -> ColourScale:
    """The scale that shows most of these values well.

    Parameters
    ----------
    values : sequence of float
        Finite ones.
    logarithmic : bool
        Whether equal ratios may be equal steps of the colour: they are where values have a long
        upper tail.
    from_zero : bool
        Whether it begins at zero, as for what is a distance from a value.
    """
    ordered = sorted(values) or [0.0]
    least, most = ordered[0], ordered[-1]
    low, middle, high = (_quantile(ordered, share) for share in (_LOW, 0.5, _HIGH))
    heavy = low > -_LITTLE * high and high - middle > _HEAVY * (middle - low) > 0
    if logarithmic and heavy:
        powers = tuple(_powers(max(low, middle / 10, high / 1000), high))
        return ColourScale(least, most, (0.0, *powers) if from_zero else powers)
    if low == high:  # all but a few are equal
        low, high = least, most
    low = 0.0 if from_zero else low
    if not high - low > _ROUNDING * max(abs(low), abs(high)):
        aside = abs(low) / 2 or 0.5
        low, high = (0.0, 2 * abs(high) or 1.0) if from_zero else (low - aside, low + aside)
    step = round_down((high - low) / _STEPS)
    limits = (math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step)
    return ColourScale(least, most, limits)


def round_down(value: float) -> float:
    """The largest of 1, 2 and 5 times a power of ten that is not above a positive value."""
    power = math.floor(math.log10(value) + 1e-9)
    leading = value / 10**power
    digit = max(digit for digit in (1, 2, 5) if digit <= leading + 1e-9)
    return float(f"{digit}e{power}")


def _quantile(ordered: Sequence[float], share: float) -> float:
    return float(ordered[round(share * (len(ordered) - 1))])


def _powers(low: float, high: float) -> Iterator[float]:
    """Round numbers from below `low` to above `high`, few and each some times the one before."""
    digits = (1, 2, 5) if high < 30 * low else (1, 3) if high < 1000 * low else (1,)
    start, end = math.floor(math.log10(low) - 1e-9), math.ceil(math.log10(high) + 1e-9)
    series = [float(f"{digit}e{power}") for power in range(start, end + 1) for digit in digits]
    first = max(index for index, value in enumerate(series) if value <= low * (1 + 1e-9))
    last = min(index for index, value in enumerate(series) if value >= high * (1 - 1e-9))
    yield from series[first : max(last, first + 2) + 1]
