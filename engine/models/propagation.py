"""The default model: propagation over the graph, read by a Gaussian process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ..config.schema import Config
from ..data.builders.graph import GraphRawData
from ..data.builders.readings import Readings
from ..data.forms import COUNT, NAME, Array, Form, StateForm, Tensors
from ..data.transforms import TRANSFORM_FORM, TargetTransform
from ..errors import InputError
from ..language import tr
from ..progress import Part, Progress, Silent
from .base import ModelState, check_kind
from .device import choose_device
from .kernel import Inputs, Kernel
from .kernel_fit import fit_kernel
from .kernel_inputs import SCALING_FORMS, SCALING_KEYS, SCALING_OPTIONAL, InputScaling, check_plane
from .local import LocallyConditioned
from .places import Places, completed
from .reading import EVERYTHING, READING_FORM, Reading
from .readout import Embed, Readout
from .rows import PlaceRows, check_rows, rows_forms
from .scales import learn_transform, observed_values
from .windows import covariate_columns

_LEARNT = ("scale_a", "scale_b", "log_variance", "log_length", "mean", "stretch", "log_slope")
KERNEL_PARAMETERS = (*_LEARNT, "group", "trend")
"""The tensors of a kernel in a file."""
# What older files lack: their kernels were isotropic, and had no trend.
_OLDER: dict[str, NDArray[Any]] = {
    "stretch": np.zeros(2, dtype=np.float32),
    "log_slope": np.zeros(1, dtype=np.float32),
    "trend": np.empty(0, dtype=np.int64),
}
# With more observed cells, curves follow what a straight line would say.
_FEW = 500
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
KERNEL_FORMS = {
    "scale_a": Array(("groups",), low=-_MOST_LOG, high=_MOST_LOG),
    "scale_b": Array(("groups",), low=-_MOST_LOG, high=_MOST_LOG),
    "log_variance": Array((5,), low=-_MOST_LOG, high=_MOST_LOG),
    "log_length": Array((3,), low=-_MOST_LOG, high=_MOST_LOG),
    "mean": Array((1,)),
    "stretch": Array((2,), low=-_MOST_LOG, high=_MOST_LOG),
    "log_slope": Array((1,), low=-_MOST_LOG, high=_MOST_LOG),
    "group": Array(("columns",), integer=True, low=0),
    "trend": Array(("sloped",), integer=True, low=0),
}
"""Of the tensors of a kernel."""
_TENSORS = {**KERNEL_FORMS, **SCALING_FORMS}


def check_kernel(tensors: Tensors, sizes: dict[str, int]) -> None:
    """Refuse parameters of a kernel that name a group or a column which it does not have.

    Raises
    ------
    InputError
        Naming the tensor.
    """
    if len(tensors["group"]) and tensors["group"].max() >= sizes["groups"]:
        raise InputError(tr("the tensor '{name}' names no group.").format(name="group"))
    if (tensors.get("trend", np.empty(0)) >= len(tensors["group"])).any():
        raise InputError(tr("the tensor '{name}' names no column.").format(name="trend"))


class Propagation(Readout):
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
    bounds : tuple of float
        The least and the greatest value of the target, or none; see `learn_transform`.
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
        bounds: tuple[float, ...] = (),
    ) -> None:
        super().__init__(seed, embed, blind, device, reading)
        self.transform = transform
        self.bounds = bounds

    @classmethod
    def of(cls, config: Config) -> Propagation:
        """With the scale, the seed, the device and the features of the options."""
        model, training = config.model, config.training
        reading, device = Reading.of(config.data), training.device
        return cls(
            model.transform, training.seed, device=device, reading=reading, bounds=model.bounds
        )

    def fit(
        self,
        graph: GraphRawData,
        y: NDArray[np.float64],
        observed: NDArray[np.int64],
        progress: Progress,
        kernel: Kernel | None = None,
        readings: Readings | None = None,
        before: Kernel | None = None,
    ) -> Propagation:
        """Learn from the observed cells; see `Model.fit`.

        Parameters
        ----------
        kernel : Kernel, optional
            A fitted kernel to take as it is.
        readings : Readings, optional
            Where the values of `y` were measured; those in `observed` are read. By default in the
            middle of each cell.
        before : Kernel, optional
            That of a fit to most of the same cells, from which this one sets out; see `fit_kernel`.
        """
        self.device_ = choose_device(self.device_, progress, double=True)
        start = self.prepare(graph, y, observed, Part(progress, 0.0, 0.2), readings)
        part = Part(progress, 0.2, 0.9)
        fitting = (self.inputs_, self.values_, self.seed, part, self.device_)
        self.kernel_ = kernel or fit_kernel(start, *fitting, before)
        self._conditioned = self._left = None
        conditioned = self._condition(graph.total, Part(progress, 0.9, 1.0))
        self._left = conditioned.left if isinstance(conditioned, LocallyConditioned) else None
        self._trees = self._waves = None
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
        self.transform_ = learn_transform(self.transform, values, places.position, self.bounds)
        around = self._surroundings(graph, progress)
        self.scaling_ = InputScaling.learn(graph, around, observed, len(values))
        self.inputs_ = self.scaling_.inputs(graph, around.x, observed[places.cell], places.position)
        z = self.transform_.forward(found.value)
        self.values_ = torch.from_numpy(places.means(place, z))
        self.rows_ = None
        if readings is not None:
            error = places.error(place, z)
            self.rows_ = PlaceRows.learn(self.scaling_, graph, observed, places, error)
            self.inputs_ = replace(self.inputs_, rows=self.rows_.rows())
        group = torch.from_numpy(around.group)
        few = len(observed) <= _FEW
        trend = torch.from_numpy(covariate_columns(self.reading.features(graph), around))
        return Kernel.start(group, len(around.names), trend=trend if few else None)

    def state(self) -> ModelState:
        """What `from_state` needs; the covariance is factored again on loading."""
        tensors = {name: getattr(self.kernel_, name).numpy() for name in KERNEL_PARAMETERS}
        tensors |= {"place": self.inputs_.position.numpy(), "x": self.inputs_.x.numpy()}
        tensors |= {"values": self.values_.numpy(), **self.scaling_.arrays()}
        tensors |= self.rows_.arrays() if self.rows_ else {}
        if self._left is not None:
            tensors |= {"left": self._left[:2].numpy(), "left_wide": self._left[2:].numpy()}
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
        forms = {**_TENSORS, **rows_forms(tensors)}
        StateForm(_HEADER, forms).check(tensors, header, sizes, "model")
        check_rows(tensors)
        check_kernel(tensors, sizes)
        check_plane(header)

    @classmethod
    def from_state(cls, tensors: Tensors, header: Mapping[str, Any]) -> Propagation:
        """The fitted model again."""
        check_kind(header, cls.kind)
        model = cls(seed=int(header["seed"]), device=choose_device("auto", Silent(), double=True))
        model.transform_ = TargetTransform.from_dict(header["transform"])
        model.reading = Reading(**header.get("reading", {}))
        model.scaling_ = InputScaling.from_state(tensors, header)
        tensors = {**_OLDER, **tensors}
        part = {name: torch.from_numpy(np.array(tensors[name])) for name in tensors}
        model.kernel_ = Kernel(**{name: part[name] for name in KERNEL_PARAMETERS})
        model.rows_ = PlaceRows.from_arrays(tensors)
        rows = None if model.rows_ is None else model.rows_.rows()
        model.inputs_, model.values_ = Inputs(part["place"], part["x"], rows), part["values"]
        if "left" in part:
            model._left = torch.cat([part["left"], part["left_wide"]])
        return model
