"""Categorical rasters: opened, checked, and read in windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from rasterio.io import DatasetReader

from ...errors import InputError
from ...language import tr
from ...progress import Progress, Silent
from ..builders.codes import check_class_count, find_untagged
from ..builders.crs import parse_crs
from ..builders.esa_worldcover import untagged_in_worldcover
from ..builders.rasters import (
    check_blocks,
    check_georeference,
    gdal_name,
    open_raster,
    reading,
)
from ..builders.tiles import LandCoverTile, owner_of
from .colours import find_alpha, refuse_picture
from .glances import check_band, glances, has_mask
from .legends import read_legend
from .looks import refuse_continuous


def open_landcover(
    paths: Sequence[tuple[str | Path, int]], progress: Progress | None = None, land: bool = True
) -> list[LandCoverTile]:
    """Check rasters (path, band) at a glance, without reading them whole.

    Where they show no land cover, the code 0 beside those of WorldCover is a class.

    Raises
    ------
    InputError
        If a raster cannot be read, has no place on Earth or no such band, or is not categorical.
    Cancelled
        If the user asked to stop.
    """
    return [_open_tile(gdal_name(path), band, progress or Silent(), land) for path, band in paths]


def _open_tile(path: str, band: int, progress: Progress, land: bool) -> LandCoverTile:
    progress.check_cancelled()
    owner = owner_of(path)
    with open_raster(path, owner) as raster:
        check_georeference(raster, owner)
        _check_classes(raster, band, path)
        check_blocks(raster, band, owner)
        with reading(owner):
            nodata = raster.nodatavals[band - 1]
            masked = has_mask(raster, band)
            named = raster.crs.to_string()
        crs = parse_crs(named, owner)
        windows = list(glances(raster, progress))
        refuse_picture(raster, band, windows, owner)
        alpha = find_alpha(raster, band, windows, owner)
        place = (path, band, crs, raster.transform, raster.shape)
        legend = read_legend(raster, band)
        tile = LandCoverTile(*place, nodata, masked, alpha, land=land, legend=legend)
        parts = [tile.read(raster, window) for window in windows]
        codes = np.setdiff1d(np.concatenate([np.unique(part) for part in parts]), tile.missing)
        check_class_count(codes, path)
        untagged = untagged_in_worldcover(codes.tolist()) if land else ()
        if untagged:
            return replace(tile, untagged=untagged)
        # Many negative numbers are no codes, but depths.
        few = find_untagged(codes)[:2]
        refuse_continuous(raster, band, parts, (*tile.missing, *few), owner)
    return tile


def _check_classes(raster: DatasetReader, band: int, path: str) -> None:
    check_band(raster, band, path)
    kind = raster.dtypes[band - 1]
    if "complex" in kind:
        raise InputError(
            tr(
                "The raster '{path}' has complex numbers ({kind}), and no classes; give a raster "
                "of classes."
            ).format(path=path, kind=kind)
        )
