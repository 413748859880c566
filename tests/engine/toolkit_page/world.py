"""What the toolkit's page takes for granted: a working folder with data, and fits made once."""

from __future__ import annotations

import json
import runpy
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import rasterio
from click.testing import CliRunner
from rasterio.transform import from_origin

from geohg.cli.main import main

ROWS, COLS = 14, 16
CITIES = ("GZ", "BJ", "SH", "SZ")
TASKS = ("Carbon", "GDP", "Population", "PM25", "Light")
CODES = (10, 50, 80)  # trees, built-up, water
POIS = 14


@dataclass
class Table:
    """Rows of the table: what the page writes, and the test of it."""

    rows: list[Row] = field(default_factory=list)

    def row(self, *texts: str, but: str = "") -> Callable[[Callable], Callable]:
        """A row for each text; `but` is the reason for which it is different here."""

        def decorate(check: Callable) -> Callable:
            self.rows += [Row(text, check, but) for text in texts]
            return check

        return decorate


@dataclass(frozen=True)
class Row:
    """One row: the page's own words, a function of a `World` and of them, and a reason."""

    text: str
    check: Callable[[World, str], None]
    but: str = ""


class World:
    """A working folder in which the page's lines run, and what several rows read.

    Parameters
    ----------
    folder : path
        An empty folder; it is the working folder whenever something is asked.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        write_cities(folder)

    def python(self, text: str, **names: Any) -> dict[str, Any]:
        """Run lines of Python with these names; all names afterwards."""
        script = self.folder / "lines.py"
        script.write_text(text, encoding="utf-8")
        return runpy.run_path(str(script), init_globals=names)

    def geohg(self, line: str, code: int = 0) -> dict[str, Any]:
        """What the command of a line prints as JSON, and as `said` what it says besides."""
        program, *arguments = shlex.split(line.replace("\\\n", " "))
        threads = [] if "build-graph" in arguments else ["--threads", "1"]
        done = CliRunner().invoke(main, [*arguments, *threads, "--json"])
        assert program == "geohg" and done.exit_code == code, done.output
        return {**(json.loads(done.stdout) if code == 0 else {}), "said": done.stderr}

    @cached_property
    def df(self) -> pd.DataFrame:
        """Measurements of a smooth value, and a feature that it depends on."""
        rng = np.random.default_rng(0)
        lon, lat = rng.uniform(113, 113.16, 300), rng.uniform(23, 23.14, 300)
        cover = np.sin(60 * lon) * np.cos(50 * lat)
        value = 20 + 4 * cover + rng.normal(0, 0.1, 300)
        return pd.DataFrame({"lon": lon, "lat": lat, "cover": cover, "value": value})

    @cached_property
    def three_lines(self) -> dict[str, Any]:
        """The names after the page's three lines."""
        return self.python(
            "from geohg import GeoHGInterpolator\n"
            'interp, result = GeoHGInterpolator.from_dataframe(df, coord_columns=["lon","lat"], '
            'target_column="value", resolution=0.01)',
            df=self.df,
        )

    @cached_property
    def trained(self) -> dict[str, Any]:
        """What training with the page's own settings prints."""
        return self.geohg("geohg train --config configs/examples/guangzhou_carbon.yaml")

    @cached_property
    def tif(self) -> Path:
        """A raster of WorldCover's codes, 0.6 by 1.02 degrees."""
        rng = np.random.default_rng(1)
        codes = rng.choice(np.array(CODES, np.uint8), (204, 120)).repeat(5, 0).repeat(5, 1)
        path = self.folder / "ESA_WorldCover.tif"
        with rasterio.open(
            path, "w", driver="GTiff", height=1020, width=600, count=1, dtype="uint8",
            crs="EPSG:4326", transform=from_origin(113.09, 23.42, 0.001, 0.001),
        ) as raster:  # fmt: skip
            raster.write(codes, 1)
        return path


def write_cities(folder: Path) -> None:
    """The four cities with five targets each, below `data`, in the page's own tables."""
    row, col = (axis.ravel() for axis in np.mgrid[:ROWS, :COLS])
    area = np.arange(ROWS * COLS)
    smooth = np.exp(np.sin(col / 3) + np.cos(row / 4))
    wood = (0.5 + 0.4 * np.sin(col / 3)).round(3)
    shares = np.column_stack([wood, 0.9 - wood, np.full(len(area), 0.1)]).round(3)
    poi = (area % POIS)[:, None] == np.arange(POIS)
    tables = {
        "adjacency": neighbours(row, col),
        "entity_area": links("entity_id", CODES, shares),
        "poi_area": links("poi_id", range(POIS), poi.astype(float)),
        "pos_encode": {"area_id": area, "x": col, "y": row},
        "TIF_feature": {
            "File": [f"GZ_{number}" for number in area],
            "Coordinates": [f"({x}, {y})" for x, y in zip(col, row)],
            "Area": area,
            **{f"Value_{code}_Ratio": shares[:, k] for k, code in enumerate(CODES)},
        },
        "POI_feature": {
            "TIF": area,
            **{f"POI_{k}": poi[:, k].astype(float) for k in range(POIS)},
            "Count": area % 5 + 1,
        },
    }
    for city in CITIES:
        graphs, values = (folder / "data" / n / city for n in ("Hyper_Graph", "downstream_tasks"))
        graphs.mkdir(parents=True)
        values.mkdir(parents=True)
        for name, columns in tables.items():
            pd.DataFrame(columns).to_csv(graphs / f"{name}.csv", index=False)
        for number, task in enumerate(TASKS, start=1):
            table = pd.DataFrame({"area_id": area, "value": 100 * number * smooth})
            table.to_csv(values / f"{task}.csv", index=False)


def neighbours(row: np.ndarray, col: np.ndarray) -> pd.DataFrame:
    """Queen contiguity, both ways."""
    near = np.maximum(np.abs(row[:, None] - row), np.abs(col[:, None] - col)) == 1
    return pd.DataFrame(np.argwhere(near), columns=["src_id", "dst_id"])


def links(owner: str, ids: Any, shares: np.ndarray) -> pd.DataFrame:
    """The shares that are not 0, a line each."""
    area, kind = np.nonzero(shares)
    columns = {owner: np.array(list(ids))[kind], "area_id": area, "proportion": shares[area, kind]}
    return pd.DataFrame(columns)
