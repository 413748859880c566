"""The deep kernel: a network's embedding of the cells inside the Gaussian process.

Wilson et al. (2016), "Deep kernel learning", AISTATS (arXiv 1511.02222).
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch_geometric.data import HeteroData

from ..config.checks import Named, Single
from ..config.schema import Config, ModelConfig, make_config
from ..data.builders.graph import GraphRawData
from ..data.forms import ANYTHING, NAME, Form, Options, StateForm, Tensors, inside
from ..data.splits import random_split
from ..language import tr
from ..progress import Part, Progress, Silent
from ..training.callbacks import EarlyStopping, History
from .base import ModelState, Prediction, check_kind
from .conditioning import Conditioned
from .device import choose_device
from .encoding import ENCODING_FORMS, HYPERNODES_FORM, Encoding
from .geohg import Encoder
from .kernel import Inputs, Kernel
from .kernel_fit import choose_patch, fit_kernel, patch_loss
from .pretrained import start_from
from .propagation import Propagation
from .scales import observed_values
from .weights import check_network, load_network, network_arrays

_STEPS = 100
_JUDGE_EVERY = 5
_PATIENCE = 25
_KERNEL_RATE = 0.02
_ENCODER_RATE = 1e-3
# Log of the squared weight of the embedding at the start: less than that of any group, or
# what a network knows before it learns would drown what the features say.
_START = -5.0
_WEIGHT_DECAY = 1e-2
_MIN_OBSERVED = 4
# The embedding must lower the squared error of the judges by so many standard errors of the
# difference: of many looks at few cells, one is good by chance.
_CLEARLY = 2.0
# Cells that the validation cells are predicted from: enough to compare steps.
_JUDGED_FROM = 2000


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


class EmbeddingNetwork(nn.Module):
    """The encoder of the paper's network and a linear map to a few columns.

    Parameters
    ----------
    num_features, hypernodes, config
        As of `Encoder`.
    """

    def __init__(
        self, num_features: int, hypernodes: Mapping[str, int], config: ModelConfig
    ) -> None:
        super().__init__()
        self.encoder = Encoder(num_features, hypernodes, config)
        self.projection = nn.Linear(config.hidden_channels, config.embedding_channels)

    def forward(self, data: HeteroData) -> Tensor:
        """Embed, shape [N, embedding_channels]."""
        return self.projection(self.encoder(data))


class DeepKernel:
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
    device_ : str
        Where the encoder was trained.
    """

    kind = "deepkernel"

    def __init__(self, config: Config) -> None:
        model = dataclasses.replace(config.model, strict_reference=False)
        self.config = dataclasses.replace(config, model=model)

    @classmethod
    def of(cls, config: Config) -> DeepKernel:
        """With these options."""
        return cls(config)

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
        transform, training = self.config.model.transform, self.config.training
        observed_values(y, observed, _MIN_OBSERVED)
        plain = Propagation(transform, training.seed)
        start = plain.prepare(graph, y, observed, Part(progress, 0.0, 0.1))
        self.encoding_ = (
            pretrained.encoding if pretrained else Encoding.learn(graph, observed, self.config)
        )
        self.device_ = choose_device(training.device, progress)
        split = random_split(np.arange(len(observed)), training.validation_ratio, training.seed)
        known, judges = torch.from_numpy(split.known), torch.from_numpy(split.test)
        with torch.random.fork_rng():
            torch.manual_seed(training.seed)
            self.network_ = self._make_network()
            if pretrained:
                pretrained.load_into(self.network_.encoder, self.config.model.freeze_gnn)
            data = self.encoding_.tensors(graph, self.config, self.device_)
            cells, part = torch.from_numpy(observed), Part(progress, 0.1, 0.8)
            kernel = self._train(start, plain, data, cells, known, judges, part)
        embed = self._embed if self.history_.best_epoch else None
        self.process_ = Propagation(transform, training.seed, embed)
        self.process_.fit(graph, y, observed, Part(progress, 0.8, 1.0), kernel)
        return self

    def predict(
        self, graph: GraphRawData, progress: Progress, cells: NDArray[np.int64] | None = None
    ) -> Prediction:
        """Mean and standard deviation of a new measurement; see `Model.predict`."""
        return self.process_.predict(graph, progress, cells)

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
    def _unloaded(cls, tensors: Tensors, header: Mapping[str, Any]) -> DeepKernel:
        """A model that knows how its network looks, and no more."""
        model = cls(make_config(header["config"]))
        model.encoding_ = Encoding.from_arrays(tensors, header["hypernodes"])
        return model

    @classmethod
    def from_state(cls, tensors: Tensors, header: Mapping[str, Any]) -> DeepKernel:
        """The fitted model again."""
        check_kind(header, cls.kind)
        model = cls._unloaded(tensors, header)
        # The machine may be another one than that which trained it.
        model.device_ = choose_device("auto", Silent())
        model.network_ = model._make_network()
        load_network(model.network_, tensors)
        model.process_ = Propagation.from_state(inside(tensors, _PREFIX), header["process"])
        model.process_.embed = model._embed if header["embedded"] else None
        return model

    def _make_network(self) -> EmbeddingNetwork:
        return self._build_network().to(self.device_)

    def _build_network(self) -> EmbeddingNetwork:
        encoding = self.encoding_
        return EmbeddingNetwork(len(encoding.centre), encoding.hypernodes, self.config.model)

    def _train(
        self,
        start: Kernel,
        plain: Propagation,
        data: HeteroData,
        cells: Tensor,
        known: Tensor,
        judges: Tensor,
        progress: Progress,
    ) -> Kernel:
        """Train the encoder, and the kernel of `plain` grown by the embedding's group.

        `known` and `judges` are indices into the observed `cells`. Return the kernel of
        the step that predicts the judges best, `start` fitted where none is clearly better
        than step 0; leave the encoder as it was there.
        """
        inputs, values, training = plain.inputs_, plain.values_.float(), self.config.training
        part = Part(progress, 0.0, 0.2)
        # To all observed cells: fewer would be sparser and misjudge short ranges.
        start = fit_kernel(start, inputs, values, training.seed, part)
        kernel = _grown(start, self.config.model.embedding_channels)
        optimiser = self._make_optimiser(kernel)
        generator = torch.Generator().manual_seed(training.seed)
        stopping, self.history_ = EarlyStopping("rmse", _PATIENCE), History("rmse")
        best, loss = start, torch.tensor(torch.nan)
        first = gain = torch.zeros(len(judges))
        for step in range(_STEPS + 1):
            progress.report(0.2 + 0.8 * step / _STEPS, tr("Training the encoder"))
            if step % _JUDGE_EVERY == 0:
                now = kernel.to(torch.float32) if step else start
                self.network_.eval()
                with torch.no_grad():
                    seen = self._read(inputs, data, cells) if step else inputs
                squared = _squared_errors(now, seen, values, known, judges)
                error, first = float(squared.mean().sqrt()), first if step else squared
                self.history_.add(step, float(loss.detach()), error)
                stopped = stopping.update(step, error, self.network_)
                if stopping.best_epoch == step:
                    best, gain = now, first - squared
                if stopped:
                    break
            patch = known[choose_patch(inputs.position[known], step + 1, generator)]
            self.network_.train()
            seen = self._read(inputs, data, cells)[patch]
            optimiser.zero_grad()
            loss = patch_loss(kernel, seen, values[patch], step, progress)
            loss.backward()
            optimiser.step()
            kernel.clamp()
        self.history_.best_epoch = stopping.best_epoch
        self.network_.load_state_dict(stopping.best_state)
        if not _is_clear(gain):
            self.history_.best_epoch, best = 0, start
        return best

    def _make_optimiser(self, kernel: Kernel) -> torch.optim.Optimizer:
        parts = [
            {"params": kernel.parameters, "lr": _KERNEL_RATE, "weight_decay": 0.0},
            {"params": self.network_.parameters(), "lr": _ENCODER_RATE},
        ]
        return torch.optim.AdamW(parts, weight_decay=_WEIGHT_DECAY)

    def _read(self, inputs: Inputs, data: HeteroData, cells: Tensor) -> Inputs:
        """Inputs of the observed cells with their embedding, scaled as the process does."""
        embedded = self.network_(data)[cells.to(self.device_)].cpu()
        embedded = embedded - embedded.mean(0)
        embedded = embedded / (embedded.square().mean(0).sum() + 1e-12).sqrt()
        return Inputs(inputs.position, torch.cat([inputs.x, embedded], dim=1))

    def _embed(self, graph: GraphRawData) -> NDArray[np.float32]:
        self.network_.eval()
        data = self.encoding_.tensors(graph, self.config, self.device_)
        with torch.no_grad():
            return self.network_(data).cpu().numpy()


def _grown(kernel: Kernel, columns: int) -> Kernel:
    """The kernel with one more group of `columns`, ready to learn."""
    group = torch.full((columns,), len(kernel.scale_a))
    more = torch.full((1,), _START)
    grown = dataclasses.replace(
        kernel,
        scale_a=torch.cat([kernel.scale_a, more]),
        scale_b=torch.cat([kernel.scale_b, more]),
        group=torch.cat([kernel.group, group]),
    )
    return grown.map(lambda part: part.clone().requires_grad_())


def _is_clear(gain: Tensor) -> bool:
    """Whether a gain in squared error, one a cell, is more than chance."""
    return len(gain) > 1 and bool(gain.mean() > _CLEARLY * gain.std() / math.sqrt(len(gain)))


def _squared_errors(
    kernel: Kernel, inputs: Inputs, values: Tensor, known: Tensor, judges: Tensor
) -> Tensor:
    """Squared error at each of the judges, predicted from the known cells."""
    if len(known) > _JUDGED_FROM:
        known = known[torch.linspace(0, len(known) - 1, _JUDGED_FROM).long()]
    conditioned = Conditioned(kernel, inputs[known], values[known], Silent())
    mean, _ = conditioned.predict(inputs[judges])
    return (mean - values[judges]).square()
