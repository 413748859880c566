"""Scores of predictions, on numbers that can be worked out by hand."""

import numpy as np
import pytest

from geohg.engine.errors import InputError
from geohg.engine.numerics import metrics
from geohg.engine.validation.metrics import metric_intervals, rmse_difference


def test_scores_are_those_of_the_formulas():
    score = metrics([1.0, 2.0, 3.0, 6.0], [1.0, 4.0, 3.0, 5.0])
    # Errors 0, 2, 0, -1; the mean is 3, the spread 4 + 1 + 0 + 9.
    assert score["rmse"] == pytest.approx(np.sqrt(5 / 4))
    assert score["mae"] == pytest.approx(3 / 4)
    assert score["r2"] == pytest.approx(1 - 5 / 14)
    assert score["n"] == 4


def test_perfect_prediction_and_mean_prediction():
    values = np.array([0.1, 0.5, 0.9])
    assert metrics(values, values) == {"r2": 1.0, "rmse": 0.0, "mae": 0.0, "n": 3}
    assert metrics(values, np.full(3, 0.5))["r2"] == pytest.approx(0.0)


@pytest.mark.parametrize("observed", [[7.0], [0.1, 0.1, 0.1]])
def test_r2_is_not_defined_without_spread(observed):
    score = metrics(observed, np.array(observed) + 2.0)
    assert score["r2"] is None
    assert score["rmse"] == pytest.approx(2.0)


def test_no_cells_give_no_numbers():
    assert metrics([], []) == {"r2": None, "rmse": None, "mae": None, "n": 0}


@pytest.mark.parametrize(
    ("observed", "predicted"),
    [([1.0, 2.0], [1.0]), ([[1.0]], [[1.0]]), ([1.0, np.nan], [1.0, 1.0]), ([1.0], [np.inf])],
)
def test_unequal_shapes_and_values_that_are_not_finite_are_refused(observed, predicted):
    with pytest.raises(InputError):
        metrics(observed, predicted)


def test_difference_of_equal_methods_is_zero():
    truth = np.arange(20.0)
    result = rmse_difference(truth, truth + 1, truth - 1)
    assert result["difference"] == result["lower"] == result["upper"] == 0.0
    assert result["includes_zero"] is True


def test_interval_excludes_zero_where_one_method_is_better_everywhere():
    truth = np.linspace(0, 1, 200)
    noise = np.random.default_rng(3).normal(size=200)
    result = rmse_difference(truth, truth + 0.1 * noise, truth + noise)
    assert result["difference"] == pytest.approx(-0.9 * np.sqrt(np.mean(noise**2)))
    assert result["lower"] < result["difference"] < result["upper"] < 0
    assert result["includes_zero"] is False


def test_interval_covers_the_normal_approximation():
    """Against the standard error of a difference whose distribution is known."""
    random = np.random.default_rng(5)
    first, second = random.normal(size=(2, 2000))
    result = rmse_difference(np.zeros(2000), first, second)
    # sd of the RMSE of n normal errors is 1 / sqrt(2 n); two of them, independent.
    expected = 2 * 1.96 * np.sqrt(2) / np.sqrt(2 * 2000)
    assert result["upper"] - result["lower"] == pytest.approx(expected, rel=0.1)


def test_same_seed_same_interval():
    truth, first, second = np.random.default_rng(1).normal(size=(3, 50))
    once = rmse_difference(truth, first, second, seed=4)
    assert rmse_difference(truth, first, second, seed=4) == once
    assert rmse_difference(truth, first, second, seed=5) != once


def test_one_cell_has_a_difference_but_no_interval():
    result = rmse_difference([1.0], [2.0], [4.0])
    assert result["difference"] == pytest.approx(-2.0)
    assert result["lower"] is result["upper"] is result["includes_zero"] is None


def test_intervals_of_scores_are_those_of_drawn_cells():
    rng = np.random.default_rng(5)
    truth = 1e6 + rng.normal(size=60)
    predicted = truth + 0.5 * rng.normal(size=60)
    found = metric_intervals(truth, predicted)
    draws = np.random.default_rng(0)
    scores = []
    for _ in range(1000):
        cells = draws.integers(0, 60, 60)
        scores.append(metrics(truth[cells], predicted[cells]))
    for name in ("r2", "rmse", "mae"):
        drawn = [score[name] for score in scores]
        assert found[name] == pytest.approx(tuple(np.quantile(drawn, [0.025, 0.975])))


def test_intervals_hold_the_true_score_about_as_often_as_they_say():
    rng = np.random.default_rng(6)
    held = 0
    for _ in range(100):
        error = 2.0 * rng.normal(size=150)
        lower, upper = metric_intervals(np.zeros(150), error)["rmse"]
        held += lower <= 2.0 <= upper
    assert held >= 88


def test_equal_values_have_no_interval_of_r2():
    found = metric_intervals([3.0, 3.0, 3.0], [4.0, 4.0, 4.0])
    assert found == {"r2": None, "rmse": (1.0, 1.0), "mae": (1.0, 1.0)}


@pytest.mark.parametrize("values", [[], [1.0]])
def test_fewer_than_two_cells_have_no_intervals(values):
    assert metric_intervals(values, values) == {"r2": None, "rmse": None, "mae": None}


@pytest.mark.parametrize("factor", [1e-300, 1e-15, 1e15, 1e290])
def test_a_factor_changes_nothing_but_the_unit(factor):
    rng = np.random.default_rng(5)
    truth = rng.normal(size=60)
    guess, rival = truth + 0.3 * rng.normal(size=60), truth + 0.5 * rng.normal(size=60)
    expected, found = metrics(truth, guess), metrics(factor * truth, factor * guess)
    assert found["r2"] == pytest.approx(expected["r2"])
    assert found["rmse"] / factor == pytest.approx(expected["rmse"])
    expected, found = (metric_intervals(s * truth, s * guess) for s in (1.0, factor))
    assert found["r2"] == pytest.approx(expected["r2"])
    assert np.array(found["rmse"]) / factor == pytest.approx(np.array(expected["rmse"]))
    expected, found = (rmse_difference(s * truth, s * guess, s * rival) for s in (1.0, factor))
    assert found["upper"] / factor == pytest.approx(expected["upper"])
    assert not found["includes_zero"]
