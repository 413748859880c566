"""What a report says of its diagnostics: pattern, coverage, and how intervals widen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..language import tr
from ..names import BLOCKS, GROUPS, NEW_POINTS, RANDOM
from .numbers import format_column, together, true_minus, with_unit

# So many standard deviations from what chance gives are more than chance.
_CLEAR = 1.96


def pattern_in_words(moran: Mapping[str, Any]) -> str:
    """Say whether neighbours are alike, before the model and after it.

    Parameters
    ----------
    moran : mapping
        Moran's I of the `observed` values and of the `residuals`, each a mapping or None.
    """
    before, after = moran["observed"], moran["residuals"]
    if before is None or after is None:
        return tr(
            "The held-out values or their errors are all equal, so spatial autocorrelation cannot "
            "be measured."
        )
    pattern, left = before["z"] > _CLEAR, after["z"] > _CLEAR
    if pattern:
        first = tr(
            "The values of neighbouring held-out cells are spatially autocorrelated ({moran})."
        )
    else:
        first = tr(
            "The values of neighbouring held-out cells show no significant spatial autocorrelation "
            "({moran})."
        )
    if left and pattern:
        second = tr(
            "Their errors are autocorrelated too ({moran}): the model missed part of the spatial "
            "pattern."
        )
    elif left:
        second = tr(
            "Their errors are autocorrelated ({moran}): the model missed part of the spatial "
            "pattern."
        )
    elif pattern:
        second = tr("Their errors are not ({moran}): the model captured the spatial pattern.")
    else:
        second = tr("Neither do their errors ({moran}).")
    return together(first.format(moran=_moran(before)), second.format(moran=_moran(after)))


def _moran(moran: Mapping[str, Any]) -> str:
    value, z = true_minus(f"{moran['value']:.2f}"), true_minus(f"{moran['z']:.1f}")
    text = tr("Moran’s I = {value}, z = {z}").format(value=value, z=z)
    return text.replace(" = ", "\u00a0=\u00a0")


def coverage_in_words(coverage: Mapping[str, Mapping[str, Any]], level: float) -> str:
    """Say what intervals of `level` held, on the cells of each test."""
    names = {
        RANDOM: tr("random held-out cells"),
        GROUPS: tr("held-out groups"),
        BLOCKS: tr("held-out blocks"),
        NEW_POINTS: tr("cells with new points"),
    }
    sentences: list[str] = []
    for test, where in names.items():
        levels = list(coverage.get(test, {}).get("level", ()))
        if level not in levels:
            continue
        index = levels.index(level)
        held = coverage[test]["observed"][index]
        lower, upper = coverage[test]["chance"][index]
        if held < lower:
            judged = tr("too narrow there, less than expected")
        elif held > upper:
            judged = tr("wider than needed there, more than expected")
        else:
            judged = tr("as expected")
        text = (
            tr("They contain {held:.1f} % of the {where}: {judged} ({lower:.0f} to {upper:.0f} %).")
            if sentences
            else tr(
                "The {level:g} % intervals contain {held:.1f} % of the {where}: {judged} "
                "({lower:.0f} to {upper:.0f} %)."
            )
        )
        shares = {"level": 100 * level, "held": 100 * held}
        shares |= {"lower": 100 * lower, "upper": 100 * upper}
        sentences.append(text.format(where=where, judged=judged, **shares))
    return together(*sentences)


def reach_in_words(near: float, far: float, stretch: float) -> str:
    """Say how much wider intervals are away from measured cells; the fields of `Reach`."""
    if stretch == 1:
        return tr(
            "The errors in held-out blocks do not require wider intervals away from cells with "
            "measurements."
        )
    first, last = format_column([near / 1000, far / 1000], digits=3)
    return tr(
        "Intervals widen with the distance to cells with measurements, as the errors in held-out "
        "blocks require: from {first} on, up to {stretch:.2f} times at {last} and beyond. Each "
        "block was tested with the widening that the other blocks require."
    ).format(first=with_unit(first, "km"), stretch=stretch, last=with_unit(last, "km"))
