import numpy as np
import pytest
import torch

from geohg.engine.models.conditioning import Conditioned
from geohg.engine.models.kernel import Inputs
from geohg.engine.models.local import LocallyConditioned, tiles
from geohg.engine.models.propagation import Propagation
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
        (local.predict(new), exact.predict(new)),
        (local.leave_one_out(), exact.leave_one_out()),
    ):
        for one, other in zip(found, expected):
            np.testing.assert_allclose(one, other, rtol=2e-3, atol=2e-3)


def test_a_tile_listens_to_the_nearest_cells_and_to_those_that_are_most_like_it(monkeypatch):
    monkeypatch.setattr("geohg.engine.models.local._NEAREST", 20)
    monkeypatch.setattr("geohg.engine.models.local._ALIKE", 10)
    position = random_inputs(600).position
    apart = (position - 5.0).square().sum(1)
    x = torch.full((600, 3), 9.0)
    alike = apart.topk(10).indices
    x[alike] = 0.0
    inputs = Inputs(position, x)
    local = LocallyConditioned(known_kernel(), inputs, torch.randn(600), 0, Silent())
    square = torch.tensor([[4.0, 4.0], [4.0, 6.0], [6.0, 4.0], [6.0, 6.0]])
    # One of the tile's cells is like no other: who is like the rest is heard all the same.
    kinds = torch.zeros(4, 3)
    kinds[3] = 30.0
    found = local._relevant(Inputs(square, kinds))
    expected = torch.cat([apart.topk(20, largest=False).indices, alike]).sort().values
    assert torch.equal(found, expected)
