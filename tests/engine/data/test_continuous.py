"""Means and spreads of continuous rasters equal direct counts of their pixels."""

import numpy as np
import pytest
import rasterio
from pyproj import Transformer
from rasterio.enums import ColorInterp
from rasterio.transform import Affine, from_origin

from geohg.engine.data.builders.grid import Grid
from geohg.engine.data.builders.moments import sum_lines
from geohg.engine.data.sources.continuous import ContinuousRaster
from geohg.engine.errors import Cancelled, InputError
from geohg.engine.names import COVARIATE

from ..conftest import CRS, LEFT, TOP, Recorder, write_raster


def write(path, values, transform=None, crs=CRS, pixel=10.0, **more):
    """Write `values` [bands, rows, cols] as a GeoTIFF, whose upper left corner is the grid's."""
    values = values if values.ndim == 3 else values[None]
    titles, scales, offsets = (more.pop(key, None) for key in ("titles", "scales", "offsets"))
    mask, colours = more.pop("mask", None), more.pop("colours", None)
    profile = {
        "driver": "GTiff", "count": len(values), "dtype": values.dtype, "crs": crs,
        "height": values.shape[1], "width": values.shape[2],
        "transform": transform or from_origin(LEFT, TOP, pixel, pixel), **more,
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as raster:
        if colours:
            raster.colorinterp = colours
        raster.write(values)
        raster.descriptions = titles or raster.descriptions
        raster.scales, raster.offsets = scales or raster.scales, offsets or raster.offsets
        if mask is not None:
            raster.write_mask(mask)
    return path


def grid_of(rows, cols, size, left=LEFT, top=TOP, crs=CRS):
    return Grid(crs, left, top, size, size, rows, cols)


def read(path, grid, told=None, **options):
    paths = path if isinstance(path, tuple) else (path,)
    return ContinuousRaster("r", paths, **options).read(grid, told or Recorder())


def column(known, name):
    return known.values[:, known.names.index(name)]


def direct(values, cell, size):
    """Mean and standard deviation of the pixels in each cell, one cell at a time."""
    mean, spread = np.full(size, np.nan), np.full(size, np.nan)
    for each in range(size):
        pixels = values[(cell == each) & np.isfinite(values)].astype(np.float64)
        if len(pixels):
            mean[each], spread[each] = pixels.mean(), pixels.std()
    return mean, spread


def cells_of(shape, grid, pixel=10.0, left=LEFT, top=TOP):
    x = left + pixel * (np.arange(shape[1]) + 0.5)
    y = top - pixel * (np.arange(shape[0]) + 0.5)
    return grid.locate(*np.meshgrid(x, y))


def noise(*shape, seed=0):
    return np.random.default_rng(seed).normal(100, 30, shape)


def same(found, expected, rtol=1e-6):
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=1e-6)


@pytest.mark.parametrize("kind", ["float32", "float64", "int16", "uint8", "uint16", "int32"])
@pytest.mark.parametrize("left", [LEFT, LEFT + 33.0])
def test_means_and_spreads_equal_those_of_the_pixels(tmp_path, kind, left):
    values = noise(120, 160).astype(kind)
    grid = grid_of(5, 7, 230.0, left)
    known = read(write(tmp_path / "dem.tif", values), grid)
    mean, spread = direct(values, cells_of(values.shape, grid), grid.size)
    same(column(known, "r"), mean)
    same(column(known, "r sd"), spread)
    assert known.kinds == (COVARIATE,) * len(known.names)
    assert known.group == "r" and known.covers


def test_a_small_spread_around_a_large_mean_keeps_its_digits(tmp_path):
    values = 1e6 + np.random.default_rng(0).choice([-1.0, 1.0], (100, 100))
    known = read(write(tmp_path / "r.tif", values), grid_of(2, 2, 500.0))
    mean, spread = direct(values, cells_of(values.shape, grid_of(2, 2, 500.0)), 4)
    same(column(known, "r") - 1e6, mean - 1e6, 1e-9)
    same(column(known, "r sd"), spread, 1e-9)


def test_missing_pixels_are_left_out_in_each_band_by_itself(tmp_path):
    values = noise(2, 120, 120).astype(np.int16)
    rng = np.random.default_rng(1)
    values[0][rng.random((120, 120)) < 0.3] = -99
    values[0, :40, :40] = -99  # a cell of one band
    values[:, 80:, 80:] = -99  # and one of both
    grid = grid_of(3, 3, 400.0)
    known = read(write(tmp_path / "r.tif", values, nodata=-99, titles=("2020-06", "")), grid)
    assert known.names[:4] == ("r 2020-06", "r 2020-06 sd", "r band 2", "r band 2 sd")
    cell = cells_of((120, 120), grid)
    for band, name in zip(values, ("r 2020-06", "r band 2")):
        mean, spread = direct(np.where(band == -99, np.nan, band), cell, 9)
        same(column(known, name), mean)
        same(column(known, f"{name} sd"), spread)
    assert np.isnan(known.values[0, 0]) and np.isfinite(known.values[0, 2])
    assert np.isnan(known.values[8]).all()
    valid = (values != -99).reshape(2, 3, 40, 3, 40).mean(axis=(0, 2, 4)).ravel()
    same(column(known, "r share of valid pixels"), np.where(valid, valid, np.nan))


def test_masks_nan_and_alpha_say_what_is_missing(tmp_path):
    values = noise(60, 60).astype(np.float32)
    gone = np.zeros((60, 60), bool)
    gone[10:25, 5:40] = True
    grid = grid_of(2, 2, 300.0)
    mean, _ = direct(np.where(gone, np.nan, values), cells_of((60, 60), grid), 4)
    masked = write(tmp_path / "mask.tif", values, mask=np.where(gone, 0, 255).astype(np.uint8))
    nan = write(tmp_path / "nan.tif", np.where(gone, np.nan, values))
    tagged = write(
        tmp_path / "tag.tif", np.where(gone, np.float32(-3.4e38), values), nodata=-3.4e38
    )
    for path in (masked, nan, tagged):
        same(column(read(path, grid), "r"), mean)
    bands = np.stack([values.astype(np.uint8), np.where(gone, 0, 255).astype(np.uint8)])
    colours = [ColorInterp.gray, ColorInterp.alpha]
    known = read(write(tmp_path / "alpha.tif", bands, colours=colours), grid)
    mean, _ = direct(np.where(gone, np.nan, bands[0]), cells_of((60, 60), grid), 4)
    same(column(known, "r"), mean)
    assert known.names == ("r", "r sd", "r share of valid pixels")


def test_scale_and_offset_are_applied(tmp_path):
    values = noise(60, 60).astype(np.int16)
    values[3, 4] = -1
    path = write(tmp_path / "r.tif", values, nodata=-1, scales=(0.01,), offsets=(-5.0,))
    grid = grid_of(2, 2, 300.0)
    real = np.where(values == -1, np.nan, values * 0.01 - 5)
    mean, spread = direct(real, cells_of((60, 60), grid), 4)
    known = read(path, grid)
    same(column(known, "r"), mean)
    same(column(known, "r sd"), spread)


def test_another_crs_counts_pixels_in_the_cells_of_their_centres(tmp_path):
    values = noise(300, 300).astype(np.float32)
    to_degrees = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
    left, top = to_degrees.transform(LEFT, TOP)
    path = write(tmp_path / "r.tif", values, from_origin(left, top, 1e-4, 1e-4), "EPSG:4326")
    grid = grid_of(4, 4, 500.0, LEFT, TOP)
    x = left + 1e-4 * (np.arange(300) + 0.5)
    y = top - 1e-4 * (np.arange(300) + 0.5)
    back = Transformer.from_crs("EPSG:4326", CRS, always_xy=True)
    cell = grid.locate(*back.transform(*np.meshgrid(x, y)))
    mean, spread = direct(values, cell, 16)
    known = read(path, grid)
    same(column(known, "r"), mean)
    same(column(known, "r sd"), spread)


def test_rotated_rasters_are_counted(tmp_path):
    values = noise(200, 200).astype(np.float32)
    turned = Affine.translation(LEFT, TOP) * Affine.rotation(-30) * Affine.scale(10, -10)
    path = write(tmp_path / "r.tif", values, turned)
    grid = grid_of(4, 4, 400.0, LEFT + 200, TOP - 200)
    col, row = np.meshgrid(np.arange(200) + 0.5, np.arange(200) + 0.5)
    mean, spread = direct(values, grid.locate(*(turned * (col, row))), 16)
    known = read(path, grid)
    same(column(known, "r"), mean)
    same(column(known, "r sd"), spread)


def test_the_first_tile_that_has_a_value_counts(tmp_path):
    first, second = noise(60, 60).astype(np.float32), noise(60, 60, seed=1).astype(np.float32)
    first[:, 50:55] = np.nan
    one = write(tmp_path / "a.tif", first)
    two = write(tmp_path / "b.tif", second, from_origin(LEFT + 400, TOP, 10.0, 10.0))
    whole = np.full((60, 100), np.nan)
    whole[:, 40:] = second
    whole[:, :60] = np.where(np.isfinite(first), first, whole[:, :60])
    grid = grid_of(3, 5, 200.0)
    mean, spread = direct(whole, cells_of(whole.shape, grid), 15)
    told = Recorder()
    known = read((one, two), grid, told)
    same(column(known, "r"), mean)
    same(column(known, "r sd"), spread)
    assert "overlap and differ" in told.warnings[0]
    assert "r share of valid pixels" not in known.names


def test_windows_of_a_grid_are_slices_of_the_whole(tmp_path):
    values = noise(200, 200).astype(np.float32)
    values[:12, :12] = np.nan
    path = write(tmp_path / "r.tif", values)
    for size in (170.0, 23.0, 7.0):
        for elevation in (False, True):
            grid = grid_of(20, 21, size, LEFT + 100, TOP - 100)
            whole = read(path, grid, elevation=elevation)
            part = grid_of(6, 5, size, LEFT + 100 + 2 * size, TOP - 100 - 3 * size)
            found = read(path, part, elevation=elevation, columns=whole.names)
            expected = whole.values.reshape(20, 21, -1)[3:9, 2:7].reshape(30, -1)
            assert found.names == whole.names
            np.testing.assert_allclose(found.values, expected, rtol=2e-5, atol=1e-6)


def test_a_window_beside_the_raster_knows_nothing(tmp_path):
    path = write(tmp_path / "r.tif", noise(50, 50))
    found = read(path, grid_of(2, 2, 100.0, LEFT - 5000), columns=("r", "r sd"))
    assert found.names == ("r", "r sd") and np.isnan(found.values).all()


@pytest.mark.parametrize("size", [10.0, 17.0, 25.0])
def test_few_pixels_count_by_their_area(tmp_path, size):
    values = noise(40, 40).astype(np.float32)
    values[5, 7] = np.nan
    grid = grid_of(12, 13, size, LEFT + 3.0, TOP - 4.0)
    fine = values.repeat(10, axis=0).repeat(10, axis=1)
    mean, spread = direct(fine, cells_of(fine.shape, grid, 1.0), grid.size)
    known = read(write(tmp_path / "r.tif", values), grid)
    same(column(known, "r"), mean)
    same(column(known, "r sd"), spread)


def test_few_pixels_of_another_crs_count_by_their_area(tmp_path):
    """A field that rises evenly has in each cell the value at its centre."""
    turned = Affine.translation(LEFT, TOP) * Affine.rotation(-30) * Affine.scale(10, -10)
    col, row = np.meshgrid(np.arange(100) + 0.5, np.arange(100) + 0.5)
    x, y = turned * (col, row)
    values = (x - LEFT) + 2 * (TOP - y)
    grid = grid_of(12, 12, 20.0, LEFT + 150, TOP - 400)
    known = read(write(tmp_path / "r.tif", values, turned), grid)
    centre = grid.centres(np.arange(grid.size))
    plane = (centre[:, 0] - LEFT) + 2 * (TOP - centre[:, 1])
    np.testing.assert_allclose(column(known, "r"), plane, atol=4)


def bilinear(values, row, col):
    """The value at a place counted from pixel centres, without missing pixels; one at a time."""
    total = weight = 0.0
    for r in (int(np.floor(row)), int(np.floor(row)) + 1):
        for c in (int(np.floor(col)), int(np.floor(col)) + 1):
            if 0 <= r < values.shape[0] and 0 <= c < values.shape[1] and np.isfinite(values[r, c]):
                share = (1 - abs(row - r)) * (1 - abs(col - c))
                total, weight = total + share * values[r, c], weight + share
    return total / weight if weight > 1e-9 else np.nan


def test_larger_pixels_give_values_between_their_centres(tmp_path):
    values = noise(8, 9)
    values[2, 3] = values[5:7, 5:8] = np.nan
    grid = grid_of(30, 36, 3.0, LEFT - 6, TOP + 6)
    told = Recorder()
    known = read(write(tmp_path / "r.tif", values), grid, told)
    x, y = grid.centres(np.arange(grid.size)).T
    row, col = (TOP - y) / 10, (x - LEFT) / 10
    on = (row >= 0) & (row <= 8) & (col >= 0) & (col <= 9)
    expected = [bilinear(values, r - 0.5, c - 0.5) for r, c in zip(row, col)]
    same(column(known, "r"), np.where(on, expected, np.nan))
    assert "r sd" not in known.names
    assert any("smaller than the pixels of the raster 'r'" in text for text in told.warnings)


def test_values_between_tiles_are_those_of_one_raster(tmp_path):
    values = noise(8, 10).astype(np.float32)
    left = write(tmp_path / "a.tif", values[:, :5])
    right = write(tmp_path / "b.tif", values[:, 5:], from_origin(LEFT + 50, TOP, 10.0, 10.0))
    grid = grid_of(20, 25, 4.0)
    whole = read(write(tmp_path / "r.tif", values), grid)
    same(read((left, right), grid).values, whole.values)


def test_rasters_go_on_across_180_degrees(tmp_path):
    values = np.random.default_rng(0).normal(size=(60, 120)).astype(np.float32)
    path = write(tmp_path / "r.tif", values, from_origin(-180, 90, 3, 3), "EPSG:4326")
    rolled = np.roll(values, 60, axis=1)
    other = write(tmp_path / "o.tif", rolled, from_origin(0, 90, 3, 3), "EPSG:4326")
    for size in (1.0, 5.0, 15.0):
        grid = grid_of(4, 4, size, 180 - 2 * size, 30.0, "EPSG:4326")
        same(read(path, grid).values, read(other, grid).values, 1e-5)


def test_embeddings_are_dequantised(tmp_path):
    rng = np.random.default_rng(0)
    values = rng.integers(-127, 128, (64, 80, 80)).astype(np.int8)
    values[:, :20, :20] = -128
    path = write(tmp_path / "r.tif", values, nodata=-128, tiled=True, blockxsize=64, blockysize=64)
    grid = grid_of(4, 4, 200.0)
    known = read(path, grid, dequantise=True)
    assert known.names == tuple(f"r band {band}" for band in range(1, 65))
    real = np.sign(values) * (values.astype(float) / 127.5) ** 2
    real[values == -128] = np.nan
    cell = cells_of((80, 80), grid)
    for band in (0, 31, 63):
        same(known.values[:, band], direct(real[band], cell, 16)[0])
    assert np.isnan(known.values[0]).all()


def test_many_windows_count_as_one(tmp_path):
    values = np.random.default_rng(0).integers(0, 3000, (2100, 2300)).astype(np.int16)
    values[100:300, 50:1000] = -1
    path = write(tmp_path / "r.tif", values, nodata=-1)
    grid = grid_of(29, 31, 750.0)
    known = read(path, grid)
    cell = cells_of(values.shape, grid).ravel()
    there = (values.ravel() != -1) & (cell >= 0)
    count = np.bincount(cell[there], minlength=grid.size).astype(float)
    count[count == 0] = np.nan
    pixels = values.ravel()[there].astype(float)
    mean = np.bincount(cell[there], pixels, grid.size) / count
    spread = np.bincount(cell[there], (pixels - mean[cell[there]]) ** 2, grid.size) / count
    same(column(known, "r"), mean)
    same(column(known, "r sd"), np.sqrt(spread))


def test_infinite_pixels_are_missing_with_a_warning(tmp_path):
    values = noise(40, 40).astype(np.float32)
    values[3, :7] = np.inf
    told = Recorder()
    grid = grid_of(2, 2, 200.0)
    known = read(write(tmp_path / "r.tif", values), grid, told)
    values[3, :7] = np.nan
    same(column(known, "r"), direct(values, cells_of((40, 40), grid), 4)[0])
    assert any("has 7 infinite pixels" in text for text in told.warnings)


def test_a_constant_raster_is_left_out_with_a_warning(tmp_path):
    values = np.stack([np.full((40, 40), 0.1), noise(40, 40)])
    told = Recorder()
    known = read(write(tmp_path / "r.tif", values), grid_of(2, 2, 200.0), told)
    assert known.names == ("r band 2", "r band 2 sd")
    assert "'r band 1', 'r band 1 sd'" in told.warnings[0]
    none = read(write(tmp_path / "c.tif", values[0]), grid_of(2, 2, 200.0), told)
    assert none.names == () and none.values.shape == (4, 0) and not none.covers


def test_classes_given_as_a_quantity_are_warned_of(tmp_path):
    codes = np.random.default_rng(0).choice([1, 2, 5], (40, 40)).astype(np.uint8)
    path = write(tmp_path / "r.tif", codes)
    with rasterio.open(path, "r+") as raster:
        raster.write_colormap(1, {1: (255, 0, 0), 2: (0, 255, 0), 5: (0, 0, 255)})
    told = Recorder()
    ContinuousRaster("r", (path,)).open(told)
    assert "looks like classes: it has 3 different whole numbers" in told.warnings[0]


def test_codes_of_missing_pixels_without_a_tag_are_warned_of(tmp_path):
    values = noise(40, 40).astype(np.float32)
    values[3:5] = -9999
    told = Recorder()
    ContinuousRaster("r", (write(tmp_path / "r.tif", values),)).open(told)
    assert "has the value -9999, far from the others" in told.warnings[0]
    ContinuousRaster("r", (write(tmp_path / "t.tif", values, nodata=-9999),)).open(told)
    assert len(told.warnings) == 1


def test_a_mosaic_is_one_raster(tmp_path):
    values = noise(40, 40).astype(np.float32)
    write(tmp_path / "r.tif", values)
    sides = 'xSize="40" ySize="40"'
    (tmp_path / "r.vrt").write_text(
        f'<VRTDataset rasterXSize="60" rasterYSize="40"><SRS>{CRS}</SRS>'
        f"<GeoTransform>{LEFT}, 10, 0, {TOP}, 0, -10</GeoTransform>"
        '<VRTRasterBand dataType="Float32" band="1"><NoDataValue>-1</NoDataValue>'
        '<SimpleSource><SourceFilename relativeToVRT="1">r.tif</SourceFilename>'
        f'<SourceBand>1</SourceBand><SrcRect xOff="0" yOff="0" {sides}/>'
        f'<DstRect xOff="0" yOff="0" {sides}/></SimpleSource></VRTRasterBand></VRTDataset>'
    )
    grid = grid_of(2, 3, 200.0)
    known = read(tmp_path / "r.vrt", grid)
    same(column(known, "r"), direct(values, cells_of((40, 40), grid), 6)[0])


REFUSED = {
    "complex": (lambda path: write(path, np.ones((9, 9), np.complex64)), {}, "complex numbers"),
    "no CRS": (lambda path: write(path, noise(9, 9), crs=None), {}, "has no CRS"),
    "no overlap": (
        lambda path: write(path, noise(9, 9), from_origin(0, 0, 10.0, 10.0)),
        {},
        "'r' does not overlap the grid",
    ),
    "all missing": (
        lambda path: write(path, np.full((90, 90), np.nan)),
        {},
        "only missing pixels inside the grid",
    ),
    "no such band": (lambda path: write(path, noise(9, 9)), {"bands": (2,)}, "not band 2"),
    "no bytes": (lambda path: write(path, noise(9, 9)), {"dequantise": True}, "of the type int8"),
    "elevations": (
        lambda path: write(path, noise(2, 9, 9)),
        {"elevation": True},
        "has 2 bands to read",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_used_is_refused(tmp_path, case):
    make, options, message = REFUSED[case]
    path = make(tmp_path / "r.tif")
    with pytest.raises(InputError, match=message):
        read(path, grid_of(2, 2, 50.0), **options)


def test_tiles_of_other_bands_are_refused(tmp_path):
    one, two = write(tmp_path / "a.tif", noise(9, 9)), write(tmp_path / "b.tif", noise(2, 9, 9))
    with pytest.raises(InputError, match="has 1 bands and the raster .* has 2"):
        ContinuousRaster("r", (one, two)).open(Recorder())
    with pytest.raises(InputError, match="has no file"):
        ContinuousRaster("r", ()).open(Recorder())


def test_reading_can_be_cancelled(tmp_path):
    path = write_raster(tmp_path / "r.tif", noise(50, 50))
    raster = ContinuousRaster("", (path,))
    assert raster.group == "r"
    with pytest.raises(Cancelled):
        raster.read(grid_of(5, 5, 1000.0), Recorder(cancelled=lambda recorder: True))


def test_a_window_of_pixels_above_the_cells_adds_nothing():
    row, col = np.array([-1, -1, -1]), np.array([0, 0, 1, -1])
    found = sum_lines(row, col, np.ones((1, 3, 4), np.float32), np.zeros(1), 1, 2)
    assert len(found.cell) == 0 and found.cell.dtype == np.int64 and found.total.shape == (0, 1)
