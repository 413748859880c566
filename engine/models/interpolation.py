"""What methods share that read the places of readings, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ..data.builders.graph import GraphRawData
from ..data.builders.readings import Readings
from ..data.transforms import TargetTransform
from ..progress import Progress
from .base import Prediction
from .distances import cell_positions
from .places import Places, scaled_places

Array = NDArray[np.float64]
Method = TypeVar("Method", bound="Interpolation")


class Interpolation:
    """A method that weighs values near a position; see `ReadsPlaces`.

    Attributes
    ----------
    transform_ : TargetTransform
        A scale that no unit matters on.
    values_, positions_ : float64 array [n], [n, 2]
        The mean reading at each place, on that scale, and the places in metres.
    """

    transform_: TargetTransform
    values_: Array
    places_: Places

    @property
    def positions_(self) -> Array:
        """The places of the values, in metres, shape [n, 2]."""
        return self.places_.position

    def fit(
        self: Method,
        graph: GraphRawData,
        y: Array,
        observed: NDArray[np.int64],
        progress: Progress,
        readings: Readings | None = None,
    ) -> Method:
        """Learn from the observed cells; see `Model.fit` and `ReadsPlaces`."""
        self.transform_, self.values_, self.places_ = scaled_places(graph, y, observed, readings)
        self._learn()
        return self

    def predict(
        self, graph: GraphRawData, progress: Progress, cells: NDArray[np.int64] | None = None
    ) -> Prediction:
        """The value in the middle of each cell; see `Model.predict`."""
        return self._tell(cell_positions(graph, cells), progress)

    def predict_at(
        self, graph: GraphRawData, progress: Progress, cells: NDArray[np.int64], xy: Array
    ) -> Prediction:
        """The values at places; see `ReadsPlaces`."""
        return self._tell(graph.geometry.plane.metres(xy), progress)

    def predict_readings(
        self,
        graph: GraphRawData,
        progress: Progress,
        cells: NDArray[np.int64],
        readings: Readings,
    ) -> Prediction:
        """The mean over the readings of each cell; its spread is that of one of them."""
        places = Places.in_cells(graph, cells, readings, graph.geometry.plane)
        return _together(places, self._tell(places.position, progress))

    def leave_one_out(self) -> Prediction:
        """The mean over the places of each observed cell, without any of its values."""
        return _together(self.places_, self._without_own())

    def _learn(self) -> None:
        """Learn what is needed beside values and places."""

    def _tell(self, positions: Array, progress: Progress) -> Prediction:
        """The values at positions in metres."""
        raise NotImplementedError

    def _without_own(self) -> Prediction:
        """The value at each place from other cells."""
        raise NotImplementedError

    def _tensors(self) -> dict[str, NDArray[Any]]:
        """What `_restore` needs."""
        places = self.places_
        found = {"values": self.values_, "places": places.position}
        return {**found, "cell": places.cell, "count": places.count}

    def _restore(self, tensors: Mapping[str, NDArray[Any]], header: Mapping[str, Any]) -> None:
        """Take values and places from a state."""
        self.values_ = tensors["values"]
        self.places_ = Places(tensors["cell"], tensors["places"], tensors["count"])
        self.transform_ = TargetTransform.from_dict(header["transform"])


def _together(places: Places, found: Prediction) -> Prediction:
    mean, spread = places.cell_means(found.location), places.cell_means(found.spread)
    return Prediction(mean, spread, found.transform)
