"""Class proportions of a land-cover raster: ours beside exactextract and QGIS.

`python benchmarks/class_count.py RASTER.tif --cell-size 1000` times, in one run on one raster:
decoding alone, GeoHG, exactextract (`pip install exactextract`) and QGIS's zonal histogram
(through the Python that has QGIS's bindings). `--make SIDE` first makes a synthetic raster of
SIDE x SIDE pixels in the layout of an ESA WorldCover tile.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import from_origin
from rasterio.windows import Window
from register import register

register()

from geohg.engine.data.builders.features import count_classes  # noqa: E402
from geohg.engine.data.builders.grid import Grid  # noqa: E402
from geohg.engine.data.sources.landcover import open_landcover, windows  # noqa: E402
from geohg.engine.progress import Silent  # noqa: E402

CODES = np.array([10, 20, 30, 40, 50, 60, 80, 90], np.uint8)
DEGREE = 12000  # pixels of WorldCover

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
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, len(CODES), (side // 40 + 1, side // 40 + 1))
    profile = {
        "driver": "GTiff", "width": side, "height": side, "count": 1, "dtype": "uint8",
        "crs": "EPSG:4326", "transform": from_origin(6.0, 48.0, 1 / DEGREE, 1 / DEGREE),
        "tiled": True, "blockxsize": 1024, "blockysize": 1024, "compress": "deflate", "nodata": 0,
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as raster:
        for top in range(0, side, 1024):
            rows = np.arange(top, min(top + 1024, side))
            codes = CODES[np.repeat(coarse[rows // 40], 40, axis=1)[:, :side]]
            speckle = rng.random(codes.shape, dtype=np.float32) < 0.02
            codes[speckle] = 10
            raster.write(codes, 1, window=Window(0, top, side, len(rows)))


def decode(path: Path) -> None:
    """Read every block once."""
    with rasterio.open(path, NUM_THREADS="ALL_CPUS") as raster:
        for window in windows(raster, Window(0, 0, raster.width, raster.height), 4_000_000):
            raster.read(1, window=window)


def ours(path: Path, grid: Grid) -> None:
    """Count with GeoHG."""
    count_classes(open_landcover([(path, 1)]), grid, Silent())


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


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("raster", type=Path)
    parser.add_argument("--cell-size", type=float, required=True, help="in the raster's unit")
    parser.add_argument("--make", type=int, metavar="SIDE")
    parser.add_argument("--only-ours", action="store_true", help="leave the slow rivals out")
    parser.add_argument("--qgis-python", default="/usr/bin/python3")
    options = parser.parse_args()
    if options.make:
        make_tile(options.raster, options.make)
    with rasterio.open(options.raster) as raster:
        pixels = raster.width * raster.height
        grid = Grid.from_bounds(tuple(raster.bounds), options.cell_size, raster.crs.to_string())
    seconds = {}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name, work in (("decode", decode), ("GeoHG", lambda path: ours(path, grid))):
        started = time.perf_counter()
        work(options.raster)
        seconds[name] = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if not options.only_ours:
        seconds["exactextract"] = exactextract(options.raster, grid)
        seconds["QGIS"] = zonal_histogram(options.raster, grid, options.qgis_python)
    ratios = {name: round(value / seconds["GeoHG"], 2) for name, value in seconds.items()}
    result = {
        "pixels": pixels,
        "cells": grid.size,
        "seconds": {name: round(value, 3) for name, value in seconds.items()},
        "times_ours": ratios,
        "peak_mib": round(peak / 1024),
        "peak_before_mib": round(before / 1024),
    }
    json.dump(result, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
