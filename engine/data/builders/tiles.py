"""Rasters that were checked, read in windows; those of classes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

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


class Tile:
    """One checked raster of any kind: what `read` gives may have bands before rows and columns.

    Attributes
    ----------
    path : str
        The file, or GDAL's name of the raster.
    crs : pyproj.CRS
        Its CRS.
    transform : Affine
        From (column, row) to the CRS; any rotation is allowed.
    shape : tuple of int
        Rows and columns.
    """

    path: str
    crs: CRS
    transform: Affine
    shape: tuple[int, int]

    @contextmanager
    def open(self) -> Iterator[DatasetReader]:
        """The opened raster."""
        with open_raster(self.path, owner_of(self.path)) as raster:
            yield raster

    @property
    def frame(self) -> Frame:
        """Its pixels."""
        return Frame(self.crs, self.transform, *self.shape)

    @property
    def used(self) -> tuple[int, ...]:
        """The bands that it reads, from 1."""
        raise NotImplementedError

    def read(self, raster: DatasetReader, window: Window) -> NDArray[Any]:
        """The pixels of a window, shape [..., height, width]."""
        raise NotImplementedError

    def parts(self, raster: DatasetReader, window: Window) -> Iterator[tuple[Window, NDArray[Any]]]:
        """The pixels of a window, in parts to be worked on one after the other."""
        yield window, self.read(raster, window)

    def known(self, values: NDArray[Any]) -> NDArray[np.bool_]:
        """Where values, as `read` returns them, are not missing."""
        raise NotImplementedError

    def hidden(self, values: NDArray[Any], where: NDArray[np.bool_]) -> NDArray[Any]:
        """Values with those missing `where` it says so."""
        raise NotImplementedError


@dataclass(frozen=True)
class LandCoverTile(Tile):
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
    land : bool
        Whether it shows land cover, whose codes may be those of WorldCover.
    legend : mapping of int to str
        What it calls its classes; not all need have a name.
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
    land: bool = True
    legend: Mapping[int, str] = field(default_factory=dict, compare=False)

    @property
    def used(self) -> tuple[int, ...]:
        """The band of classes."""
        return (self.band,)

    def read(self, raster: DatasetReader, window: Window) -> NDArray[np.integer]:
        """Class codes of a window; `missing` tells which stand for no data.

        Raises
        ------
        InputError
            If it cannot be read, or a value is not a whole number in range.
        """
        with reading(owner_of(self.path)):
            values = raster.read(self.band, window=window)
            gone = masked_out(raster, self.band, window, self.masked, self.alpha)
        return as_codes(values, self.nodata, self.path, gone)

    @property
    def missing(self) -> tuple[int, ...]:
        """Codes of missing pixels in what `read` returns."""
        if self.nodata is None or not float(self.nodata).is_integer():
            return (MISSING,)
        return MISSING, int(self.nodata)

    def known(self, values: NDArray[np.integer]) -> NDArray[np.bool_]:
        """Where codes, as `read` returns them, are those of a class."""
        return ~np.isin(values, (MISSING, *self.missing, *self.untagged))

    def hidden(self, values: NDArray[np.integer], where: NDArray[np.bool_]) -> NDArray[np.integer]:
        """Codes with `MISSING` `where` it says so."""
        return np.where(where, MISSING, values.astype(np.int32))


def masked_out(
    raster: DatasetReader,
    bands: int | list[int],
    window: Window,
    masked: bool,
    alpha: int | None,
) -> NDArray[np.bool_] | None:
    """Where the mask or the alpha band of a raster says that pixels are missing; None without."""
    gone = None
    if masked:
        gone = raster.read_masks(bands, window=window) == 0
    if alpha is not None:
        clear = raster.read(alpha, window=window) == 0
        gone = clear if gone is None else gone | clear
    return gone


def owner_of(path: str) -> str:
    """What a raster is called in an error."""
    return tr("the raster '{path}'").format(path=path)
