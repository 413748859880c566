"""Cells to GeoTIFF, exactly on the grid."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.io import MemoryFile
from rasterio.shutil import copy
from rasterio.transform import Affine

from .. import __version__
from ..data.builders.graph import GraphRawData
from ..data.builders.rasters import CACHE_BYTES, cause
from ..errors import OutputError
from ..language import tr
from ..progress import Progress
from .statistics import Statistics

# Pixels of a tile's side.
_BLOCK = 512
_POLL_SECONDS = 0.2


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
    """Write a Cloud Optimized GeoTIFF with NaN as nodata, which names its software.

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
    with MemoryFile(ext=".tif") as source, MemoryFile(ext=".tif") as made:
        with source.open(
            driver="GTiff",
            width=cols,
            height=rows,
            count=len(bands),
            dtype=dtype,
            crs=crs,
            transform=transform,
            nodata=np.nan,
        ) as raster:
            for number, (description, plane) in enumerate(bands.items(), 1):
                plane = plane.astype(dtype, copy=False)
                raster.write(plane, number)
                raster.update_tags(number, **Statistics.of(plane).tags())
                raster.set_band_description(number, description)
                raster.set_band_unit(number, unit)
            raster.update_tags(**software_tags(tags))
        to_cog(source.name, made.name)
        # On a full disk GDAL leaves a file cut short and says nothing; Python tells.
        path.write_bytes(made.getbuffer())


def software_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """The metadata `tags` of a file, with the software that made it."""
    return {"TIFFTAG_SOFTWARE": f"GeoHG {__version__}", **tags}


def colour_table(legend: Mapping[str, str]) -> list[tuple[int, int, int, int]]:
    """The colours of the numbers of classes, from 0, which is no class and transparent."""
    return [(0, 0, 0, 0), *((*bytes.fromhex(own[1:]), 255) for own in legend.values())]


def to_cog(source: str, path: str, classes: bool = False) -> None:
    """Copy a raster to a Cloud Optimized GeoTIFF, with its metadata.

    It has tiles, and overviews that average, or of classes tell the commonest. GDAL reads the
    raster in windows, so that memory does not grow with it.

    Parameters
    ----------
    source, path : str
        Names of the raster and of the new file, as GDAL knows them.
    classes : bool
        Whether it has the numbers of classes, and not floats.
    """
    with rasterio.Env(GDAL_CACHEMAX=CACHE_BYTES):
        copy(
            source,
            path,
            driver="COG",
            blocksize=_BLOCK,
            compress="deflate",
            predictor="no" if classes else "floating_point",
            overview_resampling="mode" if classes else "average",
            bigtiff="if_safer",
        )


def to_cog_watched(source: str, path: Path, progress: Progress, classes: bool = False) -> None:
    """As `to_cog`, in a thread, so that a large raster can be cancelled.

    Parameters
    ----------
    source : str
        Name of the raster.
    path : Path
        Where to write: in a folder that goes if this is cancelled, for GDAL does not stop.
    progress : Progress
        Asked whether to stop.
    classes : bool
        As of `to_cog`.

    Raises
    ------
    Cancelled
        If so.
    OutputError
        If the raster cannot be written.
    """
    faults: list[Exception] = []

    def work() -> None:
        try:
            to_cog(source, str(path), classes)
        except Exception as error:  # noqa: BLE001 - raised below, in the caller's thread
            faults.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(_POLL_SECONDS)
        progress.check_cancelled()
    if faults:
        raise OutputError(
            tr("'{path}' could not be written: {reason}.").format(
                path=path, reason=cause(faults[0])
            )
        ) from faults[0]
