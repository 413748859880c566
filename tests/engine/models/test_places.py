"""Readings at their true places: merged, left out by cell, predicted at places and in cells."""

import dataclasses
import math

import numpy as np
import pytest
import torch

from geohg.engine.config.schema import Config
from geohg.engine.data.builders.readings import Readings
from geohg.engine.data.transforms import TargetTransform
from geohg.engine.errors import FileFormatError, InputError
from geohg.engine.models import readout
from geohg.engine.models.base import Prediction, ReadsPlaces
from geohg.engine.models.baselines import InverseDistance
from geohg.engine.models.conditioning import Conditioned
from geohg.engine.models.informants import Informant
from geohg.engine.models.informed import Informed
from geohg.engine.models.kernel import Inputs, Kernel, Rows
from geohg.engine.models.kriging import OrdinaryKriging
from geohg.engine.models.local import LocallyConditioned
from geohg.engine.models.places import (
    Places,
    completed,
    mean_of_readings,
    nearest_elsewhere,
)
from geohg.engine.models.propagation import Propagation
from geohg.engine.models.rows import PlaceRows, rows_of
from geohg.engine.prediction.fitted import FittedMap
from geohg.engine.progress import Silent

from .landscapes import make_graph

KERNEL = Kernel(
    scale_a=torch.tensor([0.0]),
    scale_b=torch.tensor([0.0]),
    log_variance=torch.tensor([0.4, 0.3, 0.2, 0.5, 0.1]).log(),
    log_length=torch.tensor([6.0, 4.0, 0.6]).log(),
    mean=torch.tensor([0.3]),
    stretch=torch.tensor([0.5, -0.3]),
    log_slope=torch.tensor([-1.0]),
    group=torch.tensor([0]),
    trend=torch.empty(0, dtype=torch.int64),
)
SLOPED = dataclasses.replace(KERNEL, trend=torch.tensor([0]))


def scattered(count=60, cells=20, seed=0):
    """Places in cells, their inputs and values; three places of each cell on average."""
    rng = np.random.default_rng(seed)
    cell = np.sort(np.concatenate([np.arange(cells), rng.integers(cells, size=count - cells)]))
    corner = np.column_stack(np.divmod(cell, 5))
    places = Places(cell, corner + rng.random((count, 2)), rng.integers(1, 4, size=count))
    x = torch.from_numpy(rng.normal(size=cells)[cell][:, None])
    position = torch.from_numpy(places.position)
    inputs = Inputs(position, x, rows_of(places, 0.05))
    return places, inputs, torch.from_numpy(rng.normal(size=count))


def waves(xy):
    """A field of known truth that varies within a cell of a kilometre."""
    return 50 + 10 * np.sin(xy[..., 0] / 1500.0) * np.cos(xy[..., 1] / 1200.0)


def field(count=400, noise=0.0, seed=0):
    """A graph of 12 x 12 cells, readings of `waves` in it, and the means of its cells."""
    graph = make_graph(rows=12, cols=12)
    rng = np.random.default_rng(seed)
    left, bottom, right, top = graph.grid.bounds
    xy = rng.uniform((left, bottom), (right, top), (count, 2))
    value = waves(xy) + noise * rng.normal(size=count)
    cell = graph.grid.locate(*xy.T)
    y = np.full(len(graph.cell), np.nan)
    total, number = np.bincount(cell, value, len(y)), np.bincount(cell, minlength=len(y))
    y[number > 0] = total[number > 0] / number[number > 0]
    graph = dataclasses.replace(graph, targets={"y": y})
    return graph, Readings(cell, xy, value)


@pytest.fixture(scope="module")
def fitted():
    graph, readings = field()
    observed = graph.observed("y")
    model = Propagation().fit(graph, graph.target("y"), observed, Silent(), readings=readings)
    return graph, readings, observed, model


def test_readings_at_one_place_are_one_row_and_tell_the_error_of_measurement():
    graph = make_graph(rows=2, cols=3)
    left, top = graph.grid.left, graph.grid.top
    # Two readings at one place, one beside it, one on the border that the next cell has.
    xy = np.array([[left + 10, top - 10]] * 2 + [[left + 900, top - 10], [left + 1000, top - 500]])
    readings = Readings(graph.grid.locate(*xy.T), xy, np.array([1.0, 3.0, 8.0, 5.0]))
    y = np.array([4.0, 5.0, np.nan, 7.0, np.nan, np.nan])
    found = completed(graph, y, np.array([0, 1, 3]), readings)
    places, place = Places.of(found, graph.grid.plane)
    assert places.cell.tolist() == [0, 0, 1, 2]
    assert places.count.tolist() == [2, 1, 1, 1]
    values = places.means(place, found.value)
    assert values.tolist() == [2.0, 8.0, 5.0, 7.0]
    assert places.cell_means(values).tolist() == [4.0, 5.0, 7.0]
    # The border of two cells is where it is; a cell without readings has its mean in its middle.
    assert places.position[2].tolist() == [left + 1000, top - 500]
    assert places.position[3].tolist() == [left + 500, top - 1500]
    assert places.error(place, found.value) == 2.0
    alone, place = Places.of(completed(graph, y, np.array([0, 1]), None), graph.grid.plane)
    assert alone.error(place, np.array([4.0, 5.0])) == math.inf


def test_a_mean_of_readings_has_less_of_the_error_and_all_of_the_rest():
    rows = Rows(*torch.tensor([[0.0, 1.0, 2.0], [1.0] * 3, [1.0, 4.0, 1e6], [0.06] * 3]))
    noise = float(KERNEL.noise)
    expected = [noise, noise - 0.06 * 3 / 4, noise - 0.06]
    assert KERNEL.noise_of(rows).tolist() == pytest.approx(expected, rel=1e-4)
    # Where nobody knows the error, all of the noise is error.
    unknown = dataclasses.replace(rows, error=torch.full((3,), torch.inf))
    assert KERNEL.noise_of(unknown).tolist() == pytest.approx([noise, noise / 4, 0.0], abs=1e-6)


@pytest.mark.parametrize("kernel", [KERNEL, SLOPED])
def test_a_cell_is_left_out_with_all_its_readings(kernel, monkeypatch):
    monkeypatch.setattr(
        "geohg.engine.models.conditioning.spread", lambda scores, across: torch.ones(len(across))
    )
    places, inputs, values = scattered()
    every = Conditioned(kernel, inputs, values, Silent())
    mean, variance = every.leave_one_out()
    for cell in (0, 3, 11, 19):
        own = torch.from_numpy(places.cell == cell)
        others = Conditioned(kernel, inputs[~own], values[~own], Silent())
        told = others.predict_together(inputs[own])
        for left_out, alone in zip((mean, variance, every.left_shared), told):
            assert left_out[own].numpy() == pytest.approx(alone.numpy(), rel=2e-3, abs=2e-3)


def test_no_reading_of_a_cell_tells_of_the_cell_when_it_is_left_out():
    places, inputs, values = scattered()
    own = torch.from_numpy(places.cell == 7)
    before, after = (Conditioned(KERNEL, inputs, v, Silent()) for v in (values, values + 5.0 * own))
    assert torch.allclose(before.left_out[own], after.left_out[own], atol=1e-6)
    assert not torch.allclose(before.left_out[~own], after.left_out[~own], atol=0.1)


def test_errors_at_a_cell_do_not_tell_of_the_spread_there(monkeypatch):
    seen = []

    def spread(scores, across):
        seen.append(across.clone())
        return torch.ones(len(across))

    monkeypatch.setattr("geohg.engine.models.conditioning.spread", spread)
    monkeypatch.setattr("geohg.engine.models.local.spread", spread)
    places, inputs, values = scattered()
    alike = places.cell[:, None] == places.cell
    Conditioned(KERNEL, inputs, values, Silent())
    assert np.array_equal(seen[0].numpy() == 0.0, alike)
    seen.clear()
    local = LocallyConditioned(KERNEL, inputs.to(torch.float32), values, 0, Silent())
    ((box, own, _),) = local.boxes.of(local.boxes.points)
    order = local._relevant(box, own).numpy()
    rows = local.cells.inputs(own)
    assert np.array_equal(seen[0].numpy() == 0.0, alike[np.ix_(rows, order)])


def test_places_are_left_out_and_cells_predicted_locally_as_exactly():
    places, inputs, values = scattered()
    exact = Conditioned(KERNEL, inputs, values, Silent())
    local = LocallyConditioned(KERNEL, inputs.to(torch.float32), values, 0, Silent())
    for found, expected in (
        (local.left_out, exact.left_out),
        (local.left_variance, exact.left_variance),
        (local.left_shared, exact.left_shared),
    ):
        assert found.numpy() == pytest.approx(expected.numpy(), rel=5e-3, abs=5e-3)
    offset = torch.tensor([[-0.4, -0.4], [-0.4, 0.4], [0.4, -0.4], [0.4, 0.4]])
    middles = Inputs(inputs.position[::7], inputs.x[::7], offset=offset)
    asked = inputs[torch.from_numpy(np.flatnonzero(places.cell % 3 == 0))]
    for some, tell in ((middles, "predict"), (asked, "predict_together")):
        expected = getattr(exact, tell)(some)
        for index, here in local.parts(some.to(torch.float32)):
            single = some.to(torch.float32)[index]
            for found, whole in zip(getattr(here, tell)(single), expected):
                assert found.numpy() == pytest.approx(whole[index].numpy(), rel=5e-3, abs=5e-3)


def test_single_readings_in_the_middles_are_the_cells_themselves():
    places, inputs, values = scattered(20)
    one = Places(places.cell, places.position, np.ones(20, np.int64))
    placed = dataclasses.replace(inputs, rows=rows_of(one, math.inf))
    whole = dataclasses.replace(inputs, rows=None)
    asked = whole[torch.arange(0, 20, 3)]
    with_rows, without = (Conditioned(KERNEL, each, values, Silent()) for each in (placed, whole))
    for a, b in zip(with_rows.predict(asked), without.predict(asked)):
        assert a.numpy() == pytest.approx(b.numpy(), rel=1e-2, abs=5e-3)
    for a, b in zip(with_rows.leave_one_out(), without.leave_one_out()):
        assert a.numpy() == pytest.approx(b.numpy(), rel=1e-2, abs=5e-3)


def test_the_mean_of_a_cell_is_that_of_its_places_and_not_its_middle():
    _, inputs, values = scattered()
    short = dataclasses.replace(KERNEL, log_length=torch.tensor([1.5, 1.0, 0.6]).log())
    known = Conditioned(short, inputs, values, Silent())
    middle = torch.tensor([[1.5, 2.5], [2.5, 0.5], [3.5, 3.5]])
    step = (torch.arange(30) + 0.5) / 30 - 0.5
    lattice = torch.cartesian_prod(step, step)
    error = []
    x = torch.zeros(3, 1)
    node = 0.5 / math.sqrt(3)
    nodes = torch.tensor([[a, b] for a in (-node, node) for b in (-node, node)])
    mean, _ = known.predict(Inputs(middle, x, offset=nodes))
    centre, _ = known.predict(Inputs(middle, x))
    for k in range(3):
        fine, _ = known.predict(Inputs(middle[k] + lattice, torch.zeros(900, 1)))
        error.append([abs(mean[k] - fine.mean()), abs(centre[k] - fine.mean())])
    ours, rival = np.sqrt(np.square(error).mean(axis=0))
    assert ours < 0.04 and rival > 3 * ours
    # A new measurement anywhere in a cell without readings varies as it does from place to place.
    away = torch.tensor([[4.5, 5.5]])
    _, variance = known.predict(Inputs(away, x[:1], offset=nodes))
    fine, spread = known.predict(Inputs(away + lattice, torch.zeros(900, 1)))
    assert float(variance[0]) == pytest.approx(float(spread.mean() + fine.var()), rel=0.05)


def test_places_that_are_parts_of_a_cell_apart_stay_apart_in_float32():
    position = torch.tensor([[8000.0, 9000.0], [8000.125, 9000.0]])
    far = torch.cat([position, torch.tensor([[-8000.0, -9000.0]])])
    places = Places(np.array([0, 0, 1]), far.double().numpy(), np.ones(3, np.int64))
    inputs = Inputs(far, torch.zeros(3, 0), rows_of(places, math.inf))
    nothing = dict.fromkeys(("scale_a", "scale_b"), torch.empty(0))
    bare = dataclasses.replace(
        KERNEL, **nothing, group=torch.empty(0).long(), stretch=torch.zeros(2)
    )
    expected = (
        0.4 * math.exp(-0.125 / 6) + 0.3 * math.exp(-0.125 / 4) + 0.5 * math.exp(-0.125 / 0.6)
    )
    assert float(bare.covariance(inputs, inputs)[0, 1]) == pytest.approx(expected, rel=1e-5)


def test_neighbours_are_of_other_cells():
    position = np.array([[0.0, 0], [0.1, 0], [0.2, 0], [1.0, 0], [3.0, 0]])
    distance, index = nearest_elsewhere(position, np.array([0, 0, 0, 1, 2]), 2)
    assert index.tolist() == [[3, 4], [3, 4], [3, 4], [2, 1], [3, 2]]
    assert distance[3].tolist() == pytest.approx([0.8, 0.9])
    # The largest cell leaves two others.
    assert nearest_elsewhere(position, np.array([0, 0, 0, 1, 2]), 9)[0].shape == (5, 2)


def test_a_mean_of_readings_is_expected_to_be_what_one_reading_is():
    transform = TargetTransform.learn(np.exp(np.random.default_rng(0).normal(size=200)), "log")
    one = Prediction(np.array([0.2, 0.2]), np.array([0.8, 0.8]), transform)
    found = mean_of_readings(one, np.array([0.3, 0.8]))
    assert found.mean == pytest.approx(one.mean, rel=1e-3)
    assert found.std[0] < 0.5 * one.std[0]
    assert found.std[1] == one.std[1] and found.anew is one


def test_it_finds_a_field_at_places_better_than_cell_means_can(fitted):
    graph, _, observed, model = fitted
    cells = Propagation().fit(graph, graph.target("y"), observed, Silent())
    rng = np.random.default_rng(5)
    left, bottom, right, top = graph.grid.bounds
    xy = rng.uniform((left, bottom), (right, top), (300, 2))
    cell = graph.grid.locate(*xy.T)
    error = model.predict_at(graph, Silent(), cell, xy).mean - waves(xy)
    before = cells.predict(graph, Silent()).mean[cell] - waves(xy)
    assert np.std(error) < 0.5 * np.std(before)
    # A map is of the means of cells, which differ from their middles.
    fine = np.stack(np.meshgrid(*[np.linspace(-475.0, 475.0, 20)] * 2), axis=-1).reshape(-1, 2)
    truth = waves(graph.grid.centres(graph.cell)[:, None] + fine).mean(axis=1)
    mapped = model.predict(graph, Silent())
    assert np.std(mapped.mean - truth) < 0.1 * np.std(truth)
    assert isinstance(model, ReadsPlaces)


def test_each_cell_without_its_readings_has_one_prediction_and_scores_are_fair():
    graph, readings = field(noise=8.0)
    observed = graph.observed("y")
    model = Propagation().fit(graph, graph.target("y"), observed, Silent(), readings=readings)
    left_out = model.leave_one_out()
    assert left_out.location.shape == observed.shape
    z = model.transform_.forward(graph.target("y")[observed])
    score = (z - left_out.location) / left_out.spread
    assert 0.8 < np.sqrt(np.mean(score**2)) < 1.2
    # One new reading differs more than the mean of several.
    assert (left_out.spread <= left_out.anew.spread).all()
    assert left_out.spread.mean() < 0.95 * left_out.anew.spread.mean()


def test_held_out_readings_are_predicted_where_they_are(fitted):
    graph, readings, observed, _ = fitted
    known, test = observed[: len(observed) // 2], observed[len(observed) // 2 :]
    for model in (Propagation(), InverseDistance(), OrdinaryKriging()):
        model.fit(graph, graph.target("y"), known, Silent(), readings=readings)
        found = model.predict_readings(graph, Silent(), test, readings)
        own = readings.within(test)
        each = model.predict_at(graph, Silent(), test[own.cell], own.xy)
        expected = np.bincount(own.cell, each.mean) / np.bincount(own.cell)
        assert found.mean == pytest.approx(expected, rel=1e-4)
        assert not np.allclose(found.mean, model.predict(graph, Silent(), test).mean, rtol=1e-3)


def test_a_thousand_readings_at_one_place_are_believed():
    graph, readings = field(150, noise=6.0)
    place = graph.grid.centres(np.array([70]))[0] + 100.0
    noise = np.random.default_rng(1).normal(size=1000) * 6.0
    more = Readings(
        np.append(readings.cell, np.full(1000, 70)),
        np.vstack([readings.xy, np.tile(place, (1000, 1))]),
        np.append(readings.value, 90.0 + noise),
    )
    y = graph.target("y").copy()
    y[70] = 90.0
    observed = np.flatnonzero(np.isfinite(y))
    model = Propagation(transform="identity").fit(graph, y, observed, Silent(), readings=more)
    assert len(model.inputs_) == 151
    assert model.rows_.error * model.transform_.scale**2 == pytest.approx(36.0, rel=0.1)
    found = model.predict_at(graph, Silent(), np.array([70]), place[None])
    assert abs(found.mean[0] - 90.0) < 6.0
    # A new reading there has the error of one.
    assert found.std[0] > 4.0


def test_local_conditioning_reads_places_as_the_exact_one_does(fitted, monkeypatch):
    graph, readings, observed, exact = fitted
    monkeypatch.setattr(readout, "_EXACT_BELOW", 100)
    fitting = (graph, graph.target("y"), observed, Silent(), exact.kernel_, readings)
    local = Propagation().fit(*fitting)
    assert type(local._conditioned).__name__ == "LocallyConditioned"
    own = readings.within(observed[:40])
    cells = observed[:40][own.cell]
    for ask in (
        lambda model: model.predict(graph, Silent()),
        lambda model: model.predict_at(graph, Silent(), cells, own.xy),
        lambda model: model.predict_readings(graph, Silent(), observed[:40], readings),
        lambda model: model.leave_one_out(),
    ):
        one, other = ask(local), ask(exact)
        assert one.mean == pytest.approx(other.mean, abs=0.5)
        assert one.std == pytest.approx(other.std, rel=0.2)


def test_a_model_of_places_comes_back_from_its_state(fitted):
    graph, readings, observed, model = fitted
    state = model.state()
    sizes = {"fitted": len(observed)}
    Propagation.check_state(state.tensors, state.header, sizes)
    again = Propagation.from_state(state.tensors, state.header)
    for ask in (
        lambda model: model.predict(graph, Silent()),
        lambda model: model.predict_at(graph, Silent(), readings.cell, readings.xy),
        lambda model: model.leave_one_out(),
    ):
        assert ask(again).mean == pytest.approx(ask(model).mean, rel=1e-5)
        assert ask(again).std == pytest.approx(ask(model).std, rel=1e-4)
    for name, change in (
        ("row_cell", lambda part: part[::-1].copy()),
        ("row_cell", lambda part: part + 1),
        ("row_count", lambda part: part[:-1]),
        ("row_count", lambda part: part * 0),
        ("row_middle", lambda part: part[:-1]),
    ):
        damaged = {**state.tensors, name: change(state.tensors[name])}
        with pytest.raises(InputError, match=name):
            Propagation.check_state(damaged, state.header, dict(sizes))
    lost = {name: part for name, part in state.tensors.items() if name != "row_offset"}
    with pytest.raises(InputError, match="row_offset"):
        Propagation.check_state(lost, state.header, dict(sizes))
    assert PlaceRows.from_arrays(state.tensors).error == math.inf


def test_a_baseline_leaves_a_cell_out_with_all_its_readings():
    graph, readings = field(100)
    observed = graph.observed("y")
    y = graph.target("y")
    for make in (InverseDistance, OrdinaryKriging):
        model = make().fit(graph, y, observed, Silent(), readings)
        left_out = model.leave_one_out()
        changed = readings.value + 30.0 * (readings.cell == observed[4])
        other = make().fit(
            graph, y, observed, Silent(), dataclasses.replace(readings, value=changed)
        )
        if make is OrdinaryKriging:
            other.variogram_ = model.variogram_
        assert other.leave_one_out().mean[4] == pytest.approx(left_out.mean[4], rel=1e-6)
        at = model.predict_at(graph, Silent(), readings.cell, readings.xy)
        assert at.mean == pytest.approx(readings.value, abs=1.0)


def test_an_informed_model_reads_places_too():
    graph, readings = field(250, noise=1.0)
    line = 0.02 * graph.grid.centres(graph.cell)[:, 0]
    graph = dataclasses.replace(
        graph,
        features=line[:, None],
        feature_names=("line",),
        feature_kinds=("carried",),
        feature_groups=("line",),
    )
    value = readings.value + 3 * line[readings.cell]
    y = graph.target("y") + 3 * line
    observed = graph.observed("y")
    model = Informed(Config(), [Informant("line")])
    model.fit(graph, y, observed, Silent(), dataclasses.replace(readings, value=value))
    assert len(model.process_.inputs_) == len(readings.cell)
    at = model.predict_at(graph, Silent(), readings.cell, readings.xy)
    assert np.corrcoef(at.mean, value)[0, 1] > 0.99
    left_out = model.leave_one_out()
    assert np.corrcoef(left_out.mean, y[observed])[0, 1] > 0.98
    assert left_out.spread.mean() < left_out.anew.spread.mean()
    held = model.predict_readings(graph, Silent(), observed[:9], readings)
    own = readings.within(observed[:9])
    each = model.predict_at(graph, Silent(), observed[:9][own.cell], own.xy).mean
    assert held.mean == pytest.approx(np.bincount(own.cell, each) / np.bincount(own.cell), rel=1e-4)


def test_deviations_are_those_of_new_readings_at_places(tmp_path):
    graph, readings = field(500, noise=4.0)
    old, new = readings.within(np.arange(144)), slice(300, None)
    readings = Readings(old.cell[:300], old.xy[:300], old.value[:300])
    observed = np.unique(readings.cell)
    y = np.full(144, np.nan)
    y[observed] = np.bincount(readings.cell, readings.value)[observed]
    y[observed] /= np.bincount(readings.cell)[observed]
    graph = dataclasses.replace(graph, targets={"y": y}, readings={"y": readings})
    model = Propagation().fit(graph, y, observed, Silent(), readings=readings)
    fitted = FittedMap.learn(model, graph, "y", observed)
    # One score a cell, for tests of cells, and one a reading, left out with its cell.
    assert fitted.scores.shape == observed.shape and fitted.misses.shape == (300,)
    fitted.save(tmp_path / "m.safetensors")
    again = FittedMap.load(tmp_path / "m.safetensors")
    assert np.array_equal(again.misses, fitted.misses)
    dataclasses.replace(fitted, misses=-fitted.misses).save(tmp_path / "n.safetensors")
    with pytest.raises(FileFormatError, match="'misses' holds"):
        FittedMap.load(tmp_path / "n.safetensors")
    mean, std = again.at(graph, old.cell[new], old.xy[new], 0.9)
    inside = np.abs(old.value[new] - mean) <= 1.645 * std
    assert 0.84 < inside.mean() < 0.96
    # The values of held-out readings reach nothing.
    known = observed[::2]
    moved = readings.value + 99.0 * ~np.isin(readings.cell, known)
    other = dataclasses.replace(readings, value=moved)
    told = [
        Propagation().fit(graph, y, known, Silent(), readings=each).predict(graph, Silent()).mean
        for each in (readings, other)
    ]
    assert np.array_equal(*told)
