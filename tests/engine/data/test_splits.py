import numpy as np

from geohg.engine.data.splits import random_split

OBSERVED = np.arange(0, 200, 2)


def test_known_and_test_cells_are_disjoint_and_whole():
    split = random_split(OBSERVED, 0.3, seed=1)
    assert len(split.test) == 30
    np.testing.assert_array_equal(np.sort(np.concatenate([split.known, split.test])), OBSERVED)


def test_the_seed_decides():
    first, second, other = (random_split(OBSERVED, 0.3, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.test, second.test)
    assert not np.array_equal(first.test, other.test)


def test_nothing_is_held_out_at_ratio_zero():
    assert len(random_split(OBSERVED, 0.0, 0).test) == 0
