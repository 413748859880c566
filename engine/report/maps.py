"""Maps of cells: squares of a grid, or dots where the cells lie on none."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import PathCollection
from matplotlib.colors import FuncNorm, Normalize
from matplotlib.figure import Figure
from numpy.typing import NDArray

from ..colours import ColourScale, colour_scale
from ..data.builders.graph import GraphRawData
from ..data.builders.grid import Grid
from ..data.builders.sites import Sites
from ..language import tr
from .drawing import HALF, INK, WHOLE, marker_area, raster, style, ticks, wrap
from .numbers import in_unit

Array = NDArray[np.floating]

# Room around a map: left, bottom, right, top; the colour bar is right of it, or above a wide one.
_BESIDE = (0.8, 0.5, 0.9, 0.1)
_ABOVE = (0.8, 0.5, 0.3, 0.65)

_METRES_PER_DEGREE = 111_195.0
_UNITS = {"metre": "m", "foot": "ft", "US survey foot": "US ft", "kilometre": "km"}
# Diameter in points of a dot that stands for a cell.
_SMALLEST, _LARGEST = 2.0, 14.0
# Below and above the colours.
_ARROWS = {
    (False, False): "neither",
    (True, False): "min",
    (False, True): "max",
    (True, True): "both",
}
# Marks on a larger share of the cells would hide the map.
_MOST_MARKED = 0.25


def prediction_map(
    graph: GraphRawData,
    values: Array,
    label: str,
    observed: NDArray[np.int64] | None = None,
    logarithmic: bool = False,
) -> Figure:
    """A map of the predicted value of every cell.

    Parameters
    ----------
    graph : GraphRawData
        The cells, on a grid or on none.
    values : float array [N]
        One a cell, in the target's unit; NaN, left white, where there is no prediction.
    label : str
        Target and unit, for the colour bar.
    observed : int64 array, optional
        The measured cells, as indices into `graph.cell`; marked unless they are so many
        that they would hide the map.
    logarithmic : bool
        Whether the target's scale is; see `colour_scale`.
    """
    with style():
        figure, frame = _draw_values(graph, values, label, "viridis", WHOLE, logarithmic)
        if observed is not None and 0 < len(observed) <= _MOST_MARKED * len(graph.cell):
            xy = graph.geometry.centres(graph.cell[observed])
            if isinstance(graph.geometry, Grid):
                area, look = marker_area(len(xy)), {"facecolor": "white", "linewidth": 0.4}
            else:
                area, look = frame.dot_area, {"facecolor": "none", "linewidth": 0.8}
            look["label"] = tr("measured cells")
            _dots(frame.axes, xy, area, edgecolor=INK, zorder=3, **look)
            # Above the map, where it hides nothing.
            above = {"loc": "lower right", "bbox_to_anchor": (1.0, 1.0), "borderpad": 0.1}
            frame.axes.legend(frameon=False, handletextpad=0.2, **above)
    return figure


def uncertainty_map(
    graph: GraphRawData, values: Array, label: str, logarithmic: bool = False
) -> Figure:
    """A map of how unsure the prediction of every cell is: the darker, the less sure.

    Parameters
    ----------
    graph : GraphRawData
        The cells, on a grid or on none.
    values : float array [N]
        A standard deviation or the width of an interval, in the target's unit; NaN is
        left white.
    label : str
        What the values are, and their unit.
    logarithmic : bool
        Whether the target's scale is; see `colour_scale`.
    """
    with style():
        return _draw_values(graph, values, label, "magma_r", HALF, logarithmic, True)[0]


def residual_map(
    graph: GraphRawData, cells: NDArray[np.int64], residuals: Array, label: str
) -> Figure:
    """A map of observed minus predicted values.

    Parameters
    ----------
    graph : GraphRawData
        The cells, on a grid or on none.
    cells : int64 array [n]
        The cells that the residuals belong to, as indices into `graph.cell`.
    residuals : float array [n]
        Observed minus predicted, in the target's unit.
    label : str
        Target and unit.
    """
    with style():
        figure, frame = make_frame(graph.geometry, HALF)
        size = np.abs(residuals)
        # Quiet cells stay pale beside one that is far off.
        limit = float(np.percentile(size, 98)) if len(size) else 0.0
        limit = limit or float(size.max(initial=0.0)) or 1.0
        dots = _dots(
            frame.axes,
            graph.geometry.centres(graph.cell[cells]),
            1.5 * marker_area(len(cells)),
            c=residuals,
            cmap="RdBu_r",
            vmin=-limit,
            vmax=limit,
            edgecolor=INK,
            linewidth=0.4,
            zorder=3,
        )
        beyond = bool(len(size)) and float(size.max()) > limit
        _colour_bar(frame, dots, label, (beyond, beyond))
    return figure


@dataclass(frozen=True)
class _Frame:
    """Where a map is drawn: its axes, its colour bar's, and the area of a dot in points."""

    axes: Axes
    bar: Axes
    dot_area: float


def _draw_values(
    graph: GraphRawData,
    values: Array,
    label: str,
    ramp: str,
    box: tuple[float, float],
    logarithmic: bool,
    from_zero: bool = False,
) -> tuple[Figure, _Frame]:
    geometry = graph.geometry
    figure, frame = make_frame(geometry, box)
    finite = values[np.isfinite(values)]
    # Of nothing, or of a map without any value.
    scale = ColourScale(0.0, 1.0, (0.0, 1.0))
    if finite.size:
        scale = colour_scale(finite.tolist(), logarithmic, from_zero)
    look: dict[str, Any] = {"cmap": ramp, "norm": _norm(scale)}
    if isinstance(geometry, Grid):
        surface = np.full(geometry.size, np.nan)
        surface[graph.cell] = values
        left, bottom, right, top = geometry.bounds
        drawn: ScalarMappable = frame.axes.imshow(
            np.ma.masked_invalid(surface.reshape(geometry.rows, geometry.cols)),
            extent=(left, right, bottom, top),
            aspect="auto",
            interpolation="nearest",
            **look,
        )
    else:
        known = np.isfinite(values)
        xy, colours = geometry.centres(graph.cell[known]), values[known]
        drawn = _dots(frame.axes, xy, frame.dot_area, c=colours, linewidth=0, **look)
    _colour_bar(frame, drawn, label, scale.beyond, None if scale.continuous else scale.stops)
    return figure, frame


def _dots(axes: Axes, xy: Array, area: float, **look: Any) -> PathCollection:
    # Not cut at the frame, where measurements often lie.
    return axes.scatter(
        xy[:, 0], xy[:, 1], s=area, clip_on=False, rasterized=raster(len(xy)), **look
    )


def make_frame(geometry: Grid | Sites, box: tuple[float, float]) -> tuple[Figure, _Frame]:
    """Axes shaped as the map is on the ground, as large as fits the box."""
    crs = geometry.pyproj_crs
    west, south, east, north = geometry.bounds
    metres = _METRES_PER_DEGREE if crs.is_geographic else crs.axis_info[0].unit_conversion_factor
    apart = math.sqrt(math.prod(geometry.cell_metres())) / metres
    shortening = math.cos(math.radians((south + north) / 2)) if crs.is_geographic else 1.0
    shortening = max(shortening, 0.01)
    if isinstance(geometry, Sites):
        west, east = west - apart / shortening, east + apart / shortening
        south, north = south - apart, north + apart
    ratio = (north - south) / ((east - west) * shortening)
    # What lies beside a map makes it small where the box is narrow.
    above = ratio < (0.5 if box == WHOLE else 1.0)
    left, bottom, right, top = _ABOVE if above else _BESIDE
    width = min(box[0] - left - right, (box[1] - bottom - top) / ratio)
    height = width * ratio
    size = (left + width + right, bottom + height + top)

    def shares(x: float, y: float, wide: float, high: float) -> tuple[float, float, float, float]:
        return x / size[0], y / size[1], wide / size[0], high / size[1]

    figure = Figure(figsize=size)
    axes = figure.add_axes(shares(left, bottom, width, height), aspect="auto")
    axes.set(xlim=(west, east), ylim=(south, north))
    axes.spines[["right", "top"]].set_visible(True)
    axes.xaxis.set_major_locator(ticks(width * (1.4 if crs.is_geographic else 0.9)))
    axes.yaxis.set_major_locator(ticks(height * 1.4))
    names = (tr("Easting"), tr("Northing"))
    if crs.is_geographic:
        names = (tr("Longitude"), tr("Latitude"))
    unit = crs.axis_info[0].unit_name
    unit = "°" if crs.is_geographic else _UNITS.get(unit, unit)
    axes.set(xlabel=in_unit(names[0], unit), ylabel=in_unit(names[1], unit))
    if above:
        bar = figure.add_axes(shares(left, bottom + height + 0.1, width, 0.11))
    else:
        bar = figure.add_axes(shares(left + width + 0.1, bottom, 0.11, height))
    diameter = min(max(72 * height * apart / (north - south), _SMALLEST), _LARGEST)
    return figure, _Frame(axes, bar, diameter**2)


def _norm(scale: ColourScale) -> Normalize:
    """From values to shares of the ramp."""
    low, high = scale.stops[0], scale.stops[-1]
    if scale.continuous:
        return Normalize(low, high)
    share = np.linspace(0.0, 1.0, len(scale.stops))

    def forward(values: Array) -> Array:
        return np.interp(values, scale.stops, share)

    def inverse(shares: Array) -> Array:
        return np.interp(shares, share, scale.stops)

    return FuncNorm((forward, inverse), low, high)


def _colour_bar(
    frame: _Frame,
    drawn: ScalarMappable,
    label: str,
    beyond: tuple[bool, bool],
    stops: tuple[float, ...] | None = None,
) -> None:
    """With arrows where values lie beyond its ends; ticks at `stops`, or at round numbers."""
    area, figure = frame.bar.get_position(), frame.bar.get_figure()
    size = figure.get_size_inches() if isinstance(figure, Figure) else (1.0, 1.0)
    width, height = area.width * size[0], area.height * size[1]
    length = max(width, height)
    bar = frame.axes.figure.colorbar(
        drawn,
        cax=frame.bar,
        location="top" if width > height else "right",
        extend=_ARROWS[beyond],
        extendfrac=0.1 / length,
        ticks=ticks(2 * length) if stops is None else list(stops),
        format=None if stops is None else "%g",
    )
    frame.bar.spines["outline"].set_linewidth(0.4)
    bar.set_label(wrap(label, int(14 * length)), parse_math=False)
