"""What a report says of its diagnostics: pattern, coverage, and how intervals widen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


def reliability_in_words(chances: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """Say how good the probabilities of exceeding each threshold were, on the first test.

    Parameters
    ----------
    chances : mapping of str to sequence of mapping
        The fields of `Reliability` of each threshold, by test.
    """
    text = tr(
        "Probability of exceeding {limit}: on held-out cells it was off by {error:.3f} on average; "
        "its Brier score is {brier:.3f}, that of the base rate {base:.3f} (lower is better)."
    )
    first: list[str] = []
    for each in next(iter(chances.values())):
        numbers = {name: each[name] for name in ("error", "brier", "base")}
        first.append(text.format(limit=f"{each['threshold']:.12g}", **numbers))
    return together(*first)


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


def reach_in_words(distances: Sequence[float], factors: Sequence[float]) -> str:
    """Say how much wider intervals are at each distance; the fields of `Reach`."""
    least, most = (true_minus(f"{value:.2f}") for value in (factors[0], factors[-1]))
    if least == most:
        return tr(
            "At every distance from measurements, intervals are {factor} times as wide as "
            "leave-one-out errors ask for, since the errors of held-out cells require that. Each "
            "held-out cell was tested with what the others require."
        ).format(factor=most)
    texts = format_column([distances[0] / 1000, distances[-1] / 1000], digits=3)
    first, last = (with_unit(text, "km") for text in texts)
    return tr(
        "Intervals widen with the distance to cells with measurements, as the errors of held-out "
        "cells require: from {least} times the width that leave-one-out errors ask for, at {first} "
        "or less, to {most} times at {last} and beyond. Each held-out cell was tested with what "
        "the others require."
    ).format(least=least, first=first, most=most, last=last)
