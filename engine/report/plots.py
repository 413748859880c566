"""The pictures of a report: matplotlib figures that touch no global state of pyplot."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from ..training.evaluator import metrics
from .drawing import BLUE, GREY, INK, ORANGE, marker_area, style, ticks, to_png, wrap
from .summary import HeldOut
from .words import format_number

__all__ = [
    "observed_vs_predicted",
    "prediction_map",
    "residual_map",
    "to_png",
    "training_curve",
]

Bounds = tuple[float, float, float, float]

# Inches. A whole figure fills the column of a page, a half one stands beside another.
_WHOLE = (5.8, 4.6)
_HALF = (3.3, 3.3)
# Room around a map: left, bottom, right, top; the colour bar is right of it, or above a wide one.
_BESIDE = (0.8, 0.5, 0.9, 0.1)
_ABOVE = (0.8, 0.5, 0.3, 0.65)


def prediction_map(
    values: NDArray[np.floating],
    bounds: Bounds,
    label: str,
    points_xy: NDArray[np.floating] | None = None,
    *,
    geographic: bool = False,
) -> Figure:
    """A map of the predicted value of every cell.

    Parameters
    ----------
    values : float array [rows, cols]
        North up, in the target's unit; NaN, left white, where there is no prediction.
    bounds : tuple of float
        Left, bottom, right, top in the grid's CRS.
    label : str
        Target and unit, for the colour bar.
    points_xy : float array [n, 2], optional
        Positions of the measurements, in the grid's CRS.
    geographic : bool
        Whether the CRS is in degrees; a degree of longitude is then drawn shorter.
    """
    with style():
        figure, axes, bar = _map_axes(bounds, geographic, _WHOLE)
        left, bottom, right, top = bounds
        low, high, extend = _stretch(values)
        image = axes.imshow(
            np.ma.masked_invalid(values),
            extent=(left, right, bottom, top),
            aspect="auto",
            interpolation="nearest",
            cmap="viridis",
            vmin=low,
            vmax=high,
        )
        if points_xy is not None and len(points_xy):
            _dots(axes, points_xy, facecolor="white", s=marker_area(len(points_xy)))
        _colour_bar(figure, bar, image, label, extend)
    return figure


def residual_map(
    xy: NDArray[np.floating],
    residuals: NDArray[np.floating],
    bounds: Bounds,
    label: str,
    geographic: bool = False,
) -> Figure:
    """A map of observed minus predicted at the held-out cells.

    Parameters
    ----------
    xy : float array [n, 2]
        Centres of the held-out cells in the grid's CRS.
    residuals : float array [n]
        Observed minus predicted, in the target's unit.
    bounds, label, geographic
        As in `prediction_map`.
    """
    with style():
        figure, axes, bar = _map_axes(bounds, geographic, _HALF)
        size = np.abs(residuals)
        # Quiet cells stay pale beside one that is far off.
        limit = float(np.percentile(size, 98)) if len(size) else 0.0
        limit = limit or 1.0
        dots = _dots(
            axes,
            xy,
            c=residuals,
            s=1.5 * marker_area(len(xy)),
            cmap="RdBu_r",
            vmin=-limit,
            vmax=limit,
        )
        beyond = bool(len(size)) and float(size.max()) > limit
        _colour_bar(figure, bar, dots, label, "both" if beyond else "neither")
    return figure


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
        figure = Figure(figsize=_HALF, layout="constrained")
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
        figure = Figure(figsize=(_WHOLE[0], 3.0), layout="constrained")
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


def _map_axes(
    bounds: Bounds, geographic: bool, box: tuple[float, float]
) -> tuple[Figure, Axes, Axes]:
    """Axes shaped as the bounds are on the ground, as large as fits the box, and a colour bar's."""
    west, south, east, north = bounds
    shortening = max(math.cos(math.radians((south + north) / 2)), 0.01) if geographic else 1.0
    ratio = (north - south) / ((east - west) * shortening)
    left, bottom, right, top = _ABOVE if ratio < 0.5 else _BESIDE
    width = min(box[0] - left - right, (box[1] - bottom - top) / ratio)
    height = width * ratio
    whole = (left + width + right, bottom + height + top)

    def place(x: float, y: float, wide: float, high: float) -> tuple[float, float, float, float]:
        return x / whole[0], y / whole[1], wide / whole[0], high / whole[1]

    figure = Figure(figsize=whole)
    axes = figure.add_axes(place(left, bottom, width, height), aspect="auto")
    axes.set(xlim=(west, east), ylim=(south, north))
    axes.set_xlabel("Longitude (°)" if geographic else "Easting")
    axes.set_ylabel("Latitude (°)" if geographic else "Northing")
    axes.xaxis.set_major_locator(ticks(width * (1.4 if geographic else 0.9)))
    axes.yaxis.set_major_locator(ticks(height * 1.4))
    axes.spines[["right", "top"]].set_visible(True)
    if ratio < 0.5:
        return figure, axes, figure.add_axes(place(left, bottom + height + 0.1, width, 0.11))
    return figure, axes, figure.add_axes(place(left + width + 0.1, bottom, 0.11, height))


def _colour_bar(figure: Figure, axes: Axes, drawn: ScalarMappable, label: str, extend: str) -> None:
    area = axes.get_position()
    width, height = (area.width, area.height) * figure.get_size_inches()
    length = max(width, height)
    bar = figure.colorbar(
        drawn,
        cax=axes,
        location="top" if width > height else "right",
        extend=extend,
        extendfrac=0.1 / length,
        ticks=ticks(2 * length),
    )
    axes.spines["outline"].set_linewidth(0.4)
    bar.set_label(wrap(label, int(14 * length)), parse_math=False)


def _stretch(values: NDArray[np.floating]) -> tuple[float, float, str]:
    """The 2 and 98 % quantiles, and which arrows the colour bar needs beyond them."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return 0.0, 1.0, "neither"
    low, high = (float(limit) for limit in np.percentile(finite, [2, 98]))
    if low == high:
        low, high = float(finite.min()), float(finite.max())
    if low == high:
        return low - 0.5, high + 0.5, "neither"
    below, above = bool(finite.min() < low), bool(finite.max() > high)
    return low, high, {(0, 0): "neither", (1, 0): "min", (0, 1): "max"}.get((below, above), "both")


def _dots(axes: Axes, xy: NDArray[np.floating], **colours: Any) -> PathCollection:
    # Not cut at the frame, where measurements often lie.
    return axes.scatter(
        xy[:, 0], xy[:, 1], edgecolor=INK, linewidth=0.4, clip_on=False, zorder=3, **colours
    )
