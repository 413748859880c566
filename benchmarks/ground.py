"""What the ground tells beside coordinates: the points of taiwan and ebergoetzen.

`python benchmarks/ground.py --data DIR --out docs/benchmarks` fits the default model to the points
of DIR/taiwan (2 km cells) and DIR/ebergoetzen (100 m cells) with more and more of what is known of
the ground, and appends a table to `covariates.md`: R2, RMSE and MAE of cells held out at random
(a fifth) and in blocks, in the target's unit, beside the best of IDW and kriging on the same cells.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from register import register

register()

from geohg.engine.jobs import run  # noqa: E402
from geohg.engine.progress import Silent  # noqa: E402

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
LANDCOVER = "land cover"
COLUMNS = ("R2", "RMSE", "MAE", "BLOCKS_R2", "BLOCKS_RMSE", "BLOCKS_MAE")


def grounds(name: str, folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is known of the ground, in words, and as parts of a request."""
    yield "coordinates alone", {}
    landcover = {"landcover": [{"path": str(folder / POINTS[name]["landcover"])}]}
    yield LANDCOVER, landcover
    if name == "ebergoetzen":
        soil = [{"type": "parent_material", "path": str(folder / "parent_material_100m.tif")}]
        dem = [{"name": "dem", "path": str(folder / "dem_srtm_100m.tif"), "elevation": True}]
        yield (
            "land cover, parent material, DEM",
            {
                **landcover,
                "classes": soil,
                "covariates": dem,
            },
        )


def request(name: str, folder: Path, ground: dict[str, Any]) -> dict[str, Any]:
    """The training of the default model."""
    given = POINTS[name]
    x, y, target = given["columns"]
    return {
        "version": 1,
        "job": "train",
        "points": {
            "path": str(folder / given["table"]),
            "crs": given["crs"],
            "coord_columns": [x, y],
            "targets": [target],
        },
        "grid": given["grid"],
        "training": {"importance": False},
        "outputs": {},
        **ground,
    }


def rows(data: Path) -> Iterator[str]:
    """A row of Markdown for each."""
    for name in POINTS:
        folder = data / name
        for words, ground in grounds(name, folder):
            found = run(request(name, folder, ground), Silent())
            cells = [f"{found[column]:.3f}" for column in COLUMNS]
            yield "| " + " | ".join([name, words, *cells]) + " |"


def main() -> None:
    """Print the table as it grows, and append it to the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of both")
    parser.add_argument("--out", type=Path, help="folder of covariates.md")
    arguments = parser.parse_args()
    lines = [
        "",
        "## What the ground tells",
        "",
        "`python benchmarks/ground.py --data DIR`: the default model on stations' elevation in m "
        "(taiwan, 2 km cells) and the share of sand in the topsoil in % (ebergoetzen, 100 m "
        "cells). Cells are held out at random, a fifth of them, and in blocks.",
        "",
        "| points | known of the ground | R2 | RMSE | MAE | R2 in blocks | RMSE | MAE |",
        "|" + "---|" * 8,
    ]
    for row in rows(arguments.data):
        print(row, flush=True)
        lines.append(row)
    if arguments.out:
        with open(arguments.out / "covariates.md", "a", encoding="utf-8") as page:
            page.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    sys.exit(main())
