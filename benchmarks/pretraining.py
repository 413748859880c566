"""What pretraining gains on the public cities of the GeoHG paper, where few cells are known.

`python benchmarks/pretraining.py --data DIR` pretrains one encoder a city and seed, which reads
no target, and fits every model with and without it to the training cells of the paper's split.
It writes `pretraining.csv`, a row a run, and `pretraining.md`, a table of means and standard
deviations over the seeds. Scale and split are those of `accuracy.py`; every network has the
same size, rate and patience.
"""

from __future__ import annotations

import argparse
import csv
import platform
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from accuracy import TASKS, Case, City, load, make_case

from geohg.engine.config.schema import Config, make_config
from geohg.engine.models.kinds import make_model
from geohg.engine.models.pretrained import pretrain, save_encoder
from geohg.engine.numerics import metrics
from geohg.engine.progress import Silent

METHODS = (
    "gnn",
    "gnn, fine-tuned",
    "gnn, frozen",
    "deepkernel",
    "deepkernel, fine-tuned",
    "propagation",
    "propagation, embedding",
)


def settings(method: str, encoder: Path, seed: int) -> Config:
    """The options of a method; all networks alike but for the encoder they start from."""
    kind, _, start = method.partition(", ")
    model = {"kind": kind, "transform": "identity"}
    if start:
        model |= {"pretrained_gnn": str(encoder), "freeze_gnn": start == "frozen"}
    training = {"seed": seed, "epochs": 300, "patience": 30, "threads": 1}
    return make_config({"model": model, "training": training})


def run(method: str, case: Case, encoder: Path, seed: int) -> dict[str, Any]:
    """Fit, predict and score one method; training cells alone are learnt from."""
    config = settings(method, encoder, seed)
    model: Any = make_model(config)
    if config.model.kind == "gnn":
        both = np.sort(np.concatenate([case.train, case.validation]))
        model.fit(case.graph, case.y, both, Silent(), validation=case.validation)
    else:
        model.fit(case.graph, case.y, case.train, Silent())
    predicted = model.predict(case.graph, Silent(), case.test)
    return metrics(case.y[case.test], predicted.mean)


def run_all(arguments: argparse.Namespace, folder: Path) -> list[dict[str, Any]]:
    """Every method on every case; the file of rows grows as they come."""
    rows: list[dict[str, Any]] = []
    cities = list(load(arguments.data))
    for task in arguments.tasks:
        for city in cities:
            for seed in arguments.seeds:
                case = make_case(city, task, arguments.ratio, seed)
                encoder = _encoder(city, seed, folder)
                for method in METHODS:
                    keys = {"city": city.name, "task": task, "seed": seed, "method": method}
                    rows.append(keys | run(method, case, encoder, seed))
                scores = ", ".join(f"{r['method']} {r['r2']:.3f}" for r in rows[-len(METHODS) :])
                print(f"{city.name} {task} seed {seed}: {scores}", flush=True)
                _write(rows, arguments.out)
    return rows


def _encoder(city: City, seed: int, folder: Path) -> Path:
    path = folder / f"{city.name}-{seed}.safetensors"
    if not path.exists():
        config = make_config({"training": {"seed": seed, "threads": 1}})
        save_encoder(path, pretrain(city.graph, config, Silent()), city.graph, {})
    return path


def _write(rows: list[dict[str, Any]], out: Path) -> None:
    with open(out / "pretraining.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def report(rows: list[dict[str, Any]], ratio: float) -> list[str]:
    """A Markdown table of means and standard deviations of test R2 over the seeds."""
    lines = ["| Test R2, masked ratio " + f"{ratio:g} | " + " | ".join(METHODS) + " |"]
    lines.append("|" + " --- |" * (len(METHODS) + 1))
    for city, task in dict.fromkeys((row["city"], row["task"]) for row in rows):
        cells = []
        for method in METHODS:
            mine = [
                row["r2"]
                for row in rows
                if (row["city"], row["task"], row["method"]) == (city, task, method)
            ]
            cells.append(f"{np.mean(mine):.3f} ± {np.std(mine, ddof=1):.3f}")
        lines.append(f"| {city} {task} | " + " | ".join(cells) + " |")
    return lines


def main() -> None:
    """Run the benchmark that the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the cities")
    parser.add_argument("--out", type=Path, default=Path("."), help="folder for the results")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3, 4])
    parser.add_argument("--tasks", nargs="+", default=list(TASKS), choices=TASKS)
    parser.add_argument("--ratio", type=float, default=0.95, help="share of cells held out")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        rows = run_all(arguments, Path(folder))
    lines = report(rows, arguments.ratio)
    options = [Path(option).name if "/" in option else option for option in sys.argv[1:]]
    lines += ["", f"`{' '.join(['python benchmarks/pretraining.py', *options])}`; 1 thread, "]
    lines[-1] += f"Python {platform.python_version()}, PyTorch {torch.__version__}."
    (arguments.out / "pretraining.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
