"""A fitted model of a number with all that it needs to make maps, in memory and as a file."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..config.schema import UncertaintyConfig
from ..data.builders.graph import GraphRawData
from ..data.builders.grid import Grid
from ..data.builders.sites import Sites
from ..data.forms import Tensors, inside
from ..data.matching import describe
from ..data.sources.polygons import Polygons
from ..errors import FileFormatError
from ..language import tr
from ..models.base import Model, Prediction, ReadsPlaces, simulating
from ..models.distances import DistanceTo
from ..progress import Part, Progress, Silent
from .applicability import Applicability, is_inside
from .cellmap import ARRAYS, CellMap, array_names
from .fittedmodel import FittedModel
from .means import warn_of_means
from .model_forms import TRUST
from .polygonvalues import PolygonValues
from .reach import Reach
from .simulating import simulated
from .summarising import Asked, CellWeights, checked, draw
from .together import Drawn
from .uncertainty import Calibration, Errors, deviations, exceeding, without_own

if TYPE_CHECKING:
    from typing_extensions import Self

Array = NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class FittedMap(FittedModel):
    """A fitted model of a number, with the data for its intervals; see `FittedModel`, too.

    Parameters
    ----------
    scores : float64 array [m]
        Errors on left-out values, divided by the predicted standard deviation; see
        `Calibration.learn`. Empty if not measured.
    reach : Reach
        The factor by which intervals widen with distance from the training cells.
    misses : float64 array [k]
        As `scores`, of single readings where the model reads their places: what the intervals of
        new measurements are calibrated on. Empty if it reads none.
    """

    model: Model
    scores: Array = dataclasses.field(default_factory=lambda: np.empty(0))
    reach: Reach = dataclasses.field(default_factory=Reach)
    misses: Array = dataclasses.field(default_factory=lambda: np.empty(0))

    @classmethod
    def learn(
        cls,
        model: Model,
        graph: GraphRawData,
        target: str,
        known: NDArray[np.int64],
        reach: Reach | None = None,
        details: Mapping[str, Any] = {},
        progress: Progress | None = None,
    ) -> FittedMap:
        """Make a fitted map from a model that was fitted to the cells `known` of a graph.

        Parameters
        ----------
        model : Model
            Fitted to `known`.
        graph : GraphRawData
            The graph.
        target : str
            Name of the target.
        known : int64 array [n]
            Indices into `graph.cell`, ascending.
        reach : Reach, optional
            The factor by which intervals widen with distance; by default 1 everywhere.
        details : mapping
            See `FittedMap`.
        progress : Progress, optional
            Receives progress and messages.
        """
        left_out = model.leave_one_out()
        return cls(
            model,
            target,
            graph.info.units.get(target, ""),
            graph.geometry.describe(),
            describe(graph),
            graph.cell[known],
            Applicability.learn(graph, known, progress or Silent()),
            dict(details),
            scores=deviations(graph.target(target)[known], left_out),
            reach=reach or Reach(),
            misses=np.empty(0) if left_out.misses is None else left_out.misses,
        )

    def map(
        self,
        graph: GraphRawData,
        level: float,
        progress: Progress | None = None,
        thresholds: Sequence[float] = (),
        quantiles: Sequence[float] = (),
        simulations: int = 0,
        seed: int = 0,
    ) -> CellMap:
        """Predict every cell of a graph: the training graph, or one with the same kinds of data.

        Parameters
        ----------
        graph : GraphRawData
            The graph; see `check_fits`.
        level : float
            Share of new measurements that the intervals should contain.
        progress : Progress, optional
            Receives progress and messages.
        thresholds, quantiles : sequence of float
            See `CellMap`.
        simulations, seed : int
            How many maps are simulated, and their seed; see `simulate`.

        Raises
        ------
        FileFormatError
            If the model's file has no area of applicability.
        """
        progress = progress or Silent()
        how = UncertaintyConfig(level, tuple(thresholds), tuple(quantiles), simulations, seed)
        found = self.part(graph, how, progress)
        warn_of_means(
            int(found.aside.sum()), len(graph.cell) - self.shared_with(graph), level, progress
        )
        return found

    def simulate(
        self,
        graph: GraphRawData,
        count: int,
        seed: int = 0,
        progress: Progress | None = None,
    ) -> Array:
        """Equally likely maps: values that new measurements could have, one in every cell.

        In each cell they have the mean of `map`, and errors distributed as those on left-out values
        are, but for observed cells, whose own values are used. Those of several cells go together
        as the model knows it: draws of its process, conditioned on all that was observed; see
        `prediction.simulating` and `models.conditioning.left_open`.

        Parameters
        ----------
        graph, progress
            As of `map`.
        count, seed : int
            How many maps; and the seed, by which a cell has the same values whatever block of a
            map it is made in.

        Returns
        -------
        float64 array [N, count]
            In the target's unit.

        Raises
        ------
        InputError
            If the model knows no covariances, as networks do not.
        """
        progress, how = (
            progress or Silent(),
            UncertaintyConfig(simulations_count=count, simulations_seed=seed),
        )
        simulating(self.model)
        predicted = self._predicted(graph, Part(progress, 0.0, 0.5))
        return self._simulated(graph, *predicted, how, Part(progress, 0.5, 1.0))

    def _simulated(
        self,
        graph: GraphRawData,
        predicted: Prediction,
        wider: Prediction,
        how: UncertaintyConfig,
        progress: Progress,
    ) -> Array:
        """As `simulate`, of what `_predicted` gave; nothing where none are asked for."""
        if not how.simulations_count:
            return np.empty((len(graph.cell), 0))
        asked = how.simulations_count, how.simulations_seed
        drawn = simulating(self.model).draws(graph, progress, *asked)
        return simulated(wider, Errors(self._scores), predicted.mean, drawn)

    def part(self, graph: GraphRawData, how: UncertaintyConfig, progress: Progress) -> CellMap:
        """As `map`, of a graph that may hold some cells of a map; without a warning of means."""
        area = self.known_area()
        if how.simulations_count:
            simulating(self.model)
        predicted, wider = self._predicted(graph, Part(progress, 0.0, 0.4))
        left_out = self.left_out(graph)
        honest = without_own(wider, *left_out)
        calibration, errors = self._calibration(how.level), Errors(self._scores)
        lower, upper = calibration.lower(honest), calibration.upper(honest)
        aside = (predicted.mean < lower) | (predicted.mean > upper)
        aside[left_out[1]] = False
        return CellMap(
            predicted.mean,
            calibration.std(honest),
            lower,
            upper,
            how.level,
            area.index(graph, Part(progress, 0.8, 1.0)),
            aside,
            {limit: exceeding(honest, errors, limit) for limit in how.thresholds},
            {share: honest.bound(errors.below(share)) for share in how.quantiles},
            self._simulated(graph, predicted, wider, how, Part(progress, 0.4, 0.8)),
        )

    def summarise(
        self,
        graph: GraphRawData,
        polygons: Any,
        statistic: str = "mean",
        level: float = 0.9,
        thresholds: Sequence[float] = (),
        progress: Progress | None = None,
    ) -> PolygonValues:
        """The mean or total of the cells of each polygon, with what is known of its error.

        Deviations, intervals and probabilities are those of what one new measurement in every
        cell would give. They rest on the covariance of the cells given all that was observed;
        see `prediction.together`.

        Parameters
        ----------
        graph : GraphRawData
            The graph, on a grid; see `check_fits`.
        polygons : path, GeoDataFrame, GeoSeries, polygons of shapely, or Polygons
            Such as districts; they may overlap.
        statistic : str
            `mean` of the cells by area, or their `total`: each cell's value times the share of
            it that lies in the polygon.
        level : float
            Share of such values that the intervals should contain.
        thresholds : sequence of float
            Values, in the target's unit, of which the probability of exceeding each is told.
        progress : Progress, optional
            Receives progress and messages.

        Raises
        ------
        InputError
            If the model knows no covariances, the cells have no grid, or the polygons cannot be
            used.
        FileFormatError
            If the model's file has no area of applicability.
        """
        progress, area = progress or Silent(), self.known_area()
        model = checked(self.model, graph)
        if not isinstance(polygons, Polygons):
            polygons = Polygons.read(polygons, "", progress)
        inside = polygons.cells(graph.grid, graph.cell, Part(progress, 0.0, 0.1))
        asked = Asked(statistic, level, thresholds)
        predicted, wider = self._predicted(graph, Part(progress, 0.1, 0.5))
        weights = CellWeights(graph.grid, graph.cell, inside, statistic)
        drawn = Drawn(wider, Errors(self._scores))
        parts = (graph, inside, weights, drawn, asked, Part(progress, 0.6, 1.0))
        (std, lower, upper), above = draw(model, *parts)
        index = area.index(graph, Part(progress, 0.5, 0.6))
        return PolygonValues(
            *(polygons, self.target, self.unit, statistic, level),
            weights.mean(inside, predicted.mean) * weights.factor,
            *(std, lower, upper, above),
            weights.mean(inside, is_inside(index)),
            np.array([share.sum() for share in inside.shares]),
            inside.covered,
        )

    def _predicted(self, graph: GraphRawData, progress: Progress) -> tuple[Prediction, Prediction]:
        """Every cell as the model has it, and with the spread that it has far from others."""
        predicted = self.model.predict(graph, progress)
        stretch = self.reach.factor(self.distance(graph))
        return predicted, dataclasses.replace(predicted, spread=predicted.spread * stretch)

    def at(
        self,
        graph: GraphRawData,
        cells: NDArray[np.int64],
        xy: Array,
        level: float,
        progress: Progress | None = None,
    ) -> tuple[Array, Array]:
        """Predict the values at places: a new measurement there, from all that are known.

        A model that reads no places gives the prediction of the cell.

        Parameters
        ----------
        graph, level, progress
            As of `map`.
        cells : int64 array [n]
            The cell of each place, as an index into `graph.cell`.
        xy : float64 array [n, 2]
            The places, in the CRS of the graph.

        Returns
        -------
        float64 array [n], float64 array [n]
            The expected value, and the calibrated standard deviation, in the target's unit.
        """
        progress = progress or Silent()
        if not isinstance(self.model, ReadsPlaces):
            mapped = self.map(graph, level, progress)
            return mapped.mean[cells], mapped.std[cells]
        predicted = self.model.predict_at(graph, progress, cells, xy)
        stretch = self.reach.factor(self.distance(graph))[cells]
        wider = dataclasses.replace(predicted, spread=predicted.spread * stretch)
        return predicted.mean, self._calibration(level).std(wider)

    def _calibration(self, level: float) -> Calibration:
        """Of the intervals of new measurements."""
        return Calibration.learn(self._scores, level)

    @property
    def _scores(self) -> Array:
        """What intervals of new measurements are calibrated on."""
        return self.misses if len(self.misses) else self.scores

    def unseen(self, graph: GraphRawData) -> NDArray[np.int64]:
        """Observed cells of `graph` that are not training cells."""
        observed = graph.observed(self.target)
        if graph.geometry.describe() != self.geometry:
            return observed
        return observed[~np.isin(graph.cell[observed], self.cells)]

    def left_out(self, graph: GraphRawData) -> tuple[Prediction, NDArray[np.int64]]:
        """Predict a new measurement in each training cell without its own values.

        Returns
        -------
        Prediction, int64 array [n]
            The predictions, and the training cells in `graph` as indices into `graph.cell`;
            none if `graph` has another grid or list of cells.
        """
        cells: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        position = cells
        if graph.geometry.describe() == self.geometry:
            _, cells, position = np.intersect1d(graph.cell, self.cells, return_indices=True)
        if len(cells) == 0:
            return Prediction(np.empty(0), np.empty(0)), cells
        left_out = self._left_out
        location, spread = left_out.location[position], left_out.spread[position]
        return dataclasses.replace(left_out, location=location, spread=spread), cells

    @cached_property
    def _left_out(self) -> Prediction:
        """Of a new measurement in each training cell, without its own values."""
        return self.model.leave_one_out().anew

    def distance(self, graph: GraphRawData) -> NDArray[np.float64]:
        """Distance of each cell of `graph` to the nearest training cell, in metres.

        Infinite if the training graph was another list of cells, whose positions are not kept.
        """
        geometry: Grid | Sites = graph.geometry
        same = geometry.describe() == self.geometry
        if not same and "sites" in self.geometry:
            return np.full(len(graph.cell), np.inf)
        if self.area is not None:
            return self.area.fitted.distance(graph)
        trained = geometry if same else Grid(**self.geometry)
        return DistanceTo(trained.centres(self.cells)).distance(graph)

    def arrays_of(self, how: UncertaintyConfig) -> list[str]:
        """The names of the arrays of a `part`."""
        asked = (how.thresholds, how.quantiles, how.simulations_count)
        return [*ARRAYS, *array_names(*asked)]

    def _trust(self) -> dict[str, NDArray[Any]]:
        trust = {"scores": self.scores, **({"misses": self.misses} if len(self.misses) else {})}
        return {**trust, **self.reach.arrays(), **super()._trust()} if self.area else trust

    @classmethod
    def of_file(cls, path: str | Path, tensors: Tensors, header: dict[str, Any]) -> Self:
        if "classes" in header:
            raise FileFormatError(
                tr(
                    "The model file '{path}' tells the class of a cell, and not a number; map its "
                    "classes with Predict, or train a model of a number."
                ).format(path=path)
            )
        return super().of_file(path, tensors, header)

    @classmethod
    def _kept(cls, tensors: Tensors, header: dict[str, Any]) -> dict[str, Any]:
        trust = inside(tensors, TRUST)
        kept = super()._kept(tensors, header)
        kept |= {name: trust[name] for name in ("scores", "misses") if name in trust}
        return {**kept, "reach": Reach.from_arrays(trust)}
