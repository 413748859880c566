"""Categorical rasters: opened, checked, and read in windows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.enums import MaskFlags
from rasterio.io import DatasetReader
from rasterio.transform import Affine
from rasterio.windows import Window

from ...errors import InputError
from ...language import tr
from ...progress import Progress, Silent
from ..builders.crs import parse_crs
from ..builders.frames import Frame
from .codes import MISSING, as_codes, check_class_count, find_untagged
from .colours import find_alpha, refuse_picture
from .esa_worldcover import NODATA, is_worldcover
from .looks import refuse_continuous
from .rasters import (
    check_blocks,
    check_place,
    decoded_pixels,
    gdal_name,
    open_raster,
    reading,
)

_GLANCE_SIDE = 256
# A glance is at so many places each way; it decodes no more than these pixels, but one place.
_GLANCE_PLACES = 3
_GLANCE_PIXELS = 2**25


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


def open_landcover(
    paths: Sequence[tuple[str | Path, int]], progress: Progress | None = None
) -> list[LandCoverTile]:
    """Check rasters (path, band) at a glance, without reading them whole.

    Raises
    ------
    InputError
        If a raster cannot be read, has no place on Earth or no such band, or is not categorical.
    Cancelled
        If the user asked to stop.
    """
    return [_open_tile(gdal_name(path), band, progress or Silent()) for path, band in paths]


def _open_tile(path: str, band: int, progress: Progress) -> LandCoverTile:
    progress.check_cancelled()
    owner = owner_of(path)
    with open_raster(path, owner) as raster:
        check_place(raster, owner)
        _check_band(raster, band, path)
        check_blocks(raster, band, owner)
        with reading(owner):
            nodata = raster.nodatavals[band - 1]
            masks = set(raster.mask_flag_enums[band - 1])
            named = raster.crs.to_string()
        crs = parse_crs(named, owner)
        # GDAL takes any band with the tag for a mask.
        plain = masks in ({MaskFlags.all_valid}, {MaskFlags.nodata})
        masked = not plain and MaskFlags.alpha not in masks
        windows = list(_glances(raster, progress))
        refuse_picture(raster, band, windows, owner)
        alpha = find_alpha(raster, band, windows, owner)
        tile = LandCoverTile(path, band, crs, raster.transform, raster.shape, nodata, masked, alpha)
        parts = [tile.codes(raster, window) for window in windows]
        codes = np.setdiff1d(np.concatenate([np.unique(part) for part in parts]), tile.missing)
        check_class_count(codes, path)
        untagged = _untagged_in_worldcover(codes.tolist())
        if untagged:
            return replace(tile, untagged=untagged)
        # Many negative numbers are no codes, but depths.
        few = find_untagged(codes)[:2]
        refuse_continuous(raster, band, parts, (*tile.missing, *few), owner)
    return tile


def _check_band(raster: DatasetReader, band: int, path: str) -> None:
    if not isinstance(band, int) or not 1 <= band <= raster.count:
        raise InputError(
            tr("The raster '{path}' has {bands} bands, not band {band}.").format(
                path=path, bands=raster.count, band=band
            )
        )
    kind = raster.dtypes[band - 1]
    if "complex" in kind:
        raise InputError(
            tr(
                "The raster '{path}' has complex numbers ({kind}), and no classes; give a raster "
                "of classes."
            ).format(path=path, kind=kind)
        )


def _glances(raster: DatasetReader, progress: Progress) -> Iterator[Window]:
    """The middle, and windows over the rest of the raster as far as they cost little."""
    sides = [min(side, _GLANCE_SIDE) for side in raster.shape]
    starts = [
        sorted({(whole - side) * place // (2 * _GLANCE_PLACES) for place in range(1, 6, 2)})
        for whole, side in zip(raster.shape, sides)
    ]
    windows = [Window(col, row, sides[1], sides[0]) for row in starts[0] for col in starts[1]]
    middle = windows.pop(len(windows) // 2)
    cost = 0
    for window in [middle, *windows]:
        progress.check_cancelled()
        cost += decoded_pixels(raster, window)
        if window is not middle and cost > _GLANCE_PIXELS:
            return
        yield window


def drop_worldcover_nodata(
    codes: NDArray[np.int64], counts: NDArray[np.number]
) -> tuple[NDArray[np.int64], NDArray[np.number]]:
    """Take codes as missing in WorldCover rasters that no tag names, such as its 0."""
    kept = ~np.isin(codes, _untagged_in_worldcover(codes.tolist()))
    return codes[kept], counts[:, kept]


def _untagged_in_worldcover(codes: Sequence[int]) -> tuple[int, ...]:
    """Codes of missing pixels, if all others are WorldCover's; it often lacks the nodata tag."""
    negative = [code for code in codes if code < 0]
    if len(codes) > 1 and is_worldcover(set(codes) - set(negative)):
        return NODATA, *negative
    return ()
