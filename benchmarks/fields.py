"""Five value fields of Guangzhou in one run of `geohg interpolate` against five runs.

    python benchmarks/fields.py --data FOLDER [--out FOLDER] [--share S]

FOLDER holds the cities' files. The points are the middles of a share of the cells, a tenth by
default, with the five values of the paper; land cover is a raster of 10 x 10 pixels a cell with
the shares of the city's graph. Each run writes the map and the report, in one thread. CPU seconds
are those of its process, the start included. Writes `fields.md`.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import rasterio
from accuracy import TASKS, load
from rasterio.transform import from_origin

from geohg.engine.data.builders.graph import GraphRawData
from geohg.engine.names import LANDCOVER

CITY, PIXELS, SEED = "GZ", 10, 0
# The city's positions are no real ones; these are somewhere in its zone.
CRS, LEFT, TOP = "EPSG:32649", 700_000.0, 2_650_000.0


def write_inputs(folder: Path, graph: GraphRawData, share: float) -> list[str]:
    """The points and the raster of a city; the flags that name them."""
    grid, columns = graph.grid, graph.columns(LANDCOVER)
    ends = np.cumsum(np.nan_to_num(graph.features[:, columns]), axis=1)
    place = (np.arange(PIXELS**2) + 0.5) / PIXELS**2
    codes = np.array([*range(1, len(columns) + 1), 0], np.uint8)
    squares = np.zeros((grid.size, PIXELS**2), np.uint8)
    squares[graph.cell] = codes[(place[None, :, None] >= ends[:, None, :]).sum(axis=2)]
    shape = grid.rows, grid.cols, PIXELS, PIXELS
    pixels = squares.reshape(shape).swapaxes(1, 2).reshape(grid.rows * PIXELS, grid.cols * PIXELS)
    size = grid.cell_width / PIXELS, grid.cell_height / PIXELS
    profile = {"driver": "GTiff", "dtype": "uint8", "count": 1, "nodata": 0, "crs": CRS}
    profile |= {"height": len(pixels), "width": pixels.shape[1], "compress": "deflate"}
    profile["transform"] = from_origin(LEFT, TOP, *size)
    with rasterio.open(folder / "landcover.tif", "w", **profile) as raster:
        raster.write(pixels, 1)
    valid = np.flatnonzero(np.isfinite(graph.targets[TASKS[0]]))
    chosen = np.random.default_rng(SEED).permutation(valid)[: int(share * len(valid))]
    x, y = (grid.centres(graph.cell[chosen]) + (LEFT - grid.left, TOP - grid.top)).T
    values = {task: graph.targets[task][chosen] for task in TASKS}
    pd.DataFrame({"x": x, "y": y, **values}).to_csv(folder / "points.csv", index=False)
    right, bottom = LEFT + grid.cols * grid.cell_width, TOP - grid.rows * grid.cell_height
    return [
        *("--data", str(folder / "points.csv"), "--landcover", str(folder / "landcover.tif")),
        *("--coord-columns", "x,y", "--crs", CRS, "--resolution", str(grid.cell_width)),
        *("--bbox", f"{LEFT},{bottom},{right},{TOP}"),
    ]


def run(folder: Path, flags: list[str], fields: tuple[str, ...]) -> tuple[float, float]:
    """CPU and wall seconds of a command that maps these fields."""
    name = "_".join(fields)
    outputs = {"--output": "map.tif", "--report": "report.html"}
    files = [part for key, end in outputs.items() for part in (key, str(folder / f"{name}_{end}"))]
    door = [sys.executable, "-m", "engine"]
    command = [*door, "interpolate", *flags, "--target-column", ",".join(fields), *files]
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        [*command, "--threads", "1", "--quiet"],
        check=True,
        cwd=Path(__file__).parent.parent,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.perf_counter() - started


def main() -> None:
    """Run the benchmark that the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the cities")
    parser.add_argument("--out", type=Path, default=Path("."), help="folder for the results")
    parser.add_argument("--share", type=float, default=0.1, help="share of cells with points")
    arguments = parser.parse_args()
    graph = next(city.graph for city in load(arguments.data) if city.name == CITY)
    rows = {}
    with tempfile.TemporaryDirectory() as name:
        flags = write_inputs(Path(name), graph, arguments.share)
        for fields in (TASKS, *((task,) for task in TASKS)):
            rows[", ".join(fields)] = run(Path(name), flags, fields)
            print(fields, rows[", ".join(fields)], flush=True)
    together, *alone = np.array([*rows.values()])
    total = np.sum(alone, axis=0)
    options = [Path(option).name if "/" in option else option for option in sys.argv[1:]]
    lines = ["# Several fields", "", f"`python benchmarks/fields.py {' '.join(options)}`", ""]
    lines += ["| fields | CPU seconds | seconds |", "|---|---|---|"]
    lines += [f"| {fields} | {cpu:.0f} | {wall:.0f} |" for fields, (cpu, wall) in rows.items()]
    lines += [f"| the five, one after the other | {total[0]:.0f} | {total[1]:.0f} |", ""]
    lines += [f"One run takes {100 * together[0] / total[0]:.0f} % of the CPU seconds of five."]
    (arguments.out / "fields.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
