import dataclasses

import numpy as np
import pytest

from geohg.engine.errors import FileFormatError, FitError
from geohg.engine.models.baselines import Forest, InverseDistance, Mean
from geohg.engine.models.kriging import OrdinaryKriging
from geohg.engine.progress import Silent

from .landscapes import make_graph, observe, r2, smooth_field

MODELS = {"mean": Mean, "idw": InverseDistance, "kriging": OrdinaryKriging, "forest": Forest}


@pytest.mark.parametrize(
    ("kind", "least"), [("mean", -0.1), ("idw", 0.98), ("kriging", 0.99), ("forest", 0.97)]
)
def test_a_smooth_field_is_found(kind, least):
    graph = make_graph()
    y = smooth_field(graph)
    known, test = observe(graph, 300)
    model = MODELS[kind]().fit(graph, y, known, Silent())
    predicted = model.predict(graph, Silent())
    assert r2(predicted.mean, y, test) > least
    left_out = model.leave_one_out()
    assert r2(left_out.mean, y[known], slice(None)) > least
    assert (left_out.std > 0).all()
    state = model.state()
    again = MODELS[kind].from_state(state.tensors, state.header).predict(graph, Silent())
    np.testing.assert_allclose(again.mean, predicted.mean, rtol=1e-12)


def test_idw_weighs_by_squared_distance_in_metres():
    # Cells twice as wide as high: one neighbour is 2 km away, the other 1 km.
    graph = make_graph(rows=2, cols=2, width=2000.0, height=1000.0)
    y = np.array([np.nan, 10.0, 20.0, np.nan])
    model = InverseDistance().fit(graph, y, np.array([1, 2]), Silent())
    predicted = model.predict(graph, Silent()).mean
    assert predicted[0] == pytest.approx((10 / 4 + 20 / 1) / (1 / 4 + 1 / 1))
    np.testing.assert_allclose(predicted[1:3], [10, 20], rtol=1e-5)


def test_idw_leaves_the_cell_itself_out():
    graph = make_graph(rows=1, cols=3)
    model = InverseDistance().fit(graph, np.array([0.0, 5.0, 10.0]), np.arange(3), Silent())
    np.testing.assert_allclose(
        model.leave_one_out().mean, [(5 + 10 / 4) / 1.25, 5.0, (5 + 0) / 1.25]
    )


def test_kriging_keeps_measured_values_and_is_sure_of_them():
    graph = make_graph()
    y = smooth_field(graph)
    known, test = observe(graph, 200)
    predicted = OrdinaryKriging().fit(graph, y, known, Silent()).predict(graph, Silent())
    np.testing.assert_allclose(predicted.mean[known], y[known], atol=1e-6)
    assert predicted.std[known].max() < 1e-3 < predicted.std[test].min()


@pytest.mark.parametrize("kind", MODELS)
def test_refusals(kind):
    graph = make_graph(rows=3, cols=3)
    y = smooth_field(graph)
    with pytest.raises(FitError, match="Only 1 cells have a measured value"):
        MODELS[kind]().fit(graph, y, np.array([2]), Silent())
    y[4] = np.nan
    with pytest.raises(FitError, match="1 of the observed cells have no finite value"):
        MODELS[kind]().fit(graph, y, np.array([2, 4]), Silent())
    with pytest.raises(FileFormatError, match="holds 'other'"):
        MODELS[kind].from_state({}, {"kind": "other"})


@pytest.mark.parametrize("kind", MODELS)
@pytest.mark.parametrize(
    ("factor", "offset", "closely"),
    [(1e-300, 0, 1e-6), (1e-15, 0, 1e-6), (-1e15, 0, 1e-6), (1e300, 0, 1e-6), (1, 1e9, 1e-4)],
)
def test_the_unit_changes_nothing_but_the_unit(kind, factor, offset, closely):
    graph = make_graph()
    y = smooth_field(graph) + 0.1 * np.random.default_rng(1).normal(size=len(graph.cell))
    known, _ = observe(graph, 150)
    (one, first), (other, second) = (
        (model.predict(graph, Silent()), model.leave_one_out())
        for values in (y, factor * y + offset)
        for model in [MODELS[kind]().fit(graph, values, known, Silent())]
    )
    for before, after in ((one, other), (first, second)):
        np.testing.assert_allclose((after.mean - offset) / factor, before.mean, atol=closely)
        np.testing.assert_allclose(after.std / abs(factor), before.std, rtol=1e-4, atol=closely)


@pytest.mark.parametrize(("factor", "offset"), [(1e-15, 0), (1e30, 0), (1, 1e9)])
def test_a_forest_reads_features_in_any_unit(factor, offset):
    x = np.random.default_rng(2).normal(size=(1200, 1))
    graph = make_graph(features=x, kinds=("covariate",))
    known, test = observe(graph, 300)
    y = x[:, 0] ** 2
    changed = dataclasses.replace(graph, features=factor * x + offset)
    found = [
        Forest(trees=30).fit(one, y, known, Silent()).predict(one, Silent()).mean
        for one in (graph, changed)
    ]
    assert r2(found[1], y, test) == pytest.approx(r2(found[0], y, test), abs=0.01)


def test_the_mean_is_as_unsure_as_its_values_are_few():
    model = Mean().fit(make_graph(rows=1, cols=3), np.array([1.0, 3.0, np.nan]), [0, 1], Silent())
    predicted, left_out = model.predict(make_graph(), Silent(), [5]), model.leave_one_out()
    # Of two values the variance is 2, and that of their mean half of it.
    assert predicted.mean == pytest.approx([2.0]) and predicted.std == pytest.approx([np.sqrt(3)])
    assert left_out.mean.tolist() == [3.0, 1.0]


def test_kriging_between_two_cells_is_its_equations():
    graph = make_graph(rows=1, cols=3)
    model = OrdinaryKriging().fit(graph, np.array([1.0, np.nan, 4.0]), np.array([0, 2]), Silent())
    nugget, sill, length = model.variogram_ = np.array([0.1, 2.0, 1500.0])
    near, far = (nugget + sill * (1 - np.exp(-h / length)) for h in (1000.0, 2000.0))
    predicted = model.predict(graph, Silent())
    assert predicted.mean[1] == pytest.approx(2.5)
    # Weights of a half each, and near - far / 2 is the Lagrange multiplier.
    assert predicted.spread[1] == pytest.approx(np.sqrt(near + near - far / 2))


def test_nothing_is_known_of_noise_but_how_much_it_is():
    graph = make_graph()
    y = np.random.default_rng(4).normal(size=1200)
    known, _ = observe(graph, 400)
    kriged = OrdinaryKriging().fit(graph, y, known, Silent()).predict(graph, Silent())
    assert np.median(kriged.std) == pytest.approx(y.std(), rel=0.1)
    left_out = Forest(trees=50).fit(graph, y, known, Silent()).leave_one_out()
    assert np.mean((left_out.mean - y[known]) ** 2) > 0.95 * y[known].var()
