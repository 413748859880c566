import dataclasses

import numpy as np
import pytest
import torch

from geohg.engine.errors import InputError
from geohg.engine.models.conditioning import Conditioned
from geohg.engine.models.covariances import Covariances
from geohg.engine.models.kernel import Inputs
from geohg.engine.models.local import LocallyConditioned
from geohg.engine.models.propagation import Propagation
from geohg.engine.models.tiles import Box, Boxes, tiles
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
    told = torch.empty(2, len(new))
    for index, part in local.parts(new):
        told[:, index] = torch.stack(part.predict(new[index]))
    for found, expected in (
        (told, exact.predict(new)),
        (local.leave_one_out(), exact.leave_one_out()),
    ):
        for one, other in zip(found, expected):
            np.testing.assert_allclose(one, other, rtol=2e-3, atol=2e-3)


def nearest(position, goal, count):
    return set((position - goal).square().sum(1).topk(count, largest=False).indices.tolist())


def test_boxes_hold_each_place_once_and_at_most_so_many_points():
    draw = np.random.default_rng(0)
    points = draw.random((500, 2)) ** 3 * [100.0, 30.0]
    places = draw.random((2000, 2)) * [100.0, 30.0]
    found = list(Boxes(points, 20).of(places))
    assert sorted(np.concatenate([asked for _, _, asked in found])) == list(range(2000))
    assert all(len(own) <= 20 for _, own, _ in found)
    sides = [box.width for box, _, _ in found]
    assert min(sides) <= max(sides) / 8
    for box, own, asked in found:
        for inside in (points[own], places[asked]):
            assert ((inside >= box[:2]) & (inside < np.add(box[:2], box[2:]))).all()
    # Whoever lies outside belongs to the box that it faces.
    ((box, _, _),) = Boxes(points, 20).of(np.array([[-1000.0, 12.0]]))
    assert box.x < 0.0 and box.y <= 12.0 <= box.y + box.height


def test_points_in_one_place_end_the_halving():
    ((box, own, asked),) = Boxes(np.zeros((50, 2)), 20).of(np.zeros((3, 2)))
    assert len(own) == 50 and len(asked) == 3 and box.width > 0.0


@pytest.mark.parametrize("columns", [0, 3])
def test_what_is_predicted_of_a_cell_depends_on_nothing_else_asked(columns):
    inputs, new = random_inputs(900, columns), random_inputs(300, columns, seed=1)
    kernel = known_kernel() if columns else known_kernel(0, 0)
    local = LocallyConditioned(kernel, inputs, torch.randn(900), 0, Silent())

    def told(some):
        found = torch.empty(2, len(some))
        for index, part in local.parts(some):
            found[:, index] = torch.stack(part.predict(some[index])).float()
        return found

    whole = told(new)
    assert len(list(local.parts(new))) > 4
    for part in (slice(0, 1), slice(17, 190), slice(None, None, 7)):
        torch.testing.assert_close(told(new[part]), whole[:, part], rtol=1e-5, atol=1e-5)


def test_a_tile_has_its_own_cells_and_the_nearest_of_all_its_places():
    position = random_inputs(900, 0).position
    inputs = Inputs(position, torch.empty(900, 0))
    local = LocallyConditioned(known_kernel(0, 0), inputs, torch.randn(900), 0, Silent())
    for box, own, _ in local.boxes.of(local.boxes.points):
        found = set(local._relevant(box, own).tolist())
        place = torch.from_numpy(box.lattice(2)).float()
        assert set(own) <= found
        for corner in place:
            assert nearest(position, corner, 16) <= found


def test_a_tile_in_a_gap_hears_from_all_sides():
    # Two clumps, far apart, and a cell that listens from the midst of the gap.
    position = random_inputs(900, 0).position
    position[450:, 0] += 80.0
    inputs = Inputs(position, torch.empty(900, 0))
    local = LocallyConditioned(known_kernel(0, 0), inputs, torch.randn(900), 0, Silent())
    place = np.array([[40.0, 10.0]])
    ((box, own, _),) = local.boxes.of(place)
    assert len(own) == 0
    alone = local._relevant(box, own)
    assert nearest(position, torch.from_numpy(box.middle), 100) <= set(alone.tolist())
    # The hundred nearest are all on one side; the thinned subsets tell of the other.
    assert (alone >= 450).sum() >= 25
    assert len(alone) < 600


def test_the_neighbours_are_those_along_the_axis_that_values_are_alike_on(monkeypatch):
    monkeypatch.setattr("geohg.engine.models.local._AROUND", 1)
    monkeypatch.setattr("geohg.engine.models.local._NEAREST", 2)
    position = torch.tensor([[0.0, 5.0], [9.0, 0.0], [0.0, -6.0], [-8.0, 0.0]])
    inputs = Inputs(position, torch.empty(4, 0))
    for stretch, expected in (((0.0, 0.0), {0, 2}), ((-1.0, 0.0), {1, 3}), ((1.0, 0.0), {0, 2})):
        kernel = dataclasses.replace(known_kernel(0, 0), stretch=torch.tensor(stretch))
        local = LocallyConditioned(kernel, inputs, torch.randn(4), 0, Silent())
        local.subsets = local.subsets[:1]
        nothing = np.empty(0, np.int64)
        found = local._relevant(Box(-0.1, -0.1, 0.2, 0.2), nothing)
        assert set(found.tolist()) == expected


def test_a_tile_listens_to_those_that_are_most_like_it(monkeypatch):
    monkeypatch.setattr("geohg.engine.models.local._ALIKE", 10)
    position = random_inputs(600).position
    apart = (position - 5.0).square().sum(1)
    x = torch.full((600, 3), 9.0)
    # Those near the tile are alike, and ten far from it.
    x[apart < 9.0] = 0.0
    alike = apart.topk(10).indices
    x[alike] = 0.0
    inputs = Inputs(position, x)
    local = LocallyConditioned(known_kernel(), inputs, torch.randn(600), 0, Silent())
    local.subsets = local.subsets[:1]
    local.pool = torch.cat([alike, (apart > 100.0).nonzero()[:, 0]]).unique()
    local.alike = Covariances(local.kernel, inputs[local.pool])
    box = Box(4.5, 4.5, 1.0, 1.0)
    found = local._relevant(box, np.empty(0, np.int64))
    expected = nearest(position, torch.tensor([5.0, 5.0]), 100) | set(alike.tolist())
    for corner in torch.from_numpy(box.lattice(2)).float():
        expected |= nearest(position, corner, 16)
    assert set(found.tolist()) == expected


def test_a_model_file_keeps_what_was_left_out(monkeypatch):
    graph, patchy = patchy_landscape()
    y = patchy + smooth_field(graph)
    known, _ = observe(graph, 300)
    monkeypatch.setattr("geohg.engine.models.readout._EXACT_BELOW", 0)
    model = Propagation().fit(graph, y, known, Silent())
    state = model.state()
    Propagation.check_state(state.tensors, state.header, {})
    again = Propagation.from_state(state.tensors, state.header)
    # Few cells are predicted as all are, however cheap it were to be exact.
    monkeypatch.setattr("geohg.engine.models.readout._EXACT_BELOW", 10_000)
    # Another machine need not find it again.
    monkeypatch.setattr(LocallyConditioned, "_leave_out", None)
    assert again.state().tensors.keys() == state.tensors.keys()
    for one, other in (
        (model.predict(graph, Silent()), again.predict(graph, Silent())),
        (model.leave_one_out(), again.leave_one_out()),
    ):
        np.testing.assert_array_equal(one.mean, other.mean)
        np.testing.assert_array_equal(one.std, other.std)
    worse = {**state.tensors, "left_wide": -state.tensors["left_wide"]}
    with pytest.raises(InputError, match="left_wide"):
        Propagation.check_state(worse, state.header, {})
    del worse["left_wide"]
    with pytest.raises(InputError, match="left_wide"):
        Propagation.check_state(worse, state.header, {})
