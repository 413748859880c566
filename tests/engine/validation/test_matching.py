"""Held-out cells that lie as those of a map, where it is known how they lie."""

import dataclasses

import numpy as np
import pytest

from geohg.engine.data.splits import Split
from geohg.engine.validation.matching import (
    away,
    map_distances,
    matching_weights,
    mismatch,
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
