import numpy as np
import pytest
import rasterio
from rasterio.windows import Window

from geohg.engine.data.sources.codes import as_codes
from geohg.engine.data.sources.landcover import open_landcover
from geohg.engine.data.sources.rasters import windows
from geohg.engine.errors import InputError

from ..conftest import write_raster

MISSING = -32769


def test_codes_of_whole_floats_and_of_missing_pixels():
    codes = as_codes(np.array([[311.0, np.nan], [0.0, 7.0]], np.float32), 7.0, "x.tif")
    assert codes.tolist() == [[311, MISSING], [0, MISSING]]


def test_small_whole_numbers_are_kept_and_nodata_is_named(tmp_path):
    values = np.array([[10, 255]], np.uint8)
    assert as_codes(values, 255.0, "x.tif") is values
    (tile,) = open_landcover([(write_raster(tmp_path / "r.tif", values, nodata=255), 1)])
    assert 255 in tile.missing


def test_nan_as_nodata_tag_is_missing():
    assert as_codes(np.array([np.nan, 3.0]), np.nan, "x.tif").tolist() == [MISSING, 3]


def test_windows_cover_every_pixel_once(tmp_path):
    path = write_raster(tmp_path / "r.tif", np.ones((700, 500), np.uint8))
    with rasterio.open(path) as raster:
        seen = np.zeros(raster.shape, int)
        for window in windows(raster, Window(3, 5, 400, 600), 20_000):
            assert window.width * window.height <= 20_000
            seen[window.toslices()] += 1
    assert seen[5:605, 3:403].min() == seen.max() == 1 and seen.sum() == 400 * 600


@pytest.mark.parametrize(
    ("values", "options", "message"),
    [
        (np.ones((4, 4), np.uint8), {"crs": None}, "has no CRS"),
        (np.array([[0.5, 1.0]], np.float32), {}, "not categorical: it has values such as 0.5"),
        (np.arange(400, dtype=np.int16).reshape(20, 20), {}, "more than 256 different values"),
        (np.array([[70000]], np.int32), {}, "has the class 70000"),
    ],
)
def test_refuses_what_is_no_land_cover(tmp_path, values, options, message):
    path = write_raster(tmp_path / "r.tif", values, **options)
    with pytest.raises(InputError, match=message):
        open_landcover([(path, 1)])


def test_refuses_a_missing_file_and_a_missing_band(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        open_landcover([(tmp_path / "none.tif", 1)])
    path = write_raster(tmp_path / "r.tif", np.ones((4, 4), np.uint8))
    with pytest.raises(InputError, match="has 1 bands, not band 2"):
        open_landcover([(path, 2)])
