"""The network of the paper: message passing over the heterogeneous graph, and an MLP head.

Zou et al., "Space-aware Socioeconomic Indicator Inference with Heterogeneous Graphs",
ACM SIGSPATIAL 2025 (arXiv 2405.14135), section 4.
"""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor, nn
from torch.fx import GraphModule
from torch_geometric.data import HeteroData
from torch_geometric.nn import to_hetero

from ..config.schema import ModelConfig
from ..names import AREA, NEAR, locate, rev_locate
from .gnn import GraphEncoder
from .heads import make_head


class Encoder(nn.Module):
    """An embedding of every area node.

    Parameters
    ----------
    num_features : int
        Columns of the area nodes' features.
    hypernodes : mapping of str to int
        Number of nodes of each hypernode type in use, such as `{"entity": 8}`.
    config : ModelConfig
        The operator and the size of the network.
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
        self.gnn = to_hetero(GraphEncoder(config), metadata(hypernodes), aggr="sum")
        _compute_areas_only(self.gnn)
        self.frozen = False

    def freeze(self) -> None:
        """Keep the parameters as they are, and drop nothing out, from now on."""
        self.frozen = True
        self.requires_grad_(False)
        self.train(False)

    def train(self, mode: bool = True) -> Encoder:
        """As of `Module`; a frozen encoder stays out of training."""
        return super().train(mode and not self.frozen)

    def forward(self, data: HeteroData) -> Tensor:
        """Embed, shape [N, hidden_channels]; `data` has the `adj` of `set_adjacency`."""
        x = {AREA: self.area(data[AREA].x)}
        x.update({kind: table.weight for kind, table in self.hypernodes.items()})
        return self.gnn(x, data.adj_dict, data.edge_attr_dict)[AREA]


class GeoHGNetwork(nn.Module):
    """One value for every area node.

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
        self.head = make_head(config.hidden_channels, config.head_dims, config.dropout)

    def forward(self, data: HeteroData) -> Tensor:
        """Predict the standardised target, shape [N]."""
        return self.head(self.encoder(data)).squeeze(-1)


def metadata(hypernodes: Mapping[str, int]) -> tuple[list[str], list[tuple[str, str, str]]]:
    """Node and edge types of a graph with these hypernodes."""
    edge_types = [NEAR]
    for kind in hypernodes:
        edge_types += [locate(kind), rev_locate(kind)]
    return [AREA, *hypernodes], edge_types


def _compute_areas_only(gnn: GraphModule) -> None:
    """Leave out what the last layer would compute for hypernodes, which nobody reads."""
    output = next(node for node in gnn.graph.nodes if node.op == "output")
    output.args = ({AREA: output.args[0][AREA]},)
    gnn.graph.eliminate_dead_code()
    gnn.recompile()
    gnn.delete_all_unused_submodules()
