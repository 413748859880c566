import numpy as np
import pytest
import torch

from geohg.engine.data.splits import (
    block_folds,
    block_numbers,
    block_split,
    group_folds,
    published_split,
    random_folds,
    random_split,
)
from geohg.engine.errors import InputError

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


def centres(side=20):
    """Cell centres of a square grid, one metre apart."""
    return np.stack(np.meshgrid(np.arange(side), np.arange(side)), -1).reshape(-1, 2) + 0.5


def test_whole_blocks_are_held_out():
    positions = centres()
    observed = np.arange(len(positions))
    split = block_split(observed, positions, 5.0, 0.25, seed=3)
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
    positions = centres()
    first, second, other = (block_split(np.arange(400), positions, 5.0, 0.2, s) for s in (1, 1, 2))
    np.testing.assert_array_equal(first.test, second.test)
    assert not np.array_equal(first.test, other.test)


def test_where_blocks_begin_depends_on_the_seed():
    first, again, other = (block_numbers(centres(), 5.0, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    assert np.bincount(first).max() == 5 * 5


def test_no_blocks_where_too_few_fit_or_nothing_is_held_out():
    assert block_split(np.arange(400), centres(), 50.0, 0.2, 0) is None
    assert block_split(np.arange(400), centres(), 5.0, 0.0, 0) is None
    # Every block would be held out before they hold 99.9 % of the cells.
    assert block_split(np.arange(400), centres(), 5.0, 0.999, 0) is None


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


def check_folds(folds, observed):
    """Each cell is held out once, and known wherever it is not."""
    np.testing.assert_array_equal(np.sort(np.concatenate([f.test for f in folds])), observed)
    for fold in folds:
        both = np.concatenate([fold.known, fold.test])
        np.testing.assert_array_equal(np.sort(both), observed)
        assert len(fold.test)


def test_folds_hold_out_every_cell_once():
    folds = random_folds(OBSERVED, 7, seed=1)
    check_folds(folds, OBSERVED)
    assert sorted(len(fold.test) for fold in folds) == [14] * 5 + [15] * 2
    again, other = (random_folds(OBSERVED, 7, seed) for seed in (1, 2))
    np.testing.assert_array_equal(folds[0].test, again[0].test)
    assert not np.array_equal(folds[0].test, other[0].test)


def test_no_group_is_on_both_sides():
    group = np.random.default_rng(0).choice(list("abcdefgh"), len(OBSERVED))
    folds = group_folds(OBSERVED, group, 3, seed=0)
    assert len(folds) == 3
    check_folds(folds, OBSERVED)
    name = dict(zip(OBSERVED, group))
    for fold in folds:
        assert not {name[c] for c in fold.test} & {name[c] for c in fold.known}
    assert max(len(fold.test) for fold in folds) < 1.5 * len(OBSERVED) / 3
    assert len(group_folds(OBSERVED, group, 20, seed=0)) == 8


@pytest.mark.parametrize("seed", range(3))
def test_folds_of_groups_are_of_like_size(seed):
    group = np.array(list("aaaaaabcdefg"))
    folds = group_folds(np.arange(12), group, 2, seed)
    assert [len(fold.test) for fold in folds] == [6, 6]


def test_no_block_is_on_both_sides():
    positions = centres()
    folds = block_folds(np.arange(400), positions, 5.0, 4, seed=0)
    check_folds(folds, np.arange(400))
    # Of a cell's eight neighbours, most are in its own block.
    for fold in folds:
        far = np.abs(positions[fold.test][:, None] - positions[fold.known][None]).max(-1).min(1)
        assert far.mean() > 1.3
    assert block_folds(np.arange(400), centres(), 50.0, 5, 0) is None


def test_refuses_more_folds_than_cells_and_one_group():
    with pytest.raises(InputError, match="100 observed cells cannot be split into 101 folds"):
        random_folds(OBSERVED, 101, 0)
    with pytest.raises(InputError, match="belong to one group"):
        group_folds(OBSERVED, np.full(len(OBSERVED), "a"), 5, 0)


def test_parts_of_the_published_split_are_rounded_down():
    train, validation, test = published_split(np.arange(98), 0.7, 0)
    assert (len(train), len(validation), len(test)) == (20, 8, 68)
