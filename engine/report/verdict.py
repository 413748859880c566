"""The verdict of a report: which method did best, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..language import tr
from ..names import BLOCKS, FOREST, GROUPS, KRIGING, MEAN, NEW_POINTS, OURS, RANDOM
from .numbers import format_column, format_number, together, true_minus, with_unit

# By less, two R2 are called alike.
_MUCH = 0.05
# Under this many cells a bootstrap interval is too narrow to speak of certainty.
_FEW = 30
# A mean absolute error this share of the mean's, or less, is a skill whatever the RMSE.
_HALF = 0.5


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
        Of a summary.
    unit : str
        The target's unit, or "".
    test : str
        What held the cells out: a test of `names` but blocks.
    blocks : mapping, optional
        The same on held-out spatial blocks.
    """
    sentences = [verdict_of(accuracy, unit, test)]
    if accuracy["paper"] and accuracy["methods"]:
        sentences.insert(0, tr("These figures are on the paper’s scale."))
    if lacks_skill(accuracy):
        sentences.append(tr("A map of these values is not worth making."))
    if blocks and blocks["methods"]:
        sentences.append(verdict_of(blocks, unit, BLOCKS))
        if not lacks_skill(accuracy):
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
    if lacks_skill(accuracy):
        return _no_skill(scores, accuracy["skill"], where, unit)
    if _lacks_in_rmse(accuracy):
        return _few_decide(scores, where, unit)
    theirs = scores[comparison["rival"]]["rmse"]
    ranking = _ranking(rmse, theirs, comparison, where, unit)
    return together(ranking, _certainty(comparison, cells, unit))


def lacks_skill(accuracy: Mapping[str, Any]) -> bool:
    """Whether no method is better than the mean beyond chance, or explains any variance.

    Nor is GeoHG on the model's scale, and its mean absolute error is more than half of the
    mean's: a few large values, which decide the RMSE, do not hide a skill.
    """
    if not _lacks_in_rmse(accuracy):
        return False
    ours = next((score for score in accuracy["methods"] if score["method"] == OURS), None)
    if ours is None:
        return True
    skill = accuracy["model_skill"]
    on_scale = skill is not None and skill["upper"] is not None and skill["upper"] < 0
    halved = ours["mae_share"] is not None and ours["mae_share"] <= _HALF
    return not ((on_scale and (ours["r2_model"] or 0.0) > 0) or halved)


def _lacks_in_rmse(accuracy: Mapping[str, Any]) -> bool:
    skill = accuracy["skill"]
    if skill is None or skill["includes_zero"] is None:
        return False
    best = next(score for score in accuracy["methods"] if score["method"] == skill["method"])
    worthless = best["r2"] is not None and best["r2"] <= 0
    return bool(skill["includes_zero"] or skill["difference"] >= 0 or worthless)


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


def _no_skill(
    scores: Mapping[str, Mapping[str, Any]], skill: Mapping[str, Any], where: str, unit: str
) -> str:
    best, mean = scores[skill["method"]]["rmse"], scores[MEAN]["rmse"]
    own, other = (with_unit(text, unit) for text in format_column([best, mean]))
    if skill["difference"] >= 0 or not skill["includes_zero"]:
        text = tr(
            "No method has skill on {where}: the best, {name}, had an RMSE of {own}, against "
            "{other} for the mean of the training cells."
        )
    else:
        text = tr(
            "No method has skill on {where}: the best, {name}, had an RMSE of {own}, against "
            "{other} for the mean of the training cells; the {level:.0f} % bootstrap interval of "
            "the difference ({lower} to {upper}) includes zero."
        )
    name = _in_words(skill["method"])
    return text.format(where=where, name=name, own=own, other=other, **_interval(skill, unit))


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
    if ours == theirs:
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
