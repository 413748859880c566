"""The network as a model: trained with early stopping, it predicts every cell."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch_geometric.data import HeteroData

from .. import schema
from ..config.schema import Config, DataConfig, ModelConfig, TrainingConfig
from ..data.builders.graph import GraphRawData, HeteroGraphBuilder
from ..data.splits import random_split
from ..data.transforms import TargetTransform
from ..errors import FitError
from ..models.base import ModelState, Prediction
from ..models.geohg import GeoHGNetwork, normalise_weights
from ..models.places import cell_places, check_kind, observed_values
from ..progress import Progress
from .callbacks import EarlyStopping, History
from .evaluator import metrics

# Weights shrink a little each step, as AdamW's authors advise.
_WEIGHT_DECAY = 1e-4
_MIN_OBSERVED = 4


class NetworkModel:
    """The paper's heterogeneous network behind the seam of all models.

    Parameters
    ----------
    config : Config
        All sections; `data` chooses the hypernodes, `model` the size, `training` how.

    Attributes
    ----------
    history_ : History
        Loss and validation figure of each epoch, and the best epoch.
    device_ : str
        Where it was trained.
    """

    kind = "gnn"

    def __init__(self, config: Config) -> None:
        self.config = config

    def fit(
        self,
        graph: GraphRawData,
        y: NDArray[np.float64],
        observed: NDArray[np.int64],
        progress: Progress,
    ) -> NetworkModel:
        """Learn from the observed cells; see `Model.fit`."""
        training = self.config.training
        values = observed_values(y, observed, _MIN_OBSERVED)
        split = random_split(observed, training.validation_ratio, training.seed)
        if len(split.test) == 0 or np.ptp(y[split.known]) == 0:
            raise FitError(
                f"{len(values)} observed cells are too few, or too alike, to train on some and "
                "stop by others; add points."
            )
        self.transform_ = TargetTransform.learn(y[split.known], self.config.model.transform)
        inputs = _inputs(graph)
        known = inputs[split.known]
        with np.errstate(invalid="ignore"):
            self.centre_ = np.nan_to_num(_nan_mean(known))
            spread = np.sqrt(np.nan_to_num(_nan_mean((known - self.centre_) ** 2)))
        self.scale_ = np.where(spread > 0, spread, 1.0)
        self.device_ = choose_device(training.device)
        data = self._tensors(graph)
        self.hypernodes_ = {
            kind: data[kind].num_nodes for kind in data.node_types if kind != schema.AREA
        }
        with torch.random.fork_rng():
            torch.manual_seed(training.seed)
            self._train(data, y, split.known, split.test, progress)
        return self

    def predict(self, graph: GraphRawData, progress: Progress) -> Prediction:
        """Predict every cell; the spread is the error on the validation cells, everywhere."""
        progress.report(0.0, "Predicting every cell")
        self.network_.eval()
        with torch.no_grad():
            scaled = self.network_(self._tensors(graph)).cpu().numpy().astype(np.float64)
        mean, std = self.transform_.moments(scaled, np.full(len(scaled), self.spread_))
        return Prediction(mean, std)

    def state(self) -> ModelState:
        """What `from_state` needs."""
        tensors = {
            f"network.{name}": values.detach().cpu().numpy()
            for name, values in self.network_.state_dict().items()
        }
        tensors["inputs.centre"], tensors["inputs.scale"] = self.centre_, self.scale_
        header = {
            "kind": self.kind,
            "config": dataclasses.asdict(self.config),
            "transform": self.transform_.to_dict(),
            "hypernodes": self.hypernodes_,
            "spread": self.spread_,
        }
        return ModelState(tensors, header)

    @classmethod
    def from_state(
        cls, tensors: Mapping[str, NDArray[Any]], header: Mapping[str, Any]
    ) -> NetworkModel:
        """The fitted model again."""
        check_kind(header, cls.kind)
        sections = header["config"]
        sections["model"]["head_dims"] = tuple(sections["model"]["head_dims"])
        model = cls(
            Config(
                DataConfig(**sections["data"]),
                ModelConfig(**sections["model"]),
                TrainingConfig(**sections["training"]),
            )
        )
        model.centre_, model.scale_ = tensors["inputs.centre"], tensors["inputs.scale"]
        model.transform_ = TargetTransform.from_dict(header["transform"])
        model.hypernodes_ = header["hypernodes"]
        model.spread_ = header["spread"]
        model.device_ = choose_device(model.config.training.device)
        model.network_ = model._make_network()
        prefix = "network."
        model.network_.load_state_dict(
            {
                name[len(prefix) :]: torch.from_numpy(values)
                for name, values in tensors.items()
                if name.startswith(prefix)
            }
        )
        return model

    def _make_network(self) -> GeoHGNetwork:
        network = GeoHGNetwork(len(self.centre_), self.hypernodes_, self.config.model)
        return network.to(self.device_)

    def _tensors(self, graph: GraphRawData) -> HeteroData:
        data = normalise_weights(HeteroGraphBuilder(self.config.data).build(graph))
        # Missing features become 0, the mean of the cells learnt from.
        scaled = np.nan_to_num((_inputs(graph) - self.centre_) / self.scale_)
        data[schema.AREA].x = torch.from_numpy(scaled.astype(np.float32))
        return data.to(self.device_)

    def _train(
        self,
        data: HeteroData,
        y: NDArray[np.float64],
        known: NDArray[np.int64],
        validation: NDArray[np.int64],
        progress: Progress,
    ) -> None:
        training = self.config.training
        network = self.network_ = self._make_network()
        optimiser = torch.optim.AdamW(
            network.parameters(), lr=training.lr, weight_decay=_WEIGHT_DECAY
        )
        scaled = torch.from_numpy(self.transform_.forward(y)).float().to(self.device_)
        stopping = EarlyStopping(training.metric, training.patience)
        self.history_ = History(training.metric)
        for epoch in range(1, training.epochs + 1):
            progress.report(epoch / training.epochs, f"Training, epoch {epoch}")
            loss = _step(network, optimiser, data, scaled, known)
            if not math.isfinite(loss):
                raise FitError(f"Training diverged at epoch {epoch}; use a smaller learning rate.")
            guess = self._evaluate(data, validation)
            score = metrics(y[validation], self.transform_.inverse(guess))[training.metric]
            self.history_.add(epoch, loss, score)
            progress.metric(f"validation_{training.metric}", float(score or 0.0), epoch)
            if stopping.update(epoch, score, network):
                break
        self.history_.best_epoch = stopping.best_epoch
        network.load_state_dict(stopping.best_state)
        error = self._evaluate(data, validation) - self.transform_.forward(y[validation])
        self.spread_ = float(np.sqrt(np.mean(error**2)))

    def _evaluate(self, data: HeteroData, cells: NDArray[np.int64]) -> NDArray[np.float64]:
        self.network_.eval()
        with torch.no_grad():
            return self.network_(data)[cells].cpu().numpy().astype(np.float64)


def _step(
    network: GeoHGNetwork,
    optimiser: torch.optim.Optimizer,
    data: HeteroData,
    scaled: Tensor,
    known: NDArray[np.int64],
) -> float:
    network.train()
    optimiser.zero_grad()
    loss = torch.nn.functional.mse_loss(network(data)[known], scaled[known])
    loss.backward()
    optimiser.step()
    return float(loss.detach())


def _inputs(graph: GraphRawData) -> NDArray[np.float64]:
    """Features and place; the place in cells, so that both axes are alike."""
    place = cell_places(graph) / math.sqrt(math.prod(graph.grid.cell_metres()))
    return np.column_stack([graph.features, place])


def _nan_mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean of each column over its finite values; NaN where there are none."""
    return np.nansum(values, axis=0) / np.isfinite(values).sum(axis=0)


def choose_device(wish: str) -> str:
    """`cpu` or `cuda`; `auto` takes CUDA where there is one.

    Raises
    ------
    FitError
        If CUDA was asked for and there is none.
    """
    if wish == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if wish == "cuda" and not torch.cuda.is_available():
        raise FitError("There is no CUDA device; choose the device 'auto' or 'cpu'.")
    return wish
