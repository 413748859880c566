"""The interface of all models: fit to the observed cells of a graph, predict every cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from ..config.schema import Config
from ..data.builders.graph import GraphRawData
from ..data.builders.readings import Readings
from ..data.forms import Tensors
from ..data.transforms import TargetTransform
from ..errors import FileFormatError, InputError
from ..language import tr
from ..progress import Progress

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Prediction:
    """A model's prediction for each cell or place: a normal distribution on the model's scale.

    Parameters
    ----------
    location, spread : float64 array [n]
        Mean and standard deviation of a new measurement, on the model's scale.
    transform : TargetTransform
        The model's scale; by default it is the target's unit itself.
    single : Prediction, optional
        That of one new measurement, where this is of the mean of several.
    misses : float64 array [m], optional
        Of readings that were left out with their cell: the absolute error of each, in deviations
        of one new measurement.
    """

    location: Array
    spread: Array
    transform: TargetTransform = field(default_factory=TargetTransform)
    single: Prediction | None = None
    misses: Array | None = None

    @property
    def anew(self) -> Prediction:
        """The prediction of one new measurement."""
        return self.single or self

    @cached_property
    def _moments(self) -> tuple[Array, Array]:
        return self.transform.moments(self.location, self.spread)

    @property
    def mean(self) -> Array:
        """The predicted value: the mean, in the target's unit, shape [n]."""
        return self._moments[0]

    @property
    def std(self) -> Array:
        """The model's own standard deviation of a new measurement, in the target's unit."""
        return self._moments[1]

    def on(self, scale: TargetTransform) -> Array:
        """The mean of a new measurement on another scale, shape [n]."""
        return self.transform.expected(self.location, self.spread, scale)

    def bound(self, deviations: float | Array) -> Array:
        """The value `deviations` standard deviations above the middle, in the target's unit."""
        return self.transform.inverse(self.location + deviations * self.spread)


def log_score(found: Prediction, y: Array) -> Array:
    """The logarithm of the density that was predicted for `y` [n], but for a constant."""
    error = (found.transform.forward(y) - found.location) / found.spread
    return -0.5 * error**2 - np.log(found.spread)


@dataclass
class ModelState:
    """The content of a model file that restores the model."""

    tensors: dict[str, NDArray[Any]] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)


class Model(Protocol):
    """The interface that every model implements."""

    def fit(
        self,
        graph: GraphRawData,
        y: NDArray[np.float64],
        observed: NDArray[np.int64],
        progress: Progress,
    ) -> Model:
        """Fit to the observed cells.

        Parameters
        ----------
        graph : GraphRawData
            The graph; its targets are not read.
        y : float64 array [N]
            The target in its unit; only `y[observed]` is read.
        observed : int64 array
            Training cells, as indices into `graph.cell`. A model that needs validation cells
            takes them from these.

        Raises
        ------
        FitError
            If the model cannot be fitted to these values.
        Cancelled
            If the user asked to stop.
        """

    def predict(
        self, graph: GraphRawData, progress: Progress, cells: NDArray[np.int64] | None = None
    ) -> Prediction:
        """Predict cells of a graph.

        Parameters
        ----------
        graph : GraphRawData
            The graph, or another one with the same kinds of features.
        progress : Progress
            Receives progress and messages.
        cells : int64 array [n], optional
            The cells to predict, as indices into `graph.cell`; all by default.
        """

    def leave_one_out(self) -> Prediction:
        """Predict each training cell without its own value; NaN where not available."""

    def state(self) -> ModelState:
        """The state that `from_state` restores; the header is JSON."""

    @classmethod
    def from_state(cls, tensors: Tensors, header: Mapping[str, Any]) -> Model:
        """Restore the fitted model from a state that `check_state` accepted."""


@runtime_checkable
class ReadsPlaces(Protocol):
    """What a `Model` has beside, if it reads where in their cells values were measured.

    Its `fit` has one more argument, `readings`: those of the target, or None for one in the
    middle of each cell. Its `predict` is of the mean of each cell, and of a new measurement
    anywhere in it. Its `leave_one_out` is of the mean of the readings in each cell, without any
    of them.
    """

    def predict_at(
        self, graph: GraphRawData, progress: Progress, cells: NDArray[np.int64], xy: Array
    ) -> Prediction:
        """Predict values at places.

        Parameters
        ----------
        graph, progress
            As of `Model.predict`.
        cells : int64 array [n]
            The cell of each place, as an index into `graph.cell`.
        xy : float64 array [n, 2]
            The places, in the CRS of the graph.
        """

    def predict_readings(
        self,
        graph: GraphRawData,
        progress: Progress,
        cells: NDArray[np.int64],
        readings: Readings,
    ) -> Prediction:
        """Predict the mean of the readings in each cell, at their places.

        Parameters
        ----------
        graph, progress
            As of `Model.predict`.
        cells : int64 array [n]
            The cells, as indices into `graph.cell`.
        readings : Readings
            Readings in these cells and others; no value is read. A cell without any is predicted
            in its middle.
        """


@runtime_checkable
class KnowsTogether(Protocol):
    """What a `Model` has beside, if it knows how the errors of cells go together."""

    def correlations(
        self, graph: GraphRawData, progress: Progress, groups: Sequence[NDArray[np.int64]]
    ) -> Iterator[Array]:
        """The correlation of new measurements in cells, given all that was observed.

        It is that on the model's scale, of one new measurement in each cell.

        Parameters
        ----------
        graph, progress
            As of `Model.predict`.
        groups : sequence of int64 array
            Cells, as indices into `graph.cell`.

        Yields
        ------
        float64 array [m, m]
            Of each group.
        """


@runtime_checkable
class Simulates(Protocol):
    """What a `Model` has beside, if it draws equally likely maps."""

    def draws(
        self, graph: GraphRawData, progress: Progress, count: int, seed: int
    ) -> NDArray[np.float32]:
        """Draws of new measurements in all cells together, given all that was observed.

        They are in deviations from the mean of each cell: normal numbers of mean 0 and variance 1
        that go together as `KnowsTogether.correlations` has it.

        Parameters
        ----------
        graph, progress
            As of `Model.predict`.
        count, seed : int
            How many; and the seed, by which a cell has the same ones whatever graph it is of.

        Returns
        -------
        float32 array [N, count]
        """


def knowing_together(model: Any) -> KnowsTogether:
    """The model, or the class of one, which must know how the errors of cells go together.

    Raises
    ------
    InputError
        Naming what to use instead.
    """
    if not isinstance(model, KnowsTogether):
        raise InputError(
            tr(
                "A model of the kind '{kind}' does not know how errors of cells go together; fit "
                "one of the kind 'propagation'."
            ).format(kind=getattr(model, "kind", ""))
        )
    return model


def simulating(model: Any) -> Simulates:
    """The model, or the class of one, which must draw equally likely maps.

    Raises
    ------
    InputError
        Naming what to use instead.
    """
    if not isinstance(model, Simulates):
        raise InputError(
            tr(
                "A model of the kind '{kind}' gives no simulations; fit one of the kind "
                "'propagation' to points, or leave the simulations out."
            ).format(kind=getattr(model, "kind", ""))
        )
    return model


class StoredModel(Model, Protocol):
    """A model that can be saved to a model file."""

    @classmethod
    def of(cls, config: Config) -> StoredModel:
        """The unfitted model with these options."""

    @classmethod
    def check_state(cls, tensors: Tensors, header: Any, sizes: dict[str, int]) -> None:
        """Refuse a state that `state` cannot have returned, before it is used.

        Parameters
        ----------
        sizes : dict of str to int
            Lengths of axes by name; `fitted` is the number of training cells.

        Raises
        ------
        InputError
            Naming the key or the tensor.
        """


def is_logarithmic(model: Any) -> bool:
    """Whether a fitted model reads its target on a logarithmic scale."""
    return getattr(getattr(model, "transform_", None), "kind", "") == "log"


def check_kind(header: Mapping[str, Any], kind: str) -> None:
    """Refuse the state of another model.

    Raises
    ------
    FileFormatError
        If `header` is of another kind than `kind`.
    """
    if header.get("kind") != kind:
        raise FileFormatError(
            tr("The model file holds '{got}', expected '{kind}'.").format(
                got=header.get("kind"), kind=kind
            )
        )
