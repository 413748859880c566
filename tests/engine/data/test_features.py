import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine
from rasterio.warp import Resampling, calculate_default_transform, reproject

from geohg.engine.data.builders.features import count_classes
from geohg.engine.data.builders.grid import Grid
from geohg.engine.data.sources.landcover import open_landcover
from geohg.engine.errors import Cancelled, InputError
from geohg.engine.progress import Silent

from ..conftest import CRS, LEFT, TOP, Recorder, shared, write_raster

SILENT = Silent()


def count(path, grid):
    return count_classes(open_landcover([(path, 1)]), grid, SILENT)


def grid_of(rows, cols, size, left=LEFT, top=TOP):
    return Grid(CRS, left, top, size, size, rows, cols)


def random_codes(shape, seed=0):
    return np.random.default_rng(seed).choice([10, 30, 50, 80], shape).astype(np.uint8)


def test_counts_equal_those_of_blocks(tmp_path):
    codes = random_codes((60, 80))
    found = count(write_raster(tmp_path / "r.tif", codes), grid_of(6, 8, 1000.0))
    blocks = codes.reshape(6, 10, 8, 10)
    expected = np.stack([(blocks == code).sum(axis=(1, 3)) for code in (10, 30, 50, 80)], -1)
    assert found.codes.tolist() == [10, 30, 50, 80]
    np.testing.assert_array_equal(found.counts.reshape(6, 8, 4), expected)
    np.testing.assert_allclose(found.proportions().sum(axis=1), 1, rtol=1e-6)


def test_cells_of_more_pixels_than_a_byte_counts(tmp_path):
    codes = random_codes((700, 300))
    found = count(write_raster(tmp_path / "r.tif", codes, pixel=1.0), grid_of(2, 1, 350.0))
    for half, counts in zip((codes[:350], codes[350:]), found.counts):
        assert counts.tolist() == [(half == code).sum() for code in found.codes]


def test_several_windows_count_as_one(tmp_path):
    codes = random_codes((2600, 2500))
    grid = grid_of(71, 68, 37.0)
    found = count(write_raster(tmp_path / "r.tif", codes, pixel=1.0), grid)
    cell = np.arange(2600)[:, None] // 37 * 68 + np.arange(2500) // 37
    for code, counts in zip(found.codes, found.counts.T):
        direct = np.bincount(cell[codes == code], minlength=grid.size)
        np.testing.assert_array_equal(counts, direct)


@pytest.mark.parametrize(("kind", "rare"), [("uint8", 255), ("int16", -7), ("float32", 4000)])
def test_classes_of_single_pixels_are_counted(tmp_path, kind, rare):
    codes = np.full((300, 300), 10, kind)
    codes[5, 7], codes[5, 9], codes[250, 299], codes[299, 0] = rare, 21, rare, 99
    path = write_raster(tmp_path / "r.tif", codes, pixel=1.0, nodata=99)
    found = count(path, grid_of(2, 1, 150.0))
    assert found.codes.tolist() == sorted([10, 21, rare])
    of = dict(zip(found.codes.tolist(), found.counts.T.tolist()))
    assert of == {10: [22498, 22499], 21: [1, 0], rare: [1, 0]}


def test_a_raster_with_south_up_counts_the_same(tmp_path):
    codes = random_codes((60, 80))
    expected = count(write_raster(tmp_path / "n.tif", codes), grid_of(6, 8, 1000.0))
    path = tmp_path / "s.tif"
    profile = {"driver": "GTiff", "width": 80, "height": 60, "count": 1, "dtype": "uint8"}
    transform = Affine(100.0, 0, LEFT, 0, 100.0, TOP - 6000.0)
    with rasterio.open(path, "w", crs=CRS, transform=transform, **profile) as raster:
        raster.write(codes[::-1], 1)
    np.testing.assert_array_equal(count(path, grid_of(6, 8, 1000.0)).counts, expected.counts)


def test_several_tiles_count_as_one_raster(tmp_path):
    codes = random_codes((60, 80))
    one = count(write_raster(tmp_path / "r.tif", codes), grid_of(6, 8, 1000.0))
    west = write_raster(tmp_path / "w.tif", codes[:, :35])
    east = write_raster(tmp_path / "e.tif", codes[:, 35:], left=LEFT + 3500)
    tiles = open_landcover([(west, 1), (east, 1)])
    np.testing.assert_array_equal(
        count_classes(tiles, grid_of(6, 8, 1000.0), SILENT).counts, one.counts
    )


def test_missing_pixels_are_counted_nowhere(tmp_path):
    codes = random_codes((20, 20))
    codes[:10] = 255
    found = count(write_raster(tmp_path / "r.tif", codes, nodata=255), grid_of(2, 2, 1000.0))
    assert found.counts.sum(axis=1).tolist() == [0, 0, 100, 100]
    assert np.isnan(found.proportions()[:2]).all()


def test_zero_is_missing_in_worldcover_but_a_class_elsewhere(tmp_path):
    codes = np.array([[0, 10], [50, 10]], np.uint8)
    grid = grid_of(1, 1, 200.0)
    assert count(write_raster(tmp_path / "w.tif", codes), grid).codes.tolist() == [10, 50]
    codes[0, 0], codes[0, 1] = 0, 7
    assert count(write_raster(tmp_path / "c.tif", codes), grid).codes.tolist() == [0, 7, 10, 50]


def test_pixels_outside_the_grid_are_left_out(tmp_path):
    codes = random_codes((60, 80))
    found = count(
        write_raster(tmp_path / "r.tif", codes), grid_of(2, 2, 1000.0, LEFT + 1000, TOP - 1000)
    )
    assert found.counts.sum() == 400
    assert found.counts[:, 0].sum() == (codes[10:30, 10:30] == 10).sum()


def test_a_raster_of_another_crs_counts_each_pixel_where_its_centre_lies(tmp_path):
    codes = random_codes((90, 120))
    source = write_raster(tmp_path / "r.tif", codes)
    with rasterio.open(source) as raster:
        transform, width, height = calculate_default_transform(
            CRS, "EPSG:4326", raster.width, raster.height, *raster.bounds
        )
        warped = np.full((height, width), 255, np.uint8)
        reproject(
            codes,
            warped,
            src_transform=raster.transform,
            src_crs=CRS,
            dst_transform=transform,
            dst_crs="EPSG:4326",
            dst_nodata=255,
            resampling=Resampling.nearest,
        )
    path = tmp_path / "g.tif"
    profile = {"driver": "GTiff", "width": width, "height": height, "count": 1, "dtype": "uint8"}
    with rasterio.open(
        path, "w", crs="EPSG:4326", transform=transform, nodata=255, **profile
    ) as out:
        out.write(warped, 1)
    grid = grid_of(9, 12, 1000.0)
    found = count(path, grid)
    # The direct way: every centre through pyproj, one by one.
    rows, cols = np.nonzero(warped != 255)
    from pyproj import Transformer

    lon, lat = transform * (cols + 0.5, rows + 0.5)
    x, y = Transformer.from_crs("EPSG:4326", CRS, always_xy=True).transform(lon, lat)
    cell = grid.locate(x, y)
    expected = np.zeros((grid.size, 4), int)
    number = np.searchsorted(found.codes, warped[rows, cols])
    np.add.at(expected, (cell[cell >= 0], number[cell >= 0]), 1)
    np.testing.assert_array_equal(found.counts, expected)


def test_cells_smaller_than_a_pixel_take_the_pixel_under_their_centre(tmp_path):
    codes = random_codes((6, 6))
    path = write_raster(tmp_path / "r.tif", codes, pixel=300.0)
    found = count(path, grid_of(18, 18, 100.0))
    expected = np.repeat(np.repeat(codes, 3, axis=0), 3, axis=1)
    assert (found.codes[found.counts.argmax(axis=1)] == expected.ravel()).all()
    assert (found.counts.sum(axis=1) == 1).all() and found.sampled == 18 * 18 - 36


def test_cayambe_counts_equal_a_direct_count():
    path = shared("cayambe/worldcover_cayambe_epsg3857_10m.tif")
    with rasterio.open(path) as raster:
        codes, bounds, crs = raster.read(1), raster.bounds, raster.crs.to_string()
        transform = raster.transform
    grid = Grid.from_bounds(tuple(bounds), 500.0, crs)
    found = count(path, grid)
    assert found.counts.sum() == codes.size
    x = transform.c + (np.arange(codes.shape[1]) + 0.5) * transform.a
    y = transform.f + (np.arange(codes.shape[0]) + 0.5) * transform.e
    col = np.floor((x - grid.left) / 500.0).astype(int)
    row = np.floor((grid.top - y) / 500.0).astype(int)
    for code, counts in zip(found.codes, found.counts.T):
        hit_row, hit_col = np.nonzero(codes == code)
        direct = np.zeros((grid.rows, grid.cols), int)
        np.add.at(direct, (row[hit_row], col[hit_col]), 1)
        np.testing.assert_array_equal(counts, direct.ravel())
    proportions = found.proportions()
    covered = found.counts.sum(axis=1) > 0
    np.testing.assert_allclose(proportions[covered].sum(axis=1), 1, rtol=1e-6)
    assert np.isnan(proportions[~covered]).all()


def test_refuses_a_raster_that_does_not_overlap(tmp_path):
    path = write_raster(tmp_path / "r.tif", random_codes((10, 10)))
    with pytest.raises(InputError, match="does not overlap the grid"):
        count(path, grid_of(5, 5, 1000.0, LEFT + 1e6))


def test_refuses_a_raster_that_is_missing_everywhere(tmp_path):
    path = write_raster(tmp_path / "r.tif", np.zeros((10, 10), np.uint8), nodata=0)
    with pytest.raises(InputError, match="only missing pixels"):
        count(path, grid_of(1, 1, 1000.0))


def test_refuses_more_classes_than_a_glance_at_the_middle_shows(tmp_path):
    codes = np.ones((900, 900), np.int16)
    codes[:20, :20] = np.arange(400).reshape(20, 20)
    path = write_raster(tmp_path / "r.tif", codes, pixel=1.0)
    with pytest.raises(InputError, match="more than 256 different values"):
        count(path, grid_of(9, 9, 100.0))


def test_refuses_a_raster_cut_short(tmp_path):
    path = write_raster(tmp_path / "r.tif", random_codes((900, 900)), pixel=1.0)
    tiles = open_landcover([(path, 1)])
    path.write_bytes(path.read_bytes()[:500_000])
    with pytest.raises(InputError, match="cannot be read"):
        count_classes(tiles, grid_of(9, 9, 100.0), SILENT)


def test_cancelling_stops_the_count(tmp_path):
    path = write_raster(tmp_path / "r.tif", random_codes((10, 10)))
    watcher = Recorder(lambda seen: True)
    with pytest.raises(Cancelled):
        count_classes(open_landcover([(path, 1)]), grid_of(1, 1, 1000.0), watcher)
