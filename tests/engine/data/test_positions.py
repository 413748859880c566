"""Pixels are counted where each one's centre lies, whatever wraps around or bends."""

import numpy as np
import pytest
from pyproj import CRS, Transformer
from rasterio.transform import Affine, from_origin

from geohg.engine.data.builders.features import count_classes
from geohg.engine.data.builders.frames import Frame
from geohg.engine.data.builders.grid import Grid
from geohg.engine.data.builders.overlaps import overlap
from geohg.engine.data.builders.pixels import squares_of_pixels
from geohg.engine.data.sources.landcover import open_landcover
from geohg.engine.progress import Silent

from ..conftest import write_raster

MODIS = "+proj=sinu +R=6371007.181 +units=m"
GOODE = "+proj=igh +datum=WGS84"
ORTHO = "+proj=ortho +lat_0=30 +lon_0=175 +datum=WGS84"


def frame(crs, left, top, pixel, rows, cols=None):
    return Frame(CRS(crs), from_origin(left, top, pixel, pixel), rows, cols or rows)


def around(crs, lon, lat, pixel, count, turned=0.0):
    """A square of pixels around a position, turned by degrees."""
    x, y = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(lon, lat)
    affine = Affine.translation(x, y) @ Affine.rotation(turned) @ Affine.scale(pixel, -pixel)
    return Frame(CRS(crs), affine @ Affine.translation(-count / 2, -count / 2), count, count)


def degrees(west, north, cell, rows, cols):
    return frame("EPSG:4326", west, north, cell, rows, cols)


PAIRS = {
    "Pacific Mercator, east of 180": (
        around("EPSG:3832", 179.9, -17, 600, 300), degrees(179, -16.2, 0.05, 36, 20)),
    "Pacific Mercator, west of 180": (
        around("EPSG:3832", 179.9, -17, 600, 300), degrees(-180, -16.2, 0.05, 36, 20)),
    "Pacific Mercator, across 180": (
        around("EPSG:3832", 179.9, -17, 600, 300), degrees(179, -16.2, 0.05, 36, 40)),
    "Mercator beyond 180": (
        frame("EPSG:3857", 19.9e6, -1.8e6, 600, 300), degrees(-180, -16.5, 0.05, 30, 30)),
    "0 to 360 on -180 to 180": (
        degrees(0, 90, 0.5, 360, 720), degrees(-10, 10, 1, 20, 20)),
    "-180 to 180 on 170 to 190": (
        degrees(-180, 90, 0.5, 360, 720), degrees(170, 10, 1, 20, 20)),
    "NAD27 from 170 to 190": (
        frame("EPSG:4267", 170, 60, 0.05, 200, 400), degrees(-185, 58, 0.5, 10, 20)),
    "gradians": (
        frame("EPSG:4807", 0, 52, 0.01, 300), degrees(3, 46, 0.1, 20, 20)),
    "north pole on degrees": (
        frame("EPSG:3413", -1e6, 1e6, 5000, 400), degrees(-180, 90, 1, 10, 360)),
    "south pole on degrees": (
        frame("EPSG:3031", -1e6, 1e6, 5000, 400), degrees(100, -80, 2, 5, 100)),
    "degrees on the north pole": (
        degrees(-180, 90, 0.25, 80, 1440), frame("EPSG:3995", -5e5, 5e5, 50000, 20)),
    "0 to 360 on the south pole": (
        degrees(0, -60, 0.25, 120, 1440), frame("EPSG:3031", -1e6, 1e6, 50000, 40)),
    "Mercator of the world on the north pole": (
        frame("EPSG:3857", -20037508, 20037508, 8e4, 501), frame("EPSG:3413", -3e6, 3e6, 1e5, 60)),
    "MODIS at the edge of the world": (
        frame(MODIS, -20015109, 10007555, 60000, 333, 667), degrees(170, 80, 1, 40, 20)),
    "Goode's, interrupted": (
        frame(GOODE, -20037508, 8673500, 40000, 430, 1000), degrees(-60, 20, 2, 30, 40)),
    "half a globe": (
        frame(ORTHO, -6.4e6, 6.4e6, 30000, 426), degrees(150, 60, 1, 50, 60)),
    "Lambert, turned": (
        around("EPSG:2154", 3, 46.5, 1000, 300, 25), frame("EPSG:32631", 4e5, 5.3e6, 7000, 40)),
    "10 m": (
        frame("EPSG:4326", 3, 48, 1 / 12000, 600), frame("EPSG:32631", 5e5, 5.316e6, 300, 12)),
}  # fmt: skip


def squares_of_centres(raster, goal):
    """The direct way: every centre through pyproj, and longitudes into those of the goal."""
    rows, cols = np.mgrid[: raster.rows, : raster.cols] + 0.5
    x, y = raster.transform.c + raster.transform.a * cols + raster.transform.b * rows, None
    y = raster.transform.f + raster.transform.d * cols + raster.transform.e * rows
    if raster.crs != goal.crs:
        x, y = Transformer.from_crs(raster.crs, goal.crs, always_xy=True).transform(x, y)
    left, bottom, right, top = goal.bounds
    with np.errstate(invalid="ignore"):
        if goal.crs.is_geographic:
            x = np.where((x < left) | (x > right), left + np.mod(x - left, 360), x)
        col = np.floor((x - left) / goal.transform.a)
        row = np.floor((top - y) / -goal.transform.e)
        col[x == right], row[y == bottom] = goal.cols - 1, goal.rows - 1
        inside = (col >= 0) & (col < goal.cols) & (row >= 0) & (row < goal.rows)
        return np.where(inside, row * goal.cols + col, -1).astype(int)


@pytest.mark.parametrize("name", PAIRS)
def test_every_pixel_is_in_the_cell_of_its_centre(name):
    raster, goal = PAIRS[name]
    expected = squares_of_centres(raster, goal)
    assert (expected >= 0).sum() > 1000
    found = np.full(expected.shape, -1)
    seen = np.zeros(expected.shape, int)
    for window in overlap(raster, goal):
        found[window.toslices()] = squares_of_pixels(raster, window, goal)
        seen[window.toslices()] += 1
    assert seen.max() == 1
    np.testing.assert_array_equal(found, expected)


def test_windows_of_a_small_grid_are_small():
    raster = degrees(-180, 90, 1 / 12000, 2_160_000, 4_320_000)
    for goal in (
        degrees(5, 50, 0.01, 30, 30),
        frame("EPSG:32631", 5e5, 5.316e6, 300, 60),
        frame("EPSG:3832", 2.9e6, -1.8e6, 600, 60),
    ):
        windows = overlap(raster, goal)
        pixels = sum(window.width * window.height for window in windows)
        left, bottom, right, top = goal.bounds
        size = (right - left) * (top - bottom) * (1 if goal.crs.is_geographic else 1 / 111e3**2)
        assert 0 < pixels < 2.5 * size * 12000**2
    assert overlap(raster, degrees(5, 99, 0.01, 3, 3)) == []


@pytest.mark.parametrize("crs", ["EPSG:3832", "EPSG:4326"])
def test_shares_across_180_degrees_are_those_of_each_centre(tmp_path, crs):
    """Through the door: a raster across the line, on cells on both sides of it."""
    codes = np.random.default_rng(2).choice([1, 2, 3], (300, 300)).astype(np.uint8)
    x, y = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(179.2, -16)
    pixel = 600 if crs == "EPSG:3832" else 0.0055
    path = write_raster(tmp_path / "r.tif", codes, crs=crs, pixel=pixel, left=x, top=y)
    grid = Grid("EPSG:4326", 179.0, -16.2, 0.05, 0.05, 20, 40)
    found = count_classes(open_landcover([(path, 1)]), grid, Silent())
    cell = squares_of_centres(frame(crs, x, y, pixel, 300), grid.frame)
    for code, counts in zip(found.codes, found.counts.T):
        here = cell[(codes == code) & (cell >= 0)]
        np.testing.assert_array_equal(counts, np.bincount(here, minlength=grid.size))
    assert found.counts.sum() > 10_000 and found.sampled == 0


def test_a_longitude_is_located_a_turn_off():
    grid = Grid("EPSG:4326", 179.0, 1.0, 0.5, 0.5, 2, 4)
    x = np.array([179.2, -179.9, 180.1, -179.2, 178.9, 181.0, -179.0, 541.0])
    assert grid.locate(x, np.full(8, 0.9)).tolist() == [0, 2, 2, 3, -1, 3, 3, 3]
    metres = Grid("EPSG:3857", 0.0, 100.0, 50.0, 50.0, 2, 2)
    assert metres.locate(np.array([-350.0]), np.array([90.0])).tolist() == [-1]
