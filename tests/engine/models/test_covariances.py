import dataclasses

import pytest
import torch

from geohg.engine.models import covariances
from geohg.engine.models.covariances import Covariances
from geohg.engine.models.kernel import Inputs

from .test_kernel import known_kernel, random_inputs


@pytest.mark.parametrize(("columns", "trend"), [(0, ()), (3, ()), (3, (0, 2))])
def test_they_are_those_of_the_kernel_in_parts_of_any_size(columns, trend, monkeypatch):
    kernel = known_kernel(trend=trend) if columns else known_kernel(0, 0)
    kernel = dataclasses.replace(kernel, stretch=torch.tensor([0.8, -0.5]))
    one, other = random_inputs(150, columns), random_inputs(70, columns, seed=1)
    for numbers in (2**16, 1000, 1):
        monkeypatch.setattr(covariances, "_CHUNK", numbers)
        found = Covariances(kernel, one)
        expected = kernel.covariance(one, other).T
        torch.testing.assert_close(found.of(other), expected, rtol=2e-4, atol=2e-4)
        among = kernel.covariance(one, one).tril()
        away = ~torch.eye(150, dtype=torch.bool)
        torch.testing.assert_close(found.lower()[away], among[away], rtol=2e-4, atol=2e-4)
        # Of a cell with itself, the kernel's own differs by what keeps its slope finite.
        torch.testing.assert_close(
            found.lower().diagonal(), kernel.variance(one), rtol=1e-3, atol=1e-3
        )


@pytest.mark.parametrize("columns", [0, 3])
def test_the_mean_over_a_cell_is_taken_of_close_ones_alone(columns):
    kernel = known_kernel() if columns else known_kernel(0, 0)
    offset = torch.tensor([[-0.3, -0.3], [-0.3, 0.3], [0.3, -0.3], [0.3, 0.3]])
    one = random_inputs(40, columns)
    other = Inputs(one.position[:5] + 0.05, random_inputs(5, columns, seed=1).x)
    around = torch.stack(
        [kernel.covariance(one, Inputs(other.position + step, other.x)).T for step in offset]
    )
    told = Covariances(kernel, one, 15).of(dataclasses.replace(other, offset=offset))
    middle = Covariances(kernel, one).of(other)
    torch.testing.assert_close(told[:, :15], around.mean(0)[:, :15], rtol=5e-4, atol=5e-4)
    torch.testing.assert_close(told[:, 15:], middle[:, 15:])
    assert (told - middle)[:, :15].abs().max() > 0.01


def test_what_lies_far_beyond_all_ranges_is_nothing_and_never_not_a_number():
    kernel = known_kernel()
    one = random_inputs(3)
    far = Inputs(one.position + 1e6, one.x + 1e3)
    assert torch.equal(Covariances(kernel, one).of(far) < 1e-20, torch.ones(3, 3, dtype=torch.bool))
