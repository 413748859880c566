"""A bucket with tiles of the layout of ESA WorldCover."""

import numpy as np
import rasterio
from rasterio.transform import from_origin

CODES = np.array([10, 20, 30, 50, 80], np.uint8)


def tile_path(folder, tile, year="2021"):
    version = {"2020": "v100", "2021": "v200"}[year]
    return folder / version / year / "map" / f"ESA_WorldCover_10m_{year}_{version}_{tile}_Map.tif"


def make_tile(folder, tile, side, patch=6, year="2021", seed=1):
    """Patches of random classes over a tile of `side` x `side` pixels; returns the file."""
    south = int(tile[1:3]) * (1 if tile[0] == "N" else -1)
    west = int(tile[4:]) * (1 if tile[3] == "E" else -1)
    number = -(-side // patch)
    patches = np.random.default_rng(seed).choice(CODES, (number, number))
    path = tile_path(folder, tile, year)
    path.parent.mkdir(parents=True, exist_ok=True)
    with rasterio.open(
        path,
        "w",
        driver="COG",
        width=side,
        height=side,
        count=1,
        dtype="uint8",
        crs="EPSG:4326",
        transform=from_origin(west, south + 3, 3 / side, 3 / side),
        nodata=0,
        compress="deflate",
        level=1,
        blocksize=512,
        overview_resampling="nearest",
    ) as raster:
        raster.write(np.kron(patches, np.ones((patch, patch), np.uint8))[:side, :side], 1)
    return path
