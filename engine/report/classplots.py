"""The maps of a report on classes."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from ..language import tr
from ..prediction.classmaps import ClassMap
from ..prediction.surface import to_grid
from .drawing import WHOLE, legible, style
from .maps import make_frame, uncertainty_map

# Longer names of classes are cut in the legend of a map.
_LONGEST = 28


def draw_classes(found: ClassMap) -> dict[str, Figure]:
    """The likeliest class of every cell, and how unsure it is, by the names of a page."""
    doubt = uncertainty_map(
        found.graph, 1 - found.probabilities.max(axis=1), tr("Probability of another class")
    )
    return {"class_map": class_map(found), "doubt_map": doubt}


def class_map(found: ClassMap) -> Figure:
    """A map of the likeliest class, with a legend of those that are on it."""
    grid, colours = found.graph.grid, found.colours
    surface = to_grid(found.graph, found.codes.astype(np.float64))
    with style():
        figure, frame = make_frame(grid, WHOLE)
        left, bottom, right, top = grid.bounds
        frame.axes.imshow(
            np.ma.masked_invalid(surface),
            extent=(left, right, bottom, top),
            aspect="auto",
            interpolation="nearest",
            cmap=ListedColormap([*colours.values()]),
            vmin=0.5,
            vmax=len(colours) + 0.5,
        )
        frame.bar.set_axis_off()
        shown = np.unique(found.codes)
        patches = [
            Patch(color=colour, label=legible(name[:_LONGEST]))
            for number, (name, colour) in enumerate(colours.items(), 1)
            if number in shown
        ]
        frame.bar.legend(
            handles=patches,
            loc="upper left",
            bbox_to_anchor=(-1.0, 1.0),
            frameon=False,
            fontsize=7.5,
            borderaxespad=0.0,
        )
    return figure
