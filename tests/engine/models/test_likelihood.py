import dataclasses

import numpy as np
import pytest
import torch

from geohg.engine.models.kernel import Inputs, Kernel, Rows
from geohg.engine.models.likelihood import negative_log_likelihood
from geohg.engine.progress import Silent

from .test_kernel import known_kernel, random_inputs


def off_start(groups: int, columns: int) -> Kernel:
    """A kernel whose parameters are all different, in double precision."""
    generator = torch.Generator().manual_seed(5)
    kernel = known_kernel(groups, columns, (0, 2)) if groups else Kernel.start(torch.arange(0), 0)
    return kernel.map(
        lambda part: (part + 0.4 * torch.randn(part.shape, generator=generator)).double()
    )


def normal_loss(kernel: Kernel, inputs: Inputs, values: torch.Tensor) -> torch.Tensor:
    """The same from the density of the normal distribution."""
    count = len(values)
    noise = kernel.noise_of(inputs.rows) * torch.ones(count, dtype=values.dtype)
    matrix = kernel.covariance(inputs, inputs) + torch.diag(noise)
    normal = torch.distributions.MultivariateNormal(kernel.mean.expand(count), matrix)
    return -normal.log_prob(values) / count - np.log(2 * np.pi) / 2


def test_likelihood_is_that_of_the_normal_distribution():
    kernel, inputs, values = known_kernel(), random_inputs(20), torch.randn(20)
    found = negative_log_likelihood(kernel, inputs, values, Silent())
    assert found.item() == pytest.approx(normal_loss(kernel, inputs, values).item(), rel=1e-3)


@pytest.mark.parametrize("case", ["cells", "places", "coordinates alone"])
def test_its_gradient_is_that_of_the_normal_distribution(case):
    groups, columns = (0, 0) if case == "coordinates alone" else (2, 3)
    inputs = random_inputs(30, columns).to(torch.float64)
    if case == "places":
        cell, one = torch.arange(30) // 2, torch.ones(30, dtype=torch.float64)
        count = 1 + torch.arange(30).double() % 3
        rows = Rows(cell, 0.5 * one, count, 0.01 * one)
        inputs = dataclasses.replace(inputs, x=inputs.x[2 * cell], rows=rows)
    values = torch.randn(30, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    kernel = off_start(groups, columns).map(lambda part: part.requires_grad_())
    learnt = kernel.parameters if groups else kernel.parameters[2:-1]
    wanted = torch.autograd.grad(normal_loss(kernel, inputs, values), learnt)
    found = torch.autograd.grad(negative_log_likelihood(kernel, inputs, values, Silent()), learnt)
    for own, theirs in zip(found, wanted):
        np.testing.assert_allclose(own, theirs, rtol=5e-3, atol=3e-4)
        assert (theirs != 0).any()


def test_of_several_columns_it_is_the_mean_of_theirs_and_so_is_its_gradient():
    inputs = random_inputs(15).to(torch.float64)
    values = torch.randn(15, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    kernel = off_start(2, 3).map(lambda part: part.requires_grad_())
    each = [negative_log_likelihood(kernel, inputs, one, Silent()) for one in values.T]
    found = negative_log_likelihood(kernel, inputs, values, Silent())
    assert found.item() == pytest.approx(torch.stack(each).mean().item(), rel=1e-9)
    wanted = torch.autograd.grad(torch.stack(each).mean(), kernel.parameters)
    for own, theirs in zip(torch.autograd.grad(found, kernel.parameters), wanted):
        np.testing.assert_allclose(own, theirs, rtol=1e-6, atol=1e-9)


def test_it_tells_an_embedding_where_to_go():
    kernel, inputs = off_start(2, 3), random_inputs(12).to(torch.float64)
    x, values = inputs.x.clone().requires_grad_(), torch.randn(12, dtype=torch.float64)
    seen = dataclasses.replace(inputs, x=x)
    (found,) = torch.autograd.grad(negative_log_likelihood(kernel, seen, values, Silent()), x)
    (wanted,) = torch.autograd.grad(normal_loss(kernel, seen, values), x)
    np.testing.assert_allclose(found, wanted, rtol=5e-3, atol=1e-4)
