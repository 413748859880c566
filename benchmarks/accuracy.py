"""Accuracy on the public cities of the GeoHG paper: ours beside the methods to beat.

`python benchmarks/accuracy.py --data DIR` takes every city under DIR (`Hyper_Graph` and
`downstream_tasks`), the paper's five targets and splits, and writes `accuracy.csv`, a row a
run, and `accuracy.md`, tables of means over the seeds. `--network` adds the published
network, at the first seed only, since it takes most of the time.

Targets are on the paper's scale, so that R2 compares with it: negatives to 0, Carbon clipped
at 2000, the least value subtracted, 1 (Carbon: 500) added, log. The split is the paper's: its
order of cells is that in which `ANA.txt` names them. Strict: fitted to training cells alone,
as the paper does. Observed: validation cells are known too, as they are to a user. Cells
without a valid value are left out. 90 % intervals are conformal on leave-one-out errors.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import itertools
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from register import register

register()

import torch  # noqa: E402

from geohg.engine.config.schema import make_config  # noqa: E402
from geohg.engine.data.builders.graph import GraphRawData  # noqa: E402
from geohg.engine.data.sources.city import city_names, read_city  # noqa: E402
from geohg.engine.data.sources.city_download import GRAPHS, TARGETS  # noqa: E402
from geohg.engine.data.sources.city_published import published_scale  # noqa: E402
from geohg.engine.data.splits import published_split  # noqa: E402
from geohg.engine.models.base import Prediction  # noqa: E402
from geohg.engine.models.baselines import Forest, InverseDistance, Mean  # noqa: E402
from geohg.engine.models.kriging import OrdinaryKriging  # noqa: E402
from geohg.engine.models.propagation import Propagation  # noqa: E402
from geohg.engine.numerics import metrics  # noqa: E402
from geohg.engine.progress import Silent  # noqa: E402

TASKS = ("Carbon", "GDP", "Population", "PM25", "Light")
OURS, NETWORK = "GeoHG", "published network (first seed)"
LEVEL = 0.9
FIGURES = ("r2", "rmse", "mae", "coverage", "width", "seconds")


@dataclasses.dataclass(frozen=True)
class Case:
    """One target of one city under one split."""

    graph: GraphRawData
    y: NDArray[np.float64]
    train: NDArray[np.int64]
    validation: NDArray[np.int64]
    test: NDArray[np.int64]


@dataclasses.dataclass(frozen=True)
class City:
    """A city, and its cells in the order of the paper's code."""

    name: str
    graph: GraphRawData
    order: NDArray[np.int64]


METHODS: dict[str, Callable[[int], Any]] = {
    "mean": lambda seed: Mean(),
    "IDW": lambda seed: InverseDistance(),
    "kriging": lambda seed: OrdinaryKriging(seed=seed),
    "random forest": lambda seed: Forest(seed=seed),
    NETWORK: lambda seed: _network(seed),
    OURS: lambda seed: Propagation(seed=seed),
}


def load(data: Path) -> Iterator[City]:
    """Every city under a folder, its faults mended, with the order of the published reading."""
    for name in city_names(data / GRAPHS):
        folders = data / GRAPHS / name, data / TARGETS / name
        published = read_city(*folders, strict_reference=True)
        yield City(name, read_city(*folders), np.array(published.info.published_order))


def make_case(city: City, task: str, ratio: float, seed: int) -> Case:
    """One target on the paper's scale, and the paper's split."""
    y = published_scale(city.graph.targets[task], task)
    parts = published_split(city.order, ratio, seed)
    return Case(city.graph, y, *(part[np.isfinite(y[part])] for part in parts))


def run(method: str, case: Case, strict: bool, seed: int) -> dict[str, Any]:
    """Fit, predict and score one method."""
    known = case.train if strict else np.sort(np.concatenate([case.train, case.validation]))
    started = time.perf_counter()
    model = METHODS[method](seed)
    if method == NETWORK:
        both = np.sort(np.concatenate([case.train, case.validation]))
        model.fit(case.graph, case.y, both, Silent(), validation=case.validation)
    else:
        model.fit(case.graph, case.y, known, Silent())
    predicted = model.predict(case.graph, Silent())
    seconds = time.perf_counter() - started
    row = metrics(case.y[case.test], predicted.mean[case.test])
    row |= {"coverage": None, "width": None, "seconds": seconds, "known": len(known)}
    if method != NETWORK:
        row |= _interval(model.leave_one_out(), predicted, case, known)
    return row


def _interval(
    left_out: Prediction, predicted: Prediction, case: Case, known: NDArray[np.int64]
) -> dict[str, float]:
    score = np.sort(np.abs(case.y[known] - left_out.mean) / left_out.std)
    rank = min(int(np.ceil((len(score) + 1) * LEVEL)), len(score)) - 1
    half = score[rank] * predicted.std[case.test]
    inside = np.abs(case.y[case.test] - predicted.mean[case.test]) <= half
    return {"coverage": float(inside.mean()), "width": float(2 * half.mean())}


def _network(seed: int) -> Any:
    from geohg.engine.models.network import NetworkModel

    model = {"kind": "gnn", "strict_reference": True, "transform": "identity"}
    return NetworkModel(make_config({"model": model, "training": {"seed": seed}}))


def run_all(arguments: argparse.Namespace) -> Iterator[list[dict[str, Any]]]:
    """Every method on every case, ours last; all rows so far after each target."""
    rows: list[dict[str, Any]] = []
    methods = [name for name in METHODS if name != NETWORK or arguments.network]
    cities = list(load(arguments.data))
    for ratio, city, task in itertools.product(arguments.ratios, cities, TASKS):
        for seed in arguments.seeds:
            case = make_case(city, task, ratio, seed)
            for strict, method in itertools.product((True, False), methods):
                if method == NETWORK and (not strict or seed != arguments.seeds[0]):
                    continue
                keys = {"city": city.name, "task": task, "ratio": ratio}
                keys |= {"strict": strict, "seed": seed, "method": method}
                rows.append(keys | run(method, case, strict, seed))
            _tell(rows, len(methods))
        yield rows


def _tell(rows: list[dict[str, Any]], methods: int) -> None:
    last = rows[-1]
    scores = ", ".join(f"{row['method']} {row['r2']:.3f}" for row in rows[-methods:])
    print(
        f"{last['city']} {last['task']} {last['ratio']} seed {last['seed']}: {scores}", flush=True
    )


def report(rows: list[dict[str, Any]], command: str) -> str:
    """Markdown tables of means over seeds."""
    import sklearn

    seeds = sorted({row["seed"] for row in rows})
    lines = [
        "# Accuracy on the public cities",
        "",
        f"`{command}`, seeds {', '.join(map(str, seeds))}; {os.cpu_count()} CPUs, "
        f"{torch.get_num_threads()} threads, {platform.machine()}, Python "
        f"{platform.python_version()}, PyTorch {torch.__version__}, scikit-learn "
        f"{sklearn.__version__}. Figures are means over the seeds, on test cells and on the "
        "paper's scale of each target.",
    ]
    for ratio in sorted({row["ratio"] for row in rows}):
        for strict in (True, False):
            part = [row for row in rows if row["ratio"] == ratio and row["strict"] == strict]
            lines += ["", f"## Masked ratio {ratio:g}, {'strict' if strict else 'observed'}", ""]
            lines += _r2_table(part) + [""] + _figure_table(part)
    return "\n".join(lines) + "\n"


def _r2_table(rows: list[dict[str, Any]]) -> list[str]:
    methods = list(dict.fromkeys(row["method"] for row in rows))
    cases = list(dict.fromkeys((row["city"], row["task"]) for row in rows))
    lines = [_line(["Test R2", *methods]), _line(["---"] * (len(methods) + 1))]
    for city, task in cases:
        mine = [row for row in rows if (row["city"], row["task"]) == (city, task)]
        lines.append(_line([f"{city} {task}", *(_mean(mine, name, "r2", 3) for name in methods)]))
    return [*lines, _line(["mean", *(_mean(rows, name, "r2", 4) for name in methods)])]


def _figure_table(rows: list[dict[str, Any]]) -> list[str]:
    methods = list(dict.fromkeys(row["method"] for row in rows))
    names = ("R2", "RMSE", "MAE", "90 % coverage", "90 % width", "seconds")
    lines = [_line(["Mean", *names]), _line(["---"] * (len(names) + 1))]
    return lines + [_line([m, *(_mean(rows, m, figure, 3) for figure in FIGURES)]) for m in methods]


def _mean(rows: list[dict[str, Any]], method: str, figure: str, digits: int) -> str:
    values = [row[figure] for row in rows if row["method"] == method]
    known = [value for value in values if value is not None]
    return f"{np.mean(known):.{digits}f}" if known else ""


def _line(fields: list[str]) -> str:
    return "| " + " | ".join(fields) + " |"


def main() -> None:
    """Run the benchmark that the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the cities")
    parser.add_argument("--out", type=Path, default=Path("."), help="folder for the results")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3, 4])
    parser.add_argument("--ratios", type=float, nargs="+", default=[0.7, 0.95])
    parser.add_argument("--network", action="store_true", help="add the published network")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, Any]] = []
    for rows in run_all(arguments):
        # Written after each target: a run that is stopped leaves what it measured.
        write(rows, arguments.out)
    if not rows:
        parser.error(f"no city under '{arguments.data}'")


def write(rows: list[dict[str, Any]], folder: Path) -> None:
    """The rows, and the tables of them."""
    with open(folder / "accuracy.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    options = [Path(option).name if "/" in option else option for option in sys.argv[1:]]
    command = " ".join(["python benchmarks/accuracy.py", *options])
    (folder / "accuracy.md").write_text(report(rows, command), encoding="utf-8")


if __name__ == "__main__":
    main()
