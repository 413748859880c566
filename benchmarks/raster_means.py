"""Means of a continuous raster in cells: ours beside exactextract and QGIS.

`python benchmarks/raster_means.py RASTER.tif --make 12000 --cell-size 1000` times, in one run on
one raster: decoding alone, exactextract (through a Python that has it, `--exactextract-python`),
QGIS's zonal statistics (through the Python that has QGIS's bindings), and GeoHG's means, its means
with terrain, and the peak memory of each in a process of its own. `--make SIDE` first makes a
synthetic raster of elevations of SIDE x SIDE pixels of 10 m, in blocks of 512, deflated;
`--bands 64` one of embeddings in signed bytes instead. `--rivals SIDE` gives the rivals the upper
left corner of the raster only, and says what the whole would take. Prints Markdown.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import rasterio
from class_count import in_a_process
from numpy.typing import NDArray
from rasterio.transform import from_origin
from rasterio.windows import Window
from register import register

register()

from geohg.engine.data.builders.grid import Grid  # noqa: E402
from geohg.engine.data.builders.rasters import windows  # noqa: E402
from geohg.engine.data.sources.continuous import ContinuousRaster  # noqa: E402
from geohg.engine.progress import Silent  # noqa: E402

# Pixels and metres of each layer of noise.
NOISE = ((256, 300.0), (64, 60.0), (16, 12.0), (4, 2.0))
BLOCK, PIXEL, DIFFERENT = 512, 10.0, 31
LEFT, TOP = 300_000.0, 5_400_000.0
DECODED_AT_ONCE = 2**21

EXACTEXTRACT = """
import json, sys, time
from exactextract import exact_extract
zones = json.load(open(sys.argv[2]))["features"]
start = time.perf_counter(), time.process_time()
exact_extract(sys.argv[1], zones, ["mean", "stdev"])
print("SECONDS", time.perf_counter() - start[0], time.process_time() - start[1])
"""

QGIS = """
import sys, time
from qgis.core import QgsApplication, QgsVectorLayer, QgsRasterLayer
from qgis.analysis import QgsNativeAlgorithms
QgsApplication.setPrefixPath("/usr", True)
app = QgsApplication([], False)
app.initQgis()
sys.path.append(QgsApplication.pkgDataPath() + "/python/plugins")
import processing
from processing.core.Processing import Processing
Processing.initialize()
if not app.processingRegistry().algorithmById("native:zonalstatisticsfb"):
    app.processingRegistry().addProvider(QgsNativeAlgorithms())
raster = QgsRasterLayer(sys.argv[1], "r")
zones = QgsVectorLayer(sys.argv[2], "z")
zones.setCrs(raster.crs())
start = time.perf_counter(), time.process_time()
processing.run("native:zonalstatisticsfb", {"INPUT": zones, "INPUT_RASTER": raster,
    "RASTER_BAND": 1, "COLUMN_PREFIX": "_", "STATISTICS": [2, 4],
    "OUTPUT": sys.argv[2] + ".gpkg"})
print("SECONDS", time.perf_counter() - start[0], time.process_time() - start[1])
"""


def make_raster(path: Path, side: int, bands: int) -> None:
    """Elevations to a decimetre, or the bands of an embedding."""
    profile = {
        "driver": "GTiff", "width": side, "height": side, "count": bands,
        "dtype": "float32" if bands == 1 else "int8", "crs": "EPSG:32631",
        "transform": from_origin(LEFT, TOP, PIXEL, PIXEL), "tiled": True, "blockxsize": BLOCK,
        "blockysize": BLOCK, "compress": "deflate", "zlevel": 1, "bigtiff": "if_safer",
        "nodata": -9999 if bands == 1 else -128, "interleave": "band",
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as raster:
        for top in range(0, side, BLOCK):
            for left in range(0, side, BLOCK):
                window = Window(left, top, min(BLOCK, side - left), min(BLOCK, side - top))
                for band in range(1, bands + 1):
                    number = top // BLOCK + 3 * left // BLOCK + 5 * band
                    values = surface(number % DIFFERENT)[: window.height, : window.width]
                    if bands > 1:
                        values = np.clip(values / 8, -127, 127).astype(np.int8)
                    raster.write(values, band, window=window)


@functools.cache
def surface(number: int) -> NDArray[np.float32]:
    """A block of elevations: smooth noise of several scales, to a decimetre."""
    rng = np.random.default_rng(number)
    height = np.zeros((BLOCK, BLOCK), np.float32)
    place = np.arange(BLOCK)
    for step, amplitude in NOISE:
        knots = rng.normal(0, amplitude, (BLOCK // step + 1,) * 2).astype(np.float32)
        first, weight = place // step, (place % step / step).astype(np.float32)
        down = knots[first] * (1 - weight)[:, None] + knots[first + 1] * weight[:, None]
        height += down[:, first] * (1 - weight) + down[:, first + 1] * weight
    return np.round(height, 1)


def decode(path: Path) -> None:
    """Read every block once, in GDAL's threads."""
    with rasterio.open(path, NUM_THREADS="ALL_CPUS") as raster:
        whole = Window(0, 0, raster.width, raster.height)
        for window in windows(raster, whole, DECODED_AT_ONCE // raster.count):
            raster.read(window=window)


def ours(path: Path, grid: Grid, terrain: bool, embedding: bool) -> None:
    """Average with GeoHG."""
    raster = ContinuousRaster("r", (path,), elevation=terrain, dequantise=embedding)
    raster.read(grid, Silent())


def memory(path: Path, grid: Grid, terrain: bool, embedding: bool) -> tuple[float, float]:
    """Peak MiB of this process before and after averaging with GeoHG."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ours(path, grid, terrain, embedding)
    return before / 1024, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def write_zones(path: Path, grid: Grid) -> None:
    """The cells as polygons, in GeoJSON."""
    half = np.array([grid.cell_width, grid.cell_height]) / 2
    turns = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]])
    rings = grid.centres(np.arange(grid.size))[:, None] + turns * half
    zones = [
        {
            "type": "Feature",
            "properties": {},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        for ring in rings.tolist()
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": zones}))


def timed(work: Callable[..., None], *arguments: object) -> NDArray[np.float64]:
    """Seconds of a call by the clock, and of its processors, shape [2]."""
    started = np.array([time.perf_counter(), time.process_time()])
    work(*arguments)
    return np.array([time.perf_counter(), time.process_time()]) - started


def rival(script: str, python: str, path: Path, grid: Grid) -> NDArray[np.float64]:
    """The same of another program, for mean and standard deviation in the same cells."""
    with tempfile.TemporaryDirectory() as folder:
        zones = Path(folder) / "zones.geojson"
        write_zones(zones, grid)
        done = subprocess.run(
            [python, "-c", script, str(path), str(zones)],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        )
    return np.array(done.stdout.split("SECONDS")[1].split()[:2], dtype=np.float64)


def corner(path: Path, side: int | None, size: float) -> tuple[Grid, float]:
    """The grid over the upper left corner, and by how much the whole raster is larger."""
    with rasterio.open(path) as raster:
        shown = min(side or raster.width, raster.width)
        bounds = (LEFT, TOP - shown * PIXEL, LEFT + shown * PIXEL, TOP)
        grid = Grid.from_bounds(bounds, size, raster.crs.to_string())
        return grid, (raster.width / shown) ** 2


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("raster", type=Path)
    parser.add_argument("--cell-size", type=float, default=1000.0, help="in metres")
    parser.add_argument("--make", type=int, metavar="SIDE")
    parser.add_argument("--bands", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3, help="the best of them is told")
    parser.add_argument("--only-ours", action="store_true", help="leave the slow rivals out")
    parser.add_argument("--rivals", type=int, metavar="SIDE", help="pixels a side of their corner")
    parser.add_argument("--exactextract-python", default=sys.executable)
    parser.add_argument("--qgis-python", default="/usr/bin/python3")
    options = parser.parse_args()
    path = options.raster
    if options.make:
        in_a_process(make_raster, path, options.make, options.bands)
    grid, _ = corner(path, None, options.cell_size)
    part, times = corner(path, options.rivals, options.cell_size)
    embedding = options.bands > 1
    kinds = (False,) if embedding else (False, True)
    # Before this process grows: a child starts with the peak of its parent.
    peaks = [in_a_process(memory, path, grid, terrain, embedding) for terrain in kinds]
    methods: dict[str, Callable[[], NDArray[np.float64]]] = {
        "decoding alone": lambda: timed(decode, path),
        "GeoHG": lambda: timed(ours, path, grid, False, embedding),
    }
    if not embedding:
        methods["GeoHG with terrain"] = lambda: timed(ours, path, grid, True, False)
    rounds = [{name: work() for name, work in methods.items()} for _ in range(options.rounds)]
    best = {name: np.min([seconds[name] for seconds in rounds], axis=0) for name in methods}
    if not options.only_ours:
        for name, script, python in (
            ("exactextract", EXACTEXTRACT, options.exactextract_python),
            ("QGIS zonal statistics", QGIS, options.qgis_python),
        ):
            best[name] = times * rival(script, python, path, part)
    with rasterio.open(path) as raster:
        shape, bands = raster.shape, raster.count
    print(
        f"`python benchmarks/raster_means.py {' '.join(sys.argv[1:])}`, the best of "
        f"{options.rounds} (rivals once) on {os.cpu_count()} cores, with {os.getloadavg()[0]:.1f} "
        f"processes waiting for them at the end; the last columns are of processor seconds. "
        f"{bands} x {shape[0]:,} x "
        f"{shape[1]:,} pixels ({path.stat().st_size / 2**20:,.1f} MiB) in {grid.size:,} cells; "
        f"rivals on a part, times {times:g}.\n"
    )
    print("| | seconds | processor seconds | ns a pixel | times GeoHG |")
    print("| --- | --- | --- | --- | --- |")
    for name, (seconds, busy) in best.items():
        per_pixel = busy * 1e9 / (bands * shape[0] * shape[1])
        times_ours = busy / best["GeoHG"][1]
        print(f"| {name} | {seconds:.2f} | {busy:.2f} | {per_pixel:.1f} | {times_ours:.2f} |")
    for terrain, (before, peak) in zip(kinds, peaks):
        what = " with terrain" if terrain else ""
        print(f"\nPeak memory of GeoHG{what}: {peak:,.0f} MiB, {before:,.0f} MiB at its start.")


if __name__ == "__main__":
    started = time.perf_counter()
    main()
    print(f"\nAll of it took {time.perf_counter() - started:.0f} s.", file=sys.stderr)
