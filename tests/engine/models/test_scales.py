import numpy as np

from geohg.engine.data.transforms import TargetTransform
from geohg.engine.models.scales import learn_transform


def test_scales_are_tried_on_what_near_cells_say_of_each_other(monkeypatch):
    monkeypatch.setattr(TargetTransform, "choose", lambda values, predict: predict)
    positions = np.array([[0.0, 0.0], [1000.0, 0.0], [3000.0, 0.0]])
    predict = learn_transform("auto", np.array([1.0, 2.0, 3.0]), positions)
    # Weights are one over the square of the distance.
    expected = [(1 + 8 / 9) / (1 + 1 / 9), 8 / 4 / (1 + 1 / 4), (0 / 9 + 1 / 4) / (1 / 9 + 1 / 4)]
    np.testing.assert_allclose(predict(np.array([0.0, 1.0, 8.0])), expected)
