"""What every model of GeoHG is: fitted to a graph with observed cells, it predicts every cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ..data.builders.graph import GraphRawData
from ..progress import Progress


@dataclass(frozen=True)
class Prediction:
    """A value for every cell, in the target's unit.

    Parameters
    ----------
    mean : float64 array [N]
        The predicted value.
    std : float64 array [N]
        The model's own standard deviation of a new measurement there.
    """

    mean: NDArray[np.float64]
    std: NDArray[np.float64]


@dataclass
class ModelState:
    """All that a model file must keep so that the model predicts again."""

    tensors: dict[str, NDArray[Any]] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)


class Model(Protocol):
    """The seam between the data and whatever predicts."""

    def fit(
        self,
        graph: GraphRawData,
        y: NDArray[np.float64],
        observed: NDArray[np.int64],
        progress: Progress,
    ) -> Model:
        """Learn from the observed cells alone.

        Parameters
        ----------
        graph : GraphRawData
            The graph; its targets are not read.
        y : float64 array [N]
            The target in its unit; only `y[observed]` is read.
        observed : int64 array
            Cells to learn from, as indices into `graph.cell`. A model that needs
            validation cells takes them from these.

        Raises
        ------
        FitError
            If the model cannot be fitted to these values.
        Cancelled
            If the user asked to stop.
        """

    def predict(self, graph: GraphRawData, progress: Progress) -> Prediction:
        """Predict every cell of `graph`."""

    def state(self) -> ModelState:
        """What `from_state` needs; the header is JSON."""

    @classmethod
    def from_state(cls, tensors: Mapping[str, NDArray[Any]], header: Mapping[str, Any]) -> Model:
        """The fitted model again."""
