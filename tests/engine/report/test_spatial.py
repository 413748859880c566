"""Likeness of neighbours, on patterns whose answer is known."""

import itertools

import numpy as np
import pytest

from geohg.engine.report.spatial import morans_i, semivariogram


def lattice(side):
    row, col = np.mgrid[:side, :side]
    return np.column_stack([col.ravel(), row.ravel()]).astype(float), row.ravel(), col.ravel()


def slow_moran(positions, values, neighbours):
    """The formula, term by term."""
    count = len(values)
    distance = np.hypot(*(positions[:, None] - positions[None]).transpose(2, 0, 1))
    np.fill_diagonal(distance, np.inf)
    weight = np.zeros((count, count))
    for cell in range(count):
        weight[cell, np.argsort(distance[cell])[:neighbours]] = 1 / neighbours
    away = values - values.mean()
    return count / weight.sum() * (away @ weight @ away) / (away @ away)


def test_moran_is_its_formula():
    rng = np.random.default_rng(1)
    positions, values = rng.random((60, 2)), rng.standard_normal(60)
    assert morans_i(positions, values).value == pytest.approx(slow_moran(positions, values, 8))
    assert morans_i(positions, values, 3).value == pytest.approx(slow_moran(positions, values, 3))


def test_moments_are_those_of_all_shuffles():
    rng = np.random.default_rng(2)
    positions, values = rng.random((7, 2)), rng.gamma(1.0, size=7)
    found = morans_i(positions, values, neighbours=2)
    shuffled = [
        slow_moran(positions, np.array(order), 2) for order in itertools.permutations(values)
    ]
    assert found.expected == pytest.approx(np.mean(shuffled))
    assert found.std == pytest.approx(np.std(shuffled))
    assert found.z == pytest.approx((found.value - np.mean(shuffled)) / np.std(shuffled))


def test_a_trend_is_alike_and_a_chessboard_is_not():
    positions, row, col = lattice(12)
    trend = morans_i(positions, (row + col).astype(float), 4)
    board = morans_i(positions, ((row + col) % 2).astype(float), 4)
    assert trend.value > 0.8 and trend.z > 10
    assert board.value < -0.8 and board.z < -10


def test_noise_is_alike_by_chance_only():
    rng = np.random.default_rng(3)
    z = [morans_i(rng.random((80, 2)), rng.standard_normal(80)).z for _ in range(300)]
    assert abs(np.mean(z)) < 0.2
    assert np.std(z) == pytest.approx(1.0, abs=0.12)


def test_order_of_cells_does_not_matter():
    rng = np.random.default_rng(4)
    positions, values = rng.random((50, 2)), rng.standard_normal(50)
    order = rng.permutation(50)
    assert morans_i(positions, values).z == pytest.approx(
        morans_i(positions[order], values[order]).z
    )
    first, second = semivariogram(positions, values), semivariogram(positions[order], values[order])
    np.testing.assert_allclose(first.semivariance, second.semivariance)


@pytest.mark.parametrize("values", [np.arange(3.0), np.full(20, 0.1), np.empty(0)])
def test_too_few_or_equal_values_have_no_moran(values):
    positions = np.column_stack([np.arange(len(values))] * 2).astype(float)
    assert morans_i(positions, values) is None


def test_few_cells_are_all_neighbours():
    # Shuffling cannot change how alike all are, so that chance has no spread.
    found = morans_i(np.arange(10.0).reshape(5, 2), np.array([1.0, 2, 4, 8, 16]))
    assert found.neighbours == 4
    assert found.value == pytest.approx(-0.25)
    assert found.std < 1e-6


def test_semivariogram_of_a_plane_is_half_the_square_of_distance():
    positions = np.column_stack([np.arange(300.0), np.zeros(300)])
    found = semivariogram(positions, 2.0 * positions[:, 0])
    # The lags are a third of 299 m in fifteen parts: the first holds distances of 1 to 6 m.
    step, pairs = np.arange(1, 7), 300 - np.arange(1, 7)
    assert len(found.distance) == 15
    assert found.pairs[0] == pairs.sum()
    assert found.distance[0] == pytest.approx(np.average(step, weights=pairs))
    assert found.semivariance[0] == pytest.approx(2 * np.average(step**2, weights=pairs))
    np.testing.assert_allclose(found.semivariance[5:], 2 * found.distance[5:] ** 2, rtol=0.01)


def test_semivariogram_of_noise_is_its_variance():
    rng = np.random.default_rng(5)
    values = 3.0 * rng.standard_normal(900)
    found = semivariogram(1000 * rng.random((900, 2)), values)
    np.testing.assert_allclose(found.semivariance, values.var(), rtol=0.1)
    assert found.distance.max() < 1000 * np.sqrt(2) / 3


def test_semivariogram_of_many_cells_takes_a_sample_of_them():
    rng = np.random.default_rng(6)
    positions, values = rng.random((5000, 2)), rng.standard_normal(5000)
    first = semivariogram(positions, values, seed=1)
    assert first.pairs.sum() < 2000 * 1999 / 2
    np.testing.assert_array_equal(first.pairs, semivariogram(positions, values, seed=1).pairs)
    np.testing.assert_allclose(first.semivariance, 1.0, rtol=0.1)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_semivariogram_of_hardly_any_cell_is_empty(count):
    found = semivariogram(np.zeros((count, 2)), np.zeros(count))
    assert len(found.distance) == 0


@pytest.mark.parametrize(("factor", "offset"), [(1e-200, 0.0), (1e200, 0.0), (1.0, 1e9)])
def test_moran_does_not_see_the_unit(factor, offset):
    positions = np.random.default_rng(0).uniform(size=(60, 2))
    values = positions[:, 0] + 0.1 * positions[:, 1] ** 2
    expected, found = morans_i(positions, values), morans_i(positions, factor * values + offset)
    assert (found.value, found.z) == pytest.approx((expected.value, expected.z), rel=1e-4)
