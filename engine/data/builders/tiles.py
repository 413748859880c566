"""Categorical rasters, read in windows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.io import DatasetReader
from rasterio.transform import Affine
from rasterio.windows import Window

from ...language import tr
from .codes import MISSING, as_codes
from .frames import Frame
from .rasters import open_raster, reading


@dataclass(frozen=True)
class LandCoverTile:
    """One checked categorical raster.

    Parameters
    ----------
    path : str
        The file, or GDAL's name of the raster.
    band : int
        The band that holds the classes, from 1.
    crs : pyproj.CRS
        Its CRS.
    transform : Affine
        From (column, row) to the CRS; any rotation is allowed.
    shape : tuple of int
        Rows and columns.
    nodata : float or None
        The code of missing pixels; may be NaN.
    masked : bool
        Whether it has a mask beside the nodata.
    alpha : int or None
        The band that is 0 where pixels are missing.
    untagged : tuple of int
        Codes of missing pixels that no tag names, in WorldCover: 0, and negative ones.
    attribution : str
        What its licence asks to be said wherever it was used, if known.
    """

    path: str
    band: int
    crs: CRS
    transform: Affine
    shape: tuple[int, int]
    nodata: float | None
    masked: bool = False
    alpha: int | None = None
    untagged: tuple[int, ...] = ()
    attribution: str = ""

    @contextmanager
    def open(self) -> Iterator[DatasetReader]:
        """The opened raster."""
        with open_raster(self.path, owner_of(self.path)) as raster:
            yield raster

    def codes(self, raster: DatasetReader, window: Window) -> NDArray[np.integer]:
        """Class codes of a window; `missing` tells which stand for no data.

        Raises
        ------
        InputError
            If it cannot be read, or a value is not a whole number in range.
        """
        gone = None
        with reading(owner_of(self.path)):
            values = raster.read(self.band, window=window)
            if self.masked:
                gone = raster.read_masks(self.band, window=window) == 0
            if self.alpha is not None:
                clear = raster.read(self.alpha, window=window) == 0
                gone = clear if gone is None else gone | clear
        return as_codes(values, self.nodata, self.path, gone)

    @property
    def frame(self) -> Frame:
        """Its pixels."""
        return Frame(self.crs, self.transform, *self.shape)

    @property
    def missing(self) -> tuple[int, ...]:
        """Codes of missing pixels in what `codes` returns."""
        if self.nodata is None or not float(self.nodata).is_integer():
            return (MISSING,)
        return MISSING, int(self.nodata)

    def has_class(self, codes: NDArray[np.integer]) -> NDArray[np.bool_]:
        """Where codes, as `codes` returns them, are those of a class."""
        return ~np.isin(codes, (MISSING, *self.missing, *self.untagged))


def owner_of(path: str) -> str:
    """What a land-cover raster is called in an error."""
    return tr("the raster '{path}'").format(path=path)
