import numpy as np
import torch

from geohg.engine.data.splits import block_split, published_split, random_split

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


def places(side=20):
    """Cell centres of a square grid, one metre apart."""
    return np.stack(np.meshgrid(np.arange(side), np.arange(side)), -1).reshape(-1, 2) + 0.5


def test_whole_blocks_are_held_out():
    place = places()
    observed = np.arange(len(place))
    split = block_split(observed, place, 5.0, 0.25, seed=3)
    np.testing.assert_array_equal(np.sort(np.concatenate([split.known, split.test])), observed)
    assert 100 <= len(split.test) <= 150
    # Inside a block every neighbour is held out too, so most test cells have no known neighbour.
    known = np.zeros((20, 20), bool)
    known.ravel()[split.known] = True
    near = np.zeros_like(known)
    for down, right in ((0, 1), (0, -1), (1, 0), (-1, 0)):
        near |= np.roll(known, (down, right), axis=(0, 1))
    assert near.ravel()[split.test].mean() < 0.6


def test_blocks_depend_on_the_seed_alone():
    place = places()
    first, second, other = (block_split(np.arange(400), place, 5.0, 0.2, s) for s in (1, 1, 2))
    np.testing.assert_array_equal(first.test, second.test)
    assert not np.array_equal(first.test, other.test)


def test_no_blocks_where_too_few_fit_or_nothing_is_held_out():
    assert block_split(np.arange(400), places(), 50.0, 0.2, 0) is None
    assert block_split(np.arange(400), places(), 5.0, 0.0, 0) is None


def test_the_published_split_is_that_of_the_published_code():
    order = np.random.default_rng(0).permutation(103)
    torch.manual_seed(7)
    before = torch.get_rng_state()
    train, validation, test = published_split(order, 0.7, seed=5)
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(5)
    nodes = torch.randperm(103).numpy()
    # 103 x 0.7 x 0.3 = 21.6, 103 x 0.3 x 0.3 = 9.3, 103 x 0.7 = 72.1: one cell is in no part.
    np.testing.assert_array_equal(train, np.sort(order[nodes[:21]]))
    np.testing.assert_array_equal(validation, np.sort(order[nodes[21:30]]))
    np.testing.assert_array_equal(test, np.sort(order[nodes[30:102]]))
