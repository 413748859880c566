"""Coverage of intervals, where the spread of the errors is known."""

import numpy as np
import pytest

from geohg.engine.data.transforms import TargetTransform
from geohg.engine.models.base import Prediction
from geohg.engine.prediction.uncertainty import deviations
from geohg.engine.validation.coverage import LEVELS, coverage_curve, pool_coverage

COUNT = 4000


def normal(rng, spread, believed):
    """Values of deviation `spread` around what a model predicts with deviation `believed`."""
    location = rng.normal(size=COUNT)
    return location + spread * rng.normal(size=COUNT), Prediction(
        location, np.full(COUNT, believed)
    )


@pytest.mark.parametrize("believed", [0.2, 2.0, 20.0])
def test_calibrated_intervals_hold_their_level_whatever_the_model_believes(believed):
    rng = np.random.default_rng(0)
    left_out_y, left_out = normal(rng, 2.0, believed)
    y, predicted = normal(rng, 2.0, believed)
    found = coverage_curve(y, predicted, deviations(left_out_y, left_out))
    np.testing.assert_allclose(found.observed, LEVELS, atol=0.03)
    np.testing.assert_array_equal(found.level, LEVELS)
    # The middle 90 % of a normal distribution is 3.29 deviations wide.
    assert found.width[LEVELS.index(0.9)] == pytest.approx(3.29 * 2.0, rel=0.04)
    assert np.all(np.diff(found.width) > 0)
    assert found.cells == COUNT


def test_errors_that_grow_are_not_covered():
    rng = np.random.default_rng(1)
    left_out_y, left_out = normal(rng, 1.0, 1.0)
    y, predicted = normal(rng, 2.0, 1.0)
    found = coverage_curve(y, predicted, deviations(left_out_y, left_out), [0.9])
    # P(|2 z| < 1.645) of a normal z.
    assert found.observed[0] == pytest.approx(0.589, abs=0.03)
    assert found.observed[0] < found.chance[0, 0]


def test_chance_is_binomial():
    values, predicted = np.zeros(100), Prediction(np.zeros(100), np.ones(100))
    found = coverage_curve(values, predicted, deviations(values, predicted), [0.5])
    np.testing.assert_array_equal(found.chance, [[0.40, 0.60]])


def test_width_is_in_the_target_s_unit():
    rng = np.random.default_rng(2)
    transform = TargetTransform.learn(np.exp(rng.normal(size=500)), "log")
    location, spread = np.zeros(1), np.ones(1)
    predicted = Prediction(location, spread, transform)
    found = coverage_curve(
        np.ones(1),
        predicted,
        np.ones(9),
        [0.9],
    )
    expected = transform.inverse(np.array([1.0])) - transform.inverse(np.array([-1.0]))
    assert found.width[0] == pytest.approx(expected[0])


def test_no_values_have_no_coverage():
    nothing = Prediction(np.empty(0), np.empty(0))
    assert coverage_curve(np.empty(0), nothing, np.ones(9)) is None


def test_folds_count_by_their_cells():
    ones, few = Prediction(np.zeros(30), np.ones(30)), Prediction(np.zeros(10), np.ones(10))
    inside = coverage_curve(np.zeros(30), ones, np.ones(30), [0.9])
    outside = coverage_curve(np.full(10, 9.0), few, np.full(30, 2.0), [0.9])
    both = pool_coverage([inside, outside])
    assert both.observed[0] == 0.75 and both.width[0] == pytest.approx(0.75 * 2 + 0.25 * 4)
    assert both.cells == 40 and both.chance[0].tolist() == [0.80, 0.975]
