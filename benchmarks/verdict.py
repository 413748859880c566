"""What the verdict says of noise, and of fields whose maps are worth making.

`python benchmarks/verdict.py` draws values in some of the 2,000 cells of a grid, 20 times each,
tests them as `interpolate` does by default, and counts the verdicts. It writes `verdict.md`.

Noise is standard normal or lognormal; counts are 0 in three cells of four and else lognormal. A
field is a smooth one with waves of about 20 cells and as much noise as gives its share of the
variance: its map can explain that share at most. A skewed field is the exponential of one.
"""

from __future__ import annotations

import argparse
import platform
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from register import register

register()

from scipy.ndimage import gaussian_filter  # noqa: E402

from geohg.engine.config.schema import make_config  # noqa: E402
from geohg.engine.data.builders.adjacency import queen_edges  # noqa: E402
from geohg.engine.data.builders.graph import GraphRawData, Links  # noqa: E402
from geohg.engine.data.builders.grid import Grid  # noqa: E402
from geohg.engine.progress import Silent  # noqa: E402
from geohg.engine.report.summary import accuracy_of  # noqa: E402
from geohg.engine.report.verdict import IN_MOST, NONE, SHOWN, UNCLEAR, skill_of  # noqa: E402
from geohg.engine.validation.fitting import validate  # noqa: E402
from geohg.engine.validation.run import Run  # noqa: E402

Array = NDArray[np.float64]

ROWS, COLS = 40, 50
SIZE = ROWS * COLS


def field(rng: np.random.Generator, share: float) -> Array:
    """A smooth field of which noise leaves a share of the variance."""
    drawn = gaussian_filter(rng.normal(size=(3 * ROWS, 3 * COLS)), 4.0)
    smooth = drawn[ROWS : 2 * ROWS, COLS : 2 * COLS].ravel()
    smooth = (smooth - smooth.mean()) / smooth.std()
    return np.sqrt(share) * smooth + np.sqrt(1 - share) * rng.normal(size=SIZE)


def counts(rng: np.random.Generator) -> Array:
    """Mostly zeros and a long tail, without any pattern."""
    some = np.ceil(rng.lognormal(1.0, 1.5, SIZE))
    return np.where(rng.random(SIZE) < 0.25, some, 0.0)


CASES: dict[str, tuple[int, Callable[[np.random.Generator], Array]]] = {
    "noise, 60 cells": (60, lambda rng: rng.normal(size=SIZE)),
    "noise, 200 cells": (200, lambda rng: rng.normal(size=SIZE)),
    "noise, 1,000 cells": (1000, lambda rng: rng.normal(size=SIZE)),
    "lognormal noise, 200 cells": (200, lambda rng: rng.lognormal(sigma=1.5, size=SIZE)),
    "counts, 150 cells": (150, counts),
    "field, R2 0.6, 60 cells": (60, lambda rng: field(rng, 0.6)),
    "field, R2 0.6, 150 cells": (150, lambda rng: field(rng, 0.6)),
    "field, R2 0.6, 200 cells": (200, lambda rng: field(rng, 0.6)),
    "skewed field, 150 cells": (150, lambda rng: np.exp(1.2 * field(rng, 0.6))),
}


def graph_of(values: Array, count: int, rng: np.random.Generator) -> GraphRawData:
    """A grid of cells without features, some of them observed."""
    grid = Grid("EPSG:32631", 500_000.0, 500_000.0, 1000.0, 1000.0, ROWS, COLS)
    cell = np.arange(grid.size)
    nothing = Links((), np.zeros((2, 0), np.int64), np.zeros(0, np.float32))
    y = np.full(SIZE, np.nan)
    observed = rng.choice(SIZE, count, replace=False)
    y[observed] = values[observed]
    features = np.zeros((SIZE, 0), np.float32)
    kinds = {"entity": nothing, "poi": nothing}
    return GraphRawData(grid, cell, features, (), (), queen_edges(grid, cell), kinds, {"y": y})


def verdict_on(count: int, draw: Callable[[np.random.Generator], Array], seed: int) -> str:
    """What is said of one draw, and the skill score of the best method."""
    rng = np.random.default_rng(seed)
    graph = graph_of(draw(rng), count, rng)
    # Blocks have a verdict of their own.
    config = make_config({"training": {"device": "cpu", "blocks": False}})
    run = Run({}, config, Silent())
    validate(run, graph, "y", config, Silent())
    return str(skill_of(accuracy_of(run.held_out, run.scale)))


def main() -> None:
    """Count, and write after each case what was found so far."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--out", type=Path, default=Path("."), help="folder for the result")
    parser.add_argument("--seeds", type=int, default=20)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    heads = (SHOWN, IN_MOST, UNCLEAR, NONE)
    options = [Path(option).name if "/" in option else option for option in sys.argv[1:]]
    paragraphs = [part.replace("\n", " ") for part in (__doc__ or "").strip().split("\n\n")[1:]]
    lines = [
        "# The verdict",
        "",
        f"`{' '.join(['python benchmarks/verdict.py', *options])}`; {platform.machine()}, Python "
        f"{platform.python_version()}.",
        *(line for part in paragraphs for line in ("", part)),
        "",
        "| Values | " + " | ".join(heads) + " |",
        "| --- |" + " --- |" * len(heads),
    ]
    for name, (count, draw) in CASES.items():
        found = Counter(verdict_on(count, draw, seed) for seed in range(arguments.seeds))
        lines.append(f"| {name} | " + " | ".join(str(found[head]) for head in heads) + " |")
        print(lines[-1], flush=True)
        (arguments.out / "verdict.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
