"""Training a network on measured values, until it no longer gets better."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch_geometric.data import HeteroData

from ..config.schema import TrainingConfig
from ..errors import FitError
from ..language import tr
from ..progress import Progress
from .callbacks import EarlyStopping, History


def train(
    network: nn.Module,
    optimiser: torch.optim.Optimizer,
    data: HeteroData,
    scaled: Tensor,
    known: NDArray[np.int64],
    judge: Callable[[], float | None],
    options: TrainingConfig,
    progress: Progress,
    drops: Callable[[int], bool],
) -> History:
    """Lower the squared error on some cells, and keep the weights that others judge best.

    Parameters
    ----------
    network : Module
        From `data` to a value of each cell, [N]; it ends with the best weights.
    optimiser : Optimizer
        Of its parameters.
    data : HeteroData
        The graph as the network reads it.
    scaled : tensor [N]
        The target on the model's scale; only `scaled[known]` is read.
    known : int64 array
        The cells to learn from.
    judge : callable
        The figure `options.metric` on other cells now; None where it is not defined.
    options : TrainingConfig
        `epochs`, `patience` and `metric`.
    progress : Progress
        Receives progress and messages; it can cancel.
    drops : callable
        Whether activations are dropped in an epoch, from 1.

    Raises
    ------
    FitError
        If training diverges.
    """
    stopping, history = EarlyStopping(options.metric, options.patience), History(options.metric)
    for epoch in range(1, options.epochs + 1):
        message = tr("Training, epoch {epoch}").format(epoch=epoch)
        progress.report(epoch / options.epochs, message)
        network.train(drops(epoch))
        loss = _step(network, optimiser, data, scaled, known)
        if not math.isfinite(loss):
            raise FitError(
                tr("Training diverged at epoch {epoch}; use a smaller learning rate.").format(
                    epoch=epoch
                )
            )
        score = judge()
        history.add(epoch, loss, score)
        progress.metric(f"validation_{options.metric}", float(score or 0.0), epoch)
        if stopping.update(epoch, score, network):
            break
    history.best_epoch = stopping.best_epoch
    network.load_state_dict(stopping.best_state)
    return history


def _step(
    network: nn.Module,
    optimiser: torch.optim.Optimizer,
    data: HeteroData,
    scaled: Tensor,
    known: NDArray[np.int64],
) -> float:
    optimiser.zero_grad()
    loss = torch.nn.functional.mse_loss(network(data)[known], scaled[known])
    loss.backward()
    optimiser.step()
    return float(loss.detach())
