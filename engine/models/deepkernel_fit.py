"""How a network and the kernel that reads its embedding learn together."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch_geometric.data import HeteroData

from ..config.schema import ModelConfig
from ..language import tr
from ..progress import Part, Progress, Silent
from ..training.callbacks import EarlyStopping, History
from .conditioning import Conditioned
from .geohg import Encoder
from .kernel import Inputs, Kernel
from .kernel_fit import choose_patch, fit_kernel, patch_loss

_STEPS = 100
_JUDGE_EVERY = 5
_PATIENCE = 25
_KERNEL_RATE = 0.02
_ENCODER_RATE = 1e-3
# Log of the squared weight of the embedding at the start: less than that of any group, or
# what a network knows before it learns would drown what the features say.
_START = -5.0
_WEIGHT_DECAY = 1e-2
# The embedding must lower the squared error of the judges by so many standard errors of the
# difference: of many looks at few cells, one is good by chance.
_CLEARLY = 2.0
# Cells that the validation cells are predicted from: enough to compare steps.
_JUDGED_FROM = 2000


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


@dataclass(frozen=True)
class ObservedCells:
    """What network and kernel learn from.

    Parameters
    ----------
    inputs : Inputs
        Of the observed cells, without the embedding.
    values : tensor [n]
        Their values.
    data : HeteroData
        The graph as the network reads it.
    node : int64 tensor [n]
        The area node of each observed cell, where the graph is.
    known, judges : int64 tensor
        Indices of the observed cells that are learnt from, and of those that say when to stop.
    """

    inputs: Inputs
    values: Tensor
    data: HeteroData
    node: Tensor
    known: Tensor
    judges: Tensor

    def read(self, network: EmbeddingNetwork) -> Inputs:
        """The inputs with their embedding, scaled as the process does."""
        embedded = network(self.data)[self.node].cpu()
        embedded = embedded - embedded.mean(0)
        embedded = embedded / (embedded.square().mean(0).sum() + 1e-12).sqrt()
        return Inputs(self.inputs.position, torch.cat([self.inputs.x, embedded], dim=1))


def fit_together(
    start: Kernel, network: EmbeddingNetwork, cells: ObservedCells, seed: int, progress: Progress
) -> tuple[Kernel, History]:
    """Train the network, and the kernel grown by the embedding's group.

    Returns
    -------
    tuple of Kernel and History
        The kernel of the step that predicts the judges best, or `start` fitted where none is
        clearly better than step 0, and the steps that were judged. The network is left as
        it was at the step that predicts the judges best.
    """
    part = Part(progress, 0.0, 0.2)
    # To all observed cells: fewer would be sparser and misjudge short ranges.
    start = fit_kernel(start, cells.inputs, cells.values, seed, part)
    kernel = _grown(start, network.projection.out_features)
    optimiser = _make_optimiser(kernel, network)
    generator = torch.Generator().manual_seed(seed)
    judgement, loss = _Judgement(start, network, cells), torch.tensor(torch.nan)
    for step in range(_STEPS + 1):
        progress.report(0.2 + 0.8 * step / _STEPS, tr("Training the encoder"))
        if step % _JUDGE_EVERY == 0 and judgement.ends(step, kernel, float(loss.detach())):
            break
        patch = choose_patch(cells.inputs.position[cells.known], step + 1, generator)
        patch = cells.known[patch]
        network.train()
        seen = cells.read(network)[patch]
        optimiser.zero_grad()
        loss = patch_loss(kernel, seen, cells.values[patch], step, progress)
        loss.backward()
        optimiser.step()
        kernel.clamp()
    return judgement.conclude()


class _Judgement:
    """Keeps the step that predicts the judges best; step 0 is the start without embedding."""

    def __init__(self, start: Kernel, network: EmbeddingNetwork, cells: ObservedCells) -> None:
        self.start, self.network, self.cells = start, network, cells
        self.stopping, self.history = EarlyStopping("rmse", _PATIENCE), History("rmse")
        self.best = start
        self.first = self.gain = torch.zeros(len(cells.judges))

    def ends(self, step: int, kernel: Kernel, loss: float) -> bool:
        """Look at a step; whether no better one is to be expected."""
        cells = self.cells
        now = kernel.to(torch.float32) if step else self.start
        self.network.eval()
        with torch.no_grad():
            seen = cells.read(self.network) if step else cells.inputs
        squared = _squared_errors(now, seen, cells.values, cells.known, cells.judges)
        self.first = self.first if step else squared
        error = float(squared.mean().sqrt())
        self.history.add(step, loss, error)
        stopped = self.stopping.update(step, error, self.network)
        if self.stopping.best_epoch == step:
            self.best, self.gain = now, self.first - squared
        return stopped

    def conclude(self) -> tuple[Kernel, History]:
        """The kernel to take, and the history; the network becomes that of the best step."""
        self.network.load_state_dict(self.stopping.best_state)
        clear = _is_clear(self.gain)
        self.history.best_epoch = self.stopping.best_epoch if clear else 0
        return self.best if clear else self.start, self.history


def _make_optimiser(kernel: Kernel, network: EmbeddingNetwork) -> torch.optim.Optimizer:
    parts = [
        {"params": kernel.parameters, "lr": _KERNEL_RATE, "weight_decay": 0.0},
        {"params": network.parameters(), "lr": _ENCODER_RATE},
    ]
    return torch.optim.AdamW(parts, weight_decay=_WEIGHT_DECAY)


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
