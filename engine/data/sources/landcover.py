"""Categorical rasters: opened, checked, and read in windows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from rasterio.enums import MaskFlags
from rasterio.io import DatasetReader
from rasterio.windows import Window

from ...errors import InputError
from ...language import tr
from ...progress import Progress, Silent
from ..builders.codes import check_class_count, find_untagged
from ..builders.crs import parse_crs
from ..builders.esa_worldcover import untagged_in_worldcover
from ..builders.rasters import (
    check_blocks,
    check_georeference,
    decoded_pixels,
    gdal_name,
    open_raster,
    reading,
)
from ..builders.tiles import LandCoverTile, owner_of
from .colours import find_alpha, refuse_picture
from .looks import refuse_continuous

_GLANCE_SIDE = 256
# A raster is glanced at in so many windows each way, which decode no more than these pixels,
# but for one window.
_GLANCE_WINDOWS = 3
_GLANCE_PIXELS = 2**25


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
        check_georeference(raster, owner)
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
        parts = [tile.read(raster, window) for window in windows]
        codes = np.setdiff1d(np.concatenate([np.unique(part) for part in parts]), tile.missing)
        check_class_count(codes, path)
        untagged = untagged_in_worldcover(codes.tolist())
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
        sorted({(length - side) * step // (2 * _GLANCE_WINDOWS) for step in range(1, 6, 2)})
        for length, side in zip(raster.shape, sides)
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
