"""Large and gappy data: ours beside inverse distance weighting, kriging and GPBoost.

`python benchmarks/large.py --data DIR` maps DIR/heaton, the land-surface temperature of 150,000
cells with which Heaton et al. (2019, doi 10.1007/s13253-018-00348-w) compared methods: from
105,569 cells to the 42,740 under real clouds, and from nine tenths of the known cells to the
rest of them. It writes `large.md`. Ours is what `interpolate` makes, at the level .95: held-out
cells, fits, and the map of all cells are in its time. GPBoost, if it is installed, is Vecchia's
approximation with an exponential kernel and a linear trend.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from register import register

register()

from calibration import Case, heaton  # noqa: E402
from scipy.stats import norm  # noqa: E402

from geohg.engine.config.schema import make_config  # noqa: E402
from geohg.engine.data.splits import random_split  # noqa: E402
from geohg.engine.models.baselines import InverseDistance  # noqa: E402
from geohg.engine.models.distances import cell_positions, distance_to, spacing  # noqa: E402
from geohg.engine.models.kriging import OrdinaryKriging  # noqa: E402
from geohg.engine.prediction.fitted import FittedMap  # noqa: E402
from geohg.engine.prediction.uncertainty import Calibration, deviations  # noqa: E402
from geohg.engine.progress import Silent  # noqa: E402
from geohg.engine.validation.fitting import fit_all, validate  # noqa: E402
from geohg.engine.validation.run import Run  # noqa: E402

Array = NDArray[np.float64]
Told = tuple[Array, Array, Array, Array]
"""Mean, deviation, lower and upper end of each cell that is asked for."""

# Ends of the classes of distance to the nearest known cell, in cells.
ENDS = (1.5, 3.0, 6.0, 12.0, 24.0)


def ours(case: Case, cells: NDArray[np.int64]) -> Told:
    """The map of a default run."""
    config = make_config({"uncertainty": {"level": case.level}, "training": {"device": "cpu"}})
    run, of = Run({}, config, Silent()), (case.graph, case.target)
    validate(run, *of, config, Silent())
    known, model = fit_all(run, *of, config, Silent())
    found = FittedMap.learn(model, *of, known, run.reach).map(case.graph, case.level)
    return tuple(part[cells] for part in (found.mean, found.std, found.lower, found.upper))


def baseline(make: Callable[[], InverseDistance | OrdinaryKriging]) -> Callable[..., Told]:
    """One with intervals that are calibrated by leave-one-out, as in a report."""

    def predict(case: Case, cells: NDArray[np.int64]) -> Told:
        graph, y = case.graph, case.graph.target(case.target)
        known = graph.observed(case.target)
        model = make().fit(graph, y, known, Silent())
        found = model.predict(graph, Silent(), cells)
        scores = deviations(y[known], model.leave_one_out())
        calibration = Calibration.learn(scores, case.level)
        ends = calibration.lower(found), calibration.upper(found)
        return found.mean, calibration.std(found), *ends

    return predict


def gpboost(case: Case, cells: NDArray[np.int64]) -> Told:
    """Vecchia's approximation, as its documentation fits it."""
    import gpboost as gpb

    graph, known = case.graph, case.graph.observed(case.target)
    place = cell_positions(graph) / spacing(graph)
    trend = np.column_stack([np.ones(len(place)), place - place.mean(axis=0)])
    model = gpb.GPModel(
        gp_coords=place[known], cov_function="exponential", gp_approx="vecchia", num_neighbors=30
    )
    model.fit(y=graph.target(case.target)[known], X=trend[known])
    found = model.predict(
        gp_coords_pred=place[cells], X_pred=trend[cells], predict_var=True, predict_response=True
    )
    mean, std = found["mu"], np.sqrt(found["var"])
    half = norm.ppf(0.5 + case.level / 2) * std
    return mean, std, mean - half, mean + half


METHODS: dict[str, Callable[[Case, NDArray[np.int64]], Told]] = {
    "IDW": baseline(InverseDistance),
    "kriging": baseline(OrdinaryKriging),
    "GPBoost": gpboost,
    "GeoHG": ours,
}


def splits(data: Path) -> Iterator[tuple[str, Case, NDArray[np.int64]]]:
    """The cells under clouds, and a tenth of the others."""
    case = next(heaton(data))[1]
    known = case.graph.observed(case.target)
    missing = np.flatnonzero(np.isfinite(case.truth))
    yield "under clouds", case, np.setdiff1d(missing, known)
    split = random_split(known, 0.1, 0)
    values = case.graph.target(case.target).copy()
    values[split.test] = np.nan
    graph = dataclasses.replace(case.graph, targets={case.target: values})
    yield "a tenth at random", dataclasses.replace(case, graph=graph), split.test


def figures(truth: Array, told: Told, level: float) -> list[str]:
    """RMSE, MAE, CRPS of a normal distribution, interval score, coverage.

    The last three are those of Gneiting and Raftery (2007), doi 10.1198/016214506000001437.
    """
    mean, std, lower, upper = told
    z = (truth - mean) / std
    crps = std * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / np.sqrt(np.pi))
    missed = np.maximum(lower - truth, 0) + np.maximum(truth - upper, 0)
    score = upper - lower + 2 / (1 - level) * missed
    parts = np.sqrt(np.mean((truth - mean) ** 2)), np.abs(truth - mean).mean(), crps.mean()
    return [f"{part:.3f}" for part in (*parts, score.mean(), np.mean(missed == 0))]


def main() -> None:
    """Measure every method on both splits, and write the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of all data")
    parser.add_argument("--out", type=Path, default=Path("."), help="folder for the result")
    arguments = parser.parse_args()
    heads = ["Cells", "Method", "RMSE", "MAE", "CRPS", "Interval score", "Coverage", "Seconds"]
    rows, classes = [heads, ["---"] * len(heads)], [heads[:-1], ["---"] * (len(heads) - 1)]
    for name, case, cells in splits(arguments.data):
        away = distance_to(case.graph, case.graph.observed(case.target), cells)
        number = np.searchsorted(ENDS, away / spacing(case.graph))
        for method, predict in METHODS.items():
            started = time.perf_counter()
            try:
                told = predict(case, cells)
            except ImportError:
                continue
            seconds = f"{time.perf_counter() - started:.0f}"
            rows.append([name, method, *figures(case.truth[cells], told, case.level), seconds])
            print(" ".join(rows[-1]), flush=True)
            for part in np.unique(number) if method == "GeoHG" else ():
                inside = number == part
                mine = tuple(each[inside] for each in told)
                label = f"{name}, {_label(part)} ({inside.sum():,})"
                classes.append([label, method, *figures(case.truth[cells][inside], mine, 0.95)])
    paragraphs = [part.replace("\n", " ") for part in (__doc__ or "").strip().split("\n\n")[1:]]
    lines = [
        "# Large and gappy data",
        "",
        f"`python benchmarks/large.py --data {arguments.data.name}`; {os.cpu_count()} CPUs, "
        f"{platform.machine()}, Python {sys.version.split()[0]}. Degrees Celsius.",
        *(line for part in paragraphs for line in ("", part)),
        "",
        *("| " + " | ".join(row) + " |" for row in rows),
        "",
        "Ours by the distance to the nearest known cell:",
        "",
        *("| " + " | ".join(row) + " |" for row in classes),
    ]
    (arguments.out / "large.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _label(part: int) -> str:
    if part == len(ENDS):
        return f"beyond {ENDS[-1]:g} cells"
    return f"up to {ENDS[part]:g} cells"


if __name__ == "__main__":
    main()
