"""Probabilities of exceeding a threshold against values drawn with them."""

import numpy as np
import pytest

from geohg.engine.data.splits import Split
from geohg.engine.models.base import Prediction
from geohg.engine.names import OURS
from geohg.engine.validation.reliability import reliability
from geohg.engine.validation.trials import Fold, pool


def test_right_probabilities_are_reliable_and_wrong_ones_are_not():
    rng = np.random.default_rng(0)
    chance = rng.random(40_000)
    y = np.where(rng.random(40_000) < chance, 3.0, 1.0)
    found = reliability(y, chance, 2.0)
    assert found.error < 0.01
    assert found.brier == pytest.approx(1 / 6, abs=0.005)  # the mean of p (1 - p)
    assert found.base == pytest.approx(0.25, abs=0.001)
    np.testing.assert_allclose(found.predicted, found.observed, atol=0.03)
    assert found.count.sum() == 40_000
    sure = reliability(y, np.round(chance), 2.0)
    assert sure.error == pytest.approx(0.25, abs=0.01) and sure.brier > found.brier
    assert list(sure.predicted) == [0.0, 1.0]


def test_a_trial_tells_the_reliability_of_its_folds():
    rng = np.random.default_rng(1)
    location = rng.normal(size=4000)
    y = location + 0.5 * rng.normal(size=4000)
    scores = np.abs(rng.normal(size=500))
    folds = [
        Fold(
            Split(np.empty(0, np.int64), cells),
            {OURS: Prediction(location[cells], np.full(2000, 0.5))},
            {OURS: scores},
        )
        for cells in np.arange(4000).reshape(2, 2000)
    ]
    trial = pool(y, folds, 0.9, {}, None, [0.5, 99.0])
    middle, beyond = trial.reliability
    assert middle.error < 0.02 and middle.brier < 0.5 * middle.base
    assert beyond.threshold == 99.0 and beyond.brier == beyond.base == 0.0
    assert pool(y, folds, 0.9, {}).reliability == ()
