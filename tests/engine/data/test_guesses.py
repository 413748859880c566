"""Which rasters are proposed as classes, and which as continuous."""

import numpy as np
import pytest
import rasterio
from scipy.ndimage import gaussian_filter

from geohg.engine.data.sources.guesses import looks_like
from geohg.engine.errors import InputError

from ..conftest import write_raster

SMOOTH = gaussian_filter(np.random.default_rng(0).normal(size=(256, 256)), 8)
SMOOTH = (SMOOTH - SMOOTH.min()) / np.ptp(SMOOTH)
CODES = np.random.default_rng(0).choice([10, 30, 50], (256, 256)).repeat(4, axis=0)[:256]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (SMOOTH.astype(np.float32), "continuous"),
        (CODES.astype(np.float32), "continuous"),
        ((3000 * SMOOTH).astype(np.int16), "continuous"),
        ((250 * SMOOTH).astype(np.uint8), "continuous"),
        ((60 * SMOOTH).astype(np.int32), "continuous"),
        (np.random.default_rng(0).integers(-127, 128, (256, 256)).astype(np.int8), "continuous"),
        (CODES.astype(np.uint8), "classes"),
        (CODES.astype(np.int32), "classes"),
    ],
)
def test_pixels_tell_classes_from_quantities(tmp_path, values, expected):
    assert looks_like(write_raster(tmp_path / "r.tif", values)) == expected


def test_a_legend_tells_classes(tmp_path):
    path = write_raster(tmp_path / "r.tif", (250 * SMOOTH).astype(np.uint8))
    with rasterio.open(path, "r+") as raster:
        colours = np.random.default_rng(0).integers(0, 256, (256, 3))
        raster.write_colormap(1, {code: tuple(map(int, rgb)) for code, rgb in enumerate(colours)})
    assert looks_like(path) == "classes"


def test_a_table_of_attributes_tells_classes(tmp_path):
    path = write_raster(tmp_path / "r.tif", (3000 * SMOOTH).astype(np.int16))
    assert looks_like(path) == "continuous"
    path.with_name("r.tif.vat.dbf").write_bytes(b"")
    assert looks_like(path) == "classes"


def test_a_band_that_is_not_there_is_refused(tmp_path):
    path = write_raster(tmp_path / "r.tif", CODES.astype(np.uint8))
    with pytest.raises(InputError, match="not band 2"):
        looks_like(path, 2)
