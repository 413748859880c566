"""Which kind of raster a band is most likely: classes, or a continuous quantity."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from rasterio.io import DatasetReader

from ...progress import Silent
from ..builders.codes import MAX_CLASSES
from ..builders.rasters import gdal_name, open_raster, reading
from ..builders.tiles import owner_of
from .glances import check_band, glances
from .looks import has_legend, is_continuous

# More values than these are no classes, but where a legend says so.
_FEW_VALUES = 64


def looks_like(path: str | Path, band: int = 1) -> Literal["classes", "continuous"]:
    """What a band of a raster looks like at a glance.

    Numbers with fractions are continuous. Whole numbers are classes with a colour table, a table
    of attributes or names of categories; or if they are few and do not change between neighbours
    as a quantity does.

    Raises
    ------
    InputError
        If the raster cannot be read, or has no such band.
    """
    name = gdal_name(path)
    owner = owner_of(name)
    with open_raster(name, owner) as raster:
        check_band(raster, band, name)
        if np.dtype(raster.dtypes[band - 1]).kind not in "iu":
            return "continuous"
        with reading(owner):
            nodata = raster.nodatavals[band - 1]
            parts = [
                raster.read(band, window=window).astype(np.int64)
                for window in glances(raster, Silent())
            ]
        missing = [int(nodata)] if nodata is not None and float(nodata).is_integer() else []
        values = np.setdiff1d(np.concatenate([np.unique(part) for part in parts]), missing)
        if has_legend(raster, band, values, owner):
            return "classes"
        few = len(values) <= _FEW_VALUES and not is_continuous(parts, missing)
        return "classes" if few else "continuous"


def classes_seen(
    raster: DatasetReader, band: int, parts: Sequence[NDArray[np.number]], owner: str
) -> int:
    """How many classes a band has, whose legend says that it has classes; else 0.

    Parameters
    ----------
    raster : DatasetReader
        The raster.
    band : int
        The band.
    parts : sequence of array [height, width]
        Glances at its pixels.
    owner : str
        What the raster is called in an error.
    """
    if np.dtype(raster.dtypes[band - 1]).kind not in "iu":
        return 0
    values = np.unique(np.concatenate([np.unique(part) for part in parts]).astype(np.int64))
    found = len(values) if has_legend(raster, band, values, owner) else 0
    return found if found <= MAX_CLASSES else 0
