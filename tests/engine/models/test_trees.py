import numpy as np
import pytest

from geohg.engine.models.trees import Trees
from geohg.engine.progress import Silent


def make(process_error, seed=0):
    """A target with a step that the process misses by `process_error` on average."""
    rng = np.random.default_rng(seed)
    positions = rng.random((600, 2)) * 30
    x = rng.normal(size=(600, 4)).astype(np.float32)
    y = np.where(x[:, 0] > 0.5, 2.0, 0.0) + 0.01 * rng.normal(size=600)
    process = np.column_stack([y + process_error * rng.normal(size=600), np.full(600, 0.1)])
    return positions, x, process, y


def test_they_find_a_step_without_seeing_the_cell_itself():
    positions, x, process, y = make(1.0)
    trees = Trees(0).fit(positions[:400], x[:400], process[:400], y[:400])
    assert trees.share_ == 0.3
    assert np.abs(trees.left_out_ - y[:400]).mean() < 0.1
    found = trees.predict(positions[400:], x[400:], process[400:], Silent())
    assert np.abs(found - y[400:]).mean() < 0.1
    blended = trees.blend(process[400:, 0], found)
    np.testing.assert_allclose(blended, 0.7 * process[400:, 0] + 0.3 * found)
    assert np.mean((blended - y[400:]) ** 2) < 0.6 * np.mean((process[400:, 0] - y[400:]) ** 2)


def test_they_leave_a_better_process_alone():
    positions, x, process, y = make(0.001)
    y[:] = process[:, 0] = positions[:, 0] + 0.5 * positions[:, 1]
    trees = Trees(0).fit(positions, x, process, y)
    assert trees.share_ == 0.0


def test_the_same_seed_gives_the_same_trees():
    positions, x, process, y = make(0.3)
    one, other = (Trees(7).fit(positions, x, process, y) for _ in range(2))
    np.testing.assert_array_equal(
        one.predict(positions, x, process, Silent()), other.predict(positions, x, process, Silent())
    )


def test_out_of_its_own_fold_nothing_is_known_of_noise():
    positions, x, process, _ = make(0.3)
    y = np.random.default_rng(1).normal(size=600)
    trees = Trees(0).fit(positions, x, np.zeros_like(process), y)
    assert np.mean((trees.left_out_ - y) ** 2) > 0.95 * y.var()


def test_of_many_cells_a_draw_teaches_trees_that_tell_of_each(monkeypatch):
    positions, x, process, y = make(1.0)
    every = Trees(0).fit(positions, x, process, y)
    monkeypatch.setattr("geohg.engine.models.trees.MOST_TAUGHT", 500)
    some = Trees(0).fit(positions, x, process, y)
    assert (some.left_out_ != every.left_out_).any()
    assert np.abs(some.left_out_ - y).mean() < 0.2 * np.abs(process[:, 0] - y).mean()


def test_a_little_harm_is_harm():
    positions, x, process, y = make(0.1)
    y[:] = positions[:, 0] + 0.5 * positions[:, 1]
    process[:, 0] = y + 0.16 * np.random.default_rng(1).normal(size=600)
    trees = Trees(0).fit(positions, x, process, y)
    blended = 0.7 * process[:, 0] + 0.3 * trees.left_out_
    worse = np.sum((blended - y) ** 2) / np.sum((process[:, 0] - y) ** 2)
    assert 1.02 < worse < 3 and trees.share_ == 0.0


def test_few_values_are_read_from_the_place_and_the_ground_alone():
    """Half of 60 values follow a step, which the process, wrong by as much, knows nothing of."""
    positions, x, process, y = (part[:60] for part in make(1.0))
    trees = Trees(0).fit(positions, x, process, y)
    assert trees.share_ == 0.3 and len(trees.trees_) == 5
    assert np.mean((trees.left_out_ - y) ** 2) < 0.5 * y.var()
    told = [trees.predict(positions, x, part, Silent()) for part in (process, process + 9.0)]
    np.testing.assert_array_equal(*told)


@pytest.mark.parametrize(("error", "worse", "share"), [(1.9, 1.06, 0.3), (1.7, 1.17, 0.0)])
def test_of_few_values_a_loss_of_less_than_a_tenth_shows_no_harm(error, worse, share):
    positions, x, _, _ = (part[:99] for part in make(0.1))
    y = positions[:, 0] + 0.5 * positions[:, 1]
    process = np.column_stack([y + error * np.random.default_rng(1).normal(size=600)[:99], y])
    trees = Trees(0).fit(positions, x, process, y)
    blended = 0.7 * process[:, 0] + 0.3 * trees.left_out_
    ratio = np.sum((blended - y) ** 2) / np.sum((process[:, 0] - y) ** 2)
    assert ratio == pytest.approx(worse, abs=0.03) and trees.share_ == share
