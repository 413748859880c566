"""The pictures of a report: matplotlib figures that touch no global state of pyplot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ..training.evaluator import metrics
from .drawing import (
    BLUE,
    GREY,
    HALF,
    INK,
    ORANGE,
    WHOLE,
    marker_area,
    raster,
    save_figures,
    style,
    ticks,
    wrap,
)
from .maps import prediction_map, residual_map, uncertainty_map
from .summary import HeldOut
from .words import format_number

__all__ = [
    "observed_vs_predicted",
    "prediction_map",
    "residual_map",
    "save_figures",
    "training_curve",
    "uncertainty_map",
]


def observed_vs_predicted(held_out: HeldOut, label: str) -> Figure:
    """Each held-out cell: its measured value against its predicted one.

    Parameters
    ----------
    held_out : HeldOut
        The cells of one method.
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
        axes.set_xlabel(wrap(f"Predicted {label}", 34), parse_math=False)
        axes.set_ylabel(wrap(f"Observed {label}", 34), parse_math=False)
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
        lines = ((loss_axes, "Training loss", GREY), (metric_axes, f"Validation {name}", BLUE))
        for column, (axes, label, colour) in enumerate(lines, start=1):
            axes.plot(curve[:, 0], curve[:, column], color=colour, linewidth=1.2)
            axes.set_ylabel(label, parse_math=False)
            axes.yaxis.set_major_locator(ticks(4))
            if history.get("best_epoch") is not None:
                axes.axvline(history["best_epoch"], color=ORANGE, linewidth=0.9, linestyle="--")
        metric_axes.set_xlabel("Epoch")
        metric_axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
        figure.align_ylabels()
    return figure
