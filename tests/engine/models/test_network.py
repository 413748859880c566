import dataclasses

import numpy as np
import pytest
import torch

from geohg.engine.config.schema import make_config
from geohg.engine.errors import Cancelled, FileFormatError, FitError
from geohg.engine.models import network as network_module
from geohg.engine.models.distances import cell_positions
from geohg.engine.models.encoding import Encoding
from geohg.engine.models.network import NetworkModel
from geohg.engine.prediction.fitted import FittedMap
from geohg.engine.progress import Silent
from geohg.engine.training import supervised
from geohg.engine.training.callbacks import EarlyStopping

from ..conftest import Recorder

SILENT = Silent()


@pytest.fixture(scope="module")
def fitted(graph):
    return fit(graph)


def fit(graph, **training):
    config = make_config(
        {"model": {"kind": "gnn"}, "training": {"epochs": 60, "seed": 3, **training}}
    )
    model = NetworkModel(config)
    return model.fit(graph, graph.target("value"), graph.observed("value"), SILENT)


def test_the_map_is_near_the_truth(fitted, graph, landscape):
    mean = fitted.predict(graph, SILENT).mean
    truth = landscape.truth.ravel()[graph.cell]
    error = np.sqrt(np.mean((mean - truth) ** 2))
    assert error < 0.5 * truth.std()


def test_the_same_seed_gives_the_same_map_and_another_does_not(graph):
    one, again, other = (fit(graph, epochs=8, seed=seed) for seed in (3, 3, 4))
    mean = one.predict(graph, SILENT).mean
    np.testing.assert_array_equal(mean, again.predict(graph, SILENT).mean)
    assert not np.array_equal(mean, other.predict(graph, SILENT).mean)


def test_values_outside_the_observed_cells_are_never_read(graph, fitted):
    y = graph.target("value").copy()
    observed = graph.observed("value")
    hidden = observed[::5]
    known = np.setdiff1d(observed, hidden)
    config = make_config({"training": {"epochs": 5}})
    maps = []
    for value in (0.0, 1e9):
        y[hidden] = value
        maps.append(NetworkModel(config).fit(graph, y, known, SILENT).predict(graph, SILENT).mean)
    np.testing.assert_array_equal(*maps)


@pytest.mark.parametrize("gnn_type", ["GraphConv", "SAGEConv", "GATv2Conv", "GINEConv"])
@pytest.mark.parametrize("options", [{}, {"residual": True, "normalisation": "layer"}])
def test_every_operator_learns(graph, gnn_type, options):
    model = {"kind": "gnn", "gnn_type": gnn_type, "hidden_channels": 16, **options}
    config = make_config({"model": model, "training": {"epochs": 25, "seed": 1}})
    fitted = NetworkModel(config).fit(graph, graph.target("value"), graph.observed("value"), SILENT)
    history = fitted.history_
    assert min(history.loss) < 0.5 * history.loss[0]
    assert min(history.validation) < graph.target("value")[graph.observed("value")].std()


def test_validation_cells_can_be_chosen_and_are_the_left_out_ones(graph):
    y, observed = graph.target("value").copy(), graph.observed("value")
    validation = observed[::4]
    config = make_config({"training": {"epochs": 8}, "model": {"transform": "identity"}})
    losses = []
    for value in (y[validation].copy(), 100 + 10 * y[validation]):
        y[validation] = value
        model = NetworkModel(config).fit(graph, y, observed, SILENT, validation=validation)
        losses.append(model.history_.loss)
    # Their values decide when to stop, and nothing is learnt from them.
    assert losses[0] == losses[1]
    left_out = model.leave_one_out()
    chosen = np.isin(observed, validation)
    np.testing.assert_array_equal(np.isfinite(left_out.mean), chosen)
    predicted = model.predict(graph, SILENT).mean[validation]
    np.testing.assert_allclose(left_out.mean[chosen], predicted)
    errors = model.transform_.forward(y[validation]) - left_out.location[chosen]
    np.testing.assert_allclose(left_out.spread, np.sqrt(np.mean(errors**2)))


def test_positions_are_scaled_alike_and_features_one_by_one(graph):
    known = graph.observed("value")
    tensors = Encoding.learn(graph, known, make_config({})).tensors(graph, make_config({}), "cpu")
    x = tensors["area"].x.numpy()
    position = cell_positions(graph)
    step = np.diff(position[:2], axis=0), np.diff(x[:2, :2], axis=0)
    down = np.diff(position[[0, 30]], axis=0), np.diff(x[[0, 30], :2], axis=0)
    ratio = [np.linalg.norm(scaled) / np.linalg.norm(metres) for metres, scaled in (step, down)]
    assert ratio[0] == pytest.approx(ratio[1], rel=1e-4)
    np.testing.assert_allclose(x[known, 2:].std(axis=0), 1.0, rtol=1e-4)


def test_the_published_inputs_are_positions_by_axis_and_raw_features(graph):
    config = make_config({"model": {"strict_reference": True}})
    encoding = Encoding.learn(graph, graph.observed("value"), config)
    x = encoding.tensors(graph, config, "cpu")["area"].x.numpy()
    np.testing.assert_allclose(x[:, :2].std(axis=0), 1.0, rtol=1e-4)
    np.testing.assert_array_equal(x[:, 2:], np.nan_to_num(graph.features))


def test_the_published_network_drops_out_in_the_first_epoch_only(graph, monkeypatch):
    modes = []
    step = supervised._step

    def watched(network, *rest):
        modes.append(network.training)
        return step(network, *rest)

    monkeypatch.setattr(supervised, "_step", watched)
    monkeypatch.setattr(
        network_module, "_published", lambda training: dataclasses.replace(training, epochs=4)
    )
    config = make_config({"model": {"kind": "gnn", "strict_reference": True}})
    y, observed = graph.target("value"), graph.observed("value")
    NetworkModel(config).fit(graph, y, observed, SILENT)
    assert modes == [True, False, False, False]
    modes.clear()
    NetworkModel(make_config({"training": {"epochs": 4}})).fit(graph, y, observed, SILENT)
    assert modes == [True] * 4


def test_the_published_training_is_the_published_one_and_its_file_predicts_the_same(
    tmp_path, graph, monkeypatch
):
    config = make_config({"model": {"kind": "gnn", "strict_reference": True}})
    training = NetworkModel(config).config.training
    assert (training.epochs, training.patience, training.lr) == (2000, 100, 0.01)
    assert training.metric == "r2"
    short = dataclasses.replace(training, epochs=3)
    monkeypatch.setattr(network_module, "_published", lambda _: short)
    model = NetworkModel(config)
    model.fit(graph, graph.target("value"), graph.observed("value"), SILENT)
    assert isinstance(model._make_optimiser(), torch.optim.Adam)
    path = tmp_path / "m.safetensors"
    FittedMap.learn(model, graph, "value", graph.observed("value")).save(path)
    np.testing.assert_array_equal(
        FittedMap.load(path).model.predict(graph, SILENT).mean, model.predict(graph, SILENT).mean
    )


def test_the_encoder_has_a_name_of_its_own_in_the_file(fitted):
    names = fitted.state().tensors
    assert "encoder.area.weight" in names and "head.0.weight" in names
    assert {name.split(".")[0] for name in names} == {"encoder", "head", "inputs", "left_out"}


def test_the_best_epoch_is_kept(fitted):
    history = fitted.history_
    assert history.epoch == list(range(1, len(history.epoch) + 1))
    assert history.best_epoch == 1 + int(np.argmin(history.validation))


def test_stops_after_patience_and_keeps_the_best_weights():
    network = torch.nn.Linear(1, 1)
    stopping = EarlyStopping("rmse", patience=2)
    stops = []
    for epoch, score in enumerate([3.0, 1.0, 2.0, None], start=1):
        torch.nn.init.constant_(network.weight, epoch)
        stops.append(stopping.update(epoch, score, network))
    assert stops == [False, False, False, True]
    assert stopping.best_epoch == 2 and stopping.best_state["weight"].item() == 2.0


def test_r2_is_better_when_it_grows():
    stopping = EarlyStopping("r2", patience=5)
    for epoch, score in enumerate([0.1, 0.5, 0.3], start=1):
        stopping.update(epoch, score, torch.nn.Linear(1, 1))
    assert stopping.best_epoch == 2


def test_a_model_file_predicts_the_same(tmp_path, fitted, graph):
    path = tmp_path / "m.safetensors"
    FittedMap.learn(fitted, graph, "value", graph.observed("value")).save(path)
    loaded = FittedMap.load(path)
    loaded.check_fits(graph)
    assert loaded.target == "value"
    np.testing.assert_array_equal(
        loaded.model.predict(graph, SILENT).mean, fitted.predict(graph, SILENT).mean
    )
    everywhere = dataclasses.replace(graph, targets={"value": np.zeros(len(graph.cell))})
    others = np.setdiff1d(np.arange(len(graph.cell)), graph.observed("value"))
    np.testing.assert_array_equal(loaded.unseen(everywhere), others)


def test_a_model_of_a_gpu_is_read_where_there_is_none(fitted, graph):
    import torch

    if torch.cuda.is_available():
        pytest.skip("there is a CUDA device")
    state = fitted.state()
    state.header["config"]["training"]["device"] = "cuda"
    model = NetworkModel.from_state(state.tensors, state.header)
    np.testing.assert_array_equal(
        model.predict(graph, SILENT).mean, fitted.predict(graph, SILENT).mean
    )


def test_refuses_a_graph_with_other_classes_or_cells(tmp_path, fitted, graph):
    path = tmp_path / "m.safetensors"
    FittedMap.learn(fitted, graph, "value", graph.observed("value")).save(path)
    other = dataclasses.replace(graph, feature_names=("a", *graph.feature_names[1:]))
    with pytest.raises(FileFormatError, match="does not fit this graph: its features are"):
        FittedMap.load(path).check_fits(other)
    grid = dataclasses.replace(graph.grid, cell_width=999.0)
    with pytest.raises(FileFormatError, match="its cell sizes are"):
        FittedMap.load(path).check_fits(dataclasses.replace(graph, geometry=grid))


def test_cancelling_stops_training(graph):
    model = NetworkModel(make_config({}))
    watcher = Recorder(lambda seen: "Training, epoch 3" in seen.messages)
    with pytest.raises(Cancelled):
        model.fit(graph, graph.target("value"), graph.observed("value"), watcher)
    assert watcher.messages[-1] == "Training, epoch 3"


def test_refuses_to_stop_by_too_few_cells(graph):
    observed = graph.observed("value")[:3]
    with pytest.raises(FitError, match="Only 3 cells"):
        NetworkModel(make_config({})).fit(graph, graph.target("value"), observed, SILENT)
