import dataclasses

import numpy as np
import pytest
import torch

from geohg.engine.models.kernel import Inputs, Kernel, Rows
from geohg.engine.models.kernel_fit import (
    Adam,
    _first_noise,
    choose_patch,
    fit_kernel,
    patch_loss,
)
from geohg.engine.models.likelihood import negative_log_likelihood
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


def test_adam_steps_as_pytorchs_does():
    start = [torch.tensor([3.0, -2.0]), torch.tensor([0.5])]
    own, theirs = ([part.clone().requires_grad_() for part in start] for _ in range(2))
    adam, optimiser = Adam(own), torch.optim.Adam(theirs, lr=0.25)
    for _ in range(20):
        slope, other = (
            torch.autograd.grad((a**4).sum() + (a.sum() * b).square().sum(), (a, b))
            for a, b in (own, theirs)
        )
        for part, gradient in zip(theirs, other):
            part.grad = gradient
        adam.step(slope, 0.25)
        optimiser.step()
    for before, part, wanted in zip(start, own, theirs):
        assert part.detach().numpy() == pytest.approx(wanted.detach().numpy(), rel=1e-6)
        assert (part != before).all()


def test_features_matter_little_until_the_data_say_otherwise():
    inputs, values = random_inputs(20), torch.randn(20)
    scales = {"scale_a": torch.tensor([0.0, -3.0]), "scale_b": torch.tensor([-3.0, -5.0])}
    scales |= {"stretch": torch.tensor([0.6, -0.8]), "log_slope": torch.tensor([1.0])}
    kernel, watcher = dataclasses.replace(known_kernel(), **scales), Recorder()
    alone = float(negative_log_likelihood(kernel, inputs, values, Silent()))
    loss = float(patch_loss(kernel, inputs, values, 4, watcher))
    # A fifth of a cell's likelihood for the square of what each scale is off -3, sixteen fifths for
    # that of the stretch, and a twenty-fifth for what the slopes are off -2.
    assert loss - alone == pytest.approx(0.2 / 20 * (3**2 + 2**2 + 16 + 0.2 * 3**2), rel=1e-3)
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


@pytest.mark.parametrize("turn", [0.0, 30.0, 110.0])
def test_a_fit_finds_the_direction_in_which_values_are_alike(turn):
    inputs, start = random_inputs(150, columns=0), known_kernel(0, 0)
    angle = np.deg2rad(turn)
    along = torch.tensor([np.cos(angle), np.sin(angle)], dtype=torch.float32)
    across = torch.tensor([-np.sin(angle), np.cos(angle)], dtype=torch.float32)
    values = (inputs.position @ across / 1.5).sin() + 0.1 * (inputs.position @ along / 3).cos()
    fitted = fit_kernel(start, inputs, values, 0, Silent())
    far, wide = (fitted.stretched(axis[None]).norm() for axis in (along, across))
    assert wide / far > 2
    even = fit_kernel(start, inputs, (inputs.position / 2).sin().prod(1), 0, Silent())
    assert even.stretch.norm() < 0.5 * fitted.stretch.norm()


def test_the_first_noise_is_half_of_what_neighbours_differ_by():
    line = torch.stack([torch.arange(40.0), torch.zeros(40)], dim=1)
    # Neighbours that are one apart have a semivariance of a half.
    assert _first_noise(line, torch.arange(40.0) % 2.0) == 0.25
    assert _first_noise(line, torch.zeros(40)) == 0.03
    assert _first_noise(line, 9 * (torch.arange(40.0) % 2.0)) == 0.5


def places_in_cells(each: int, within: float) -> tuple[Inputs, torch.Tensor]:
    """Places in 120 cells whose values their features set, and what varies within cells."""
    generator = torch.Generator().manual_seed(3)
    cell = torch.arange(120).repeat_interleave(each)
    middle = torch.stack([torch.arange(120) % 12, torch.arange(120) // 12], dim=1).float()
    x = torch.randn(120, 2, generator=generator)
    wide = each**0.5
    position = wide * (middle[cell] + torch.rand(len(cell), 2, generator=generator) - 0.5)
    values = x[cell, 0] + within * torch.randn(len(cell), generator=generator)
    one = torch.ones(len(cell))
    rows = Rows(cell, one / each, one, torch.full_like(one, torch.inf))
    return Inputs(position, x[cell], rows), values


def test_places_tell_what_varies_within_cells_and_their_means_what_features_weigh():
    inputs, values = places_in_cells(4, 0.8)
    start = Kernel.start(torch.arange(2), 2)
    fitted = fit_kernel(start, inputs, values, 0, Silent())
    weight = torch.maximum(fitted.scale_a, fitted.scale_b)
    assert weight[0] > weight[1] + 1.5
    assert 0.5 * 0.8**2 < float(fitted.log_variance[3].exp() + fitted.noise) < 2 * 0.8**2
    # The features' weights are those of the fit to the cells' means.
    means = torch.zeros(120).index_add_(0, inputs.rows.cell, values / 4)
    position = torch.zeros(120, 2).index_add_(0, inputs.rows.cell, inputs.position / 4)
    wide = dataclasses.replace(start, log_length=start.log_length + np.log(2.0))
    alone = fit_kernel(wide, Inputs(position, inputs.x[::4]), means, 0, Silent())
    np.testing.assert_allclose(fitted.scale_a, alone.scale_a, atol=0.02)
    np.testing.assert_allclose(fitted.scale_b, alone.scale_b, atol=0.02)


@pytest.mark.parametrize(("count", "steps"), [(600, 25), (601, 45)])
def test_patches_take_more_steps_than_all_cells_at_once(count, steps):
    inputs, watcher = random_inputs(count, columns=0), Recorder()
    fit_kernel(known_kernel(0, 0), inputs, inputs.position[:, 0].sin(), 0, watcher)
    assert len(watcher.metrics) == steps


def test_a_fit_that_sets_out_from_another_takes_its_last_steps_alone():
    inputs, start = random_inputs(700, columns=2), known_kernel(columns=2)
    values, watcher = inputs.x[:, 0] + 0.1 * inputs.position[:, 0].sin(), Recorder()
    before = fit_kernel(start, inputs[:650], values[:650], 0, Silent())
    fitted = fit_kernel(start, inputs, values, 0, watcher, before=before)
    alone = fit_kernel(start, inputs, values, 0, Silent())
    assert [step for _, step in watcher.metrics] == [*range(33, 45)]
    assert all(watcher.fractions[number] < 0.95 for number in range(12))
    far, near = (
        float((negative_log_likelihood(each, inputs, values, Silent())).detach())
        for each in (alone, fitted)
    )
    assert near < far + 0.02
    assert not torch.equal(fitted.scale_a, before.scale_a)
    # Of other features, or few cells, it is a fit from the start.
    other = dataclasses.replace(start, group=1 - start.group)
    again = fit_kernel(other, inputs[:100], values[:100], 0, Silent(), before=before)
    plain = fit_kernel(other, inputs[:100], values[:100], 0, Silent())
    assert torch.equal(again.scale_a, plain.scale_a)
    watcher = Recorder()
    fit_kernel(other, inputs, values, 0, watcher, before=before)
    assert len(watcher.metrics) == 45
