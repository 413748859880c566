import numpy as np
import pytest
import rasterio
from rasterio.windows import Window

from geohg.engine.assembly.building import build_graph
from geohg.engine.data.builders.codes import as_codes, find_untagged
from geohg.engine.data.builders.features import count_classes
from geohg.engine.data.builders.grid import Grid
from geohg.engine.data.builders.rasters import windows
from geohg.engine.data.sources.classes import ClassRaster
from geohg.engine.data.sources.landcover import open_landcover
from geohg.engine.errors import InputError

from ..conftest import CRS, LEFT, TOP, Recorder, write_raster

MISSING = -32769


def grid_of(rows, cols):
    return Grid(CRS, LEFT, TOP, 1000.0, 1000.0, rows, cols)


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


@pytest.mark.parametrize(
    ("value", "dtype", "shown"),
    [
        (4.000001, "float32", "4.000001"),
        (4.000000000000001, "float64", "4.000000000000001"),
        (1 / 3, "float32", "0.33333334"),
        (2.5, "float32", "2.5"),
    ],
)
def test_what_makes_a_value_no_whole_number_is_shown(value, dtype, shown):
    with pytest.raises(InputError, match=f"has values such as {shown}; classes must be whole"):
        as_codes(np.array([1, value], dtype), None, "x.tif")


@pytest.mark.parametrize(
    ("value", "dtype", "shown"),
    [
        (-3.4028234663852886e38, "float32", "-3.4028235e+38"),
        (-1.7976931348623157e308, "float64", "-1.7976931348623157e+308"),
        (1e20, "float32", "1e+20"),
        (-2147483648, "int32", "-2147483648"),
        (-2147483648, "float64", "-2147483648"),
        (-99999, "int32", "-99999"),
        (4294967295, "uint32", "4294967295"),
        (2147483647, "int64", "2147483647"),
    ],
)
def test_a_code_of_missing_pixels_out_of_range_is_to_be_tagged(value, dtype, shown):
    with pytest.raises(InputError) as caught:
        as_codes(np.array([70000, 1, value], dtype), None, "x.tif")
    assert str(caught.value) == (
        f"The raster 'x.tif' has the class {shown}; classes must lie between -32768 and 65535. If "
        f"{shown} stands for missing pixels, tag it as nodata, such as with gdal_edit.py -a_nodata "
        f"{shown}."
    )
    assert as_codes(np.array([1, value], dtype), float(shown), "x.tif").tolist() == [1, MISSING]


def test_a_code_out_of_range_that_is_no_such_code_is_only_refused():
    with pytest.raises(InputError, match="has the class 70000; classes must lie .* 65535\\.$"):
        as_codes(np.array([70000, 1]), None, "x.tif")


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ([-9999, 1, 2, 5], [-9999]),
        ([-9999], [-9999]),
        ([-32768, -1, 7], [-32768, -1]),
        ([1, 2, 12, 255], [255]),
        ([1, 130, 255], []),
        ([254, 255], []),
        ([255], []),
        ([111, 523, 999], [999]),
        ([999, 1000], []),
        ([0, 44, 255, 32767, 65535], [255, 32767, 65535]),
        ([0, 10, 9999], [9999]),
        ([10, 20, 95, 100], []),
    ],
)
def test_codes_that_look_as_if_they_stood_for_missing_pixels(codes, expected):
    assert find_untagged(codes) == expected


UNTAGGED = {
    "int16": [-9999, -32768, 255, 32767, -1],
    "int32": [-9999, 9999],
    "uint8": [255],
    "uint16": [65535],
    "int8": [-128],
    "float32": [-9999, 32767],
    "float64": [-32768],
}


@pytest.mark.parametrize(
    ("dtype", "code"), [(kind, code) for kind, codes in UNTAGGED.items() for code in codes]
)
@pytest.mark.parametrize("worldcover", [False, True])
def test_an_untagged_code_of_missing_pixels_is_warned_of_once(tmp_path, dtype, code, worldcover):
    """A quarter of what the grid needs; what lies beyond it causes no warning."""
    rng = np.random.default_rng(1)
    names = [10, 30, 80] if worldcover else [1, 3, 7]
    values = rng.choice(names, (40, 80)).astype(dtype)
    values[:20, :20] = code
    path = write_raster(tmp_path / "r.tif", values)
    progress = Recorder()
    found = count_classes(open_landcover([(path, 1)], progress), grid_of(4, 4), progress)
    (warning,) = progress.warnings
    start = f"The raster '{path}' has the code {code} in 25.0% of the 1,600 pixels that were read, "
    end = f". If {code} stands for missing pixels, tag it as nodata, such as with gdal_edit.py "
    assert warning.startswith(start) and warning.endswith(f"{end}-a_nodata {code}.")
    dropped = worldcover and code < 0
    assert (
        "in addition to classes of ESA WorldCover; it is treated as missing." in warning
    ) == dropped
    assert ("and it is treated as a class." in warning) != dropped
    assert found.codes.tolist() == (names if dropped else sorted([code, *names]))
    expected = [[(values[:40, :40] == each).sum() for each in found.codes]]
    assert found.counts.sum(axis=0).tolist() == expected[0]
    tagged = write_raster(tmp_path / "tagged.tif", values, nodata=code)
    progress = Recorder()
    found = count_classes(open_landcover([(tagged, 1)], progress), grid_of(4, 4), progress)
    assert found.codes.tolist() == names and progress.warnings == []


def test_each_raster_is_warned_of_by_name_and_the_classes_keep_their_names(tmp_path):
    """WorldCover in tiles, with -9999 in the second: it hides nothing, and is no class."""
    rng = np.random.default_rng(2)
    values = rng.choice([10, 50], (40, 40)).astype(np.int16)
    first = write_raster(tmp_path / "a.tif", values)
    holes = np.where(rng.random(values.shape) < 0.5, -9999, 30).astype(np.int16)
    second = write_raster(tmp_path / "b.tif", holes)
    progress = Recorder()
    known = ClassRaster("entity", ((second, 1), (first, 1))).read(grid_of(4, 4), progress)
    graph = build_graph(grid_of(4, 4), {}, [known], progress)
    assert graph.hypernodes["entity"].names == ("Tree cover", "Grassland", "Built-up")
    mine = [warning for warning in progress.warnings if "-9999" in warning]
    assert len(mine) == 1 and mine[0].startswith(f"The raster '{second}' has the code -9999 in ")


def test_depths_are_no_codes_of_missing_pixels(tmp_path):
    row, col = np.mgrid[:200, :200] / 40
    depth = np.round(-100 + 60 * (np.sin(row + 1) + np.cos(1.3 * col))).astype(np.int16)
    with pytest.raises(InputError, match="looks like a continuous quantity"):
        open_landcover([(write_raster(tmp_path / "sea.tif", depth), 1)])
