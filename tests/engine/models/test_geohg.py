import numpy as np
import pytest
import torch

from geohg.engine.config.schema import ModelConfig
from geohg.engine.data.builders.graph import HeteroGraphBuilder
from geohg.engine.models.geohg import GeoHGNetwork
from geohg.engine.models.gnn import GraphEncoder, set_adjacency
from geohg.engine.models.heads import make_head
from geohg.engine.models.published import PublishedNetwork

from ..data.test_graph import small_graph

OPERATORS = ("GraphConv", "SAGEConv", "GATv2Conv", "GINEConv")
HYPERNODES = {"entity": 2, "poi": 1}


def make(gnn_type="GraphConv", seed=0, **options):
    torch.manual_seed(seed)
    size = {"hidden_channels": 8, "num_gnn_layers": 2, "head_dims": (4,), "dropout": 0.5}
    config = ModelConfig(gnn_type=gnn_type, **{**size, **options})
    data = set_adjacency(HeteroGraphBuilder().build(small_graph()), gnn_type)
    data["area"].x = torch.nan_to_num(data["area"].x)
    return GeoHGNetwork(2, HYPERNODES, config), data


def test_weights_that_enter_a_node_sum_to_one_in_proportion():
    _, data = make()
    # Wood lies in cells with .9 and .5, town with .1, .5 and 1.
    expected = [[0.9 / 1.4, 0.5 / 1.4, 0, 0], [0.1 / 1.6, 0.5 / 1.6, 1.0 / 1.6, 0]]
    weight = data["area", "rev_locate", "entity"].adj.to_dense()
    np.testing.assert_allclose(weight.numpy(), expected, rtol=1e-6)
    near = data["area", "near", "area"].adj.to_dense()
    expected = [[0, 1, 0, 0], [0.5, 0, 0.5, 0], [0, 0.5, 0, 0.5], [0, 0, 1, 0]]
    np.testing.assert_allclose(near.numpy(), expected)


def test_sage_takes_the_plain_mean():
    _, data = make("SAGEConv")
    weight = data["area", "rev_locate", "entity"].adj.to_dense()
    expected = [[1 / 2, 1 / 2, 0, 0], [1 / 3, 1 / 3, 1 / 3, 0]]
    np.testing.assert_allclose(weight.numpy(), expected, rtol=1e-6)


def test_the_sparse_product_is_the_sum_of_messages():
    _, data = make("GraphConv")
    conv = GraphEncoder(ModelConfig(hidden_channels=8)).convs[0]
    cells, classes = torch.randn(4, 8), torch.randn(2, 8)
    edges = data["entity", "locate", "area"]
    goal, source = edges.adj.to_dense().nonzero().T
    weight = edges.adj.to_dense()[goal, source]
    slow = conv((classes, cells), torch.stack([source, goal]), weight)
    torch.testing.assert_close(conv((classes, cells), edges.adj), slow)


@pytest.mark.parametrize("gnn_type", OPERATORS)
def test_dropout_is_on_in_training_and_off_in_evaluation(gnn_type):
    network, data = make(gnn_type)
    network.train()
    assert not torch.equal(network(data), network(data))
    network.eval()
    assert torch.equal(network(data), network(data))


@pytest.mark.parametrize("gnn_type", OPERATORS)
def test_values_travel_over_every_kind_of_edge(gnn_type):
    network, _ = make(gnn_type)
    network.eval()

    def changed(*without):
        """Cells whose embedding moves with the features of cell 0."""
        data = HeteroGraphBuilder().build(small_graph())
        for kind in without:
            data[kind].edge_index = data[kind].edge_index[:, :0]
            data[kind].edge_attr = data[kind].edge_attr[:0]
        set_adjacency(data, gnn_type)
        data["area"].x = x = torch.nan_to_num(data["area"].x)
        before = network.encoder(data)
        data["area"].x = x + torch.tensor([[1.0, 0], [0, 0], [0, 0], [0, 0]])
        return (network.encoder(data) - before).abs().amax(dim=1) > 1e-6

    near, wood = ("area", "near", "area"), ("entity", "locate", "area")
    # Two layers: two steps along near, or to a class and back to all cells that have it.
    assert changed().tolist() == [True, True, True, False]
    assert changed(near).tolist() == [True, True, True, False]
    assert changed(wood).tolist() == [True, True, True, False]
    assert changed(near, wood).tolist() == [True, False, False, False]


@pytest.mark.parametrize("gnn_type", OPERATORS)
def test_every_parameter_learns(gnn_type):
    network, data = make(gnn_type, num_gnn_layers=3, dropout=0.0)
    x = torch.randn(4, 2, generator=torch.Generator().manual_seed(1))
    data["area"].x = x
    (network(data) ** 2).sum().backward()
    for name, parameter in network.named_parameters():
        assert parameter.grad is not None, name
    for name, parameter in network.encoder.hypernodes.named_parameters():
        assert parameter.grad.abs().sum() > 0, name


def test_the_last_layer_computes_no_hypernodes():
    network, _ = make(num_gnn_layers=3)
    names = {name for name, _ in network.encoder.gnn.named_parameters()}
    assert any(name.startswith("convs.1.area__rev_locate__entity") for name in names)
    assert not any(name.startswith("convs.2.area__rev_locate") for name in names)
    assert any(name.startswith("convs.2.entity__locate__area") for name in names)


def test_residual_layers_add_to_what_they_get():
    plain, data = make(residual=False, dropout=0.0)
    residual, _ = make(residual=True, dropout=0.0)
    for network in (plain, residual):
        for parameter in network.encoder.gnn.parameters():
            torch.nn.init.zeros_(parameter)
    assert torch.equal(plain.encoder(data), torch.zeros(4, 8))
    assert torch.equal(residual.encoder(data), residual.encoder.area(data["area"].x))


def test_normalised_layers_do_not_depend_on_the_scale_of_the_weights():
    for normalisation, same in (("layer", True), ("none", False)):
        network, data = make(normalisation=normalisation, residual=False, num_gnn_layers=1)
        network.eval()
        before = network.encoder(data)
        with torch.no_grad():
            for name, parameter in network.encoder.gnn.named_parameters():
                if name.startswith("convs"):
                    parameter.mul_(100.0)
        assert torch.allclose(network.encoder(data), before, atol=1e-2) == same


def test_the_published_network_has_the_published_layers():
    network, _ = published()
    shapes = {name: tuple(value.shape) for name, value in network.state_dict().items()}
    # One-hot classes, and two features of a cell.
    assert shapes["encoder.conv1.entity__locate__area.lin_rel.weight"] == (64, 2)
    assert shapes["encoder.conv1.entity__locate__area.lin_root.weight"] == (64, 2)
    assert shapes["encoder.conv1.area__rev_locate__poi.lin_root.weight"] == (64, 1)
    assert shapes["encoder.conv3.area__near__area.lin_rel.weight"] == (64, 64)
    head = [shapes[name] for name in shapes if name.startswith("head") and "weight" in name]
    assert head == [(32, 64), (16, 32), (1, 16)]
    # In the encoder one for each of the three node types, in the head two.
    assert [m.p for m in network.modules() if isinstance(m, torch.nn.Dropout)] == [0.5] * 5


def test_the_published_mean_divides_by_the_number_of_edges():
    network, data = published()
    conv = network.encoder.conv1["area__rev_locate__entity"]
    edges = data["area", "rev_locate", "entity"]
    with torch.no_grad():
        torch.nn.init.zeros_(conv.lin_root.weight)
        torch.nn.init.zeros_(conv.lin_rel.bias)
        torch.nn.init.constant_(conv.lin_rel.weight, 1.0)
        found = conv((torch.ones(4, 2), torch.eye(2)), edges.edge_index, edges.edge_attr)
    # Wood: (.9 + .5) / 2 and town: (.1 + .5 + 1) / 3, times two features of 1.
    np.testing.assert_allclose(found[:, 0].numpy(), [1.4, 3.2 / 3], rtol=1e-6)


def published():
    torch.manual_seed(0)
    data = HeteroGraphBuilder().build(small_graph())
    data["area"].x = torch.nan_to_num(data["area"].x)
    network = PublishedNetwork(HYPERNODES)
    network(data)
    return network, data


@pytest.mark.parametrize(("hidden", "layers"), [((), 1), ((4,), 2), ((8, 4), 3)])
def test_the_head_has_the_layers_asked_for(hidden, layers):
    head = make_head(8, hidden, 0.1)
    assert sum(isinstance(layer, torch.nn.Linear) for layer in head) == layers
    assert head(torch.zeros(5, 8)).shape == (5, 1)
