"""Pretraining an encoder without any measured value.

Every cell is drawn to the mean of some neighbours in the graph and of the cells most alike
in features, wherever they lie, and away from the means of other cells (GeoHG-SSL; Zou et al.,
arXiv 2405.14135). The published code takes neighbours in the graph alone: they fill the five
places before a similar cell gets one.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch_geometric.data import HeteroData

from ..config.schema import Config
from ..data.builders.graph import GraphRawData
from ..errors import FitError, InputError
from ..language import tr
from ..models.device import choose_device
from ..models.geohg import Encoder
from ..models.ssl import averaging, contrastive_loss, near_neighbours, similar_neighbours
from ..progress import Part, Progress, Silent
from .encoders import Pretrained
from .encoding import Encoding
from .registry import describe
from .weights import network_arrays

_WEIGHT_DECAY = 2e-4


def pretrain(
    graph: GraphRawData, config: Config | None = None, progress: Progress | None = None
) -> Pretrained:
    """Train an encoder on a graph; its targets are not read.

    Since no measured value is involved, scales are learnt from all cells.

    Parameters
    ----------
    graph : GraphRawData
        The graph.
    config : Config, optional
        `ssl` says how, `model` the size of the network, `data` what it reads, and
        `training` the seed and the device.
    progress : Progress, optional
        Who watches; it can cancel.

    Raises
    ------
    InputError
        If the network is to be the published one, or would read nothing.
    FitError
        If fewer than two cells have neighbours, or training diverges.
    Cancelled
        If the user asked to stop.
    """
    config, progress = config or Config(), progress or Silent()
    if config.model.strict_reference:
        raise InputError(
            tr(
                "The published network ('model.strict_reference') is not pretrained here; set it "
                "to false."
            )
        )
    encoding = Encoding.learn(graph, np.arange(len(graph.cell)), config)
    partners = _find_partners(graph, encoding, config, Part(progress, 0.0, 0.2))
    device = choose_device(config.training.device, progress)
    data = encoding.tensors(graph, config, device)
    with torch.random.fork_rng():
        torch.manual_seed(config.training.seed)
        encoder = Encoder(len(encoding.centre), encoding.hypernodes, config.model).to(device)
        training = _Training(encoder, partners, config, device)
        losses = training.run(data, Part(progress, 0.2, 1.0))
    arrays = network_arrays(encoder)
    return Pretrained(arrays, encoding, config, describe(graph), tuple(losses))


def _find_partners(
    graph: GraphRawData, encoding: Encoding, config: Config, progress: Progress
) -> NDArray[np.int64]:
    """The cells whose mean each cell is drawn to, [N, K], -1 for none."""
    rng, ssl = np.random.default_rng(config.training.seed), config.ssl
    near = near_neighbours(graph.near, len(graph.cell), ssl.near_neighbours, rng)
    features = encoding.features(graph, config)
    similar = similar_neighbours(features, graph.near, ssl.similar_neighbours, rng, progress)
    partners = np.column_stack([near, similar])
    if (partners >= 0).any(axis=1).sum() < 2:
        raise FitError(
            tr(
                "Fewer than two cells have a neighbour in the graph or a cell with similar "
                "features; give the graph features, or set 'ssl.near_neighbours' or "
                "'ssl.similar_neighbours' above 0."
            )
        )
    return partners


class _Training:
    """What a pretraining run goes through."""

    def __init__(
        self, encoder: Encoder, partners: NDArray[np.int64], config: Config, device: str
    ) -> None:
        self.encoder, self.ssl = encoder, config.ssl
        self.mean = averaging(partners).to(device)
        paired = np.flatnonzero((partners >= 0).any(axis=1))
        self.paired = torch.from_numpy(paired).to(device)
        parameters = encoder.parameters()
        self.optimiser = torch.optim.AdamW(parameters, lr=config.ssl.lr, weight_decay=_WEIGHT_DECAY)

    def run(self, data: HeteroData, progress: Progress) -> list[float]:
        """Train; return the loss of each epoch."""
        rate = torch.optim.lr_scheduler.CosineAnnealingLR(self.optimiser, self.ssl.epochs)
        losses: list[float] = []
        self.encoder.train()
        for epoch in range(1, self.ssl.epochs + 1):
            progress.report(
                (epoch - 1) / self.ssl.epochs, tr("Pretraining, epoch {epoch}").format(epoch=epoch)
            )
            losses.append(self._step(data, progress))
            if not math.isfinite(losses[-1]):
                raise FitError(
                    tr(
                        "Pretraining diverged at epoch {epoch}; use a smaller 'ssl.lr' or a "
                        "larger 'ssl.temperature'."
                    ).format(epoch=epoch)
                )
            progress.metric("contrastive_loss", losses[-1], epoch)
            rate.step()
        return losses

    def _step(self, data: HeteroData, progress: Progress) -> float:
        """One pass over all cells; the graph is embedded once for all its batches."""
        self.optimiser.zero_grad()
        embedding = self.encoder(data)
        order = self.paired[torch.randperm(len(self.paired), device=self.paired.device)]
        pair = (embedding[order], (self.mean @ embedding)[order])
        loss, slopes = _slopes(*pair, self.ssl.batch_size, self.ssl.temperature, progress)
        torch.autograd.backward(pair, slopes)
        self.optimiser.step()
        return loss


def _slopes(
    anchor: Tensor, positive: Tensor, batch: int, temperature: float, progress: Progress
) -> tuple[float, list[Tensor]]:
    """The mean loss over batches, and its gradients by anchors and positives.

    Batch by batch, so that memory holds one batch's likenesses and not all.
    """
    count, total = len(anchor), 0.0
    slopes: tuple[list[Tensor], list[Tensor]] = ([], [])
    parts = math.ceil(count / batch)
    for pair in zip(anchor.detach().tensor_split(parts), positive.detach().tensor_split(parts)):
        progress.check_cancelled()
        one, other = leaves = [part.requires_grad_() for part in pair]
        loss = contrastive_loss(one, other, temperature) * len(one) / count
        for place, slope in zip(slopes, torch.autograd.grad(loss, leaves)):
            place.append(slope)
        total += float(loss.detach())
    return total, [torch.cat(place) for place in slopes]
