"""The head: an MLP that turns an area's embedding into the target."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn


def make_head(width: int, hidden: Sequence[int], dropout: float) -> nn.Sequential:
    """Linear layers with ReLU and dropout between them, and one output.

    Parameters
    ----------
    width : int
        Channels of the embedding.
    hidden : sequence of int
        Channels of the hidden layers; none makes the head linear.
    dropout : float
        Share of activations dropped in training.
    """
    layers: list[nn.Module] = []
    for channels in hidden:
        layers += [nn.Linear(width, channels), nn.ReLU(), nn.Dropout(dropout)]
        width = channels
    return nn.Sequential(*layers, nn.Linear(width, 1))
