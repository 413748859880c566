"""The deep kernel: a network's embedding of the cells inside the Gaussian process.

Wilson et al. (2016), "Deep kernel learning", AISTATS (arXiv 1511.02222).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ..config.checks import Named, Single
from ..config.schema import Config
from ..data.builders.graph import GraphRawData
from ..data.forms import ANYTHING, NAME, Form, Options, StateForm, Tensors, inside
from ..data.splits import random_split
from ..progress import Part, Progress
from .base import ModelState, Prediction
from .deepkernel_fit import EmbeddingNetwork, ObservedCells, fit_together
from .encoded import EncodedModel
from .encoding import ENCODING_FORMS, HYPERNODES_FORM
from .pretrained import start_from
from .propagation import Propagation
from .reading import Reading
from .scales import observed_values
from .weights import check_network, network_arrays

_MIN_OBSERVED = 4
_PREFIX = "process."
_STATE = StateForm(
    Form(
        {
            "kind": NAME,
            "config": Options(),
            "hypernodes": HYPERNODES_FORM,
            "process": Named(ANYTHING),
            "embedded": Single(bool),
        }
    ),
    ENCODING_FORMS,
)


class DeepKernel(EncodedModel[EmbeddingNetwork]):
    """Propagation whose Gaussian process also reads a network's embedding of the cells.

    The embedding is one more feature group of the kernel, which is first fitted without
    it. Then encoder and kernel learn together from the marginal likelihood of patches of
    observed cells. Since such a kernel learns its cells by heart, the likelihood does not
    say when to stop: `training.validation_ratio` of the observed cells does, and where no
    step predicts these clearly better than the start, the model is `Propagation` itself.

    Parameters
    ----------
    config : Config
        All sections; `strict_reference` is not read.

    Attributes
    ----------
    process_ : Propagation
        The Gaussian process that predicts.
    history_ : History
        Loss of the steps that were judged, and the validation cells' root mean squared
        error on the model's scale; step 0 is the start.
    """

    kind = "deepkernel"

    def __init__(self, config: Config) -> None:
        model = dataclasses.replace(config.model, strict_reference=False)
        super().__init__(dataclasses.replace(config, model=model))

    def fit(
        self,
        graph: GraphRawData,
        y: NDArray[np.float64],
        observed: NDArray[np.int64],
        progress: Progress,
    ) -> DeepKernel:
        """Learn from the observed cells; see `Model.fit`.

        With `model.pretrained_gnn` it starts from that encoder, and reads a graph as that
        does; with `model.freeze_gnn` only the map to the kernel's columns learns.
        """
        pretrained = start_from(self.config, graph, progress)
        model, training = self.config.model, self.config.training
        observed_values(y, observed, _MIN_OBSERVED)
        reading, bounds = Reading.of(self.config.data), model.bounds
        plain = Propagation(model.transform, training.seed, reading=reading, bounds=bounds)
        start = plain.prepare(graph, y, observed, Part(progress, 0.0, 0.1))
        self._start(graph, observed, pretrained, progress)
        split = random_split(np.arange(len(observed)), training.validation_ratio, training.seed)
        with torch.random.fork_rng():
            torch.manual_seed(training.seed)
            self.network_ = self._make_network()
            if pretrained:
                pretrained.load_into(self.network_.encoder, self.config.model.freeze_gnn)
            cells = ObservedCells(
                plain.inputs_,
                plain.values_.float(),
                self.encoding_.tensors(graph, self.config, self.device_),
                torch.from_numpy(observed).to(self.device_),
                torch.from_numpy(split.known),
                torch.from_numpy(split.test),
            )
            part = Part(progress, 0.1, 0.8)
            kernel, self.history_ = fit_together(start, self.network_, cells, training.seed, part)
        embed = self._embed if self.history_.best_epoch else None
        self.process_ = Propagation(
            model.transform, training.seed, embed, reading=reading, bounds=bounds
        )
        self.process_.fit(graph, y, observed, Part(progress, 0.8, 1.0), kernel)
        return self

    def predict(
        self, graph: GraphRawData, progress: Progress, cells: NDArray[np.int64] | None = None
    ) -> Prediction:
        """Mean and standard deviation of a new measurement; see `Model.predict`."""
        return self.process_.predict(graph, progress, cells)

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
        """The prediction at each observed cell from the values of all the others.

        The embedding was trained on most of them, so that these errors are rather small.
        """
        return self.process_.leave_one_out()

    def state(self) -> ModelState:
        """What `from_state` needs; the encoder's tensors are named `encoder.*`."""
        process = self.process_.state()
        tensors = {f"{_PREFIX}{name}": values for name, values in process.tensors.items()}
        tensors |= {**network_arrays(self.network_), **self.encoding_.arrays()}
        header = {
            "kind": self.kind,
            "config": dataclasses.asdict(self.config),
            "hypernodes": self.encoding_.hypernodes,
            "process": process.header,
            "embedded": self.process_.embed is not None,
        }
        return ModelState(tensors, header)

    @classmethod
    def check_state(cls, tensors: Tensors, header: Any, sizes: dict[str, int]) -> None:
        """Refuse what `state` cannot have given; see `StoredModel.check_state`."""
        _STATE.check(tensors, header, sizes, "model")
        Propagation.check_state(inside(tensors, _PREFIX), header["process"], sizes)
        check_network(tensors, cls._unloaded(tensors, header)._build_network)

    @classmethod
    def from_state(cls, tensors: Tensors, header: Mapping[str, Any]) -> DeepKernel:
        """The fitted model again."""
        model = cls._loaded(tensors, header)
        model.process_ = Propagation.from_state(inside(tensors, _PREFIX), header["process"])
        model.process_.embed = model._embed if header["embedded"] else None
        return model

    def _build_network(self) -> EmbeddingNetwork:
        encoding = self.encoding_
        return EmbeddingNetwork(len(encoding.centre), encoding.hypernodes, self.config.model)

    def _embed(self, graph: GraphRawData) -> NDArray[np.float32]:
        self.network_.eval()
        data = self.encoding_.tensors(graph, self.config, self.device_)
        with torch.no_grad():
            return self.network_(data).cpu().numpy()
