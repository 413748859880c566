"""Maps in parts: the same raster as at once, in a folder that knows its run."""

import dataclasses
import json
import os
import threading
import time

import numpy as np
import psutil
import pytest
import rasterio

from geohg.engine.data.builders.blocks import Block
from geohg.engine.data.builders.grid import Grid
from geohg.engine.errors import Cancelled, OutputError
from geohg.engine.files import OutputSet, check_room
from geohg.engine.prediction import surface
from geohg.engine.prediction.parts import Layer, PartFolder
from geohg.engine.prediction.statistics import Statistics
from geohg.engine.prediction.surface import write_geotiff
from geohg.engine.prediction.workfolder import refuse_folder
from geohg.engine.progress import Silent

from ..cog import assert_cog
from ..conftest import CRS, Recorder

ROWS, COLS = 700, 1100
GRID = Grid(CRS, 500_000.0, 5_400_000.0, 100.0, 50.0, ROWS, COLS)
LAYERS = {
    "prediction": Layer({"value <b> & [kg]": "mean"}, "kg"),
    "applicability": Layer({"dissimilarity": "index", "inside": "inside"}),
}
TAGS = {"TIFFTAG_COPYRIGHT": "© someone & others"}


WINDOWS = [
    Block(number, row, min(row + 300, ROWS), col, min(col + 512, COLS))
    for number, (row, col) in enumerate(
        (row, col) for row in range(0, ROWS, 300) for col in range(0, COLS, 512)
    )
]


def truth():
    row, col = np.mgrid[:ROWS, :COLS]
    mean = np.sin(row / 50) * 10 + col / 7
    mean[100:200, 700:] = np.nan
    return {"mean": mean, "index": mean / 100, "inside": (mean > 50).astype(float)}


def cut(arrays, window):
    rows, cols = slice(window.row0, window.row1), slice(window.col0, window.col1)
    return {name: values[rows, cols] for name, values in arrays.items()}


def folder_at(path, seed=1, **changes):
    grid = dataclasses.replace(GRID, **changes)
    return PartFolder(path, grid, LAYERS, {"seed": seed}, TAGS)


def fill(parts, windows=WINDOWS, arrays=None):
    for window in windows:
        parts.put(window, cut(arrays or truth(), window))


def test_parts_make_the_raster_that_is_written_at_once(tmp_path):
    with folder_at(tmp_path / "work") as parts:
        fill(parts, WINDOWS[::-1])
        for name in LAYERS:
            parts.write(name, tmp_path / f"{name}.tif", Silent())
    bands = {"value <b> & [kg]": truth()["mean"]}
    write_geotiff(tmp_path / "once.tif", CRS, GRID.transform, bands, "kg", TAGS)
    names = [tmp_path / name for name in ("once.tif", "prediction.tif")]
    with rasterio.open(names[0]) as once, rasterio.open(names[1]) as raster:
        assert repr(raster.profile) == repr(once.profile) and raster.tags() == once.tags()
        assert raster.overviews(1) == once.overviews(1) and raster.units == once.units
        np.testing.assert_array_equal(raster.read(), once.read())
        for key, text in once.tags(1).items():
            assert float(raster.tags(1)[key]) == pytest.approx(float(text), rel=1e-12)
    with rasterio.open(tmp_path / "applicability.tif") as raster:
        assert raster.descriptions == ("dissimilarity", "inside")
        np.testing.assert_array_equal(raster.read(1), truth()["index"].astype(np.float32))
        np.testing.assert_array_equal(raster.read(2), truth()["inside"])


def test_it_is_a_cog_with_overviews_and_statistics(tmp_path):
    with folder_at(tmp_path / "work") as parts:
        fill(parts)
        parts.write("prediction", tmp_path / "map.tif", Silent())
    known = truth()["mean"].astype(np.float32)
    assert_cog(tmp_path / "map.tif")
    with rasterio.open(tmp_path / "map.tif") as raster:
        assert raster.tags(ns="IMAGE_STRUCTURE")["PREDICTOR"] == "3"
        assert raster.overviews(1) == [2, 4]
        assert raster.crs.to_string() == CRS and raster.transform == GRID.transform
        assert np.isnan(raster.nodata) and raster.units == ("kg",)
        assert raster.descriptions == ("value <b> & [kg]",)
        assert raster.tags()["TIFFTAG_COPYRIGHT"] == "© someone & others"
        np.testing.assert_array_equal(raster.read(1), known)
        told = {key: float(text) for key, text in raster.tags(1).items()}
    for name, value in {
        "MINIMUM": np.nanmin(known),
        "MAXIMUM": np.nanmax(known),
        "MEAN": np.nanmean(known.astype(float)),
        "STDDEV": np.nanstd(known.astype(float)),
    }.items():
        assert told[f"STATISTICS_{name}"] == pytest.approx(value, rel=1e-12)
    with rasterio.open(tmp_path / "map.tif", overview_level=0) as raster:
        half = known.reshape(ROWS // 2, 2, COLS // 2, 2).mean(axis=(1, 3))
        np.testing.assert_allclose(raster.read(1)[:40], half[:40], rtol=1e-6)


def test_statistics_of_parts_join():
    values = 1e8 + np.random.default_rng(0).normal(size=1000)
    values[::7] = np.nan
    parts = [Statistics.of(part) for part in (values[:0], values[:1], values[1:300], values[300:])]
    joined, known = Statistics.joined(parts), values[np.isfinite(values)]
    assert (joined.pixels, joined.valid) == (1000, len(known))
    assert (joined.low, joined.high) == (known.min(), known.max())
    assert joined.mean == pytest.approx(known.mean(), rel=1e-15)
    assert float(joined.tags()["STATISTICS_STDDEV"]) == pytest.approx(known.std(), rel=1e-7)
    assert Statistics.joined(parts[:2]).tags() == {"STATISTICS_VALID_PERCENT": "0"}


@pytest.mark.parametrize(
    "crs",
    [
        "EPSG:4326",
        "+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 +ellps=GRS80 +units=m +type=crs",
    ],
)
def test_any_crs_stays(tmp_path, crs):
    grid = Grid(crs, 10.0, 50.0, 0.01, 0.005, 8, 5)
    window = Block(0, 0, 8, 0, 5)
    values = np.arange(40.0).reshape(8, 5)
    with PartFolder(tmp_path / "work", grid, {"a": Layer({"v": "mean"})}, {}) as parts:
        parts.put(window, {"mean": values})
        parts.write("a", tmp_path / "map.tif", Silent())
    with rasterio.open(tmp_path / "map.tif") as raster:
        assert raster.crs == rasterio.crs.CRS.from_string(crs)
        assert raster.transform.almost_equals(grid.transform)
        assert raster.index(10.045, 49.9625) == (7, 4)
        np.testing.assert_array_equal(raster.read(1), values)


def test_float64_stays(tmp_path):
    arrays = {**truth(), "mean": truth()["mean"] + 1e9}
    with PartFolder(tmp_path / "work", GRID, LAYERS, {}, dtype=np.float64) as parts:
        fill(parts, arrays=arrays)
        parts.write("prediction", tmp_path / "map.tif", Silent())
    with rasterio.open(tmp_path / "map.tif") as raster:
        np.testing.assert_array_equal(raster.read(1), arrays["mean"])


def test_the_virtual_raster_reads_the_parts(tmp_path):
    with folder_at(tmp_path / "work") as parts:
        fill(parts)
        parts.write("prediction", tmp_path / "map.tif", Silent())
    (tmp_path / "work").rename(tmp_path / "moved")
    with rasterio.open(tmp_path / "moved" / "prediction.vrt") as raster:
        np.testing.assert_array_equal(raster.read(1), truth()["mean"].astype(np.float32))


def test_the_same_run_goes_on_where_it_stopped(tmp_path):
    with folder_at(tmp_path / "work") as parts:
        fill(parts, WINDOWS[:4])
    damaged = tmp_path / "work" / "parts" / "0000001.tif"
    data = bytearray(damaged.read_bytes())
    data[len(data) // 2] ^= 1
    damaged.write_bytes(data)
    (tmp_path / "work" / "parts" / "0000002.tif").unlink()
    with open(tmp_path / "work" / "done.jsonl", "a") as file:
        file.write('{"number": 5, "win')  # the process was killed here
    with folder_at(tmp_path / "work") as parts:
        assert [window.number for window in WINDOWS if parts.has(window)] == [0, 3]
        fill(parts, [window for window in WINDOWS if not parts.has(window)])
        parts.write("prediction", tmp_path / "map.tif", Silent())
    lines = (tmp_path / "work" / "done.jsonl").read_text().splitlines()
    assert {json.loads(line)["number"] for line in lines} == set(range(len(WINDOWS)))
    with folder_at(tmp_path / "work") as parts:
        assert all(parts.has(window) for window in WINDOWS)
        assert not parts.has(dataclasses.replace(WINDOWS[0], col1=100))
    with rasterio.open(tmp_path / "map.tif") as raster:
        np.testing.assert_array_equal(raster.read(1), truth()["mean"].astype(np.float32))


@pytest.mark.parametrize(
    ("changes", "named"),
    [({"seed": 2}, "seed"), ({"left": 0.0}, "grid"), ({"rows": 3, "seed": 2}, "grid, seed")],
)
def test_refuses_the_folder_of_another_run(tmp_path, changes, named):
    with folder_at(tmp_path / "work"):
        pass
    with pytest.raises(OutputError, match=f"another run, which differs in: {named}; repeat"):
        folder_at(tmp_path / "work", **changes).__enter__()
    with folder_at(tmp_path / "work"):
        pass


def test_refuses_a_folder_of_something_else(tmp_path):
    (tmp_path / "letter.txt").touch()
    with pytest.raises(OutputError, match="is no work folder, and not empty"):
        folder_at(tmp_path).__enter__()
    (tmp_path / "letter.txt").unlink()
    (tmp_path / "manifest.json").write_text('{"kind": "sail"}')
    with pytest.raises(OutputError, match="differs in: the version"):
        folder_at(tmp_path).__enter__()


def test_refuses_a_folder_that_another_process_writes(tmp_path):
    lock = tmp_path / "lock"
    with folder_at(tmp_path):
        ours = json.loads(lock.read_text())
        assert ours["process"] == os.getpid()
    parent = psutil.Process(os.getppid())
    theirs = {**ours, "process": parent.pid, "begun": round(parent.create_time())}
    lock.write_text(json.dumps(theirs))
    with pytest.raises(OutputError, match=f"in use by process {parent.pid} of .*lock' if there"):
        folder_at(tmp_path).__enter__()
    with pytest.raises(OutputError, match=f"in use by process {parent.pid} of "):
        refuse_folder(tmp_path, {})
    for gone in ({"process": 2**30}, {"begun": 1}):
        lock.write_text(json.dumps({**theirs, **gone}))
        with folder_at(tmp_path):
            pass
    lock.write_text(json.dumps({**theirs, "host": "elsewhere"}))
    with pytest.raises(OutputError, match="of elsewhere; wait"):
        folder_at(tmp_path).__enter__()


def test_refuses_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot be written"):
        folder_at(tmp_path / "file" / "work").__enter__()


def test_refuses_a_map_that_finds_no_room(tmp_path):
    with folder_at(tmp_path / "work") as parts:
        parts.check_room(tmp_path)
    many = dataclasses.replace(GRID, rows=10**7, cols=10**6)
    wanted = pytest.raises(OutputError, match=r"large' may need 120000\.0 GB for the map, and ")
    with PartFolder(tmp_path / "large", many, LAYERS, {}) as parts, wanted:
        parts.check_room(tmp_path)
    free = os.statvfs(tmp_path).f_bavail * os.statvfs(tmp_path).f_frsize
    with pytest.raises(OutputError, match="may need"):  # both on one disk
        check_room([(tmp_path, free * 2 // 3), (tmp_path / "work", free * 2 // 3)])


def test_a_cancel_does_not_wait_for_gdal(tmp_path, monkeypatch):
    go_on = threading.Event()
    monkeypatch.setattr(surface, "to_cog", lambda *_: go_on.wait(60))
    with folder_at(tmp_path / "work") as parts:
        fill(parts, WINDOWS[:1])
        begun = time.monotonic()
        with pytest.raises(Cancelled):
            parts.write("prediction", tmp_path / "m.tif", Recorder(lambda recorder: True))
        assert time.monotonic() - begun < 30
    go_on.set()


def test_gdal_s_faults_are_one_sentence(tmp_path):
    with folder_at(tmp_path / "work") as parts:
        fill(parts)
        (tmp_path / "work" / "parts" / "0000001.tif").write_bytes(b"no raster")
        with pytest.raises(OutputError, match=r"m\.tif' could not be written: "):
            parts.write("prediction", tmp_path / "m.tif", Silent())


def test_a_scratch_folder_goes_with_the_run(tmp_path):
    with OutputSet({"a": tmp_path / "a.tif"}) as outputs:
        folder = outputs.scratch("a")
        (folder / "parts").mkdir()
        (folder / "parts" / "1.tif").touch()
        outputs.stage("a").write_text("new")
        outputs.commit()
    assert os.listdir(tmp_path) == ["a.tif"] and (tmp_path / "a.tif").read_text() == "new"
    with OutputSet({"a": tmp_path / "a.tif"}) as outputs:
        (outputs.scratch("a") / "1.tif").touch()
        outputs.stage("a").write_text("half")
    assert os.listdir(tmp_path) == ["a.tif"] and (tmp_path / "a.tif").read_text() == "new"


@pytest.mark.parametrize("step", [1, 7, 64])
def test_a_map_is_thinned_out_from_its_parts(tmp_path, step):
    arrays = truth()
    with PartFolder(tmp_path / "w", GRID, LAYERS, {}) as parts:
        for window in WINDOWS:
            parts.put(window, cut(arrays, window))
        for name in ("mean", "index"):
            found = parts.thinned(name, step)
            kept = arrays[name][step // 2 :: step, step // 2 :: step].astype(np.float32)
            np.testing.assert_array_equal(found, kept)
