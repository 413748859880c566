"""Continuous rasters, read in windows as numbers, NaN where they are missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.io import DatasetReader
from rasterio.transform import Affine
from rasterio.windows import Window

from .rasters import reading
from .tiles import Tile, masked_out, owner_of

# AlphaEarth's embeddings: what stands for a missing pixel, and for 1.
_MISSING_BYTE, _ONE = -128, 127.5
_LARGEST = float(np.finfo(np.float32).max)


@dataclass(frozen=True)
class ContinuousTile(Tile):
    """One checked continuous raster.

    Parameters
    ----------
    path : str
        The file, or GDAL's name of the raster.
    bands : tuple of int
        The bands to read, from 1.
    crs : pyproj.CRS
        Its CRS.
    transform : Affine
        From (column, row) to the CRS; any rotation is allowed.
    shape : tuple of int
        Rows and columns.
    kinds : tuple of str
        The type of each band's pixels.
    nodata : tuple of (float or None)
        What stands for a missing pixel in each band, before scale and offset; may be NaN.
    scales, offsets : tuple of float
        A value is the pixel x scale + offset.
    masked : bool
        Whether it has a mask beside the nodata.
    alpha : int or None
        The band that is 0 where pixels are missing.
    dequantise : bool
        Whether a pixel x, a signed byte, stands for sign(x) (x / 127.5)^2, and -128 for none.
    """

    path: str
    bands: tuple[int, ...]
    crs: CRS
    transform: Affine
    shape: tuple[int, int]
    kinds: tuple[str, ...]
    nodata: tuple[float | None, ...]
    scales: tuple[float, ...]
    offsets: tuple[float, ...]
    masked: bool = False
    alpha: int | None = None
    dequantise: bool = False

    @property
    def used(self) -> tuple[int, ...]:
        """The bands to read, from 1."""
        return self.bands

    @property
    def layers(self) -> int:
        """How many quantities `read` gives."""
        return len(self.bands)

    def read(self, raster: DatasetReader, window: Window) -> NDArray[np.floating]:
        """The values of a window, shape [bands, height, width].

        Float32 where it holds every pixel exactly, else float64. Missing pixels are NaN;
        infinite ones are left.

        Raises
        ------
        InputError
            If it cannot be read.
        """
        bands = list(self.bands)
        kind = np.result_type(*self.kinds)
        with reading(owner_of(self.path)):
            stored = raster.read(bands, window=window, out_dtype=kind)
            gone = masked_out(raster, bands, window, self.masked, self.alpha)
        small = kind == np.float32 or (kind.kind in "iu" and kind.itemsize <= 2)
        scaled = any(scale != 1 for scale in self.scales) or any(self.offsets)
        values = np.empty(stored.shape, np.float32 if small and not scaled else np.float64)
        # Band by band, so that a processor keeps them at hand.
        for number, (value, pixels) in enumerate(zip(values, stored)):
            self._convert(number, pixels, value)
        if gone is not None:
            np.putmask(values, np.broadcast_to(gone, values.shape), np.nan)
        return values

    def _convert(self, number: int, pixels: NDArray[Any], value: NDArray[np.floating]) -> None:
        """Write the values of the pixels of one band to `value`."""
        value[:] = pixels
        if self.dequantise:
            value *= np.abs(value)
            value *= 1 / _ONE**2
        if self.scales[number] != 1:
            value *= self.scales[number]
        if self.offsets[number]:
            value += self.offsets[number]
        codes = {self.nodata[number], _MISSING_BYTE if self.dequantise else None}
        for code in codes:
            fill = _as_stored(code, np.dtype(self.kinds[number]))
            if fill is not None:
                np.putmask(value, pixels == fill, np.nan)

    def known(self, values: NDArray[Any]) -> NDArray[np.bool_]:
        """Where values, as `read` returns them, are neither missing nor infinite."""
        return is_known(values)

    def hidden(self, values: NDArray[Any], where: NDArray[np.bool_]) -> NDArray[Any]:
        """Values with NaN `where` it says so."""
        return np.where(where, values.dtype.type(np.nan), values)


def is_known(values: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Where values are numbers in float32's range; the squares of larger ones may be infinite."""
    if values.dtype == np.float32:
        return np.isfinite(values)
    return np.abs(values) <= _LARGEST


def _as_stored(code: float | None, kind: np.dtype) -> np.generic | None:
    """What stands for missing pixels, as they hold it; None where no pixel can."""
    if code is None or np.isnan(code):
        return None
    if kind.kind == "f":
        with np.errstate(over="ignore"):
            return kind.type(code)
    limits = np.iinfo(kind)
    if not float(code).is_integer() or not limits.min <= int(code) <= limits.max:
        return None
    return kind.type(int(code))
