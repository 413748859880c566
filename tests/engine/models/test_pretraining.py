import dataclasses
import time

import numpy as np
import pytest
import torch

from geohg.engine.config.schema import make_config
from geohg.engine.data.builders.graph import Links
from geohg.engine.data.builders.sites import Sites
from geohg.engine.errors import Cancelled, FitError, InputError
from geohg.engine.models.pretrained import pretrain
from geohg.engine.progress import Silent
from geohg.engine.training import contrastive
from geohg.engine.training.contrastive import contrastive_loss

from ..conftest import Recorder
from ..models.landscapes import UTM, make_graph

SILENT = Silent()


def options(epochs=30, **sections):
    model = {"hidden_channels": 16, "num_gnn_layers": 2, **sections.pop("model", {})}
    ssl = {"epochs": epochs, "batch_size": 128, **sections.pop("ssl", {})}
    return make_config({"model": model, "ssl": ssl, **sections})


@pytest.fixture(scope="module")
def patches():
    """Two kinds of land in blocks of four cells, with noise, and which kind each cell is."""
    row, col = np.divmod(np.arange(400), 20)
    kind = (row // 4 + col // 4) % 2
    share = np.clip(0.8 * kind + 0.1 + 0.05 * np.random.default_rng(0).normal(size=400), 0, 1)
    features = np.column_stack([share, 1 - share])
    graph = make_graph(features, ("landcover", "landcover"), rows=20, cols=20)
    return graph, kind


def separation(embedding, kind):
    """How much more alike two cells of a kind are than two of different kinds."""
    unit = embedding / np.linalg.norm(embedding, axis=1, keepdims=True)
    likeness = unit @ unit.T
    same = kind[:, None] == kind
    return likeness[same].mean() - likeness[~same].mean()


def test_cells_of_a_kind_come_closer(patches):
    graph, kind = patches
    config = options(60, data={"pos_embedding": False})
    start = pretrain(graph, dataclasses.replace(config, ssl=options(1).ssl), SILENT)
    end = pretrain(graph, config, SILENT)
    assert end.losses[-1] < start.losses[0] - 0.2
    assert separation(end.embed(graph), kind) > separation(start.embed(graph), kind) + 0.2


def test_no_target_is_read(graph):
    other = dataclasses.replace(
        graph, targets={"value": np.where(np.isfinite(graph.target("value")), 1e9, np.nan)}
    )
    none = dataclasses.replace(graph, targets={})
    expected = pretrain(graph, options(3), SILENT)
    for changed in (other, none):
        found = pretrain(changed, options(3), SILENT)
        assert found.losses == expected.losses


def test_the_seed_decides_alone(graph):
    torch.manual_seed(1)
    one = pretrain(graph, options(4, training={"seed": 5}), SILENT)
    before = torch.rand(1)
    torch.manual_seed(1)
    assert torch.rand(1) == before
    two = pretrain(graph, options(4, training={"seed": 5}), SILENT)
    other = pretrain(graph, options(4, training={"seed": 6}), SILENT)
    for name, values in one.parameters.items():
        np.testing.assert_array_equal(values, two.parameters[name])
    assert one.losses == two.losses and one.losses != other.losses


def test_scales_are_those_of_all_cells(graph):
    pretrained = pretrain(graph, options(1), SILENT)
    x = pretrained.encoding.features(graph, options())
    varied = graph.features.std(axis=0) > 0
    np.testing.assert_allclose(x.std(axis=0)[varied], 1.0, rtol=1e-4)


@pytest.mark.parametrize("hypernode", ["all", "entity", "poi", "mono"])
@pytest.mark.parametrize("gnn_type", ["GraphConv", "GATv2Conv"])
def test_any_hypernodes_and_operator(graph, hypernode, gnn_type):
    config = options(6, data={"hypernode": hypernode}, model={"gnn_type": gnn_type})
    pretrained = pretrain(graph, config, SILENT)
    assert pretrained.losses[-1] < pretrained.losses[0]
    assert set(pretrained.encoding.hypernodes) <= {"entity", "poi"}


def test_missing_features_and_cells_on_no_grid(graph):
    features = graph.features.copy()
    features[::7] = np.nan
    xy = graph.geometry.centres(graph.cell)
    sites = dataclasses.replace(
        graph, geometry=Sites(UTM, xy), cell=np.arange(len(xy)), features=features
    )
    pretrained = pretrain(sites, options(6), SILENT)
    assert pretrained.losses[-1] < pretrained.losses[0]
    assert np.isfinite(pretrained.embed(sites)).all()


def test_without_features_neighbours_alone_teach():
    graph = make_graph(rows=10, cols=10)
    pretrained = pretrain(graph, options(40), SILENT)
    assert pretrained.losses[-1] < pretrained.losses[0] - 0.1


def test_refuses_to_learn_from_nothing(graph):
    alone = dataclasses.replace(make_graph(rows=10, cols=10), near=np.zeros((2, 0), np.int64))
    with pytest.raises(FitError, match="Fewer than two cells have a neighbour"):
        pretrain(alone, options(), SILENT)
    nothing = options(ssl={"near_neighbours": 0, "similar_neighbours": 0})
    with pytest.raises(FitError, match=r"set 'ssl\.near_neighbours' or"):
        pretrain(graph, nothing, SILENT)
    with pytest.raises(InputError, match="reads no coordinates either"):
        pretrain(make_graph(), options(data={"pos_embedding": False}), SILENT)
    with pytest.raises(InputError, match=r"'model\.strict_reference'"):
        pretrain(graph, options(model={"strict_reference": True}), SILENT)


def test_refuses_to_go_on_when_training_diverges(graph):
    wild = options(200, ssl={"lr": 10.0}, model={"num_gnn_layers": 32})
    with pytest.raises(FitError, match=r"diverged at epoch \d+; use a smaller 'ssl.lr'"):
        pretrain(graph, wild, SILENT)


def test_tells_how_far_it_is_and_stops_when_asked(graph):
    watcher = Recorder(lambda seen: "Pretraining, epoch 3" in seen.messages)
    started = time.monotonic()
    with pytest.raises(Cancelled):
        pretrain(graph, options(100_000), watcher)
    assert time.monotonic() - started < 30
    fractions = watcher.fractions
    assert fractions == sorted(fractions) and 0 <= fractions[0] <= fractions[-1] <= 1
    assert watcher.messages[0] == "Looking for similar cells"
    assert watcher.metrics == [("contrastive_loss", 1), ("contrastive_loss", 2)]


def test_the_gradient_of_batches_is_that_of_the_mean_loss():
    torch.manual_seed(0)
    anchor, positive = torch.randn(2, 13, 4).requires_grad_().unbind()
    loss, slopes = contrastive._slopes(anchor, positive, 5, 0.5, SILENT)
    parts = zip(anchor.tensor_split(3), positive.tensor_split(3))
    expected = sum(contrastive_loss(a, b, 0.5) * len(a) / 13 for a, b in parts)
    assert loss == pytest.approx(expected.item(), rel=1e-6)
    for slope, own in zip(slopes, torch.autograd.grad(expected, (anchor, positive))):
        torch.testing.assert_close(slope, own)


def test_links_that_are_none_are_no_hypernodes(graph):
    bare = dataclasses.replace(
        graph, hypernodes={"entity": Links((), np.zeros((2, 0), np.int64), np.zeros(0, np.float32))}
    )
    assert pretrain(bare, options(1), SILENT).encoding.hypernodes == {}
