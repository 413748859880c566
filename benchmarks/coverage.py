"""What 90 % intervals hold on cells that no method was given: random ones and whole blocks.

`python benchmarks/coverage.py --data DIR` takes the cities under DIR/geohg_cities, with the
paper's five targets and splits (seed 0; train and validation cells are known), and the points
of DIR/taiwan and DIR/ebergoetzen in five folds. It writes `coverage.md`. Blocks are held out in
five folds of the known cells; their side is the one that a run chooses by itself. Values are in
the target's own unit, options at their defaults. GeoHG and kriging are calibrated alike, by
their errors on known cells that were left out one by one; "normal" are the intervals of
kriging's own variance. "Stretched" are intervals of both that grow with the distance to known
cells as much as the other blocks say, which is how maps have them. Widths are mean widths of
GeoHG's intervals as shares of those of kriging's, both calibrated, and both stretched.
"""

from __future__ import annotations

import argparse
import dataclasses
import io
import platform
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from register import register

register()

from accuracy import TASKS, load  # noqa: E402
from scipy.stats import norm  # noqa: E402

from geohg.engine.assembly.inputs import Inputs  # noqa: E402
from geohg.engine.assembly.reading import read_graph  # noqa: E402
from geohg.engine.config.schema import make_config  # noqa: E402
from geohg.engine.data.builders.graph import GraphRawData  # noqa: E402
from geohg.engine.data.splits import Split, published_split, random_folds  # noqa: E402
from geohg.engine.models.kinds import make_model  # noqa: E402
from geohg.engine.names import KRIGING, OURS  # noqa: E402
from geohg.engine.prediction.uncertainty import Calibration  # noqa: E402
from geohg.engine.progress import Silent  # noqa: E402
from geohg.engine.validation.scoring import score, spatial_blocks, stretch_far  # noqa: E402
from geohg.engine.validation.trials import Fold  # noqa: E402

LEVEL = 0.9
RATIOS = (0.7, 0.95)
CONFIG = make_config({"training": {"validation": "kfold", "folds": 5, "device": "cpu"}})

POINTS: dict[str, dict[str, Any]] = {
    "taiwan": {
        "table": "stations_elevation.csv",
        "columns": ("lon", "lat", "elev_m"),
        "crs": "EPSG:4326",
        "landcover": "landcover_taiwan_worldcovercodes_uint8.tif",
        "grid": {"crs": "EPSG:3826", "cell_size": 2000},
    },
    "ebergoetzen": {
        "table": "eberg_3670.csv",
        "columns": ("X", "Y", "SNDMHT_A"),
        "crs": "EPSG:31467",
        "landcover": "landcover_corine2006_100m.tif",
        "grid": {"crs": "EPSG:31467", "cell_size": 100},
    },
}


@dataclass(frozen=True)
class Held:
    """What intervals held; NaN where a kind was not measured."""

    cells: int
    ours: float
    kriging: float
    normal: float
    width: float
    ours_stretched: float = np.nan
    kriging_stretched: float = np.nan
    width_stretched: float = np.nan


def measure(graph: GraphRawData, target: str, splits: Sequence[Split], side: float = 0.0) -> Held:
    """The coverage of all folds together; `side` is that of blocks."""
    y, folds = graph.target(target), []
    for split in splits:
        model = make_model(CONFIG).fit(graph, y, split.known, Silent())
        folds.append(score(model, graph, target, split, Silent(), methods=(KRIGING,)))
    ours, width = _held(y, folds, OURS)
    kriging, kriging_width = _held(y, folds, KRIGING)
    normal, _ = _held(y, folds, KRIGING, Calibration(LEVEL, float(norm.ppf(0.95))))
    cells = sum(len(split.test) for split in splits)
    found = Held(cells, ours, kriging, normal, width / kriging_width)
    if not side:
        return found
    wider, _ = stretch_far(graph, target, folds, side, CONFIG)
    ours, width = _held(y, wider, OURS)
    kriging, kriging_width = _held(y, wider, KRIGING)
    return dataclasses.replace(
        found,
        ours_stretched=ours,
        kriging_stretched=kriging,
        width_stretched=width / kriging_width,
    )


def _held(
    y: NDArray[np.float64], folds: Sequence[Fold], method: str, fixed: Calibration | None = None
) -> tuple[float, float]:
    """The share of the values in the intervals of a method, and their mean width."""
    inside, width = [], []
    for fold in folds:
        calibration = fixed or Calibration.learn(fold.scores[method], LEVEL)
        sure, truth = fold.stretched(method), y[fold.cells.test]
        lower, upper = calibration.lower(sure), calibration.upper(sure)
        inside.append((lower <= truth) & (truth <= upper))
        width.append(upper - lower)
    return float(np.concatenate(inside).mean()), float(np.concatenate(width).mean())


def cities(data: Path) -> Iterator[tuple[str, Held]]:
    """Random test cells of every city, target and ratio, then blocks of the known cells."""
    for city in load(data):
        for task in TASKS:
            graph = city.graph
            observed = graph.observed(task)
            for ratio in RATIOS:
                *known, test = published_split(city.order, ratio, seed=0)
                split = Split(
                    np.intersect1d(np.concatenate(known), observed), np.intersect1d(test, observed)
                )
                name = f"{city.name} {task}, {ratio:g} masked"
                yield f"{name} | random", measure(graph, task, [split])
                yield f"{name} | blocks", _in_blocks(_only(graph, task, split.known), task)


def points(data: Path) -> Iterator[tuple[str, Held]]:
    """Five folds, random ones and blocks, of the other data."""
    for name, described in POINTS.items():
        graph, target = _graph(data / name, described)
        observed = graph.observed(target)
        folds = random_folds(observed, CONFIG.training.folds, seed=0)
        yield f"{name} | random", measure(graph, target, folds)
        yield f"{name} | blocks", _in_blocks(graph, target)


def _only(graph: GraphRawData, target: str, cells: NDArray[np.int64]) -> GraphRawData:
    """The graph with the values of these cells alone."""
    values = np.full(len(graph.cell), np.nan)
    values[cells] = graph.target(target)[cells]
    return dataclasses.replace(graph, targets={target: values})


def _in_blocks(graph: GraphRawData, target: str) -> Held:
    found = spatial_blocks(graph, target, CONFIG.training)
    if found is None:
        raise ValueError(f"no blocks fit the cells of {target}")
    return measure(graph, target, *found)


def _graph(folder: Path, described: dict[str, Any]) -> tuple[GraphRawData, str]:
    x, y, target = described["columns"]
    table = pd.read_csv(folder / described["table"])[[x, y, target]].dropna()
    buffer = io.StringIO()
    table.to_csv(buffer, index=False)
    request = {
        "points": {
            "table": buffer.getvalue(),
            "crs": described["crs"],
            "coord_columns": [x, y],
            "targets": [target],
        },
        "landcover": [{"path": str(folder / described["landcover"]), "band": 1}],
        "grid": described["grid"],
    }
    return read_graph(Inputs.of(request), CONFIG.model, Silent()), target


def _row(name: str, held: Held, cells: str = "") -> str:
    figures = list(dataclasses.astuple(held))[1:]
    texts = ["" if np.isnan(value) else f"{value:.3f}" for value in figures]
    return f"| {name} | {cells or f'{held.cells:,}'} | " + " | ".join(texts) + " |"


def report(found: dict[str, Held], command: str) -> str:
    """The table as Markdown, with means and extremes."""
    heads = ("Case", "Test", "Cells", "GeoHG", "Kriging", "Kriging, normal", "Width")
    heads += ("GeoHG, stretched", "Kriging, stretched", "Width, stretched")
    lines = [
        "# Coverage of 90 % intervals",
        "",
        f"`{command}`; {platform.machine()}, Python {platform.python_version()}.",
        (__doc__ or "").split("\n\n")[1].replace("\n", " "),
        "",
        "| " + " | ".join(heads) + " |",
        "|" + " --- |" * len(heads),
        *(_row(name, held) for name, held in found.items()),
    ]
    for test in ("random", "blocks"):
        for where, mark in (("cities", "masked"), ("all", "")):
            names = [name for name in found if name.endswith(test) and mark in name]
            part = np.array([dataclasses.astuple(found[name]) for name in names])
            for kind, of in (("mean", np.mean), ("least", np.min), ("most", np.max)):
                if len(part):
                    row = Held(*of(part, axis=0))
                    lines.append(_row(f"{where}, {kind} of {len(part)} | {test}", row, "–"))
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, and write after each case what was found so far."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of all data")
    parser.add_argument("--out", type=Path, default=Path("."), help="folder for the result")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    options = [Path(option).name if "/" in option else option for option in sys.argv[1:]]
    command = " ".join(["python benchmarks/coverage.py", *options])
    found: dict[str, Held] = {}
    for part in (points(arguments.data), cities(arguments.data / "geohg_cities")):
        for name, held in part:
            found[name] = held
            print(_row(name, held), flush=True)
            (arguments.out / "coverage.md").write_text(report(found, command), encoding="utf-8")


if __name__ == "__main__":
    main()
