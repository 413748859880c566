"""Accuracy where covariates are known everywhere: field-scale soil data of `LimeSoDa`.

`python benchmarks/covariates.py --out docs/benchmarks` takes every set of the package
(CC BY-SA 4.0) that has coordinates and at most 60 covariates, each of its targets, and the ten
folds that it comes with. Covariates are known at the held-out points too, as rasters would tell
them. It writes `covariates.md`: the R2 over the held-out points of all folds together.
`--partitions 5` prints instead how much of that the folds alone decide: the R2 of the methods that
take little time in these folds and in four random partitions into ten.
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
MANY, DRAWS = 100, 200
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


def forest(x: Array, y: Array, new: Array, trees: int = 500) -> Array:
    """A random forest."""
    model = RandomForestRegressor(trees, max_features=1 / 3, min_samples_leaf=2, random_state=0)
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


def forest_of_both(field: Field, test: NDArray[np.bool_], trees: int = 500) -> Array:
    """A random forest on covariates and place."""
    x = np.column_stack([np.nan_to_num(field.x), field.xy])
    return forest(x[~test], field.y[~test], x[test], trees)


Method = Callable[[Field, NDArray[np.bool_]], Array]
METHODS: dict[str, Method] = {
    "mean": lambda field, test: np.full(test.sum(), field.y[~test].mean()),
    "kriging": lambda field, test: kriged(field, test, field.y)[test],
    "random forest": forest_of_both,
    "ridge": lambda field, test: ridge(field, test)[test],
    "regression kriging": regression_kriging,
    "RFSI": rfsi,
    ALONE: lambda field, test: ours(field, test, covariates=False),
    OURS: ours,
}
QUICK: dict[str, Method] = {
    "kriging": METHODS["kriging"],
    "random forest of 100 trees": lambda field, test: forest_of_both(field, test, 100),
    "ridge": METHODS["ridge"],
    "regression kriging": regression_kriging,
}


def held_out(field: Field, method: Method) -> Array:
    """What a method that is given the other folds predicts of each."""
    predicted = np.full(len(field.y), np.nan)
    for fold in np.unique(field.fold):
        test = field.fold == fold
        predicted[test] = method(field, test)
    return predicted


def explained(y: Array, predicted: Array) -> Array:
    """R2 of predictions [..., n] of values [..., n]."""
    error = np.square(y - predicted).sum(axis=-1)
    return np.asarray(1 - error / np.square(y - y.mean(axis=-1, keepdims=True)).sum(axis=-1))


def score(field: Field) -> dict[str, float]:
    """R2 of each method over all folds, and the seconds a fold of ours takes."""
    found = {}
    for name, method in METHODS.items():
        started = time.perf_counter()
        found[name] = float(explained(field.y, held_out(field, method)))
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


def scattered(field: Field, partitions: int) -> tuple[Array, Array]:
    """R2 of the quick methods [draws, methods]: in several partitions, and of points drawn anew.

    The partitions are its own ten folds and random ones. Points are drawn with replacement, of
    those of its own folds; methods are not fitted again.
    """
    count = len(field.y)
    anew = [np.random.default_rng(seed).permutation(count) % 10 for seed in range(partitions - 1)]
    told = np.array(
        [
            [held_out(dataclasses.replace(field, fold=fold), method) for method in QUICK.values()]
            for fold in (field.fold, *anew)
        ]
    )
    drawn = np.random.default_rng(0).integers(count, size=(DRAWS, 1, count))
    scores = explained(field.y, told)
    print(field.name, scores.round(3).tolist(), flush=True)
    return scores, explained(field.y[drawn], np.moveaxis(told[0][:, drawn[:, 0]], 1, 0))


def agreement(scores: Array) -> str:
    """What R2 of several draws, [targets, draws, methods], say of each other."""
    behind = scores.max(axis=2, keepdims=True) - scores
    target, draw = np.indices(scores.shape[:2])
    best, steady = scores.argmax(axis=2), scores.mean(axis=1).argmax(axis=1)[:, None]
    turns = range(1, scores.shape[1])
    other = np.array([behind[target, np.roll(draw, k, axis=1), best] for k in turns])
    spread = scores.std(axis=1, ddof=1).mean(axis=0)

    def within(part: Array) -> str:
        return (
            f"within .01 in {(part <= 0.01).mean():.0%}, within .03 in {(part <= 0.03).mean():.0%}"
        )

    return (
        f"{len(scores)} targets. Standard deviation of R2, mean over targets: "
        f"{', '.join(f'{name} {value:.3f}' for name, value in zip(QUICK, spread))}. What is best "
        f"in one is, of the best in another, {within(other)}. What has the highest mean "
        f"over all is, of the best in each, {within(behind[target, draw, steady])}."
    )


def main() -> None:
    """Score every field, and write the table as it grows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, help="folder of covariates.md")
    parser.add_argument("--only", nargs="*", default=[], help="names of sets, such as BB.250")
    parser.add_argument("--partitions", type=int, help="score the quick methods in so many")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    if arguments.partitions:
        fields = list(load(arguments.only))
        found = [scattered(field, arguments.partitions) for field in fields]
        many = np.array([len(field.y) >= MANY for field in fields])
        for of, scores in zip(("Partitions", "Points drawn"), map(np.array, zip(*found))):
            for size, part in (("100 points and more", scores[many]), ("fewer", scores[~many])):
                print(f"{of}, {size}: {agreement(part)}" if len(part) else "")
        return
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
