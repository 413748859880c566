"""Intervals by distance, and the accuracy to expect of a map beside the true one.

`python benchmarks/calibration.py --data DIR` makes maps as `interpolate` does, from some of the
values, and scores them in the map's cells without measurements, where the truth is known: the
synthetic sample, DIR/heaton (under real clouds), and the cities under DIR/geohg_cities with the
paper's five targets, of which a random share of the cells was held out (0.2 or 0.7). It writes
`calibration.md`.

All figures of the cities are on the paper's scale, on which a run tells its accuracy. The sample's
truth is that of a new measurement at a random place in each cell, with the sample's noise: what an
interval is for. Beside it stands the mean of each cell. Coverage is that of the map's intervals in
classes of the distance to the nearest measured cell, of at least 500 cells each; the interval
score (Gneiting and Raftery 2007, doi 10.1198/016214506000001437) is a width: less is better.
"Leave-one-out" are the same intervals without what held-out cells say.
"""

from __future__ import annotations

import argparse
import dataclasses
import io
import platform
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import rasterio
from numpy.typing import NDArray
from register import register

register()

from accuracy import TASKS, load  # noqa: E402

from geohg.engine.assembly.inputs import Inputs  # noqa: E402
from geohg.engine.assembly.reading import read_graph  # noqa: E402
from geohg.engine.config.schema import make_config  # noqa: E402
from geohg.engine.data.builders.graph import GraphRawData  # noqa: E402
from geohg.engine.data.splits import random_split  # noqa: E402
from geohg.engine.data.transforms import TargetTransform  # noqa: E402
from geohg.engine.models.distances import distance_to, spacing  # noqa: E402
from geohg.engine.numerics import metrics  # noqa: E402
from geohg.engine.prediction.fitted import FittedMap  # noqa: E402
from geohg.engine.prediction.reach import Reach  # noqa: E402
from geohg.engine.progress import Silent  # noqa: E402
from geohg.engine.validation.fitting import fit_all, validate  # noqa: E402
from geohg.engine.validation.run import Run  # noqa: E402
from geohg.engine.validation.scoring import paper_scale  # noqa: E402
from geohg.resources.sample import generate  # noqa: E402

Array = NDArray[np.float64]

SAMPLE = Path(__file__).parent.parent / "resources" / "sample"
RATIOS = (0.2, 0.7)
# Ends of the classes of distance, in cells; fewer cells are no class of their own.
ENDS = np.array([1.01, 2.01, 3.01, 6.01, 12.01, 24.01])
LEAST = 500


@dataclasses.dataclass(frozen=True)
class Case:
    """A graph with the values that a map is made of, and what is true of its cells [N]."""

    graph: GraphRawData
    target: str
    truth: Array
    level: float = 0.9


def heaton(data: Path) -> Iterator[tuple[str, Case]]:
    """The satellite image under clouds, with 95 % intervals as in the comparison of methods."""
    known, truth = (_raster(data / "heaton" / f"{name}.tif") for name in ("known", "truth"))
    with rasterio.open(data / "heaton" / "known.tif") as raster:
        a, _, left, _, e, top = raster.transform[:6]
    row, col = np.nonzero(np.isfinite(known))
    table = {"x": left + (col + 0.5) * a, "y": top + (row + 0.5) * e, "lst": known[row, col]}
    request = {
        "points": {**_points(pd.DataFrame(table), "EPSG:4326"), "targets": ["lst"]},
        "grid": {"template": str(data / "heaton" / "known.tif")},
    }
    graph = read_graph(Inputs.of(request), make_config({}).model, Silent())
    yield "heaton", Case(graph, "lst", truth.ravel()[graph.cell], 0.95)


def sample() -> Iterator[tuple[str, Case]]:
    """The synthetic sample: its truth is a new measurement, and then the mean, of each cell."""
    request = {
        "points": {"path": str(SAMPLE / "synthetic_points.gpkg"), "targets": ["value"]},
        "landcover": [{"path": str(SAMPLE / "synthetic_landcover.tif"), "band": 1}],
        "poi": {"path": str(SAMPLE / "synthetic_pois.gpkg"), "category": "category"},
        "grid": {"template": str(SAMPLE / "synthetic_truth.tif")},
    }
    graph = read_graph(Inputs.of(request), make_config({}).model, Silent())
    mean = _raster(SAMPLE / "synthetic_truth.tif")
    yield "sample, measurement", Case(graph, "value", _measured().ravel()[graph.cell])
    yield "sample, mean of cell", Case(graph, "value", mean.ravel()[graph.cell])


def cities(data: Path) -> Iterator[tuple[str, Case]]:
    """Cities whose values are known in every cell, with a random share held out."""
    for city in load(data / "geohg_cities"):
        for ratio in RATIOS:
            for task in TASKS:
                truth = city.graph.target(task)
                known = random_split(city.graph.observed(task), ratio, 0).known
                values = np.full(len(truth), np.nan)
                values[known] = truth[known]
                graph = dataclasses.replace(city.graph, targets={task: values})
                yield f"{city.name} {task}, {ratio:g} held out", Case(graph, task, truth)


def measure(case: Case) -> dict[str, Any]:
    """Make a map, and score it where nothing was measured."""
    graph, target = case.graph, case.target
    config = make_config({"uncertainty": {"level": case.level}, "training": {"device": "cpu"}})
    run = Run({}, config, Silent())
    validate(run, graph, target, config, Silent())
    known, model = fit_all(run, graph, target, config, Silent())
    fitted = FittedMap.learn(model, graph, target, known, run.reach)
    found = fitted.map(graph, case.level)
    plain = dataclasses.replace(fitted, reach=Reach()).map(graph, case.level)
    cells = np.setdiff1d(np.flatnonzero(np.isfinite(case.truth)), known)
    scale = TargetTransform()
    if paper := paper_scale(graph, target):
        scale = TargetTransform.learn(graph.target(target)[known], paper)
    truth, told = scale.forward(case.truth[cells]), model.predict(graph, Silent(), cells)
    distance = distance_to(graph, known, cells) / spacing(graph)
    return {
        "cells": cells,
        "distance": distance,
        "true": metrics(truth, told.on(scale)),
        "expected": run.numbers(),
        "intervals": [
            _held(truth, *map(scale.forward, (each.lower[cells], each.upper[cells])), case.level)
            for each in (plain, found)
        ],
    }


def _held(truth: Array, lower: Array, upper: Array, level: float) -> tuple[Array, Array]:
    """Whether intervals hold the truth, and their scores."""
    missed = np.maximum(lower - truth, 0) + np.maximum(truth - upper, 0)
    return missed == 0, upper - lower + 2 / (1 - level) * missed


def accuracy_row(name: str, found: dict[str, Any]) -> list[str]:
    """Expected and true RMSE, MAE and R2, and the ratios of the first two."""
    fields = [name]
    for key in ("rmse", "mae", "r2"):
        expected, true = found["expected"][f"EXPECTED_{key.upper()}"], found["true"][key]
        fields += [f"{expected:.4g}", f"{true:.4g}"]
        fields += [] if key == "r2" else [f"{expected / true:.3f}"]
    return fields


def interval_rows(name: str, found: dict[str, Any], level: float) -> Iterator[list[str]]:
    """Coverage and interval score of all cells, and of each class of distance."""
    number = np.searchsorted(ENDS, found["distance"])
    labels = ["1", "to 2", "to 3", "to 6", "to 12", "to 24", "farther"]
    classes = [("all", np.ones(len(number), dtype=bool))]
    classes += [(label, number == index) for index, label in enumerate(labels)]
    for label, inside in classes:
        if inside.sum() >= LEAST or label == "all":
            fields = [name, label, f"{inside.sum():,}", f"{level:g}"]
            for held, score in found["intervals"]:
                fields += [f"{held[inside].mean():.3f}", f"{score[inside].mean():.4g}"]
            yield fields


def report(accuracy: list[list[str]], intervals: list[list[str]], command: str) -> str:
    """Both tables as Markdown."""
    heads = ("Map", "RMSE expected", "true", "ratio", "MAE expected", "true", "ratio")
    heads += ("R2 expected", "true")
    told = [row for row in accuracy if "mean of" not in row[0]]
    ratios = np.array([[float(row[3]), float(row[6])] for row in told or accuracy])
    low, mean, high = ratios.min(axis=0), ratios.mean(axis=0), ratios.max(axis=0)
    held = ("Map", "Distance in cells", "Cells", "Level", "Leave-one-out: coverage")
    held += ("interval score", "By distance: coverage", "interval score")
    paragraphs = [part.replace("\n", " ") for part in (__doc__ or "").strip().split("\n\n")[1:]]
    lines = [
        "# Intervals by distance, and the accuracy to expect",
        "",
        f"`{command}`; {platform.machine()}, Python {platform.python_version()}.",
        *(line for part in paragraphs for line in ("", part)),
        "",
        "## Expected against true accuracy",
        "",
        f"Ratios, means of the cells left out: RMSE {mean[0]:.3f} ({low[0]:.3f} to {high[0]:.3f}), "
        f"MAE {mean[1]:.3f} ({low[1]:.3f} to {high[1]:.3f}).",
        "",
        *map(_line, [heads, ["---"] * len(heads), *accuracy]),
        "",
        "## Coverage by distance",
        "",
        *map(_line, [held, ["---"] * len(held), *intervals]),
    ]
    return "\n".join(lines) + "\n"


def _line(fields: Any) -> str:
    return "| " + " | ".join(fields) + " |"


def _raster(path: Path) -> Array:
    with rasterio.open(path) as raster:
        band: Array = raster.read(1).astype(np.float64)
        return band


def _points(table: pd.DataFrame, crs: str) -> dict[str, Any]:
    buffer = io.StringIO()
    table.to_csv(buffer, index=False)
    return {"table": buffer.getvalue(), "crs": crs, "coord_columns": list(table.columns[:2])}


def _measured() -> Array:
    """The sample's truth at a random pixel of each cell, with the noise of its points."""
    rng = np.random.default_rng(generate.SEED)
    towns = generate.make_towns(rng)
    landcover = generate.make_landcover(rng, towns)
    pois, _ = generate.make_pois(rng, towns)
    truth = generate.make_truth(rng, landcover, pois)
    side = generate.PIXELS_PER_CELL
    rows, cols = truth.shape[0] // side, truth.shape[1] // side
    draw = np.random.default_rng(0)
    row = np.arange(rows)[:, None] * side + draw.integers(0, side, (rows, cols))
    col = np.arange(cols)[None, :] * side + draw.integers(0, side, (rows, cols))
    noise = generate.NOISE_RATIO * truth.std() * draw.standard_normal((rows, cols))
    measured: Array = truth[row, col] + noise
    return measured


def main() -> None:
    """Measure, and write after each case what was found so far."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of all data")
    parser.add_argument("--out", type=Path, default=Path("."), help="folder for the result")
    parser.add_argument("--only", nargs="+", default=[""], help="cases whose names begin so")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    options = [Path(option).name if "/" in option else option for option in sys.argv[1:]]
    command = " ".join(["python benchmarks/calibration.py", *options])
    accuracy: list[list[str]] = []
    intervals: list[list[str]] = []
    for part in (sample(), cities(arguments.data), heaton(arguments.data)):
        for name, case in part:
            if name.startswith(tuple(arguments.only)):
                found = measure(case)
                accuracy.append(accuracy_row(name, found))
                intervals += interval_rows(name, found, case.level)
                print(_line(accuracy[-1]), flush=True)
                text = report(accuracy, intervals, command)
                (arguments.out / "calibration.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
