"""What the kernel reads of a graph: positions in cells, and scaled surroundings."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ..config.checks import Kind, Many, Single
from ..data.builders.crs import Plane
from ..data.builders.graph import GraphRawData
from ..data.builders.surroundings import Neighbourhoods
from ..data.forms import NAME, NUMBER, TEXTS, Array, Form, Tensors
from ..errors import FileFormatError, InputError
from ..language import tr
from .distances import cell_positions, spacing
from .kernel import Inputs
from .windows import group_moments

# With less among the observed cells, in squares of their units, a group is constant.
_LEAST_VARIANCE = 1e-12
# No plane reaches farther.
_MOST_METRES = 1e12

SCALING_KEYS: dict[str, Kind] = {
    "feature_names": TEXTS,
    "plane": Form({"crs": NAME, "x": NUMBER, "y": NUMBER}),
    "origin_m": Many(Single(float, low=-_MOST_METRES, high=_MOST_METRES), 2, 2),
    "unit_m": Single(float, low=1 / _MOST_METRES, high=_MOST_METRES),
}
"""What `InputScaling.header` gives."""
SCALING_OPTIONAL = frozenset(("origin_m",))
"""Those of the keys that older files lack."""
SCALING_FORMS = {"centre": Array(("columns",)), "scale": Array(("columns",), low=0.0)}
"""What `InputScaling.arrays` gives."""


@dataclass(frozen=True)
class InputScaling:
    """Turns the surroundings of cells into inputs in one way, learnt once.

    Parameters
    ----------
    feature_names : tuple of str
        Features of the graph that it was learnt from.
    plane : Plane
        The plane on which positions are in metres.
    origin : float64 array [2]
        Where positions are measured from, in metres.
    unit : float
        What distances are measured in, in metres: the width of a cell, or of a square that holds
        one place, where the cells with readings have several.
    centre, scale : float64 array [F]
        Of the surroundings: `(value - centre) * scale` is read.
    """

    feature_names: tuple[str, ...]
    plane: Plane
    origin: NDArray[np.float64]
    unit: float
    centre: NDArray[np.float64]
    scale: NDArray[np.float64]

    @classmethod
    def learn(
        cls, graph: GraphRawData, around: Neighbourhoods, observed: NDArray[np.int64], places: int
    ) -> InputScaling:
        """So that two observed cells are, on average, sqrt(2) apart in each group.

        There are readings at so many `places` in the observed cells.
        """
        unit = spacing(graph) / math.sqrt(places / len(observed))
        origin = np.round(cell_positions(graph, observed).mean(axis=0) / unit) * unit
        centre, variance = group_moments(around.x[observed], around.group, around.unit)
        constant = variance < _LEAST_VARIANCE
        scale = np.where(constant, 0.0, 1 / np.sqrt(np.where(constant, 1.0, variance)))
        scale = scale[around.group] / around.unit
        return cls(graph.feature_names, graph.geometry.plane, origin, unit, centre, scale)

    def inputs(
        self,
        graph: GraphRawData,
        x: NDArray[np.floating],
        cells: NDArray[np.int64] | None,
        metres: NDArray[np.float64] | None = None,
    ) -> Inputs:
        """Inputs of `cells`, or of all; `x` are the surroundings of every cell.

        `metres` are places in these cells, on `plane`; by default their middles.
        """
        if metres is None:
            metres = cell_positions(graph, cells, self.plane)
        x = x if cells is None else x[cells]
        scaled = (x - self.centre.astype(x.dtype)) * self.scale.astype(x.dtype)
        # Degrees become metres around one point, whatever part of the map is asked for.
        # Float32 tells near positions apart only where they are measured from among them.
        position = (metres - self.origin) / self.unit
        # What nobody measured is taken for the mean, which is 0 here.
        return Inputs(
            torch.from_numpy(position).float(), torch.from_numpy(np.nan_to_num(scaled)).float()
        )

    def check_fits(self, graph: GraphRawData) -> None:
        """Refuse a graph in another CRS or with other features.

        Raises
        ------
        FileFormatError
            Naming what differs.
        """
        if self.plane.crs != graph.geometry.crs:
            raise FileFormatError(
                tr("The model was fitted in the CRS {ours}; this graph's is {theirs}.").format(
                    ours=self.plane.crs, theirs=graph.geometry.crs
                )
            )
        if graph.feature_names != self.feature_names:
            raise FileFormatError(
                tr("The model was fitted to the features {ours}; this graph has {theirs}.").format(
                    ours=", ".join(self.feature_names) or tr("none"),
                    theirs=", ".join(graph.feature_names) or tr("none"),
                )
            )

    def arrays(self) -> dict[str, NDArray[np.float64]]:
        """The tensors that `from_state` needs."""
        return {"centre": self.centre, "scale": self.scale}

    def header(self) -> dict[str, Any]:
        """What `from_state` needs beside the tensors, as JSON."""
        return {
            "feature_names": list(self.feature_names),
            "plane": dataclasses.asdict(self.plane),
            "origin_m": self.origin.tolist(),
            "unit_m": self.unit,
        }

    @classmethod
    def from_state(cls, tensors: Tensors, header: Mapping[str, Any]) -> InputScaling:
        """The scaling again."""
        return cls(
            tuple(header["feature_names"]),
            Plane(**header["plane"]),
            # Files of before measured positions from the origin of their CRS.
            np.array(header.get("origin_m", [0.0, 0.0])),
            float(header["unit_m"]),
            tensors["centre"],
            tensors["scale"],
        )


def check_plane(header: Mapping[str, Any]) -> None:
    """Refuse a plane that lies nowhere.

    Raises
    ------
    InputError
        If the plane's own middle has no position on it.
    """
    plane = Plane(**header["plane"])
    if not np.isfinite(plane.metres(np.array([[plane.x, plane.y]]))).all():
        raise InputError(tr("its plane lies nowhere in its CRS."))
