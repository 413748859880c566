"""Cells to GeoTIFF, exactly on the grid."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rasterio.io import MemoryFile

from ..data.builders.graph import GraphRawData

# GeoTIFF wants multiples of 16.
_BLOCK = 256


def to_grid(graph: GraphRawData, values: NDArray[np.floating]) -> NDArray[np.float32]:
    """Values of the graph's cells as a raster [rows, cols]; NaN where there is no cell."""
    surface = np.full(graph.grid.size, np.nan, dtype=np.float32)
    surface[graph.cell] = values
    return surface.reshape(graph.grid.rows, graph.grid.cols)


def write_geotiff(
    path: Path,
    graph: GraphRawData,
    values: NDArray[np.floating],
    description: str,
    tags: Mapping[str, str],
) -> None:
    """Write one value a cell as a tiled, compressed float32 GeoTIFF with NaN as nodata.

    Parameters
    ----------
    path : Path
        Where to write.
    graph : GraphRawData
        The cells and their grid.
    values : float array [N]
        A value for each cell of the graph.
    description : str
        Name of the band: target and unit.
    tags : mapping of str to str
        Metadata of the file.
    """
    grid = graph.grid
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff",
            width=grid.cols,
            height=grid.rows,
            count=1,
            dtype="float32",
            crs=grid.crs,
            transform=grid.transform,
            nodata=np.nan,
            tiled=True,
            blockxsize=_BLOCK,
            blockysize=_BLOCK,
            compress="deflate",
            predictor=3,
            bigtiff="if_safer",
        ) as raster:
            raster.write(to_grid(graph, values), 1)
            raster.set_band_description(1, description)
            raster.update_tags(**tags)
        # On a full disk GDAL leaves a file cut short and says nothing; Python tells.
        path.write_bytes(memory.getbuffer())
