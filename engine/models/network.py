"""The network as a model: trained with early stopping, it predicts every cell."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch_geometric.data import HeteroData

from ..config.checks import Single
from ..config.schema import Config, TrainingConfig
from ..data.builders.graph import GraphRawData
from ..data.forms import NAME, Array, Form, Options, StateForm, Tensors
from ..data.splits import random_split
from ..data.transforms import TRANSFORM_FORM, TargetTransform
from ..errors import FitError
from ..language import tr
from ..numerics import metrics
from ..progress import Progress
from ..training.supervised import train
from .base import ModelState, Prediction
from .distances import cell_positions
from .encoded import EncodedModel
from .encoding import ENCODING_FORMS, HYPERNODES_FORM
from .geohg import GeoHGNetwork
from .pretrained import Pretrained, start_from
from .published import PublishedNetwork
from .scales import learn_transform, observed_values
from .weights import check_network, network_arrays

# Weights shrink a little each step, as AdamW's authors advise.
_WEIGHT_DECAY = 1e-4
_MIN_OBSERVED = 4
_PUBLISHED_WEIGHT_DECAY = 5e-4


_STATE = StateForm(
    Form(
        {
            "kind": NAME,
            "config": Options(),
            "transform": TRANSFORM_FORM,
            "hypernodes": HYPERNODES_FORM,
            "spread": Single(float, low=0.0, high=math.inf),
        }
    ),
    {**ENCODING_FORMS, "left_out": Array(("fitted",), missing=True)},
)


class NetworkModel(EncodedModel[GeoHGNetwork | PublishedNetwork]):
    """The paper's heterogeneous network behind the seam of all models.

    With `model.strict_reference` it is the published one: its layers, its optimiser, its
    rule to stop, and its dropout that ends with the first epoch. Only the scale of the
    target is learnt from the training cells, where the published code takes all cells,
    those held out too.

    Parameters
    ----------
    config : Config
        All sections; `data` chooses the hypernodes, `model` the size, `training` how.

    Attributes
    ----------
    history_ : History
        Loss and validation figure of each epoch, and the best epoch.
    """

    kind = "gnn"

    def __init__(self, config: Config) -> None:
        if config.model.strict_reference:
            config = dataclasses.replace(config, training=_published(config.training))
        super().__init__(config)

    def fit(
        self,
        graph: GraphRawData,
        y: NDArray[np.float64],
        observed: NDArray[np.int64],
        progress: Progress,
        validation: NDArray[np.int64] | None = None,
    ) -> NetworkModel:
        """Learn from the observed cells; see `Model.fit`.

        With `model.pretrained_gnn` it starts from that encoder, and reads a graph as that
        does; with `model.freeze_gnn` only the head learns.

        Parameters
        ----------
        validation : int64 array, optional
            Those of the observed cells that only decide when to stop. By default
            `training.validation_ratio` of them, drawn by the seed.
        """
        training, pretrained = self.config.training, start_from(self.config, graph, progress)
        observed_values(y, observed, _MIN_OBSERVED)
        if validation is None:
            validation = random_split(observed, training.validation_ratio, training.seed).test
        known = np.setdiff1d(observed, validation)
        if len(validation) == 0 or len(known) == 0 or np.ptp(y[known]) == 0:
            raise FitError(
                tr(
                    "{cells} observed cells are too few, or too similar, to be split for training "
                    "and early stopping; add points."
                ).format(cells=len(observed))
            )
        positions = cell_positions(graph, known)
        model = self.config.model
        self.transform_ = learn_transform(model.transform, y[known], positions, model.bounds)
        self._start(graph, known, pretrained, progress)
        data = self.encoding_.tensors(graph, self.config, self.device_)
        with torch.random.fork_rng():
            torch.manual_seed(training.seed)
            self._train(data, y, known, validation, progress, pretrained)
        guess = self._evaluate(data, validation)
        self.spread_ = float(
            np.sqrt(np.mean((guess - self.transform_.forward(y[validation])) ** 2))
        )
        self.left_out_: NDArray[np.float64] = np.full(len(observed), np.nan)
        index_of = {cell: index for index, cell in enumerate(observed)}
        self.left_out_[[index_of[cell] for cell in validation]] = guess
        return self

    def predict(
        self, graph: GraphRawData, progress: Progress, cells: NDArray[np.int64] | None = None
    ) -> Prediction:
        """Predict; the spread is the error on the validation cells, everywhere."""
        progress.report(0.0, tr("Predicting"))
        data = self.encoding_.tensors(graph, self.config, self.device_)
        return self._back(self._evaluate(data, slice(None) if cells is None else cells))

    def leave_one_out(self) -> Prediction:
        """The prediction at each observed cell by a network not trained on it, or NaN.

        Leaving out one cell after another would take as many trainings. The validation
        cells are those that training did not see, though they chose when to stop, so that
        these errors are rather small than large; all other observed cells are NaN.
        """
        return self._back(self.left_out_)

    def state(self) -> ModelState:
        """What `from_state` needs; the encoder's tensors are named `encoder.*`."""
        tensors = network_arrays(self.network_)
        tensors |= {**self.encoding_.arrays(), "left_out": self.left_out_}
        header = {
            "kind": self.kind,
            "config": dataclasses.asdict(self.config),
            "transform": self.transform_.to_dict(),
            "hypernodes": self.encoding_.hypernodes,
            "spread": self.spread_,
        }
        return ModelState(tensors, header)

    @classmethod
    def check_state(cls, tensors: Tensors, header: Any, sizes: dict[str, int]) -> None:
        """Refuse what `state` cannot have given; see `StoredModel.check_state`."""
        _STATE.check(tensors, header, sizes, "model")
        check_network(tensors, cls._unloaded(tensors, header)._sized_network)

    @classmethod
    def from_state(cls, tensors: Tensors, header: Mapping[str, Any]) -> NetworkModel:
        """The fitted model again."""
        model = cls._loaded(tensors, header)
        model.transform_ = TargetTransform.from_dict(header["transform"])
        model.spread_ = header["spread"]
        model.left_out_ = tensors["left_out"]
        return model

    def _sized_network(self) -> GeoHGNetwork | PublishedNetwork:
        """That of `_build_network`, with the widths that the first pass over the data gives."""
        network = self._build_network()
        if isinstance(network, PublishedNetwork):
            return network.with_width(len(self.encoding_.centre))
        return network

    def _build_network(self) -> GeoHGNetwork | PublishedNetwork:
        if self.config.model.strict_reference:
            return PublishedNetwork(self.encoding_.hypernodes)
        encoding = self.encoding_
        return GeoHGNetwork(len(encoding.centre), encoding.hypernodes, self.config.model)

    def _train(
        self,
        data: HeteroData,
        y: NDArray[np.float64],
        known: NDArray[np.int64],
        validation: NDArray[np.int64],
        progress: Progress,
        pretrained: Pretrained | None,
    ) -> None:
        training, strict = self.config.training, self.config.model.strict_reference
        network = self.network_ = self._make_network()
        if pretrained:
            pretrained.load_into(network.encoder, self.config.model.freeze_gnn)
        if strict:
            self._evaluate(data, validation)  # the first layer takes its width from the data

        def judge() -> float | None:
            if strict:
                self._evaluate(data, known)  # it shows this figure too, at the cost of a pass
            guess = self.transform_.inverse(self._evaluate(data, validation))
            return metrics(y[validation], guess)[training.metric]

        # The published code leaves training for good when it first evaluates.
        modes = (lambda epoch: epoch == 1) if strict else (lambda epoch: True)
        scaled = torch.from_numpy(self.transform_.forward(y)).float().to(self.device_)
        optimiser = self._make_optimiser()
        self.history_ = train(
            network, optimiser, data, scaled, known, judge, training, progress, modes
        )

    def _make_optimiser(self) -> torch.optim.Optimizer:
        parameters, rate = self.network_.parameters(), self.config.training.lr
        if self.config.model.strict_reference:
            return torch.optim.Adam(parameters, lr=rate, weight_decay=_PUBLISHED_WEIGHT_DECAY)
        return torch.optim.AdamW(parameters, lr=rate, weight_decay=_WEIGHT_DECAY)

    def _evaluate(self, data: HeteroData, cells: NDArray[np.int64] | slice) -> NDArray[np.float64]:
        self.network_.eval()
        with torch.no_grad():
            return self.network_(data)[cells].cpu().numpy().astype(np.float64)

    def _back(self, scaled: NDArray[np.float64]) -> Prediction:
        return Prediction(scaled, np.full(len(scaled), self.spread_), self.transform_)


def _published(training: TrainingConfig) -> TrainingConfig:
    """How the published network is trained, whatever the options say."""
    return dataclasses.replace(training, epochs=2000, patience=100, lr=0.01, metric="r2")
