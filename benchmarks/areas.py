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
from collections.abc import Iterator
from pathlib import Path

import numpy as np
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
    return Polygons(shapes, _no_fields(len(shapes)), grid.crs, "districts"), truth


def _no_fields(count: int):  # noqa: ANN202
    import pandas as pd

    return pd.DataFrame(index=range(count))


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


def reliability(
    fitted: FittedMap, graph: GraphRawData, y: Array, unknown: NDArray[np.int64], share: float
) -> dict[str, float]:
    """Calibration error and Brier score of the probability of exceeding a quantile."""
    known = graph.observed(fitted.target)
    known = np.setdiff1d(known, unknown)
    limit = float(np.quantile(y[known], share))
    chance = fitted.exceeding(graph, [limit])[0][unknown]
    over = (y[unknown] > limit).astype(float)
    part = np.minimum((chance * 10).astype(int), 9)
    count = np.bincount(part, minlength=10)
    gap = np.abs(np.bincount(part, chance - over, minlength=10))
    rate = over.mean()
    return {
        "error": float(gap.sum() / count.sum()),
        "brier": float(np.mean((chance - over) ** 2)),
        "base": float(rate * (1 - rate)),
    }


def run_all(data: Path, seeds: list[int]) -> Iterator[dict[str, object]]:
    """A row a city, target, and size of districts, or limit."""
    for city in load(data):
        for task in TASKS:
            y = city.graph.targets[task]
            for seed in seeds:
                graph = city.graph
                fitted, unknown = fit(graph, y, seed)
                for size in SIZES:
                    found = coverage(fitted, graph, y, size, seed)
                    yield {"case": f"{city.name} {task}", "size": size, **found}
                if hasattr(fitted, "exceeding"):
                    for share in SHARES:
                        found = reliability(fitted, graph, y, unknown, share)
                        yield {"case": f"{city.name} {task}", "share": share, **found}


def main() -> None:
    """Run the benchmark that the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the cities")
    parser.add_argument("--out", type=Path, default=Path("."), help="folder for the results")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    arguments = parser.parse_args()
    rows = []
    for row in run_all(arguments.data, arguments.seeds):
        print(row, flush=True)
        rows.append(row)


if __name__ == "__main__":
    main()
