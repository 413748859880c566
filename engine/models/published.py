"""The network as published, with the faults of its code, to compare with."""

# Annotations stay objects here: `to_hetero` under PyTorch 2.6 does not take them as text.

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch_geometric.data import HeteroData
from torch_geometric.nn import GraphConv, to_hetero

from ..names import AREA, NEAR
from .geohg import metadata

_WIDTH = 64
_HEAD = (32, 16)
_DROPOUT = 0.5


class _Layers(nn.Module):
    """Three GraphConv, whose mean divides by the number of edges and not by their weights."""

    def __init__(self) -> None:
        super().__init__()
        # The first layer reads features as they are, whose number depends on the node type.
        self.conv1 = GraphConv((-1, -1), _WIDTH, aggr="mean")
        self.conv2 = GraphConv(_WIDTH, _WIDTH, aggr="mean")
        self.conv3 = GraphConv(_WIDTH, _WIDTH, aggr="mean")
        self.dropout = nn.Dropout(_DROPOUT)

    def forward(self, x: Tensor, edge_index: Tensor, edge_weight: Tensor) -> Tensor:
        x = self.conv1(x, edge_index, edge_weight).relu()
        x = self.conv2(x, edge_index, edge_weight).relu()
        return self.conv3(self.dropout(x), edge_index, edge_weight).relu()


class PublishedNetwork(nn.Module):
    """One value for every area node, as the paper's code computes it.

    The width of the first layer is not known before the first pass.

    Parameters
    ----------
    hypernodes : mapping of str to int
        Number of nodes of each hypernode type; their features are one-hot.
    """

    def __init__(self, hypernodes: Mapping[str, int]) -> None:
        super().__init__()
        self.hypernodes = dict(hypernodes)
        self.encoder = to_hetero(_Layers(), metadata(hypernodes), aggr="mean")
        first, second = _HEAD
        self.head = nn.Sequential(
            nn.Dropout(_DROPOUT),
            nn.Linear(_WIDTH, first),
            nn.ReLU(),
            nn.Linear(first, second),
            nn.ReLU(),
            nn.Dropout(_DROPOUT),
            nn.Linear(second, 1),
        )

    def with_width(self, num_features: int) -> "PublishedNetwork":
        """The same with the widths that a first pass over so many features gives it."""
        data = HeteroData()
        data[AREA].x = torch.zeros(1, num_features)
        for kind, count in self.hypernodes.items():
            data[kind].num_nodes = count
        for edges in metadata(self.hypernodes)[1]:
            data[edges].edge_index = torch.zeros(2, 0, dtype=torch.int64)
            data[edges].edge_attr = torch.zeros(0, 1)
        with torch.no_grad():
            self(data)
        return self

    def forward(self, data: HeteroData) -> Tensor:
        """Predict the standardised target, shape [N]."""
        area = data[AREA].x
        x = {
            kind: area if kind == AREA else torch.eye(count, device=area.device)
            for kind, count in data.num_nodes_dict.items()
        }
        weight = {kind: w for kind, w in data.edge_attr_dict.items() if kind != NEAR}
        return self.head(self.encoder(x, data.edge_index_dict, weight)[AREA]).squeeze(-1)
