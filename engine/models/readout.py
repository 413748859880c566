"""What a fitted Gaussian process, and trees beside it, say of cells and of places."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..data.builders.graph import GraphRawData
from ..data.builders.grid import Grid
from ..data.builders.readings import Readings
from ..data.builders.surroundings import Neighbourhoods
from ..data.transforms import TargetTransform
from ..errors import FileFormatError
from ..language import tr
from ..progress import Part, Progress, Silent
from .base import Prediction
from .conditioning import Conditioned
from .kernel import Inputs, Kernel
from .kernel_inputs import InputScaling
from .local import LocallyConditioned
from .places import Places, mean_of_readings
from .reading import Reading
from .rows import PlaceRows, rows_of
from .trees import Trees
from .waves import Waves
from .windows import neighbourhoods

Embed = Callable[[GraphRawData], NDArray[np.float32]]
# Exact conditioning is cubic in the observed cells, and the variance of every cell costs
# their square.
_EXACT_BELOW = 10_000
_EXACT_COST = 1e12
# With fewer observed cells, or places in them, each fold has too few to learn from.
_LEAST_FOR_TREES = 20


class Readout:
    """The part of `Propagation` that predicts; its parameters are those of that.

    Attributes
    ----------
    inputs_, values_ : Inputs, tensor [n]
        Of the observed cells, or of the places with readings in them; values are on the scale of
        `transform_`.
    rows_ : PlaceRows or None
        What is known of these places; None where they are the middles of cells.
    """

    transform_: TargetTransform
    scaling_: InputScaling
    kernel_: Kernel
    inputs_: Inputs
    values_: Tensor

    def __init__(
        self, seed: int, embed: Embed | None, blind: bool, device: str, reading: Reading
    ) -> None:
        self.seed = seed
        self.embed = embed
        self.blind = blind
        self.device_ = device
        self.reading = reading
        self.rows_: PlaceRows | None = None
        self._conditioned: Conditioned | LocallyConditioned | None = None
        self._left: Tensor | None = None
        self._trees: Trees | None = None
        self._waves: Waves | None = None

    def predict(
        self, graph: GraphRawData, progress: Progress, cells: NDArray[np.int64] | None = None
    ) -> Prediction:
        """Mean of each cell, and standard deviation of a new measurement anywhere in it."""
        inputs = self._inputs(graph, Part(progress, 0.0, 0.2), cells)
        if self.rows_ is not None:
            inputs = replace(inputs, offset=self.rows_.nodes())
        # A block of a map is predicted as the whole map is.
        total = graph.total if cells is None else len(cells)
        if cells is None:
            inputs = _placed(inputs, graph)
        mean, variance, _ = self._predict(inputs, Part(progress, 0.2, 1.0), total)
        return self._back(mean, variance)

    def predict_at(
        self,
        graph: GraphRawData,
        progress: Progress,
        cells: NDArray[np.int64],
        xy: NDArray[np.float64],
    ) -> Prediction:
        """Mean and standard deviation of a new measurement at places; see `ReadsPlaces`."""
        metres = self.scaling_.plane.metres(xy)
        inputs = self._inputs(graph, Part(progress, 0.0, 0.2), cells, metres)
        mean, variance, _ = self._predict(inputs, Part(progress, 0.2, 1.0))
        return self._back(mean, variance)

    def predict_readings(
        self,
        graph: GraphRawData,
        progress: Progress,
        cells: NDArray[np.int64],
        readings: Readings,
    ) -> Prediction:
        """The mean of the readings in each of `cells`; see `ReadsPlaces`."""
        places = Places.in_cells(graph, cells, readings, self.scaling_.plane)
        where = (cells[places.cell], places.position)
        inputs = self._inputs(graph, Part(progress, 0.0, 0.2), *where)
        error = np.inf if self.rows_ is None else self.rows_.error
        inputs = replace(inputs, rows=rows_of(places, error))
        return self._pooled(places, *self._predict(inputs, Part(progress, 0.2, 1.0)))

    def correlations(
        self, graph: GraphRawData, progress: Progress, groups: Sequence[NDArray[np.int64]]
    ) -> Iterator[NDArray[np.float64]]:
        """That of new measurements in the cells of each group; see `KnowsTogether`."""
        conditioned = self._condition(graph.total, Part(progress, 0.0, 0.2))
        every = np.unique(np.concatenate(groups)) if len(groups) else np.empty(0, np.int64)
        inputs = self._inputs(graph, Part(progress, 0.2, 0.3), every)
        part = Part(progress, 0.3, 1.0)
        for number, group in enumerate(groups):
            part.report(number / len(groups), tr("Predicting cells together"))
            index = torch.from_numpy(np.searchsorted(every, group))
            yield conditioned.correlation(inputs[index]).double().numpy()

    def draws(
        self, graph: GraphRawData, progress: Progress, count: int, seed: int
    ) -> NDArray[np.float32]:
        """Draws of new measurements in all cells together; see `Simulates`."""
        conditioned = self._condition(graph.total, Part(progress, 0.0, 0.2))
        inputs = _placed(self._inputs(graph, Part(progress, 0.2, 0.3), None), graph)
        waves = self._waves
        if waves is None or (waves.count, waves.seed) != (count, seed):  # each block asks for it
            waves = self._waves = Waves(self.kernel_, self.inputs_, count, seed)
        cell, found = torch.from_numpy(graph.cell), torch.empty(len(inputs), count)
        done, part = 0, Part(progress, 0.3, 1.0)
        for tile, here in conditioned.parts(inputs):
            part.report(done / len(inputs), tr("Simulating"))
            drawn = waves.measured(inputs[tile], cell[tile])
            found[tile] = here.left_open(inputs[tile], waves.seen[here.index], drawn)
            done += len(tile)
        return found.numpy()

    def leave_one_out(self) -> Prediction:
        """The mean reading of each observed cell from others: all, for trees those of two folds."""
        mean, variance, shared = self._left_out()
        if (trees := self._grown()) is not None:
            mean = trees.blend(mean, torch.from_numpy(trees.left_out_))
        found = self._pooled(self._places(), mean, variance, shared)
        if self.rows_ is None:
            return found
        misses = (self.values_ - mean).abs() / variance.sqrt()
        return replace(found, misses=misses.numpy())

    @property
    def middles(self) -> NDArray[np.float64]:
        """The middles of the observed cells, in cells of `scaling_`, shape [n, 2]."""
        return self.rows_.middle if self.rows_ else self.inputs_.position.double().numpy()

    @property
    def observed_(self) -> NDArray[np.float64]:
        """The mean of the values of each observed cell, on the scale of the model's `values_`."""
        means = self._places().cell_means(self.values_.double().numpy())
        return self.transform_.inverse(means)

    def _condition(self, cells: int, progress: Progress) -> Conditioned | LocallyConditioned:
        """Exact where its cost allows, else local; kept for the next call."""
        count = len(self.inputs_)
        exact = count <= _EXACT_BELOW and count**2 * cells <= _EXACT_COST
        # Held-out cells and places are predicted as the map is that the fit was for.
        exact = exact and self._left is None
        # A trend reaches all cells, and is one of few observed ones.
        exact |= len(self.kernel_.trend) > 0
        kind = Conditioned if exact else LocallyConditioned
        if isinstance(self._conditioned, kind):
            return self._conditioned
        parts = (self.kernel_, self.inputs_, self.values_)
        if exact:
            self._conditioned = Conditioned(*parts, progress, device=self.device_)
        else:
            where = (progress, self.device_, self._left)
            self._conditioned = LocallyConditioned(*parts, self.seed, *where)
        return self._conditioned

    def _inputs(
        self,
        graph: GraphRawData,
        progress: Progress,
        cells: NDArray[np.int64] | None,
        metres: NDArray[np.float64] | None = None,
    ) -> Inputs:
        """Inputs of cells, or of places in them, of a graph that fits."""
        self.scaling_.check_fits(graph)
        around = self._surroundings(graph, progress)
        if not np.array_equal(around.group, self.kernel_.group.numpy()):
            raise FileFormatError(
                tr(
                    "The model was fitted to features of other kinds than this graph's; build the "
                    "graph from the same kinds of data."
                )
            )
        return self.scaling_.inputs(graph, around.x, cells, metres)

    def _predict(self, inputs: Inputs, progress: Progress, total: int = 0) -> Tensor:
        """Mean and variance of a new measurement [n], and its covariance with those of its cell.

        The last is that of the mean reading, of places with readings alone. `total` is how many
        are predicted in all, by default these.
        """
        found = torch.empty(3, len(inputs), dtype=torch.float64)
        conditioned = self._condition(total or len(inputs), Part(progress, 0.0, 0.25))
        done, part = 0, Part(progress, 0.25, 0.9)
        for tile, here in conditioned.parts(inputs):
            part.report(done / len(inputs), tr("Predicting"))
            told = here.predict if inputs.rows is None else here.predict_together
            for values, own in zip(found, told(inputs[tile])):
                values[tile] = own.double()
            done += len(tile)
        if (trees := self._grown()) is not None:
            arrays = _arrays(inputs, found[0], found[1])
            predicted = trees.predict(*arrays, Part(progress, 0.9, 1.0))
            found[0] = trees.blend(found[0], torch.from_numpy(predicted))
        return found

    def _left_out(self) -> tuple[Tensor, Tensor, Tensor]:
        """Mean and variance of the value at each place, and its covariance with its cell's mean."""
        conditioned = self._conditioned or self._condition(0, Silent())
        mean, variance = conditioned.leave_one_out()
        return mean.double(), variance.double(), conditioned.left_shared.double().cpu()

    def _places(self) -> Places:
        """Where the values are, in cells: in the middle of each cell where no place is known."""
        if self.rows_ is not None:
            return self.rows_.places
        count = len(self.inputs_)
        position = self.inputs_.position.double().numpy()
        return Places(np.arange(count), position, np.ones(count, np.int64))

    def _grown(self) -> Trees | None:
        """The trees, if they help; grown when first needed, from what `state` holds.

        An embedding that has seen the values would be trusted too much.
        """
        seeing = self.embed is not None and not self.blind
        few = len(self.inputs_) < _LEAST_FOR_TREES or not self.inputs_.x.shape[1]
        if few or seeing:
            return None
        if self._trees is None:
            arrays = _arrays(self.inputs_, *self._left_out()[:2])
            self._trees = Trees(self.seed).fit(*arrays, self.values_.numpy(), self._places().cell)
        return self._trees if self._trees.share_ else None

    def _surroundings(self, graph: GraphRawData, progress: Progress) -> Neighbourhoods:
        around = neighbourhoods(graph, progress, self.reading)
        if self.embed is None:
            return around
        embedded = self.embed(graph)
        group = np.full(embedded.shape[1], len(around.names))
        return Neighbourhoods(
            np.column_stack([around.x, embedded]),
            np.concatenate([around.group, group]),
            (*around.names, "embedding"),
            np.append(around.unit, np.ones(embedded.shape[1])),
        )

    def _pooled(self, places: Places, mean: Tensor, variance: Tensor, shared: Tensor) -> Prediction:
        """The prediction of the mean reading of each cell, of what `_predict` says of places."""
        parts = (places.cell_means(part.numpy()) for part in (mean, variance, shared))
        location, one, several = map(torch.from_numpy, parts)
        together = torch.minimum(several.clamp_min(0.0).sqrt(), one.sqrt())
        return mean_of_readings(self._back(location, one), together.numpy())

    def _back(self, mean: Tensor, variance: Tensor) -> Prediction:
        spread = variance.double().sqrt().numpy()
        return Prediction(mean.double().numpy(), spread, self.transform_)


def _placed(inputs: Inputs, graph: GraphRawData) -> Inputs:
    """Inputs of all cells of a graph, told where they are in the map."""
    if not isinstance(graph.geometry, Grid):
        return inputs
    place = np.column_stack(np.divmod(graph.cell, graph.grid.cols))
    return replace(inputs, place=torch.from_numpy(place))


def _arrays(
    inputs: Inputs, mean: Tensor, variance: Tensor
) -> tuple[NDArray[np.float64], NDArray[np.float32], NDArray[np.float64]]:
    """Positions, features and the process's mean and deviation, as trees read them."""
    process = torch.column_stack([mean, variance.sqrt()])
    return inputs.position.double().numpy(), inputs.x.numpy(), process.double().numpy()
