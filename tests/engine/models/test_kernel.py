import dataclasses

import numpy as np
import pytest
import torch
from scipy.linalg import expm

from geohg.engine.models.kernel import Inputs, Kernel
from geohg.engine.models.propagation import Propagation
from geohg.engine.progress import Silent

from .landscapes import make_graph


def known_kernel(groups=2, columns=3, trend=()):
    group = torch.arange(columns) % groups
    return Kernel.start(group, groups, 0.03, torch.tensor(trend, dtype=torch.int64))


def random_inputs(count, columns=3, seed=0):
    generator = torch.Generator().manual_seed(seed)
    position = 20 * torch.rand(count, 2, generator=generator)
    return Inputs(position, torch.randn(count, columns, generator=generator))


def covariance_of_one_pair(kernel, one, other):
    """The formula of the class, number by number."""
    v = np.exp(kernel.log_variance.numpy().astype(float))
    length = np.exp(kernel.log_length.numpy().astype(float))
    p, q = kernel.stretch.numpy()
    away = (one.position[0] - other.position[0]).numpy()
    apart = np.linalg.norm(expm(0.4 * np.array([[p, q], [q, -p]])) @ away)
    weight = [np.exp(scale[kernel.group].numpy() / 2) for scale in kernel.parameters[:2]]
    step = (one.x[0] - other.x[0]).numpy()
    a, b = (np.linalg.norm(w * step) for w in weight)
    near = v[0] * np.exp(-apart / length[0]) + v[3] * np.exp(-apart / length[2])
    columns, groups = kernel.trend.numpy(), len(np.unique(kernel.group[kernel.trend]))
    slope = np.exp(kernel.log_slope.numpy().astype(float)) / max(groups, 1)
    straight = slope * (one.x.numpy()[0, columns] * other.x.numpy()[0, columns]).sum()
    return near + v[1] * np.exp(-apart / length[1] - a) + v[2] * np.exp(-b) + straight


@pytest.mark.parametrize("stretch", [(0.0, 0.0), (0.5, 0.0), (-0.3, 0.8)])
@pytest.mark.parametrize("trend", [(), (0, 2), (0, 1)])
def test_the_kernel_is_its_formula(stretch, trend):
    changes = {"stretch": torch.tensor(stretch), "log_slope": torch.tensor([0.5])}
    kernel = dataclasses.replace(known_kernel(trend=trend), **changes)
    inputs = random_inputs(2)
    expected = covariance_of_one_pair(kernel, inputs[:1], inputs[1:])
    found = kernel.covariance(inputs[:1], inputs[1:])
    assert found.item() == pytest.approx(expected, rel=1e-4)
    own = covariance_of_one_pair(kernel, inputs[:1], inputs[:1])
    assert kernel.covariance(inputs[:1], inputs[:1]).item() == pytest.approx(own, rel=1e-2)
    assert kernel.variance(inputs[:1]).item() == pytest.approx(own, rel=1e-2)


def test_noise_is_never_nothing():
    assert float(known_kernel().noise) == pytest.approx(0.03 + 0.001)
    assert float(Kernel.start(torch.arange(2), 2, 0.0).noise) == pytest.approx(0.001)


@pytest.mark.parametrize("groups", [0, 2])
def test_variance_is_the_covariance_of_a_cell_with_itself(groups):
    kernel = Kernel(
        scale_a=torch.zeros(groups),
        scale_b=torch.zeros(groups),
        log_variance=torch.tensor([0.3, 0.4, 0.5, 0.1, 0.03]).log(),
        log_length=torch.tensor([20.0, 12.0, 3.0]).log(),
        mean=torch.zeros(1),
        stretch=torch.tensor([1.0, -2.0]),
        log_slope=torch.zeros(1),
        group=torch.arange(groups),
        trend=torch.arange(groups),
    )
    cell = Inputs(torch.tensor([[3.0, 4.0]]), torch.ones(1, groups))
    # Apart from what keeps the slope finite where two cells are alike.
    own = float(kernel.covariance(cell, cell))
    assert own == pytest.approx(float(kernel.variance(cell)), rel=2e-3)


def test_without_features_an_unseen_cell_is_as_sure_as_one_left_out():
    graph = make_graph(rows=20, cols=20)
    cell = np.arange(400)
    rng = np.random.default_rng(0)
    y = np.sin(cell // 20 / 4) + np.cos(cell % 20 / 5) + 0.3 * rng.normal(size=400)
    known, unseen = cell[cell % 2 == 0], cell[cell % 2 == 1]
    model = Propagation().fit(graph, y, known, Silent())
    left_out, predicted = model.leave_one_out(), model.predict(graph, Silent(), unseen)
    assert np.median(predicted.std) == pytest.approx(np.median(left_out.std), rel=0.1)


def test_parameters_are_brought_back_inside_their_bounds():
    for far, scale, variance, noise, length, mean, stretch, slope in (
        (99.0, 4.0, 3.0, 1.0, 6.0, 3.0, 4.0, 3.0),
        (-99.0, -9.0, -8.0, -9.0, -0.7, -3.0, -4.0, -12.0),
    ):
        kernel = known_kernel().map(lambda part, far=far: torch.full_like(part, far))
        kernel.clamp()
        found = torch.cat(kernel.parameters)
        expected = [scale] * 4 + [variance] * 4 + [noise] + [length] * 3
        expected += [mean] + [stretch] * 2 + [slope]
        torch.testing.assert_close(found, torch.tensor(expected))
    kernel = known_kernel()
    kernel.clamp()
    torch.testing.assert_close(kernel.parameters, known_kernel().parameters)
