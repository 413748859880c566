"""Class proportions of a land-cover raster: ours beside exactextract and QGIS.

`python benchmarks/class_count.py RASTER.tif --cell-size 1000` times, in one run on one raster:
decoding alone, exactextract (`pip install exactextract`), QGIS's zonal histogram (through the
Python that has QGIS's bindings) and GeoHG, whose peak memory is that of a process of its own.
`--make SIDE` first makes a synthetic raster of SIDE x SIDE pixels in the layout of an ESA
WorldCover tile. Prints Markdown.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import NormalDist

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.transform import from_origin
from rasterio.windows import Window
from register import register

register()

from geohg.engine.data.builders.features import count_classes  # noqa: E402
from geohg.engine.data.builders.grid import Grid  # noqa: E402
from geohg.engine.data.builders.rasters import windows  # noqa: E402
from geohg.engine.data.sources.landcover import open_landcover  # noqa: E402
from geohg.engine.progress import Silent  # noqa: E402

CODES = np.array([10, 20, 30, 40, 50, 60, 80, 90], np.uint8)
SHARES = [0.23, 0.09, 0.51, 0.12, 0.03, 0.01, 0.008, 0.002]
# Pixels and amplitude of each layer of noise, set so that deflate takes 0.7 bits a pixel, as
# it does for the real WorldCover around Cayambe.
NOISE = ((256, 1.0), (64, 0.7), (16, 0.5), (4, 0.3))
BLOCK = 1024
DEGREE = 12000  # pixels of WorldCover
DECODED_AT_ONCE = 2**23

QGIS = """
import json, sys, time
from qgis.core import QgsApplication, QgsVectorLayer, QgsRasterLayer
from qgis.analysis import QgsNativeAlgorithms
QgsApplication.setPrefixPath("/usr", True)
app = QgsApplication([], False)
app.initQgis()
sys.path.append(QgsApplication.pkgDataPath() + "/python/plugins")
import processing
from processing.core.Processing import Processing
Processing.initialize()
if not app.processingRegistry().algorithmById("native:zonalhistogram"):
    app.processingRegistry().addProvider(QgsNativeAlgorithms())
raster = QgsRasterLayer(sys.argv[1], "r")
size = float(sys.argv[2])
grid = processing.run("native:creategrid", {"TYPE": 2, "EXTENT": raster.extent(),
    "CRS": raster.crs(), "HSPACING": size, "VSPACING": size, "OUTPUT": sys.argv[3]})
start = time.perf_counter()
processing.run("native:zonalhistogram", {"INPUT_RASTER": raster, "RASTER_BAND": 1,
    "INPUT_VECTOR": sys.argv[3], "COLUMN_PREFIX": "C",
    "OUTPUT": sys.argv[3] + ".histogram.gpkg"})
print("SECONDS", time.perf_counter() - start)
"""


def make_tile(path: Path, side: int) -> None:
    """A patchy raster in WorldCover's layout: EPSG:4326, 10 m, blocks of 1024, deflate."""
    profile = {
        "driver": "GTiff", "width": side, "height": side, "count": 1, "dtype": "uint8",
        "crs": "EPSG:4326", "transform": from_origin(6.0, 48.0, 1 / DEGREE, 1 / DEGREE),
        "tiled": True, "blockxsize": BLOCK, "blockysize": BLOCK, "compress": "deflate",
        "nodata": 0,
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as raster:
        for top in range(0, side, BLOCK):
            for left in range(0, side, BLOCK):
                window = Window(left, top, min(BLOCK, side - left), min(BLOCK, side - top))
                codes = patches(np.random.default_rng([top, left]))
                raster.write(codes[: window.height, : window.width], 1, window=window)


def patches(rng: np.random.Generator) -> NDArray[np.uint8]:
    """A block of classes: smooth noise of several scales, cut into unequal shares."""
    height = np.zeros((BLOCK, BLOCK), np.float32)
    place = np.arange(BLOCK)
    for step, amplitude in NOISE:
        knots = rng.normal(0, amplitude, (BLOCK // step + 1,) * 2).astype(np.float32)
        first, weight = place // step, (place % step / step).astype(np.float32)
        down = knots[first] * (1 - weight)[:, None] + knots[first + 1] * weight[:, None]
        height += down[:, first] * (1 - weight) + down[:, first + 1] * weight
    # Linear interpolation keeps two thirds of the variance in each direction.
    spread = 2 / 3 * sum(amplitude**2 for _, amplitude in NOISE) ** 0.5
    cuts = [spread * NormalDist().inv_cdf(share) for share in np.cumsum(SHARES[:-1])]
    return CODES[np.digitize(height, cuts)]


def timed(work: Callable[..., None], *arguments: object) -> float:
    """Seconds of a call."""
    started = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - started


def decode(path: Path) -> None:
    """Read every block once."""
    with rasterio.open(path, NUM_THREADS="ALL_CPUS") as raster:
        whole = Window(0, 0, raster.width, raster.height)
        for window in windows(raster, whole, DECODED_AT_ONCE):
            raster.read(1, window=window)


def ours(path: Path, grid: Grid) -> None:
    """Count with GeoHG."""
    count_classes(open_landcover([(path, 1)]), grid, Silent())


def memory(path: Path, grid: Grid) -> tuple[float, float]:
    """Peak MiB of this process before and after counting with GeoHG."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ours(path, grid)
    return before / 1024, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def exactextract(path: Path, grid: Grid) -> float:
    """Seconds of exactextract for the fraction of each class in each cell."""
    import shapely
    from exactextract import exact_extract

    x, y = grid.centres(np.arange(grid.size)).T
    half = grid.cell_width / 2, grid.cell_height / 2
    boxes = shapely.box(x - half[0], y - half[1], x + half[0], y + half[1])
    zones = [{"type": "Feature", "geometry": shapely.geometry.mapping(box)} for box in boxes]
    started = time.perf_counter()
    exact_extract(str(path), zones, ["unique", "frac"])
    return time.perf_counter() - started


def zonal_histogram(path: Path, grid: Grid, python: str) -> float:
    """Seconds of QGIS's zonal histogram on the same zones, without QGIS's start."""
    with tempfile.TemporaryDirectory() as folder:
        zones = str(Path(folder) / "zones.gpkg")
        done = subprocess.run(
            [python, "-c", QGIS, str(path), str(grid.cell_width), zones],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        )
    return float(done.stdout.split("SECONDS")[1].split()[0])


def in_a_process(work: Callable, *arguments: object) -> object:
    """Call in a process of its own, so that its memory is not counted here, nor ours there."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(work, *arguments).result()


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("raster", type=Path)
    parser.add_argument("--cell-size", type=float, required=True, help="in the raster's unit")
    parser.add_argument("--make", type=int, metavar="SIDE")
    parser.add_argument("--rounds", type=int, default=3, help="the best of them is told")
    parser.add_argument("--only-ours", action="store_true", help="leave the slow rivals out")
    parser.add_argument("--qgis-python", default="/usr/bin/python3")
    options = parser.parse_args()
    path = options.raster
    if options.make:
        in_a_process(make_tile, path, options.make)
    with rasterio.open(path) as raster:
        shape = raster.shape
        grid = Grid.from_bounds(tuple(raster.bounds), options.cell_size, raster.crs.to_string())
    before, peak = in_a_process(memory, path, grid)
    methods: dict[str, Callable[[], float]] = {"decoding alone": lambda: timed(decode, path)}
    if not options.only_ours:
        methods["exactextract"] = lambda: exactextract(path, grid)
        methods["QGIS zonal histogram"] = lambda: zonal_histogram(path, grid, options.qgis_python)
    methods["GeoHG"] = lambda: timed(ours, path, grid)
    rounds = [{name: work() for name, work in methods.items()} for _ in range(options.rounds)]
    best = {name: min(seconds[name] for seconds in rounds) for name in methods}
    print(
        f"`python benchmarks/class_count.py {' '.join(sys.argv[1:])}`, the best of "
        f"{options.rounds} on {os.cpu_count()} cores: {shape[0]:,} x {shape[1]:,} pixels "
        f"({path.stat().st_size / 2**20:,.1f} MiB) in {grid.size:,} cells.\n"
    )
    print("| | seconds | ns a pixel | times GeoHG |\n| --- | --- | --- | --- |")
    for name, seconds in best.items():
        per_pixel = seconds * 1e9 / (shape[0] * shape[1])
        print(f"| {name} | {seconds:.3f} | {per_pixel:.2f} | {seconds / best['GeoHG']:.2f} |")
    print(f"\nPeak memory of GeoHG: {peak:,.0f} MiB, of which {before:,.0f} MiB before it starts.")


if __name__ == "__main__":
    main()
