"""Held-out cells that lie as those of a map, where it is known how they lie."""

import dataclasses

import numpy as np
import pytest

from geohg.engine.data.splits import Split
from geohg.engine.validation.matching import (
    away,
    gap_width,
    map_distances,
    matching_weights,
    mismatch,
    moved_gaps,
    weighted_median,
)

from ..models.landscapes import make_graph


def test_errors_that_grow_with_distance_are_those_of_the_map():
    rng = np.random.default_rng(0)
    # Half of the held-out cells are near, half far; of the map, nine in ten are far.
    tested = np.concatenate([rng.uniform(1, 2, 2000), rng.uniform(2, 30, 2000)])
    wanted = np.concatenate([rng.uniform(1, 2, 500), rng.uniform(2, 30, 4500)])
    weight = matching_weights(tested, wanted)
    assert weight.min() >= 0 and weight.sum() == pytest.approx(1.0)
    assert weight @ tested == pytest.approx(wanted.mean(), rel=0.02)
    assert weight @ np.sqrt(tested) == pytest.approx(np.sqrt(wanted).mean(), rel=0.02)
    alike = np.full(4000, 1 / 4000)
    assert mismatch(tested, weight, wanted) < 0.3 < 5 < mismatch(tested, alike, wanted)
    assert weighted_median(tested, weight) == pytest.approx(np.median(wanted), rel=0.03)


def test_cells_of_a_grid_share_their_distances_and_their_weight():
    tested = np.repeat([1.0, 2.0, 5.0], [50, 30, 40])
    weight = matching_weights(tested, np.repeat([1.0, 5.0], [300, 100]))
    shares = [weight[tested == distance].sum() for distance in (1.0, 2.0, 5.0)]
    assert shares == pytest.approx([0.75, 0.0, 0.25])
    for distance in (1.0, 5.0):
        assert np.ptp(weight[tested == distance]) == 0


def test_cells_beyond_all_that_was_held_out_are_told_by_the_farthest():
    weight = matching_weights(np.arange(1.0, 101.0), np.array([1e6, 2e6]))
    np.testing.assert_allclose(weight, np.where(np.arange(100) < 80, 0.0, 1 / 20))
    assert matching_weights(np.array([3.0]), np.array([1.0, 9.0])).tolist() == [1.0]


def test_distances_are_to_the_nearest_other_cell_in_metres():
    graph = make_graph(rows=1, cols=10)
    split = Split(np.array([0, 1, 9]), np.array([1, 5]))
    np.testing.assert_allclose(away(graph, split), [1000, 4000], rtol=1e-6)
    assert sorted(map_distances(graph, np.array([0, 9]), 0).round()) == sorted(
        [1000, 2000, 3000, 4000] * 2
    )
    every = dataclasses.replace(graph)
    np.testing.assert_allclose(map_distances(every, np.arange(10), 0), 1000, rtol=1e-6)


def cloudy(size=40, clouds=6):
    """A grid whose cells are observed but under round clouds of a radius of five cells."""
    graph = make_graph(rows=size, cols=size)
    row, col = np.divmod(np.arange(size**2), size)
    middles = np.random.default_rng(0).integers(5, size - 5, (clouds, 2))
    under = [np.hypot(row - middle[0], col - middle[1]) < 5 for middle in middles]
    return graph, np.flatnonzero(~np.any(under, axis=0))


def test_gaps_are_moved_onto_measured_cells_with_their_distances():
    graph, observed = cloudy()
    assert 6_000 < gap_width(graph, observed, 0) < 12_000
    split = moved_gaps(graph, observed, 0)
    np.testing.assert_array_equal(np.union1d(split.known, split.test), observed)
    assert 0.05 <= len(split.test) / len(observed) <= 0.5
    wanted, found = map_distances(graph, observed, 0), away(graph, split)
    alike = np.ones(len(found))
    assert mismatch(found, alike, wanted) < 500
    drawn = np.random.default_rng(0).permutation(observed)
    lonely = Split(np.sort(drawn[: len(split.known)]), np.sort(drawn[len(split.known) :]))
    assert mismatch(away(graph, lonely), alike, wanted) > 800


def test_without_gaps_nothing_is_moved():
    graph = make_graph(rows=30, cols=30)
    observed = np.sort(np.random.default_rng(0).permutation(900)[:300])
    assert gap_width(graph, observed, 0) == np.inf
    assert gap_width(graph, np.arange(900), 0) == np.inf
    # A gap is nearly all of the map: it holds both cells, or all but one.
    assert moved_gaps(graph, np.arange(2), 0) is None
