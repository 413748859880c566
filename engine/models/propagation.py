"""The default model: propagation over the graph, read by a Gaussian process."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..data.builders.graph import GraphRawData
from ..data.transforms import TargetTransform
from ..errors import FileFormatError
from ..progress import Part, Progress, Silent
from .base import ModelState, Prediction
from .conditioning import Conditioned, negative_log_likelihood
from .kernel import Inputs, Kernel
from .local import LocallyConditioned, tiles
from .places import cell_places, check_kind, learn_transform, observed_values
from .windows import neighbourhoods

_STEPS = 25
_RATE = 0.25
# A step of the fit sees a patch of this many observed cells.
_PATCH = 600
# Exact conditioning is cubic in the observed cells, and the variance of every cell costs
# their square.
_EXACT_BELOW = 10_000
_EXACT_COST = 1e13
_PARAMETERS = ("scale_a", "scale_b", "log_variance", "log_length", "mean", "group")


class Propagation:
    """Features propagated over the graph, with a Gaussian-process readout.

    Parameters
    ----------
    transform : str
        Scale of the target: `auto`, `identity`, `log` or `yeo-johnson`.
    seed : int
        Chooses the patches of observed cells that the fit looks at.
    """

    kind = "propagation"

    def __init__(self, transform: str = "auto", seed: int = 0) -> None:
        self.transform = transform
        self.seed = seed
        self._conditioned: Conditioned | LocallyConditioned | None = None

    def fit(
        self,
        graph: GraphRawData,
        y: NDArray[np.float64],
        observed: NDArray[np.int64],
        progress: Progress,
    ) -> Propagation:
        """Learn from the observed cells; see `Model.fit`."""
        values, places = observed_values(y, observed), cell_places(graph)[observed]
        self.transform_ = learn_transform(self.transform, values, places)
        self.feature_names_ = graph.feature_names
        self.unit_ = math.sqrt(math.prod(graph.grid.cell_metres()))
        around = neighbourhoods(graph, Part(progress, 0.0, 0.2))
        group = torch.from_numpy(around.group)
        self._learn_scales(around.x[observed], around.group)
        self.inputs_ = self._inputs(graph, around.x)[torch.from_numpy(observed)]
        self.values_ = torch.from_numpy(self.transform_.forward(values))
        start = Kernel.start(group, len(around.names))
        self.kernel_ = fit_kernel(
            start, self.inputs_, self.values_, self.seed, Part(progress, 0.2, 0.9)
        )
        self._conditioned = None
        self._condition(len(graph.cell), Part(progress, 0.9, 1.0))
        return self

    def predict(self, graph: GraphRawData, progress: Progress) -> Prediction:
        """Mean and standard deviation of a new measurement in every cell."""
        self._check_fits(graph)
        around = neighbourhoods(graph, Part(progress, 0.0, 0.2))
        inputs = self._inputs(graph, around.x)
        mean, variance = torch.empty(2, len(inputs), dtype=torch.float64)
        conditioned = self._condition(len(inputs), Part(progress, 0.2, 0.4))
        done, part = 0, Part(progress, 0.4, 1.0)
        for tile in tiles(inputs.place, conditioned.tile):
            part.report(done / len(inputs), "Predicting")
            here = conditioned.predict(inputs[tile])
            mean[tile], variance[tile] = (values.double() for values in here)
            done += len(tile)
        return self._back(mean, variance)

    def leave_one_out(self) -> Prediction:
        """The prediction at each observed cell from all the others."""
        return self._back(*self._condition(0, Silent()).leave_one_out())

    def state(self) -> ModelState:
        """What `from_state` needs; the covariance is factored again on loading."""
        tensors = {name: getattr(self.kernel_, name).numpy() for name in _PARAMETERS}
        tensors |= {"place": self.inputs_.place.numpy(), "x": self.inputs_.x.numpy()}
        tensors |= {"values": self.values_.numpy(), "centre": self.centre_, "scale": self.scale_}
        header = {
            "kind": self.kind,
            "seed": self.seed,
            "transform": self.transform_.to_dict(),
            "feature_names": list(self.feature_names_),
            "unit_m": self.unit_,
        }
        return ModelState(tensors, header)

    @classmethod
    def from_state(
        cls, tensors: Mapping[str, NDArray[Any]], header: Mapping[str, Any]
    ) -> Propagation:
        """The fitted model again."""
        check_kind(header, cls.kind)
        model = cls(seed=int(header["seed"]))
        model.transform_ = TargetTransform.from_dict(header["transform"])
        model.feature_names_ = tuple(header["feature_names"])
        model.unit_ = float(header["unit_m"])
        model.centre_, model.scale_ = tensors["centre"], tensors["scale"]
        part = {name: torch.from_numpy(np.array(tensors[name])) for name in tensors}
        model.kernel_ = Kernel(**{name: part[name] for name in _PARAMETERS})
        model.inputs_, model.values_ = Inputs(part["place"], part["x"]), part["values"]
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
            self._conditioned = Conditioned(*parts, progress)
        else:
            self._conditioned = LocallyConditioned(*parts, self.seed, progress)
        return self._conditioned

    def _learn_scales(self, x: NDArray[np.float32], group: NDArray[np.int64]) -> None:
        """So that two observed cells are, on average, sqrt(2) apart in each group."""
        x = x.astype(np.float64)
        known = np.isfinite(x)
        count = np.maximum(known.sum(axis=0), 1)
        self.centre_ = np.where(known, x, 0.0).sum(axis=0) / count
        variance = (np.where(known, x - self.centre_, 0.0) ** 2).sum(axis=0) / count
        total = np.bincount(group, variance)
        constant = total[group] < 1e-12
        self.scale_ = np.where(constant, 0.0, 1 / np.sqrt(np.where(constant, 1.0, total[group])))

    def _inputs(self, graph: GraphRawData, x: NDArray[np.float32]) -> Inputs:
        scaled = (x - self.centre_.astype(np.float32)) * self.scale_.astype(np.float32)
        place = cell_places(graph) / self.unit_
        # What nobody measured is taken for the mean, which is 0 here.
        return Inputs(torch.from_numpy(place).float(), torch.from_numpy(np.nan_to_num(scaled)))

    def _back(self, mean: Tensor, variance: Tensor) -> Prediction:
        return Prediction(
            *self.transform_.moments(mean.double().numpy(), variance.double().sqrt().numpy())
        )

    def _check_fits(self, graph: GraphRawData) -> None:
        if graph.feature_names != self.feature_names_:
            raise FileFormatError(
                f"The model was fitted to the features {', '.join(self.feature_names_) or 'none'}; "
                f"this graph has {', '.join(graph.feature_names) or 'none'}."
            )


def fit_kernel(
    start: Kernel, inputs: Inputs, values: Tensor, seed: int, progress: Progress
) -> Kernel:
    """Maximise the marginal likelihood of patches of observed cells.

    A patch holds the observed cells nearest to one of them: a random subset would be
    sparser than the data and misjudge short ranges. The first step takes one all the same.
    """
    generator = torch.Generator().manual_seed(seed)
    values, count = values.float(), len(values)
    kernel = start.map(lambda part: part.clone().requires_grad_())
    optimiser = torch.optim.Adam(kernel.parameters, lr=_RATE)
    rate = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: 0.95 * 0.5 * (1 + math.cos(math.pi * step / _STEPS)) + 0.05
    )
    for step in range(_STEPS):
        progress.report(step / _STEPS, "Fitting")
        patch = _patch(inputs.place, step, generator) if count > _PATCH else torch.arange(count)
        loss = negative_log_likelihood(kernel, inputs[patch], values[patch], progress)
        progress.metric("negative_log_likelihood", float(loss.detach()), step)
        # Weak knowledge: a group of features matters little until the data say otherwise.
        prior = sum((scale + 3).square().sum() for scale in (kernel.scale_a, kernel.scale_b))
        optimiser.zero_grad()
        (loss + 0.2 / len(patch) * prior).backward()
        optimiser.step()
        rate.step()
        kernel.clamp()
    return kernel.to(torch.float32)


def _patch(place: Tensor, step: int, generator: torch.Generator) -> Tensor:
    if step == 0:
        return torch.randperm(len(place), generator=generator)[:_PATCH]
    middle = place[torch.randint(len(place), (1,), generator=generator)]
    return (place - middle).square().sum(1).topk(_PATCH, largest=False).indices
