"""Message passing over one kind of node and edge; `to_hetero` makes it heterogeneous."""

from __future__ import annotations

from torch import Tensor, nn
from torch_geometric.nn import GraphConv

from ..config.schema import ModelConfig


class GraphEncoder(nn.Module):
    """Layers of graph convolution, each followed by ReLU and dropout.

    GraphConv (Morris et al. 2019, arXiv 1810.02244): x_i' = W1 x_i + W2 sum_j w_ji x_j,
    with weights that sum to one over the edges that enter i.

    Parameters
    ----------
    config : ModelConfig
        Number of layers, their width, and the share dropped.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        width = config.hidden_channels
        self.convs = nn.ModuleList(
            GraphConv(width, width, aggr="add") for _ in range(config.num_gnn_layers)
        )
        self.activations = nn.ModuleList(nn.ReLU() for _ in self.convs)
        self.dropouts = nn.ModuleList(nn.Dropout(config.dropout) for _ in self.convs)

    def forward(self, x: Tensor, edge_index: Tensor, edge_weight: Tensor) -> Tensor:
        """Embed every node, shape [N, hidden_channels]."""
        for conv, activation, dropout in zip(self.convs, self.activations, self.dropouts):
            x = dropout(activation(conv(x, edge_index, edge_weight)))
        return x
