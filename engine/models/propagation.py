"""The default model: propagation over the graph, read by a Gaussian process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from torch import Tensor

from ..config.schema import Config
from ..data.builders.graph import GraphRawData
from ..data.builders.readings import Readings
from ..data.forms import COUNT, NAME, Array, Form, StateForm, Tensors
from ..data.transforms import TRANSFORM_FORM, TargetTransform
from ..errors import FileFormatError, InputError
from ..language import tr
from ..progress import Part, Progress, Silent
from .base import ModelState, Prediction, check_kind
from .conditioning import Conditioned
from .device import choose_device
from .distances import nearest
from .kernel import Inputs, Kernel
from .kernel_fit import fit_kernel
from .kernel_inputs import SCALING_FORMS, SCALING_KEYS, SCALING_OPTIONAL, InputScaling, check_plane
from .local import LocallyConditioned
from .places import Places, completed, pooled
from .reading import EVERYTHING, READING_FORM, Reading
from .rows import PlaceRows, check_rows, rows_form, rows_of, whole_tiles
from .scales import learn_transform, observed_values
from .trees import Trees
from .windows import Neighbourhoods, neighbourhoods

# Exact conditioning is cubic in the observed cells, and the variance of every cell costs
# their square.
_EXACT_BELOW = 10_000
_EXACT_COST = 1e12
# With fewer observed cells, trees find nothing that the process does not.
_LEAST_FOR_TREES = 100
_FIRST_NOISE = (0.03, 0.5)
_PARAMETERS = ("scale_a", "scale_b", "log_variance", "log_length", "mean", "group")
# Logarithms of more than this are of no use, and infinite soon.
_MOST_LOG = 80.0
_HEADER = Form(
    {
        "kind": NAME,
        "seed": COUNT,
        "transform": TRANSFORM_FORM,
        "reading": READING_FORM,
        **SCALING_KEYS,
    },
    SCALING_OPTIONAL | {"reading"},
)
_LOG = {"low": -_MOST_LOG, "high": _MOST_LOG}
_TENSORS = {
    "scale_a": Array(("groups",), **_LOG),
    "scale_b": Array(("groups",), **_LOG),
    "log_variance": Array((5,), **_LOG),
    "log_length": Array((3,), **_LOG),
    "mean": Array((1,)),
    "group": Array(("columns",), integer=True, low=0),
    **SCALING_FORMS,
}

Embed = Callable[[GraphRawData], NDArray[np.float32]]


class Propagation:
    """Features propagated over the graph, with a Gaussian-process readout.

    Parameters
    ----------
    transform : str
        Scale of the target: `auto`, `identity`, `log` or `yeo-johnson`.
    seed : int
        Chooses the patches of observed cells that the fit looks at.
    embed : callable, optional
        From a graph, columns [N, K] that the kernel reads as one more group. It is no part
        of `state`: whoever gives it keeps it.
    blind : bool
        Whether `embed` was learnt without any measured value, so that trees may read it too.
    device : str
        Where to compute, see `choose_device`; `fit` chooses.
    reading : Reading
        The features that it reads.
    """

    kind = "propagation"
    refused: tuple[str, ...] = ()
    """Names of what was offered to inform it, and does not."""

    def __init__(
        self,
        transform: str = "auto",
        seed: int = 0,
        embed: Embed | None = None,
        device: str = "cpu",
        blind: bool = False,
        reading: Reading = EVERYTHING,
    ) -> None:
        self.transform = transform
        self.seed = seed
        self.embed = embed
        self.blind = blind
        self.device_ = device
        self.reading = reading
        self.rows_: PlaceRows | None = None
        self._conditioned: Conditioned | LocallyConditioned | None = None
        self._trees: Trees | None = None

    @classmethod
    def of(cls, config: Config) -> Propagation:
        """With the scale, the seed, the device and the features of the options."""
        transform, training = config.model.transform, config.training
        reading = Reading.of(config.data)
        return cls(transform, training.seed, device=training.device, reading=reading)

    def fit(
        self,
        graph: GraphRawData,
        y: NDArray[np.float64],
        observed: NDArray[np.int64],
        progress: Progress,
        kernel: Kernel | None = None,
        readings: Readings | None = None,
    ) -> Propagation:
        """Learn from the observed cells; see `Model.fit`.

        Parameters
        ----------
        kernel : Kernel, optional
            A fitted kernel to take as it is.
        readings : Readings, optional
            Where the values of `y` were measured; those in `observed` are read. By default in the
            middle of each cell.
        """
        self.device_ = choose_device(self.device_, progress, double=True)
        start = self.prepare(graph, y, observed, Part(progress, 0.0, 0.2), readings)
        part = Part(progress, 0.2, 0.9)
        fitting = (self.inputs_, self.values_, self.seed, part, self.device_)
        self.kernel_ = kernel or fit_kernel(start, *fitting)
        self._conditioned = None
        self._condition(len(graph.cell), Part(progress, 0.9, 1.0))
        self._trees = None
        return self

    def prepare(
        self,
        graph: GraphRawData,
        y: NDArray[np.float64],
        observed: NDArray[np.int64],
        progress: Progress,
        readings: Readings | None = None,
    ) -> Kernel:
        """Learn all scales, set `inputs_` and `values_`; return the kernel to start from."""
        observed_values(y, observed)
        found = completed(graph, y, observed, readings)
        places, place = Places.of(found, graph.geometry.plane)
        values = places.means(place, found.value)
        self.transform_ = learn_transform(self.transform, values, places.position)
        around = self._surroundings(graph, progress)
        self.scaling_ = InputScaling.learn(graph, around, observed)
        self.inputs_ = self.scaling_.inputs(graph, around.x, observed[places.cell], places.position)
        z = self.transform_.forward(found.value)
        self.values_ = torch.from_numpy(places.means(place, z))
        noise = _first_noise(places.position, self.values_.double().numpy())
        self.rows_ = None
        if readings is not None:
            error = places.error(place, z)
            self.rows_ = PlaceRows.learn(self.scaling_, graph, observed, places, error)
            self.inputs_ = replace(self.inputs_, rows=self.rows_.rows())
        return Kernel.start(torch.from_numpy(around.group), len(around.names), noise)

    def predict(
        self, graph: GraphRawData, progress: Progress, cells: NDArray[np.int64] | None = None
    ) -> Prediction:
        """Mean of each cell, and standard deviation of a new measurement anywhere in it."""
        inputs = self._inputs(graph, Part(progress, 0.0, 0.2), cells)
        if self.rows_ is not None:
            inputs = replace(inputs, offset=self.rows_.nodes())
        mean, variance, _ = self._predict(inputs, Part(progress, 0.2, 1.0))
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
        found = completed(graph, np.full(len(graph.cell), np.nan), cells, readings)
        places, _ = Places.of(found, self.scaling_.plane)
        where = (cells[places.cell], places.position)
        inputs = self._inputs(graph, Part(progress, 0.0, 0.2), *where)
        error = np.inf if self.rows_ is None else self.rows_.error
        inputs = replace(inputs, rows=rows_of(places, error))
        parts = self._predict(inputs, Part(progress, 0.2, 1.0))
        return pooled(places, *(part.numpy() for part in parts), self.transform_)

    def leave_one_out(self) -> Prediction:
        """The mean reading of each observed cell from others: all, for trees those of two folds."""
        mean, variance, shared = self._left_out()
        if (trees := self._grown()) is not None:
            mean = trees.blend(mean, torch.from_numpy(trees.left_out_))
        parts = (mean.numpy(), variance.numpy(), shared.numpy())
        return pooled(self._places(), *parts, self.transform_)

    @property
    def middles(self) -> NDArray[np.float64]:
        """The middles of the observed cells, in cells of `scaling_`, shape [n, 2]."""
        return self.rows_.middle if self.rows_ else self.inputs_.position.double().numpy()

    @property
    def observed_(self) -> NDArray[np.float64]:
        """The mean of the values of each observed cell, on the scale of the model's `values_`."""
        means = self._places().cell_means(self.values_.double().numpy())
        return self.transform_.inverse(means)

    def state(self) -> ModelState:
        """What `from_state` needs; the covariance is factored again on loading."""
        tensors = {name: getattr(self.kernel_, name).numpy() for name in _PARAMETERS}
        tensors |= {"place": self.inputs_.position.numpy(), "x": self.inputs_.x.numpy()}
        tensors |= {"values": self.values_.numpy(), **self.scaling_.arrays()}
        tensors |= self.rows_.arrays() if self.rows_ else {}
        header = {
            "kind": self.kind,
            "seed": self.seed,
            "transform": self.transform_.to_dict(),
            **self.scaling_.header(),
        }
        if self.reading != EVERYTHING:
            header["reading"] = self.reading.to_dict()
        return ModelState(tensors, header)

    @classmethod
    def check_state(cls, tensors: Tensors, header: Any, sizes: dict[str, int]) -> None:
        """Refuse what `state` cannot have given; see `StoredModel.check_state`."""
        axis, forms = rows_form(tensors)
        read = {"place": (axis, 2), "x": (axis, "columns"), "values": (axis,)}
        own = {name: Array(shape) for name, shape in read.items()}
        StateForm(_HEADER, {**_TENSORS, **own, **forms}).check(tensors, header, sizes, "model")
        check_rows(tensors)
        if len(tensors["group"]) and tensors["group"].max() >= sizes["groups"]:
            raise InputError(tr("the tensor '{name}' names no group.").format(name="group"))
        check_plane(header)

    @classmethod
    def from_state(cls, tensors: Tensors, header: Mapping[str, Any]) -> Propagation:
        """The fitted model again."""
        check_kind(header, cls.kind)
        model = cls(seed=int(header["seed"]), device=choose_device("auto", Silent(), double=True))
        model.transform_ = TargetTransform.from_dict(header["transform"])
        model.reading = Reading(**header.get("reading", {}))
        model.scaling_ = InputScaling.from_state(tensors, header)
        part = {name: torch.from_numpy(np.array(tensors[name])) for name in tensors}
        model.kernel_ = Kernel(**{name: part[name] for name in _PARAMETERS})
        model.rows_ = PlaceRows.from_arrays(tensors)
        rows = model.rows_ and model.rows_.rows()
        model.inputs_, model.values_ = Inputs(part["place"], part["x"], rows), part["values"]
        return model

    def _condition(self, cells: int, progress: Progress) -> Conditioned | LocallyConditioned:
        """Exact where its cost allows, else local; kept for the next call."""
        count = len(self.inputs_)
        exact = count <= _EXACT_BELOW and count**2 * cells <= _EXACT_COST
        kind = Conditioned if exact else LocallyConditioned
        if isinstance(self._conditioned, kind):
            return self._conditioned
        parts = (self.kernel_, self.inputs_, self.values_)
        if exact:
            self._conditioned = Conditioned(*parts, progress, device=self.device_)
        else:
            self._conditioned = LocallyConditioned(*parts, self.seed, progress, self.device_)
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

    def _predict(self, inputs: Inputs, progress: Progress) -> Tensor:
        """Mean and variance of a new measurement [n], and its covariance with those of its cell.

        The last is that of the mean reading, of places with readings alone.
        """
        found = torch.empty(3, len(inputs), dtype=torch.float64)
        conditioned = self._condition(len(inputs), Part(progress, 0.0, 0.25))
        done, part = 0, Part(progress, 0.25, 0.9)
        for tile in whole_tiles(inputs, conditioned.tile):
            part.report(done / len(inputs), tr("Predicting"))
            here = conditioned.around(inputs[tile])
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

    def _back(self, mean: Tensor, variance: Tensor) -> Prediction:
        spread = variance.double().sqrt().numpy()
        return Prediction(mean.double().numpy(), spread, self.transform_)


def _first_noise(positions: NDArray[np.float64], values: NDArray[np.float64]) -> float:
    """Half of what nearest neighbours differ by: a fit of few steps finds it no other way."""
    _, index = nearest(cKDTree(positions), positions, 1, skip_self=True)
    semivariance = float(np.mean((values - values[index[:, 0]]) ** 2)) / 2
    return float(np.clip(semivariance / 2, *_FIRST_NOISE))


def _arrays(
    inputs: Inputs, mean: Tensor, variance: Tensor
) -> tuple[NDArray[np.float64], NDArray[np.float32], NDArray[np.float64]]:
    """Positions, features and the process's mean and deviation, as trees read them."""
    process = torch.column_stack([mean, variance.sqrt()])
    return inputs.position.double().numpy(), inputs.x.numpy(), process.double().numpy()
