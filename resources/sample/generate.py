"""Make the synthetic sample: a landscape whose true values are known everywhere.

    python resources/sample/generate.py [FOLDER]

Nothing in it was measured. The landscape lies in the sea of the Gulf of Guinea, so that
nobody takes it for a real place. README.md, beside this file, says how the truth is composed.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyogrio
import rasterio
import shapely
from numpy.random import Generator
from numpy.typing import NDArray
from rasterio.transform import from_origin
from scipy.ndimage import gaussian_filter

SEED = 20250101
CRS = "EPSG:32631"
LEFT, TOP = 480_000.0, 50_000.0
WIDTH, HEIGHT = 800, 600  # pixels
PIXEL_SIZE_M = 50.0
PIXELS_PER_CELL = 10  # a side; cells of 500 m

POINTS = 700
NOISE_RATIO = 0.1  # standard deviation of the noise over that of the truth
TOWNS = 14
DISTRICTS = 20

# WorldCover codes.
TREES, SHRUBS, GRASS, CROPS, BUILT, BARE, WATER, WETLAND = 10, 20, 30, 40, 50, 60, 80, 90

# Category: (POIs, spread about a town's centre relative to the town's radius).
CATEGORIES = {
    "food": (400, 0.6),
    "shop": (350, 0.5),
    "transport": (250, 1.2),
    "education": (200, 0.9),
    "industry": (160, 1.6),
    "health": (140, 0.7),
}

_GEOPACKAGE = {
    "driver": "GPKG",
    "crs": CRS,
    "dataset_options": {"VERSION": "1.2"},  # older QGIS warns of later ones
    "layer_options": {"SPATIAL_INDEX": "NO"},
}

Field = NDArray[np.float64]  # [HEIGHT, WIDTH], row 0 in the north
Places = NDArray[np.float64]  # [n, 2], column and row in pixels, fractions allowed


@dataclass(frozen=True)
class Town:
    """A town; lengths in pixels."""

    column: float
    row: float
    radius: float


def smooth_field(rng: Generator, range_m: float) -> Field:
    """A random field without trend, of mean 0 and spread 1, that varies over `range_m`."""
    field = gaussian_filter(
        rng.standard_normal((HEIGHT, WIDTH)), range_m / PIXEL_SIZE_M, mode="wrap"
    )
    return np.asarray((field - field.mean()) / field.std())


def rough_field(rng: Generator) -> Field:
    """A random field like a terrain: large shapes with smaller ones on them."""
    ranges_m = (4000.0, 1800.0, 800.0, 300.0)
    field = sum(smooth_field(rng, range_m) * range_m**0.7 for range_m in ranges_m)
    return np.asarray((field - field.mean()) / field.std())


def make_river(rng: Generator) -> Field:
    """The distance of every pixel, in metres, from a river that winds from north to south."""
    steps = gaussian_filter(rng.standard_normal(HEIGHT), 40, mode="wrap")
    course = WIDTH * 0.42 + np.cumsum(steps / steps.std()) * 0.9
    return np.asarray(np.abs(np.arange(WIDTH)[None, :] - course[:, None]) * PIXEL_SIZE_M)


def make_towns(rng: Generator) -> list[Town]:
    """Towns of falling size that keep their distance from one another."""
    towns: list[Town] = []
    while len(towns) < TOWNS:
        radius = 46.0 / (len(towns) + 1) ** 0.6
        column, row = rng.uniform((40, 40), (WIDTH - 40, HEIGHT - 40))
        gaps = [np.hypot(column - town.column, row - town.row) for town in towns]
        if min(gaps, default=WIDTH) > 90:
            towns.append(Town(column, row, radius))
    return towns


def town_intensity(towns: list[Town]) -> Field:
    """How much of a town is at every pixel: 1 in a centre, less outwards."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    intensity = np.zeros((HEIGHT, WIDTH))
    for town in towns:
        distance = np.hypot(columns - town.column, rows - town.row)
        intensity = np.maximum(intensity, np.exp(-((distance / town.radius) ** 2)))
    return intensity


def make_landcover(rng: Generator, towns: list[Town]) -> NDArray[np.uint8]:
    """Classes in WorldCover's codes: later lines overrule earlier ones."""
    terrain, moisture, detail = rough_field(rng), rough_field(rng), smooth_field(rng, 150.0)
    river_m = make_river(rng)
    landcover = np.full((HEIGHT, WIDTH), CROPS, dtype=np.uint8)
    landcover[moisture - 0.3 * terrain < -0.5] = GRASS
    landcover[terrain + 0.5 * moisture + 0.15 * detail > 0.55] = TREES
    landcover[(terrain > 0.9) & (moisture < -0.2)] = SHRUBS
    landcover[(terrain > 1.7) & (moisture < 0.0)] = BARE
    landcover[(river_m < 600) & (moisture + 0.4 * detail > 0.7)] = WETLAND
    landcover[town_intensity(towns) + 0.13 * detail > 0.4] = BUILT
    landcover[(river_m < 130) | (terrain < -2.1)] = WATER
    return landcover


def make_pois(rng: Generator, towns: list[Town]) -> tuple[Places, NDArray[np.str_]]:
    """Places of interest about the towns, more in larger ones, and their categories."""
    centres = np.array([(town.column, town.row) for town in towns])
    radii = np.array([town.radius for town in towns])
    places, categories = [], []
    for category, (count, spread) in CATEGORIES.items():
        chosen = rng.choice(len(towns), size=count, p=radii**2 / (radii**2).sum())
        offsets = rng.standard_normal((count, 2)) * (spread * radii[chosen])[:, None]
        places.append(centres[chosen] + offsets)
        categories.append(np.repeat(category, count))
    stacked, names = np.concatenate(places), np.concatenate(categories)
    inside = np.all((stacked >= 0) & (stacked < (WIDTH, HEIGHT)), axis=1)
    return stacked[inside], names[inside]


def share_around(mask: NDArray[np.bool_], range_m: float) -> Field:
    """The share of a class around every pixel, near pixels counting more."""
    return np.asarray(gaussian_filter(mask.astype(float), range_m / PIXEL_SIZE_M, mode="nearest"))


def make_truth(rng: Generator, landcover: NDArray[np.uint8], pois: Places) -> Field:
    """The true value at every pixel, without noise."""
    built = share_around(landcover == BUILT, 800.0)
    trees = share_around(landcover == TREES, 1000.0)
    water = share_around(np.isin(landcover, (WATER, WETLAND)), 500.0)
    columns, rows = pois.astype(int).T
    counts = np.zeros((HEIGHT, WIDTH))
    np.add.at(counts, (rows, columns), 1.0)
    pixels_per_km2 = (1000.0 / PIXEL_SIZE_M) ** 2
    pois_per_km2 = gaussian_filter(counts, 600.0 / PIXEL_SIZE_M, mode="nearest") * pixels_per_km2
    east = np.linspace(0.0, 1.0, WIDTH)[None, :]
    north = np.linspace(1.0, 0.0, HEIGHT)[:, None]
    return np.asarray(
        20.0
        + 18.0 * built / (built + 0.3)
        - 6.0 * trees * (1.0 - built)
        - 5.0 * np.sqrt(water)
        + 1.5 * np.log1p(pois_per_km2)
        + 3.0 * east
        + 2.0 * north**2
        + 1.5 * smooth_field(rng, 2500.0)
    )


def make_points(rng: Generator, truth: Field, intensity: Field) -> tuple[Places, Field]:
    """Measurements at random places, denser near towns, with noise."""
    density = (0.25 + share_around(intensity > 0.15, 1500.0)).ravel()
    pixels = rng.choice(density.size, size=POINTS, replace=False, p=density / density.sum())
    places = np.column_stack((pixels % WIDTH, pixels // WIDTH)) + rng.random((POINTS, 2))
    noise = NOISE_RATIO * truth.std() * rng.standard_normal(POINTS)
    return places, truth.ravel()[pixels] + noise


def make_districts() -> list[shapely.Polygon]:
    """Districts of uneven size that fill the landscape, in metres, from north to south."""
    rng = np.random.default_rng(SEED)  # of its own: what else is drawn stays as it was
    seats = shapely.multipoints(rng.uniform((0, 0), (WIDTH, HEIGHT), (DISTRICTS, 2)))
    frame = shapely.box(0, 0, WIDTH, HEIGHT)
    cut = shapely.intersection(shapely.get_parts(shapely.voronoi_polygons(seats)), frame)
    placed = shapely.transform(cut, lambda xy: xy * (PIXEL_SIZE_M, -PIXEL_SIZE_M) + (LEFT, TOP))
    rounded = shapely.set_precision(placed, 1.0)
    return sorted(rounded, key=lambda shape: (-shape.centroid.y, shape.centroid.x))


def write_districts(path: Path, shapes: list[shapely.Polygon]) -> None:
    """Write polygons with a name as a GeoPackage."""
    names = np.array([f"District {number + 1}" for number in range(len(shapes))], dtype=object)
    path.unlink(missing_ok=True)
    pyogrio.raw.write(
        path,
        geometry=shapely.to_wkb(shapely.normalize(shapes)),
        field_data=[names],
        fields=["name"],
        geometry_type="Polygon",
        **_GEOPACKAGE,
        layer=path.stem,
    )


def write_raster(path: Path, band: NDArray[np.generic], pixel_size: float, nodata: float) -> None:
    """Write one band as a compressed, tiled GeoTIFF."""
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=band.shape[0],
        width=band.shape[1],
        count=1,
        dtype=band.dtype,
        crs=CRS,
        transform=from_origin(LEFT, TOP, pixel_size, pixel_size),
        nodata=nodata,
        tiled=True,
        blockxsize=256,
        blockysize=256,
        compress="deflate",
        predictor=2 if band.dtype == np.uint8 else 3,
    ) as raster:
        raster.write(band, 1)


def write_points(path: Path, places: Places, name: str, values: NDArray[np.generic]) -> None:
    """Write points with one field as a GeoPackage."""
    coordinates = places * (PIXEL_SIZE_M, -PIXEL_SIZE_M) + (LEFT, TOP)
    path.unlink(missing_ok=True)
    pyogrio.raw.write(
        path,
        geometry=shapely.to_wkb(shapely.points(coordinates.round(1))),
        field_data=[values],
        fields=[name],
        geometry_type="Point",
        **_GEOPACKAGE,
        layer=path.stem,
    )


def generate(folder: Path) -> None:
    """Write the whole sample into `folder`."""
    rng = np.random.default_rng(SEED)
    towns = make_towns(rng)
    landcover = make_landcover(rng, towns)
    pois, categories = make_pois(rng, towns)
    truth = make_truth(rng, landcover, pois)
    places, values = make_points(rng, truth, town_intensity(towns))
    cells = truth.reshape(
        HEIGHT // PIXELS_PER_CELL, PIXELS_PER_CELL, WIDTH // PIXELS_PER_CELL, PIXELS_PER_CELL
    ).mean(axis=(1, 3))

    # GDAL writes the time into a GeoPackage; a fixed one makes the same bytes every time.
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2025-01-01T00:00:00.000Z"})
    write_raster(folder / "synthetic_landcover.tif", landcover, PIXEL_SIZE_M, 0)
    cell_size_m = PIXEL_SIZE_M * PIXELS_PER_CELL
    write_raster(folder / "synthetic_truth.tif", cells.astype(np.float32), cell_size_m, -9999)
    write_points(folder / "synthetic_points.gpkg", places, "value", values.round(2))
    write_points(folder / "synthetic_pois.gpkg", pois, "category", categories.astype(object))
    write_districts(folder / "synthetic_districts.gpkg", make_districts())


if __name__ == "__main__":
    generate(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
