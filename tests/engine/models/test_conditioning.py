"""Conditioning, beside the same worked out by hand."""

import dataclasses

import numpy as np
import pytest
import torch

from geohg.engine.errors import FitError
from geohg.engine.models.conditioning import Conditioned, cholesky
from geohg.engine.progress import Silent

from ..conftest import Recorder
from .test_kernel import known_kernel, random_inputs


def off_centre():
    """A kernel whose mean is not zero, as that of scaled values nearly is."""
    return dataclasses.replace(known_kernel(trend=(1,)), mean=torch.tensor([0.7]))


def by_hand(kernel, inputs, values, new):
    """Mean and variance of new measurements, and the covariance [n, m] of old and new."""
    kernel, inputs, new = (part.to(torch.float64) for part in (kernel, inputs, new))
    noise, mean = float(kernel.noise), float(kernel.mean)
    matrix = kernel.covariance(inputs, inputs).numpy() + noise * np.eye(len(inputs))
    across = kernel.covariance(inputs, new).numpy()
    solved = np.linalg.solve(matrix, across)
    variance = kernel.variance(new).numpy() + noise - (across * solved).sum(axis=0)
    return mean + solved.T @ (values.double().numpy() - mean), variance, across


def spread_by_hand(across, scores):
    """The mean of the scores around each cell, and of three cells that are like all."""
    weight = np.maximum(across / across.max(axis=0), 0.0) ** 10
    return (scores @ weight + 3 * scores.mean()) / (weight.sum(axis=0) + 3)


def refitted(kernel, inputs, values):
    """Mean and variance of each value from a fit without it, and the covariance [n, n]."""
    found = []
    for left in range(len(values)):
        others = torch.arange(len(values)) != left
        mean, variance, _ = by_hand(kernel, inputs[others], values[others], inputs[~others])
        found.append((mean[0], variance[0]))
    mean, variance = np.array(found).T
    return mean, variance, kernel.covariance(inputs, inputs).double().numpy()


def test_leave_one_out_is_what_refitting_without_the_cell_gives():
    kernel, inputs, values = off_centre(), random_inputs(25), torch.randn(25)
    mean, variance, across = refitted(kernel, inputs, values)
    scores = (values.double().numpy() - mean) ** 2 / variance
    np.fill_diagonal(across, 0.0)
    found = Conditioned(kernel, inputs, values, Silent()).leave_one_out()
    np.testing.assert_allclose(found[0], mean, atol=1e-3)
    np.testing.assert_allclose(found[1], variance * spread_by_hand(across, scores), rtol=5e-3)


def test_predictions_are_those_of_the_normal_distribution_and_as_wide_as_errors_nearby():
    kernel, inputs, values = off_centre(), random_inputs(25), torch.randn(25)
    new = random_inputs(7, seed=1)
    left_out, width, _ = refitted(kernel, inputs, values)
    scores = (values.double().numpy() - left_out) ** 2 / width
    mean, variance, across = by_hand(kernel, inputs, values, new)
    found = Conditioned(kernel, inputs, values, Silent()).predict(new)
    np.testing.assert_allclose(found[0], mean, atol=1e-3)
    np.testing.assert_allclose(found[1], variance * spread_by_hand(across, scores), rtol=5e-3)


def test_a_singular_covariance_is_mended_with_a_warning_or_refused():
    watched = Recorder()
    factor = cholesky(torch.ones(50, 50) - 1e-5 * torch.eye(50), watched)
    assert torch.isfinite(factor).all()
    assert "nearly singular" in watched.warnings[0]
    with pytest.raises(FitError, match="singular"):
        cholesky(-torch.eye(3), Silent())
