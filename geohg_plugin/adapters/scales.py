"""Numbers that read well in a legend: classes and labels."""

from __future__ import annotations

import math
from collections.abc import Sequence

from qgis.PyQt.QtCore import QLocale

from ...engine.colours import ColourScale, colour_scale, round_down
from ..translation import tr

_CLASSES = 5
_OUTER = 0.95  # share of the residuals that lie in the inner classes


def labels_of(scale: ColourScale, unit: str) -> list[str]:
    """What a legend says at each stop; beside the ends, whether values lie beyond."""
    texts, (below, above) = numbers(scale.stops, unit), scale.beyond
    if below:
        texts[0] = "≤ " + texts[0]
    if above:
        texts[-1] = "≥ " + texts[-1]
    return texts


def classes_of(values: Sequence[float], unit: str) -> list[tuple[float, float, str]]:
    """Classes of these values with round ends: from, to, and what a legend says."""
    scale = colour_scale(values, logarithmic=True)
    edges = list(scale.stops)
    if scale.continuous:
        low, high = edges
        step = round_down((high - low) / _CLASSES)
        first = math.ceil(low / step - 1e-9)
        edges = [number * step for number in range(first, math.floor(high / step + 1e-9) + 1)]
    return _classes([edge for edge in edges if scale.least < edge < scale.most], scale, unit)


def classes_around_zero(values: Sequence[float], unit: str) -> list[tuple[float, float, str]]:
    """Seven classes, alike on both sides of zero, with round ends; the outermost hold the rest."""
    size = sorted(abs(value) for value in values) or [0.0]
    outer = round_down(size[round(_OUTER * (len(size) - 1))] or size[-1] or 1.0)
    inner = round_down(outer / 1.9)
    edges = [round_down(inner / 1.9), inner, outer]
    most = max(size[-1], 1.5 * outer)
    scale = ColourScale(-most, most, ())
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


def _classes(edges: list[float], scale: ColourScale, unit: str) -> list[tuple[float, float, str]]:
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
