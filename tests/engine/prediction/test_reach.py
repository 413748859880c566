"""How much wider intervals must be where errors are known to grow."""

import numpy as np
import pytest

from geohg.engine.prediction.reach import Reach, cross_factors

COUNT = 4000


def held_out(stretch, seed=0):
    """Blocks 5 to 80 km away whose errors outgrow their intervals `stretch` times at 20 km."""
    rng = np.random.default_rng(seed)
    distance = rng.uniform(5e3, 80e3, COUNT)
    share = np.minimum(np.log(distance / 1e3) / np.log(20), 1)
    score = np.abs(rng.normal(size=COUNT)) / 1.645 * (1 + (stretch - 1) * share)
    return np.full(500, 1e3), distance, score


@pytest.mark.parametrize("stretch", [1.0, 2.0, 5.0])
def test_stretched_intervals_hold_their_level_away_from_measurements(stretch):
    between, distance, score = held_out(stretch)
    reach = Reach.learn(between, distance, score, 0.9)
    assert reach.near == 1e3 and reach.far == pytest.approx(np.median(distance))
    factor = reach.factor(distance)
    assert np.mean(score <= factor) == pytest.approx(0.9, abs=0.015)
    assert factor[distance > 50e3].mean() == pytest.approx(stretch, rel=0.08)


def test_nothing_is_stretched_between_measurements_and_all_far_cells_alike():
    reach = Reach.learn(*held_out(3.0), 0.9)
    assert reach.factor(np.array([0.0, 500.0, 1e3])).tolist() == [1, 1, 1]
    at = reach.factor(np.array([2e3, 8e3, reach.far, 1e9, np.inf]))
    assert np.all(np.diff(at[:3]) > 0) and at[2] == at[3] == at[4] == reach.stretch


def test_intervals_that_are_wide_enough_stay():
    between, distance, score = held_out(1.0)
    assert Reach.learn(between, distance, score / 2, 0.9).stretch == 1.0


def test_few_far_cells_tell_nothing():
    between, distance, score = held_out(5.0)
    assert Reach.learn(between, distance[:19], score[:19], 0.9) == Reach()
    assert Reach.learn(between, np.full(COUNT, 900.0), score, 0.9) == Reach()
    assert Reach.learn(between, distance, np.full(COUNT, np.nan), 0.9) == Reach()


def test_no_outlier_stretches_without_end():
    between, distance, score = held_out(1.0)
    assert Reach.learn(between, distance, score * 1e9, 0.9).stretch == 20.0


def test_a_block_does_not_tell_of_itself():
    between, distance, score = held_out(1.0)
    block = np.arange(COUNT) % 7
    wild = np.where(block == 3, 1e3, score)
    factor = cross_factors(between, distance, wild, block, 0.9)
    calm = cross_factors(between, distance, score, block, 0.9)
    np.testing.assert_array_equal(factor[block == 3], calm[block == 3])
    assert factor[block != 3].mean() > calm[block != 3].mean() + 1
    alone = cross_factors(between, distance, wild, np.zeros(COUNT, int), 0.9)
    np.testing.assert_array_equal(alone, 1)


def test_a_model_file_keeps_it():
    reach = Reach(10.0, 20.0, 3.0)
    assert Reach.from_arrays(reach.arrays()) == reach and Reach.from_arrays({}) == Reach()
