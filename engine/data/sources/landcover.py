"""Categorical rasters: opened, checked, and read in windows."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader
from rasterio.transform import Affine
from rasterio.windows import Window

from ...errors import InputError
from ...language import tr
from ..builders.crs import parse_crs
from .esa_worldcover import NODATA, is_worldcover

# Codes must lie in [MIN_CODE, MAX_CODE], so that one look-up table holds them.
MIN_CODE, MAX_CODE = -32768, 65535
# Stands for no data where the raster has no code for it.
MISSING = MIN_CODE - 1
MAX_CLASSES = 256
_GLANCE_SIDE = 256
# Rows of a window: wide windows count fastest, while low ones, in a VRT, would decode the blocks
# of its files anew for each.
_WINDOW_ROWS = 1024
# Decoded blocks that GDAL keeps: by default they grow with the raster to 5 % of the memory.
CACHE_BYTES = 64 * 2**20


@dataclass(frozen=True)
class LandCoverTile:
    """One checked categorical raster.

    Parameters
    ----------
    path : str
        The file.
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
    attribution : str
        What its licence asks to be said wherever it was used, if known.
    """

    path: str
    band: int
    crs: CRS
    transform: Affine
    shape: tuple[int, int]
    nodata: float | None
    attribution: str = ""

    @contextmanager
    def open(self) -> Iterator[DatasetReader]:
        """The opened raster."""
        try:
            with rasterio.Env(GDAL_CACHEMAX=CACHE_BYTES), rasterio.open(self.path) as raster:
                yield raster
        except RasterioError as error:
            raise InputError(
                tr("The raster '{path}' cannot be read: {error}").format(
                    path=self.path, error=error
                )
            ) from error

    def codes(self, raster: DatasetReader, window: Window) -> NDArray[np.integer]:
        """Class codes of a window; `missing` tells which stand for no data.

        Raises
        ------
        InputError
            If a value is not a whole number in range.
        """
        return as_codes(raster.read(self.band, window=window), self.nodata, self.path)

    @property
    def missing(self) -> tuple[int, ...]:
        """Codes of missing pixels in what `codes` returns."""
        if self.nodata is None or not np.isfinite(self.nodata):
            return (MISSING,)
        return MISSING, int(self.nodata)


def open_landcover(paths: Sequence[tuple[str | Path, int]]) -> list[LandCoverTile]:
    """Check rasters (path, band) at a glance, without reading them whole.

    Raises
    ------
    InputError
        If a raster cannot be read, has no CRS or no such band, or is not categorical.
    """
    return [_open_tile(str(path), band) for path, band in paths]


def _open_tile(path: str, band: int) -> LandCoverTile:
    try:
        with rasterio.open(path) as raster:
            if raster.crs is None:
                raise InputError(
                    tr("The raster '{path}' has no CRS; assign one first.").format(path=path)
                )
            if not 1 <= band <= raster.count:
                raise InputError(
                    tr("The raster '{path}' has {bands} bands, not band {band}.").format(
                        path=path, bands=raster.count, band=band
                    )
                )
            nodata = raster.nodatavals[band - 1]
            glance = raster.read(band, window=_middle(raster))
            owner = tr("the raster '{path}'").format(path=path)
            crs = parse_crs(raster.crs.to_string(), owner)
            tile = LandCoverTile(path, band, crs, raster.transform, raster.shape, nodata)
    except RasterioError as error:
        raise InputError(
            tr("The raster '{path}' cannot be read: {error}").format(path=path, error=error)
        ) from error
    codes = np.unique(as_codes(glance, nodata, path))
    check_class_count(codes, path)
    return tile


def _middle(raster: DatasetReader) -> Window:
    height, width = (min(side, _GLANCE_SIDE) for side in raster.shape)
    return Window((raster.width - width) // 2, (raster.height - height) // 2, width, height)


def check_class_count(codes: NDArray[np.integer], path: str) -> None:
    """Refuse a raster with too many classes to be categorical."""
    if len(codes) > MAX_CLASSES:
        raise InputError(
            tr(
                "The raster '{path}' has more than {most} different values, so it is not "
                "categorical; give a land-cover raster, or classify this one first."
            ).format(path=path, most=MAX_CLASSES)
        )


def as_codes(values: NDArray, nodata: float | None, path: str) -> NDArray[np.integer]:
    """Pixel values as class codes; whole numbers of up to 16 bits are kept as they are.

    Elsewhere NaN, infinite values and nodata become `MISSING`.
    """
    if values.dtype.kind in "iu" and values.dtype.itemsize <= 2:
        return values
    gone = ~np.isfinite(values)
    if nodata is not None:
        gone |= values == nodata
    kept = values[~gone]
    broken = kept[kept != np.round(kept)]
    if broken.size:
        raise InputError(
            tr(
                "The raster '{path}' is not categorical: it has values such as {value:g}; classes "
                "must be whole numbers."
            ).format(path=path, value=broken[0])
        )
    out = kept[(kept < MIN_CODE) | (kept > MAX_CODE)]
    if out.size:
        raise InputError(
            tr(
                "The raster '{path}' has the class {code:g}; classes must lie between {low} and "
                "{high}."
            ).format(path=path, code=out[0], low=MIN_CODE, high=MAX_CODE)
        )
    with np.errstate(invalid="ignore"):
        codes = values.astype(np.int32)
    codes[gone] = MISSING
    return codes


def windows(raster: DatasetReader, area: Window, pixels: int) -> list[Window]:
    """Windows over `area`, of whole blocks, of at most `pixels` or one block."""
    block_height, block_width = raster.block_shapes[0]
    width = max(pixels // max(block_height, _WINDOW_ROWS), block_width)
    first_row, first_col = int(area.row_off), int(area.col_off)
    rows = _cuts(first_row, first_row + int(area.height), block_height, pixels // width)
    cols = _cuts(first_col, first_col + int(area.width), block_width, width)
    return [
        Window(left, top, right - left, bottom - top)
        for top, bottom in pairwise(rows)
        for left, right in pairwise(cols)
    ]


def _cuts(first: int, last: int, block: int, longest: int) -> list[int]:
    """Both ends, and between them multiples of `block`, evenly, at most `longest` apart."""
    start = first // block * block
    blocks = math.ceil((last - start) / block)
    parts = math.ceil(blocks / max(longest // block, 1))
    step = math.ceil(blocks / parts) * block
    return [first, *range(start + step, last, step), last]


def drop_worldcover_nodata(
    codes: NDArray[np.int64], counts: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Take 0 as missing in WorldCover rasters, which often lack the nodata tag."""
    if NODATA in codes and len(codes) > 1 and is_worldcover(codes.tolist()):
        kept = codes != NODATA
        return codes[kept], counts[:, kept]
    return codes, counts
