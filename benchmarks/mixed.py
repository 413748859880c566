"""Values of districts and of points in one map: are both together nearer to the cells than either?

`python benchmarks/mixed.py --data DIR [--cities NAME ...] [--seeds N ...]` takes cities under DIR
(`Hyper_Graph` and `downstream_tasks`). Districts of 25 and 100 cells on average are those of
`districts.py`, whose means are kept; a twentieth of the cells that have a value, drawn at random,
are points. RMSE is of all other cells, of maps from districts alone, from points alone (the
default model of points) and from both. Writes `mixed.md`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from accuracy import load
from districts import TASKS, districts

from geohg.engine.data.builders.areas import Areas
from geohg.engine.models.areal import Areal
from geohg.engine.models.propagation import Propagation
from geohg.engine.numerics import metrics
from geohg.engine.progress import Silent

SIZES, SHARE = (25, 100), 0.05
NAMES = ("districts", "points", "both")


def run_all(data: Path, cities: list[str], seeds: list[int]) -> Iterator[dict[str, Any]]:
    """A row a city, target, size of districts and seed."""
    for city in load(data):
        for task in TASKS if not cities or city.name in cities else ():
            graph, y = city.graph, np.maximum(city.graph.targets[task], 0.0)
            valid = np.flatnonzero(np.isfinite(y))
            for seed in seeds:
                order = np.random.default_rng(100 + seed).permutation(valid)
                count = int(SHARE * len(valid))
                known, others = np.sort(order[:count]), order[count:]
                points = Propagation(seed=seed).fit(graph, y, known, Silent())
                alone = points.predict(graph, Silent(), others).mean
                for size in SIZES:
                    areas = districts(graph, y, len(valid) // size, seed)
                    found = {"points": alone}
                    mixed = areas.and_also(Areas.of_cells(y, known))
                    for name, told in (("districts", areas), ("both", mixed)):
                        model = Areal(seed=seed).fit(graph, y, told.cells, Silent(), told)
                        found[name] = model.predict(graph, Silent(), others).mean
                    rmse = {name: metrics(y[others], found[name])["rmse"] for name in NAMES}
                    row = {"case": f"{city.name} {task}", "size": size, "seed": seed}
                    yield {**row, "areas": len(areas), "known": count, **rmse}


def table(rows: list[dict[str, Any]], command: str) -> str:
    """Markdown: means over seeds."""
    frame = pd.DataFrame(rows)
    lines = ["# Districts and points together", "", f"`{command}`", "", "RMSE of the cells:", ""]
    lines += ["| | number of districts | of points | " + " | ".join(NAMES) + " |", "|---" * 6 + "|"]
    best = 0
    for (case, _), own in frame.groupby(["case", "size"], sort=False):
        mean = own[[*NAMES, "areas", "known"]].mean(numeric_only=True)
        texts = [
            f"**{mean[n]:.4g}**" if n == mean[[*NAMES]].idxmin() else f"{mean[n]:.4g}"
            for n in NAMES
        ]
        best += mean["both"] == mean[[*NAMES]].min()
        lines.append(
            f"| {case} | {mean['areas']:.0f} | {mean['known']:.0f} | " + " | ".join(texts) + " |"
        )
    cases = len(frame.groupby(["case", "size"]))
    lines += ["", f"Both together are the nearest in {best} of {cases} cases."]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run the benchmark that the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the cities")
    parser.add_argument("--out", type=Path, default=Path("."), help="folder for the results")
    parser.add_argument("--cities", nargs="+", default=[], help="names of cities; by default all")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    arguments = parser.parse_args()
    options = [Path(option).name if "/" in option else option for option in sys.argv[1:]]
    command = " ".join(["python benchmarks/mixed.py", *options])
    rows = []
    for row in run_all(arguments.data, arguments.cities, arguments.seeds):
        print(row, flush=True)
        rows.append(row)
        (arguments.out / "mixed.md").write_text(table(rows, command), encoding="utf-8")


if __name__ == "__main__":
    main()
