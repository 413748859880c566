"""Rasters of any kind, looked at before they are read whole."""

from __future__ import annotations

from collections.abc import Iterator

from rasterio.enums import MaskFlags
from rasterio.io import DatasetReader
from rasterio.windows import Window

from ...errors import InputError
from ...language import tr
from ...progress import Progress
from ..builders.rasters import decoded_pixels

_GLANCE_SIDE = 256
# A raster is glanced at in so many windows each way, which decode no more than these pixels,
# but for one window.
_GLANCE_WINDOWS = 3
_GLANCE_PIXELS = 2**25


def check_band(raster: DatasetReader, band: int, path: str) -> None:
    """Refuse a number that no band of the raster has.

    Raises
    ------
    InputError
        In one sentence.
    """
    if not isinstance(band, int) or not 1 <= band <= raster.count:
        raise InputError(
            tr("The raster '{path}' has {bands} bands, not band {band}.").format(
                path=path, bands=raster.count, band=band
            )
        )


def has_mask(raster: DatasetReader, band: int) -> bool:
    """Whether a band has a mask beside the nodata; GDAL takes any band tagged as alpha for one."""
    masks = set(raster.mask_flag_enums[band - 1])
    plain = masks in ({MaskFlags.all_valid}, {MaskFlags.nodata})
    return not plain and MaskFlags.alpha not in masks


def glances(raster: DatasetReader, progress: Progress, bands: int = 1) -> Iterator[Window]:
    """The middle, and windows over the rest of the raster as far as `bands` of them cost little."""
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
        cost += bands * decoded_pixels(raster, window)
        if window is not middle and cost > _GLANCE_PIXELS:
            return
        yield window
