"""Scores that a few large values do not decide."""

import numpy as np
import pytest

from geohg.engine.validation.trials import HeldOut, scores_of

OBSERVED = np.array([1.0, 2.0, 3.0, 1000.0])


def test_the_rank_correlation_is_of_ranks():
    found = HeldOut("GeoHG", OBSERVED, np.array([2.0, 1.0, 3.0, 4.0])).score()
    # One pair of neighbours in rank is exchanged: 1 - 6 * 2 / (4 * 15).
    assert found["rank"] == pytest.approx(0.8)


def test_the_mean_error_is_told_as_a_share_of_that_of_the_mean():
    mean = np.full(4, OBSERVED.mean())
    near, far = HeldOut("GeoHG", OBSERVED, OBSERVED + 3), HeldOut("Mean", OBSERVED, mean)
    ours, theirs = scores_of([near, far])
    assert ours["mae_share"] == pytest.approx(3 / np.abs(OBSERVED - mean).mean())
    assert theirs["mae_share"] == 1.0
    (alone,) = scores_of([near])
    assert alone["mae_share"] is None
