"""A cell size that suits the points, told before a run starts."""

import numpy as np
import pytest

from geohg.engine.assembly.sizing import choose_cell_size, log_size
from geohg.engine.data.builders.grid import Grid
from geohg.engine.errors import InputError

from ..conftest import Recorder

SQUARE = (0.0, 0.0, 40_000.0, 40_000.0)


def lattice(step):
    """Points `step` apart all over the square."""
    x, y = np.meshgrid(np.arange(0, 40_001.0, step), np.arange(0, 40_001.0, step))
    return np.column_stack([x.ravel(), y.ravel()])


@pytest.mark.parametrize(("step", "size"), [(1000, 500), (2000, 1000), (1100, 500), (800, 500)])
def test_a_cell_is_half_as_wide_as_points_are_apart(step, size):
    assert choose_cell_size(SQUARE, lattice(step)) == size


def test_points_on_top_of_each_other_and_order_do_not_matter():
    xy = lattice(1000.0)
    many = np.random.default_rng(0).permutation(np.vstack([xy, xy, xy]))
    assert choose_cell_size(SQUARE, many) == 500


def test_cells_are_neither_too_many_nor_too_few():
    assert choose_cell_size(SQUARE, lattice(10_000.0)) == 2000  # 400 cells
    dense = np.random.default_rng(0).uniform(20_000, 20_100, (500, 2))
    assert choose_cell_size(SQUARE, dense) == 200  # 40,000 cells
    assert choose_cell_size(SQUARE, np.empty((0, 2))) == 500  # 6,400 cells
    assert choose_cell_size((0, 0, 100_000, 0), np.empty((0, 2))) in (250, 500, 1000)


def test_degrees_are_rounded_too():
    bounds = (113.0, 22.5, 114.0, 23.5)
    xy = np.random.default_rng(1).uniform((113, 22.5), (114, 23.5), (400, 2))
    size = choose_cell_size(bounds, xy)
    assert size == 0.01  # half of the median distance is about 0.012 degrees
    assert 400 <= Grid.from_bounds(bounds, size, "EPSG:4326").size <= 41_000


def test_refuses_to_choose_for_one_position():
    with pytest.raises(InputError, match="All points have the same position"):
        choose_cell_size((5.0, 5.0, 5.0, 5.0), np.full((9, 2), 5.0))


def test_the_log_tells_cells_and_degrees():
    recorder = Recorder()
    log_size(Grid("EPSG:32650", 0.0, 0.0, 500.0, 500.0, 80, 80), None, recorder)
    assert recorder.lines == ["The map has 6,400 cells of 500 m."]
    wanted = np.zeros(10_000, dtype=bool)
    wanted[:70] = True
    recorder = Recorder()
    log_size(Grid("EPSG:4326", 113.0, -22.0, 0.01, 0.01, 100, 100), wanted, recorder)
    assert recorder.lines[0] == "The map has 70 cells of 0.01°."
    # At 22.5 degrees a degree of longitude is cos(22.5°) x 111.3 km, one of latitude 110.7 km.
    assert "a cell is 1,029 m x 1,107 m" in recorder.lines[1]
    assert recorder.lines[1].endswith("such as EPSG:32749.")
