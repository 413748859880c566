"""Time and memory of each part of a run, against the number of observed cells.

`python benchmarks/points_scale.py --observed 10000 30000 100000` makes a map of four times as many
cells with six classes of land cover, patches and a trend for each number, runs the parts of
`interpolate` in a process of its own, and writes `points_scale.md`: seconds of the processor and
peak memory of each part, and how they grow from one number to the next beside the number itself.
A part whose time grows as the number is linear.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from register import register

register()

import torch  # noqa: E402
from scipy.ndimage import gaussian_filter  # noqa: E402

from geohg.engine.config.schema import make_config  # noqa: E402
from geohg.engine.data.builders.graph import GraphRawData, Links  # noqa: E402
from geohg.engine.data.builders.grid import Grid  # noqa: E402
from geohg.engine.models.baselines import InverseDistance  # noqa: E402
from geohg.engine.models.kernel_fit import fit_kernel  # noqa: E402
from geohg.engine.models.kriging import OrdinaryKriging  # noqa: E402
from geohg.engine.models.propagation import Propagation  # noqa: E402
from geohg.engine.models.windows import neighbourhoods  # noqa: E402
from geohg.engine.prediction.applicability import Applicability  # noqa: E402
from geohg.engine.prediction.fitted import FittedMap  # noqa: E402
from geohg.engine.progress import Silent  # noqa: E402
from geohg.engine.report.diagnostics import diagnose  # noqa: E402
from geohg.engine.report.summary import accuracy_of  # noqa: E402
from geohg.engine.validation.concluding import conclude  # noqa: E402
from geohg.engine.validation.fitting import fit_and_score, score_blocks  # noqa: E402
from geohg.engine.validation.run import Run  # noqa: E402

CELL, CLASSES, CELLS_PER_OBSERVED = 100.0, 6, 4
NONE = Links((), np.zeros((2, 0), np.int64), np.zeros(0, np.float32))
STATUS = Path("/proc/self/status")
Found = TypeVar("Found")


def make_graph(observed: int) -> GraphRawData:
    """Land cover in patches that set the target, with a trend and noise."""
    side = math.isqrt(observed * CELLS_PER_OBSERVED)
    rng = np.random.default_rng(0)
    fields = [gaussian_filter(rng.standard_normal((side, side)), 4) for _ in range(CLASSES)]
    number = np.argmax(fields, axis=0)
    share = np.full((side * side, CLASSES), 0.01, np.float32)
    share[np.arange(side * side), number.ravel()] = 0.95
    smooth = gaussian_filter((number == 3).astype(float), 2).ravel()
    long = gaussian_filter(rng.standard_normal((side, side)), 25).ravel()
    truth = 5 * smooth + long / long.std() + 0.15 * rng.standard_normal(side * side)
    values = np.full(side * side, np.nan)
    known = rng.choice(side * side, observed, replace=False)
    values[known] = truth[known]
    return GraphRawData(
        geometry=Grid("EPSG:32631", 300_000.0, 5_000_000.0, CELL, CELL, side, side),
        cell=np.arange(side * side),
        features=share,
        feature_names=tuple(f"class {number}" for number in range(CLASSES)),
        feature_kinds=("landcover",) * CLASSES,
        near=np.zeros((2, 0), np.int64),
        hypernodes={"entity": NONE, "poi": NONE},
        targets={"value": values},
    )


class Meter:
    """Seconds of the processor, and peak of memory, of each part of a run."""

    def __init__(self) -> None:
        self.parts: dict[str, tuple[float, float]] = {}

    def __call__(self, name: str, work: Callable[[], Found]) -> Found:
        _forget_peak()
        started = time.process_time()
        found = work()
        self.parts[name] = time.process_time() - started, _peak()
        print(name, self.parts[name], file=sys.stderr, flush=True)
        return found


def _forget_peak() -> None:
    if STATUS.exists():
        Path("/proc/self/clear_refs").write_text("5")


def _peak() -> float:
    """Peak of resident memory since `_forget_peak`, in MiB; NaN where nobody tells."""
    if not STATUS.exists():
        return math.nan
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def run_parts(observed: int) -> dict[str, tuple[float, float]]:
    """All parts of a run, in this process."""
    silent, meter = Silent(), Meter()
    graph = meter("landscape", lambda: make_graph(observed))
    y, known = graph.target("value"), graph.observed("value")
    meter("window means", lambda: neighbourhoods(graph, silent))
    model = Propagation()
    start = meter("scales", lambda: model.prepare(graph, y, known, silent))
    fitting = (model.inputs_, model.values_, 0, silent)
    model.kernel_ = meter("kernel", lambda: fit_kernel(start, *fitting))
    meter("leave one out", lambda: model._condition(graph.total, silent))
    meter("trees", model._grown)
    meter("predict", lambda: model.predict(graph, silent))
    area = meter("applicability, learn", lambda: Applicability.learn(graph, known, silent))
    meter("applicability, map", lambda: area.index(graph, silent))
    for name, baseline in (("IDW", InverseDistance()), ("kriging", OrdinaryKriging())):
        meter(f"{name}, fit", lambda rival=baseline: rival.fit(graph, y, known, silent))
        meter(f"{name}, leave one out", baseline.leave_one_out)
        meter(f"{name}, map", lambda rival=baseline: rival.predict(graph, silent))
    config = make_config({"training": {"device": "cpu"}})
    run = Run({}, config, silent)
    of = (run, graph, "value", config, silent)
    meter("hold out a fifth", lambda: fit_and_score(*of))
    meter("hold out blocks", lambda: score_blocks(*of))
    meter("calibrate by distance", lambda: conclude(run, graph, "value", known))
    learn = (model, graph, "value", known, run.reach)
    fitted = meter("learn the map", lambda: FittedMap.learn(*learn))
    meter("intervals of the map", lambda: fitted.map(graph, 0.95))
    meter("bootstrap", lambda: [accuracy_of(trial.held_out, None) for trial in run.trials.values()])
    meter("diagnose", lambda: diagnose(graph, run.trials, 0.95))
    return meter.parts


def report(found: dict[int, dict[str, tuple[float, float]]]) -> str:
    """Markdown: each part's seconds, memory and growth."""
    sizes = sorted(found)
    heads = ["Part"]
    for before, size in zip([0, *sizes], sizes):
        heads += [f"{size:,}: s", "MiB"]
        heads += [f"s x (of {size / before:.1f})"] if before else []
    rows = [heads, ["---"] * len(heads)]
    for part in found[sizes[0]]:
        row = [part]
        for before, size in zip([0, *sizes], sizes):
            seconds, memory = found[size][part]
            row += [f"{seconds:.1f}", f"{memory:,.0f}"]
            if before:
                earlier = found[before][part][0]
                row.append(f"{seconds / earlier:.1f}" if earlier >= 0.1 else "")
        rows.append(row)
    paragraphs = [part.replace("\n", " ") for part in (__doc__ or "").strip().split("\n\n")[1:]]
    lines = [
        "# The number of observed cells",
        "",
        f"{os.cpu_count()} CPUs, {platform.machine()}, {torch.get_num_threads()} threads, "
        f"Python {platform.python_version()}, PyTorch {torch.__version__}.",
        *(line for part in paragraphs for line in ("", part)),
        "",
        *("| " + " | ".join(row) + " |" for row in rows),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure each number in a process of its own, and write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--observed", type=int, nargs="+", default=[10_000, 30_000, 100_000])
    parser.add_argument("--out", type=Path, default=Path("."), help="folder for the result")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(run_parts(options.one)))
        return
    found = {}
    for observed in options.observed:
        command = [sys.executable, __file__, "--one", str(observed)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        found[observed] = json.loads(done.stdout.splitlines()[-1])
        (options.out / "points_scale.md").write_text(report(found), encoding="utf-8")


if __name__ == "__main__":
    main()
