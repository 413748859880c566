"""The words of a report: its verdict, and numbers as people read them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ..schema import BLOCKS, FOREST, GROUPS, KRIGING, MEAN, OURS, RANDOM

MEAN_IN_WORDS = "the mean of the training cells"

# Significant digits of a number in text.
_DIGITS = 4
# So many standard deviations from what chance gives are more than chance.
_CLEAR = 1.96
_MORAN = (("value", 2), ("z", 1))
# What the cells of each test are called, alone and beside those of other tests, and what the
# test tells beside blocks.
_CELLS = {
    RANDOM: "held-out cells",
    GROUPS: "cells of the held-out groups",
    BLOCKS: "cells of the held-out blocks",
}
_HELD_OUT = {
    RANDOM: "random held-out cells",
    GROUPS: "held-out groups",
    BLOCKS: "held-out blocks",
}
_TESTED = {
    RANDOM: "Cells held out at random lie between measured ones, those of a block away from them",
    GROUPS: "Held-out groups tell of groups where nobody measured, blocks of places away from all "
    "measurements",
}
# By less, two R2 are called alike.
_MUCH = 0.05
# Under this many cells a bootstrap interval is too narrow to speak of certainty.
_FEW = 30


def verdict(
    accuracy: Mapping[str, Any],
    unit: str,
    test: str = RANDOM,
    blocks: Mapping[str, Any] | None = None,
) -> str:
    """Say in words which method did best on each test, how sure that is, and what it means.

    Parameters
    ----------
    accuracy : mapping
        `methods`, `comparison` and `skill` of a summary.
    unit : str
        The target's unit, or "".
    test : str
        What held the cells out: `random` or `groups`.
    blocks : mapping, optional
        The same on held-out spatial blocks.
    """
    said = [verdict_of(accuracy, unit, test)]
    if lacks_skill(accuracy):
        said.append("A map of these values is not worth making.")
    if blocks and blocks["methods"]:
        said.append(verdict_of(blocks, unit, BLOCKS))
        if not lacks_skill(accuracy):
            said.append(_beyond(accuracy, blocks, test))
    return " ".join(filter(None, said))


def verdict_of(accuracy: Mapping[str, Any], unit: str, test: str) -> str:
    """Say in words which method did best on one test, and how sure that is."""
    scores = {score["method"]: score for score in accuracy["methods"]}
    if OURS not in scores:
        return "No cells were held out, so how far this prediction is from the truth is not known."
    rmse, cells = scores[OURS]["rmse"], scores[OURS]["n"]
    where = f"the {cells:,} {_CELLS[test]}" if cells > 1 else "the one held-out cell"
    comparison = accuracy["comparison"]
    if comparison is None:
        reached = _with_unit(format_number(rmse), unit)
        return f"On {where} GeoHG had an RMSE of {reached}; no other method was run beside it."
    if lacks_skill(accuracy):
        return _no_skill(scores, accuracy["skill"], where, unit)
    theirs = scores[comparison["rival"]]["rmse"]
    ranking = _ranking(rmse, theirs, comparison, where, unit)
    return f"{ranking} {_certainty(comparison, cells, unit)}"


def lacks_skill(accuracy: Mapping[str, Any]) -> bool:
    """Whether no method is better than the mean beyond chance, or explains any variance."""
    skill = accuracy["skill"]
    if skill is None or skill["includes_zero"] is None:
        return False
    best = next(score for score in accuracy["methods"] if score["method"] == skill["method"])
    worthless = best["r2"] is not None and best["r2"] <= 0
    return bool(skill["includes_zero"] or skill["difference"] >= 0 or worthless)


def _no_skill(
    scores: Mapping[str, Mapping[str, Any]], skill: Mapping[str, Any], where: str, unit: str
) -> str:
    best, mean = scores[skill["method"]]["rmse"], scores[MEAN]["rmse"]
    own, other = (_with_unit(text, unit) for text in format_column([best, mean]))
    name = _in_words(skill["method"])
    first = (
        f"No method has skill on {where}: the best, {name}, had an RMSE of {own}, "
        f"{MEAN_IN_WORDS} one of {other}"
    )
    if skill["difference"] >= 0 or not skill["includes_zero"]:
        return f"{first}."
    return f"{first}; the difference is within its {_interval(skill, unit)}."


def _beyond(first: Mapping[str, Any], blocks: Mapping[str, Any], test: str) -> str:
    """What the difference between the two tests means: R2, since their cells differ too."""
    near, far = (
        next((score["r2"] for score in part["methods"] if score["method"] == OURS), None)
        for part in (first, blocks)
    )
    if near is None or far is None:
        return ""
    before, after = (f"{value:.2f}".replace("-", "−") for value in (near, far))
    if near - far < _MUCH:
        return f"{_TESTED[test]}: there the R² of GeoHG is not much lower, {after} beside {before}."
    return (
        f"{_TESTED[test]}: there the R² of GeoHG is {after}, not {before}, which is what to "
        "expect of a map far from measurements."
    )


def _ranking(
    ours: float, theirs: float, comparison: Mapping[str, Any], where: str, unit: str
) -> str:
    name = _in_words(comparison["rival"])
    own, other = (_with_unit(text, unit) for text in format_column([ours, theirs]))
    # Beside a target in per cent, a share of it would be read as one of its values.
    share = "" if "%" in unit or not theirs else f"{100 * abs(ours - theirs) / theirs:.1f} %"
    if ours == theirs:
        return f"On {where} GeoHG and {name} had the same RMSE, {own}."
    if ours < theirs:
        beside = f", {share} below {name} ({other})" if share else f"; {name} had {other}"
        return f"On {where} GeoHG had the lowest RMSE: {own}{beside}."
    more = f", {share} more" if share else ""
    if comparison["rival"] == MEAN:
        return f"No method beat {name} on {where}: its RMSE was {other}, GeoHG had {own}{more}."
    return f"On {where} {name} had the lowest RMSE: {other}; GeoHG had {own}{more}."


def _certainty(comparison: Mapping[str, Any], cells: int, unit: str) -> str:
    if comparison["includes_zero"] is None:
        return "That is too few cells to say how certain the difference is."
    if comparison["includes_zero"]:
        return (
            f"The difference is within its {_interval(comparison, unit)}: "
            "these cells do not settle which of the two is better."
        )
    better = _in_words(comparison["method" if comparison["difference"] < 0 else "rival"])
    how = "clearly better" if cells >= _FEW else "better, as far as so few cells can tell"
    interval = _interval(comparison, unit, " of the difference")
    return f"The {interval} does not include zero: {better} is {how}."


def _interval(difference: Mapping[str, Any], unit: str, of: str = "") -> str:
    lower, upper = format_column([difference["lower"], difference["upper"]])
    includes = ", which includes zero" if difference["includes_zero"] else ""
    level = f"{100 * difference['level']:.0f} % bootstrap interval{of}"
    return f"{level} ({lower} to {_with_unit(upper, unit)}{includes})"


def _in_words(method: str) -> str:
    plain = {MEAN: MEAN_IN_WORDS, KRIGING: KRIGING.lower(), FOREST: f"the {FOREST.lower()}"}
    return plain.get(method, method)


def pattern_in_words(moran: Mapping[str, Any]) -> str:
    """Say whether neighbours are alike, before the model and after it.

    Parameters
    ----------
    moran : mapping
        Moran's I of the `observed` values and of the `residuals`, each a mapping or None.
    """
    before, after = moran["observed"], moran["residuals"]
    if before is None or after is None:
        return "The held-out values or their errors are all equal, so neither has a pattern."
    pattern = before["z"] > _CLEAR
    alike = "more alike than chance makes them" if pattern else "alike by chance only"
    first = f"The values of neighbouring held-out cells are {alike} ({_moran(before)})."
    if after["z"] > _CLEAR:
        too = " too" if pattern else ""
        rest = f"are more alike than chance makes them{too} ({_moran(after)}): a pattern in space "
        return f"{first} Their errors {rest}that the model did not take up."
    if pattern:
        return f"{first} Their errors are not ({_moran(after)}): the model took the pattern up."
    return f"{first} So are their errors ({_moran(after)})."


def _moran(moran: Mapping[str, Any]) -> str:
    value, z = (f"{moran[key]:.{places}f}".replace("-", "−") for key, places in _MORAN)
    return f"Moran’s I\u00a0=\u00a0{value}, z\u00a0=\u00a0{z}"


def coverage_in_words(coverage: Mapping[str, Mapping[str, Any]], level: float) -> str:
    """Say what intervals of `level` held, on the cells of each test."""
    sentences: list[str] = []
    for name, where in _HELD_OUT.items():
        levels = list(coverage.get(name, {}).get("level", ()))
        if level not in levels:
            continue
        place = levels.index(level)
        held = coverage[name]["observed"][place]
        lower, upper = coverage[name]["chance"][place]
        if held < lower:
            judged = "they are too narrow there"
        elif held > upper:
            judged = "they are wider there than they need to be"
        else:
            judged = "that is within chance"
        first = "They" if sentences else f"Intervals that should hold {100 * level:g} %"
        sentences.append(
            f"{first} held {100 * held:.1f} % of the {where}: {judged} "
            f"({100 * lower:.0f} to {100 * upper:.0f} %)."
        )
    return " ".join(sentences)


def reach_in_words(near: float, far: float, stretch: float) -> str:
    """Say how much wider intervals are away from measured cells; the fields of `Reach`."""
    if stretch == 1:
        return "Held-out blocks ask for no wider intervals away from measured cells."
    first, last = format_column([near / 1000, far / 1000], digits=3)
    return (
        f"Intervals widen away from measured cells, by as much as held-out blocks ask for: from "
        f"{first}\u00a0km on, and {stretch:.2f} times from {last}\u00a0km on. The blocks "
        "themselves were tested with what the other blocks ask for."
    )


def format_number(value: float | None) -> str:
    """A number to read: four significant digits, grouped, with a true minus sign.

    Whole digits are never rounded away, whole numbers are given in full, and None is
    a dash.

    Examples
    --------
    >>> format_number(0.73125), format_number(12345.6), format_number(None)
    ('0.7312', '12,346', '–')
    """
    if value is None:
        return "–"
    if isinstance(value, int):
        text = f"{value:,}"
    elif _is_plain(value):
        text = f"{value:,.{_decimals(value)}f}"
    else:
        text = f"{value:.{_DIGITS - 1}e}"
    return text.replace("-", "−")


def format_column(values: Sequence[float | None], digits: int = _DIGITS) -> list[str]:
    """Numbers to compare: as many decimals each as the largest of them needs.

    The largest is shown with so many significant digits.

    Examples
    --------
    >>> format_column([164.04, 63.637, None])
    ['164.0', '63.6', '–']
    """
    largest = max((abs(value) for value in values if value is not None), default=0.0)
    if not _is_plain(largest):
        return [format_number(value) for value in values]
    places = _decimals(largest, digits)
    return ["–" if value is None else f"{value:,.{places}f}".replace("-", "−") for value in values]


def _is_plain(value: float) -> bool:
    """Whether a number can be read without an exponent."""
    return value == 0 or 1e-5 <= abs(value) < 1e9


def _decimals(value: float, digits: int = _DIGITS) -> int:
    """Digits after the point that give `value` as many significant ones as are shown."""
    return max(0, digits - 1 - math.floor(math.log10(abs(value)))) if value else 0


def _with_unit(number: str, unit: str) -> str:
    # A space at which no line breaks.
    return f"{number}\u00a0{unit}" if unit else number
