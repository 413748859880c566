import time

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from scipy.special import expit
from scipy.stats import gamma, norm

from geohg.engine.data.transforms import TargetTransform
from geohg.engine.errors import GeoHGError
from geohg.engine.models.distances import distance_between
from geohg.engine.models.scales import _trial, learn_transform, observed_values

from .landscapes import make_graph


def field(seed=0, count=200, nugget=0.1):
    """A Gaussian field of mean 0 and deviation 1, and where it was measured."""
    rng = np.random.default_rng(seed)
    positions = rng.uniform(0, 40_000, (count, 2))
    covariance = (1 - nugget) * np.exp(-cdist(positions, positions) / 12_000)
    values = np.linalg.cholesky(covariance + nugget * np.eye(count)) @ rng.normal(size=count)
    return (values - values.mean()) / values.std(), positions


@pytest.mark.parametrize(
    ("make", "bounds", "expected"),
    [
        (lambda z: 10 + 2 * z, (), "identity"),
        (lambda z: 500 * np.exp(0.7 * z), (), "log"),
        (lambda z: 3 + np.exp(1.2 * z), (), "log"),
        # On a log scale the mean of such counts is predicted worse by an eighth.
        (lambda z: gamma.ppf(norm.cdf(z), 0.5), (), "identity"),
        (lambda z: -np.exp(0.3 * z), (), "yeo-johnson"),
        (lambda z: 100 * expit(2 * z), (0.0, 100.0), "logit"),
        (lambda z: expit(3 * z), (), "logit"),
        # Half of them at one bound, as under a cut.
        (lambda z: np.minimum(90 + 12 * z, 100), (0.0, 100.0), "identity"),
        (lambda z: np.full(len(z), 4.0), (), "identity"),
        # Counts, nine tenths of which are 0: the mean of a log scale is far too low.
        (lambda z: np.floor(np.exp(3 * np.maximum(z - 1.3, 0))) - 1.0, (), "identity"),
    ],
)
def test_the_scale_is_that_of_the_field(make, bounds, expected):
    z, positions = field()
    assert learn_transform("auto", make(z), positions, bounds).kind == expected


def test_the_interval_score_and_the_error_are_those_of_the_neighbours():
    values = np.array([0.0, 2.0, 10.0])
    index, weight = np.array([[1], [0], [1]]), np.ones((3, 1))
    error, score = _trial(TargetTransform(), values, index, weight)
    np.testing.assert_allclose(error, np.sqrt((4 + 4 + 64) / 3))
    # Misses are 2, 2 and 8: nine tenths of them lie under 6.8, and one lies 1.2 outside.
    np.testing.assert_allclose(score, 2 * 6.8 + 20 * 1.2 / 3)


def test_many_values_take_little_time_and_all_of_them_set_the_constants():
    z, positions = field(count=500)
    many = np.repeat(np.exp(z), 20)
    spread = np.repeat(positions, 20, axis=0) + np.random.default_rng(1).normal(size=(10_000, 2))
    found = learn_transform("auto", many, spread)
    np.testing.assert_allclose(found.forward(many).std(), 1)
    started = time.perf_counter()
    learn_transform("auto", np.exp(z), positions)
    assert time.perf_counter() - started < 1


def test_one_value_is_too_few_and_two_are_enough():
    y = np.array([1.0, np.nan, 4.0])
    with pytest.raises(GeoHGError, match="Only 1 cells have a measured value, at least 2"):
        observed_values(y, np.array([0]))
    np.testing.assert_array_equal(observed_values(y, np.array([0, 2])), [1.0, 4.0])


def test_a_cell_is_as_far_as_the_nearest_other_of_them():
    found = distance_between(make_graph(), np.array([0, 3, 8]))
    np.testing.assert_allclose(found, [3000.0, 3000.0, 5000.0])
