"""What a fitted process keeps of the places of readings, and its form in a model file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..data.builders.graph import GraphRawData
from ..data.forms import Array, Tensors
from ..errors import InputError
from ..language import tr
from .distances import cell_positions
from .kernel import Rows
from .kernel_inputs import InputScaling
from .places import Places

# Nodes of the Gauss-Legendre rule of two points on [-1/2, 1/2]: the mean over a cell is that of
# the four places so far from its middle, as a share of its width and height.
_NODE = 0.5 / np.sqrt(3.0)
_FORMS = {
    "row_cell": Array(("rows",), integer=True, low=0),
    "row_count": Array(("rows",), integer=True, low=1),
    "row_error": Array((1,), low=0.0, missing=True),
    "row_offset": Array(("nodes", 2)),
    "row_middle": Array(("fitted", 2)),
}


@dataclass(frozen=True, eq=False)
class PlaceRows:
    """What sets the rows of a process that are places apart from whole cells.

    Parameters
    ----------
    places : Places
        Where the readings are, in cells.
    error : float
        See `Places.error`, on the model's scale.
    offset : float64 array [Q, 2]
        The nodes of a cell's mean around its middle, in cells.
    middle : float64 array [cells, 2]
        The middles of the observed cells, in cells.
    """

    places: Places
    error: float
    offset: NDArray[np.float64]
    middle: NDArray[np.float64]

    @classmethod
    def learn(
        cls,
        scaling: InputScaling,
        graph: GraphRawData,
        observed: NDArray[np.int64],
        places: Places,
        error: float,
    ) -> PlaceRows:
        """Those of places in metres, in the observed cells of a graph; see `Places.error`."""
        width, height = np.array(graph.geometry.cell_metres()) / scaling.unit
        offset = [[x * width, y * height] for x in (-_NODE, _NODE) for y in (-_NODE, _NODE)]
        middle = (cell_positions(graph, observed) - scaling.origin) / scaling.unit
        position = (places.position - scaling.origin) / scaling.unit
        return cls(replace(places, position=position), error, np.array(offset), middle)

    def rows(self) -> Rows:
        """As the kernel reads them."""
        return rows_of(self.places, self.error)

    def nodes(self) -> Tensor:
        """The `offset` as the kernel reads it."""
        return torch.from_numpy(self.offset).float()

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What `from_arrays` needs; NaN is an error that nobody knows."""
        error = self.error if np.isfinite(self.error) else np.nan
        return {
            "row_cell": self.places.cell,
            "row_count": self.places.count,
            "row_error": np.array([error]),
            "row_offset": self.offset,
            "row_middle": self.middle,
        }

    @classmethod
    def from_arrays(cls, tensors: Tensors) -> PlaceRows | None:
        """The same from a file; None where it has none."""
        if "row_cell" not in tensors:
            return None
        error = float(tensors["row_error"][0])
        places = Places(tensors["row_cell"], tensors["place"].astype(float), tensors["row_count"])
        error = np.inf if np.isnan(error) else error
        return cls(places, error, tensors["row_offset"], tensors["row_middle"])


def rows_of(places: Places, error: float) -> Rows:
    """Places as the kernel reads them; `error` as of `PlaceRows`."""
    return Rows(
        torch.from_numpy(places.cell),
        torch.from_numpy(places.share).float(),
        torch.from_numpy(places.count).float(),
        torch.full((len(places.cell),), error),
    )


def rows_forms(tensors: Tensors) -> dict[str, Array]:
    """The forms of what a state says of its rows, which are cells, or places in them."""
    placed = bool(_FORMS.keys() & tensors.keys())
    rows = "rows" if placed else "fitted"
    forms = {
        "place": Array((rows, 2)),
        "x": Array((rows, "columns")),
        "values": Array((rows,)),
    }
    # What takes long to find in many observed cells is kept with them.
    if {"left", "left_wide"} & tensors.keys():
        forms |= {"left": Array((2, rows)), "left_wide": Array((2, rows), low=0.0)}
    return {**forms, **_FORMS} if placed else forms


def check_rows(tensors: Tensors) -> None:
    """Refuse rows that are not in the order of their cells, or leave a cell out.

    Raises
    ------
    InputError
        Naming the tensor.
    """
    if "row_cell" not in tensors:
        return
    cell, count = tensors["row_cell"], len(tensors["row_middle"])
    every = np.array_equal(np.unique(cell), np.arange(count))
    if not every or (np.diff(cell) < 0).any():
        raise InputError(tr("the tensor '{name}' is not what it was.").format(name="row_cell"))
