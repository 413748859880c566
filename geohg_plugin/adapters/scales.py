"""Numbers that read well in a legend: where colours begin and end, classes, and labels."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qgis.PyQt.QtCore import QLocale

from ..translation import tr

_LOW, _HIGH = 0.02, 0.98  # shares of the values that lie below and above the colours
_STEPS = 20  # limits of colours are rounded to such a part of their distance
_CLASSES = 5
# Values whose upper half is so many times wider than their lower one are told in powers of ten.
_HEAVY = 4.0
_LITTLE = 0.05  # by so much of the large values may small ones lie below zero


@dataclass(frozen=True)
class Scale:
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

    def labels(self, unit: str) -> list[str]:
        """What a legend says at each stop; beside the ends, whether values lie beyond."""
        texts = numbers(self.stops, unit)
        if self.least < self.stops[0]:
            texts[0] = "≤ " + texts[0]
        if self.most > self.stops[-1]:
            texts[-1] = "≥ " + texts[-1]
        return texts


def scale_of(values: Sequence[float], from_zero: bool = False) -> Scale:
    """The scale that shows most of these values well.

    Parameters
    ----------
    values : sequence of float
        Finite ones.
    from_zero : bool
        Whether it begins at zero, as for what is a distance from a value.
    """
    ordered = sorted(values) or [0.0]
    least, most = ordered[0], ordered[-1]
    low, middle, high = (_quantile(ordered, share) for share in (_LOW, 0.5, _HIGH))
    if low > -_LITTLE * high and high - middle > _HEAVY * (middle - low) > 0:
        powers = tuple(_powers(max(low, middle / 10, high / 1000), high))
        return Scale(least, most, (0.0, *powers) if from_zero else powers)
    low = 0.0 if from_zero else low
    if not high - low > 4 * math.ulp(max(abs(low), abs(high))):
        aside = abs(low) / 2 or 0.5
        low, high = (0.0, 2 * abs(high) or 1.0) if from_zero else (low - aside, low + aside)
    step = _round_down((high - low) / _STEPS)
    limits = (math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step)
    return Scale(least, most, limits)


def classes_of(values: Sequence[float], unit: str) -> list[tuple[float, float, str]]:
    """Classes of these values with round ends: from, to, and what a legend says."""
    scale = scale_of(values)
    edges = list(scale.stops)
    if scale.continuous:
        low, high = edges
        step = _round_down((high - low) / _CLASSES)
        first = math.ceil(low / step - 1e-9)
        edges = [number * step for number in range(first, math.floor(high / step + 1e-9) + 1)]
    return _classes([edge for edge in edges if scale.least < edge < scale.most], scale, unit)


def classes_around_zero(values: Sequence[float], unit: str) -> list[tuple[float, float, str]]:
    """Seven classes, alike on both sides of zero, with round ends; the outermost hold the rest."""
    size = sorted(abs(value) for value in values) or [0.0]
    outer = _round_down(_quantile(size, 0.95) or size[-1] or 1.0)
    inner = _round_down(outer / 1.9)
    edges = [_round_down(inner / 1.9), inner, outer]
    most = max(size[-1], 1.5 * outer)
    scale = Scale(-most, most, ())
    return _classes([*(-edge for edge in reversed(edges)), *edges], scale, unit)


def numbers(values: Sequence[float], unit: str = "") -> list[str]:
    """Numbers as the user's language writes them, with as many digits as tell them apart."""
    sizes = [abs(value) for value in values if value]
    apart = [abs(after - before) for before, after in zip(values, values[1:]) if after != before]
    step = min([*apart, *sizes] if apart else [size / 100 for size in sizes], default=1.0)
    locale, texts = QLocale(), []
    if 1e-5 < step < 1e9:
        digits = max(0, -math.floor(math.log10(step) + 1e-9))
        texts = [locale.toString(float(value), "f", digits) for value in values]
    else:
        for digits in range(3, 18):
            texts = [locale.toString(float(value), "g", digits) for value in values]
            if len({*texts}) == len({*values}):
                break
    return [text.replace("-", "−") + (f" {unit}" if unit else "") for text in texts]


def _classes(edges: list[float], scale: Scale, unit: str) -> list[tuple[float, float, str]]:
    """The classes that these edges divide the values into."""
    plain, named = numbers(edges), numbers(edges, unit)
    if not edges:
        (text,) = numbers([scale.least], unit)
        return [(scale.least, scale.most, text)]
    inner = [
        (low, high, tr("{lower} to {upper}").format(lower=before, upper=after))
        for low, high, before, after in zip(edges, edges[1:], plain, named[1:])
    ]
    first = (scale.least, edges[0], tr("below {value}").format(value=named[0]))
    last = (edges[-1], scale.most, tr("above {value}").format(value=named[-1]))
    return [first, *inner, last]


def _quantile(ordered: Sequence[float], share: float) -> float:
    return float(ordered[round(share * (len(ordered) - 1))])


def _round_down(value: float) -> float:
    """The largest of 1, 2 and 5 times a power of ten that is not above a positive value."""
    power = math.floor(math.log10(value) + 1e-9)
    leading = value / 10**power
    digit = max(digit for digit in (1, 2, 5) if digit <= leading + 1e-9)
    return float(f"{digit}e{power}")


def _powers(low: float, high: float) -> Iterator[float]:
    """Round numbers from below `low` to above `high`, few and each some times the one before."""
    digits = (1, 2, 5) if high < 30 * low else (1, 3) if high < 1000 * low else (1,)
    start, end = math.floor(math.log10(low) - 1e-9), math.ceil(math.log10(high) + 1e-9)
    series = [float(f"{digit}e{power}") for power in range(start, end + 1) for digit in digits]
    first = max(index for index, value in enumerate(series) if value <= low * (1 + 1e-9))
    last = min(index for index, value in enumerate(series) if value >= high * (1 - 1e-9))
    yield from series[first : max(last, first + 2) + 1]
