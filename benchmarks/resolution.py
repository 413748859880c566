"""How the size of the cells changes the error of a map, on the synthetic sample.

`.venv/bin/python benchmarks/resolution.py` prints the table of docs/faq.md: for each size, the
map's error against the known truth of cells of 500 m.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import rasterio
from register import register

register()

from geohg import run_job  # noqa: E402

SAMPLE = Path(__file__).resolve().parents[1] / "resources" / "sample"
SIZES = (250, 500, 1000, 2000, 4000)


def measure(size: float, folder: Path) -> str:
    """The row of the table for one size."""
    output = folder / f"{size}.tif"
    request = {
        "job": "interpolate",
        "version": 1,
        "points": {"path": str(SAMPLE / "synthetic_points.gpkg"), "targets": ["value"]},
        "landcover": [{"path": str(SAMPLE / "synthetic_landcover.tif"), "band": 1}],
        "grid": {"cell_size": size, "bounds": [480_000, 20_000, 520_000, 50_000]},
        "training": {"blocks": False, "threads": 1},
        "outputs": {"prediction": str(output)},
    }
    found = run_job(request)
    with rasterio.open(SAMPLE / "synthetic_truth.tif") as file:
        truth = file.read(1)
        centre = [file.xy(*place) for place in np.ndindex(truth.shape)]
    with rasterio.open(output) as file:
        value = np.array([*file.sample(centre)])[:, 0].reshape(truth.shape)
    error = float(np.sqrt(np.nanmean((value - truth) ** 2)))
    points = 700 / found["OBSERVED"]
    return f"| {size} | {found['CELLS']:,} | {found['OBSERVED']} | {points:.1f} | {error:.3f} |"


def main() -> None:
    """Print the table."""
    print("| cell size (m) | cells | measured | points in each | RMSE of the map |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            print(measure(size, Path(folder)), flush=True)


if __name__ == "__main__":
    main()
