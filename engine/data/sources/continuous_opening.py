"""Continuous rasters: opened, and checked at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rasterio.io import DatasetReader

from ...errors import InputError
from ...language import tr
from ...progress import Progress
from ..builders.continuous import ContinuousTile, is_known
from ..builders.crs import parse_crs
from ..builders.rasters import check_blocks, check_georeference, open_raster, reading, sentence
from ..builders.terrain import TerrainTile
from ..builders.tiles import owner_of
from .colours import find_alpha
from .glances import check_band, glances, has_mask
from .guesses import classes_seen
from .sentinels import find_sentinels


@dataclass(frozen=True, eq=False)
class Opened:
    """The rasters of one source, checked.

    Parameters
    ----------
    tiles : list of ContinuousTile
        The rasters.
    titles : tuple of str
        What the first one calls each of its bands; empty where it does not.
    pilot : float64 array [B]
        About the mean of each band.
    """

    tiles: list[ContinuousTile]
    titles: tuple[str, ...]
    pilot: NDArray[np.float64]


def open_continuous(
    paths: Sequence[str],
    bands: Sequence[int],
    elevation: bool,
    dequantise: bool,
    progress: Progress,
) -> Opened:
    """Check rasters at a glance, without reading them whole.

    Parameters
    ----------
    paths : sequence of str
        GDAL's names of the tiles of one raster.
    bands : sequence of int
        The bands to read, from 1; all but an alpha band if there are none.
    elevation, dequantise : bool
        See `ContinuousRaster`.
    progress : Progress
        Who is warned of classes.

    Raises
    ------
    InputError
        If a raster cannot be read, has no place on Earth, no such band, or no numbers; or the
        rasters have not as many bands each.
    Cancelled
        If the user asked to stop.
    """
    tiles: list[ContinuousTile] = []
    titles: tuple[str, ...] = ()
    glimpses: list[NDArray[np.floating]] = []
    counts: list[int] = []
    for path in paths:
        progress.check_cancelled()
        with open_raster(path, owner_of(path)) as raster:
            counts.append(raster.count)
            _check_counts(paths, counts)
            tile, seen = _open_tile(raster, path, bands, elevation, dequantise, progress)
            tiles.append(tile)
            glimpses.append(seen)
            titles = titles or tuple(raster.descriptions[band - 1] or "" for band in tile.bands)
    values = np.concatenate(glimpses, axis=1)
    known = is_known(values)
    total = np.sum(values, axis=1, where=known, dtype=np.float64)
    # Exact in both kinds of floats, so that values less it are alike in both.
    pilot = (total / np.maximum(known.sum(axis=1), 1)).astype(np.float32).astype(np.float64)
    # Embeddings, slopes and aspects lie around 0 as it is.
    pilot[0 if dequantise else len(tiles[0].bands) :] = 0
    return Opened(tiles, titles, pilot)


def _open_tile(
    raster: DatasetReader,
    path: str,
    bands: Sequence[int],
    elevation: bool,
    dequantise: bool,
    progress: Progress,
) -> tuple[ContinuousTile, NDArray[np.floating]]:
    """One raster, and its values [B, n] at a glance."""
    owner = owner_of(path)
    check_georeference(raster, owner)
    for band in bands:
        check_band(raster, band, path)
    chosen = tuple(bands) or tuple(range(1, raster.count + 1))
    _check_kinds([raster.dtypes[band - 1] for band in chosen], path, dequantise)
    for band in chosen:
        check_blocks(raster, band, owner)
    windows = list(glances(raster, progress, len(chosen)))
    alpha = find_alpha(raster, 0, windows, owner)
    if not bands:
        chosen = tuple(band for band in chosen if band != alpha)
    _check_elevation(chosen, path, elevation)
    with reading(owner):
        named = raster.crs.to_string()
        masked = any(has_mask(raster, band) for band in chosen)
        scales, offsets = raster.scales, raster.offsets
    kind = TerrainTile if elevation else ContinuousTile
    tile = kind(
        path,
        chosen,
        parse_crs(named, owner),
        raster.transform,
        raster.shape,
        tuple(raster.dtypes[band - 1] for band in chosen),
        tuple(raster.nodatavals[band - 1] for band in chosen),
        tuple(scales[band - 1] for band in chosen),
        tuple(offsets[band - 1] for band in chosen),
        masked,
        None if alpha in chosen else alpha,
        dequantise,
    )
    parts = [tile.read(raster, window) for window in windows]
    if not dequantise:
        _warn_of_classes(tile, raster, parts, progress)
        _warn_of_codes(tile, parts, progress)
    return tile, np.concatenate([part.reshape(tile.layers, -1) for part in parts], axis=1)


def _check_counts(paths: Sequence[str], counts: Sequence[int]) -> None:
    if counts[-1] != counts[0]:
        raise InputError(
            tr(
                "The raster '{first}' has {bands} bands and the raster '{second}' has {others}; "
                "give tiles of one raster, with the same bands."
            ).format(
                first=paths[0], bands=counts[0], second=paths[len(counts) - 1], others=counts[-1]
            )
        )


def _check_kinds(kinds: Sequence[str], path: str, dequantise: bool) -> None:
    for kind in kinds:
        if "complex" in kind:
            raise InputError(
                tr(
                    "The raster '{path}' has complex numbers ({kind}); give their amplitude or "
                    "another real quantity instead."
                ).format(path=path, kind=kind)
            )
        if dequantise and kind != "int8":
            raise InputError(
                tr(
                    "The raster '{path}' cannot be dequantised: its pixels are of the type {kind}, "
                    "and embeddings that were quantised are of the type int8; give the raster "
                    "without dequantising it."
                ).format(path=path, kind=kind)
            )


def _check_elevation(bands: Sequence[int], path: str, elevation: bool) -> None:
    if not bands or (elevation and len(bands) > 1):
        text = tr("{owner} has {bands} bands to read, and elevations are one band; choose a band.")
        raise InputError(sentence(text.format(owner=owner_of(path), bands=len(bands))))


def _warn_of_classes(
    tile: ContinuousTile,
    raster: DatasetReader,
    parts: Sequence[NDArray[np.floating]],
    progress: Progress,
) -> None:
    """Warn of whole numbers that look like classes."""
    for number, band in enumerate(tile.bands):
        glimpses = [part[number] for part in parts]
        classes, legend = classes_seen(raster, band, glimpses, owner_of(tile.path))
        text = tr(
            "Band {band} of the raster '{path}' looks like classes: it has only {count} different "
            "whole numbers, which do not change between pixels as a quantity does; if they are "
            "codes of classes, their mean says nothing, so give it as a raster of classes."
        )
        if legend:
            text = tr(
                "Band {band} of the raster '{path}' looks like classes: it has {count} different "
                "whole numbers, and a colour table or another legend; the mean of class codes "
                "says nothing, so give it as a raster of classes."
            )
        if classes:
            progress.warning(text.format(band=band, path=tile.path, count=classes))


def _warn_of_codes(
    tile: ContinuousTile, parts: Sequence[NDArray[np.floating]], progress: Progress
) -> None:
    """Warn of values that look as if they stood for missing pixels, such as -9999."""
    for number, band in enumerate(tile.bands):
        values = np.concatenate([part[number][tile.known(part[number])] for part in parts])
        for code, low, high in find_sentinels(values.astype(np.float64)):
            progress.warning(
                tr(
                    "Band {band} of the raster '{path}' has the value {code:g}, far from the "
                    "others ({low:g} to {high:g}), and it counts as a value; if it stands for "
                    "missing pixels, tag it as nodata, such as with gdal_edit.py -a_nodata "
                    "{code:g}."
                ).format(band=band, path=tile.path, code=code, low=low, high=high)
            )
