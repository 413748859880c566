"""Simulated maps of Beijing and Guangzhou against the map: a tenth of the cells known.

    python benchmarks/simulations.py --data FOLDER [--out FOLDER] [--count N]

FOLDER holds the cities' files. Of each target, in cells that are not known: by how much the mean of
the simulations is off, beside what chance gives; their deviation, as a share of the map's; the
share of true values between their 5 and 95 % quantiles; and the share of districts whose true mean
lies between those of the simulations' means, beside that of `FittedMap.summarise`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from accuracy import TASKS, load
from areas import LEVEL, districts, fit
from numpy.typing import NDArray

from geohg.engine.progress import Silent

SIZES = (25, 100)


def inside(drawn: NDArray[np.float64], truth: NDArray[np.float64]) -> float:
    """Share of true values [n] in the middle of their draws [n, count]."""
    tail = (1 - LEVEL) / 2
    lower, upper = np.quantile(drawn, [tail, 1 - tail], axis=1)
    return float(np.mean((lower <= truth) & (truth <= upper)))


def run_all(data: Path, count: int) -> Iterator[dict[str, Any]]:
    """A row a city and target."""
    for city in load(data):
        for task in TASKS:
            graph, y = city.graph, city.graph.targets[task]
            fitted, unknown = fit(graph, y, 0)
            made, started = fitted.map(graph, LEVEL), time.process_time()
            drawn = fitted.simulate(graph, count)
            seconds = time.process_time() - started
            spread = drawn.std(axis=1)[unknown]
            off = (drawn.mean(axis=1) - made.mean)[unknown]
            row = {
                "case": f"{city.name} {task}",
                "off": float(np.sqrt(np.mean(off**2) / np.mean(spread**2) * count)),
                "std": float(np.median(spread / made.std[unknown])),
                "cells": inside(drawn[unknown], y[unknown]),
                "milliseconds": 1000 * seconds / len(y),
            }
            for size in SIZES:
                polygons, truth = districts(graph, y, size, 0)
                cells = polygons.cells(graph.grid, graph.cell, Silent()).cells
                means = np.array([drawn[own].mean(axis=0) for own in cells])
                row[f"{size}"] = inside(means, truth)
                found = fitted.summarise(graph, polygons, level=LEVEL)
                row[f"{size} summarised"] = float(
                    np.mean((found.lower <= truth) & (truth <= found.upper))
                )
            yield row


def table(rows: list[dict[str, Any]], command: str, count: int) -> str:
    """Markdown."""
    lines = ["# Simulations", "", f"`{command}`", ""]
    lines += [
        f"{count} simulations. Error of their mean, in units of what chance gives; their "
        "deviation as a share of the map's; true values in the middle 90 %; districts of 25 and "
        "100 cells whose true mean lies in the middle 90 % / in the interval of *Summarise by "
        "polygons*.",
        "",
        "| | mean | deviation | cells | 25 cells | 100 cells |",
        "|---" * 6 + "|",
    ]
    names = [name for name in rows[0] if name != "case"]
    mean = {name: float(np.mean([row[name] for row in rows])) for name in names}
    for row in [*rows, {"case": "mean", **mean}]:
        pairs = [f"{row[f'{size}']:.2f} / {row[f'{size} summarised']:.2f}" for size in SIZES]
        own = f"{row['off']:.2f} | {row['std']:.2f} | {row['cells']:.2f}"
        lines.append(f"| {row['case']} | {own} | " + " | ".join(pairs) + " |")
    lines += ["", f"{mean['milliseconds']:.1f} ms of one processor for {count} values of a cell."]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run the benchmark that the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the cities")
    parser.add_argument("--out", type=Path, default=Path("."), help="folder for the results")
    parser.add_argument("--count", type=int, default=200, help="number of simulations")
    arguments = parser.parse_args()
    options = [Path(option).name if "/" in option else option for option in sys.argv[1:]]
    command = " ".join(["python benchmarks/simulations.py", *options])
    rows = []
    for row in run_all(arguments.data, arguments.count):
        print(row, flush=True)
        rows.append(row)
    text = table(rows, command, arguments.count)
    (arguments.out / "simulations.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
