"""Classes that are given as a continuous quantity are warned of by what is seen."""

import numpy as np
import pytest
import rasterio
from scipy.ndimage import gaussian_filter

from geohg.engine.data.sources.classes import ClassRaster
from geohg.engine.data.sources.continuous import ContinuousRaster

from ..conftest import Recorder, write_raster

SMOOTH = gaussian_filter(np.random.default_rng(0).normal(size=(256, 256)), 8)
SMOOTH = (SMOOTH - SMOOTH.min()) / np.ptp(SMOOTH)
CODES = np.random.default_rng(0).choice([10, 30, 50], (256, 256)).repeat(4, axis=0)[:256]


def seen(path):
    """What a warning of classes says of the raster; empty without one."""
    told = Recorder()
    ContinuousRaster("r", (path,)).open(told)
    said = [text for text in told.warnings if "looks like classes" in text]
    words = ("only 3", "a colour table")
    return "".join(word for word in words for text in said if word in text)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (SMOOTH.astype(np.float32), ""),
        (CODES.astype(np.float32), ""),
        ((3000 * SMOOTH).astype(np.int16), ""),
        ((250 * SMOOTH).astype(np.uint8), ""),
        ((60 * SMOOTH).astype(np.int32), ""),
        (np.random.default_rng(0).integers(-127, 128, (256, 256)).astype(np.int8), ""),
        ((CODES > 10).astype(np.uint8), ""),
        (CODES.astype(np.uint8), "only 3"),
        (CODES.astype(np.int32), "only 3"),
    ],
)
def test_pixels_tell_classes_from_quantities(tmp_path, values, expected):
    assert seen(write_raster(tmp_path / "r.tif", values)) == expected


def test_a_legend_tells_classes(tmp_path):
    path = write_raster(tmp_path / "r.tif", (250 * SMOOTH).astype(np.uint8))
    with rasterio.open(path, "r+") as raster:
        colours = np.random.default_rng(0).integers(0, 256, (256, 3))
        raster.write_colormap(1, {code: tuple(map(int, rgb)) for code, rgb in enumerate(colours)})
    assert seen(path) == "a colour table"


def test_a_table_of_attributes_tells_classes_unless_they_are_too_many(tmp_path):
    path = write_raster(tmp_path / "r.tif", (200 * SMOOTH).astype(np.int16))
    many = write_raster(tmp_path / "m.tif", (3000 * SMOOTH).astype(np.int16))
    assert seen(path) == seen(many) == ""
    for each in (path, many):
        each.with_name(f"{each.name}.vat.dbf").write_bytes(b"")
    assert (seen(path), seen(many)) == ("a colour table", "")


def test_the_log_says_what_each_raster_is_taken_for(tmp_path):
    path, told = write_raster(tmp_path / "r.tif", CODES.astype(np.uint8)), Recorder()
    ContinuousRaster("rain", (path,)).open(told)
    ClassRaster("soil", ((path, 1),)).open(told)
    assert told.lines == [
        "'rain' is taken for a continuous quantity; number of bands: 1.",
        "'soil' is taken for classes.",
    ]


def test_scaled_numbers_and_missing_ones_are_no_classes(tmp_path):
    path = write_raster(tmp_path / "r.tif", CODES[:, :64].astype(np.int32), nodata=30)
    assert seen(path) == ""
    scaled = write_raster(tmp_path / "s.tif", CODES.astype(np.int16))
    assert seen(scaled) == "only 3"
    with rasterio.open(scaled, "r+") as raster:
        raster.scales = (0.1,)
    assert seen(scaled) == ""
