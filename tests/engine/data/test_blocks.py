"""Blocks of a grid, and what is the same whatever the blocks are."""

import numpy as np
import pytest

from geohg.engine.data.builders.blocks import blocks_of
from geohg.engine.data.builders.grid import Grid
from geohg.engine.data.builders.squares import SQUARE, Moments, squares_of
from geohg.engine.data.builders.surroundings import box_sums
from geohg.engine.data.draws import drawn

GRID = Grid("EPSG:32631", 500_000.0, 5_400_000.0, 100.0, 50.0, 150, 200)


def test_blocks_hold_each_cell_once_in_whole_squares():
    blocks = blocks_of(GRID, 70, (7, 3))
    assert [block.number for block in blocks] == list(range(4))
    assert all(block.row0 % SQUARE == block.col0 % SQUARE == 0 for block in blocks)
    cells = np.concatenate([block.cells(GRID) for block in blocks])
    np.testing.assert_array_equal(np.sort(cells), np.arange(GRID.size))
    for block in blocks:
        assert block.holds(GRID, block.cells(GRID)).all() and block.size == len(block.cells(GRID))
        assert block.holds(GRID, cells).sum() == block.size


def test_a_grid_of_no_more_cells_than_a_block_is_one_whatever_its_shape():
    (block,) = blocks_of(Grid("EPSG:32631", 0.0, 0.0, 1.0, 1.0, 10, 400), 64)
    assert block.shape == (10, 400)


def test_a_halo_ends_with_the_grid_and_windows_lie_where_their_cells_do():
    first, *_, last = blocks_of(GRID, 64, (7, 3))
    wide = first.wide(GRID)
    assert (wide.row0, wide.row1, wide.col0, wide.col1) == (0, 71, 0, 67)
    wide = last.wide(GRID)
    assert (wide.row0, wide.row1, wide.col0, wide.col1) == (121, 150, 189, 200)
    window = wide.window(GRID)
    centres = window.centres(np.arange(window.size))
    np.testing.assert_allclose(centres, GRID.centres(wide.cells(GRID)), rtol=1e-12)


def test_values_are_placed_where_their_cells_are():
    last = blocks_of(GRID, 64)[-1]
    cell = last.cells(GRID)[5:7]
    placed = last.place(GRID, cell, np.array([1.0, 2.0]))
    assert placed.shape == last.shape and placed.ravel()[5:7].tolist() == [1.0, 2.0]
    assert np.isnan(placed).sum() == placed.size - 2


def test_what_is_drawn_of_parts_is_what_is_drawn_of_the_whole():
    cell = np.random.default_rng(0).permutation(1_000_000)[:30_000]
    whole = cell[drawn(cell, 500, 7)]
    kept = np.empty(0, np.int64)
    for part in np.array_split(np.sort(cell), 11):
        kept = np.concatenate([kept, part])
        kept = kept[drawn(kept, 500, 7)]
    np.testing.assert_array_equal(np.sort(whole), np.sort(kept))
    assert set(whole) != set(cell[drawn(cell, 500, 8)])
    assert whole.mean() == pytest.approx(500_000, rel=0.1)  # evenly
    assert drawn(cell[:3], 5, 0).tolist() == [0, 1, 2]


def test_moments_of_blocks_are_those_of_all_cells_to_the_last_digit():
    values = np.random.default_rng(1).normal(1e6, 3.0, GRID.size)
    values[::7] = np.nan
    cell, found = np.arange(GRID.size), []
    for side in (64, 128, 10_000):
        moments = Moments()
        for block in blocks_of(GRID, side)[::-1]:
            own = block.cells(GRID)
            moments.add(squares_of(GRID, own), values[own])
        found.append(moments.scale())
    assert found[0] == found[1] == found[2]
    known = values[cell % 7 > 0]
    assert found[0] == (pytest.approx(known.mean()), pytest.approx(known.std()))
    assert not moments.fine  # steps of float32 near a million are a sixteenth


def test_boxes_are_summed_alike_however_far_a_plane_goes_on():
    plane = np.random.default_rng(2).random((40, 50))
    whole = box_sums(plane, (5, 9))
    assert whole[20, 20] == pytest.approx(plane[18:23, 16:25].sum())
    part = box_sums(plane[10:35, 8:40], (5, 9))
    np.testing.assert_array_equal(part[2:-2, 4:-4], whole[12:33, 12:36])
