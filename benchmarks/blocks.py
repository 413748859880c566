"""Maps that are made in blocks: time and peak memory by the number of cells.

`python benchmarks/blocks.py --cells 1000000 10000000 --observed 100000` makes a landscape of
about so many cells of 100 m, with a raster of land cover (50 m), of elevation and of another
quantity (100 m), and so many points for each map; it runs `interpolate` in a process of its own,
in one thread, and tells the seconds of its stages, the cells a second of the map, and the peak of
memory. `--workers 1 2` does so for each number of worker processes, and tells the peak and the
processor's seconds of the largest of them; `--scheduler` has a Dask cluster make the blocks.
`--job check` reads what a fit needs, and fits nothing. `--folder` keeps the landscapes.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import psutil
import rasterio
from rasterio.transform import from_origin
from rasterio.windows import Window

CRS, LEFT, TOP, CELL = "EPSG:32632", 400_000.0, 6_000_000.0, 100.0
ROOT = Path(__file__).resolve().parent.parent
# Rows of cells that are written at once.
_AT_ONCE = 256


def field(row: np.ndarray, col: np.ndarray) -> np.ndarray:
    """A smooth quantity of any place, in cells."""
    return np.sin(col / 90) + np.cos(row / 70) + 0.5 * np.sin((row + 2 * col) / 23)


def write_landscape(folder: Path, side: int, observed: int, seed: int = 0) -> dict[str, Path]:
    """Three rasters and the points of a map of side x side cells."""
    rng = np.random.default_rng(seed)
    names = {"land": (2, "uint8"), "height": (1, "float32"), "wetness": (1, "float32")}
    paths = {name: folder / f"{name}.tif" for name in names}
    rasters = {
        name: rasterio.open(
            paths[name],
            "w",
            driver="GTiff",
            width=side * fine,
            height=side * fine,
            count=1,
            dtype=kind,
            crs=CRS,
            transform=from_origin(LEFT, TOP, CELL / fine, CELL / fine),
            nodata=0 if kind == "uint8" else -9999,
            tiled=True,
            compress="deflate",
        )
        for name, (fine, kind) in names.items()
    }
    for start in range(0, side, _AT_ONCE):
        rows = min(_AT_ONCE, side - start)
        row, col = np.mgrid[start : start + rows, :side].astype(np.float32)
        smooth = field(row, col)
        noise = rng.standard_normal((rows * 2, side * 2), np.float32)
        wave = np.repeat(np.repeat(smooth, 2, 0), 2, 1) + noise
        land = np.select([wave > 1.2, wave < -1.0], [50, 10], 40).astype(np.uint8)
        height = 300 + 80 * field(row / 3, col / 3) + rng.standard_normal(row.shape, np.float32)
        wet = field(col / 2, row / 2) + 0.3 * rng.standard_normal(row.shape, np.float32)
        for name, values in (("land", land), ("height", height), ("wetness", wet)):
            fine = names[name][0]
            window = Window(0, start * fine, side * fine, rows * fine)
            rasters[name].write(values.astype(names[name][1]), 1, window=window)
    for raster in rasters.values():
        raster.close()
    row, col = rng.uniform(0, side, (2, observed))
    height = 300 + 80 * field(row / 3, col / 3)
    value = 20 + 3 * field(row, col) - 0.01 * height + rng.standard_normal(observed)
    paths["points"] = folder / "points.csv"
    table = np.column_stack([LEFT + col * CELL, TOP - row * CELL, value])
    np.savetxt(paths["points"], table, "%.2f", ",", header="x,y,value", comments="")
    return paths


def request_of(paths: dict[str, Path], side: int, folder: Path, kind: str, job: str) -> dict:
    """The job that maps a landscape, or reads it; the kind of test `none` holds out no cell."""
    tested = {"masked_ratio": 0.0} if kind == "none" else {"validation": kind}
    outputs = {name: str(folder / f"{name}.tif") for name in ("prediction", "std", "applicability")}
    outputs["report_json"] = str(folder / "report.json")
    return {
        "version": 1,
        "job": job,
        "points": {
            "path": str(paths["points"]),
            "crs": CRS,
            "coord_columns": ["x", "y"],
            "targets": ["value"],
        },
        "landcover": [{"path": str(paths["land"]), "band": 1}],
        "covariates": [{"name": name, "path": str(paths[name])} for name in ("height", "wetness")],
        "grid": {
            "crs": CRS,
            "bounds": [LEFT, TOP - side * CELL, LEFT + side * CELL, TOP],
            "cell_size": CELL,
        },
        "training": {"threads": 1, "device": "cpu", "importance": False, **tested},
        "outputs": outputs if job == "interpolate" else {},
    }


def measure(request: dict, folder: Path) -> dict[str, float]:
    """Run a job in a process of its own: its seconds, peak in MiB, and seconds by stage."""
    path = folder / "request.json"
    path.write_text(json.dumps(request), encoding="utf-8")
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    started = time.perf_counter()
    with open(folder / "events.jsonl", "wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "engine", "run", str(path)],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        used: dict[int, tuple[float, float]] = {}
        threading.Thread(target=watch, args=(process.pid, used), daemon=True).start()
        _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit((folder / "events.jsonl").read_text(encoding="utf-8")[-2000:])
    report = folder / "report.json" if request["outputs"] else None
    stages = json.loads(report.read_text(encoding="utf-8"))["seconds"] if report else {}
    peaks, seconds = zip(*used.values()) if used else ((), ())
    return {
        "seconds": time.perf_counter() - started,
        "of a processor": usage.ru_utime + usage.ru_stime,
        "peak MiB": usage.ru_maxrss / 1024,
        **({"peak MiB of a worker": max(peaks)} if used else {}),
        **({"of a processor in a worker": max(seconds)} if used else {}),
        **stages,
    }


def watch(number: int, used: dict[int, tuple[float, float]]) -> None:
    """Keep the largest memory of each worker of a process, in MiB, and its processor's seconds."""
    try:
        while True:
            for each in psutil.Process(number).children():
                if each.cmdline()[-1:] == ["blocks"]:
                    rss, before = each.memory_info().rss / 2**20, used.get(each.pid, (0.0, 0.0))
                    used[each.pid] = max(rss, before[0]), sum(each.cpu_times()[:2])
            time.sleep(0.1)
    except psutil.Error:
        return


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cells", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--observed", type=int, nargs="+", default=[100_000])
    parser.add_argument("--validation", default="holdout")
    parser.add_argument("--job", default="interpolate", choices=["interpolate", "check"])
    parser.add_argument("--workers", type=int, nargs="+", default=[0])
    parser.add_argument("--scheduler", default="")
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        for cells in given.cells:
            for observed in given.observed:
                side = round(math.sqrt(cells))
                folder = (given.folder or Path(scratch)) / f"{cells}-{observed}"
                folder.mkdir(parents=True, exist_ok=True)
                paths = write_landscape(folder, side, observed)
                request = request_of(paths, side, folder, given.validation, given.job)
                for workers in given.workers:
                    request["execution"] = {"workers": workers, "scheduler": given.scheduler}
                    found = measure(request, folder)
                    told = ", ".join(f"{name} {value:,.0f}" for name, value in found.items())
                    sizes = f"{side * side:,} cells, {observed:,} points, {workers} workers"
                    print(f"{sizes}: {told}", flush=True)


if __name__ == "__main__":
    main()
