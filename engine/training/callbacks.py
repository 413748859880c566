"""What watches a training run: its history, and when to stop."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from torch import Tensor, nn


@dataclass
class History:
    """Figures of each epoch.

    Parameters
    ----------
    metric : str
        The figure on validation cells: `r2`, `rmse` or `mae`.
    epoch : list of int
    loss : list of float
        Mean squared error on training cells, on the model's scale.
    validation : list of float or None
        The figure; None where it is not defined.
    best_epoch : int
        The epoch whose weights were kept.
    """

    metric: str
    epoch: list[int] = field(default_factory=list)
    loss: list[float] = field(default_factory=list)
    validation: list[float | None] = field(default_factory=list)
    best_epoch: int = 0

    def add(self, epoch: int, loss: float, validation: float | None) -> None:
        """Note one epoch."""
        self.epoch.append(epoch)
        self.loss.append(loss)
        self.validation.append(validation)


class EarlyStopping:
    """Keeps the best weights and says when no better ones are to be expected.

    Parameters
    ----------
    metric : str
        `r2` grows as it gets better; the others fall.
    patience : int
        Epochs without a better figure after which to stop.
    """

    def __init__(self, metric: str, patience: int) -> None:
        self.sign = 1.0 if metric == "r2" else -1.0
        self.patience = patience
        self.best_score = -math.inf
        self.best_epoch = 0
        self.best_state: dict[str, Tensor] = {}

    def update(self, epoch: int, score: float | None, network: nn.Module) -> bool:
        """Note a figure, keep the weights if it is the best; whether to stop."""
        value = -math.inf if score is None else self.sign * score
        if value > self.best_score or not self.best_state:
            self.best_score, self.best_epoch = value, epoch
            state = network.state_dict()
            self.best_state = {name: tensor.clone() for name, tensor in state.items()}
        return epoch - self.best_epoch >= self.patience
