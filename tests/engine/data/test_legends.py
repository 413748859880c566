"""Classes are called as the raster has them, and nothing in the text beside it does harm."""

import numpy as np
import pytest
import rasterio

from geohg.engine.data.builders.grid import Grid
from geohg.engine.data.sources import legends
from geohg.engine.data.sources.classes import ClassRaster
from geohg.engine.data.sources.legends import read_legend
from geohg.engine.progress import Silent

from ..conftest import CRS, LEFT, PIXEL, TOP, write_raster

# A quarter each of 0, 10, 20 and 30.
CODES = np.array([[0, 10], [20, 30]], np.uint8).repeat(8, axis=0).repeat(8, axis=1)
GRID = Grid(CRS, LEFT, TOP, 8 * PIXEL, 8 * PIXEL, 2, 2)


def table(rows, fields=(("VALUE", 0, 5), ("Count", 0, 1), ("Class", 2, 2))):
    """A table of attributes, as GDAL writes it."""
    head = "".join(
        f"<FieldDefn index='{k}'><Name>{name}</Name><Type>{kind}</Type><Usage>{use}</Usage>"
        "</FieldDefn>"
        for k, (name, kind, use) in enumerate(fields)
    )
    body = "".join(
        f"<Row index='{k}'>{''.join(f'<F>{cell}</F>' for cell in row)}</Row>"
        for k, row in enumerate(rows)
    )
    return f"<GDALRasterAttributeTable>{head}{body}</GDALRasterAttributeTable>"


def categories(*names):
    listed = "".join(f"<Category>{name}</Category>" for name in names)
    return f"<CategoryNames>{listed}</CategoryNames>"


def beside(text, band=1, head=""):
    return f"{head}<PAMDataset><PAMRasterBand band='{band}'>{text}</PAMRasterBand></PAMDataset>"


def legend(tmp_path, text):
    path = write_raster(tmp_path / "r.tif", CODES)
    (tmp_path / "r.tif.aux.xml").write_text(text, encoding="utf-8")
    with rasterio.open(path) as raster:
        return read_legend(raster, 1)


SOIL = [(10, 4, "Sand &amp; silt"), (20, 4, "Löss  loam"), (30, 4, "Clay")]
NAMES = {10: "Sand & silt", 20: "Löss loam", 30: "Clay"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (table(SOIL), NAMES),
        (table(SOIL, (("Value", 0, 0), ("Count", 0, 0), ("Label", 2, 0))), NAMES),
        (table([(10.5, 1, "a"), ("x", 1, "b"), (70000, 1, "c"), (3, 1, ""), (4, 1)]), {}),
        (table(SOIL, (("a", 0, 0), ("b", 0, 0), ("c", 0, 0))), {}),
        (categories("none", "", "Wood"), {0: "none", 2: "Wood"}),
        (categories("Wood", "Wood", "Water"), {0: "Wood (0)", 1: "Wood (1)", 2: "Water"}),
        (categories("a" * 500), {0: "a" * 120}),
        ("", {}),
    ],
)
def test_names_are_read_as_gdal_keeps_them(tmp_path, text, expected):
    assert legend(tmp_path, beside(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        beside(categories("a"), band=2),
        beside(categories("&x;"), head='<!DOCTYPE p [<!ENTITY x "aaaa">]>'),
        beside(categories("a"))[:-5],
        "no xml",
    ],
)
def test_what_is_no_legend_of_the_band_is_ignored(tmp_path, text):
    assert legend(tmp_path, text) == {}


def test_a_long_text_is_not_read(tmp_path, monkeypatch):
    text = beside(categories("Wood"))
    monkeypatch.setattr(legends, "_MOST_BYTES", len(text))
    assert legend(tmp_path, text) == {0: "Wood"}
    monkeypatch.setattr(legends, "_MOST_BYTES", len(text) - 1)
    assert legend(tmp_path, text) == {}


def test_a_virtual_raster_holds_its_own(tmp_path):
    path = tmp_path / "r.vrt"
    write_raster(tmp_path / "r.tif", CODES)
    path.write_text(
        "<VRTDataset rasterXSize='16' rasterYSize='16'><VRTRasterBand dataType='Byte' band='1'>"
        f"{table(SOIL)}<SimpleSource><SourceFilename relativeToVRT='1'>r.tif</SourceFilename>"
        "</SimpleSource></VRTRasterBand></VRTDataset>",
        encoding="utf-8",
    )
    with rasterio.open(path) as raster:
        assert read_legend(raster, 1) == NAMES


@pytest.mark.parametrize("kind", ["soil", "entity"])
def test_classes_are_called_by_their_names(tmp_path, kind):
    path = write_raster(tmp_path / "r.tif", CODES)
    (tmp_path / "r.tif.aux.xml").write_text(beside(table(SOIL)), encoding="utf-8")
    known = ClassRaster(kind, ((path, 1),)).read(GRID, Silent())
    # In land cover of WorldCover's codes, 0 is missing; a soil map's is a class like others.
    first = ("class 0",) if kind == "soil" else ()
    assert known.names == (*first, "Sand & silt", "Löss loam", "Clay")
    shares = np.eye(4)[:, 4 - len(known.names) :]
    shares[0] = shares[0] if kind == "soil" else np.nan
    np.testing.assert_array_equal(known.values, shares)


def test_nodata_is_missing_in_any_classification(tmp_path):
    path = write_raster(tmp_path / "r.tif", CODES, nodata=0)
    known = ClassRaster("soil", ((path, 1),)).read(GRID, Silent())
    assert known.names == ("class 10", "class 20", "class 30")
    assert np.isnan(known.values[0]).all()


def test_names_that_tiles_give_twice_are_codes_again(tmp_path):
    west = write_raster(tmp_path / "a.tif", CODES[:, :8])
    east = write_raster(tmp_path / "b.tif", CODES[:, 8:], left=LEFT + 8 * PIXEL)
    for name, code in (("a", 20), ("b", 30)):
        text = beside(table([(code, 1, "Clay")]))
        (tmp_path / f"{name}.tif.aux.xml").write_text(text, encoding="utf-8")
    known = ClassRaster("soil", ((west, 1), (east, 1))).read(GRID, Silent())
    assert known.names == ("class 0", "class 10", "class 20", "class 30")
