"""The network of the paper: message passing over the heterogeneous graph, and an MLP head.

Zou et al., "Space-aware Socioeconomic Indicator Inference with Heterogeneous Graphs",
ACM SIGSPATIAL 2025 (arXiv 2405.14135), section 4.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch_geometric.data import HeteroData
from torch_geometric.nn import to_hetero
from torch_geometric.utils import scatter

from .. import schema
from ..config.schema import ModelConfig
from .gnn import GraphEncoder
from .heads import make_head


class GeoHGNetwork(nn.Module):
    """One value for every area node.

    Parameters
    ----------
    num_features : int
        Columns of the area nodes' features.
    hypernodes : mapping of str to int
        Number of nodes of each hypernode type in use, such as `{"entity": 8}`.
    config : ModelConfig
        The size of the network.
    """

    def __init__(
        self, num_features: int, hypernodes: Mapping[str, int], config: ModelConfig
    ) -> None:
        super().__init__()
        width = config.hidden_channels
        self.area = nn.Linear(num_features, width)
        self.hypernodes = nn.ModuleDict(
            {kind: nn.Embedding(count, width) for kind, count in hypernodes.items()}
        )
        edge_types = [schema.NEAR]
        for kind in hypernodes:
            edge_types += [(kind, "locate", schema.AREA), (schema.AREA, "rev_locate", kind)]
        metadata = ([schema.AREA, *hypernodes], edge_types)
        self.encoder = to_hetero(GraphEncoder(config), metadata, aggr="sum")
        self.head = make_head(width, config.head_dims, config.dropout)

    def forward(self, data: HeteroData) -> Tensor:
        """Predict the standardised target, shape [N]."""
        x = {schema.AREA: self.area(data[schema.AREA].x)}
        x.update({kind: table.weight for kind, table in self.hypernodes.items()})
        embedded = self.encoder(x, data.edge_index_dict, data.edge_weight_dict)
        return self.head(embedded[schema.AREA]).squeeze(-1)


def normalise_weights(data: HeteroData) -> HeteroData:
    """Add `edge_weight`: each edge's attribute over the sum of those that enter its goal.

    Messages are summed with these weights, so that a goal receives the mean weighted by
    the proportions. (The published code divides by the number of edges instead.)
    """
    for kind in data.edge_types:
        edges = data[kind]
        weight = edges.edge_attr.squeeze(-1)
        goal = edges.edge_index[1]
        total = scatter(weight, goal, dim_size=data[kind[2]].num_nodes, reduce="sum")
        edges.edge_weight = weight / total[goal].clamp_min(torch.finfo(weight.dtype).tiny)
    return data
