"""Slope, aspect and relative height of surfaces whose answers are known."""

import numpy as np
import pyproj
import pytest
from rasterio.transform import Affine

from geohg.engine.data.builders.frames import Frame
from geohg.engine.data.builders.grid import Grid
from geohg.engine.data.builders.terrain import heights_above, horn
from geohg.engine.data.sources.continuous import ContinuousRaster

from ..conftest import CRS, LEFT, TOP, Recorder, write_raster

UPRIGHT = Affine(10.0, 0, LEFT, 0, -10.0, TOP)
SOUTH_UP = Affine(10.0, 0, LEFT, 0, 10.0, TOP)
ROTATED = Affine.translation(LEFT, TOP) * Affine.rotation(25) * Affine.scale(10, -7)


def frame_of(transform, shape, crs=CRS):
    return Frame(pyproj.CRS(crs), transform, *shape)


def plane(transform, shape, east, north):
    """Heights that rise by so much a unit to the east and to the north."""
    col, row = np.meshgrid(np.arange(shape[1]) + 0.5, np.arange(shape[0]) + 0.5)
    x, y = transform * (col, row)
    return 1000 + east * (x - transform.c) + north * (y - transform.f)


# The aspect is where a plane goes down.
PLANES = {
    "rises to the north": (0, 1, 45, -1, 0),
    "rises to the south": (0, -1, 45, 1, 0),
    "rises to the east": (1, 0, 45, 0, -1),
    "rises to the west": (-1, 0, 45, 0, 1),
    "rises to the north-east": (0.3, 0.3, 22.99, -(0.5**0.5), -(0.5**0.5)),
    "flat": (0, 0, 0, 0, 0),
}


@pytest.mark.parametrize("transform", [UPRIGHT, SOUTH_UP, ROTATED])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("name", PLANES)
def test_planes_have_their_slope_and_aspect(transform, kind, name):
    east, north, slope, northness, eastness = PLANES[name]
    shape = (12, 14)
    z = plane(transform, shape, east, north).astype(kind)
    inner = frame_of(transform * Affine.translation(1, 1), (10, 12))
    found = horn(z, inner)
    for values, expected in zip(found, (slope, northness, eastness)):
        assert values.shape == (10, 12)
        np.testing.assert_allclose(values, expected, atol=0.01)


def test_degrees_are_as_long_as_on_the_ellipsoid():
    degree = 1 / 3600
    transform = Affine(degree, 0, 6.0, 0, -degree, 60.0)
    z = plane(transform, (9, 9), 10_000.0, -20_000.0)
    slope, northness, eastness = horn(z, frame_of(transform, (7, 7), "EPSG:4326"), 1, 1)
    latitude = 60 - degree * 4.5
    geod = pyproj.Geod(ellps="WGS84")
    width = geod.inv(6, latitude, 6 + degree, latitude)[2]
    height = geod.inv(6, latitude - degree / 2, 6, latitude + degree / 2)[2]
    east, north = 10_000 * degree / width, -20_000 * degree / height
    steep = np.hypot(east, north)
    assert slope[3, 3] == pytest.approx(np.degrees(np.arctan(steep)), rel=1e-5)
    assert northness[3, 3] == pytest.approx(-north / steep, rel=1e-5)
    assert eastness[3, 3] == pytest.approx(-east / steep, rel=1e-5)


def test_differences_are_weighted_as_by_horn():
    z = np.array([[1.0, 2, 4], [3, 9, 8], [5, 7, 6]])
    slope, northness, eastness = horn(z, frame_of(UPRIGHT, (1, 1)))
    east = ((4 + 2 * 8 + 6) - (1 + 2 * 3 + 5)) / 80
    north = ((1 + 2 * 2 + 4) - (5 + 2 * 7 + 6)) / 80
    assert slope[0, 0] == pytest.approx(np.degrees(np.arctan(np.hypot(east, north))))
    assert northness[0, 0] == pytest.approx(-north / np.hypot(east, north))
    assert eastness[0, 0] == pytest.approx(-east / np.hypot(east, north))


def test_a_missing_neighbour_is_bridged_and_two_opposite_ones_are_not():
    z = plane(UPRIGHT, (7, 7), 1, 0)
    z[3, 3] = np.nan
    slope = horn(z, frame_of(UPRIGHT, (5, 5)))[0]
    assert np.isnan(slope[2, 2])
    slope[2, 2] = 45
    np.testing.assert_allclose(slope, 45)
    z[3, 1] = np.nan
    assert np.isnan(horn(z, frame_of(UPRIGHT, (5, 5)))[0][2, 1])


def test_ridges_lie_above_their_surroundings_and_valleys_below():
    z = np.full((40, 40), 100.0)
    z[:, 10], z[:, 30] = 110.0, 90.0
    z[5, 5] = np.nan
    above = heights_above(z)
    assert above[20, 10, 0] == pytest.approx(10 - 10 / 5)
    assert above[20, 30, 0] == pytest.approx(-10 + 10 / 5)
    assert above[20, 10, 1] == pytest.approx(10 - 10 / 15)
    assert above[20, 20, 0] == pytest.approx(0)
    assert np.isnan(above[5, 5]).all() and above[6, 6, 0] == pytest.approx(0)
    assert above[0, 0, 0] == pytest.approx(0)


def read(path, grid):
    return ContinuousRaster("dem", (path,), elevation=True).read(grid, Recorder())


def test_cells_have_the_mean_terrain_of_their_pixels(tmp_path):
    rng = np.random.default_rng(0)
    z = (plane(UPRIGHT, (400, 400), 0.2, -0.1) + rng.normal(size=(400, 400))).astype(np.float32)
    grid = Grid(CRS, LEFT + 500, TOP - 500, 250.0, 250.0, 4, 5)
    known = read(write_raster(tmp_path / "dem.tif", z, pixel=10.0), grid)
    assert known.names == (
        *("dem", "dem sd", "dem slope", "dem northness", "dem eastness"),
        *("dem above 5 x 5 cells", "dem above 15 x 15 cells"),
    )
    terrain = horn(z[49:151, 49:176], frame_of(UPRIGHT, (400, 400)), 50, 50)
    for values, column in zip(terrain, known.values[:, 2:5].T):
        means = values.reshape(4, 25, 5, 25).mean(axis=(1, 3)).ravel()
        np.testing.assert_allclose(column, means, rtol=1e-4, atol=1e-5)
    cells = z.reshape(16, 25, 16, 25).mean(axis=(1, 3), dtype=np.float64)
    above = cells[2, 2] - cells[:5, :5].mean()
    assert known.values[0, 5] == pytest.approx(above, abs=1e-4)


def test_windows_of_pixels_have_the_terrain_of_the_whole(tmp_path):
    z = np.random.default_rng(0).normal(size=(1500, 1400)).astype(np.float32)
    path = write_raster(tmp_path / "dem.tif", z, pixel=10.0)
    grid = Grid(CRS, LEFT, TOP, 3500.0, 3000.0, 5, 4)
    known = read(path, grid)
    padded = np.pad(z, 1, mode="reflect", reflect_type="odd")
    slope = horn(padded, frame_of(UPRIGHT, z.shape))[0]
    means = slope.reshape(5, 300, 4, 350).mean(axis=(1, 3), dtype=np.float64).ravel()
    inner = np.s_[1:-1, 1:-1]
    found = known.values[:, 2].reshape(5, 4)
    np.testing.assert_allclose(found[inner], means.reshape(5, 4)[inner], rtol=1e-5)


def test_larger_pixels_give_the_terrain_of_the_cells_between(tmp_path):
    z = plane(Affine(100.0, 0, LEFT, 0, -100.0, TOP), (30, 30), 0.0, 1.0)
    grid = Grid(CRS, LEFT + 900, TOP - 900, 30.0, 30.0, 8, 9)
    raster = ContinuousRaster("dem", (write_raster(tmp_path / "dem.tif", z),), elevation=True)
    names = ("dem", "dem slope", "dem northness", "dem eastness", "dem above 5 x 5 cells")
    known = ContinuousRaster("dem", raster.paths, elevation=True, columns=names).read(
        grid, Recorder()
    )
    np.testing.assert_allclose(known.values[:, 1:], [[45, -1, 0, 0]] * 72, atol=1e-3)
