import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine

from geohg.engine.data.builders.crs import parse_crs
from geohg.engine.data.builders.grid import Grid
from geohg.engine.data.builders.sites import Sites
from geohg.engine.errors import InputError

from ..conftest import CRS, write_raster


def test_bounds_are_snapped_outwards_to_whole_cells():
    grid = Grid.from_bounds((101.0, 199.0, 399.0, 401.0), 100.0, CRS)
    assert grid.bounds == (100.0, 100.0, 400.0, 500.0)
    assert (grid.rows, grid.cols) == (4, 3)


def test_exact_multiples_make_no_extra_cells():
    grid = Grid.from_bounds((0.1, 0.2, 0.3, 0.7), 0.1, "EPSG:4326")
    assert (grid.rows, grid.cols) == (5, 2)


def test_rounding_of_decimal_extents_makes_no_extra_cells():
    # In floats 0.3 / 0.1 is less than 3 and 1.1 / 0.1 more than 11.
    grid = Grid.from_bounds((0.3, 0.3, 1.1, 1.1), 0.1, "EPSG:4326")
    assert (grid.rows, grid.cols) == (8, 8) and grid.bounds == pytest.approx((0.3, 0.3, 1.1, 1.1))


def test_points_on_a_line_make_one_row_of_cells():
    grid = Grid.from_bounds((0.0, 50.0, 300.0, 50.0), 100.0, CRS)
    assert (grid.rows, grid.cols) == (1, 3)


def test_locate_uses_half_open_cells_and_keeps_the_far_edges():
    grid = Grid(CRS, 0.0, 200.0, 100.0, 100.0, 2, 3)
    x = np.array([0.0, 100.0, 300.0, 150.0, -0.1, 150.0])
    y = np.array([200.0, 100.0, 0.0, 150.0, 50.0, 200.1])
    assert grid.locate(x, y).tolist() == [0, 4, 5, 1, -1, -1]


def test_centres_are_located_in_their_own_cells():
    grid = Grid(CRS, 7.0, 93.0, 2.5, 4.0, 6, 9)
    cell = np.arange(grid.size)
    assert (grid.locate(*grid.centres(cell).T) == cell).all()
    assert grid.centres(cell[[0, 10, 53]]).tolist() == [[8.25, 91.0], [10.75, 87.0], [28.25, 71.0]]


def test_a_degree_of_longitude_has_the_length_it_has_there():
    grid = Grid.from_bounds((10.0, 59.5, 11.0, 60.5), 0.1, "EPSG:4326")
    width, height = grid.cell_metres()
    # On the WGS 84 ellipsoid at 60 degrees: 55,800 m a degree east, 111,412 m a degree north.
    assert width == pytest.approx(5580.0, rel=2e-3)
    assert height == pytest.approx(11141.2, rel=2e-3)


def test_sites_are_as_far_apart_as_most_are_from_the_next():
    x = np.array([0.0, 100.0, 200.0, 300.0, 1000.0])
    sites = Sites("EPSG:2263", np.column_stack([x, np.zeros(5)]))
    assert sites.cell_metres() == pytest.approx((30.48006, 30.48006))


def test_feet_become_metres():
    grid = Grid.from_bounds((0.0, 0.0, 1000.0, 1000.0), 100.0, "EPSG:2263")
    assert grid.cell_metres() == pytest.approx((30.48006, 30.48006))


def test_a_template_gives_its_grid(tmp_path):
    path = write_raster(tmp_path / "t.tif", np.zeros((4, 5), np.float32), pixel=30.0)
    grid = Grid.from_template(path)
    assert (grid.rows, grid.cols, grid.cell_width) == (4, 5, 30.0)
    assert grid.bounds == (500_000.0, 5_400_000.0 - 120, 500_150.0, 5_400_000.0)


def test_refuses_a_template_without_crs_or_that_is_no_raster(tmp_path):
    path = write_raster(tmp_path / "t.tif", np.zeros((4, 5), np.float32), crs=None)
    with pytest.raises(InputError, match="has no CRS"):
        Grid.from_template(path)
    with pytest.raises(InputError, match="cannot be read"):
        Grid.from_template(tmp_path / "none.tif")


@pytest.mark.parametrize("size", [0.0, -5.0, float("nan"), float("inf")])
def test_refuses_a_cell_size_of_zero_or_less(size):
    for make in (
        lambda: Grid.from_bounds((0, 0, 1, 1), size, CRS),
        lambda: Grid(CRS, 0.0, 1.0, size, 1.0, 1, 1),
        lambda: Grid(CRS, 0.0, 1.0, 1.0, size, 1, 1),
    ):
        with pytest.raises(InputError, match=f"cell size must be greater than zero, got {size:g};"):
            make()


def test_refuses_an_empty_extent_and_an_unknown_crs():
    with pytest.raises(InputError, match="is empty"):
        Grid.from_bounds((1, 0, 0, 1), 0.1, CRS)
    with pytest.raises(InputError, match="unknown"):
        Grid.from_bounds((0, 0, 1, 1), 0.1, "EPSG:999999")
    with pytest.raises(InputError, match="The CRS of the points is missing"):
        parse_crs("", "the points")


def test_longitudes_a_whole_turn_off_find_their_cells():
    grid = Grid("EPSG:4326", 178.0, 1.0, 1.0, 1.0, 1, 4)
    x = np.array([178.5, -181.5, 181.5, -178.5, -178.0, 538.5, 177.9, np.inf, np.nan])
    assert grid.locate(x, np.full(9, 0.5)).tolist() == [0, 0, 3, 3, 3, 0, -1, -1, -1]
    world = Grid("EPSG:4326", 0.0, 90.0, 1.0, 1.0, 180, 360)
    assert world.locate(np.array([-0.5, 359.5, 360.0]), np.full(3, 89.5)).tolist() == [359] * 3
    metres = Grid("EPSG:3857", 0.0, 100.0, 100.0, 100.0, 1, 1)
    assert metres.locate(np.array([50.0, 410.0]), np.array([50.0, 50.0])).tolist() == [0, -1]


def test_refuses_metres_and_places_off_the_earth_where_degrees_are_read():
    with pytest.raises(InputError, match="cell size 100 x 100 is read in degrees"):
        Grid("EPSG:4326", 0.0, 50.0, 100.0, 100.0, 1, 1)
    for left, top in ((0.0, 92.0), (0.0, -89.5), (545.0, 50.0), (-545.0, 50.0)):
        with pytest.raises(InputError, match="check whether x and y are exchanged"):
            Grid("EPSG:4326", left, top, 0.5, 0.5, 4, 4)
    assert Grid("EPSG:4326", 0.0, 90.0, 1.0, 1.0, 180, 360).size == 64_800


def test_refuses_a_template_with_south_up(tmp_path):
    path, down = tmp_path / "t.tif", Affine(100.0, 0.0, 0.0, 0.0, 100.0, 0.0)
    shape = {"width": 5, "height": 4, "count": 1, "dtype": "float32"}
    with rasterio.open(path, "w", driver="GTiff", crs=CRS, transform=down, **shape):
        pass
    with pytest.raises(InputError, match="is not north up"):
        Grid.from_template(path)
