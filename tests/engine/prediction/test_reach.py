"""How much wider intervals must be where errors are known to grow."""

import numpy as np
import pytest

from geohg.engine.prediction.reach import Reach, cross_factors

COUNT = 4000


def held_out(stretch, seed=0):
    """Cells 1 to 80 km away whose errors outgrow their intervals `stretch` times at 20 km."""
    rng = np.random.default_rng(seed)
    distance = np.exp(rng.uniform(np.log(1e3), np.log(80e3), COUNT))
    share = np.minimum(np.log(distance / 1e3) / np.log(20), 1)
    score = np.abs(rng.normal(size=COUNT)) / 1.645 * (1 + (stretch - 1) * share)
    return distance, score


@pytest.mark.parametrize("stretch", [1.0, 2.0, 5.0])
def test_intervals_hold_their_level_at_every_distance(stretch):
    learnt = Reach.learn(*held_out(stretch), 0.9)
    distance, score = held_out(stretch, seed=1)
    held = score <= learnt.factor(distance)
    for near, far in ((1e3, 3e3), (3e3, 10e3), (10e3, 30e3), (30e3, 80e3)):
        assert held[(near <= distance) & (distance < far)].mean() == pytest.approx(0.9, abs=0.03)
    assert learnt.factor(np.array([60e3]))[0] == pytest.approx(stretch, rel=0.1)


def test_the_factor_never_falls_with_distance_and_has_no_steps():
    distance, score = held_out(3.0)
    wild = np.where(distance < 2e3, 5 * score, score)
    for reach in (Reach.learn(distance, score, 0.9), Reach.learn(distance, wild, 0.9)):
        at = reach.factor(np.exp(np.linspace(np.log(500), np.log(1e6), 2000)))
        assert np.all(np.diff(at) >= 0) and np.diff(at).max() < 0.02
    ends = Reach((10.0, 1000.0), (1.0, 3.0)).factor(np.array([0.0, 10.0, 100.0, 1e9, np.inf]))
    assert ends.tolist() == [1, 1, 2, 3, 3]


def test_intervals_that_are_too_wide_are_narrowed():
    distance, score = held_out(1.0)
    assert Reach.learn(distance, score / 2, 0.9).factor(distance) == pytest.approx(0.5, rel=0.1)


def test_few_cells_tell_nothing_and_some_give_one_factor():
    distance, score = held_out(2.0)
    assert Reach.learn(distance[:19], score[:19], 0.9) == Reach()
    assert Reach.learn(distance, np.full(COUNT, np.nan), 0.9) == Reach()
    some = Reach.learn(distance[:79], score[:79], 0.9)
    # The (79 + 1) 0.9 = 72nd smallest of the scores.
    assert some.factors == (np.sort(score[:79])[71],)


def test_no_outlier_stretches_without_end():
    distance, score = held_out(1.0)
    assert set(Reach.learn(distance, score * 1e9, 0.9).factors) == {20.0}


def test_a_part_does_not_tell_of_itself_nor_what_nobody_may_learn():
    distance, score = held_out(1.0)
    part, usable = np.arange(COUNT) % 7, np.ones(COUNT, dtype=bool)
    wild = np.where(part == 3, 1e3, score)
    factor = cross_factors(distance, wild, part, usable, 0.9)
    calm = cross_factors(distance, score, part, usable, 0.9)
    np.testing.assert_array_equal(factor[part == 3], calm[part == 3])
    assert factor[part != 3].mean() > calm[part != 3].mean() + 1
    sealed = part != 3
    expected = Reach.learn(distance[sealed], score[sealed], 0.9).factor(distance[~sealed])
    found = cross_factors(distance, wild, part, sealed, 0.9)
    np.testing.assert_array_equal(found[~sealed], expected)
    assert found[sealed].mean() == pytest.approx(1.0, abs=0.1)


def test_a_model_file_keeps_it_and_an_older_one_is_read():
    reach = Reach((10.0, 20.0, 40.0), (0.9, 3.0, 3.0))
    assert Reach.from_arrays(reach.arrays()) == reach and Reach.from_arrays({}) == Reach()
    old = Reach.from_arrays({"reach": np.array([10.0, 1000.0, 3.0])})
    assert old.factor(np.array([5.0, 100.0, 1e6])).tolist() == [1, 2, 3]
