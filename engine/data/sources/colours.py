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
from ..builders.rasters import reading, sentence

_COLOURS = (ColorInterp.red, ColorInterp.green, ColorInterp.blue)
# Bands that agree in this share of the pixels are maps of several years with one legend.
_AGREEING = 0.5
# A picture is brighter than this somewhere.
_DARK = 64
# Bands of a picture change at the same pixels: with this correlation, and two or three of them
# in this share of the changes. Or most pixels differ from their neighbours, in so many values of
# each band. Fewer changes tell nothing.
_TOGETHER, _SEVERAL, _FEW_CHANGES = 0.4, 0.5, 20
_BUSY, _MANY_VALUES = 0.6, 64
# What is opaque in bands of bytes, and in others beside that.
_OPAQUE, _OPAQUE_WIDE = (255,), (255, 32767, 65535)
# A soft edge is no more than this share of the pixels, and this share of it rises or falls.
_SOFT, _RISING = 0.25, 0.8


def refuse_picture(raster: DatasetReader, band: int, windows: Sequence[Window], owner: str) -> None:
    """Refuse a band that is one of the colours of a picture.

    GDAL tags three bands of bytes as colours, whatever they hold.

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

    Raises
    ------
    InputError
        In one sentence.
    """
    with reading(owner):
        colours = raster.colorinterp
        if colours[band - 1] not in _COLOURS or not set(_COLOURS) <= set(colours):
            return
        bands = [colours.index(each) + 1 for each in _COLOURS]
        parts = [raster.read(bands, window=window) for window in windows]
    if is_picture(parts, raster.nodatavals[band - 1]):
        text = tr(
            "{owner} looks like a picture: its bands are red, green and blue, not classes; give "
            "the raster of classes itself. If band {band} does contain classes, save it as a "
            "separate raster."
        )
        raise InputError(sentence(text.format(owner=owner, band=band)))


def is_picture(parts: Sequence[NDArray[np.number]], nodata: float | None = None) -> bool:
    """Whether three bands are the colours of one picture, and not three maps of classes.

    Bands that were drawn from the same classes change at the same pixels. Maps of one theme in
    several years mostly agree, and maps of several themes change at pixels of their own. Black
    and white pixels, which may be missing in all three maps, tell nothing.

    Parameters
    ----------
    parts : sequence of array [3, height, width]
        Glances at the bands.
    nodata : float, optional
        The value of missing pixels.
    """
    blank = (0, 255) if nodata is None else (0, 255, nodata)
    there = [~np.any([(part == each).all(axis=0) for each in blank], axis=0) for part in parts]
    values = np.concatenate([part[:, inside] for part, inside in zip(parts, there)], axis=1)
    agree = (values[0] == values[1]) & (values[1] == values[2])
    if not values.size or agree.mean() >= _AGREEING or values.max() < _DARK:
        return False
    changes = np.concatenate([_changes(*each) for each in zip(parts, there)], axis=1)
    changed = changes.any(axis=0)
    if changed.sum() < _FEW_CHANGES:
        return False
    if changed.mean() > _BUSY and min(len(np.unique(each)) for each in values) > _MANY_VALUES:
        return True
    if (changes.sum(axis=0) > 1).sum() < _SEVERAL * changed.sum():
        return False
    varied = changes[changes.any(axis=1) & ~changes.all(axis=1)]
    pairs = np.triu_indices(len(varied), 1)
    return len(varied) > 1 and bool(np.corrcoef(varied)[pairs].mean() >= _TOGETHER)


def _changes(part: NDArray[np.number], there: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether each band differs between two neighbours, shape [3, pairs]."""
    right = (part[:, :, 1:] != part[:, :, :-1])[:, there[:, 1:] & there[:, :-1]]
    down = (part[:, 1:] != part[:, :-1])[:, there[1:] & there[:-1]]
    return np.concatenate([right, down], axis=1)


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
