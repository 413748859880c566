"""Processor seconds of a whole run of GeoHG beside the bare fit and predict of other libraries.

`PYTHONPATH=build/rivals python benchmarks/peers.py` maps the synthetic sample, and 10,000 points
over 100,000 cells of the landscape of `speed.py`, each method in a process of its own and in one
thread, and prints a Markdown table with seconds of the processor, imports aside, and the RMSE of
the map against the truth. GeoHG does everything that *Interpolate* does: it reads the files, tests
the map on held-out cells and blocks, and writes the map, its deviations, the area of applicability
and the report. The others are handed arrays, and predict a value for each cell.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from register import register

register()

import rasterio  # noqa: E402
from speed import CELL, CRS, LEFT, TOP, make_landscape  # noqa: E402

from geohg.engine.assembly.building import build_graph  # noqa: E402
from geohg.engine.data.builders.grid import Grid  # noqa: E402
from geohg.engine.data.sources.classes import ClassRaster  # noqa: E402
from geohg.engine.data.sources.gathering import gather  # noqa: E402
from geohg.engine.data.sources.points import read_points  # noqa: E402
from geohg.engine.jobs import run  # noqa: E402
from geohg.engine.models.baselines import own_features  # noqa: E402
from geohg.engine.names import ENTITY  # noqa: E402
from geohg.engine.progress import Silent  # noqa: E402

Array = NDArray[np.float64]
SAMPLE = Path(__file__).resolve().parents[1] / "resources" / "sample"
OUTPUTS = {"prediction": "map.tif", "std": "std.tif", "applicability": "area.tif"}
CELLS, NEIGHBOURS, CHUNK = 100_000, 24, 2048
# It solves one system of all points, whose time grows with the cube of their number.
NOT_RUN = ("large", "GSTools")


@dataclass
class Case:
    """Points, cells, and what lies in both; `truth` [N] of every cell, row by row."""

    request: dict[str, object]
    grid: Grid
    truth: Array
    xy: Array
    value: Array
    known: Array
    cells: Array


def read(folder: Path, name: str) -> Case:
    """The sample, or the landscape in the folder."""
    if name == "sample":
        points = {"path": str(SAMPLE / "synthetic_points.gpkg"), "targets": ["value"]}
        grid = Grid("EPSG:32631", 480_000.0, 50_000.0, 500.0, 500.0, 60, 80)
        with rasterio.open(SAMPLE / "synthetic_truth.tif") as raster:
            truth = raster.read(1).ravel().astype(float)
        landcover = SAMPLE / "synthetic_landcover.tif"
        table = read_points(SAMPLE / "synthetic_points.gpkg", None, None, ("value",))
    else:
        side = math.isqrt(CELLS)
        grid, truth = Grid(CRS, LEFT, TOP, CELL, CELL, side, side), np.load(folder / "truth.npy")
        named = {"path": str(folder / "points.csv"), "crs": CRS, "coord_columns": ["x", "y"]}
        points, landcover = {**named, "targets": ["value"]}, folder / "landcover.tif"
        table = read_points(named["path"], CRS, ("x", "y"), ("value",))
    left, bottom, right, top = grid.bounds
    request = {
        "version": 1,
        "job": "interpolate",
        "points": points,
        "landcover": [{"path": str(landcover), "band": 1}],
        "grid": {
            "crs": grid.crs,
            "bounds": [left, bottom, right, top],
            "cell_size": grid.cell_width,
        },
        "training": {"threads": 1, "device": "cpu"},
        "outputs": {key: str(folder / file) for key, file in OUTPUTS.items()}
        | {"report": str(folder / "report.html")},
    }
    means, _ = gather(table, grid)
    source = ClassRaster(ENTITY, ((landcover, 1),))
    source.open(Silent())
    graph = build_graph(grid, means, [source.read(grid, Silent())], Silent())
    every, observed = own_features(graph, None), graph.observed("value")
    return Case(request, grid, truth, table.xy, table.values["value"], every[observed], every)


def geohg(case: Case) -> Array:
    """All that a run does, files included."""
    run(case.request)
    with rasterio.open(case.request["outputs"]["prediction"]) as raster:
        return raster.read(1).ravel()


def pykrige(case: Case) -> Array:
    """Ordinary kriging of all points, or of the nearest where there are many."""
    from pykrige import OrdinaryKriging

    few = {} if len(case.xy) < CHUNK else {"n_closest_points": NEIGHBOURS, "backend": "C"}
    x, y = case.xy.T
    model = OrdinaryKriging(x, y, case.value, variogram_model="exponential", nlags=15)
    return np.asarray(model.execute("points", *centres(case), **few)[0])


def gstools(case: Case) -> Array:
    """Ordinary kriging of all points."""
    import gstools as gs

    x, y = case.xy.T
    model = gs.Exponential(dim=2)
    model.fit_variogram(*gs.vario_estimate((x, y), case.value), nugget=True)
    krige = gs.krige.Ordinary(model, (x, y), case.value)
    return np.asarray(krige(centres(case), chunk_size=CHUNK)[0])


def gpboost(case: Case) -> Array:
    """Vecchia's approximation with a linear trend, and the variance of each cell."""
    import gpboost as gpb

    cells = np.column_stack(centres(case))
    middle, unit = case.xy.mean(axis=0), case.grid.cell_width
    place, asked = (case.xy - middle) / unit, (cells - middle) / unit
    model = gpb.GPModel(
        gp_coords=place, cov_function="exponential", gp_approx="vecchia", num_neighbors=30
    )
    ones = [np.column_stack([np.ones(len(part)), part]) for part in (place, asked)]
    model.fit(y=case.value, X=ones[0])
    found = model.predict(gp_coords_pred=asked, X_pred=ones[1], predict_var=True)
    return np.asarray(found["mu"])


def forest(case: Case) -> Array:
    """A random forest of 300 trees on position and land cover of the cells."""
    from sklearn.ensemble import RandomForestRegressor

    column, row = ((case.xy - [case.grid.left, case.grid.top]) / case.grid.cell_width).T
    cell = np.floor(-row).astype(int) * case.grid.cols + np.floor(column).astype(int)
    model = RandomForestRegressor(300, max_features=1 / 3, random_state=0, n_jobs=1)
    return model.fit(case.cells[cell], case.value).predict(case.cells)


METHODS: dict[str, Callable[[Case], Array]] = {
    "GeoHG, with everything": geohg,
    "PyKrige": pykrige,
    "GSTools": gstools,
    "GPBoost": gpboost,
    "random forest": forest,
}


def centres(case: Case) -> tuple[Array, Array]:
    """x and y of every cell, row by row."""
    x, y = case.grid.centres(np.arange(case.grid.size)).T
    return np.ascontiguousarray(x), np.ascontiguousarray(y)


def measure(folder: Path, case_name: str, method: str) -> dict[str, float]:
    """Processor seconds and RMSE of a method; the first run of it loads what it needs."""
    case, small = read(folder, case_name), read(folder, "sample")
    METHODS[method](small)
    started = time.process_time()
    predicted = METHODS[method](case)
    seconds = time.process_time() - started
    return {"seconds": seconds, "rmse": float(np.sqrt(np.mean((predicted - case.truth) ** 2)))}


def main() -> None:
    """Measure every method, each in a process of its own."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--one", nargs=3, metavar=("FOLDER", "CASE", "METHOD"))
    parser.add_argument("--cases", nargs="+", default=["sample", "large"])
    options = parser.parse_args()
    if options.one:
        folder, name, method = options.one
        print(json.dumps(measure(Path(folder), name, method)))
        return
    one_thread = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    with tempfile.TemporaryDirectory() as folder:
        if "large" in options.cases:
            make_landscape(Path(folder), math.isqrt(CELLS))
        for name in options.cases:
            print(f"| {name} | processor (s) | RMSE |", "| --- | --- | --- |", sep="\n", flush=True)
            for method in METHODS:
                if (name, method) == NOT_RUN:
                    print(f"| {method} | not run | |", flush=True)
                    continue
                command = [sys.executable, __file__, "--one", folder, name, method]
                done = subprocess.run(command, env=one_thread, stdout=subprocess.PIPE, check=True)
                found = json.loads(done.stdout.splitlines()[-1])
                print(f"| {method} | {found['seconds']:.2f} | {found['rmse']:.3f} |", flush=True)


if __name__ == "__main__":
    main()
