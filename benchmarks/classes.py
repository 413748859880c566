"""Classes at points: GeoHG beside the nearest measured cell and a random forest.

`python benchmarks/classes.py --data DIR --out docs/benchmarks` takes, under DIR:

- soil types (`ebergoetzen/eberg_3670.csv`, field `TAXGRSC`), on cells of 100 m, with the land
  cover, the parent material and the elevation of the cells, and without them;
- the land cover at 1,500 random places of Taiwan (`taiwan/landcover_taiwan_worldcovercodes_
  uint8.tif`), on cells of 0.02 degrees, with nothing known of the ground.

A third truth is synthetic: 900 points whose classes are drawn with known probabilities, the
softmax of four smooth fields and of a covariate.

Every method is tested on the same held-out cells, five folds at random and five of blocks, with
all points of a cell held out together; the share of points whose class is right, Cohen's kappa,
log loss and Brier score are over the points of all folds. Writes `classes.md`; with
`--picture FILE` the map of the soil types alone.
"""

from __future__ import annotations

import argparse
import dataclasses
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import rasterio
from numpy.typing import NDArray
from register import register

register()

from geohg.engine.assembly.inputs import ClassMeasurements, Inputs  # noqa: E402
from geohg.engine.assembly.reading import read_graph  # noqa: E402
from geohg.engine.config.schema import Config, make_config  # noqa: E402
from geohg.engine.data.builders.adjacency import queen_edges  # noqa: E402
from geohg.engine.data.builders.graph import GraphRawData, Links  # noqa: E402
from geohg.engine.data.builders.grid import Grid  # noqa: E402
from geohg.engine.data.sources.classpoints import Labelled  # noqa: E402
from geohg.engine.jobs.request import check_request  # noqa: E402
from geohg.engine.models.classes import ClassProcess  # noqa: E402
from geohg.engine.names import BLOCKS, RANDOM  # noqa: E402
from geohg.engine.prediction.classmaps import ClassMap  # noqa: E402
from geohg.engine.progress import Silent  # noqa: E402
from geohg.engine.report.classplots import class_map  # noqa: E402
from geohg.engine.report.drawing import to_png  # noqa: E402
from geohg.engine.validation.classing import METHODS, ClassTest, hold_out_classes  # noqa: E402

CONFIG = make_config({"training": {"validation": "kfold", "folds": 5, "device": "cpu"}})
Array = NDArray[np.float64]


class Case(NamedTuple):
    """A truth: what it is, the graph, and the classes of its cells."""

    name: str
    graph: GraphRawData
    labelled: Labelled


def read(name: str, request: dict, config: Config) -> Case:
    """The case of a request of the job `classify`."""
    checked = check_request({"version": 1, "job": "classify", **request})
    points = ClassMeasurements.of(checked["points"])
    inputs = dataclasses.replace(Inputs.of(checked, config.data), points=points)
    graph = read_graph(inputs, config.model, Silent())
    return Case(name, graph, Labelled.of(points.classes, graph, Silent()))


def soil(data: Path) -> Iterator[Case]:
    """Soil types, with and without what is known of the ground."""
    folder = data / "ebergoetzen"
    points = {
        "path": str(folder / "eberg_3670.csv"),
        "coord_columns": ["X", "Y"],
        "crs": "EPSG:31467",
        "targets": ["TAXGRSC"],
    }
    plain = {"points": points, "landcover": [], "grid": {"cell_size": 100}}
    ground = {
        "landcover": [{"path": str(folder / "landcover_corine2006_100m.tif")}],
        "classes": [{"path": str(folder / "parent_material_100m.tif")}],
        "covariates": [{"path": str(folder / "dem_srtm_100m.tif"), "elevation": True}],
    }
    yield read("Soil types, with rasters", {**plain, **ground}, CONFIG)
    yield read("Soil types, points alone", plain, CONFIG)


def land(data: Path) -> Iterator[Case]:
    """Land cover at random places, from nothing but other places."""
    rng = np.random.default_rng(0)
    with rasterio.open(data / "taiwan" / "landcover_taiwan_worldcovercodes_uint8.tif") as raster:
        codes, affine = raster.read(1), raster.transform
    there = np.flatnonzero(codes)
    row, col = np.divmod(rng.choice(there, 1500, replace=False), codes.shape[1])
    x, y = affine * (col + 0.5, row + 0.5)
    table = pd.DataFrame({"x": x, "y": y, "cover": codes[row, col]}).to_csv(index=False)
    points = {"table": table, "coord_columns": ["x", "y"], "crs": "EPSG:4326", "targets": ["cover"]}
    request = {"points": points, "landcover": [], "grid": {"cell_size": 0.02}}
    yield read("Land cover of Taiwan, points alone", request, CONFIG)


def synthetic() -> tuple[Case, Array]:
    """Classes drawn with known probabilities, and these in every cell."""
    rng, (rows, cols) = np.random.default_rng(1), (60, 80)
    grid = Grid("EPSG:32631", 0.0, 60_000.0, 1000.0, 1000.0, rows, cols)
    row, col = np.divmod(np.arange(grid.size), cols)
    waves = rng.normal(size=(4, 6, 4))
    score = np.stack(
        [
            sum(a * np.sin(0.12 * (b * row + c * col) + 3 * d) for a, b, c, d in field)
            for field in waves
        ],
        axis=1,
    )
    known = rng.normal(size=grid.size)
    score[:, 0] += 1.5 * known
    odds = np.exp(score)
    chance = odds / odds.sum(axis=1, keepdims=True)
    counts = np.zeros((grid.size, 4))
    for cell in rng.choice(grid.size, 900, replace=False):
        counts[cell, rng.choice(4, p=chance[cell])] += 1
    none = Links((), np.zeros((2, 0), np.int64), np.zeros(0, np.float32))
    graph = GraphRawData(
        geometry=grid,
        cell=np.arange(grid.size),
        features=known[:, None].astype(np.float32),
        feature_names=("known",),
        feature_kinds=("covariate",),
        near=queen_edges(grid, np.arange(grid.size)),
        hypernodes={"entity": none, "poi": none},
        targets={},
    )
    return Case("Synthetic", graph, Labelled(("a", "b", "c", "d"), counts)), chance


def rows_of(case: Case, tests: dict[str, ClassTest], seconds: float) -> Iterator[str]:
    """The rows of a table: a line a method and test."""
    points, cells = int(case.labelled.counts.sum()), len(case.labelled.observed)
    print(f"{case.name}: {points} points in {cells} cells, {seconds:.0f} s", flush=True)
    for test, name in ((RANDOM, "random"), (BLOCKS, "blocks")):
        scores = tests[test].scores()
        for method in METHODS:
            own = scores[method]
            loss = "–" if own["log_loss"] is None else f"{own['log_loss']:.2f}"
            figures = f"{own['accuracy']:.3f} | {own['kappa']:.3f} | {loss} | {own['brier']:.2f}"
            yield f"| {case.name} | {name} | {method} | {figures} |"


def draw(case: Case, path: Path) -> None:
    """The map of a case as a picture."""
    labelled = case.labelled
    model = ClassProcess(CONFIG).fit(case.graph, labelled.shares, labelled.observed, Silent())
    chances = model.predict(case.graph, Silent())
    found = ClassMap(case.graph, labelled.names, chances, np.zeros(case.graph.total))
    to_png(class_map(found), path)


def main() -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--picture", type=Path)
    given = parser.parse_args()
    if given.picture:
        draw(next(soil(given.data)), given.picture)
        return
    made, chance = synthetic()
    lines = []
    for case in (*soil(given.data), *land(given.data), made):
        started = time.perf_counter()
        tests = hold_out_classes(case.graph, case.labelled, CONFIG, Silent())
        lines += rows_of(case, tests, time.perf_counter() - started)
    observed = made.labelled.observed
    away = np.setdiff1d(np.arange(len(chance)), observed)
    told = {}
    for method, make in METHODS.items():
        fitted = make(CONFIG).fit(made.graph, made.labelled.shares, observed, Silent())
        found = fitted.predict(made.graph, Silent(), away)
        told[method] = float(np.abs(found - chance[away]).mean())
    page = [
        "# Classes",
        "",
        "`python benchmarks/classes.py --data DIR --out docs/benchmarks`",
        "",
        "Every method on the same held-out cells: five folds at random, and five of blocks as wide "
        "as the classes reach. The script says what the cases are.",
        "",
        "| case | held out | method | accuracy | kappa | log loss | Brier score |",
        "|---|---|---|---|---|---|---|",
        *lines,
        "",
        "Mean absolute error of the probabilities in the synthetic cells without a point, whose "
        "true probabilities are known: "
        + ", ".join(f"{method} {error:.3f}" for method, error in told.items())
        + ".",
    ]
    (given.out / "classes.md").write_text("\n".join(page) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
