"""The area of applicability, where it is known what must lie outside."""

import dataclasses

import numpy as np
import pytest

from geohg.engine.data.builders.sites import Sites
from geohg.engine.errors import FileFormatError
from geohg.engine.numerics import compact
from geohg.engine.prediction.applicability import Applicability, _nearest, _whisker, is_inside
from geohg.engine.progress import Silent

from ..models.landscapes import make_graph, observe, rows_and_cols

LANDCOVER = ("landcover", "landcover")


def index_of(graph, fitted):
    return Applicability.learn(graph, fitted, Silent()).index(graph, Silent())


def two_halves(west=1.0):
    """Class A in the west, a share `west` of it, and class B in the east."""
    _, col = np.divmod(np.arange(30 * 40), 40)
    share = np.where(col < 20, west, 0.0)
    return make_graph(np.column_stack([share, 1 - share]), LANDCOVER), col


def mottled(rng, count):
    """Shares of two classes that differ from cell to cell."""
    share = rng.random(count)
    return np.column_stack([share, 1 - share])


def test_land_cover_that_no_fitted_cell_has_is_outside():
    graph, col = two_halves()
    west = np.flatnonzero(col < 12)
    fitted = np.sort(np.random.default_rng(0).choice(west, 200, replace=False))
    index = index_of(graph, fitted)
    # The widest window of a cell reaches seven cells.
    assert (index[col < 12] <= 1).mean() > 0.97
    assert (index[col >= 20] > 100).all()


def test_far_from_measured_cells_is_outside_whatever_the_land_cover():
    rng = np.random.default_rng(1)
    graph = make_graph(mottled(rng, 1200), LANDCOVER)
    _, col = rows_and_cols(graph)
    fitted = np.sort(rng.choice(np.flatnonzero(col < 15), 250, replace=False))
    index = index_of(graph, fitted)
    assert (index[col < 14] <= 1).mean() > 0.95
    assert (index[col > 25] > 1).all()
    assert np.all(np.diff(index.reshape(30, 40)[:, 30:].mean(axis=0)) > 0), "further is worse"


def test_a_map_that_is_well_sampled_is_inside():
    rng = np.random.default_rng(2)
    graph = make_graph(mottled(rng, 1200), LANDCOVER)
    fitted, others = observe(graph, 300)
    index = index_of(graph, fitted)
    assert (index[others] <= 1).mean() > 0.9
    np.testing.assert_array_equal(index[fitted], 0), "a fitted cell is like itself"


def test_a_cell_without_land_cover_is_outside():
    rng = np.random.default_rng(4)
    features = mottled(rng, 1200)
    bare = rng.choice(1200, 60, replace=False)
    features[bare] = np.nan
    graph = make_graph(features, LANDCOVER)
    fitted, others = observe(graph, 400)
    index = index_of(graph, fitted)
    assert np.isin(fitted, bare).any()
    assert (index[bare] > 1).all() and (index[bare] < 3).all(), "but not by much"
    assert (index[np.setdiff1d(others, bare)] <= 1).mean() > 0.9


def test_what_is_missing_is_like_what_is_missing_only():
    rng = np.random.default_rng(3)
    features = mottled(rng, 1200)
    _, col = np.divmod(np.arange(1200), 40)
    # Nothing was measured in the east, nor in any window around it.
    features[col >= 25] = np.nan
    graph = make_graph(features, ("covariate", "covariate"))
    fitted = np.sort(rng.choice(np.flatnonzero(col < 25), 300, replace=False))
    assert (index_of(graph, fitted)[col >= 25] > 1).all()
    both, _ = observe(graph, 400)
    assert (index_of(graph, both)[col >= 25] <= 1).mean() > 0.9


def test_without_features_only_the_distance_counts():
    graph = make_graph()
    row, col = rows_and_cols(graph)
    fitted = np.flatnonzero((row % 3 == 0) & (col % 3 == 0) & (col < 20))
    index = index_of(graph, fitted)
    # Fitted cells are three cells apart, or six across folds at the most.
    assert (index[col < 20] <= 1).all() and (index[col > 26] > 1).all()


def test_cells_on_no_grid_have_an_area_too():
    rng = np.random.default_rng(4)
    near, far = rng.uniform(0, 1e4, (150, 2)), rng.uniform(1e5, 1.1e5, (50, 2))
    graph = make_graph(np.zeros((200, 0)), cell=np.arange(200))
    graph = type(graph)(
        **{
            **vars(graph),
            "geometry": Sites("EPSG:32631", np.vstack([near, far])),
            "near": np.zeros((2, 0), np.int64),
        }
    )
    index = index_of(graph, np.arange(100))
    assert (index[100:150] <= 1).mean() > 0.9 and (index[150:] > 10).all()


def test_it_leaves_as_arrays_and_comes_back():
    rng = np.random.default_rng(5)
    graph = make_graph(mottled(rng, 1200), LANDCOVER)
    learnt = Applicability.learn(graph, observe(graph, 200)[0], Silent())
    again = Applicability.from_arrays(learnt.arrays())
    np.testing.assert_array_equal(again.index(graph, Silent()), learnt.index(graph, Silent()))


def test_refuses_a_graph_of_other_features():
    rng = np.random.default_rng(6)
    graph = make_graph(mottled(rng, 1200), LANDCOVER)
    learnt = Applicability.learn(graph, observe(graph, 200)[0], Silent())
    with pytest.raises(FileFormatError, match="15 columns of features, this graph gives 0"):
        learnt.index(make_graph(), Silent())


@pytest.mark.parametrize(("factor", "offset"), [(1e-30, 0.0), (1e15, 0.0), (1.0, 1e9)])
def test_the_unit_of_a_covariate_changes_no_index(factor, offset):
    x = np.random.default_rng(4).normal(size=(1200, 1)).cumsum(axis=0)
    graph = make_graph(features=x, kinds=("covariate",))
    changed = dataclasses.replace(
        graph, features=compact(factor * graph.features.astype(float) + offset)
    )
    fitted = np.arange(0, 600, 3)
    expected, found = (
        Applicability.learn(one, fitted, Silent()).index(one, Silent()) for one in (graph, changed)
    )
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-3)


def test_the_threshold_is_the_upper_whisker_of_what_is_apart():
    # Of 1, 2, 3, 4, 5 and 100 the quartiles are 2.25 and 4.75.
    distance = np.array([0.0, np.inf, 1, 2, 3, 4, 5, 100])
    assert _whisker(distance) == 4.75 + 1.5 * 2.5
    assert _whisker(distance[:-1]) == 5.0, "at most the largest"
    assert _whisker(np.zeros(9)) == 0.0


def test_the_next_cell_is_never_too_far():
    graph = make_graph()
    learnt = Applicability.learn(graph, np.arange(1200), Silent())
    assert learnt.reach[1] == pytest.approx(np.hypot(1000.0, 1000.0))


@pytest.mark.parametrize("width", [2, 3])
def test_the_nearest_is_as_far_as_a_ruler_says(width):
    others = np.array([[3.0, 4.0, 0.0], [9.0, 9.0, 9.0]])[:, :width]
    assert _nearest(np.array([[np.nan, 0.0, 0.0]])[:, :width], others).tolist() == [5.0]


def test_the_threshold_itself_is_inside():
    assert is_inside(np.array([0.0, 1.0, 1.001, 2.0])).tolist() == [True, True, False, False]
