"""Time and memory of each stage, from files to a map, against the number of cells.

`python benchmarks/speed.py --cells 10000 100000 1000000` makes a synthetic landscape of each
size (a land-cover raster of 10 x 10 pixels a cell, points in a tenth of the cells), runs every
stage in a process of its own, and writes a Markdown table with seconds, peak memory and the
slope of time against cells. `--data DIR` also times the city GZ of the paper, from files to
prediction, beside the published network on the same split.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from register import register

register()

import pandas as pd  # noqa: E402
import rasterio  # noqa: E402
import torch  # noqa: E402
from rasterio.transform import from_origin  # noqa: E402
from rasterio.windows import Window  # noqa: E402
from scipy.ndimage import gaussian_filter  # noqa: E402

from geohg.engine.assembly.building import build_graph  # noqa: E402
from geohg.engine.data.builders.grid import Grid  # noqa: E402
from geohg.engine.data.sources.city import read_city  # noqa: E402
from geohg.engine.data.sources.city_download import GRAPHS, TARGETS  # noqa: E402
from geohg.engine.data.sources.classes import ClassRaster  # noqa: E402
from geohg.engine.data.sources.gathering import gather  # noqa: E402
from geohg.engine.data.sources.points import read_points  # noqa: E402
from geohg.engine.models.propagation import Propagation  # noqa: E402
from geohg.engine.models.windows import neighbourhoods  # noqa: E402
from geohg.engine.names import ENTITY  # noqa: E402
from geohg.engine.prediction.surface import to_grid, write_geotiff  # noqa: E402
from geohg.engine.progress import Silent  # noqa: E402

CRS, LEFT, TOP, CELL, PIXELS = "EPSG:32631", 300_000.0, 5_000_000.0, 100.0, 10
CODES = np.array([10, 30, 40, 50, 60, 80], np.uint8)
SHARE_OBSERVED = 0.1
STAGES = ("read", "count", "graph", "features", "fit", "predict", "write")


def make_landscape(folder: Path, side: int) -> None:
    """A raster; points, whose value depends on land cover, a trend and chance; and the truth."""
    rng = np.random.default_rng(0)
    fields = [gaussian_filter(rng.standard_normal((side, side)), 4) for _ in CODES]
    codes = CODES[np.argmax(fields, axis=0)]
    profile = {
        "driver": "GTiff",
        "width": side * PIXELS,
        "height": side * PIXELS,
        "count": 1,
        "dtype": "uint8",
        "crs": CRS,
        "transform": from_origin(LEFT, TOP, CELL / PIXELS, CELL / PIXELS),
        "tiled": True,
        "compress": "deflate",
    }
    with rasterio.open(folder / "landcover.tif", "w", **profile) as raster:
        for row in range(0, side, 64):
            part = np.repeat(np.repeat(codes[row : row + 64], PIXELS, 0), PIXELS, 1)
            part[rng.random(part.shape, dtype=np.float32) < 0.05] = 30
            window = Window(0, row * PIXELS, part.shape[1], part.shape[0])
            raster.write(part, 1, window=window)
    count = int(side * side * SHARE_OBSERVED)
    cell = rng.choice(side * side, count, replace=False)
    row, col = np.divmod(cell, side)
    smooth = gaussian_filter((codes == 50).astype(float), 2)
    truth = 10 * smooth + np.arange(side) / side
    np.save(folder / "truth.npy", truth.ravel())
    value = truth[row, col] + 0.1 * rng.standard_normal(count)
    x, y = LEFT + (col + 0.5) * CELL, TOP - (row + 0.5) * CELL
    pd.DataFrame({"x": x, "y": y, "value": value}).to_csv(folder / "points.csv", index=False)


def run_stages(folder: Path, side: int) -> dict[str, Any]:
    """Seconds of each stage, and the peak of memory, in this process."""
    seconds = {}
    silent = Silent()
    started = time.perf_counter()

    def stage(name: str) -> None:
        nonlocal started
        now = time.perf_counter()
        seconds[name] = now - started
        started = time.perf_counter()

    grid = Grid(CRS, LEFT, TOP, CELL, CELL, side, side)
    means, _ = gather(read_points(folder / "points.csv", CRS, ("x", "y"), ("value",)), grid)
    stage("read")
    source = ClassRaster(ENTITY, ((folder / "landcover.tif", 1),))
    source.open(silent)
    known = source.read(grid, silent)
    stage("count")
    graph = build_graph(grid, means, [known], silent)
    stage("graph")
    neighbourhoods(graph, silent)
    stage("features")
    y, observed = graph.target("value"), graph.observed("value")
    model = Propagation().fit(graph, y, observed, silent)
    stage("fit")
    predicted = model.predict(graph, silent)
    stage("predict")
    bands = {"value": to_grid(graph, predicted.mean)}
    write_geotiff(folder / "map.tif", graph.grid.crs, graph.grid.transform, bands, {})
    stage("write")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"cells": grid.size, "observed": len(observed), "seconds": seconds, "peak_mib": peak}


def measure(cells: int) -> dict[str, Any]:
    """Run one size in a process of its own, so that its memory is its own."""
    side = math.isqrt(cells)
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, "--stages", folder, str(side)]
        make_landscape(Path(folder), side)
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def measure_city(data: Path) -> dict[str, float]:
    """GZ, Carbon, seed 0, masked ratio 0.7: files to prediction, imports aside."""
    import accuracy

    started = time.perf_counter()
    read_city(data / GRAPHS / "GZ", data / TARGETS / "GZ")
    read = time.perf_counter() - started
    city = next(city for city in accuracy.load(data) if city.name == "GZ")
    case = accuracy.make_case(city, "Carbon", 0.7, 0)
    # The first call of each library warms it up, as importing does.
    accuracy.run(accuracy.OURS, case, True, 0)
    ours = accuracy.run(accuracy.OURS, case, True, 0)
    network = accuracy.run(accuracy.NETWORK, case, True, 0)
    return {
        "read": read,
        "GeoHG": ours["seconds"],
        "published network": network["seconds"],
        "ratio": (read + network["seconds"]) / (read + ours["seconds"]),
    }


def report(rows: list[dict[str, Any]], city: dict[str, float] | None) -> str:
    """Markdown: a table of stages, the slope, and the city."""
    lines = [
        "# Speed and memory",
        "",
        f"`python benchmarks/speed.py`; {torch.get_num_threads()} threads, "
        f"PyTorch {torch.__version__}; seconds by stage.",
        "",
        "| cells | observed | " + " | ".join(STAGES) + " | all | peak MiB |",
        "| --- " * (len(STAGES) + 4) + "|",
    ]
    for row in rows:
        stages = [f"{row['seconds'][name]:.2f}" for name in STAGES]
        total = sum(row["seconds"].values())
        numbers = [f"{row['cells']:,}", f"{row['observed']:,}", *stages, f"{total:.1f}"]
        lines.append("| " + " | ".join([*numbers, f"{row['peak_mib']:,.0f}"]) + " |")
    if len(rows) > 1:
        first, last = rows[0], rows[-1]
        time_ratio = sum(last["seconds"].values()) / sum(first["seconds"].values())
        slope = math.log(time_ratio) / math.log(last["cells"] / first["cells"])
        lines += ["", f"Time grows as cells to the power of {slope:.2f}."]
    if city:
        lines += ["", "GZ, Carbon, masked ratio 0.7, from files to prediction, imports aside:", ""]
        lines += [f"- {name}: {value:.2f}" for name, value in city.items()]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--cells", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--data", type=Path, help="folder of the cities")
    parser.add_argument("--out", type=Path, default=Path("speed.md"))
    parser.add_argument("--stages", nargs=2, metavar=("FOLDER", "SIDE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.stages:
        print(json.dumps(run_stages(Path(options.stages[0]), int(options.stages[1]))))
        return
    rows = []
    for cells in options.cells:
        rows.append(measure(cells))
        print(json.dumps(rows[-1]), flush=True)
    city = measure_city(options.data) if options.data else None
    options.out.write_text(report(rows, city), encoding="utf-8")


if __name__ == "__main__":
    main()
