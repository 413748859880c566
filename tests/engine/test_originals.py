"""Which files a name, a raster or a request stands for."""

import os
import zipfile

import numpy as np
import pytest

from geohg.engine.jobs.inputfiles import input_files, raster_files
from geohg.engine.originals import Inputs, is_one, named_files

from .conftest import write_raster


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with files, in which relative names start."""
    monkeypatch.chdir(tmp_path)
    for name in ("p.csv", "a b.gpkg", "x.nc", "x|y.tif", "r.json", "ä.csv"):
        (tmp_path / name).write_text("")
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("inner/lc.tif", "")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("p.csv", "p.csv"),
        ("{folder}/../{last}/p.csv", "p.csv"),
        ("file://{folder}/p.csv?type=csv&xField=x", "p.csv"),
        ("file://{folder}/%C3%A4.csv", "ä.csv"),
        ("{folder}/a b.gpkg|layername=points|subset=value > 3", "a b.gpkg"),
        ("GPKG:{folder}/a b.gpkg:tiles", "a b.gpkg"),
        ("ogr:dbname='{folder}/a b.gpkg' table=\"t\" (geom)", "a b.gpkg"),
        ("dbname='{folder}/a b.gpkg' table=\"t\" (geom) sql=", "a b.gpkg"),
        ('NETCDF:"{folder}/x.nc":band', "x.nc"),
        ("/vsizip/{folder}/z.zip/inner/lc.tif", "z.zip"),
        ("/vsizip//vsisubfile/0_9,{folder}/z.zip", "z.zip"),
        ("/vsizip/{{{folder}/z.zip}}/inner/lc.tif", "z.zip"),
        ("zip://{folder}/z.zip!inner/lc.tif", "z.zip"),
        ("zip+file://{folder}/z.zip!/inner/lc.tif", "z.zip"),
        ("vrt://{folder}/x.nc?bands=1", "x.nc"),
        ("?layer=ogr:{folder}/a%20b.gpkg:p&query=select", "a b.gpkg"),
        ("x|y.tif", "x|y.tif"),
        ("<VRTDataset><SourceFilename>{folder}/x.nc</SourceFilename></VRTDataset>", "x.nc"),
    ],
)
def test_a_name_leads_to_its_file(here, name, file):
    text = name.format(folder=here, last=here.name)
    assert {path.resolve() for path in named_files(text)} == {here / file}


@pytest.mark.parametrize("name", ["", "value", "EPSG:4326", "/vsimem/x.tif", "\0", "x" * 5000, 12])
def test_other_texts_lead_nowhere(here, name):
    assert named_files(name) == set()


def test_a_virtual_raster_leads_to_its_sources_also_through_another(here):
    write_raster(here / "tile.tif", np.full((4, 4), 10, np.uint8))
    text = "<VRTDataset><SourceFilename relativeToVRT='1'>{}</SourceFilename></VRTDataset>"
    (here / "sub").mkdir()
    (here / "sub" / "one.vrt").write_text(text.format("../tile.tif"))
    (here / "two.vrt").write_text(text.format("sub/one.vrt"))
    (here / "loop.vrt").write_text(text.format("loop.vrt"))
    files = {path.resolve() for path in named_files(here / "two.vrt")}
    assert files == {here / "two.vrt", here / "sub" / "one.vrt", here / "tile.tif"}
    assert {path.resolve() for path in named_files("loop.vrt")} == {here / "loop.vrt"}


def test_what_gdal_reads_with_a_raster_is_among_its_files(here):
    path = write_raster(here / "lc.tif", np.full((4, 4), 10, np.uint8))
    (here / "lc.tif.aux.xml").write_text("<PAMDataset/>")
    assert raster_files([path]) == {path, here / "lc.tif.aux.xml"}
    assert raster_files([here / "p.csv", "no.tif", None, 3]) == set()


def test_a_request_reads_what_it_names_and_not_what_it_writes(here):
    (here / "GZ").mkdir()
    for name in ("pos_encode.csv", "GDP.csv", "Carbon.csv", "report.html"):
        (here / "GZ" / name).write_text("")
    request = {
        "job": "train",
        "data": {"city": "GZ", "prebuilt_dir": str(here), "task": "GDP"},
        "model": {"pretrained_gnn": "x.nc"},
        "output": {"log_dir": "r.json"},
        "outputs": {"report": "p.csv"},
    }
    read = {path.relative_to(here) if path.is_absolute() else path for path in input_files(request)}
    assert sorted(map(str, read)) == ["GZ/GDP.csv", "GZ/pos_encode.csv", "x.nc"]
    # Pretraining starts from no encoder, so it may write the one that training will read.
    assert "x.nc" not in map(str, input_files({**request, "job": "pretrain"}))
    assert "r.json" in map(str, input_files(request, ["r.json", None]))


def test_a_file_is_the_same_under_all_its_names(here):
    os.link(here / "p.csv", here / "hard.csv")
    (here / "soft.csv").symlink_to("p.csv")
    inputs = Inputs([here / "p.csv", here / "gone.csv"])
    for name in ("p.csv", "hard.csv", "soft.csv"):
        assert inputs.find(here / name) == here / "p.csv"
    assert inputs.find(here / "x.nc") is inputs.find(here / "new.csv") is None
    assert not is_one(here / "new.csv", here / "new.tif")
