"""The charts of a report, and its maps: matplotlib figures that touch no global state of pyplot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import shorten
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from ..language import tr
from ..names import BLOCKS, GROUPS, NEW_POINTS, RANDOM
from ..numerics import metrics
from ..validation.trials import HeldOut
from .drawing import (
    BLUE,
    GREY,
    HALF,
    INK,
    ORANGE,
    WHOLE,
    legible,
    marker_area,
    raster,
    save_figures,
    style,
    ticks,
    wrap,
)
from .maps import prediction_map, residual_map, uncertainty_map
from .names import feature_name
from .numbers import format_number, in_unit

__all__ = [
    "calibration_plot",
    "distance_plot",
    "importance_plot",
    "observed_vs_predicted",
    "prediction_map",
    "reliability_plot",
    "residual_map",
    "save_figures",
    "semivariogram_plot",
    "training_curve",
    "uncertainty_map",
]


# How each test is drawn.
_TESTS: dict[str, dict[str, Any]] = {
    RANDOM: {"color": BLUE, "marker": "o"},
    GROUPS: {"color": BLUE, "marker": "o"},
    NEW_POINTS: {"color": BLUE, "marker": "o"},
    BLOCKS: {"color": ORANGE, "marker": "s"},
}
_LINE: dict[str, Any] = {"markersize": 3.5, "linewidth": 1.1}
# Intervals of more cells would be a cloud.
_MOST_INTERVALS = 600
# From so many metres on, distances are told in kilometres.
_FAR = 5000.0


def observed_vs_predicted(held_out: HeldOut, label: str) -> Figure:
    """Each held-out cell: its measured value against its predicted one.

    Parameters
    ----------
    held_out : HeldOut
        The cells of one method; its intervals, if it has any, are drawn too, unless there
        are so many that they would hide the cells.
    label : str
        Target and unit.
    """
    with style():
        figure = Figure(figsize=HALF, layout="constrained")
        axes = figure.add_subplot(aspect="equal")
        both = np.concatenate([held_out.observed, held_out.predicted])
        low, high = (float(both.min()), float(both.max())) if len(both) else (0.0, 1.0)
        pad = 0.04 * (high - low) or 0.5
        limits = (low - pad, high + pad)
        axes.axline((low, low), slope=1, color=GREY, linewidth=0.8, zorder=0)
        count = len(held_out.observed)
        lower, upper = held_out.lower, held_out.upper
        if lower is not None and upper is not None and count <= _MOST_INTERVALS:
            axes.hlines(
                held_out.observed,
                lower,
                upper,
                color=BLUE,
                alpha=max(0.12, min(0.35, 30 / max(count, 1))),
                linewidth=0.7,
                zorder=0,
            )
        axes.scatter(
            held_out.predicted,
            held_out.observed,
            s=marker_area(count),
            color=BLUE,
            alpha=max(0.15, min(0.7, 60 / max(count, 1))),
            linewidth=0,
            rasterized=raster(count),
        )
        axes.set(xlim=limits, ylim=limits)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_locator(ticks(5))
        axes.set_xlabel(wrap(tr("Predicted {label}").format(label=label), 34), parse_math=False)
        axes.set_ylabel(wrap(tr("Observed {label}").format(label=label), 34), parse_math=False)
        score = metrics(held_out.observed, held_out.predicted)
        note = f"R² = {format_number(score['r2'])}\nn = {format_number(score['n'])}"
        axes.text(0.04, 0.96, note, transform=axes.transAxes, va="top", color=INK)
    return figure


def training_curve(history: Mapping[str, Any]) -> Figure:
    """Training loss and validation metric by epoch, one above the other.

    Parameters
    ----------
    history : mapping
        `curve`, a list of (epoch, training loss, validation metric); `best_epoch`
        and `metric`, the metric's name, where known.
    """
    with style():
        figure = Figure(figsize=(WHOLE[0], 3.0), layout="constrained")
        loss_axes, metric_axes = figure.subplots(2, 1, sharex=True)
        curve = np.array(history["curve"], dtype=np.float64).reshape(-1, 3)
        name = str(history.get("metric") or "metric")
        validation = tr("Validation {metric}").format(metric=name)
        lines = ((loss_axes, tr("Training loss"), GREY), (metric_axes, validation, BLUE))
        for column, (axes, label, colour) in enumerate(lines, start=1):
            axes.plot(curve[:, 0], curve[:, column], color=colour, linewidth=1.2)
            axes.set_ylabel(label, parse_math=False)
            axes.yaxis.set_major_locator(ticks(4))
            if history.get("best_epoch") is not None:
                axes.axvline(history["best_epoch"], color=ORANGE, linewidth=0.9, linestyle="--")
        metric_axes.set_xlabel(tr("Epoch"))
        metric_axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
        figure.align_ylabels()
    return figure


def calibration_plot(coverage: Mapping[str, Mapping[str, Any]], unit: str = "") -> Figure:
    """Nominal against observed coverage of the intervals, and their width.

    Parameters
    ----------
    coverage : mapping of str to mapping
        The fields of `Coverage`, by test: `random`, `groups`, `blocks`.
    unit : str
        Of the target.
    """
    with style():
        figure = Figure(figsize=(HALF[0], 3.9), layout="constrained")
        held, width = figure.subplots(2, 1, sharex=True, height_ratios=(2.6, 1))
        held.axline((0, 0), slope=1, color=GREY, linewidth=0.8, zorder=0)
        for number, (name, part) in enumerate(coverage.items()):
            look = _TESTS[name]
            level = 100 * np.asarray(part["level"])
            if number == 0:
                low, high = 100 * np.asarray(part["chance"]).T
                held.fill_between(level, low, high, color=GREY, alpha=0.25, linewidth=0)
            held.plot(
                level, 100 * np.asarray(part["observed"]), label=_name_of(name), **look, **_LINE
            )
            width.plot(level, part["width"], **look, **_LINE)
        held.set(xlim=(0, 100), ylim=(0, 102), ylabel=tr("Coverage (%)"))
        if len(coverage) > 1:
            held.legend(frameon=False, loc="upper left", handlelength=1.4)
        width.set_ylabel(wrap(in_unit(tr("Mean width"), unit), 16), parse_math=False)
        width.set(xlabel=tr("Level of the intervals (%)"), ylim=(0, None))
        held.yaxis.set_major_locator(ticks(5))
        width.yaxis.set_major_locator(ticks(3))
        figure.align_ylabels()
    return figure


def reliability_plot(chances: Sequence[Mapping[str, Any]], unit: str = "") -> Figure:
    """Predicted probability of exceeding each threshold against the share that did.

    Parameters
    ----------
    chances : sequence of mapping
        The fields of `Reliability`, a threshold each.
    unit : str
        Of the thresholds.
    """
    with style():
        figure = Figure(figsize=HALF, layout="constrained")
        axes = figure.subplots()
        axes.axline((0, 0), slope=1, color=GREY, linewidth=0.8, zorder=0)
        for number, each in enumerate(chances):
            colour, marker = (BLUE, ORANGE, INK, GREY)[number % 4], "os^D"[number % 4]
            label = in_unit(f"{each['threshold']:.12g}", unit)
            parts = (100 * np.asarray(each[name]) for name in ("predicted", "observed"))
            axes.plot(*parts, color=colour, marker=marker, label=label, **_LINE)
        axes.set(xlim=(0, 100), ylim=(0, 102))
        axes.set(xlabel=tr("Predicted probability (%)"), ylabel=tr("Share above (%)"))
        for text in axes.legend(frameon=False, loc="upper left", handlelength=1.4).get_texts():
            text.set_parse_math(False)
    return figure


def semivariogram_plot(pattern: Mapping[str, Any], unit: str = "") -> Figure:
    """How values, and what the model leaves of them, differ with distance.

    Parameters
    ----------
    pattern : mapping
        `distance_m`, and the semivariances `observed` and `residuals`.
    unit : str
        Of the target.
    """
    with style():
        figure = Figure(figsize=HALF, layout="constrained")
        axes = figure.add_subplot()
        shrink, distance_unit = _unit_of(pattern["distance_m"])
        distance = np.asarray(pattern["distance_m"]) / shrink
        axes.plot(distance, pattern["observed"], "o-", color=GREY, label=tr("Observed"), **_LINE)
        axes.plot(distance, pattern["residuals"], "o-", color=BLUE, label=tr("Residuals"), **_LINE)
        axes.set(xlim=(0, None), ylim=(0, None), xlabel=in_unit(tr("Distance"), distance_unit))
        text = tr("Semivariance ({unit})²") if unit else tr("Semivariance")
        axes.set_ylabel(wrap(text.format(unit=unit), 34), parse_math=False)
        axes.legend(frameon=False, handlelength=1.4)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_locator(ticks(5))
    return figure


def distance_plot(errors: Mapping[str, Mapping[str, Any]], unit: str = "") -> Figure:
    """How errors grow with the distance to the nearest cell that the model knew.

    Parameters
    ----------
    errors : mapping of str to mapping
        `distance_m` and `rmse` of each class of distance, by test: `random`, `groups`, `blocks`.
    unit : str
        Of the target.
    """
    with style():
        figure = Figure(figsize=HALF, layout="constrained")
        axes = figure.add_subplot()
        shrink, distance_unit = _unit_of(
            np.concatenate([part["distance_m"] for part in errors.values()])
        )
        for name, part in errors.items():
            look = _TESTS[name]
            distance = np.asarray(part["distance_m"]) / shrink
            axes.plot(distance, part["rmse"], label=_name_of(name), **look, **_LINE)
        axes.set(xlim=(0, None), ylim=(0, None))
        axes.set_xlabel(in_unit(tr("Distance to the nearest training cell"), distance_unit))
        axes.set_ylabel(wrap(in_unit("RMSE", unit), 34), parse_math=False)
        axes.legend(frameon=False, handlelength=1.4)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_locator(ticks(5))
    return figure


def importance_plot(found: Sequence[Mapping[str, Any]], unit: str = "") -> Figure:
    """By how much the error on held-out cells grows without each feature.

    Parameters
    ----------
    found : sequence of mapping
        `name`, `increase`, `low` and `high` of each feature, the most important first.
    unit : str
        Of the target.
    """
    with style():
        height = 0.7 + 0.27 * len(found)
        figure = Figure(figsize=(WHOLE[0], height), layout="constrained")
        axes = figure.add_subplot()
        rows = np.arange(len(found))
        increase, low, high = (
            np.array([item[name] for item in found]) for name in ("increase", "low", "high")
        )
        reach = np.abs([increase - low, high - increase])
        axes.barh(rows, increase, height=0.6, color=BLUE, xerr=reach, ecolor=INK, capsize=2)
        axes.axvline(0.0, color=INK, linewidth=0.8)
        labels = [
            shorten(legible(feature_name(item["name"])), 40, placeholder="…") for item in found
        ]
        axes.set_yticks(rows, labels, parse_math=False)
        axes.invert_yaxis()
        axes.set_xlabel(wrap(in_unit(tr("Increase of the RMSE"), unit), 60), parse_math=False)
        axes.xaxis.set_major_locator(ticks(6))
    return figure


def _name_of(test: str) -> str:
    names = {
        RANDOM: tr("Random cells"),
        GROUPS: tr("Groups"),
        BLOCKS: tr("Spatial blocks"),
        NEW_POINTS: tr("New points"),
    }
    return names[test]


def _unit_of(metres: ArrayLike) -> tuple[float, str]:
    """The unit in which to tell distances, and its metres."""
    return (1000.0, "km") if np.max(metres, initial=0.0) >= _FAR else (1.0, "m")
