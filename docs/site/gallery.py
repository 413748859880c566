"""Run the commands of docs/gallery.md and draw its pictures, and the tutorial's of districts.

    .venv/bin/python docs/site/gallery.py DATA [FOLDER]

Pictures go into docs/images. DATA holds `ebergoetzen`, `taiwan` and `geohg_cities`. Maps and
reports go into FOLDER, by default
`build/gallery`; where it holds a map already, its command is not run again.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import rasterio
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm, Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator
from numpy.typing import NDArray
from pyproj import Transformer

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))
from register import register  # noqa: E402

register()

from geohg import FittedMap, GeoHGInterpolator, load_city  # noqa: E402
from geohg.engine.numerics import metrics  # noqa: E402
from geohg.engine.report.drawing import style  # noqa: E402

SAMPLE = ROOT / "resources" / "sample"
IMAGES = ROOT / "docs" / "images"
LEVEL = 0.9


@dataclass(frozen=True)
class Panel:
    """One map of a picture: a table with `x`, `y` and `value`, of cells or of points."""

    title: str
    label: str
    table: pd.DataFrame
    norm: Normalize
    ramp: str = "viridis"
    points: bool = False
    veiled: pd.DataFrame = field(default_factory=pd.DataFrame)


def run_commands(data: Path, folder: Path) -> None:
    """Run the commands of the page whose output is not there yet."""
    page = (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8")
    places = {"DATA/": f"{data}/", "resources/": f"{ROOT}/resources/"}
    for command in re.findall("```sh\n(.*?)```", page, re.DOTALL):
        words = shlex.split(command.replace("\\\n", ""))[1:]
        for short, place in places.items():
            words = [word.replace(short, place) for word in words]
        flag = "--output" if "--output" in words else "--model-dir"
        if (folder / words[words.index(flag) + 1]).exists():
            continue
        print(command, flush=True)
        line = [sys.executable, str(ROOT / "engine" / "__main__.py"), *words]
        environment = {**os.environ, "GEOHG_DATA": str(data / "geohg_cities")}
        subprocess.run(line, cwd=folder, env=environment, check=True)


def draw(name: str, panels: list[Panel], width: float) -> None:
    """Draw maps side by side, each above its colours."""
    left, right, bottom, top = _extent(next(p.table for p in panels if not p.points))
    height = width / len(panels) * (top - bottom) / (right - left) + 0.9
    with style():
        figure = Figure(figsize=(width, height), layout="constrained")
        for axes, panel in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels):
            drawn = _dots(axes, panel) if panel.points else _cells(axes, panel)
            axes.set(aspect="equal", xticks=[], yticks=[], title=panel.title)
            axes.set(xlim=(left, right), ylim=(bottom, top))
            axes.spines[["top", "right"]].set_visible(True)
            _colour_bar(axes, panel, drawn)
        path = IMAGES / f"{name}.png"
        figure.savefig(path, dpi=120, bbox_inches="tight", metadata={"Software": None})
    print(f"{path}: {path.stat().st_size:,} bytes")


def _colour_bar(axes: Axes, panel: Panel, drawn: Any) -> None:
    values, norm = panel.table.value, panel.norm
    beyond = (values.min() < norm.vmin) + 2 * (values.max() > norm.vmax)
    look: dict[str, Any] = {"location": "bottom", "pad": 0.02, "aspect": 30}
    if isinstance(norm, LogNorm):
        look |= {"ticks": LogLocator(subs=(1, 3)), "format": "%d"}
    extend = ("neither", "min", "max", "both")[beyond]
    bar = axes.figure.colorbar(drawn, ax=axes, label=panel.label, extend=extend, **look)
    bar.minorticks_off()


def _cells(axes: Axes, panel: Panel) -> Any:
    look = {"interpolation": "nearest", "extent": _extent(panel.table)}
    drawn = axes.imshow(_surface(panel.table), norm=panel.norm, cmap=panel.ramp, **look)
    if len(panel.veiled):
        veil = {**look, "extent": _extent(panel.veiled)}
        axes.imshow(_surface(panel.veiled), cmap="Greys", vmin=0, vmax=2, **veil)
    return drawn


def _dots(axes: Axes, panel: Panel) -> Any:
    table = panel.table
    size = float(np.clip(4000 / len(table), 2, 10))
    return axes.scatter(table.x, table.y, size, table.value, norm=panel.norm, cmap=panel.ramp)


def _extent(table: pd.DataFrame) -> tuple[float, float, float, float]:
    half = np.diff(np.unique(table.x)).min() / 2
    return (
        table.x.min() - half,
        table.x.max() + half,
        table.y.min() - half,
        table.y.max() + half,
    )


def _surface(table: pd.DataFrame) -> NDArray[np.float64]:
    left, right, bottom, top = _extent(table)
    cell = np.diff(np.unique(table.x)).min()
    rows, cols = round((top - bottom) / cell), round((right - left) / cell)
    surface = np.full((rows, cols), np.nan)
    surface[((top - table.y) // cell).astype(int), ((table.x - left) // cell).astype(int)] = (
        table.value
    )
    return surface


def _layer(table: pd.DataFrame, values: Any) -> pd.DataFrame:
    return pd.DataFrame({"x": table.x, "y": table.y, "value": values})


def draw_sample(folder: Path) -> None:
    """The truth, the map and what lies between them."""
    found = pd.read_csv(folder / "sample.csv")
    with rasterio.open(ROOT / "resources" / "sample" / "synthetic_truth.tif") as raster:
        truth = np.concatenate(list(raster.sample(found[["x", "y"]].to_numpy())))
    norm = Normalize(*np.percentile(truth, [2, 98]))
    error = _layer(found, found.value - truth)
    print(f"RMSE of the sample's map: {np.sqrt(np.mean(error.value**2)):.3f}")
    panels = [
        Panel("Truth", "value", _layer(found, truth), norm),
        Panel("Map", "value", _layer(found, found.value), norm),
        Panel("Map minus truth", "value", error, Normalize(-2, 2), "RdBu_r"),
    ]
    draw("gallery_sample", panels, 8.4)


def draw_soil(folder: Path, data: Path) -> None:
    """Samples of soil, their map, and how wide its intervals are."""
    found, name = pd.read_csv(folder / "soil.csv"), "SNDMHT_A"
    points = pd.read_csv(data / "ebergoetzen" / "eberg_3670.csv")
    points = points.rename(columns={"X": "x", "Y": "y", name: "value"}).dropna(subset="value")
    norm = Normalize(0, 90)
    panels = [
        Panel("Samples", "sand (%)", points, norm, points=True),
        Panel("Map", "sand (%)", _layer(found, found[name]), norm),
        _width(found, name, "sand (percentage points)", Normalize(0, 80)),
    ]
    draw("gallery_soil", panels, 8.4)


def draw_heights(folder: Path, data: Path) -> None:
    """Stations, their map, and its intervals, in two pictures."""
    found, name, label = pd.read_csv(folder / "heights.csv"), "elev_m", "height (m)"
    points = pd.read_csv(data / "taiwan" / "stations_elevation.csv")
    to_grid = Transformer.from_crs("EPSG:4326", "EPSG:3826", always_xy=True)
    x, y = to_grid.transform(points.lon, points.lat)
    points = pd.DataFrame({"x": x, "y": y, "value": points[name]})
    norm = LogNorm(10, 3000, clip=True)
    panels = [
        Panel("Stations", label, points, norm, points=True),
        Panel("Map", label, _layer(found, found[name]), norm),
    ]
    draw("gallery_heights", panels, 6.0)
    panels = [
        Panel("Lower end", label, _layer(found, found[f"{name}_lower"]), norm),
        Panel("Upper end", label, _layer(found, found[f"{name}_upper"]), norm),
        _width(found, name, label, LogNorm(100, 3000, clip=True)),
    ]
    draw("gallery_interval", panels, 7.5)


def _width(found: pd.DataFrame, name: str, label: str, norm: Normalize) -> Panel:
    width = found[f"{name}_upper"] - found[f"{name}_lower"]
    inside = found[f"{name}_applicable"]
    print(
        f"{name}: widths {np.percentile(width, [5, 50, 95]).round(1)}, inside {inside.mean():.3f}"
    )
    outside = _layer(found, np.where(inside, np.nan, 1.0))
    return Panel("Width", label, _layer(found, width), norm, "magma_r", veiled=outside)


def draw_city(folder: Path) -> None:
    """What the model was given, its map, and what was measured everywhere."""
    graph = load_city("GZ")
    fitted = FittedMap.load(folder / "city" / "GZ_Light_model.safetensors")
    x, y = graph.geometry.centres(graph.cell).T
    cells = pd.DataFrame({"x": x, "y": y, "value": graph.targets["Light"]})
    known = cells[np.isin(graph.cell, fitted.cells)]
    norm = Normalize(0, 50)
    panels = [
        Panel(f"{len(known)} known cells", "night light", known, norm, points=True),
        Panel("Map", "night light", _layer(cells, fitted.map(graph, LEVEL).mean), norm),
        Panel("All cells as measured", "night light", cells, norm),
    ]
    draw("gallery_city", panels, 7.5)


def draw_districts() -> None:
    """What districts have in all, the map that GeoHG makes of it, and the truth."""
    districts = geopandas.read_file(SAMPLE / "synthetic_districts.gpkg")
    with rasterio.open(SAMPLE / "synthetic_truth.tif") as raster:
        truth, transform, crs = raster.read(1).ravel(), raster.transform, raster.crs
        row, col = np.divmod(np.arange(raster.width * raster.height), raster.width)
    x, y = transform * (col + 0.5, row + 0.5)
    cells = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(x, y), crs=crs)
    owner = cells.sjoin(districts, predicate="within").groupby(level=0).index_right.first()
    owner = owner.reindex(cells.index).to_numpy()
    inside = np.isfinite(owner)
    number = owner[inside].astype(int)
    total = np.bincount(number, truth[inside], len(districts))
    density = (total / np.bincount(number, minlength=len(districts)))[number]
    _, found = GeoHGInterpolator.from_dataframe(
        districts.assign(people=total),
        target_column="people",
        support="total",
        resolution=500,
        landcover=SAMPLE / "synthetic_landcover.tif",
        pois=SAMPLE / "synthetic_pois.gpkg",
    )
    near = {"method": "nearest", "tolerance": 1.0}
    told = pd.DataFrame({"x": x, "y": y, "truth": truth})[inside].assign(density=density)
    for layer, name in (("predictions", "map"), ("lower", "lower"), ("upper", "upper")):
        plane = found[layer]
        rows = pd.Index(found.lats).get_indexer(told.y, **near)
        told[name] = plane[rows, pd.Index(found.lons).get_indexer(told.x, **near)]
    for name in ("density", "map"):
        print(f"{name}: R2 {metrics(told.truth.to_numpy(), told[name].to_numpy())['r2']:.3f}")
    held = told.truth.between(told.lower, told.upper)
    print(f"{len(told)} cells; in the 90 % intervals {held.mean():.2f}")
    norm = Normalize(*np.percentile(truth, [2, 98]))
    panels = [
        Panel(f"{len(districts)} totals, spread evenly", "value", _layer(told, told.density), norm),
        Panel("Map", "value", _layer(told, told["map"]), norm),
        Panel("Truth", "value", _layer(told, told.truth), norm),
    ]
    draw("tutorial_districts", panels, 8.4)


def main() -> None:
    """Run the commands, then draw."""
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    data = Path(sys.argv[1]).resolve()
    folder = Path(sys.argv[2] if len(sys.argv) == 3 else ROOT / "build" / "gallery").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["GEOHG_DATA"] = str(data / "geohg_cities")
    run_commands(data, folder)
    draw_sample(folder)
    draw_soil(folder, data)
    draw_heights(folder, data)
    draw_city(folder)
    draw_districts()


if __name__ == "__main__":
    main()
