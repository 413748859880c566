import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingRegressor

from geohg.engine.models import boosted
from geohg.engine.models.boosted import MOST_LEAVES, Boosted


@pytest.mark.parametrize("leaves", [2, 8, MOST_LEAVES])
def test_boosted_trees_predict_what_they_predict_in_scikit_learn(leaves, monkeypatch):
    monkeypatch.setattr(boosted, "_CHUNK", 70)
    rng = np.random.default_rng(0)
    # Whole numbers, so that many lie exactly on a threshold.
    rows = rng.integers(-3, 4, (300, 5)).astype(float)
    values = rows[:, 0] + rows[:, 1] * (rows[:, 2] > 0)
    model = HistGradientBoostingRegressor(
        max_iter=20, max_leaf_nodes=leaves, min_samples_leaf=5, early_stopping=False, random_state=0
    ).fit(rows[:200], values[:200])
    np.testing.assert_allclose(Boosted(model).predict(rows), model.predict(rows), rtol=1e-12)


def test_trees_that_ask_nothing_say_the_mean():
    model = HistGradientBoostingRegressor(min_samples_leaf=20, early_stopping=False)
    model.fit(np.zeros((30, 2)), np.arange(30.0))
    np.testing.assert_allclose(Boosted(model).predict(np.ones((3, 2))), 14.5)
