"""A small landscape of known truth, and the files that describe it."""

import importlib
import json
import os
import signal
import subprocess
import sys
import threading
import traceback
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin

import geohg
from geohg.engine.assembly import pace
from geohg.engine.assembly.inputs import Inputs
from geohg.engine.assembly.reading import read_graph
from geohg.engine.assembly.userdata import UserDataSource
from geohg.engine.config.schema import ModelConfig
from geohg.engine.data.sources.city_writer import write_city
from geohg.engine.errors import Cancelled
from geohg.engine.memory import keep_memory
from geohg.engine.progress import Silent

from .bucket import serve_bucket

# As in a process of GeoHG's own: fits take less time.
keep_memory()
# A hundredth of the arithmetic tells of the hundreds of small runs how fast the machine is.
pace._COUNT, pace._QUIET_SECONDS = pace._COUNT // 100, pace._QUIET_SECONDS / 100

CRS = "EPSG:32631"
LEFT, TOP = 500_000.0, 5_400_000.0
PIXEL, CELL = 100.0, 1000.0
ROWS, COLS = 24, 30
POINTS = 200

HANGS_SECONDS = 120.0
"""What a process of a test takes at most; on a busy machine it takes a fifth of this."""

QUICK = {"threads": 1, "validation": "holdout", "blocks": False, "importance": False}
"""Training without the tests that most tests of ours do not look at."""

SAMPLE = Path(geohg.__file__).parent / "resources" / "sample"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def shared(name):
    """A real data file, or a skip where the folder is not at hand."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not at hand")
    return path


def write_raster(path, values, crs=CRS, nodata=None, pixel=PIXEL, left=LEFT, top=TOP):
    """Write `values` [rows, cols] as a one-band GeoTIFF."""
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=values.shape[0],
        width=values.shape[1],
        count=1,
        dtype=values.dtype,
        crs=crs,
        transform=from_origin(left, top, pixel, pixel),
        nodata=nodata,
    ) as raster:
        raster.write(values, 1)
    return path


def write_thin_sample(folder, every):
    """The sample with one of `every` so many of its points and POIs, on which its calls take
    less time.
    """
    folder.mkdir(parents=True)
    for name in ("landcover.tif", "truth.tif", "districts.gpkg"):
        name = f"synthetic_{name}"
        (folder / name).symlink_to(SAMPLE / name)
    for name in ("synthetic_points.gpkg", "synthetic_pois.gpkg"):
        meta, _, points, columns = pyogrio.raw.read(SAMPLE / name)
        pyogrio.raw.write(
            folder / name,
            points[::every],
            [column[::every] for column in columns],
            meta["fields"],
            geometry_type=meta["geometry_type"],
            crs=meta["crs"],
        )


class Recorder(Silent):
    """Progress that keeps what it is told.

    Parameters
    ----------
    cancelled : callable, optional
        From the recorder, whether the user wants the work to stop; not, by default.
    """

    def __init__(self, cancelled=lambda recorder: False):
        self.cancelled = cancelled
        self.asked = 0
        self.fractions, self.messages = [], []
        self.lines, self.warnings, self.metrics = [], [], []

    def report(self, fraction, message):
        self.check_cancelled()
        assert 0 <= fraction <= 1 and message
        self.fractions.append(fraction)
        self.messages.append(message)

    def log(self, message):
        self.lines.append(message)

    def warning(self, message):
        self.warnings.append(message)

    def metric(self, name, value, step):
        self.metrics.append((name, step))

    def check_cancelled(self):
        self.asked += 1
        if self.cancelled(self):
            raise Cancelled("Cancelled; nothing was written.")


@dataclass
class Landscape:
    folder: Path
    points: Path
    landcover: Path
    pois: Path
    truth: np.ndarray  # [ROWS, COLS]

    def request(self, job="interpolate", **changes):
        """A request for the whole landscape; `changes` replace its parts."""
        request = {
            "version": 1,
            "job": job,
            "points": {
                "path": str(self.points),
                "crs": CRS,
                "coord_columns": ["x", "y"],
                "targets": ["value"],
                "units": {"value": "kg"},
            },
            "landcover": [{"path": str(self.landcover), "band": 1}],
            "poi": None,
            "grid": {
                "crs": CRS,
                "cell_size": CELL,
                "bounds": [LEFT, TOP - ROWS * CELL, LEFT + COLS * CELL, TOP],
            },
            "training": QUICK,
            "outputs": {},
        }
        return {**request, **changes}


@pytest.fixture(scope="session")
def landscape(tmp_path_factory):
    """Town share raises the value, forest share lowers it, and there is a trend."""
    folder = tmp_path_factory.mktemp("landscape")
    rng = np.random.default_rng(7)
    row, col = np.mgrid[: ROWS * 10, : COLS * 10] / 10
    wave = np.sin(col / 3) + np.cos(row / 4) + 0.3 * rng.standard_normal(row.shape)
    codes = np.select([wave > 0.9, wave < -0.7], [50, 10], 40).astype(np.uint8)
    blocks = codes.reshape(ROWS, 10, COLS, 10)
    town, forest = ((blocks == code).mean(axis=(1, 3)) for code in (50, 10))
    trend = np.linspace(0, 3, COLS)[None, :] * np.ones((ROWS, 1))
    truth = 10 + 5 * town - 4 * forest + trend
    x = LEFT + rng.uniform(0, COLS * CELL, POINTS)
    y = TOP - rng.uniform(0, ROWS * CELL, POINTS)
    at = truth[((TOP - y) // CELL).astype(int), ((x - LEFT) // CELL).astype(int)]
    table = pd.DataFrame({"x": x, "y": y, "value": at + 0.1 * rng.standard_normal(POINTS)})
    table["text"] = "a"
    points = folder / "points.csv"
    table.to_csv(points, index=False)
    pois = folder / "pois.csv"
    names = np.array(["shop", "school", "park"])[rng.integers(0, 3, 500)]
    pd.DataFrame(
        {
            "x": LEFT + rng.uniform(0, COLS * CELL, 500),
            "y": TOP - rng.uniform(0, ROWS * CELL, 500),
            "category": names,
        }
    ).to_csv(pois, index=False)
    landcover = write_raster(folder / "landcover.tif", codes)
    return Landscape(folder, points, landcover, pois, truth)


@pytest.fixture(scope="session")
def graph(landscape):
    """The graph of the landscape; nobody may change it."""
    return read_graph(Inputs.of(landscape.request()), ModelConfig(), Silent())


def write_shapes(path, shapes, **columns):
    """Shapes of one type as a vector layer in `CRS`."""
    fields = [np.array(values, dtype=object) for values in columns.values()]
    kind = {"geometry_type": shapes[0].geom_type, "crs": CRS}
    pyogrio.raw.write(path, shapely.to_wkb(shapes), fields, list(columns), **kind)


HIGH, WIDE = 100, 150
"""Rows and columns of the world."""


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    """The parts of a request whose sources all end, or have something of their own, somewhere."""
    folder = tmp_path_factory.mktemp("world")
    rng = np.random.default_rng(3)
    row, col = np.mgrid[:HIGH, :WIDE]
    fine = np.repeat(np.repeat(np.sin(col / 9) + np.cos(row / 7), 4, 0), 4, 1)
    fine = fine + 0.4 * rng.standard_normal(fine.shape)
    codes = np.select([fine > 0.9, fine < -0.7], [50, 10], 40).astype(np.uint8)
    codes[: 30 * 4, 100 * 4 :] = 0  # nobody knows the north-east
    codes[80 * 4 :, : 20 * 4] = 80  # water in one corner alone
    soil = np.where(np.arange(WIDE * 4) < 200, 1, 2) * np.ones((HIGH * 4, 1), np.int64)
    soil[:, 500:] = 7
    height = (300 + 40 * fine + np.linspace(0, 500, WIDE * 4)).astype(np.float32)
    height[150:180, 250:280] = -9999
    raster = {"pixel": CELL / 4}
    x = LEFT + rng.uniform(0, WIDE * CELL, POINTS)
    y = TOP - rng.uniform(0, HIGH * CELL, POINTS)
    value = 10 + np.sin((x - LEFT) / 9000) + 0.3 * rng.standard_normal(POINTS)
    table = {"x": x, "y": y, "value": value}
    pd.DataFrame(table).to_csv(folder / "points.csv", index=False)
    near = rng.normal(0, 8000, (300, 2)) + [LEFT + 30_000, TOP - 20_000]
    names = np.array(["shop", "park"])[(near[:, 0] > LEFT + 40_000).astype(int)]
    pois = {"x": near[:, 0], "y": near[:, 1], "category": names}
    pd.DataFrame(pois).to_csv(folder / "pois.csv", index=False)
    squares = [shapely.box(LEFT + k * 4e4, TOP - 9e4, LEFT + k * 4e4 + 3e4, TOP) for k in range(4)]
    write_shapes(folder / "zones.gpkg", squares, name=list("abcd"))
    road = shapely.LineString([(LEFT, TOP), (LEFT + 5e4, TOP - 6e4), (LEFT + 1.4e5, TOP - 7e4)])
    write_shapes(folder / "road.gpkg", [road])
    area = shapely.Point(LEFT + 75_000, TOP - 50_000).buffer(72_000)
    write_shapes(folder / "area.gpkg", [area])
    tables = {"crs": CRS, "coord_columns": ["x", "y"]}
    return {
        "points": {"path": str(folder / "points.csv"), "targets": ["value"], **tables},
        "landcover": [
            {"path": str(write_raster(folder / "land.tif", codes, nodata=0, **raster)), "band": 1}
        ],
        "classes": [
            {"type": "soil", "path": str(write_raster(folder / "soil.tif", soil, **raster))}
        ],
        "covariates": [
            {
                "name": "height",
                "path": str(write_raster(folder / "dem.tif", height, nodata=-9999, **raster)),
                "elevation": True,
            }
        ],
        "poi": {"path": str(folder / "pois.csv"), "category": "category", **tables},
        "zones": [{"type": "district", "path": str(folder / "zones.gpkg"), "column": "name"}],
        "distances": [{"name": "road", "path": str(folder / "road.gpkg")}],
        "area": {"path": str(folder / "area.gpkg")},
        "grid": {
            "crs": CRS,
            "cell_size": CELL,
            "bounds": [LEFT, TOP - HIGH * CELL, LEFT + WIDE * CELL, TOP],
        },
    }


@pytest.fixture
def spawn():
    """Starts processes as Popen does, and ends them: with the test, or once one takes so long
    that it must be taken to hang, which fails the test that waits for it.
    """
    started = []

    def start(command, **options):
        process = subprocess.Popen(command, **options)
        watch = threading.Timer(HANGS_SECONDS, process.kill)
        watch.daemon = True
        watch.start()
        started.append((process, watch))
        return process

    yield start
    for process, watch in started:
        watch.cancel()
        process.kill()
        process.wait()


def in_a_copy(work):
    """Options of Popen for a process that calls `work` and is a copy of this one, so that the
    libraries, which take seconds, are loaded; the command that Popen is given is not run.
    """
    if not hasattr(os, "fork"):
        pytest.skip("there is no fork")
    for name in ("jobs.interpolate", "models.network"):
        importlib.import_module(f"geohg.engine.{name}")

    def run():
        os.closerange(3, 1024)  # Popen waits for the end of a pipe of its own
        signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.stdin = os.fdopen(0)
        sys.stdout, sys.stderr = (os.fdopen(number, "w", buffering=1) for number in (1, 2))
        code = 1
        try:
            work()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else bool(end.code)
        except BaseException:  # noqa: BLE001 - told, as Python does
            traceback.print_exc()
        finally:
            os._exit(code)

    return {"preexec_fn": run, "restore_signals": False}


@pytest.fixture
def request_file(tmp_path):
    """Write a request to a file."""

    def write(request):
        path = tmp_path / "request.json"
        path.write_text(json.dumps(request), encoding="utf-8")
        return path

    return write


@pytest.fixture
def bucket(tiles, tmp_path, monkeypatch):
    """A server of the module's `tiles` of WorldCover, and a cache that is empty."""
    monkeypatch.setenv("GEOHG_CACHE", str(tmp_path / "cache"))
    with serve_bucket(tiles) as running:
        monkeypatch.setenv("GEOHG_WORLDCOVER_URL", running.address)
        yield running


def write_small_gz(data):
    """A folder of data with a city GZ of 224 cells, which has the targets Carbon and GDP."""
    col, row = (axis.ravel() for axis in np.meshgrid(np.arange(16), np.arange(14)))
    coords = np.column_stack([113.005 + 0.01 * col, 23.005 + 0.01 * row])
    smooth = np.exp(np.sin(col / 3) + np.cos(row / 4))
    values = pd.DataFrame({"Carbon": 300 * smooth, "GDP": smooth + 2})
    graph = UserDataSource(coords, None, values).load()
    write_city(graph, data / "Hyper_Graph" / "GZ")
    targets = data / "downstream_tasks" / "GZ"
    targets.mkdir(parents=True)
    for name in ("Carbon.csv", "GDP.csv"):
        (data / "Hyper_Graph" / "GZ" / name).rename(targets / name)
