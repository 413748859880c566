"""Classes: a Gaussian process of their indicators, and probabilities calibrated on left-out cells.

The indicator of a class is 1 where it was found and 0 elsewhere; its expectation is the
probability of the class (indicator kriging: Journel 1983, "Nonparametric estimation of spatial
distributions", Mathematical Geology 15). All indicators share one kernel, so that one factor of
their covariance serves all (label regression: Rasmussen and Williams 2006, section 6.5).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..config.checks import Single
from ..config.schema import Config
from ..data.builders.graph import GraphRawData
from ..data.forms import COUNT, NAME, Array, Form, StateForm, Tensors
from ..language import tr
from ..names import CLASS_MODEL
from ..progress import Part, Progress, Silent, chunks
from .base import ModelState, check_kind
from .conditioning import cholesky
from .device import choose_device
from .kernel import Inputs, Kernel
from .kernel_fit import fit_kernel
from .kernel_inputs import SCALING_FORMS, SCALING_KEYS, InputScaling, check_plane
from .propagation import KERNEL_FORMS, KERNEL_PARAMETERS, check_kernel
from .reading import READING_FORM, Reading
from .windows import neighbourhoods

Floats = NDArray[np.float64]

# The covariance of more observed cells takes too much memory: a random part of them is read.
_MOST_OBSERVED = 8000
# Under this many, double precision costs nothing that one would notice.
_DOUBLE_BELOW = 2500
_TILE = 4096
# The softness of the cut at 0 and the power: where the search for them starts, and their bounds.
_SOFTNESS, _POWER = 0.05, 1.0
_BOUNDS = np.log([(1e-3, 1.0), (0.2, 5.0)])
# No probability is taken for less when its logarithm is.
LEAST = 1e-12
_POSITIVE = Single(float, positive=True)
_FORM = StateForm(
    Form(
        {
            "kind": NAME,
            "seed": COUNT,
            "reading": READING_FORM,
            **dict.fromkeys(("unit", "softness", "power"), _POSITIVE),
            **SCALING_KEYS,
        }
    ),
    {
        **KERNEL_FORMS,
        **SCALING_FORMS,
        "place": Array(("read", 2)),
        "x": Array(("read", "columns")),
        "weight": Array(("read", "classes")),
        "middle": Array(("classes",), low=0.0, high=1.0),
    },
)


@dataclass(frozen=True)
class Calibration:
    """From expectations of indicators, which may leave 0 to 1, to probabilities.

    An expectation m becomes `(s log(1 + exp(m / s))) ** power`, s the `softness`, which cuts
    smoothly what is below 0; the sum over the classes is then made 1. The power is an inverse
    temperature: above 1 it makes probabilities firmer, below 1 more even (Guo et al. 2017, "On
    calibration of modern neural networks", ICML).
    """

    softness: float = _SOFTNESS
    power: float = _POWER

    @classmethod
    def learn(cls, expected: Floats, shares: Floats) -> Calibration:
        """That with the best log score of cells, each predicted from the others.

        Parameters
        ----------
        expected : float64 array [n, K]
            The expectations of left-out cells.
        shares : float64 array [n, K]
            The share of each class among the points of each cell.
        """
        from scipy.optimize import minimize  # takes a while to load

        def loss(logs: Floats) -> float:
            return log_loss(cls(*np.exp(logs)).probabilities(expected), shares)

        start = np.log([_SOFTNESS, _POWER])
        options = {"maxiter": 100}
        found = minimize(loss, start, method="Nelder-Mead", bounds=_BOUNDS, options=options)
        return cls(*np.exp(found.x).tolist())

    def probabilities(self, expected: Floats) -> Floats:
        """The probability of each class, [n, K]; each row sums to 1."""
        cut = self.softness * np.logaddexp(0.0, expected / self.softness)
        raised = np.maximum(cut, LEAST) ** self.power
        found: Floats = raised / raised.sum(axis=1, keepdims=True)
        return found


class ClassProcess:
    """Predicts the probability of each class in every cell.

    Parameters
    ----------
    config : Config
        Its `data` says which features are read; `training` has the seed and the device.

    Attributes
    ----------
    left_out_ : float64 array [n, K]
        The probabilities of each observed cell that was read, told by the others.
    """

    kind = CLASS_MODEL

    def __init__(self, config: Config) -> None:
        self.reading = Reading.of(config.data)
        self.seed = config.training.seed
        self.device_ = config.training.device

    @classmethod
    def of(cls, config: Config) -> ClassProcess:
        """The unfitted model with these options."""
        return cls(config)

    def fit(
        self,
        graph: GraphRawData,
        shares: Floats,
        observed: NDArray[np.int64],
        progress: Progress,
    ) -> ClassProcess:
        """Learn from observed cells.

        Parameters
        ----------
        graph : GraphRawData
            The graph; its targets are not read.
        shares : float64 array [N, K]
            The share of each class among the points of each cell; only `observed` rows are read.
        observed : int64 array
            Training cells.
        progress : Progress
            Receives progress and messages.
        """
        self.device_ = choose_device(self.device_, progress, double=True)
        observed = self._read(observed, progress)
        around = neighbourhoods(graph, Part(progress, 0.0, 0.2), self.reading)
        self.scaling_ = InputScaling.learn(graph, around, observed, len(observed))
        inputs = self.scaling_.inputs(graph, around.x, observed)
        known = shares[observed]
        self.middle_ = known.mean(axis=0)
        # One unit for all: a class that is rare has little variance to explain.
        variance = (self.middle_ * (1 - self.middle_)).mean()
        self.unit_ = float(np.sqrt(variance)) or 1.0
        values = torch.from_numpy((known - self.middle_) / self.unit_)
        start = Kernel.start(torch.from_numpy(around.group), len(around.names))
        part = Part(progress, 0.2, 0.9)
        kernel = fit_kernel(start, inputs, values.float(), self.seed, part, self.device_)
        expected = self._condition(kernel, inputs, values, progress)
        self.calibration_ = Calibration.learn(expected, known)
        self.left_out_ = self.calibration_.probabilities(expected)
        return self

    def predict(
        self, graph: GraphRawData, progress: Progress, cells: NDArray[np.int64] | None = None
    ) -> Floats:
        """The probability of each class, [n, K], in `cells`, or in all cells of a graph."""
        around = neighbourhoods(graph, Part(progress, 0.0, 0.2), self.reading)
        inputs = self.scaling_.inputs(graph, around.x, cells)
        found = np.empty((len(inputs), len(self.middle_)))
        for tile in chunks(len(inputs), _TILE, Part(progress, 0.2, 1.0), tr("Predicting")):
            at = inputs[tile].to(self.kernel_.mean.dtype).to(self.device_)
            across = self.kernel_.covariance(self.inputs_, at)
            found[tile] = self._expectations(across.T @ self.weight_)
        return self.calibration_.probabilities(found)

    def state(self) -> ModelState:
        """What `from_state` needs."""
        kept = {name: getattr(self.kernel_, name) for name in KERNEL_PARAMETERS}
        kept |= {"place": self.inputs_.position, "x": self.inputs_.x, "weight": self.weight_}
        tensors = {name: tensor.cpu().numpy() for name, tensor in kept.items()}
        header = {
            "kind": self.kind,
            "seed": self.seed,
            "reading": self.reading.to_dict(),
            "unit": self.unit_,
            **dataclasses.asdict(self.calibration_),
            **self.scaling_.header(),
        }
        return ModelState({**tensors, "middle": self.middle_, **self.scaling_.arrays()}, header)

    @classmethod
    def check_state(cls, tensors: Tensors, header: Any, sizes: dict[str, int]) -> None:
        """Refuse what `state` cannot have given; see `StoredModel.check_state`."""
        _FORM.check(tensors, header, sizes, "model")
        check_kernel(tensors, sizes)
        check_plane(header)

    @classmethod
    def from_state(cls, tensors: Tensors, header: Mapping[str, Any]) -> ClassProcess:
        """The fitted model again; cells that were left out are not kept."""
        check_kind(header, cls.kind)
        model = cls(Config())
        model.reading, model.seed = Reading(**header["reading"]), int(header["seed"])
        model.device_ = choose_device("auto", Silent(), double=True)
        model.scaling_ = InputScaling.from_state(tensors, header)
        part = {name: torch.from_numpy(np.array(tensors[name])) for name in tensors}
        model.weight_ = part["weight"].to(model.device_)
        kernel = Kernel(**{name: part[name] for name in KERNEL_PARAMETERS})
        inputs, dtype = Inputs(part["place"], part["x"]), model.weight_.dtype
        model.kernel_ = kernel.to(dtype).to(model.device_)
        model.inputs_ = inputs.to(dtype).to(model.device_)
        model.middle_, model.unit_ = tensors["middle"], float(header["unit"])
        model.calibration_ = Calibration(float(header["softness"]), float(header["power"]))
        return model

    def _read(self, observed: NDArray[np.int64], progress: Progress) -> NDArray[np.int64]:
        """The observed cells, or so many of them as the memory allows."""
        if len(observed) <= _MOST_OBSERVED:
            return observed
        progress.warning(
            tr(
                "{count:,} cells have a class; a random {most:,} of them are read. Use larger "
                "cells to have all of them read."
            ).format(count=len(observed), most=_MOST_OBSERVED)
        )
        drawn = np.random.default_rng(self.seed).permutation(observed)[:_MOST_OBSERVED]
        return np.sort(drawn)

    def _condition(
        self, kernel: Kernel, inputs: Inputs, values: Tensor, progress: Progress
    ) -> Floats:
        """Solve for all classes at once; the expectations of left-out cells, [n, K].

        Leaving one out: Rasmussen and Williams (2006), equations 5.10 to 5.12.
        """
        dtype = torch.float64 if len(inputs) < _DOUBLE_BELOW else torch.float32
        self.kernel_ = kernel.to(dtype).to(self.device_)
        self.inputs_ = inputs.to(dtype).to(self.device_)
        matrix = self.kernel_.covariance(self.inputs_, self.inputs_)
        matrix.diagonal().add_(self.kernel_.noise)
        factor = cholesky(matrix, progress)
        residual = values.to(dtype).to(self.device_) - self.kernel_.mean
        self.weight_ = torch.cholesky_solve(residual, factor)
        precision = torch.cholesky_inverse(factor).diagonal()
        return self._expectations(residual - self.weight_ / precision[:, None])

    def _expectations(self, residual: Tensor) -> Floats:
        """Expectations of the indicators from what is told beside the constant mean."""
        found: Floats = (residual + self.kernel_.mean).double().cpu().numpy()
        return found * self.unit_ + self.middle_


def log_loss(probabilities: Floats, weight: Floats) -> float:
    """The mean negative log probability of what was found, in nats.

    Parameters
    ----------
    probabilities : float64 array [n, K]
        Of each class.
    weight : float64 array [n, K]
        How often each was found.
    """
    return float(-(weight * np.log(np.maximum(probabilities, LEAST))).sum() / weight.sum())
