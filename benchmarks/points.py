"""Accuracy at places: points held out one by one and in blocks, several of them in a cell.

`python benchmarks/points.py --data DIR --out DIR` takes the soil samples of Ebergoetzen (percent
sand; CORINE land cover and parent material as classes, or nothing; cells of 100 m and 500 m) and
the weather stations of Taiwan (elevation; WorldCover), in ten random folds and ten folds of
blocks. Each method is fitted to the points that are not held out, and predicts the values at the
others: `predict(coords)`. LightGBM and GPBoost must be installed. What a method cannot predict is
left out of its score. It writes `points.csv` and `points.md`; a second run adds to them.
`--checkout DIR --name before --methods GeoHG` measures another version of GeoHG.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import rasterio
from numpy.linalg import matrix_rank
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve, qr
from scipy.optimize import minimize
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist

Array = NDArray[np.float64]
FOLDS, LEVEL_90 = 10, 1.6449
# Points that the parameters of the plain Gaussian process are fitted to.
MOST_FITTED = 800


@dataclass(frozen=True)
class Case:
    """Points with values, what is known of the ground, and the side of a block."""

    xy: Array
    y: Array
    known: dict[str, Any]
    side: float


def ebergoetzen(data: Path, size: float, classes: bool) -> Case:
    """The samples with a value in the upper horizon, where CORINE has a class."""
    folder = data / "ebergoetzen"
    cover = folder / "landcover_corine2006_100m.tif"
    table = pd.read_csv(folder / "eberg_3670.csv").dropna(subset="SNDMHT_A")
    xy = table[["X", "Y"]].to_numpy(float)
    with rasterio.open(cover) as raster:
        inside = np.array([code[0] for code in raster.sample(xy)]) > 0
    ground = {"classes": {"parent": folder / "parent_material_100m.tif"}}
    layers = {"landcover": cover, "ground": ground} if classes else {}
    known = {"resolution": size, "crs": "EPSG:31467", **layers}
    return Case(xy[inside], table["SNDMHT_A"].to_numpy(float)[inside], known, 1000.0)


def taiwan(data: Path) -> Case:
    """The elevation of weather stations."""
    folder = data / "taiwan"
    table = pd.read_csv(folder / "stations_elevation.csv")
    cover = folder / "landcover_taiwan_worldcovercodes_uint8.tif"
    known = {"resolution": 0.01, "crs": "EPSG:4326", "landcover": cover}
    return Case(table[["lon", "lat"]].to_numpy(float), table["elev_m"].to_numpy(float), known, 0.2)


CASES: dict[str, Callable[[Path], Case]] = {
    "ebergoetzen 100 m, classes": lambda data: ebergoetzen(data, 100.0, True),
    "ebergoetzen 100 m": lambda data: ebergoetzen(data, 100.0, False),
    "ebergoetzen 500 m, classes": lambda data: ebergoetzen(data, 500.0, True),
    "ebergoetzen 500 m": lambda data: ebergoetzen(data, 500.0, False),
    "taiwan": taiwan,
}


def geohg(case: Case, known: NDArray[np.bool_]) -> tuple[Array, Array]:
    """The default model, fitted to the known points: mean and deviation at the others."""
    from geohg import GeoHGInterpolator

    options = {"training": {"blocks": False}}
    model = GeoHGInterpolator(masked_ratio=0.0, options=options, **case.known)
    model.fit(case.xy[known], case.y[known])
    return model.predict(case.xy[~known], return_std=True)


def idw(case: Case, known: NDArray[np.bool_]) -> tuple[Array, None]:
    """Twelve neighbours, squared distance."""
    distance, index = cKDTree(case.xy[known]).query(case.xy[~known], k=12)
    weight = 1 / np.maximum(distance, 1e-9) ** 2
    return (weight * case.y[known][index]).sum(axis=1) / weight.sum(axis=1), None


def kriging(case: Case, known: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Ordinary kriging of the points with an exponential variogram, as reports have it."""
    from geohg.engine.assembly.userdata import UserDataSource
    from geohg.engine.models.kriging import OrdinaryKriging
    from geohg.engine.progress import Silent

    size, crs = case.known["resolution"], case.known["crs"]
    graph = UserDataSource(case.xy[known], None, case.y[known], size, crs).load(Silent())
    name = next(iter(graph.targets))
    fitting = graph, graph.target(name), graph.observed(name), Silent()
    fitted = OrdinaryKriging().fit(*fitting, graph.readings.get(name))
    cells = np.zeros((~known).sum(), np.int64)
    found = fitted.predict_at(graph, Silent(), cells, case.xy[~known])
    return found.mean, found.std


def process(case: Case, known: NDArray[np.bool_]) -> tuple[Array, Array]:
    """A Gaussian process of two exponential terms and a nugget, by maximum likelihood."""
    middle = case.xy.mean(axis=0)
    turn = np.cos(np.radians(middle[1])) if case.known["crs"] == "EPSG:4326" else 1.0
    xy = (case.xy - middle) * [turn, 1.0]
    mean, unit = case.y[known].mean(), case.y[known].std()
    z, reach = (case.y[known] - mean) / unit, float(np.ptp(xy, axis=0).max())
    some = np.random.default_rng(0).permutation(known.sum())[:MOST_FITTED]
    near = cdist(xy[known][some], xy[known][some])

    def covariance(distance: Array, parts: Array) -> Array:
        long, short, first, second, _ = np.exp(parts)
        return first * np.exp(-distance / long) + second * np.exp(-distance / short)

    def loss(parts: Array) -> float:
        matrix = covariance(near, parts) + np.exp(parts[4]) * np.eye(len(near))
        factor = cho_factor(matrix, lower=True)
        return float(
            0.5 * z[some] @ cho_solve(factor, z[some]) + np.log(factor[0].diagonal()).sum()
        )

    start = np.log([reach / 10, reach / 100, 0.5, 0.3, 0.2])
    limits = [*[(np.log(reach / 1e4), np.log(10 * reach))] * 2, *[(-7.0, 2.0)] * 3]
    parts = minimize(loss, start, method="L-BFGS-B", bounds=limits).x
    matrix = covariance(cdist(xy[known], xy[known]), parts) + np.exp(parts[4]) * np.eye(len(z))
    factor, across = cho_factor(matrix, lower=True), covariance(cdist(xy[known], xy[~known]), parts)
    solved = cho_solve(factor, across)
    variance = np.exp(parts[2:]).sum() - (across * solved).sum(axis=0)
    return mean + unit * (z @ solved), unit * np.sqrt(variance)


def ground(case: Case) -> Array:
    """What the class rasters say at each point, one column a class; nothing without rasters."""
    known = case.known
    rasters = [known["landcover"]] if "landcover" in known else []
    rasters += known.get("ground", {}).get("classes", {}).values()
    columns = [np.empty((len(case.y), 0))]
    for path in rasters:
        with rasterio.open(path) as raster:
            code = np.array([found[0] for found in raster.sample(case.xy)])
        columns.append((code[:, None] == np.unique(code)).astype(float))
    return np.column_stack(columns)


def around(case: Case, known: NDArray[np.bool_]) -> tuple[Array, Array]:
    """What trees read of the known and of the other points: the ground, and the values and
    distances of the 10 nearest known points (Sekulic et al. 2020)."""
    tree, y, rows = cKDTree(case.xy[known]), case.y[known], ground(case)

    def read(asked: NDArray[np.bool_], first: int) -> Array:
        distance, index = (part[:, first:] for part in tree.query(case.xy[asked], 10 + first))
        return np.column_stack([rows[asked], distance, y[index]])

    return read(known, 1), read(~known, 0)


def rfsi(case: Case, known: NDArray[np.bool_]) -> tuple[Array, None]:
    """Random forest spatial interpolation: 250 trees."""
    from sklearn.ensemble import RandomForestRegressor

    x, new = around(case, known)
    model = RandomForestRegressor(250, max_features=1 / 3, min_samples_leaf=2, random_state=0)
    return model.fit(x, case.y[known]).predict(new), None


def lightgbm(case: Case, known: NDArray[np.bool_]) -> tuple[Array, None]:
    """Boosted trees that read what RFSI reads, and the coordinates."""
    import lightgbm as lgb

    x, new = around(case, known)
    model = lgb.LGBMRegressor(
        n_estimators=300, learning_rate=0.03, num_leaves=15, colsample_bytree=0.5, verbose=-1
    )
    model.fit(np.column_stack([x, case.xy[known]]), case.y[known])
    return np.asarray(model.predict(np.column_stack([new, case.xy[~known]]))), None


def regression_kriging(case: Case, known: NDArray[np.bool_]) -> tuple[Array, None]:
    """Ridge regression on the ground and the coordinates, and kriging of what is left."""
    from sklearn.linear_model import RidgeCV
    from sklearn.preprocessing import StandardScaler

    x = StandardScaler().fit_transform(np.column_stack([ground(case), case.xy]))
    trend = RidgeCV(np.logspace(-3, 4, 30)).fit(x[known], case.y[known]).predict(x)
    left = replace(case, y=case.y - trend)
    return trend[~known] + kriging(left, known)[0], None


def gpboost(case: Case, known: NDArray[np.bool_]) -> tuple[Array, Array]:
    """A Gaussian process by Vecchia's approximation, linear in the ground."""
    import gpboost as gpb

    middle = case.xy.mean(axis=0)
    turn = np.cos(np.radians(middle[1])) if case.known["crs"] == "EPSG:4326" else 1.0
    xy = (case.xy - middle) * [turn, 1.0]
    rows = ground(case)
    # Of columns that add up to 1, one is left out.
    rows = rows[:, rows[known].std(axis=0) > 0]
    x = np.column_stack([np.ones(len(rows)), *(col for col in rows.T[1:])])
    x = x[:, np.sort(qr(x[known], mode="r", pivoting=True)[1][: matrix_rank(x[known])])]
    shape = {"cov_function": "exponential", "gp_approx": "vecchia", "likelihood": "gaussian"}
    model = gpb.GPModel(gp_coords=xy[known], **shape)
    model.fit(y=case.y[known], X=x[known])
    told = model.predict(gp_coords_pred=xy[~known], X_pred=x[~known], predict_var=True)
    return np.asarray(told["mu"]), np.sqrt(np.asarray(told["var"]))


METHODS = {
    "GeoHG": geohg,
    "IDW": idw,
    "ordinary kriging": kriging,
    "Gaussian process": process,
    "regression kriging": regression_kriging,
    "RFSI": rfsi,
    "LightGBM": lightgbm,
    "GPBoost": gpboost,
}


def folds_of(case: Case, kind: str) -> NDArray[np.int64]:
    """The fold of each point: random, or that of its block."""
    rng = np.random.default_rng(0)
    if kind == "random":
        return rng.permutation(len(case.y)) % FOLDS
    square = np.floor((case.xy - case.xy.min(axis=0)) / case.side).astype(int)
    block = np.unique(square, axis=0, return_inverse=True)[1].ravel()
    return (rng.permutation(block.max() + 1) % FOLDS)[block]


def run(case: Case, kind: str, method: str) -> dict[str, Any]:
    """The scores of a method over all folds."""
    fold, started = folds_of(case, kind), time.process_time()
    mean, std = np.full((2, len(case.y)), np.nan)
    for number in range(FOLDS):
        test = fold == number
        found = METHODS[method](case, ~test)
        mean[test] = found[0]
        std[test] = np.nan if found[1] is None else found[1]
    told = np.isfinite(mean)
    error, y = (mean - case.y)[told], case.y[told]
    held = np.abs(error) <= LEVEL_90 * std[told]
    return {
        "points": int(told.sum()),
        "r2": round(1 - float((error**2).sum() / ((y - y.mean()) ** 2).sum()), 4),
        "rmse": round(float(np.sqrt(np.mean(error**2))), 4),
        "coverage": "" if np.isnan(std[told]).any() else round(float(held.mean()), 3),
        "seconds": round(time.process_time() - started),
    }


def table(rows: list[dict[str, Any]], command: str) -> str:
    """Markdown: R2, and coverage of 90 % intervals, by case and method."""
    methods = list(dict.fromkeys(row["method"] for row in rows))
    lines = ["# Accuracy at places", "", f"`{command}`. Over the ten folds together: R2, and in "]
    lines[-1] += "brackets the share of the values within 1.645 standard deviations (nominal .90)."
    lines[-1] += " GeoHG reads the shares of the classes in its cells, its rivals the class at the "
    lines[-1] += "place: in cells of 500 m they know more."
    lines += ["", " | ".join(["| case", "folds", "points", *methods]) + " |"]
    lines += ["|" + "---|" * (len(methods) + 3)]
    for name, kind in dict.fromkeys((row["case"], row["folds"]) for row in rows):
        own = {r["method"]: r for r in rows if (r["case"], r["folds"]) == (name, kind)}
        cells = [f"{own[m]['r2']} ({own[m]['coverage']})" if m in own else "" for m in methods]
        points = str(next(iter(own.values()))["points"])
        lines.append(" | ".join([f"| {name}", kind, points, *cells]) + " |")
    return "\n".join(lines).replace(" ()", "") + "\n"


def main() -> None:
    """Run the benchmark that the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the data")
    parser.add_argument("--out", type=Path, default=Path("."), help="folder for the results")
    parser.add_argument("--checkout", type=Path, help="another version of GeoHG to measure")
    parser.add_argument("--name", default="GeoHG", help="what to call GeoHG in the results")
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=list(METHODS))
    parser.add_argument("--cases", nargs="+", choices=CASES, default=list(CASES))
    parser.add_argument("--folds", nargs="+", default=["random", "blocks"])
    arguments = parser.parse_args()
    if arguments.checkout:
        sys.path.insert(0, str(arguments.checkout / "benchmarks"))
    from register import register

    register()
    warnings.filterwarnings("ignore")
    path = arguments.out / "points.csv"
    before = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    rows: list[dict[str, Any]] = list(csv.DictReader(before))
    for name in arguments.cases:
        case = CASES[name](arguments.data)
        for kind in arguments.folds:
            for method in arguments.methods:
                called = arguments.name if method == "GeoHG" else method
                keys = {"case": name, "folds": kind, "method": called}
                rows = [row for row in rows if any(row[k] != v for k, v in keys.items())]
                rows.append({**keys, **run(case, kind, method)})
                print(rows[-1], flush=True)
                _write(rows, arguments.out)


def _write(rows: list[dict[str, Any]], folder: Path) -> None:
    with open(folder / "points.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    command = "python benchmarks/points.py --data DIR"
    (folder / "points.md").write_text(table(rows, command), encoding="utf-8")


if __name__ == "__main__":
    main()
