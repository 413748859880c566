"""The first sentences of a report, for a reader who knows no statistics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..language import tr
from ..names import KRIGING, OURS
from .numbers import with_unit
from .verdict import NONE, UNCLEAR, skill_of

# Figures that are only about right have so many digits.
_DIGITS = 2
# A map whose expected errors explain less of the variance is hardly better than the mean.
_LITTLE = 0.1


def plainly(
    accuracy: Mapping[str, Any],
    expected: Mapping[str, Any] | None,
    unit: str,
    applicable: float | None,
    level: float,
) -> list[str]:
    """How far off a map is, where to trust it and against what, and what to do next.

    Parameters
    ----------
    accuracy : mapping
        Of a summary, on held-out cells.
    expected : mapping or None
        The same on cells that are weighted to lie as those of the map; nothing is said without.
    unit : str
        The target's unit, or "".
    applicable : float or None
        Share of the cells of the map where the model applies.
    level : float
        Share of new measurements that intervals should hold.

    Returns
    -------
    list of str
        Three sentences about the map, and one about what to do next; empty where nothing is known.
    """
    scores = {score["method"]: score for score in expected["methods"]} if expected else {}
    if OURS not in scores or (expected and expected["paper"]):
        return []
    ours = scores[OURS]
    sentences = [_off(ours, unit, level)]
    if applicable is not None:
        sentences.append(
            tr(
                "Trust this in {share:.0f} % of the area; in the rest, grey in the layer of the "
                "area of applicability, nothing like it was measured."
            ).format(share=100 * applicable)
        )
    sentences.append(_against(ours, scores.get(KRIGING), accuracy, unit))
    return [*sentences, _next(ours, accuracy, applicable)]


def _off(ours: Mapping[str, Any], unit: str, level: float) -> str:
    typical = with_unit(_about(ours["mae"]), unit)
    if ours["width"] is None or not 0 < level < 1:
        text = tr("Where nothing was measured, the map is typically off by about {typical}.")
        return text.format(typical=typical)
    text = tr(
        "Where nothing was measured, the map is typically off by about {typical}; in about "
        "{held:.0f} of 100 places a new measurement lies within {within} of it."
    )
    held = level if ours["coverage"] is None else ours["coverage"]
    within = with_unit(_about(ours["width"] / 2), unit)
    return text.format(typical=typical, held=100 * held, within=within)


def _against(
    ours: Mapping[str, Any],
    kriging: Mapping[str, Any] | None,
    accuracy: Mapping[str, Any],
    unit: str,
) -> str:
    """What kriging would be off by, and whether the difference was shown."""
    if kriging is None:
        return tr("It was not compared with kriging.")
    other = with_unit(_about(kriging["mae"]), unit)
    if kriging["mae"] <= ours["mae"]:
        text = tr("Kriging would be off by {other}: GeoHG was not shown to be better here.")
        return text.format(other=other)
    comparison = accuracy["comparison"]
    if comparison is None or comparison["includes_zero"] or comparison["difference"] >= 0:
        text = tr(
            "Kriging would be off by {other}, but on the held-out cells GeoHG was not shown to be "
            "better."
        )
        return text.format(other=other)
    return tr("Kriging would be off by {other}.").format(other=other)


def _next(ours: Mapping[str, Any], accuracy: Mapping[str, Any], applicable: float | None) -> str:
    """What to do next: the first that applies."""
    comparison = accuracy["comparison"]
    if skill_of(accuracy) in (NONE, UNCLEAR) or (ours["r2"] is not None and ours["r2"] < _LITTLE):
        return tr(
            "Next: do not use this map yet. Measure at more places, or give rasters of what the "
            "value depends on, such as land cover or elevation."
        )
    if comparison and comparison["rival"] == KRIGING and comparison["difference"] > 0:
        return tr("Next: use kriging instead, or give rasters of what the value depends on.")
    if applicable is not None and applicable < 0.9:
        return tr("Next: measure where the map is least sure, in the grey area first.")
    return tr("Next: where this is not enough, measure where the map of uncertainty is darkest.")


def _about(value: float) -> str:
    """A number that is only about right: two digits."""
    return f"{float(f'{value:.{_DIGITS}g}'):,g}"
