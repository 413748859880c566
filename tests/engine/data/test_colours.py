"""Pictures are told from maps of classes in three bands, on synthetic ones of each kind."""

import warnings

import numpy as np
import pytest
import rasterio
from rasterio.enums import ColorInterp
from rasterio.io import MemoryFile
from scipy.ndimage import gaussian_filter

from geohg.engine.data.sources.colours import is_picture
from geohg.engine.data.sources.landcover import open_landcover

from ..conftest import CRS
from ..fuzzing import tries

SIDE = 120
WORLDCOVER = (
    *((0, 100, 0), (255, 187, 34), (255, 255, 76), (240, 150, 255), (250, 0, 0), (180, 180, 180)),
    *((240, 240, 240), (0, 100, 200), (0, 150, 160), (0, 207, 117), (250, 230, 160)),
)
BLUES = tuple((220 - 20 * step, 240 - 15 * step, 255 - 8 * step) for step in range(10))
# Red, green and blue on or off.
SIGNAL = tuple((255 * (code & 1), 127 * (code & 2), 63 * (code & 4)) for code in range(1, 7))
LEGENDS = {"WorldCover": WORLDCOVER, "blues": BLUES, "signal": SIGNAL, "random": None}


def patches(rng, count, scale, side=SIDE):
    """The largest of as many smooth fields."""
    fields = rng.normal(size=(count, side, side))
    return np.argmax([gaussian_filter(field, scale, mode="wrap") for field in fields], axis=0)


def drawn(rng, legend, side=SIDE):
    """A map of classes in colours, [3, side, side]."""
    colours = np.array(LEGENDS[legend] or rng.integers(0, 256, (8, 3)))
    return np.moveaxis(colours[patches(rng, len(colours), rng.uniform(1.5, 5), side)], 2, 0)


def smoothed(rng, legend):
    return drawn(rng, legend, 2 * SIDE).reshape(3, SIDE, 2, SIDE, 2).mean(axis=(2, 4))


def as_jpeg(rng, legend):
    shape = {"count": 3, "height": SIDE, "width": SIDE, "dtype": "uint8"}
    with warnings.catch_warnings(), MemoryFile() as memory:
        warnings.simplefilter("ignore")
        with memory.open(driver="JPEG", quality=int(rng.integers(50, 95)), **shape) as raster:
            raster.write(drawn(rng, legend).astype(np.uint8))
        with memory.open() as raster:
            return raster.read()


def with_margin_and_lines(rng, legend):
    picture = drawn(rng, legend)
    picture[:, : SIDE // 4] = 255
    picture[:, :, ::17] = 0
    return picture


DRAWN = {
    "drawn": drawn,
    "with soft edges": smoothed,
    "as JPEG": as_jpeg,
    "with a margin and lines": with_margin_and_lines,
}


@pytest.mark.fuzz
@pytest.mark.parametrize("kind", DRAWN)
@pytest.mark.parametrize("legend", LEGENDS)
def test_maps_that_are_drawn_are_pictures(kind, legend):
    rng = np.random.default_rng(41)
    if legend == "signal" and kind == "with soft edges":
        pytest.skip("of two colours, one band alone often changes")
    for number in range(tries(4)):
        picture = np.round(DRAWN[kind](rng, legend)).astype(np.uint8)
        assert is_picture([picture[:, :60], picture[:, 60:]]), number


def test_a_photograph_is_a_picture():
    rng = np.random.default_rng(42)
    light = gaussian_filter(rng.normal(size=(4, SIDE, SIDE)), (0, 2, 2)) * 150
    values = 110 + light[:3] * 0.5 + light[3] + rng.normal(0, 6, (3, SIDE, SIDE))
    assert is_picture([np.clip(values, 0, 255).astype(np.uint8)])


def themes(rng):
    """Land cover, soil and geology."""
    legends = (10 * np.arange(1, 11), rng.permutation(250)[:60], np.arange(1, 13))
    return np.stack([codes[patches(rng, len(codes), rng.uniform(1, 5))] for codes in legends])


def themes_with(rng, missing):
    return np.where(patches(rng, 2, 8), missing, themes(rng))


def themes_that_share_borders(rng):
    """In a quarter of the area soil and geology follow the land cover."""
    bands = themes(rng)
    here = np.add.outer(np.arange(SIDE), np.arange(SIDE)) < SIDE / np.sqrt(2)
    return np.where(here, np.stack([rng.permutation(256)[bands[0]] for _ in range(3)]), bands)


def levels(rng):
    """One legend at three levels."""
    first, second, third = patches(rng, 5, 6), patches(rng, 3, 3), patches(rng, 3, 1.5)
    return np.stack([first + 1, 3 * first + second + 1, 9 * first + 3 * second + third + 1])


def uncertain_years(rng):
    """Two of five pixels have any class instead of their own."""
    codes = 10 * patches(rng, 10, 3)
    anything = 10 * rng.integers(0, 10, (3, SIDE, SIDE))
    return np.where(rng.random((3, SIDE, SIDE)) < 0.4, anything, codes)


def one_border_each(rng):
    row, col = np.mgrid[:SIDE, :SIDE] - SIDE / 2
    return np.stack([100 + 90 * (row * a + col * b > 5) for a, b in rng.normal(size=(3, 2))])


THEMES = {
    "themes": themes,
    "missing 0": lambda rng: themes_with(rng, 0),
    "missing 255": lambda rng: themes_with(rng, 255),
    "shared borders": themes_that_share_borders,
    "levels": levels,
    "uncertain years": uncertain_years,
    "one border each": one_border_each,
    "noise": lambda rng: rng.integers(60, 90, (3, SIDE, SIDE)),
    "one class each": lambda rng: np.full((3, SIDE, SIDE), [[[100]], [[30]], [[200]]]),
    "one class each, and sea": lambda rng: patches(rng, 2, 6) * np.array([[[100]], [[3]], [[20]]]),
}


@pytest.mark.fuzz
@pytest.mark.parametrize("kind", THEMES)
def test_maps_of_three_themes_are_no_picture(kind):
    rng = np.random.default_rng(43)
    for number in range(tries(6)):
        bands = THEMES[kind](rng).astype(np.uint8)
        assert not is_picture([bands[:, :60], bands[:, 60:]]), number


@pytest.mark.parametrize("count", [3, 4])
def test_each_of_three_themes_in_one_file_is_read(tmp_path, count):
    """GDAL tags them as colours, and a fourth as transparency."""
    bands = themes(np.random.default_rng(44)).astype(np.uint8)
    bands = np.concatenate([bands, bands[:1] // 10])[:count]
    where = rasterio.Affine(1, 0, 5, 0, -1, 9)
    shape = {"count": count, "height": SIDE, "width": SIDE, "dtype": "uint8"}
    path = tmp_path / "themes.tif"
    with rasterio.open(path, "w", driver="GTiff", crs=CRS, transform=where, **shape) as raster:
        raster.write(bands)
    with rasterio.open(path) as raster:
        assert raster.colorinterp[0] == ColorInterp.red
    tiles = open_landcover([(path, band) for band in range(1, count + 1)])
    for tile, band in zip(tiles, bands):
        with tile.open() as raster:
            codes = tile.read(raster, rasterio.windows.Window(0, 0, SIDE, SIDE))
        np.testing.assert_array_equal(codes, band)


def test_a_nodata_value_that_all_bands_share_tells_nothing():
    here = patches(np.random.default_rng(45), 3, 8) == 0
    bands = np.where(here, 200, np.array([[[100]], [[30]], [[70]]]))
    assert is_picture([bands]) and not is_picture([bands], nodata=200)
