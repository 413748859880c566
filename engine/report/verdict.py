"""The verdict of a report: which method did best, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ..language import tr
from ..names import BLOCKS, FOREST, GROUPS, KRIGING, MEAN, NEW_POINTS, OURS, RANDOM
from .numbers import format_column, format_number, together, true_minus, with_unit

# By less, as a share, two RMSE are called the same: it would be told as 0.0 %.
_ALIKE = 0.0005
# By less, two R2 are called alike.
_MUCH = 0.05
# Under this many cells a bootstrap interval is too narrow to speak of certainty.
_FEW = 30
# What may be said of a test: see `skill_of`.
SHOWN, IN_MOST, UNCLEAR, NONE = "shown", "shown in most cells", "unclear", "none"
# Skill whose upper bound is less is none.
_LITTLE = 0.1
# Values of n cells without any pattern have one by chance, which all folds share. It explains z²/n
# of their variance, where z is the largest of some standard normal numbers, one for each pattern
# that a model can follow: 3.5 is exceeded by one such number in 4,000. A rank correlation, which
# has no interval of its own here, must be 4 standard errors.
_CHANCE = 12.0
_RANK = 4.0
# Standard errors to either side in an interval of 99 %.
_WIDE = 2.58


def verdict(
    accuracy: Mapping[str, Any],
    unit: str,
    test: str = RANDOM,
    blocks: Mapping[str, Any] | None = None,
    expected: Mapping[str, Any] | None = None,
) -> str:
    """Say in words what to expect of the map, which method did best on each test, and how sure.

    Parameters
    ----------
    accuracy : mapping
        Of a summary.
    unit : str
        The target's unit, or "".
    test : str
        What held the cells out: a test of `names` but blocks.
    blocks : mapping, optional
        The same on held-out spatial blocks.
    expected : mapping, optional
        The same on held-out cells that are weighted to lie as those of the map.
    """
    found = skill_of(accuracy)
    sentences = [_expectation(expected, unit) if expected else "", verdict_of(accuracy, unit, test)]
    if accuracy["paper"] and accuracy["methods"]:
        sentences.insert(0, tr("These figures are on the paper’s scale."))
    if found == NONE:
        sentences.append(tr("A map of these values is not worth making."))
    elif found == UNCLEAR:
        sentences.append(
            tr("So few cells do not tell whether a map of these values is worth making.")
        )
    if blocks and blocks["methods"]:
        sentences.append(verdict_of(blocks, unit, BLOCKS))
        if found not in (NONE, UNCLEAR):
            sentences.append(_beyond(accuracy, blocks, test))
    return together(*sentences)


def verdict_of(accuracy: Mapping[str, Any], unit: str, test: str) -> str:
    """Say in words which method did best on one test, and how sure that is."""
    unit = "" if accuracy["paper"] else unit
    scores = {score["method"]: score for score in accuracy["methods"]}
    if OURS not in scores:
        return tr("No cells were held out, so the accuracy of this prediction is unknown.")
    rmse, cells = scores[OURS]["rmse"], scores[OURS]["n"]
    where = _where(test, cells)
    comparison = accuracy["comparison"]
    if comparison is None:
        reached = with_unit(format_number(rmse), unit)
        return tr(
            "On {where} GeoHG had an RMSE of {reached}; no other method was compared."
        ).format(where=where, reached=reached)
    found = skill_of(accuracy)
    if found in (NONE, UNCLEAR):
        return _no_skill(scores, accuracy["skill"], found, where, unit)
    if found == IN_MOST:
        return _few_decide(scores, where, unit)
    theirs = scores[comparison["rival"]]["rmse"]
    ranking = _ranking(rmse, theirs, comparison, where, unit)
    return together(ranking, _certainty(comparison, cells, unit))


def skill_of(accuracy: Mapping[str, Any]) -> str | None:
    """Whether a map is worth making, as far as a test tells.

    Returns
    -------
    str or None
        `SHOWN` if a method is better than the mean beyond chance. `IN_MOST` if GeoHG is on the
        model's scale, or in the order of the values and its MAE, which a few large ones do not
        decide.
        `NONE` if no method explains any variance, or the best at most a tenth; `UNCLEAR` if it
        may explain more. None where that was not asked.
    """
    skill, model = accuracy["skill"], accuracy["model_skill"]
    if skill is None or skill["lower"] is None:
        return None
    scores = {score["method"]: score for score in accuracy["methods"]}
    best, ours = scores[skill["method"]]["r2"], scores.get(OURS, {})
    if skill["lower"] > 0 and best is not None and best <= 0:
        return NONE
    if _is_shown(skill):
        return SHOWN
    rank, root = ours.get("rank"), math.sqrt(skill["cells"])
    nearer = rank is not None and (ours["mae_share"] or 0.0) < 1
    curved = model and (ours["r2_model"] or 0.0) > 0 and _is_shown(model)
    if curved or (nearer and rank * root > _RANK):
        return IN_MOST
    uppers = [item["upper"] for item in (skill, model) if item and item["upper"] is not None]
    if nearer:
        # The square of a correlation is the share of the variance that is explained.
        uppers.append(max(rank + _WIDE / root, 0.0) ** 2)
    return NONE if max(uppers) < _LITTLE else UNCLEAR


def _is_shown(skill: Mapping[str, Any]) -> bool:
    found = skill["lower"] is not None and skill["lower"] > 0
    return bool(found and skill["score"] * skill["cells"] > _CHANCE)


def _where(test: str, cells: int) -> str:
    if cells == 1:
        return tr("the one held-out cell")
    names = {
        RANDOM: tr("the {cells:,} held-out cells"),
        GROUPS: tr("the {cells:,} cells of the held-out groups"),
        BLOCKS: tr("the {cells:,} cells of the held-out blocks"),
        NEW_POINTS: tr("the {cells:,} cells with new points"),
    }
    return names[test].format(cells=cells)


def _in_words(method: str) -> str:
    names = {
        MEAN: tr("the mean of the training cells"),
        KRIGING: tr("ordinary kriging"),
        FOREST: tr("the random forest"),
    }
    return names.get(method, method)


def _expectation(expected: Mapping[str, Any], unit: str) -> str:
    """What a user wants to know first: how far off the map is where nothing was measured."""
    ours = next((score for score in expected["methods"] if score["method"] == OURS), None)
    if ours is None:
        return ""
    unit = "" if expected["paper"] else unit
    rmse, mae = (with_unit(text, unit) for text in format_column([ours["rmse"], ours["mae"]]))
    if ours["r2"] is None:
        text = tr(
            "In cells of this map without measurements, expect an RMSE of {rmse} (MAE {mae})."
        )
        return text.format(rmse=rmse, mae=mae)
    text = tr(
        "In cells of this map without measurements, expect an RMSE of {rmse} (MAE {mae}, R² {r2})."
    )
    return text.format(rmse=rmse, mae=mae, r2=true_minus(f"{ours['r2']:.2f}"))


def _no_skill(
    scores: Mapping[str, Mapping[str, Any]],
    skill: Mapping[str, Any],
    found: str,
    where: str,
    unit: str,
) -> str:
    best, mean = scores[skill["method"]]["rmse"], scores[MEAN]["rmse"]
    own, other = (with_unit(text, unit) for text in format_column([best, mean]))
    if found == NONE:
        text = tr(
            "No method has skill on {where}: the best, {name}, had an RMSE of {own}, against "
            "{other} for the mean of the training cells."
        )
    else:
        text = tr(
            "No method could be shown to have skill on {where}: the best, {name}, had an RMSE of "
            "{own}, against {other} for the mean of the training cells. It may explain up to "
            "{upper:.0f} % of the variance."
        )
    shown = {"own": own, "other": other, "upper": 100 * min(max(skill["upper"], _LITTLE), 1.0)}
    return text.format(where=where, name=_in_words(skill["method"]), **shown)


def _few_decide(scores: Mapping[str, Mapping[str, Any]], where: str, unit: str) -> str:
    """What GeoHG tells of most cells, where its RMSE does not show it."""
    ours = scores[OURS]
    own, other = format_column([ours["rmse"], scores[MEAN]["rmse"]])
    text = tr(
        "On {where} a few large values decide the RMSE, which does not show that GeoHG is better "
        "than the mean of the training cells ({own} against {other}). On the model’s scale its R² "
        "is {r2}; its rank correlation is {rank}, and its MAE {share:.0f} % of that of the mean."
    )
    r2 = ours["r2"] if ours["r2_model"] is None else ours["r2_model"]
    r2, rank = (
        "–" if value is None else true_minus(f"{value:.2f}") for value in (r2, ours["rank"])
    )
    share = 100 * (ours["mae_share"] or 0.0)
    found = {"own": own, "other": with_unit(other, unit), "r2": r2, "rank": rank, "share": share}
    return text.format(where=where, **found)


def _beyond(first: Mapping[str, Any], blocks: Mapping[str, Any], test: str) -> str:
    """What the difference between the two tests means: R2, since their cells differ too."""
    near, far = (
        next((score["r2"] for score in part["methods"] if score["method"] == OURS), None)
        for part in (first, blocks)
    )
    if near is None or far is None:
        return ""
    tested = {
        RANDOM: tr(
            "Random held-out cells lie between cells with measurements, held-out blocks away from "
            "them"
        ),
        GROUPS: tr(
            "Held-out groups show the accuracy for groups without measurements, held-out blocks "
            "for areas away from all measurements"
        ),
    }
    if near - far < _MUCH:
        text = tr(
            "{tested}: in the blocks, the R² of GeoHG is not much lower, {after} instead of "
            "{before}."
        )
    else:
        text = tr(
            "{tested}: in the blocks, the R² of GeoHG is {after} instead of {before}. Expect this "
            "accuracy far from measurements."
        )
    before, after = (true_minus(f"{value:.2f}") for value in (near, far))
    return text.format(tested=tested[test], before=before, after=after)


def _ranking(
    ours: float, theirs: float, comparison: Mapping[str, Any], where: str, unit: str
) -> str:
    # Beside a target in per cent, a share of it would be read as one of its values.
    shared = "%" not in unit and theirs > 0
    if ours == theirs or (shared and abs(ours - theirs) < _ALIKE * theirs):
        text = tr("On {where} GeoHG and {name} had the same RMSE, {own}.")
    elif ours < theirs and shared:
        text = tr(
            "On {where} GeoHG had the lowest RMSE: {own}, {share:.1f} % below {name} ({other})."
        )
    elif ours < theirs:
        text = tr("On {where} GeoHG had the lowest RMSE: {own}; {name} had {other}.")
    elif comparison["rival"] == MEAN and shared:
        text = tr(
            "No method beat {name} on {where}: its RMSE was {other}, GeoHG had {own}, "
            "{share:.1f} % more."
        )
    elif comparison["rival"] == MEAN:
        text = tr("No method beat {name} on {where}: its RMSE was {other}, GeoHG had {own}.")
    elif shared:
        text = tr(
            "On {where} {name} had the lowest RMSE: {other}; GeoHG had {own}, {share:.1f} % more."
        )
    else:
        text = tr("On {where} {name} had the lowest RMSE: {other}; GeoHG had {own}.")
    name, share = _in_words(comparison["rival"]), 100 * abs(ours - theirs) / (theirs or 1.0)
    own, other = (with_unit(number, unit) for number in format_column([ours, theirs]))
    return text.format(where=where, name=name, own=own, other=other, share=share)


def _certainty(comparison: Mapping[str, Any], cells: int, unit: str) -> str:
    if comparison["includes_zero"] is None:
        return tr("There are too few cells to estimate the uncertainty of the difference.")
    if comparison["includes_zero"]:
        text = tr(
            "The {level:.0f} % bootstrap interval of the difference ({lower} to {upper}) includes "
            "zero: these cells do not show which method is better."
        )
    elif cells >= _FEW:
        text = tr(
            "The {level:.0f} % bootstrap interval of the difference ({lower} to {upper}) does not "
            "include zero: {better} is clearly better."
        )
    else:
        text = tr(
            "The {level:.0f} % bootstrap interval of the difference ({lower} to {upper}) does not "
            "include zero: {better} is better, but there are few cells."
        )
    better = _in_words(comparison["method" if comparison["difference"] < 0 else "rival"])
    return text.format(better=better, **_interval(comparison, unit))


def _interval(difference: Mapping[str, Any], unit: str) -> dict[str, Any]:
    """Level and ends of the bootstrap interval of a difference."""
    lower, upper = format_column([difference["lower"], difference["upper"]])
    return {"level": 100 * difference["level"], "lower": lower, "upper": with_unit(upper, unit)}
