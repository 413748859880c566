"""What the tags of colours mean: bands of a picture, of transparency, or of classes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from rasterio.enums import ColorInterp
from rasterio.io import DatasetReader
from rasterio.windows import Window

from ...errors import InputError
from ...language import tr
from .rasters import reading, sentence

_COLOURS = (ColorInterp.red, ColorInterp.green, ColorInterp.blue)
_PICTURE_SIDE = 256
# Bands that agree in this share of the pixels are maps of several years with one legend.
_AGREEING = 0.5
# What is opaque in bands of bytes, and in others beside that.
_OPAQUE, _OPAQUE_WIDE = (255,), (255, 32767, 65535)
# A soft edge is no more than this share of the pixels, and this share of it rises or falls.
_SOFT, _RISING = 0.25, 0.8


def refuse_picture(raster: DatasetReader, band: int, owner: str) -> None:
    """Refuse a band that is one of the colours of a picture.

    Maps of several years in one file are often tagged as colours too; their bands mostly agree.

    Raises
    ------
    InputError
        In one sentence.
    """
    with reading(owner):
        colours = raster.colorinterp
        if colours[band - 1] not in _COLOURS or not set(_COLOURS) <= set(colours):
            return
        height, width = (min(side, _PICTURE_SIDE) for side in raster.shape)
        middle = Window((raster.width - width) // 2, (raster.height - height) // 2, width, height)
        values = raster.read([colours.index(each) + 1 for each in _COLOURS], window=middle)
    told = ~np.isin(values, (0, 255)).any(axis=0)
    agree = (values[0] == values[1]) & (values[1] == values[2])
    if not told.any() or agree[told].mean() < _AGREEING:
        text = tr(
            "{owner} looks like a picture: its bands are red, green and blue, and no classes; "
            "give the raster that it was drawn from. If band {band} has classes all the same, "
            "save it as a raster of its own."
        )
        raise InputError(sentence(text.format(owner=owner, band=band)))


def find_alpha(
    raster: DatasetReader, band: int, windows: Sequence[Window], owner: str
) -> int | None:
    """The band that is 0 where `band` has no class, if there is one.

    GDAL tags the fourth of four bands of bytes as transparency, whatever it holds. It is
    transparency where its pixels are clear or opaque, but for soft edges between the two.

    Parameters
    ----------
    raster : DatasetReader
        The raster.
    band : int
        The band with the classes.
    windows : sequence of Window
        Where to look.
    owner : str
        What the raster is called in an error.

    Returns
    -------
    int or None
        The band, from 1.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    with reading(owner):
        tagged = [
            number
            for number, colour in enumerate(raster.colorinterp, 1)
            if colour == ColorInterp.alpha and number != band
        ]
        for number in tagged:
            parts = [raster.read(number, window=window) for window in windows]
            if is_transparency(parts, raster.nodatavals[number - 1]):
                return number
    return None


def is_transparency(parts: Sequence[NDArray[np.number]], nodata: float | None) -> bool:
    """Whether pixels are clear (0) or opaque, with edges that are sharp or soft.

    A band that is nowhere opaque shows nothing of the other bands, and is none.
    """
    full = max(part.max() for part in parts)
    if full not in (_OPAQUE if parts[0].dtype.itemsize == 1 else _OPAQUE_WIDE):
        return False
    edges = [_edges(part, full) for part in parts]
    soft, rising = (sum(each) for each in zip(*edges))
    if nodata == full:
        return soft == 0
    return soft <= _SOFT * sum(part.size for part in parts) and rising >= _RISING * soft


def _edges(part: NDArray[np.number], full: float) -> tuple[int, int]:
    """How many pixels are neither clear nor opaque; how many of them lie on a slope."""
    soft = (part != 0) & (part != full)
    around = sliding_window_view(np.pad(part, 1, mode="edge"), (3, 3))[soft]
    slope = (around.min(axis=(1, 2)) < part[soft]) & (part[soft] < around.max(axis=(1, 2)))
    return int(soft.sum()), int(slope.sum())
