import dataclasses

import numpy as np
import pytest
import torch

from geohg.engine.models.conditioning import Conditioned
from geohg.engine.models.kernel import Inputs
from geohg.engine.models.local import LocallyConditioned
from geohg.engine.models.propagation import Propagation
from geohg.engine.models.tiles import tiles
from geohg.engine.progress import Silent

from .landscapes import make_graph, observe, patchy_landscape, r2, rows_and_cols, smooth_field
from .test_kernel import known_kernel, random_inputs


def test_tiles_cover_every_cell_once_and_are_compact():
    row, col = rows_and_cols(make_graph())
    position = torch.from_numpy(np.column_stack([col, row]))
    found = list(tiles(position, 100))
    assert sorted(torch.cat(found).tolist()) == list(range(1200))
    assert max(len(tile) for tile in found) <= 100
    assert max(float(np.ptp(position[tile].numpy(), axis=0).max()) for tile in found) <= 15


def test_local_conditioning_agrees_with_exact():
    graph, patchy = patchy_landscape()
    y = patchy + smooth_field(graph)
    known, test = observe(graph, 1100)
    model = Propagation().fit(graph, y, known, Silent())
    exact, left_out = model.predict(graph, Silent()), model.leave_one_out()
    model._conditioned = None
    parts = (model.kernel_, model.inputs_, model.values_, 0, Silent())
    local = LocallyConditioned(*parts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("geohg.engine.models.readout._EXACT_BELOW", 0)
        model._conditioned = local
        found = model.predict(graph, Silent())
        again = model.leave_one_out()
    assert np.sqrt(np.mean((found.mean - exact.mean) ** 2)) < 0.03 * y.std()
    assert np.sqrt(np.mean((again.mean - left_out.mean) ** 2)) < 0.03 * y.std()
    assert 0.9 < np.median(found.std / exact.std) < 1.1
    assert r2(found.mean, y, test) > r2(exact.mean, y, test) - 0.005


def test_a_tile_that_all_cells_are_near_is_conditioned_exactly():
    inputs, new = random_inputs(200), random_inputs(30, seed=1)
    # Noise that grows from west to east, so that it matters whose errors are looked at.
    values = torch.randn(200, generator=torch.Generator().manual_seed(2)) * inputs.position[:, 0]
    parts = (known_kernel(), inputs, values)
    exact, local = Conditioned(*parts, Silent()), LocallyConditioned(*parts, 0, Silent())
    for found, expected in (
        (next(local.parts(new))[1].predict(new), exact.predict(new)),
        (local.leave_one_out(), exact.leave_one_out()),
    ):
        for one, other in zip(found, expected):
            np.testing.assert_allclose(one, other, rtol=2e-3, atol=2e-3)


def nearest(position, goal, count):
    return set((position - goal).square().sum(1).topk(count, largest=False).indices.tolist())


def test_each_cell_of_a_wide_tile_has_its_neighbours_and_the_tile_hears_from_all_sides():
    # Two clumps, far apart, and in a corner a cell that listens from the midst of the gap.
    position = random_inputs(900).position
    position[450:, 0] += 80.0
    inputs = Inputs(position, torch.empty(900, 0))
    local = LocallyConditioned(known_kernel(0, 0), inputs, torch.randn(900), 0, Silent())
    ends = torch.tensor([[2.0, 3.0], [97.0, 18.0]])
    found = set(local._relevant(Inputs(ends, torch.empty(2, 0))).tolist())
    assert nearest(position, ends[0], 16) | nearest(position, ends[1], 16) <= found
    alone = local._relevant(Inputs(torch.tensor([[30.0, 10.0]]), torch.empty(1, 0)))
    assert nearest(position, torch.tensor([30.0, 10.0]), 100) <= set(alone.tolist())
    # The hundred nearest are all on one side; the thinned subsets tell of the other.
    assert (alone >= 450).sum() >= 25
    assert len(alone) < 300


def test_the_neighbours_are_those_along_the_axis_that_values_are_alike_on(monkeypatch):
    monkeypatch.setattr("geohg.engine.models.local._AROUND", 1)
    position = torch.tensor([[0.0, 5.0], [9.0, 0.0], [0.0, -6.0], [-8.0, 0.0]])
    inputs = Inputs(position, torch.empty(4, 0))
    middle = Inputs(torch.zeros(1, 2), torch.empty(1, 0))
    monkeypatch.setattr("geohg.engine.models.local._NEAREST", 2)
    for stretch, expected in (((0.0, 0.0), {0, 2}), ((-1.0, 0.0), {1, 3}), ((1.0, 0.0), {0, 2})):
        kernel = dataclasses.replace(known_kernel(0, 0), stretch=torch.tensor(stretch))
        local = LocallyConditioned(kernel, inputs, torch.randn(4), 0, Silent())
        local.subsets = local.subsets[:1]
        assert set(local._relevant(middle).tolist()) == expected


def test_a_tile_that_would_listen_to_too_many_is_halved(monkeypatch):
    inputs, new = random_inputs(900, columns=0), random_inputs(64, columns=0, seed=1)
    values = inputs.position.div(4.0).sin().sum(1)
    local = LocallyConditioned(known_kernel(0, 0), inputs, values, 0, Silent())
    sizes = []

    class Recorded(Conditioned):
        def __init__(self, kernel, inputs, *rest):
            sizes.append(len(inputs))
            super().__init__(kernel, inputs, *rest)

    monkeypatch.setattr("geohg.engine.models.local.Conditioned", Recorded)
    ((_, part),) = local.parts(new)
    whole = part.predict(new)[0]
    monkeypatch.setattr("geohg.engine.models.local._MOST", sizes[0] - 1)
    halves = torch.empty(64)
    for index, part in local.parts(new):
        halves[index] = part.predict(new[index])[0]
    assert len(sizes) == 3 and max(sizes[1:]) < sizes[0]
    assert torch.sqrt(torch.mean((halves - whole) ** 2)) < 0.05 * whole.std()


def test_a_tile_listens_to_those_that_are_most_like_it(monkeypatch):
    monkeypatch.setattr("geohg.engine.models.local._ALIKE", 10)
    position = random_inputs(600).position
    apart = (position - 5.0).square().sum(1)
    x = torch.full((600, 3), 9.0)
    alike = apart.topk(10).indices
    x[alike] = 0.0
    inputs = Inputs(position, x)
    local = LocallyConditioned(known_kernel(), inputs, torch.randn(600), 0, Silent())
    local.subsets = local.subsets[:1]
    square = torch.tensor([[4.0, 4.0], [4.0, 6.0], [6.0, 4.0], [6.0, 6.0]])
    # One of the tile's cells is like no other: who is like the rest is heard all the same.
    kinds = torch.zeros(4, 3)
    kinds[3] = 30.0
    found = local._relevant(Inputs(square, kinds))
    expected = nearest(position, torch.tensor([5.0, 5.0]), 100) | set(alike.tolist())
    for corner in square:
        expected |= nearest(position, corner, 16)
    assert set(found.tolist()) == expected
