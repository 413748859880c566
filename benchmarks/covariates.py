"""Accuracy where covariates are known everywhere: field-scale soil data of `LimeSoDa`.

`python benchmarks/covariates.py --out docs/benchmarks` takes every set of the package
(CC BY-SA 4.0) that has coordinates and at most 60 covariates, each of its targets, and the ten
folds that it comes with. Covariates are known at the held-out points too, as rasters would tell
them. It writes `covariates.md`: the R2 over the held-out points of all folds together.
"""

from __future__ import annotations

import argparse
import dataclasses
import platform
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from register import register

register()

import torch  # noqa: E402
from scipy.spatial import cKDTree  # noqa: E402
from sklearn.ensemble import RandomForestRegressor  # noqa: E402
from sklearn.linear_model import RidgeCV  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import StandardScaler  # noqa: E402

from geohg.engine.assembly.inputs import Inputs  # noqa: E402
from geohg.engine.assembly.points import cells_at  # noqa: E402
from geohg.engine.assembly.reading import read_graph  # noqa: E402
from geohg.engine.config.schema import Config  # noqa: E402
from geohg.engine.data.builders.crs import parse_crs  # noqa: E402
from geohg.engine.data.builders.graph import GraphRawData  # noqa: E402
from geohg.engine.data.builders.sites import Sites  # noqa: E402
from geohg.engine.data.sources.points import Points  # noqa: E402
from geohg.engine.models.kinds import fit_model  # noqa: E402
from geohg.engine.models.kriging import OrdinaryKriging  # noqa: E402
from geohg.engine.progress import Silent  # noqa: E402

MOST = 60
Array = NDArray[np.float64]
ALONE, OURS = "GeoHG without", "GeoHG"
_WITH: dict[str, GraphRawData] = {}


@dataclass(frozen=True)
class Field:
    """One target of one set: places, covariates, values, and the fold of each."""

    name: str
    code: str
    xy: Array
    x: Array
    y: Array
    fold: NDArray[np.int64]


def load(only: list[str]) -> Iterator[Field]:
    """The targets of every set that has coordinates and few covariates."""
    import LimeSoDa

    for name in LimeSoDa.list_datasets():
        if name.startswith("Overview") or (only and name not in only):
            continue
        found = LimeSoDa.load_dataset(name)
        places, table = found["Coordinates"], found["Dataset"]
        targets = [column for column in table if column.endswith("_target")]
        others = [column for column in table if column not in targets]
        if not hasattr(places, "columns") or len(others) > MOST:
            continue
        code = str(places.columns[0]).rsplit("_", 1)[-1]
        fold = np.ravel(found["Folds"]).astype(np.int64)
        for target in targets:
            y = table[target].to_numpy(float)
            known = np.isfinite(y)
            parts = places.to_numpy(float), table[others].to_numpy(float), y, fold
            yield Field(f"{name} {target[:-7]}", code, *(part[known] for part in parts))


def _graph(field: Field, test: NDArray[np.bool_], covariates: bool) -> GraphRawData:
    """The graph of all places, with the values that are not held out.

    Covariates, which no value changes, are laid on it once for all folds.
    """
    graph = _laid(field, test, False)
    if not covariates:
        return graph
    if field.name not in _WITH:
        _WITH.clear()
        _WITH[field.name] = _laid(field, test, True)
    found = _WITH[field.name]
    if found.geometry != graph.geometry or not np.array_equal(found.cell, graph.cell):
        raise ValueError(f"the cells of {field.name} differ between folds")
    return dataclasses.replace(found, targets=graph.targets)


def _laid(field: Field, test: NDArray[np.bool_], covariates: bool) -> GraphRawData:
    crs = parse_crs(f"EPSG:{field.code}", field.name)
    given = {f"c{k}": column for k, column in enumerate(field.x.T)} if covariates else {}
    values = {"y": np.where(test, np.nan, field.y)}
    points = Points(field.xy, values, given, crs, {})
    return read_graph(Inputs(points, grid={"crs": crs.to_string()}), Config().model, Silent())


def ours(field: Field, test: NDArray[np.bool_], covariates: bool = True) -> Array:
    """The default model on the default cell size."""
    graph = _graph(field, test, covariates)
    model = fit_model(Config(), graph, "y", graph.observed("y"), Silent())
    cells = cells_at(graph, field.xy[test])
    return np.asarray(model.predict(graph, Silent(), cells).mean)


def kriged(field: Field, test: NDArray[np.bool_], y: Array) -> Array:
    """Ordinary kriging of values at the points."""
    sites = Sites(f"EPSG:{field.code}", field.xy)
    count = len(field.xy)
    bare = np.empty((count, 0), np.float32)
    near = np.empty((2, 0), np.int64)
    graph = GraphRawData(sites, np.arange(count), bare, (), (), near, {}, {"y": y})
    known = np.flatnonzero(~test)
    model = OrdinaryKriging().fit(graph, y, known, Silent())
    return np.asarray(model.predict(graph, Silent()).mean)


def forest(x: Array, y: Array, new: Array) -> Array:
    """A random forest of 500 trees."""
    model = RandomForestRegressor(500, max_features=1 / 3, min_samples_leaf=2, random_state=0)
    return np.asarray(model.fit(x, y).predict(new))


def ridge(field: Field, test: NDArray[np.bool_]) -> Array:
    """Ridge regression on covariates, at all points."""
    model = make_pipeline(StandardScaler(), RidgeCV(np.logspace(-3, 4, 30)))
    x = np.nan_to_num(field.x)
    return np.asarray(model.fit(x[~test], field.y[~test]).predict(x))


def regression_kriging(field: Field, test: NDArray[np.bool_]) -> Array:
    """Ridge regression on covariates, and kriging of what is left."""
    trend = ridge(field, test)
    return (trend + kriged(field, test, field.y - trend))[test]


def rfsi(field: Field, test: NDArray[np.bool_]) -> Array:
    """Random forest spatial interpolation (Sekulic et al. 2020): covariates, and the values and
    distances of the 10 nearest points."""
    places, values = field.xy[~test], field.y[~test]
    count = min(10, len(values) - 1)
    tree = cKDTree(places)

    def around(xy: Array, first: int) -> Array:
        distance, index = (part[:, first:] for part in tree.query(xy, count + first))
        return np.column_stack([distance, values[index]])

    x = np.nan_to_num(field.x)
    known = np.column_stack([x[~test], around(places, 1)])
    return forest(known, values, np.column_stack([x[test], around(field.xy[test], 0)]))


def _both(field: Field) -> Array:
    return np.column_stack([np.nan_to_num(field.x), field.xy])


METHODS: dict[str, Callable[[Field, NDArray[np.bool_]], Array]] = {
    "mean": lambda field, test: np.full(test.sum(), field.y[~test].mean()),
    "kriging": lambda field, test: kriged(field, test, field.y)[test],
    "random forest": lambda field, test: forest(
        _both(field)[~test], field.y[~test], _both(field)[test]
    ),
    "ridge": lambda field, test: ridge(field, test)[test],
    "regression kriging": regression_kriging,
    "RFSI": rfsi,
    ALONE: lambda field, test: ours(field, test, covariates=False),
    OURS: ours,
}


def score(field: Field) -> dict[str, float]:
    """R2 of each method over all folds, and the seconds a fold of ours takes."""
    found = {}
    for name, method in METHODS.items():
        predicted, started = np.full(len(field.y), np.nan), time.perf_counter()
        for fold in np.unique(field.fold):
            test = field.fold == fold
            predicted[test] = method(field, test)
        error = np.square(field.y - predicted).sum()
        found[name] = float(1 - error / np.square(field.y - field.y.mean()).sum())
        if name == OURS:
            found["seconds"] = (time.perf_counter() - started) / len(np.unique(field.fold))
    return found


def report(rows: dict[str, tuple[int, int, dict[str, float]]], command: str) -> str:
    """A Markdown table, and what it shows in a sentence."""
    import LimeSoDa  # noqa: F401
    import sklearn

    best = [max(v for k, v in row.items() if k in METHODS) for _, _, row in rows.values()]
    mine = [row[OURS] for _, _, row in rows.values()]
    alone = [row[ALONE] for _, _, row in rows.values()]
    behind, worse = np.array(best) - mine, np.array(alone) - mine
    lines = [
        "# Covariates that are known everywhere",
        "",
        f"`{command}` on field-scale soil data (`LimeSoDa`, CC BY-SA 4.0): every set with "
        f"coordinates and at most {MOST} covariates, in its own ten folds; R2 over the held-out "
        "points of all folds together. Covariates are known at the held-out points. GeoHG lays "
        "its default grid and fits its default model; its figures are of cells. "
        f"{torch.get_num_threads()} threads, {platform.machine()}, Python "
        f"{platform.python_version()}, PyTorch {torch.__version__}, scikit-learn "
        f"{sklearn.__version__}.",
        "",
        f"Of {len(rows)} targets, GeoHG is best or within .01 of the best in "
        f"{(behind <= 0.01).sum()} ({(behind <= 0.01).mean():.0%}), within .03 in "
        f"{(behind <= 0.03).sum()}; the farthest behind is {behind.max():.3f}. It is more than "
        f".005 below itself without covariates in {(worse > 0.005).sum()}, at most by "
        f"{max(worse.max(), 0):.3f}.",
        "",
        "| | points | covariates | " + " | ".join(METHODS) + " | seconds a fold |",
        "|" + "---|" * (len(METHODS) + 4),
    ]
    for name, (points, covariates, row) in rows.items():
        top = max(row[method] for method in METHODS)
        cells = [f"**{row[m]:.3f}**" if row[m] >= top - 5e-4 else f"{row[m]:.3f}" for m in METHODS]
        line = [name, str(points), str(covariates), *cells, f"{row['seconds']:.1f}"]
        lines.append("| " + " | ".join(line) + " |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Score every field, and write the table as it grows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, help="folder of covariates.md")
    parser.add_argument("--only", nargs="*", default=[], help="names of sets, such as BB.250")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    rows: dict[str, tuple[int, int, dict[str, float]]] = {}
    for field in load(arguments.only):
        found = score(field)
        rows[field.name] = (*field.x.shape, found)
        print(field.name, {name: round(value, 3) for name, value in found.items()}, flush=True)
    text = report(rows, f"python {' '.join(sys.argv)}")
    if arguments.out:
        (arguments.out / "covariates.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
