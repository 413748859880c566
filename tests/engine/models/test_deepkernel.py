import dataclasses
import json

import numpy as np
import pytest
import torch

from geohg.engine.config.schema import make_config
from geohg.engine.errors import Cancelled, FileFormatError, FitError
from geohg.engine.jobs import run
from geohg.engine.models import deepkernel_fit
from geohg.engine.models.conditioning import Conditioned
from geohg.engine.models.deepkernel import DeepKernel
from geohg.engine.models.deepkernel_fit import ObservedCells
from geohg.engine.models.kinds import make_model
from geohg.engine.models.propagation import Propagation
from geohg.engine.prediction.fitted import FittedMap
from geohg.engine.progress import Silent

from ..conftest import Recorder
from ..models.test_kernel import known_kernel, random_inputs

SILENT = Silent()
OPTIONS = {"kind": "deepkernel", "hidden_channels": 16, "transform": "identity"}


@pytest.fixture(scope="module")
def fitted(graph):
    return fit(graph)


def fit(graph, seed=0, **model):
    config = make_config({"model": {**OPTIONS, **model}, "training": {"seed": seed}})
    made = make_model(config)
    assert isinstance(made, DeepKernel)
    return made.fit(graph, graph.target("value"), graph.observed("value"), SILENT)


def test_the_map_is_far_nearer_the_truth_than_the_mean(fitted, graph, landscape):
    predicted = fitted.predict(graph, SILENT)
    truth = landscape.truth.ravel()[graph.cell]
    hidden = np.setdiff1d(np.arange(len(graph.cell)), graph.observed("value"))
    error = (predicted.mean - truth)[hidden]
    assert np.sqrt(np.mean(error**2)) < 0.3 * truth.std()
    assert (predicted.std > 0).all()
    assert np.mean(np.abs(error) < 2 * predicted.std[hidden]) > 0.8


def test_left_out_values_are_predicted(fitted, graph):
    y = graph.target("value")[graph.observed("value")]
    left_out = fitted.leave_one_out()
    assert left_out.mean.shape == y.shape
    assert np.sqrt(np.mean((left_out.mean - y) ** 2)) < 0.4 * y.std()


def test_the_embedding_is_one_more_group(graph, monkeypatch):
    errors = iter([3.0, 1.0, 2.0])
    monkeypatch.setattr(deepkernel_fit, "_STEPS", 2 * deepkernel_fit._JUDGE_EVERY)
    monkeypatch.setattr(
        deepkernel_fit, "_squared_errors", lambda *_: torch.full((9,), next(errors))
    )
    model = fit(graph, embedding_channels=5)
    assert model.history_.best_epoch == deepkernel_fit._JUDGE_EVERY
    plain = Propagation("identity").fit(
        graph, graph.target("value"), graph.observed("value"), SILENT
    )
    kernel, without = model.process_.kernel_, plain.kernel_
    assert len(kernel.scale_a) == len(without.scale_a) + 1
    assert (kernel.group[-5:] == len(without.scale_a)).all()
    moved = model.process_.inputs_.x[:, -5:]
    assert float(moved.square().mean(0).sum()) == pytest.approx(1.0, rel=1e-3)


def test_the_step_that_judges_best_is_kept(fitted):
    history = fitted.history_
    best = history.epoch[int(np.argmin(history.validation))]
    assert history.best_epoch in (0, best)


def test_a_gain_that_may_be_chance_is_none():
    noise = torch.randn(60, generator=torch.Generator().manual_seed(0))
    assert deepkernel_fit._is_clear(0.1 * noise + 0.05)
    assert not deepkernel_fit._is_clear(noise - noise.mean() + 0.2)
    assert not deepkernel_fit._is_clear(torch.zeros(60))
    assert not deepkernel_fit._is_clear(torch.ones(1))


def test_where_no_step_helps_it_is_propagation(tmp_path, graph, monkeypatch):
    steps = iter(range(1000))
    monkeypatch.setattr(deepkernel_fit, "_STEPS", deepkernel_fit._JUDGE_EVERY)
    monkeypatch.setattr(
        deepkernel_fit, "_squared_errors", lambda *_: torch.full((9,), float(next(steps)))
    )
    y, observed = graph.target("value"), graph.observed("value")
    plain = Propagation("identity").fit(graph, y, observed, SILENT).predict(graph, SILENT)
    model = fit(graph)
    path = tmp_path / "m.safetensors"
    FittedMap.learn(model, graph, "value", observed).save(path)
    for one in (model, FittedMap.load(path).model):
        predicted = one.predict(graph, SILENT)
        np.testing.assert_allclose(predicted.mean, plain.mean, rtol=1e-6)
        np.testing.assert_allclose(predicted.std, plain.std, rtol=1e-6)


def test_the_likelihood_teaches_the_encoder(graph, monkeypatch):
    monkeypatch.setattr(deepkernel_fit, "_PATIENCE", 1000)
    monkeypatch.setattr(deepkernel_fit, "_STEPS", 20)
    history = fit(graph).history_
    assert history.loss[-1] < history.loss[1]


def test_the_same_seed_gives_the_same_map(fitted, graph):
    np.testing.assert_array_equal(
        fit(graph).predict(graph, SILENT).mean, fitted.predict(graph, SILENT).mean
    )


def test_values_outside_the_observed_cells_are_never_read(graph, monkeypatch):
    monkeypatch.setattr(deepkernel_fit, "_STEPS", 5)
    y, observed = graph.target("value").copy(), graph.observed("value")
    hidden = observed[::5]
    known = np.setdiff1d(observed, hidden)
    maps = []
    for value in (0.0, 1e9):
        y[hidden] = value
        model = DeepKernel(make_config({"model": OPTIONS}))
        maps.append(model.fit(graph, y, known, SILENT).predict(graph, SILENT).mean)
    np.testing.assert_array_equal(*maps)


def test_a_model_file_predicts_the_same(tmp_path, fitted, graph):
    path = tmp_path / "m.safetensors"
    FittedMap.learn(fitted, graph, "value", graph.observed("value")).save(path)
    loaded = FittedMap.load(path).model
    assert isinstance(loaded, DeepKernel)
    ours, theirs = fitted.predict(graph, SILENT), loaded.predict(graph, SILENT)
    np.testing.assert_allclose(theirs.mean, ours.mean, rtol=1e-6)
    np.testing.assert_allclose(theirs.std, ours.std, rtol=1e-5)
    np.testing.assert_allclose(loaded.leave_one_out().mean, fitted.leave_one_out().mean)
    assert {"encoder", "projection", "process", "inputs"} == {
        name.split(".")[0] for name in fitted.state().tensors
    }


def test_refuses_another_model_s_state_and_other_features(fitted, graph):
    state = fitted.state()
    with pytest.raises(FileFormatError, match="holds 'gnn', expected 'deepkernel'"):
        DeepKernel.from_state(state.tensors, {**state.header, "kind": "gnn"})
    names = ("a", *graph.feature_names[1:])
    with pytest.raises(FileFormatError, match="was fitted to the features"):
        fitted.predict(dataclasses.replace(graph, feature_names=names), SILENT)


def test_refuses_too_few_cells(graph):
    with pytest.raises(FitError, match="Only 3 cells"):
        DeepKernel(make_config({"model": OPTIONS})).fit(
            graph, graph.target("value"), graph.observed("value")[:3], SILENT
        )


def test_cancelling_stops_it(graph):
    watcher = Recorder(lambda seen: "Training the encoder" in seen.messages)
    with pytest.raises(Cancelled):
        DeepKernel(make_config({"model": OPTIONS})).fit(
            graph, graph.target("value"), graph.observed("value"), watcher
        )


def test_it_makes_a_map_and_a_report_through_a_request(tmp_path, landscape):
    outputs = {"prediction": tmp_path / "p.tif", "report_json": tmp_path / "r.json"}
    outputs = {key: str(path) for key, path in outputs.items()}
    result = run(landscape.request(model=OPTIONS, outputs=outputs), SILENT)
    assert result["R2"] > 0.8
    report = json.loads(
        (tmp_path / "r.json").read_text(encoding="utf-8"), parse_constant=pytest.fail
    )
    assert report["history"]["best_epoch"] >= 0


def test_judges_do_not_know_their_own_values():
    kernel, inputs, values = known_kernel(), random_inputs(30), torch.randn(30)
    known, judges = torch.arange(20), torch.arange(20, 30)
    mean, _ = Conditioned(kernel, inputs[known], values[known], SILENT).predict(inputs[judges])
    errors = deepkernel_fit._squared_errors(kernel, inputs, values, known, judges)
    torch.testing.assert_close(errors, (mean - values[judges]).square())


def test_the_kernel_reads_an_embedding_that_varies_by_one(fitted, graph):
    data = fitted.encoding_.tensors(graph, fitted.config, fitted.device_)
    inputs, node = fitted.process_.inputs_, torch.from_numpy(graph.observed("value"))
    none = torch.empty(0, dtype=torch.int64)
    cells = ObservedCells(inputs, fitted.process_.values_, data, node, known=none, judges=none)
    with torch.no_grad():
        embedded = cells.read(fitted.network_).x[:, inputs.x.shape[1] :]
    assert float(embedded.var(0, correction=0).sum()) == pytest.approx(1.0, rel=1e-4)
    assert embedded.mean(0).abs().max() < 1e-4
