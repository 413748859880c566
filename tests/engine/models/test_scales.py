import numpy as np
import pytest

from geohg.engine.data.transforms import TargetTransform
from geohg.engine.errors import GeoHGError
from geohg.engine.models.distances import distance_between
from geohg.engine.models.scales import learn_transform, observed_values

from .landscapes import make_graph


def test_scales_are_tried_on_what_near_cells_say_of_each_other(monkeypatch):
    monkeypatch.setattr(TargetTransform, "choose", lambda values, predict: predict)
    positions = np.array([[0.0, 0.0], [1000.0, 0.0], [3000.0, 0.0]])
    predict = learn_transform("auto", np.array([1.0, 2.0, 3.0]), positions)
    # Weights are one over the square of the distance.
    expected = [(1 + 8 / 9) / (1 + 1 / 9), 8 / 4 / (1 + 1 / 4), (0 / 9 + 1 / 4) / (1 / 9 + 1 / 4)]
    np.testing.assert_allclose(predict(np.array([0.0, 1.0, 8.0])), expected)


def test_one_value_is_too_few_and_two_are_enough():
    y = np.array([1.0, np.nan, 4.0])
    with pytest.raises(GeoHGError, match="Only 1 cells have a measured value, at least 2"):
        observed_values(y, np.array([0]))
    np.testing.assert_array_equal(observed_values(y, np.array([0, 2])), [1.0, 4.0])


def test_a_cell_is_as_far_as_the_nearest_other_of_them():
    found = distance_between(make_graph(), np.array([0, 3, 8]))
    np.testing.assert_allclose(found, [3000.0, 3000.0, 5000.0])
