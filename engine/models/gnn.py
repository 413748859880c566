"""Message passing over one kind of node and edge; `to_hetero` makes it heterogeneous."""

# Annotations stay objects here: `to_hetero` under PyTorch 2.6 does not take them as text.

import warnings

import torch
from torch import Tensor, nn
from torch_geometric.data import HeteroData
from torch_geometric.nn import GATv2Conv, GINEConv, GraphConv, SAGEConv
from torch_geometric.utils import scatter

from ..config.schema import ModelConfig

# These add up weighted messages, which is one product with a sparse matrix; the others
# compute something at each edge.
_LINEAR = ("GraphConv", "SAGEConv")


class GraphEncoder(nn.Module):
    """Layers of graph convolution, each followed by normalisation, ReLU and dropout.

    `x' = x + dropout(relu(norm(conv(x))))` with `residual`, else without `x +`. Operators:

    - GraphConv (Morris et al. 2019, arXiv 1810.02244): W1 x_i + W2 times the mean of the
      neighbours, weighted by the edges' proportions.
    - SAGEConv (Hamilton et al. 2017, arXiv 1706.02216): the same with the plain mean; it
      does not read proportions.
    - GATv2Conv (Brody et al. 2022, arXiv 2105.14491): the mean weighted by attention, which
      reads the proportions, and a linear part of x_i.
    - GINEConv (Hu et al. 2020, arXiv 1905.12265): an MLP of x_i and the mean of
      relu(x_j + a linear part of the proportion). The mean, since a hypernode that adds
      up thousands of cells would drown all else.

    Parameters
    ----------
    config : ModelConfig
        Operator, number of layers, their width, and the share dropped.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        width, layers = config.hidden_channels, range(config.num_gnn_layers)
        self.linear = config.gnn_type in _LINEAR
        self.residual = config.residual
        self.convs = nn.ModuleList(_make_conv(config.gnn_type, width) for _ in layers)
        norm = nn.LayerNorm if config.normalisation == "layer" else nn.Identity
        self.norms = nn.ModuleList(norm(width) for _ in layers)
        self.activations = nn.ModuleList(nn.ReLU() for _ in layers)
        self.dropouts = nn.ModuleList(nn.Dropout(config.dropout) for _ in layers)

    def forward(self, x: Tensor, adj: Tensor, edge_attr: Tensor) -> Tensor:
        """Embed every node, shape [N, hidden_channels]; `adj` is that of `set_adjacency`."""
        for conv, norm, activation, dropout in zip(
            self.convs, self.norms, self.activations, self.dropouts
        ):
            update = conv(x, adj) if self.linear else conv(x, adj, edge_attr)
            update = dropout(activation(norm(update)))
            x = x + update if self.residual else update
        return x


def set_adjacency(data: HeteroData, gnn_type: str) -> HeteroData:
    """Add to every edge type what the layers of `gnn_type` read, as `adj`.

    For operators that add up messages this is a sparse matrix [goals, sources] of weights
    that sum to one over what enters a goal: about three times as fast on a grid as one
    message an edge. (The published code divides weighted messages by their number, so
    that its weights sum to one nowhere.) For the others it is the edge index.
    """
    for kind in data.edge_types:
        edges = data[kind]
        if gnn_type not in _LINEAR:
            edges.adj = edges.edge_index
            continue
        goal, count = edges.edge_index[1], data[kind[2]].num_nodes
        weight = edges.edge_attr[:, 0]
        if gnn_type == "SAGEConv":
            weight = torch.ones_like(weight)
        total = scatter(weight, goal, dim_size=count, reduce="sum")
        weight = weight / total[goal].clamp_min(torch.finfo(weight.dtype).tiny)
        edges.adj = _sparse(edges.edge_index, weight, (count, data[kind[0]].num_nodes))
    return data


def _make_conv(gnn_type: str, width: int) -> nn.Module:
    if gnn_type == "GraphConv":
        return GraphConv(width, width, aggr="add")
    if gnn_type == "SAGEConv":
        return SAGEConv(width, width, aggr="add")
    if gnn_type == "GATv2Conv":
        # Self loops would not survive between nodes of two types; the residual keeps x_i.
        return GATv2Conv(width, width, edge_dim=1, add_self_loops=False, residual=True)
    inner = nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, width))
    return GINEConv(inner, edge_dim=1, aggr="mean")


def _sparse(edge_index: Tensor, weight: Tensor, shape: tuple[int, int]) -> Tensor:
    matrix = torch.sparse_coo_tensor(edge_index.flip(0), weight, shape, check_invariants=True)
    with warnings.catch_warnings():
        # PyTorch calls its sparse tensors a beta; their products are those of dense ones.
        warnings.filterwarnings("ignore", "Sparse CSR tensor support", UserWarning)
        return matrix.coalesce().to_sparse_csr()
