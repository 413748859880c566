"""Propagation that also reads the embedding of a pretrained encoder."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..config.checks import Named
from ..config.schema import Config, make_config
from ..data.builders.graph import GraphRawData
from ..data.builders.readings import Readings
from ..data.forms import ANYTHING, NAME, Form, Options, Tensors, inside
from ..errors import InputError
from ..language import tr
from ..progress import Progress
from .base import ModelState, Prediction, check_kind
from .pretrained import Pretrained, start_from
from .propagation import Propagation
from .reading import Reading

_PREFIX = "process."
_PART = Named(ANYTHING)
_HEADER = Form({"kind": NAME, "config": Options(), "process": _PART, "pretrained": _PART})


class EmbeddedPropagation:
    """`Propagation` with one more group of features: what a pretrained encoder makes of a cell.

    The encoder stays as it is. It has seen no measured value, so that leave-one-out errors
    are as honest as without it.

    Parameters
    ----------
    config : Config
        `model.pretrained_gnn` names the encoder file; the model keeps what is in it.

    Attributes
    ----------
    process_ : Propagation
        The Gaussian process that predicts.
    """

    kind = "embedded"

    def __init__(self, config: Config) -> None:
        self.config = config

    @classmethod
    def of(cls, config: Config) -> EmbeddedPropagation:
        """With these options."""
        return cls(config)

    def fit(
        self,
        graph: GraphRawData,
        y: NDArray[np.float64],
        observed: NDArray[np.int64],
        progress: Progress,
        readings: Readings | None = None,
    ) -> EmbeddedPropagation:
        """Learn from the observed cells; see `Model.fit` and `ReadsPlaces`."""
        pretrained = start_from(self.config, graph, progress)
        if pretrained is None:
            raise InputError(tr("Name an encoder file in 'model.pretrained_gnn'."))
        self.pretrained_ = pretrained
        model, training = self.config.model, self.config.training
        embed, reading = pretrained.embed, Reading.of(self.config.data)
        self.process_ = Propagation(
            *(model.transform, training.seed, embed, training.device),
            blind=True,
            reading=reading,
            bounds=model.bounds,
        )
        self.process_.fit(graph, y, observed, progress, readings=readings)
        return self

    def predict(
        self, graph: GraphRawData, progress: Progress, cells: NDArray[np.int64] | None = None
    ) -> Prediction:
        """Mean and standard deviation of a new measurement; see `Model.predict`."""
        return self.process_.predict(graph, progress, cells)

    def predict_at(
        self,
        graph: GraphRawData,
        progress: Progress,
        cells: NDArray[np.int64],
        xy: NDArray[np.float64],
    ) -> Prediction:
        """Mean and standard deviation of a new measurement at places; see `ReadsPlaces`."""
        return self.process_.predict_at(graph, progress, cells, xy)

    def predict_readings(
        self,
        graph: GraphRawData,
        progress: Progress,
        cells: NDArray[np.int64],
        readings: Readings,
    ) -> Prediction:
        """The mean of the readings in each of `cells`; see `ReadsPlaces`."""
        return self.process_.predict_readings(graph, progress, cells, readings)

    def draws(
        self, graph: GraphRawData, progress: Progress, count: int, seed: int
    ) -> NDArray[np.float32]:
        """Those of the process; see `Simulates`."""
        return self.process_.draws(graph, progress, count, seed)

    def correlations(
        self, graph: GraphRawData, progress: Progress, groups: Sequence[NDArray[np.int64]]
    ) -> Iterator[NDArray[np.float64]]:
        """Those of the process; see `KnowsTogether`."""
        return self.process_.correlations(graph, progress, groups)

    def leave_one_out(self) -> Prediction:
        """The prediction at each observed cell from the values of all the others."""
        return self.process_.leave_one_out()

    def state(self) -> ModelState:
        """What `from_state` needs; the encoder's tensors are named `encoder.*`."""
        process, pretrained = self.process_.state(), self.pretrained_.state()
        tensors = {_PREFIX + name: values for name, values in process.tensors.items()}
        header = {
            "kind": self.kind,
            "config": dataclasses.asdict(self.config),
            "process": process.header,
            "pretrained": pretrained.header,
        }
        return ModelState({**tensors, **pretrained.tensors}, header)

    @classmethod
    def check_state(cls, tensors: Tensors, header: Any, sizes: dict[str, int]) -> None:
        """Refuse what `state` cannot have given; see `StoredModel.check_state`."""
        _HEADER.check(header, "model")
        Propagation.check_state(inside(tensors, _PREFIX), header["process"], sizes)
        Pretrained.check_state(tensors, header["pretrained"], {})

    @classmethod
    def from_state(cls, tensors: Tensors, header: Mapping[str, Any]) -> EmbeddedPropagation:
        """The fitted model again."""
        check_kind(header, cls.kind)
        pretrained = Pretrained.from_state(tensors, header["pretrained"])
        model = cls(make_config(header["config"]))
        model.pretrained_ = pretrained
        model.process_ = Propagation.from_state(inside(tensors, _PREFIX), header["process"])
        model.process_.embed, model.process_.blind = pretrained.embed, True
        return model
