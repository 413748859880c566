import numpy as np
import pytest
import torch

from geohg.engine.config.schema import ModelConfig
from geohg.engine.data.builders.graph import HeteroGraphBuilder
from geohg.engine.models.geohg import GeoHGNetwork, normalise_weights
from geohg.engine.models.heads import make_head

from ..data.test_graph import small_graph

CONFIG = ModelConfig(hidden_channels=8, num_gnn_layers=2, head_dims=(4,), dropout=0.5)


def make(seed=0):
    torch.manual_seed(seed)
    data = normalise_weights(HeteroGraphBuilder().build(small_graph()))
    data["area"].x = torch.nan_to_num(data["area"].x)
    return GeoHGNetwork(2, {"entity": 2, "poi": 1}, CONFIG), data


def test_weights_that_enter_a_node_sum_to_one_in_proportion():
    _, data = make()
    weight = data["area", "rev_locate", "entity"].edge_weight
    # Wood lies in cells with .9 and .5, town with .1, .5 and 1.
    expected = np.array([0.9 / 1.4, 0.1 / 1.6, 0.5 / 1.4, 0.5 / 1.6, 1.0 / 1.6])
    np.testing.assert_allclose(weight.numpy(), expected, rtol=1e-6)
    near = data["area", "near", "area"].edge_weight
    np.testing.assert_allclose(near.numpy(), [1 / 2, 1, 1 / 2, 1 / 2, 1, 1 / 2])


def test_dropout_is_on_in_training_and_off_in_evaluation():
    network, data = make()
    network.train()
    assert not torch.equal(network(data), network(data))
    network.eval()
    assert torch.equal(network(data), network(data))


def test_values_travel_over_every_kind_of_edge():
    network, data = make()
    network.eval()
    before = network(data)
    data["area"].x = data["area"].x.clone()
    data["area"].x[0] += 1.0
    after = network(data)
    # Cell 2 is two cells away; it hears of cell 0 through its neighbour and through town.
    assert before.shape == (4,)
    assert (before != after)[:3].all()


def test_every_parameter_of_the_area_path_learns():
    network, data = make()
    network.eval()
    network(data).sum().backward()
    for name, parameter in network.hypernodes.named_parameters():
        assert parameter.grad is not None and parameter.grad.abs().sum() > 0, name


@pytest.mark.parametrize(("hidden", "layers"), [((), 1), ((4,), 2), ((8, 4), 3)])
def test_the_head_has_the_layers_asked_for(hidden, layers):
    head = make_head(8, hidden, 0.1)
    assert sum(isinstance(layer, torch.nn.Linear) for layer in head) == layers
    assert head(torch.zeros(5, 8)).shape == (5, 1)
