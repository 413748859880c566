"""What a raster looks like: a continuous quantity is no classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import ColorInterp
from rasterio.io import DatasetReader

from ...errors import InputError
from ...language import tr
from ..builders.rasters import reading, sentence
from .legends import legend_text

# With fewer values or neighbours than these, nothing is concluded.
_FEW_VALUES, _FEW_PAIRS = 24, 500
# Fewer values than these may be classes in order, which thin out towards no end.
_SOME_VALUES, _THIN = 64, 0.5
_MANY_VALUES = 100
# The values of so many pixels are looked at for gaps; a gap is more than two usual steps.
_INNER, _GAPS = 0.98, 0.1
# Equal neighbours, for each pair that is one step up, where a quantity is rough.
_FLAT = 1.75
# What ArcGIS writes beside a raster that has a legend.
_TABLE = ".vat.dbf"


def refuse_continuous(
    raster: DatasetReader,
    band: int,
    parts: Sequence[NDArray[np.integer]],
    missing: Sequence[int],
    owner: str,
) -> None:
    """Refuse a continuous quantity in whole numbers, such as elevation or a hillshade.

    A raster with a colour table, but of greys, or another legend is taken at its word.

    Parameters
    ----------
    raster : DatasetReader
        The raster.
    band : int
        The band with the values.
    parts : sequence of integer array [height, width]
        Glances at it.
    missing : sequence of int
        The codes that stand for no data.
    owner : str
        What it is called.

    Raises
    ------
    InputError
        In one sentence.
    """
    codes = np.setdiff1d(np.concatenate([np.unique(part) for part in parts]), missing)
    if is_continuous(parts, missing) and not has_legend(raster, band, codes, owner):
        text = tr(
            "{owner} looks like a continuous quantity, such as elevation or a hillshade: it has "
            "{count} values or more, and neighbouring pixels differ often and by little; give a "
            "raster of classes, or classify this one first. If its values are classes all the "
            "same, give it a colour table, and not one of greys."
        )
        raise InputError(sentence(text.format(owner=owner, count=len(codes))))


def is_continuous(parts: Sequence[NDArray[np.integer]], missing: Sequence[int]) -> bool:
    """Whether values change between neighbours as those of a quantity do, and not as classes.

    A quantity takes all values between its ends, and few pixels have those at the ends.
    Neighbours with the commonest value, such as the sea, tell nothing. Of the others, pixels
    mostly differ, by less in rank than any two, and are no more often equal than one step
    apart; or, where it is flat, they differ by one step. Patches of classes make neighbours
    equal, however small the patches and however near the codes.
    """
    values, number = np.unique(
        np.concatenate([np.ravel(part) for part in parts]), return_counts=True
    )
    kept = ~np.isin(values, missing)
    values, number = values[kept], number[kept]
    if len(values) <= _FEW_VALUES or not _fills_its_range(values, number / number.sum()):
        return False
    first, second = _neighbours(parts, missing)
    common = values[np.argmax(number)]
    uncommon = (first != common) | (second != common)
    apart = np.abs(
        np.searchsorted(values, first[uncommon]) - np.searchsorted(values, second[uncommon])
    )
    unequal = apart[apart > 0]
    if len(apart) < _FEW_PAIRS or not unequal.size:
        return False
    share = len(unequal) / len(apart)
    steps = (unequal == 1).sum()
    rough = 1 - share <= _FLAT * steps / 2 / len(apart)
    near = unequal.mean() / _mean_distance(number / number.sum())
    return bool(
        (share > 0.5 and rough and near < (0.85 if len(values) > _MANY_VALUES else 0.5))
        or (share > 0.1 and steps > 0.85 * len(unequal))
    )


def _fills_its_range(values: NDArray[np.integer], share: NDArray[np.float64]) -> bool:
    """Whether values leave out few between their ends, and, where they are few, thin out there."""
    below = np.cumsum(share)
    rare = (1 - _INNER) / 2
    steps = np.diff(values[(below > rare) & (below - share < 1 - rare)])
    if len(steps) and (steps > 2 * np.median(steps)).mean() > _GAPS:
        return False
    others = np.delete(share, np.argmax(share))
    return len(values) > _SOME_VALUES or max(others[0], others[-1]) * len(values) < _THIN


def _neighbours(
    parts: Sequence[NDArray[np.integer]], missing: Sequence[int]
) -> tuple[NDArray[np.integer], NDArray[np.integer]]:
    """Pairs of neighbouring pixels, side by side and one above the other, both with a value."""
    first = np.concatenate([np.ravel(side) for part in parts for side in (part[:, 1:], part[1:])])
    second = np.concatenate(
        [np.ravel(side) for part in parts for side in (part[:, :-1], part[:-1])]
    )
    there = ~(np.isin(first, missing) | np.isin(second, missing))
    return first[there], second[there]


def _mean_distance(share: NDArray[np.float64]) -> float:
    """How far apart in rank two pixels are that differ, where pixels are drawn at random."""
    below = np.cumsum(share)
    return float(2 * (below * (1 - below)).sum() / (1 - (share**2).sum()))


def _is_grey(colours: Mapping[int, tuple[int, ...]], codes: NDArray[np.integer]) -> bool:
    """Whether a colour table shows values as greys that go one way, and names no classes."""
    shown = np.array([colours[code][:3] for code in codes.tolist() if code in colours])
    steps = np.diff(shown[:, :1], axis=0)
    return bool((shown == shown[:, :1]).all() and ((steps >= 0).all() or (steps <= 0).all()))


def has_legend(raster: DatasetReader, band: int, codes: NDArray[np.integer], owner: str) -> bool:
    """Whether the file says that its values are classes.

    By a colour table that is not one of greys, a table of attributes, or names of categories.
    """
    with reading(owner):
        if raster.colorinterp[band - 1] == ColorInterp.palette:
            return not _is_grey(raster.colormap(band), codes)
        if raster.tags(band).get("LAYER_TYPE") == "thematic":
            return True
    text = legend_text(raster)
    table = Path(f"{raster.name}{_TABLE}")
    return "<CategoryNames>" in text or "<GDALRasterAttributeTable" in text or table.is_file()
