"""Districts in, cells out: how near do maps of values of districts come to the cells' own values?

`python benchmarks/districts.py --data DIR` takes every city under DIR (`Hyper_Graph` and
`downstream_tasks`) and the synthetic sample. Cells that have a value are divided into districts:
unions of Voronoi cells around random cells, of 25, 100 and 400 cells on average, and 60, 20 and 8
districts of the sample. Each method is given the total of each district, and what the graph knows
of every cell; all keep the totals. R2 and RMSE are of all cells, against their own values.

- uniform: the total spread evenly over its district.
- dasymetric: spread over built-up land, by its share in each cell; evenly where there is none.
- pycnophylactic: smoothed with totals kept (Tobler 1979, doi 10.1080/01621459.1979.10481647).
- random forest: of the logarithm of districts' means by the mean surroundings of their cells, whose
  answer in cells spreads the totals (Stevens et al. 2015, doi 10.1371/journal.pone.0107042).
- GeoHG: the model of Interpolate with polygons. Of it also the share of the cells' own values in
  their 90 % intervals.

Writes `districts.csv` and `districts.md`.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import rasterio
from accuracy import load
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter
from scipy.spatial import cKDTree
from sklearn.ensemble import RandomForestRegressor

from geohg.engine.assembly.cities import load_city
from geohg.engine.config.schema import make_config
from geohg.engine.data.builders.areas import Areas
from geohg.engine.data.builders.graph import GraphRawData
from geohg.engine.models.areal import Areal
from geohg.engine.models.windows import neighbourhoods
from geohg.engine.numerics import metrics
from geohg.engine.prediction.uncertainty import Calibration
from geohg.engine.progress import Silent
from geohg.engine.validation.districts import built_up

TASKS = ("Population", "GDP", "Carbon", "Light")
SIZES, SAMPLE_DISTRICTS = (25, 100, 400), (60, 20, 8)
LEVEL, OURS = 0.9, "GeoHG"
TRUTH = Path(__file__).resolve().parents[1] / "resources" / "sample" / "synthetic_truth.tif"
# So many rounds of smoothing change nothing that one would see.
_ROUNDS = 200

Array = NDArray[np.float64]


def districts(graph: GraphRawData, y: Array, count: int, seed: int) -> Areas:
    """So many districts of the cells that have a value, and the means of these."""
    valid = np.flatnonzero(np.isfinite(y))
    place = np.column_stack(np.divmod(graph.cell[valid], graph.grid.cols)).astype(float)
    seeds = np.random.default_rng(seed).permutation(len(valid))[:count]
    owner = cKDTree(place[seeds]).query(place)[1]
    order = np.argsort(owner, kind="stable")
    size = np.bincount(owner)
    mean = np.bincount(owner, y[valid]) / size
    share = (1 / size)[owner[order]]
    return Areas(owner[order], valid[order], share, mean, np.ones(len(mean), bool))


def spread(areas: Areas, weight: Array) -> Array:
    """The values of areas spread over their cells by weights, evenly where there are none."""
    own = np.maximum(weight[areas.cell], 0.0)
    total = areas.mean(own)[areas.row]
    found = np.zeros(len(weight))
    even = areas.value[areas.row]
    found[areas.cell] = np.where(total > 0, even * own / np.where(total > 0, total, 1.0), even)
    return found


def smoothed(graph: GraphRawData, areas: Areas) -> Array:
    """Tobler's pycnophylactic interpolation."""
    grid, found = graph.grid, areas.flat(len(graph.cell))
    known = np.zeros(grid.size)
    known[graph.cell[areas.cell]] = 1.0
    among = uniform_filter(known.reshape(grid.rows, grid.cols), 3, mode="constant")
    for _ in range(_ROUNDS):
        plane = np.zeros(grid.size)
        plane[graph.cell] = np.nan_to_num(found)
        means = uniform_filter(plane.reshape(grid.rows, grid.cols), 3, mode="constant")
        around = means.ravel()[graph.cell] / np.maximum(among.ravel()[graph.cell], 1e-9)
        found = spread(areas, around)
    return found


def forest(graph: GraphRawData, areas: Areas, seed: int) -> Array:
    """Totals spread by a random forest of the logarithm of districts' means."""
    x = np.nan_to_num(neighbourhoods(graph, Silent()).x.astype(np.float64))
    seen = np.column_stack([areas.mean(column[areas.cell]) for column in x.T])
    least = areas.value[areas.value > 0].min() / 2
    trees = RandomForestRegressor(300, max_features=1 / 3, random_state=seed)
    trees.fit(seen, np.log(np.maximum(areas.value, least)))
    return spread(areas, np.exp(trees.predict(x)))


def methods(graph: GraphRawData, areas: Areas, seed: int) -> Iterator[tuple[str, Array]]:
    """The map of each baseline."""
    yield "uniform", areas.flat(len(graph.cell))
    built = built_up(graph)
    if built is not None:
        yield "dasymetric", spread(areas, built)
    yield "pycnophylactic", smoothed(graph, areas)
    yield "random forest", forest(graph, areas, seed)


def run(graph: GraphRawData, y: Array, count: int, seed: int) -> Iterator[dict[str, Any]]:
    """A row a method."""
    areas = districts(graph, y, count, seed)
    cells = areas.cells
    shape = {"districts": len(areas), "cells": len(cells)}
    for name, found in methods(graph, areas, seed):
        yield {**shape, "method": name, **metrics(y[cells], found[cells])}
    started = time.perf_counter()
    model = Areal(seed=seed).fit(graph, y, cells, Silent(), areas)
    found = model.predict(graph, Silent(), cells)
    seconds = time.perf_counter() - started
    calibration = Calibration.learn(model.leave_one_out().misses, LEVEL)
    held = (calibration.lower(found) <= y[cells]) & (y[cells] <= calibration.upper(found))
    every = np.full(len(graph.cell), np.nan)
    every[cells] = found.mean
    kept = np.abs(areas.mean(every[areas.cell]) - areas.value).max() / np.abs(areas.value).mean()
    own = {"coverage": float(held.mean()), "kept": float(kept), "seconds": seconds}
    yield {**shape, "method": OURS, **metrics(y[cells], found.mean), **own}


def cases(data: Path) -> Iterator[tuple[str, GraphRawData, Array, int, int]]:
    """Name, graph, truth, number of districts, and their size, 0 of the sample."""
    graph = load_city(make_config({"data": {"city": "sample"}}).data)
    with rasterio.open(TRUTH) as raster:
        truth = raster.read(1).astype(np.float64).ravel()[graph.cell]
    for count in SAMPLE_DISTRICTS:
        yield "sample", graph, truth, count, 0
    for city, task in itertools.product(load(data), TASKS):
        y = city.graph.targets[task]
        y = np.where(y < 0, 0.0, y)
        for size in SIZES:
            count = max(int(np.isfinite(y).sum()) // size, 1)
            yield f"{city.name} {task}", city.graph, y, count, size


def tables(frame: pd.DataFrame, command: str) -> str:
    """Markdown: R2 of each method, and RMSE, coverage and seconds of ours; means over seeds."""
    names = list(dict.fromkeys(frame["method"]))
    lines = ["# Districts in, cells out", "", f"`{command}`", "", "R2 of the cells:", ""]
    lines += ["| | districts | " + " | ".join(names) + " | coverage | RMSE, best other |"]
    lines += ["|---" * (len(names) + 4) + "|"]
    best, large = 0, 0
    for (case, count), own in frame.groupby(["case", "districts"], sort=False):
        means = own.groupby("method")[["r2", "rmse", "coverage"]].mean()
        others = means.drop(OURS)
        texts = [f"{means.loc[n, 'r2']:.3f}" if n in means.index else "" for n in names]
        winner = means["r2"].idxmax()
        texts = [f"**{t}**" if n == winner else t for n, t in zip(names, texts)]
        tail = f"{means.loc[OURS, 'coverage']:.2f} | {means.loc[OURS, 'rmse']:.4g}, "
        lines.append(
            f"| {case} | {count} | " + " | ".join(texts) + f" | {tail}{others['rmse'].min():.4g} |"
        )
        if own["size"].iloc[0] in (25, 100):
            best, large = best + (winner == OURS), large + 1
    lines += ["", f"GeoHG is best in {best} of {large} cases of 25 and 100 cells a district.", ""]
    ours = frame[frame["method"] == OURS]
    lines += [f"Totals are kept to {ours['kept'].max():.1e} of the usual one, everywhere."]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run the benchmark that the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the cities")
    parser.add_argument("--out", type=Path, default=Path("."), help="folder for the results")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    arguments = parser.parse_args()
    options = [Path(option).name if "/" in option else option for option in sys.argv[1:]]
    command = " ".join(["python benchmarks/districts.py", *options])
    rows = []
    for (case, graph, y, count, size), seed in itertools.product(
        cases(arguments.data), arguments.seeds
    ):
        for row in run(graph, y, count, seed):
            rows.append({"case": case, "size": size, "seed": seed, **row})
            print(rows[-1], flush=True)
        frame = pd.DataFrame(rows)
        frame.to_csv(arguments.out / "districts.csv", index=False)
        (arguments.out / "districts.md").write_text(tables(frame, command), encoding="utf-8")


if __name__ == "__main__":
    main()
