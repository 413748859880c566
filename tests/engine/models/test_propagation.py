import dataclasses
import json

import numpy as np
import pytest

from geohg.engine.data.builders.grid import Grid
from geohg.engine.errors import Cancelled, FileFormatError
from geohg.engine.models.kriging import OrdinaryKriging
from geohg.engine.models.propagation import Propagation
from geohg.engine.progress import Silent

from ..conftest import Recorder
from .landscapes import (
    UTM,
    make_graph,
    observe,
    patchy_landscape,
    r2,
    rows_and_cols,
    smooth_field,
)


def test_it_falls_back_to_kriging_without_features():
    graph = make_graph()
    y = smooth_field(graph, noise=1.0)
    known, test = observe(graph, 250)
    ours = Propagation().fit(graph, y, known, Silent()).predict(graph, Silent())
    kriged = OrdinaryKriging().fit(graph, y, known, Silent()).predict(graph, Silent())
    assert r2(ours.mean, y, test) > r2(kriged.mean, y, test) - 0.005
    assert 0.8 < np.mean(np.abs(y - ours.mean)[test] < 1.645 * ours.std[test]) <= 1.0


def test_land_cover_tells_what_neighbours_cannot():
    graph, y = patchy_landscape()
    known, test = observe(graph, 250)
    model = Propagation().fit(graph, y, known, Silent())
    assert r2(model.predict(graph, Silent()).mean, y, test) > 0.9
    left_out = model.leave_one_out()
    assert r2(left_out.mean, y[known], slice(None)) > 0.9
    kriged = OrdinaryKriging().fit(graph, y, known, Silent()).predict(graph, Silent())
    assert r2(kriged.mean, y, test) < 0.1


def test_the_spread_follows_the_noise():
    graph = make_graph()
    _, col = rows_and_cols(graph)
    y = smooth_field(graph) + np.where(col < 20, 0.3, 6.0) * np.random.default_rng(3).normal(
        size=1200
    )
    known, _ = observe(graph, 500)
    std = Propagation().fit(graph, y, known, Silent()).predict(graph, Silent()).std
    assert std[col > 25].mean() > 1.7 * std[col < 15].mean()


def test_where_there_is_nothing_but_noise_it_stays_near_the_mean():
    graph, rng = make_graph(), np.random.default_rng(3)
    known = rng.permutation(1200)[:400]
    y = rng.normal(size=1200)
    mean = Propagation().fit(graph, y, known, Silent()).predict(graph, Silent()).mean
    # Starting from one small noise for all targets, a fit leaves a variance of 0.2.
    assert np.delete(mean, known).var() < 0.02


def test_the_target_s_unit_changes_nothing_but_the_unit():
    graph, y = patchy_landscape()
    known, _ = observe(graph, 150)
    one = Propagation("identity").fit(graph, y, known, Silent()).predict(graph, Silent())
    other = Propagation("identity").fit(graph, 1e6 * y + 5e7, known, Silent())
    other = other.predict(graph, Silent())
    np.testing.assert_allclose(other.mean, 1e6 * one.mean + 5e7, rtol=1e-4)
    np.testing.assert_allclose(other.std, 1e6 * one.std, rtol=1e-2)


@pytest.mark.parametrize("count", [2, 5, 10, 30])
def test_few_observed_cells_are_enough_to_run(count):
    graph, y = patchy_landscape()
    known, _ = observe(graph, count)
    model = Propagation().fit(graph, y, known, Silent())
    predicted = model.predict(graph, Silent())
    assert np.isfinite(predicted.mean).all()
    assert (predicted.std > 0).all()
    assert predicted.mean.min() > y[known].min() - 2 * np.ptp(y[known])
    assert predicted.mean.max() < y[known].max() + 2 * np.ptp(y[known])
    assert np.isfinite(model.leave_one_out().mean).all()


def test_a_constant_target_is_predicted_as_it_is():
    graph, _ = patchy_landscape()
    known, _ = observe(graph, 20)
    model = Propagation().fit(graph, np.full(1200, 7.0), known, Silent())
    np.testing.assert_allclose(model.predict(graph, Silent()).mean, 7.0, atol=1e-6)


def test_missing_features_and_cells_are_not_zeros():
    graph, y = patchy_landscape()
    hole = np.random.default_rng(5).random(1200) < 0.1
    features = graph.features.copy()
    features[hole] = np.nan
    ragged = np.flatnonzero(np.random.default_rng(6).random(1200) < 0.9)
    graph = make_graph(features[ragged], graph.feature_kinds, cell=ragged)
    y, hole = y[ragged], hole[ragged]
    known, test = observe(graph, 300)
    mean = Propagation().fit(graph, y, known, Silent()).predict(graph, Silent()).mean
    assert r2(mean, y, test[~hole[test]]) > 0.85
    # Nothing is known of the others but what is common.
    assert np.abs(mean[hole] - y.mean()).max() < 2 * y.std()


def test_degrees_and_metres_give_the_same_map():
    y = smooth_field(make_graph(), noise=0.5)
    known, _ = observe(make_graph(), 200)
    # At 60 degrees north, a degree of longitude is half as long as one of latitude.
    metres = make_graph(width=1000.0, height=1000.0)
    degrees = make_graph(crs="EPSG:4326", width=0.018, height=0.009, rows=30, cols=40)
    object.__setattr__(degrees.grid, "top", 60.135)
    maps = [
        Propagation().fit(graph, y, known, Silent()).predict(graph, Silent()).mean
        for graph in (metres, degrees)
    ]
    assert np.abs(maps[0] - maps[1]).max() < 0.5


def test_the_order_of_observed_cells_and_the_seed():
    graph, y = patchy_landscape()
    known, _ = observe(graph, 300)
    means = [
        Propagation(seed=seed).fit(graph, y, cells, Silent()).predict(graph, Silent()).mean
        for seed, cells in ((1, known), (1, known), (2, known))
    ]
    np.testing.assert_array_equal(means[0], means[1])
    assert np.abs(means[0] - means[2]).max() < 0.1 * y.std()
    few = known[:200]
    one, other = (
        Propagation().fit(graph, y, cells, Silent()).predict(graph, Silent()).mean
        for cells in (few, few[::-1].copy())
    )
    np.testing.assert_allclose(one, other, atol=0.01 * y.std())


def test_state_gives_the_model_back_and_another_graph_is_refused():
    graph, y = patchy_landscape()
    known, _ = observe(graph, 100)
    model = Propagation("log").fit(graph, y + 200, known, Silent())
    state = model.state()
    again = Propagation.from_state(state.tensors, json.loads(json.dumps(state.header)))
    for one, other in (
        (model.predict(graph, Silent()), again.predict(graph, Silent())),
        (model.leave_one_out(), again.leave_one_out()),
    ):
        np.testing.assert_array_equal(one.mean, other.mean)
        np.testing.assert_array_equal(one.std, other.std)
    with pytest.raises(FileFormatError, match="fitted to the features f0, f1, f2"):
        again.predict(make_graph(), Silent())


def test_a_part_of_the_map_is_predicted_as_in_the_whole():
    graph = make_graph(crs="EPSG:4326", width=0.02, height=0.01)
    y = smooth_field(graph, noise=0.5)
    known, _ = observe(graph, 150)
    model = Propagation().fit(graph, y, known, Silent())
    expected = model.predict(graph, Silent()).mean.reshape(30, 40)[:, :10]
    part = make_graph(crs="EPSG:4326", width=0.02, height=0.01, cols=10)
    found = model.predict(part, Silent()).mean.reshape(30, 10)
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_cancelling_stops_it():
    graph, y = patchy_landscape()
    known, _ = observe(graph, 100)
    with pytest.raises(Cancelled):
        Propagation().fit(graph, y, known, Recorder(lambda seen: True))


@pytest.mark.parametrize("offset", [0.0, 5.4e6 + 1 / 3])
def test_small_cells_far_from_the_origin_keep_their_positions(offset):
    # A tenth of a metre wide: in float32, positions so far north lie on steps of four cells.
    grid = Grid(UTM, 5e5 + 1 / 7, offset + 3.0, 0.1, 0.1, 30, 40)
    graph = dataclasses.replace(make_graph(), geometry=grid)
    y = smooth_field(graph)
    known, test = observe(graph, 300)
    model = Propagation().fit(graph, y, known, Silent())
    row, col = rows_and_cols(graph)
    position = model.inputs_.position.numpy() - model.inputs_.position.numpy()[0]
    across = col[known] - col[known[0]]
    np.testing.assert_allclose(position[:, 0], across, atol=1e-4)
    np.testing.assert_allclose(position[:, 1], row[known[0]] - row[known], atol=1e-4)
    state = model.state()
    again = Propagation.from_state(state.tensors, state.header).predict(graph, Silent()).mean
    np.testing.assert_allclose(again, model.predict(graph, Silent()).mean, rtol=1e-6)
    assert r2(again, y, test) > 0.99


def test_a_model_file_of_before_measures_positions_from_the_origin_of_the_crs():
    graph = make_graph()
    y = smooth_field(graph)
    known, _ = observe(graph, 60)
    model = Propagation().fit(graph, y, known, Silent())
    state = model.state()
    origin = np.array(state.header.pop("origin_m")) / model.scaling_.unit
    state.tensors["place"] = (state.tensors["place"] + origin).astype(np.float32)
    again = Propagation.from_state(state.tensors, state.header).predict(graph, Silent()).mean
    np.testing.assert_allclose(again, model.predict(graph, Silent()).mean, rtol=1e-4)


def test_observed_cells_vary_by_one_in_each_group_whatever_the_others_do():
    rng = np.random.default_rng(8)
    features = np.column_stack([rng.dirichlet([1.0, 1.0], 1200), 1e3 * rng.normal(size=1200)])
    west = np.flatnonzero(np.arange(1200) % 40 < 12)
    features[np.arange(1200) % 40 >= 20] = 0.0
    graph = make_graph(features, ("landcover", "landcover", "covariate"))
    model = Propagation()
    kernel = model.prepare(graph, smooth_field(graph), west, Silent())
    varies = model.inputs_.x.double().numpy().var(axis=0)
    np.testing.assert_allclose(np.bincount(kernel.group, varies), 1.0, rtol=1e-4)
    np.testing.assert_allclose(model.inputs_.x.mean(axis=0), 0.0, atol=1e-4)
