import dataclasses

import numpy as np
import pytest

from geohg.engine.data.builders.sites import Sites
from geohg.engine.models.kernel_inputs import InputScaling
from geohg.engine.models.windows import (
    WINDOWS,
    averager,
    box_means,
    group_moments,
    neighbourhoods,
    reaches,
    window_cells,
)
from geohg.engine.progress import Silent

from .landscapes import make_graph, rows_and_cols


def slow_means(graph, values, window):
    row, col = rows_and_cols(graph)
    means = []
    for r, c in zip(row, col):
        near = (np.abs(row - r) <= window // 2) & (np.abs(col - c) <= window // 2)
        known = values[near & np.isfinite(values)]
        means.append(known.mean() if known.size else np.nan)
    return means


def test_means_are_over_the_measured_cells_of_the_window():
    rng = np.random.default_rng(0)
    # A ragged area: every fifth cell is missing, and every third value.
    cell = np.flatnonzero(rng.random(30 * 40) > 0.2)
    graph = make_graph(cell=cell)
    values = np.where(rng.random(len(cell)) > 0.3, rng.random(len(cell)), np.nan)
    found = box_means(graph, values)
    for number, window in enumerate(WINDOWS):
        np.testing.assert_allclose(found[:, number], slow_means(graph, values, window), rtol=1e-9)


def test_a_zero_is_measured_and_a_hole_is_not():
    graph = make_graph(rows=1, cols=40)
    values = np.full(40, np.nan)
    values[0] = 0.0
    found = box_means(graph, values)
    assert found[0].tolist() == [0.0] * len(WINDOWS)
    assert np.isnan(found[39]).all()


def on_sites(graph):
    """The same graph, as a list of sites."""
    sites = Sites(graph.geometry.crs, graph.geometry.centres(graph.cell))
    return dataclasses.replace(graph, geometry=sites, cell=np.arange(len(graph.cell)))


def test_a_list_of_sites_gives_what_its_grid_gives():
    rng = np.random.default_rng(1)
    graph = make_graph(rows=24, cols=20)
    values = np.where(rng.random(480) > 0.3, rng.random(480), np.nan)
    found = averager(on_sites(graph))(values)
    # Without holes, steps reach what boxes hold, at the border too.
    np.testing.assert_allclose(found, box_means(graph, values), rtol=1e-12)


def test_sites_without_neighbours_keep_their_own_values():
    graph = make_graph(rows=3, cols=3)
    alone = dataclasses.replace(on_sites(graph), near=np.empty((2, 0), dtype=np.int64))
    values = np.arange(9.0)
    np.testing.assert_array_equal(averager(alone)(values), np.tile(values[:, None], len(WINDOWS)))


def test_windows_stop_growing_where_cells_have_very_many_neighbours():
    count = 3000
    graph = make_graph(rows=1, cols=count)
    hub = np.stack([np.zeros(count - 1, dtype=np.int64), np.arange(1, count)])
    star = dataclasses.replace(on_sites(graph), near=np.hstack([hub, hub[::-1]]))
    found = reaches(star)
    # One step reaches the hub, and from there two would reach everything.
    assert [matrix.nnz for matrix in found[1:]] == [3 * count - 2] * 4


def test_surroundings_are_worked_out_once_a_graph():
    graph = make_graph(np.ones((1200, 1)), ("landcover",))
    assert neighbourhoods(graph, Silent()) is neighbourhoods(graph, Silent())


@pytest.mark.parametrize(
    ("width", "height", "expected"), [(1000, 1000, (15, 15)), (500, 2000, (7, 29))]
)
def test_windows_are_square_on_the_ground(width, height, expected):
    graph = make_graph(width=float(width), height=float(height))
    assert window_cells(graph, 15) == expected


def test_groups_share_a_kind_and_a_window_but_covariates_stand_alone():
    features = np.random.default_rng(0).random((1200, 6))
    kinds = ("landcover", "landcover", "poi", "poi_count", "covariate", "covariate")
    found = neighbourhoods(make_graph(features, kinds), Silent())
    assert found.x.shape == (1200, 6 * len(WINDOWS))
    assert len(found.names) == 5 * len(WINDOWS)
    assert np.bincount(found.group).tolist() == [2] * 5 + [1] * 20
    first = np.flatnonzero(found.group == found.names.index("landcover 1"))
    np.testing.assert_allclose(found.x[:, first], np.sqrt(features[:, :2]), rtol=1e-5)
    poi = np.flatnonzero(found.group == found.names.index("poi 1"))
    weighed = np.sqrt(features[:, 2] * features[:, 3])
    np.testing.assert_allclose(found.x[:, poi[0]], weighed, rtol=1e-5)


def test_the_bands_of_a_raster_are_one_group_whatever_their_units():
    features = np.random.default_rng(0).normal(size=(1200, 3)) * [1.0, 1000.0, 1.0]
    graph = make_graph(features, ("covariate",) * 3)
    graph = dataclasses.replace(graph, feature_groups=("sky", "sky", "dem"))
    found = neighbourhoods(graph, Silent())
    assert found.names[0] == "sky 1" and np.bincount(found.group).tolist() == [2] * 5 + [1] * 5
    np.testing.assert_allclose(found.unit[:2], features[:, :2].std(axis=0), rtol=1e-5)
    # Both bands count alike: neighbours in them are sqrt(2) apart together.
    scaling = InputScaling.learn(graph, found, np.arange(1200), 1200)
    own = (found.x[:, :2] - scaling.centre[:2]) * scaling.scale[:2]
    np.testing.assert_allclose(own.var(axis=0), 0.5, rtol=1e-3)


@pytest.mark.parametrize("offset", [0.0, 1e9, 1e12])
def test_a_covariate_far_from_zero_keeps_its_digits(offset):
    x = np.random.default_rng(3).normal(size=(1200, 1))
    plain = make_graph(features=x, kinds=("covariate",))
    moved = dataclasses.replace(plain, features=plain.features.astype(np.float64) + offset)
    expected, found = (neighbourhoods(graph, Silent()) for graph in (plain, moved))
    np.testing.assert_allclose(found.x - offset, expected.x, atol=1e-6 + 4e-16 * offset)
    np.testing.assert_allclose(found.unit, x.std(), rtol=1e-3)


def test_the_variance_of_a_group_is_that_of_its_columns_in_their_units():
    x = np.array([[1.0, 10.0, 0.0], [3.0, 30.0, 1.0], [np.nan, 20.0, 2.0]])
    centre, variance = group_moments(x, np.array([0, 0, 1]), np.array([2.0, 5.0, 1.0]))
    np.testing.assert_allclose(centre, [2.0, 20.0, 1.0])
    np.testing.assert_allclose(variance, [1 / 4 + 200 / 3 / 25, 2 / 3])
