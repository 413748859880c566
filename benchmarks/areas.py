"""Districts and limits on the public cities: do intervals and probabilities hold?

`python benchmarks/areas.py --data DIR` takes every city under DIR (`Hyper_Graph` and
`downstream_tasks`). A tenth of the cells that have a value is known, drawn at random.

Districts: unions of Voronoi cells around random cells, of 25, 100 and 400 cells on average. The
share of districts whose true mean lies in the 90 % interval is told for the joint covariance of
their cells (`FittedMap.summarise`), and for deviations of cells as if they were independent.

Limits: the 50, 80 and 95 % quantiles of the known values. The expected calibration error is the
mean distance, weighted by cells, of the predicted probability of exceeding a limit from the
share of unknown cells that do, in ten bins; the Brier score stands beside that of the base rate.

Writes `areas.md`.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from accuracy import TASKS, load
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.stats import norm

from geohg.engine.data.builders.graph import GraphRawData
from geohg.engine.data.sources.polygons import Polygons
from geohg.engine.models.propagation import Propagation
from geohg.engine.prediction.fitted import FittedMap
from geohg.engine.progress import Silent
from geohg.engine.validation.reliability import reliability

LEVEL, KNOWN = 0.9, 0.1
SIZES = (25, 100, 400)
SHARES = (0.5, 0.8, 0.95)

Array = NDArray[np.float64]


def fit(graph: GraphRawData, y: Array, seed: int) -> tuple[FittedMap, NDArray[np.int64]]:
    """The model of a tenth of the values, and the cells whose values it does not know."""
    valid = np.flatnonzero(np.isfinite(y))
    order = np.random.default_rng(seed).permutation(valid)
    count = int(KNOWN * len(valid))
    known = np.sort(order[:count])
    model = Propagation(seed=seed).fit(graph, y, known, Silent())
    graph.targets["areas"] = y
    return FittedMap.learn(model, graph, "areas", known), order[count:]


def districts(graph: GraphRawData, y: Array, size: int, seed: int) -> tuple[Polygons, Array]:
    """Districts of cells that have a value, as polygons, and their true means."""
    valid = np.flatnonzero(np.isfinite(y))
    grid, cell = graph.grid, graph.cell[valid]
    place = np.column_stack(np.divmod(cell, grid.cols)).astype(float)
    seeds = np.random.default_rng(seed).permutation(len(valid))[: max(len(valid) // size, 1)]
    owner = cKDTree(place[seeds]).query(place)[1]
    half = np.array([grid.cell_width, grid.cell_height]) / 2
    low, high = grid.centres(cell) - half, grid.centres(cell) + half
    boxes = shapely.box(*low.T, *high.T)
    shapes = np.array([shapely.union_all(boxes[owner == k]) for k in range(len(seeds))])
    truth = np.bincount(owner, y[valid]) / np.bincount(owner)
    return Polygons(shapes, pd.DataFrame(index=range(len(shapes))), grid.crs, "districts"), truth


def coverage(
    fitted: FittedMap, graph: GraphRawData, y: Array, size: int, seed: int
) -> dict[str, float]:
    """Share of districts whose true mean lies in the interval, in two ways, and mean widths."""
    polygons, truth = districts(graph, y, size, seed)
    found = fitted.summarise(graph, polygons, level=LEVEL)
    inside = polygons.cells(graph.grid, graph.cell, Silent())
    std = fitted.map(graph, LEVEL).std
    alone = np.array([np.sqrt((std[cells] ** 2).sum()) / len(cells) for cells in inside.cells])
    half = norm.ppf(0.5 + LEVEL / 2) * alone
    return {
        "districts": len(truth),
        "joint": float(np.mean((found.lower <= truth) & (truth <= found.upper))),
        "independent": float(np.mean(np.abs(truth - found.value) <= half)),
        "wider": float(np.median((found.upper - found.lower) / (2 * half))),
    }


def reliabilities(
    fitted: FittedMap, graph: GraphRawData, y: Array, known: Array, unknown: NDArray[np.int64]
) -> Iterator[dict[str, float]]:
    """Calibration error and Brier score of the probability of exceeding each quantile."""
    limits = [float(limit) for limit in np.quantile(known, SHARES)]
    above = fitted.map(graph, LEVEL, None, list(dict.fromkeys(limits))).above
    for share, limit in zip(SHARES, limits):
        found = reliability(y[unknown], above[limit][unknown], limit)
        yield {"share": share, "error": found.error, "brier": found.brier, "base": found.base}


def run_all(data: Path, seeds: list[int]) -> Iterator[dict[str, Any]]:
    """A row a city, target, and size of districts, or limit."""
    for city in load(data):
        for task, seed in itertools.product(TASKS, seeds):
            graph, y = city.graph, city.graph.targets[task]
            fitted, unknown = fit(graph, y, seed)
            case = {"case": f"{city.name} {task}", "seed": seed}
            for size in SIZES:
                yield {**case, "size": size, **coverage(fitted, graph, y, size, seed)}
            known = y[np.setdiff1d(np.flatnonzero(np.isfinite(y)), unknown)]
            for found in reliabilities(fitted, graph, y, known, unknown):
                yield {**case, **found}


def tables(rows: list[dict[str, Any]], command: str) -> str:
    """Markdown: means over the seeds, and over all cases."""
    frame = pd.DataFrame(rows)
    lines = ["# Values of areas", "", f"`{command}`", "", "## Districts", ""]
    lines += [
        "Share of districts whose true mean lies in the 90 % interval: joint covariance / cells as "
        "if independent.",
        "",
        "| | " + " | ".join(f"{size} cells" for size in SIZES) + " |",
        "|---" * (len(SIZES) + 1) + "|",
    ]
    sized = frame[frame["size"].notna()]
    for case, own in [*sized.groupby("case", sort=False), ("all districts", sized)]:
        texts = []
        for size in SIZES:
            part = own[own["size"] == size]
            joint, alone = (
                np.average(part[name], weights=part["districts"])
                for name in ("joint", "independent")
            )
            texts.append(f"{joint:.2f} / {alone:.2f} ({part['districts'].sum():.0f})")
        lines.append(f"| {case} | " + " | ".join(texts) + " |")
    lines += [
        "",
        "In brackets: districts.",
        "",
        "## Limits",
        "",
        "Expected calibration error, and Brier score / that of the base rate, at quantiles of the "
        "known values.",
        "",
        "| | " + " | ".join(f"{100 * share:g} %" for share in SHARES) + " |",
        "|---" * (len(SHARES) + 1) + "|",
    ]
    limits = frame[frame["share"].notna()]
    for case, own in [*limits.groupby("case", sort=False), ("mean", limits)]:
        means = [own[own["share"] == share][["error", "brier", "base"]].mean() for share in SHARES]
        texts = [f"{m['error']:.3f}, {m['brier']:.3f} / {m['base']:.3f}" for m in means]
        lines.append(f"| {case} | " + " | ".join(texts) + " |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run the benchmark that the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the cities")
    parser.add_argument("--out", type=Path, default=Path("."), help="folder for the results")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    arguments = parser.parse_args()
    options = [Path(option).name if "/" in option else option for option in sys.argv[1:]]
    command = " ".join(["python benchmarks/areas.py", *options])
    rows = []
    for row in run_all(arguments.data, arguments.seeds):
        print(row, flush=True)
        rows.append(row)
    (arguments.out / "areas.md").write_text(tables(rows, command), encoding="utf-8")


if __name__ == "__main__":
    main()
