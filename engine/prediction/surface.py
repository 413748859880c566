"""Cells to GeoTIFF, exactly on the grid."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rasterio.io import MemoryFile
from rasterio.transform import Affine

from .. import __version__
from ..data.builders.graph import GraphRawData

# GeoTIFF wants multiples of 16.
_BLOCK = 256


def to_grid(graph: GraphRawData, values: NDArray[np.floating]) -> NDArray[np.float64]:
    """Values of the graph's cells as a raster [rows, cols]; NaN where there is no cell."""
    surface = np.full(graph.grid.size, np.nan)
    surface[graph.cell] = values
    return surface.reshape(graph.grid.rows, graph.grid.cols)


def copyright_tag(attribution: str) -> dict[str, str]:
    """The GeoTIFF tag with the attribution that the data require, if any."""
    return {"TIFFTAG_COPYRIGHT": attribution} if attribution else {}


def write_geotiff(
    path: Path,
    crs: str,
    transform: Affine,
    bands: Mapping[str, NDArray[np.floating]],
    unit: str = "",
    tags: Mapping[str, str] = {},
    dtype: type[np.floating] = np.float32,
) -> None:
    """Write a tiled, compressed GeoTIFF with NaN as nodata, which names its software.

    Parameters
    ----------
    path : Path
        Where to write.
    crs : str
        CRS of the raster.
    transform : Affine
        From (column, row) to the CRS.
    bands : mapping of str to float array [rows, cols]
        Each band by its description: target and unit.
    unit : str
        Of all bands.
    tags : mapping of str to str
        More metadata of the file.
    dtype : type
        `numpy.float32` or `numpy.float64`, of all bands.
    """
    rows, cols = next(iter(bands.values())).shape
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff",
            width=cols,
            height=rows,
            count=len(bands),
            dtype=dtype,
            crs=crs,
            transform=transform,
            nodata=np.nan,
            tiled=True,
            blockxsize=_BLOCK,
            blockysize=_BLOCK,
            compress="deflate",
            predictor=3,
            bigtiff="if_safer",
        ) as raster:
            for number, (description, plane) in enumerate(bands.items(), 1):
                raster.write(plane.astype(dtype, copy=False), number)
                raster.set_band_description(number, description)
                raster.set_band_unit(number, unit)
            raster.update_tags(TIFFTAG_SOFTWARE=f"GeoHG {__version__}", **tags)
        # On a full disk GDAL leaves a file cut short and says nothing; Python tells.
        path.write_bytes(memory.getbuffer())
