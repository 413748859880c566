import dataclasses

import numpy as np
import pytest
import torch

from geohg.engine.models.conditioning import negative_log_likelihood
from geohg.engine.models.kernel_fit import choose_patch, fit_kernel, patch_loss
from geohg.engine.progress import Silent

from ..conftest import Recorder
from .test_kernel import known_kernel, random_inputs


def test_a_patch_is_the_observed_cells_nearest_to_one_of_them():
    line = torch.stack([torch.arange(2000.0), torch.zeros(2000)], dim=1)
    generator = torch.Generator().manual_seed(0)
    first = choose_patch(line, 0, generator)
    assert len(first.unique()) == 600 and np.ptp(first.numpy()) > 1900, "all over the line"
    starts = set()
    for step in range(1, 6):
        patch = choose_patch(line, step, generator).sort().values
        assert torch.equal(patch, torch.arange(patch[0], patch[0] + 600))
        starts.add(int(patch[0]))
    assert len(starts) == 5 and min(starts) > 0 and max(starts) < 1400
    assert torch.equal(choose_patch(line[:600], 3, generator), torch.arange(600))


def test_features_matter_little_until_the_data_say_otherwise():
    inputs, values = random_inputs(20), torch.randn(20)
    scales = {"scale_a": torch.tensor([0.0, -3.0]), "scale_b": torch.tensor([-3.0, -5.0])}
    kernel, watcher = dataclasses.replace(known_kernel(), **scales), Recorder()
    alone = float(negative_log_likelihood(kernel, inputs, values, Silent()))
    loss = float(patch_loss(kernel, inputs, values, 4, watcher))
    # A fifth of a cell's likelihood for the square of what each scale is off -3.
    assert loss - alone == pytest.approx(0.2 / 20 * (3**2 + 2**2), rel=1e-3)
    assert watcher.metrics == [("negative_log_likelihood", 4)]


def test_a_fit_finds_the_feature_that_matters():
    inputs, start = random_inputs(80, columns=2), known_kernel(columns=2)
    fitted = fit_kernel(start, inputs, inputs.x[:, 0], 0, Silent())
    before, after = (
        float(negative_log_likelihood(kernel, inputs, inputs.x[:, 0], Silent()))
        for kernel in (start, fitted)
    )
    assert after < before - 0.3
    weight = torch.maximum(fitted.scale_a, fitted.scale_b)
    assert weight[0] > weight[1] + 1
