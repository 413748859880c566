import dataclasses
import json

import numpy as np
import pytest
import torch

from geohg.engine.data.builders.grid import Grid
from geohg.engine.errors import Cancelled, FileFormatError, FitError
from geohg.engine.models.conditioning import Conditioned, cholesky, negative_log_likelihood
from geohg.engine.models.kernel import Inputs, Kernel
from geohg.engine.models.kriging import OrdinaryKriging
from geohg.engine.models.local import LocallyConditioned, tiles
from geohg.engine.models.propagation import Propagation
from geohg.engine.progress import Silent

from ..conftest import Recorder
from .landscapes import UTM, make_graph, observe, r2, rows_and_cols, smooth_field


def patchy_landscape(seed=0):
    """Land cover in patches of one cell, which set the target but for noise."""
    rng = np.random.default_rng(seed)
    share = rng.dirichlet([0.4, 0.4, 0.4], size=1200)
    graph = make_graph(share, ("landcover",) * 3)
    return graph, 50 * share[:, 0] - 30 * share[:, 1] + rng.normal(size=1200)


def known_kernel(groups=2, columns=3):
    group = torch.arange(columns) % groups
    return Kernel.start(group, groups, 0.03)


def random_inputs(count, columns=3, seed=0):
    generator = torch.Generator().manual_seed(seed)
    place = 20 * torch.rand(count, 2, generator=generator)
    return Inputs(place, torch.randn(count, columns, generator=generator))


def covariance_of_one_pair(kernel, one, other):
    """The formula of the class, number by number."""
    v = np.exp(kernel.log_variance.numpy().astype(float))
    length = np.exp(kernel.log_length.numpy().astype(float))
    apart = np.linalg.norm(one.place[0].numpy() - other.place[0].numpy())
    weight = [np.exp(scale[kernel.group].numpy() / 2) for scale in kernel.parameters[:2]]
    step = (one.x[0] - other.x[0]).numpy()
    a, b = (np.linalg.norm(w * step) for w in weight)
    near = v[0] * np.exp(-apart / length[0]) + v[3] * np.exp(-apart / length[2])
    return near + v[1] * np.exp(-apart / length[1] - a) + v[2] * np.exp(-b)


def test_the_kernel_is_its_formula():
    kernel = known_kernel()
    inputs = random_inputs(2)
    expected = covariance_of_one_pair(kernel, inputs[:1], inputs[1:])
    found = kernel.covariance(inputs[:1], inputs[1:])
    assert found.item() == pytest.approx(expected, rel=1e-4)
    assert kernel.covariance(inputs[:1], inputs[:1]).item() == pytest.approx(1.1, rel=1e-2)


def test_likelihood_is_that_of_the_normal_distribution():
    kernel, inputs, values = known_kernel(), random_inputs(20), torch.randn(20)
    matrix = kernel.covariance(inputs, inputs) + kernel.noise * torch.eye(20)
    normal = torch.distributions.MultivariateNormal(torch.zeros(20), matrix)
    expected = -normal.log_prob(values) / 20 - np.log(2 * np.pi) / 2
    found = negative_log_likelihood(kernel, inputs, values, Silent())
    assert found.item() == pytest.approx(expected.item(), rel=1e-4)


def test_leave_one_out_is_what_refitting_without_the_cell_gives():
    kernel, inputs, values = known_kernel(), random_inputs(25), torch.randn(25)
    whole = Conditioned(kernel, inputs, values, Silent())
    mean, _ = whole.leave_one_out()
    for left in (0, 7, 24):
        others = torch.arange(25) != left
        part = Conditioned(kernel, inputs[others], values[others], Silent())
        expected, _ = part.predict(inputs[left : left + 1])
        assert mean[left].item() == pytest.approx(expected.item(), abs=1e-4)


def test_a_singular_covariance_is_mended_with_a_warning_or_refused():
    watched = Recorder()
    factor = cholesky(torch.ones(50, 50) - 1e-5 * torch.eye(50), watched)
    assert torch.isfinite(factor).all()
    assert "nearly singular" in watched.warnings[0]
    with pytest.raises(FitError, match="singular"):
        cholesky(-torch.eye(3), Silent())


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
    known, _ = observe(graph, 700)
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
    whole = make_graph(crs="EPSG:4326", width=0.02, height=0.01)
    y = smooth_field(whole, noise=0.5)
    known, _ = observe(whole, 150)
    model = Propagation().fit(whole, y, known, Silent())
    expected = model.predict(whole, Silent()).mean.reshape(30, 40)[:, :10]
    part = make_graph(crs="EPSG:4326", width=0.02, height=0.01, cols=10)
    found = model.predict(part, Silent()).mean.reshape(30, 10)
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_cancelling_stops_it():
    graph, y = patchy_landscape()
    known, _ = observe(graph, 100)
    with pytest.raises(Cancelled):
        Propagation().fit(graph, y, known, Recorder(lambda seen: True))


def test_tiles_cover_every_place_once_and_are_compact():
    row, col = rows_and_cols(make_graph())
    place = torch.from_numpy(np.column_stack([col, row]))
    found = list(tiles(place, 100))
    assert sorted(torch.cat(found).tolist()) == list(range(1200))
    assert max(len(tile) for tile in found) <= 100
    assert max(float(np.ptp(place[tile].numpy(), axis=0).max()) for tile in found) <= 15


def test_local_conditioning_agrees_with_exact():
    graph, patchy = patchy_landscape()
    y = patchy + smooth_field(graph)
    known, test = observe(graph, 1100)
    model = Propagation().fit(graph, y, known, Silent())
    exact, left_out = model.predict(graph, Silent()), model.leave_one_out()
    model._conditioned = None
    parts = (model.kernel_, model.inputs_, model.values_, 0, Silent())
    local = LocallyConditioned(*parts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("geohg.engine.models.propagation._EXACT_BELOW", 0)
        model._conditioned = local
        found = model.predict(graph, Silent())
        again = model.leave_one_out()
    assert np.sqrt(np.mean((found.mean - exact.mean) ** 2)) < 0.03 * y.std()
    assert np.sqrt(np.mean((again.mean - left_out.mean) ** 2)) < 0.03 * y.std()
    assert 0.9 < np.median(found.std / exact.std) < 1.1
    assert r2(found.mean, y, test) > r2(exact.mean, y, test) - 0.005


@pytest.mark.parametrize("offset", [0.0, 5.4e6 + 1 / 3])
def test_small_cells_far_from_the_origin_keep_their_places(offset):
    # A tenth of a metre wide: in float32, places so far north lie on steps of four cells.
    grid = Grid(UTM, 5e5 + 1 / 7, offset + 3.0, 0.1, 0.1, 30, 40)
    graph = dataclasses.replace(make_graph(), places=grid)
    y = smooth_field(graph)
    known, test = observe(graph, 300)
    model = Propagation().fit(graph, y, known, Silent())
    row, col = rows_and_cols(graph)
    place = model.inputs_.place.numpy() - model.inputs_.place.numpy()[0]
    across = col[known] - col[known[0]]
    np.testing.assert_allclose(place[:, 0], across, atol=1e-4)
    np.testing.assert_allclose(place[:, 1], row[known[0]] - row[known], atol=1e-4)
    state = model.state()
    again = Propagation.from_state(state.tensors, state.header).predict(graph, Silent()).mean
    np.testing.assert_allclose(again, model.predict(graph, Silent()).mean, rtol=1e-6)
    assert r2(again, y, test) > 0.99


def test_a_model_file_of_before_measures_places_from_the_origin_of_the_crs():
    graph = make_graph()
    y = smooth_field(graph)
    known, _ = observe(graph, 60)
    model = Propagation().fit(graph, y, known, Silent())
    state = model.state()
    origin = np.array(state.header.pop("origin_m")) / model.unit_
    state.tensors["place"] = (state.tensors["place"] + origin).astype(np.float32)
    again = Propagation.from_state(state.tensors, state.header).predict(graph, Silent()).mean
    np.testing.assert_allclose(again, model.predict(graph, Silent()).mean, rtol=1e-4)
