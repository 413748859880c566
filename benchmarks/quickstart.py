"""Accuracy of `GeoHGPipeline.quick_start` on the public cities, as it prints it.

`python benchmarks/quickstart.py --data DIR --out docs/benchmarks` runs every city under DIR
(`Hyper_Graph` and `downstream_tasks`) with each of the paper's five targets, with 20 % of the
cells held out as by default, and with 70 % as in the paper, and writes `quickstart.md`. Beside it
stands the published network of `accuracy.csv` (`benchmarks/accuracy.py --network`): 70 % held
out, the paper's split, its first seed.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from register import register

register()

from geohg import GeoHGPipeline  # noqa: E402
from geohg.engine.data.sources.city import city_names  # noqa: E402
from geohg.engine.data.sources.city_download import GRAPHS, TARGETS  # noqa: E402
from geohg.engine.data.transforms import PAPER  # noqa: E402

RATIOS = (0.2, 0.7)
NETWORK = "published network (first seed)"
COLUMNS = {
    "R2": "r2",
    "IDW R2": "idw_r2",
    "kriging R2": "kriging_r2",
    "RMSE": "rmse",
    "MAE": "mae",
    "rank": "rank",
    "R2 in unit": "r2_unit",
    "MAE in unit": "mae_unit",
    "seconds": "seconds",
}
HEAD = """# What `quick_start` prints on the public cities

`python benchmarks/quickstart.py --data geohg_cities --out docs/benchmarks`: test figures of
`GeoHGPipeline.quick_start(city, task, masked_ratio=...)`, seed 0. R2, RMSE and MAE are on the
paper's scale: the logarithm, standardised by the training cells. Rank is Spearman's correlation;
the last two figures are in the target's own unit. IDW and kriging are fitted on the paper's scale,
on the same cells. The published network is that of [accuracy.md](accuracy.md), at 0.7.
"""


def published(out: Path) -> dict[tuple[str, str], float]:
    """Test R2 of the published network at 0.7, by city and target."""
    with open(out / "accuracy.csv", encoding="utf-8", newline="") as file:
        return {
            (row["city"], row["task"]): float(row["r2"])
            for row in csv.DictReader(file)
            if row["method"] == NETWORK and float(row["ratio"]) == 0.7
        }


def run_all(data: Path) -> Iterator[dict[str, Any]]:
    """Each city, target and ratio, one after another."""
    folders = {"prebuilt_dir": str(data / GRAPHS), "downstream_dir": str(data / TARGETS)}
    for ratio in RATIOS:
        for city in city_names(data / GRAPHS):
            for task in PAPER:
                started = time.perf_counter()
                found = GeoHGPipeline.quick_start(city, task, masked_ratio=ratio, **folders)
                seconds = time.perf_counter() - started
                yield {**found, "city": city, "task": task, "ratio": ratio, "seconds": seconds}


def write(rows: list[dict[str, Any]], out: Path) -> None:
    """Write the tables of `quickstart.md`."""
    network, lines = published(out), [HEAD]
    for ratio in RATIOS:
        beside = {"published network": "network"} if ratio == 0.7 else {}
        columns = {**COLUMNS, **beside}
        lines += [f"## Held out: {ratio:.0%}", "", "| | " + " | ".join(columns) + " |"]
        lines.append("| --- " * (len(columns) + 1) + "|")
        for row in rows:
            if row["ratio"] == ratio:
                told = {**row, "network": network[row["city"], row["task"]]}
                cells = " | ".join(_text(told[key]) for key in columns.values())
                lines.append(f"| {row['city']} {row['task']} | {cells} |")
        lines.append("")
    (out / "quickstart.md").write_text("\n".join(lines), encoding="utf-8")


def _text(value: float) -> str:
    return f"{value:.3f}" if abs(value) < 10 else f"{value:,.1f}"


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    rows = []
    for row in run_all(arguments.data):
        rows.append(row)
        print(row["city"], row["task"], row["ratio"], _text(row["r2"]), flush=True)
    write(rows, arguments.out)


if __name__ == "__main__":
    main()
