"""The model of values of areas, such as districts: propagation, read by a Gaussian process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from torch import Tensor

from ..config.schema import Config
from ..data.builders.areas import Areas
from ..data.builders.graph import GraphRawData
from ..data.forms import COUNT, NAME, Array, Form, StateForm, Tensors
from ..data.transforms import TRANSFORM_FORM, TargetTransform
from ..errors import FitError, InputError
from ..language import tr
from ..progress import Part, Progress, Silent, chunks
from .areal_fit import MOST_NODES, Means, Nodes, Told, fit_areas
from .areal_pairs import spread_within
from .areal_scales import expected, keeping, scale_of_areas
from .base import ModelState, Prediction, check_kind
from .conditioning import cholesky
from .distances import cell_positions
from .kernel import Inputs, Kernel
from .kernel_inputs import SCALING_FORMS, SCALING_KEYS, InputScaling, check_plane
from .propagation import KERNEL_FORMS, KERNEL_PARAMETERS, check_kernel
from .reading import EVERYTHING, READING_FORM, Reading
from .windows import neighbourhoods

Numbers = NDArray[np.float64]

# More areas take more memory and time than there is.
MOST_AREAS = 1500
_LEAST_AREAS = 5
_CHUNK = 4096
# A cell this near to one that was shifted, in cells, is the same.
_SAME = 1e-3
# What totals may miss, as a share of the usual one, without a word.
_KEPT = 1e-6
_HEADER = Form(
    {
        "kind": NAME,
        "seed": COUNT,
        "transform": TRANSFORM_FORM,
        "reading": READING_FORM,
        **SCALING_KEYS,
    }
)
_TENSORS = {
    **KERNEL_FORMS,
    **SCALING_FORMS,
    "place": Array(("nodes", 2)),
    "x": Array(("nodes", "columns")),
    "row": Array(("nodes",), integer=True, low=0),
    "weight": Array(("nodes",)),
    "share": Array(("nodes",)),
    "values": Array(("areas",)),
    "noise": Array(("areas",), low=0.0),
    "shift_place": Array(("shifted", 2)),
    "shift": Array(("shifted",)),
}


class Areal:
    """Features propagated over the graph; a Gaussian process of cells reads values of areas.

    Parameters
    ----------
    transform, seed, reading, bounds
        As of `Propagation`; for the scale see `scale_of_areas`.
    """

    kind = "areal"
    refused: tuple[str, ...] = ()
    shift_: Numbers
    shift_place_: Numbers

    def __init__(
        self,
        transform: str = "auto",
        seed: int = 0,
        reading: Reading = EVERYTHING,
        bounds: tuple[float, ...] = (),
    ) -> None:
        self.transform, self.seed, self.reading, self.bounds = transform, seed, reading, bounds

    @classmethod
    def of(cls, config: Config) -> Areal:
        """With the scale, the seed and the features of the options."""
        model = config.model
        return cls(model.transform, config.training.seed, Reading.of(config.data), model.bounds)

    def fit(
        self,
        graph: GraphRawData,
        y: Numbers,
        observed: NDArray[np.int64],
        progress: Progress,
        areas: Areas | None = None,
        kernel: Kernel | None = None,
    ) -> Areal:
        """Learn from the values of areas of a graph on a grid; see `Model.fit`.

        Parameters
        ----------
        areas : Areas, optional
            All that was measured; `y` and `observed` are not read. By default each observed cell
            is an area.
        kernel : Kernel, optional
            A fitted kernel to take as it is.

        Raises
        ------
        FitError
            If there are too few areas, or too many, or all have one value.
        InputError
            If the scale has no place for a value.
        """
        areas = Areas.of_cells(y, observed) if areas is None else areas
        _check_count(areas)
        self.transform_ = scale_of_areas(self.transform, areas, self.bounds)
        around = neighbourhoods(graph, Part(progress, 0.0, 0.1), self.reading)
        cells = areas.cells
        self.scaling_ = InputScaling.learn(graph, around, cells, len(cells))
        nodes = Nodes.of(areas, graph.cell, graph.grid.cols)
        self.inputs_ = self.scaling_.inputs(graph, around.x, nodes.areas.cell)
        start = Kernel.start(torch.from_numpy(around.group), len(around.names))
        fitting = (self.transform_, nodes, self.inputs_, self.seed, Part(progress, 0.1, 0.8))
        self.kernel_, told = fit_areas(start, *fitting, kernel)
        self.row_, self.weight_, self.share_ = nodes.areas.row, told.weight, nodes.areas.share
        self.values_, self.noise_ = told.value, told.noise(self.kernel_).double().numpy()
        self._condition(progress)
        self.shift_place_, self.shift_ = np.empty((0, 2)), np.empty(0)
        self._keep(graph, areas, Part(progress, 0.8, 1.0))
        return self

    def predict(
        self, graph: GraphRawData, progress: Progress, cells: NDArray[np.int64] | None = None
    ) -> Prediction:
        """Mean of each cell, and standard deviation of a new measurement of it."""
        inputs = self._inputs(graph, progress, cells)
        location: Numbers = np.empty(len(inputs))
        variance: Numbers = np.empty(len(inputs))
        for some in chunks(len(inputs), _CHUNK, progress, tr("Predicting")):
            across = self._across(inputs[some])
            solved = torch.linalg.solve_triangular(self._factor, across, upper=False)
            location[some] = (self.kernel_.mean + self._solved @ across).double().numpy()
            left = self.kernel_.variance(inputs[some]) - solved.square().sum(0)
            variance[some] = (left.clamp_min(0.0) + self.kernel_.noise).double().numpy()
        if len(self.shift_):
            tree = cKDTree(self.shift_place_)
            away, index = tree.query(inputs.position.double().numpy())
            location += np.where(away < _SAME, self.shift_[index], 0.0)
        return Prediction(location, np.sqrt(variance), self.transform_)

    def predict_areas(self, graph: GraphRawData, areas: Areas, progress: Progress) -> Prediction:
        """The mean of each area, and its deviation, on the model's scale; no value is read."""
        nodes = Nodes.of(areas, graph.cell, graph.grid.cols)
        where = nodes.areas.cell
        found = self.predict(graph, Silent(), where)
        value = nodes.areas.mean(expected(self.transform_, found.location, found.spread)[0])
        like = replace(nodes.areas, value=value)
        told = Told.around(
            self.transform_, replace(nodes, areas=like), found.location, found.spread
        )
        inputs = self._inputs(graph, progress, where)
        means = Means(nodes.areas.row, told.weight, len(areas))
        across = means.of(self._across(inputs).T.contiguous())
        solved = torch.linalg.solve_triangular(self._factor, across.T, upper=False)
        spread = np.empty(len(areas))
        noise = told.noise(self.kernel_)
        for number in range(len(areas)):
            own = torch.from_numpy(np.flatnonzero(nodes.areas.row == number))
            weight = torch.from_numpy(told.weight[own.numpy()]).float()
            prior = weight @ self.kernel_.covariance(inputs[own], inputs[own]) @ weight
            left = (prior - solved[:, number].square().sum()).clamp_min(0.0) + noise[number]
            spread[number] = float(left.sqrt())
        return _with_mean(self.transform_, value, spread)

    def leave_one_out(self) -> Prediction:
        """NaN for each cell: none was measured; `misses` are those of `spread_within`."""
        nothing = np.full(self.cells_, np.nan)
        return Prediction(nothing, nothing, self.transform_, misses=self._within)

    def correlations(
        self, graph: GraphRawData, progress: Progress, groups: Sequence[NDArray[np.int64]]
    ) -> Iterator[Numbers]:
        """That of new measurements in the cells of each group; see `KnowsTogether`."""
        for number, group in enumerate(groups):
            progress.report(number / len(groups), tr("Predicting cells together"))
            inputs = self._inputs(graph, Silent(), group)
            solved = torch.linalg.solve_triangular(self._factor, self._across(inputs), upper=False)
            found = self.kernel_.covariance(inputs, inputs) - solved.T @ solved
            found.diagonal().clamp_min_(0.0).add_(self.kernel_.noise)
            wide = found.diagonal().sqrt()
            yield (found / wide[:, None] / wide).double().numpy()

    def state(self) -> ModelState:
        """What `from_state` needs; the covariance is factored again on loading."""
        tensors = {name: getattr(self.kernel_, name).numpy() for name in KERNEL_PARAMETERS}
        tensors |= {"place": self.inputs_.position.numpy(), "x": self.inputs_.x.numpy()}
        tensors |= {"row": self.row_, "weight": self.weight_, "share": self.share_}
        tensors |= {"values": self.values_, "noise": self.noise_, **self.scaling_.arrays()}
        tensors |= {"shift_place": self.shift_place_, "shift": self.shift_}
        header = {
            "kind": self.kind,
            "seed": self.seed,
            "transform": self.transform_.to_dict(),
            "reading": self.reading.to_dict(),
            **self.scaling_.header(),
        }
        return ModelState(tensors, header)

    @classmethod
    def check_state(cls, tensors: Tensors, header: Any, sizes: dict[str, int]) -> None:
        """Refuse what `state` cannot have given; see `StoredModel.check_state`."""
        StateForm(_HEADER, _TENSORS).check(tensors, header, sizes, "model")
        check_kernel(tensors, sizes)
        if not np.array_equal(np.unique(tensors["row"]), np.arange(sizes["areas"])):
            raise InputError(tr("the tensor '{name}' is not what it was.").format(name="row"))
        check_plane(header)

    @classmethod
    def from_state(cls, tensors: Tensors, header: Mapping[str, Any]) -> Areal:
        """The fitted model again."""
        check_kind(header, cls.kind)
        model = cls(seed=int(header["seed"]), reading=Reading(**header["reading"]))
        model.transform_ = TargetTransform.from_dict(header["transform"])
        model.scaling_ = InputScaling.from_state(tensors, header)
        part = {name: torch.from_numpy(np.array(tensors[name])) for name in tensors}
        model.kernel_ = Kernel(**{name: part[name] for name in KERNEL_PARAMETERS})
        model.inputs_ = Inputs(part["place"], part["x"])
        names = ("row", "weight", "share", "values", "noise", "shift_place", "shift")
        for name in names:
            setattr(model, f"{name}_", np.array(tensors[name]))
        model._condition(Silent())
        return model

    @property
    def cells_(self) -> int:
        """How many cells have a shift, or a node."""
        return len(self.shift_) or len(self.inputs_)

    @property
    def misses_(self) -> Numbers:
        """Absolute errors of areas without their own value, in their deviations."""
        found: Numbers = np.abs(self.values_ - self._left[0]) / np.sqrt(self._left[1])
        return found

    def _condition(self, progress: Progress) -> None:
        """Factor the covariance of the areas, and predict each without its own value."""
        count = len(self.values_)
        self._means = Means(self.row_, self.weight_, count)
        matrix = self._means.both(self.kernel_.covariance(self.inputs_, self.inputs_)).double()
        matrix.diagonal().add_(torch.from_numpy(self.noise_))
        factor = cholesky(matrix, progress)
        residual = torch.from_numpy(self.values_) - self.kernel_.mean.double()
        solved = torch.cholesky_solve(residual[:, None], factor)[:, 0]
        inverse = torch.cholesky_inverse(factor)
        precision = inverse.diagonal()
        self._factor, self._solved = factor.float(), solved.float()
        left = self.values_ - (solved / precision).numpy()
        self._left = left, (1 / precision).numpy()
        middle = Means(self.row_, self.share_, count).of(self.inputs_.position).double().numpy()
        error, variance = spread_within(middle, inverse.numpy(), solved.numpy())
        self._within: Numbers = np.abs(error) / np.sqrt(variance)

    def _across(self, inputs: Inputs) -> Tensor:
        """Covariance of each area with cells, shape [areas, n]."""
        return self._means.of(self.kernel_.covariance(self.inputs_, inputs))

    def _inputs(
        self, graph: GraphRawData, progress: Progress, cells: NDArray[np.int64] | None
    ) -> Inputs:
        self.scaling_.check_fits(graph)
        around = neighbourhoods(graph, progress, self.reading)
        return self.scaling_.inputs(graph, around.x, cells)

    def _keep(self, graph: GraphRawData, areas: Areas, progress: Progress) -> None:
        """Find the shifts of cells that keep the values of areas which must be kept."""
        cells = areas.cells
        found = self.predict(graph, progress, cells)
        kept = areas[np.flatnonzero(areas.kept)]
        number = np.searchsorted(cells, kept.cell)
        kept = replace(kept, cell=number)
        self.shift_, missed = keeping(self.transform_, kept, found.location, found.spread)
        place = cell_positions(graph, cells, self.scaling_.plane)
        self.shift_place_ = (place - self.scaling_.origin) / self.scaling_.unit
        wrong = missed > _KEPT
        if wrong.any():
            progress.warning(
                tr(
                    "The values of {count} polygons are not kept exactly, by up to {worst:.2g} of "
                    "the usual value: they share cells with others that have other values. Make "
                    "the cells smaller."
                ).format(count=wrong.sum(), worst=missed.max())
            )

    def tell_nodes(self, areas: Areas, progress: Progress) -> None:
        """Say how far the variance of large areas may be off, which some of their cells tell."""
        every = np.bincount(areas.row, minlength=len(areas))
        some = np.bincount(self.row_, minlength=len(areas))
        large = np.flatnonzero(every > some)
        doubts = []
        for number in large:
            own = np.flatnonzero(self.row_ == number)
            halves = [self._variance(own[start::2]) for start in (0, 1)]
            doubts.append(abs(halves[0] - halves[1]) / max(sum(halves), 1e-12))
        if doubts:
            progress.log(
                tr(
                    "{count} polygons are told by at most {most} of their cells each. Two halves "
                    "of these cells say that the deviation of their means is off by {typical:.1f} "
                    "% on average, and by {worst:.1f} % at the most."
                ).format(
                    count=len(doubts),
                    most=min(int(some.max()), MOST_NODES),
                    typical=50 * float(np.mean(doubts)),
                    worst=50 * max(doubts),
                )
            )

    def _variance(self, nodes: NDArray[np.int64]) -> float:
        """Of the mean of some nodes of an area, before anything is observed."""
        weight = torch.from_numpy(self.weight_[nodes]).float()
        own = self.inputs_[torch.from_numpy(nodes)]
        weight = weight / weight.sum()
        return float(weight @ self.kernel_.covariance(own, own) @ weight)


def _check_count(areas: Areas) -> None:
    if len(areas) < _LEAST_AREAS or np.ptp(areas.value) == 0:
        raise FitError(
            tr(
                "{count} polygons or points with different values are needed at least, got {found}."
            ).format(count=_LEAST_AREAS, found=len(np.unique(areas.value)))
        )
    if len(areas) > MOST_AREAS:
        raise FitError(
            tr(
                "There are {count} polygons and points in cells; at most {most} can be read "
                "together. Merge polygons, or map a smaller extent."
            ).format(count=len(areas), most=MOST_AREAS)
        )


def _with_mean(scale: TargetTransform, mean: Numbers, spread: Numbers) -> Prediction:
    """A prediction with these means, in the target's unit."""
    location = scale.forward(mean)
    if scale.kind != "identity":
        for _ in range(4):
            reached = scale.moments(location, spread)[0]
            location = location + scale.forward(mean) - scale.forward(reached)
    return Prediction(location, spread, scale)
