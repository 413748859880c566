"""Calibrated intervals, where it is known what they must be."""

import numpy as np
import pytest

from geohg.engine.data.transforms import TargetTransform
from geohg.engine.models.base import Prediction
from geohg.engine.prediction.uncertainty import Calibration, deviations, without_own


def test_the_factor_is_the_rank_that_conformal_prediction_asks_for():
    # Of 19 scores, the (19 + 1) 0.9 = 18th smallest; of three, the largest.
    assert Calibration.learn(np.arange(19.0)[::-1], 0.9).factor == 17.0
    assert Calibration.learn(np.array([3.0, 1.0, 2.0]), 0.9).factor == 3.0


def test_without_scores_errors_are_normal():
    calibration = Calibration.learn(np.empty(0), 0.95)
    assert calibration.factor == pytest.approx(1.96, abs=1e-3)
    predicted = Prediction(np.array([5.0]), np.array([2.0]))
    np.testing.assert_allclose(calibration.std(predicted), 2.0)
    np.testing.assert_allclose(calibration.upper(predicted), 5 + 1.96 * 2, rtol=1e-4)


def test_an_interval_that_reaches_twice_as_far_is_of_errors_twice_as_large():
    calibration = Calibration(0.95, 2 * 1.959964)
    predicted = Prediction(np.array([5.0]), np.array([0.5]))
    np.testing.assert_allclose(calibration.std(predicted), 1.0, rtol=1e-6)
    np.testing.assert_allclose(calibration.lower(predicted), 5 - 1.959964)
    np.testing.assert_allclose(calibration.upper(predicted), 5 + 1.959964)


def test_deviations_leave_out_what_the_model_cannot_say():
    predicted = Prediction(np.array([1.0, np.nan, 3.0]), np.array([0.5, 0.5, 2.0]))
    np.testing.assert_allclose(deviations(np.array([2.0, 2.0, 2.0]), predicted), [2.0, 0.5])


def test_a_cell_loses_its_own_value_where_the_model_can_leave_it_out():
    transform = TargetTransform.learn(np.exp(np.linspace(0, 3, 50)), "log")
    predicted = Prediction(np.zeros(4), np.ones(4), transform)
    left_out = Prediction(np.array([7.0, np.nan]), np.array([3.0, np.nan]), transform)
    honest = without_own(predicted, left_out, np.array([2, 1]))
    np.testing.assert_array_equal(honest.location, [0, 0, 7, 0])
    np.testing.assert_array_equal(honest.spread, [1, 1, 3, 1])
    assert honest.transform is transform
    np.testing.assert_array_equal(predicted.location, 0), "what was given is left as it was"
