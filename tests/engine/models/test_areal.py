"""The model of values of areas: against dense algebra, and on data of known truth."""

import dataclasses

import numpy as np
import pytest
import torch

from geohg.engine.data.builders.areas import Areas
from geohg.engine.data.transforms import TargetTransform
from geohg.engine.errors import FitError, InputError
from geohg.engine.models.areal import Areal
from geohg.engine.models.areal_fit import NOISE, Nodes, settle
from geohg.engine.models.areal_pairs import spread_within
from geohg.engine.models.areal_scales import expected, keeping, scale_of_areas
from geohg.engine.models.kernel import Kernel
from geohg.engine.models.likelihood import negative_log_likelihood
from geohg.engine.prediction.uncertainty import Calibration
from geohg.engine.progress import Silent

from ..conftest import Recorder
from .landscapes import make_graph, r2, rows_and_cols
from .test_likelihood import off_start, random_inputs

ROWS, COLS, SIDE = 12, 16, 4


def squares(values, kept=False, side=SIDE):
    """The means of squares of cells of a grid of ROWS x COLS."""
    row, col = np.divmod(np.arange(ROWS * COLS), COLS)
    square = row // side * (COLS // side) + col // side
    order = np.argsort(square, kind="stable")
    count = np.bincount(square)
    share = (1 / count)[square[order]]
    mean = np.bincount(square, values) / count
    return Areas(square[order], order, share, mean, np.full(len(mean), kept))


@pytest.fixture(scope="module")
def graph():
    """Patches of land cover over ROWS x COLS cells."""
    share = np.random.default_rng(2).dirichlet([0.5, 0.5, 0.5], ROWS * COLS)
    return make_graph(share, ("landcover",) * 3, ROWS, COLS)


@pytest.fixture(scope="module")
def truth(graph):
    """Positive values that follow the first class, and rise to the east."""
    _, col = rows_and_cols(graph)
    return np.exp(2.5 * graph.features[:, 0].astype(float) + col / COLS)


def kernel_of(model):
    """Another kernel than the fit would find, for tests of the algebra alone."""
    group = model.kernel_.group
    return Kernel.start(group, int(group.max()) + 1)


def fitted(graph, areas, **options):
    return Areal(**options).fit(graph, areas.value, areas.cells, Silent(), areas)


@pytest.fixture(scope="module")
def linear(graph, truth):
    """A model on a straight scale, its areas, and a dense matrix of these."""
    areas = squares(truth)
    model = fitted(graph, areas, transform="identity")
    kernel = kernel_of(model)
    model = Areal("identity").fit(graph, truth, areas.cells, Silent(), areas, kernel)
    dense = np.zeros((len(areas), len(truth)))
    dense[areas.row, areas.cell] = areas.share
    return model, areas, dense


def covariance(model, graph):
    inputs = model._inputs(graph, Silent(), None)
    return model.kernel_.covariance(inputs, inputs).double().numpy()


def dense_posterior(model, graph, weights, values):
    """Mean and variance of a new value of each cell, by plain algebra."""
    prior = covariance(model, graph)
    noise, mean = float(model.kernel_.log_variance[4].exp()), float(model.kernel_.mean)
    matrix = weights @ prior @ weights.T
    matrix += np.diag(noise * (weights**2).sum(axis=1) + NOISE)
    gain = prior @ weights.T @ np.linalg.inv(matrix)
    left = prior.diagonal() - (gain @ weights @ prior).diagonal()
    return mean + gain @ (values - mean), left + float(model.kernel_.noise), matrix


def test_a_straight_posterior_is_that_of_dense_algebra(linear, graph):
    model, areas, dense = linear
    values = model.transform_.forward(areas.value)
    location, variance, _ = dense_posterior(model, graph, dense, values)
    found = model.predict(graph, Silent())
    np.testing.assert_allclose(found.location, location, atol=2e-4)
    np.testing.assert_allclose(found.spread**2, variance, rtol=5e-3)
    wrong, _, _ = dense_posterior(model, graph, dense, -values)
    assert np.abs(found.location - wrong).max() > 0.1


def test_an_area_is_left_out_as_if_it_had_not_been_there(linear, graph):
    model, areas, dense = linear
    values = model.transform_.forward(areas.value)
    others = np.arange(1, len(areas))
    location, _, _ = dense_posterior(model, graph, dense[others], values[others])
    _, _, matrix = dense_posterior(model, graph, dense, values)
    variance = 1 / np.linalg.inv(matrix)[0, 0]
    wanted = abs(values[0] - dense[0] @ location) / np.sqrt(variance)
    plain = abs(model.values_[0] - (values[0] - (values[0] - dense[0] @ location)))
    assert plain / np.sqrt(variance) == pytest.approx(wanted, rel=1e-6)
    assert model._left[1][0] == pytest.approx(variance, rel=1e-3)


def test_the_spread_within_a_pair_is_told_as_by_dense_algebra(linear, graph):
    model, areas, dense = linear
    values = model.transform_.forward(areas.value)
    _, _, matrix = dense_posterior(model, graph, dense, values)
    mean, inverse = float(model.kernel_.mean), np.linalg.inv(matrix)
    middle = np.column_stack([np.cumsum(np.arange(len(areas))), np.zeros(len(areas))])
    error, variance = spread_within(middle, inverse, inverse @ (values - mean))
    for one in (0, 4):
        other = max(one - 1, 1 - one)  # the nearest of places that lie ever farther apart
        told = np.delete(np.eye(len(values)), [one, other], axis=0)
        both = np.zeros(len(values))
        both[[one, other]] = 0.5
        told = np.vstack([told, both])
        asked = np.zeros(len(values))
        asked[one], asked[other] = 1.0, -1.0
        gain = asked @ matrix @ told.T @ np.linalg.inv(told @ matrix @ told.T)
        away = asked - gain @ told
        assert error[one] == pytest.approx(away @ (values - mean), rel=1e-6)
        assert variance[one] == pytest.approx(away @ matrix @ asked, rel=1e-6)


def test_the_likelihood_of_areas_is_that_of_the_normal_distribution():
    kernel, inputs = off_start(2, 3), random_inputs(12).to(torch.float64)
    areas = torch.zeros(4, 12, dtype=torch.float64)
    areas[torch.arange(12) // 3, torch.arange(12)] = torch.linspace(0.2, 1, 12, dtype=torch.float64)
    values = torch.randn(4, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    noise = torch.full((4,), 0.05, dtype=torch.float64)
    kernel = kernel.map(lambda part: part.requires_grad_())
    matrix = areas @ kernel.covariance(inputs, inputs) @ areas.T + torch.diag(noise)
    normal = torch.distributions.MultivariateNormal(kernel.mean.expand(4), matrix)
    wanted = -normal.log_prob(values) / 4 - np.log(2 * np.pi) / 2
    found = negative_log_likelihood(kernel, inputs, values, Silent(), areas, noise)
    assert found.item() == pytest.approx(wanted.item(), rel=1e-3, abs=1e-4)
    learnt = (kernel.scale_a, kernel.scale_b, kernel.log_length, kernel.mean, kernel.stretch)
    ours, theirs = (torch.autograd.grad(each, learnt) for each in (found, wanted))
    for own, other in zip(ours, theirs):
        np.testing.assert_allclose(own, other, rtol=5e-3, atol=3e-4)


def test_a_logarithm_settles_where_its_moments_say(graph, truth):
    """Around the map, each area is told by the slope of the mean of log-normal cells."""
    areas = squares(truth)
    scale = scale_of_areas("log", areas)
    model = fitted(graph, areas, transform="log")
    kernel, nodes = model.kernel_, Nodes.of(areas, graph.cell, COLS)
    begin = scale.forward(areas.value)[areas.row], np.zeros(len(areas.row))
    location, spread, _ = settle(kernel, scale, nodes, model.inputs_, begin, Silent())
    order = nodes.areas.cell
    middle, width = np.empty(len(order)), np.empty(len(order))
    middle[order], width[order] = location, spread
    s, unit = scale.scale, np.exp(np.log(areas.value).mean())
    mean = unit * np.exp(s * middle + s**2 * width**2 / 2)
    dense = np.zeros((len(areas), len(truth)))
    dense[areas.row, areas.cell] = areas.share
    steep = dense * (s * mean)
    total = steep.sum(axis=1)
    weights = steep / total[:, None]
    values = (areas.value - dense @ mean) / total + weights @ middle
    found, variance, _ = dense_posterior(model, graph, weights, values)
    np.testing.assert_allclose(middle, found, atol=5e-3)
    np.testing.assert_allclose(width**2, variance, rtol=1e-2)
    np.testing.assert_allclose(dense @ mean, areas.value, rtol=0.2)


@pytest.mark.parametrize("kind", ["identity", "log", "auto"])
def test_totals_are_kept(graph, truth, kind):
    areas = squares(truth, kept=True)
    model = fitted(graph, areas, transform=kind)
    found = model.predict(graph, Silent()).mean
    np.testing.assert_allclose(areas.mean(found[areas.cell]), areas.value, rtol=1e-6)
    if kind != "identity":
        assert found.min() >= 0


@pytest.mark.parametrize("kind", ["identity", "log"])
def test_totals_are_kept_in_a_map_of_other_cells_too(graph, truth, kind):
    areas = squares(truth, kept=True)
    areas = areas[np.arange(len(areas) - 1)]
    model = fitted(graph, areas, transform=kind)
    found = model.predict(graph, Silent()).mean
    missed = areas.mean(found[areas.cell]) / areas.value - 1
    assert np.abs(missed).max() < 1e-6


def test_without_being_kept_totals_are_near(graph, truth):
    areas = squares(truth)
    found = fitted(graph, areas).predict(graph, Silent()).mean
    missed = np.abs(areas.mean(found[areas.cell]) / areas.value - 1)
    assert 1e-6 < missed.max() < 0.2


def test_values_that_contradict_each_other_are_told(graph, truth):
    areas = squares(truth, kept=True)
    again = dataclasses.replace(areas, value=areas.value * np.linspace(1.0, 1.5, len(areas)))
    told = Recorder()
    both = areas.and_also(again)
    Areal().fit(graph, truth, both.cells, told, both)
    assert any("not kept exactly" in text for text in told.warnings)


def test_cells_are_nearer_to_the_truth_than_their_area_is(graph, truth):
    areas = squares(truth, kept=True, side=2)
    found = fitted(graph, areas).predict(graph, Silent())
    every = np.arange(len(truth))
    flat = areas.flat(len(truth))
    assert r2(found.mean, truth, every) > 0.8 > r2(flat, truth, every) + 0.3


def test_a_file_gives_the_same_map(graph, truth):
    areas = squares(truth, kept=True)
    model = fitted(graph, areas)
    state = model.state()
    Areal.check_state(state.tensors, state.header, {})
    again = Areal.from_state(state.tensors, state.header)
    one, other = (each.predict(graph, Silent()) for each in (model, again))
    np.testing.assert_array_equal(one.location, other.location)
    np.testing.assert_array_equal(one.spread, other.spread)
    np.testing.assert_allclose(model.misses_, again.misses_)


def test_a_state_without_an_area_is_refused(graph, truth):
    state = fitted(graph, squares(truth)).state()
    state.tensors["row"] = np.maximum(state.tensors["row"], 1)
    with pytest.raises(InputError, match="'row' is not what it was"):
        Areal.check_state(state.tensors, state.header, {})


def test_points_and_areas_together_tell_more_of_other_cells_than_either(graph, truth):
    areas, points = squares(truth), np.arange(0, len(truth), 10)
    alone = Areas.of_cells(truth, points)
    others = np.setdiff1d(np.arange(len(truth)), points)
    both, *either = (
        r2(fitted(graph, told).predict(graph, Silent()).mean, truth, others)
        for told in (areas.and_also(alone), areas, alone)
    )
    assert both > max(either) + 0.02


def test_a_large_area_is_told_by_some_of_its_cells(graph, truth):
    areas = squares(truth)
    row, cell, share = areas.row, areas.cell, areas.share
    many = Areas(row, cell, share, areas.value, areas.kept)
    nodes = Nodes.of(many, graph.cell, COLS)
    assert nodes.times == pytest.approx(np.ones(len(cell)))
    few = nodes.fewer()
    count = np.bincount(nodes.areas.row[few])
    assert (count == 12).all()


def test_points_beside_areas_take_no_nodes_from_them(graph, truth):
    areas = squares(truth)
    both = areas.and_also(Areas.of_cells(truth, np.arange(len(truth))))
    alone, beside = (Nodes.of(each, graph.cell, COLS) for each in (areas, both))
    own = beside.areas.row < len(areas)
    np.testing.assert_array_equal(beside.areas.cell[own], alone.areas.cell)
    few = beside.areas.row[beside.fewer()]
    np.testing.assert_array_equal(few[few < len(areas)], alone.areas.row[alone.fewer()])


def test_the_correlation_of_cells_is_that_of_dense_algebra(linear, graph):
    model, areas, dense = linear
    values = model.transform_.forward(areas.value)
    prior = covariance(model, graph)
    _, variance, matrix = dense_posterior(model, graph, dense, values)
    left = prior - prior @ dense.T @ np.linalg.inv(matrix) @ dense @ prior
    some = np.array([0, 1, 40])
    (found,) = model.correlations(graph, Silent(), [some])
    wide = np.sqrt(variance[some])
    wanted = left[np.ix_(some, some)] / wide[:, None] / wide
    np.fill_diagonal(wanted, 1.0)
    np.testing.assert_allclose(found, wanted, atol=2e-3)


def test_held_out_areas_are_predicted_with_an_honest_deviation(graph, truth):
    areas = squares(truth, side=2)
    known, held = np.arange(0, len(areas), 2), np.arange(1, len(areas), 2)
    model = fitted(graph, areas[known])
    found = model.predict_areas(graph, areas[held], Silent())
    score = (model.transform_.forward(areas.value[held]) - found.location) / found.spread
    assert np.mean(np.abs(score) < 2) > 0.8
    assert r2(found.mean, areas.value[held], np.arange(len(held))) > 0.7


def test_intervals_hold_the_cells_of_fields_with_the_kernel_of_the_model(linear, graph):
    """Whatever the unit of the fields, which the deviation of areas alone cannot tell."""
    kernel, cells = linear[0].kernel_, covariance(linear[0], graph)
    cells.flat[:: len(cells) + 1] += float(kernel.noise)
    root = np.linalg.cholesky(cells)
    normal = np.random.default_rng(7).standard_normal((len(cells), 16))
    held = []
    for field in (3.0 * root @ normal).T:
        areas = squares(field, kept=True, side=2)
        model = Areal("identity").fit(graph, field, areas.cells, Silent(), areas, kernel)
        found = model.predict(graph, Silent())
        calibration = Calibration.learn(model.leave_one_out().misses, 0.9)
        inside = (calibration.lower(found) <= field) & (field <= calibration.upper(found))
        held.append(inside.mean())

    assert np.mean(held) == pytest.approx(0.9, abs=0.03)


def test_a_shift_on_a_logarithm_is_a_factor(truth):
    areas = squares(truth, kept=True)
    scale = TargetTransform.learn(truth, "log")
    location, spread = np.zeros(len(truth)), np.full(len(truth), 0.3)
    shift, missed = keeping(scale, areas, location, spread)
    before, after = (expected(scale, location + part, spread)[0] for part in (0.0, shift))
    ratio = (after / before)[areas.cell]
    for number in range(len(areas)):
        assert np.ptp(ratio[areas.row == number]) < 1e-6
    assert missed.max() < 1e-6


@pytest.mark.parametrize(("kind", "value"), [("log", 0.0), ("yeo-johnson", -1.0)])
def test_a_value_that_a_scale_has_no_place_for_is_refused(truth, kind, value):
    areas = squares(truth)
    areas.value[2] = value
    with pytest.raises(InputError, match=f"no place for, such as {value:g}"):
        scale_of_areas(kind, areas)


def test_other_scales_are_refused(truth):
    with pytest.raises(InputError, match="not read on the scale 'paper'"):
        scale_of_areas("paper", squares(truth))


def test_too_few_areas_are_refused(graph, truth):
    with pytest.raises(FitError, match="5 polygons or points with different values"):
        fitted(graph, squares(truth)[np.arange(3)])


def test_too_many_areas_are_refused(graph, truth, monkeypatch):
    monkeypatch.setattr("geohg.engine.models.areal.MOST_AREAS", 8)
    with pytest.raises(FitError, match="at most 8 can be read together"):
        fitted(graph, squares(truth))
