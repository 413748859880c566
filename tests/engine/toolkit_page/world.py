"""What the toolkit's page takes for granted: a working folder with data, and fits made once."""

from __future__ import annotations

import json
import runpy
import shlex
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import rasterio
from click.testing import CliRunner
from rasterio.transform import from_origin

import geohg
from geohg.cli.main import main

ROWS, COLS = 11, 12
CITIES = ("GZ", "BJ", "SH", "SZ")
TASKS = ("Carbon", "GDP", "Population", "PM25", "Light")
CODES = (10, 50, 80)  # trees, built-up, water
POIS = 14
THREE_LINES = (
    'interp, result = GeoHGInterpolator.from_dataframe(df, coord_columns=["lon","lat"], '
    'target_column="value", resolution=0.01)'
)
# One line more than the page, so that this takes less time.
STEPS = """
from geohg import GeoHGInterpolator
import numpy as np
coords = np.column_stack([lons, lats]) # (N, 2)
features = np.column_stack([f1, f2, f3]) # (N, F)
interp = GeoHGInterpolator(resolution=0.01, epochs=1000)
interp.set_params(masked_ratio=0)
interp.fit(coords, features, values)
result = interp.predict() # {"predictions": (n_lat, n_lon), "lons": ..., "lats": ...}
"""
QUICK = """
from geohg import GeoHGPipeline
results = GeoHGPipeline.quick_start(city="GZ", task="Carbon")
print(f"Test R²: {results['r2']:.4f}")
"""
SOURCE = """
from geohg.data.sources.custom_landcover import CustomLandCoverSource
source = CustomLandCoverSource(
    feature_csv="my_features.csv", # area_id, type1_ratio, type2_ratio, ...
    coord_csv="my_coords.csv", # area_id, lon, lat
    adjacency_csv="my_edges.csv", # src_id, dst_id
)
raw = source.load()
"""
FLAGS = """geohg train --config configs/examples/guangzhou_carbon.yaml \\
    --city GZ \\
    --task Carbon \\
    --epochs 2000 \\
    --lr 0.01 \\
    --masked-ratio 0.7 \\
    --metric r2 \\
    --gpu 0"""
SETTINGS = """\
# configs/examples/guangzhou_carbon.yaml
data:
  city: GZ
  task: Carbon
  prebuilt_dir: data/Hyper_Graph
  downstream_dir: data/downstream_tasks
  pos_embedding: true
  hypernode: all # all | entity | poi | mono
  entity_thresh: 0.0
  poi_thresh: 0.0
model:
  hidden_channels: 64
  num_gnn_layers: 3
  gnn_type: GraphConv # GraphConv | SAGEConv
  head_dims: [32, 16]
  dropout: 0.5
training:
  epochs: 2000
  lr: 0.01
  metric: r2 # r2 | rmse | mae
  patience: 100
  masked_ratio: 0.7
  seed: 0
output:
  log_dir: outputs/logs
  model_dir: outputs/models
  plot_dir: outputs/plots
"""


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
        (folder / "settings.yaml").write_text(SETTINGS, encoding="utf-8")

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
        lon, lat = rng.uniform(113, 113.12, 150), rng.uniform(23, 23.11, 150)
        lon[:2], lat[:2] = [113.001, 113.119], [23.001, 23.109]  # the map is the same on each run
        cover = (truth(lon, lat) - 20) / 4
        value = truth(lon, lat) + rng.normal(0, 0.1, 150)
        return pd.DataFrame({"lon": lon, "lat": lat, "cover": cover, "value": value})

    @cached_property
    def mapped(self) -> dict[str, Any]:
        """The names after the page's three lines."""
        return self.python(f"from geohg import GeoHGInterpolator\n{THREE_LINES}", df=self.df)

    @cached_property
    def steps(self) -> dict[str, Any]:
        """The names after the page's lines step by step."""
        given = {f"f{k}": self.df["cover"] ** k for k in (1, 2, 3)}
        xy = {"lons": self.df["lon"], "lats": self.df["lat"]}
        return self.python(STEPS, **xy, **given, values=self.df["value"].to_numpy())

    @cached_property
    def quick(self) -> dict[str, Any]:
        """What the quick start finds."""
        return self.python(QUICK)["results"]

    @cached_property
    def raw(self) -> Any:
        """The graph of one's own three tables."""
        ids = ["a", "b", "c"]
        shares = {"area_id": ids, "type1_ratio": [1, 0.75, 0], "type2_ratio": [0, 0.25, 1]}
        coords = {"area_id": ids, "lon": [113.0, 113.01, 113.02], "lat": [23.0, 23.0, 23.0]}
        edges = {"src_id": ["a", "b"], "dst_id": ["b", "c"]}
        for name, columns in (("features", shares), ("coords", coords), ("edges", edges)):
            pd.DataFrame(columns).to_csv(self.folder / f"my_{name}.csv", index=False)
        return self.python(SOURCE)["raw"]

    @cached_property
    def city(self) -> Any:
        """The graph of Guangzhou."""
        return geohg.load_city("GZ")

    @cached_property
    def settings(self) -> Any:
        """The page's own settings, read from a file `settings.yaml`."""
        return geohg.load_config("settings.yaml")

    @cached_property
    def network(self) -> dict[str, Any]:
        """What training of the paper's network with the page's settings prints; it is smaller."""
        small = "--hidden-channels 8 --patience 3 --no-blocks --log-dir '' --plot-dir ''"
        folder = "--model-dir networks"
        return self.geohg(f"geohg train --config settings.yaml --kind gnn {small} {folder}")

    @cached_property
    def trained(self) -> dict[str, Any]:
        """What training with the page's own settings prints."""
        return self.geohg("geohg train --config configs/examples/guangzhou_carbon.yaml")

    @cached_property
    def flags(self) -> dict[str, Any]:
        """What training with all of the page's common options prints."""
        return self.geohg(f"{FLAGS} --no-blocks --log-dir '' --plot-dir '' --model-dir flags")

    @cached_property
    def encoder(self) -> str:
        """The file that the page's pretraining writes, with fewer epochs."""
        line = "geohg pretrain --config configs/examples/ssl_pretrain.yaml --city GZ"
        return self.geohg(f"{line} --epochs 2")["encoder"]

    @cached_property
    def built(self) -> dict[str, Any]:
        """What the page's command prints that builds a graph."""
        line = "geohg build-graph --tif-path ESA_WorldCover.tif --bbox 113.09 113.69 22.40 23.42"
        assert self.tif.is_file()
        return self.geohg(f"{line} --output-dir data/my_city")

    @cached_property
    def tif(self) -> Path:
        """A raster of WorldCover's codes, 0.6 by 1.02 degrees."""
        codes = np.random.default_rng(1).choice(np.array(CODES, np.uint8), (204, 120))
        return write_tif(self.folder / "ESA_WorldCover.tif", codes.repeat(5, 0).repeat(5, 1))

    @cached_property
    def own_tif(self) -> Path:
        """A raster of two classes of one's own."""
        return write_tif(
            self.folder / "own.tif", np.arange(40_000, dtype="u1").reshape(200, -1) % 2 + 1
        )


def write_tif(path: Path, codes: np.ndarray) -> Path:
    """Write codes as a raster of pixels of 0.001 degrees."""
    with rasterio.open(
        path, "w", driver="GTiff", height=len(codes), width=codes.shape[1], count=1,
        dtype="uint8", crs="EPSG:4326", transform=from_origin(113.09, 23.42, 0.001, 0.001),
    ) as raster:  # fmt: skip
        raster.write(codes, 1)
    return path


def truth(lon: Any, lat: Any) -> Any:
    """The value that is measured, without error."""
    return 20 + 4 * np.sin(60 * np.asarray(lon)) * np.cos(50 * np.asarray(lat))


def write_cities(folder: Path) -> None:
    """The four cities with five targets each, below `data`, in the page's own tables."""
    row, col = (axis.ravel() for axis in np.mgrid[:ROWS, :COLS])
    area = np.arange(ROWS * COLS)
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
        for task in TASKS:
            table = pd.DataFrame({"area_id": area, "value": value_of(task)})
            table.to_csv(values / f"{task}.csv", index=False)


def value_of(task: str) -> np.ndarray:
    """The value of each area, by its id."""
    row, col = (axis.ravel() for axis in np.mgrid[:ROWS, :COLS])
    return 100 * (1 + TASKS.index(task)) * np.exp(np.sin(col / 3) + np.cos(row / 4))


def neighbours(row: np.ndarray, col: np.ndarray) -> pd.DataFrame:
    """Queen contiguity, both ways."""
    near = np.maximum(np.abs(row[:, None] - row), np.abs(col[:, None] - col)) == 1
    return pd.DataFrame(np.argwhere(near), columns=["src_id", "dst_id"])


def links(owner: str, ids: Any, shares: np.ndarray) -> pd.DataFrame:
    """The shares that are not 0, a line each."""
    area, kind = np.nonzero(shares)
    columns = {owner: np.array(list(ids))[kind], "area_id": area, "proportion": shares[area, kind]}
    return pd.DataFrame(columns)
