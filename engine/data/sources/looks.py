"""What a raster looks like: a continuous quantity is no classes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import ColorInterp
from rasterio.io import DatasetReader

from ...errors import InputError
from ...language import tr
from .rasters import reading, sentence

# With fewer values or neighbours than these, nothing is concluded.
_FEW_VALUES, _FEW_PAIRS = 24, 500
_MANY_VALUES = 100
# What stands beside a raster that has a legend.
_LEGENDS = (".aux.xml", ".vat.dbf")


def refuse_continuous(
    raster: DatasetReader,
    band: int,
    parts: Sequence[NDArray[np.integer]],
    missing: Sequence[int],
    owner: str,
) -> None:
    """Refuse a continuous quantity in whole numbers, such as elevation or a hillshade.

    A raster with a colour table or another legend is taken at its word.

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
    if is_continuous(parts, missing) and not _has_legend(raster, band, owner):
        count = len(np.setdiff1d(np.concatenate([np.unique(part) for part in parts]), missing))
        text = tr(
            "{owner} looks like a continuous quantity, such as elevation or a hillshade: it has "
            "{count} values or more, and neighbouring pixels differ often and by little; give a "
            "raster of classes, or classify this one first. If its values are classes all the "
            "same, give it a colour table."
        )
        raise InputError(sentence(text.format(owner=owner, count=count)))


def is_continuous(parts: Sequence[NDArray[np.integer]], missing: Sequence[int]) -> bool:
    """Whether values change between neighbours as those of a quantity do, and not as classes.

    Neighbours with the commonest value, such as the sea, tell nothing. Of the others, pixels of
    classes are mostly equal to their neighbours, and where they are not, the codes are as far
    apart as any two. Pixels of a quantity mostly differ, and by less in rank than any two; or,
    where it is flat, by one step.
    """
    values, number = np.unique(
        np.concatenate([np.ravel(part) for part in parts]), return_counts=True
    )
    kept = ~np.isin(values, missing)
    values, number = values[kept], number[kept]
    if len(values) <= _FEW_VALUES:
        return False
    first, second = _neighbours(parts, missing)
    common = values[np.argmax(number)]
    told = (first != common) | (second != common)
    apart = np.abs(np.searchsorted(values, first[told]) - np.searchsorted(values, second[told]))
    unequal = apart[apart > 0]
    if len(apart) < _FEW_PAIRS or not unequal.size:
        return False
    share = len(unequal) / len(apart)
    near = unequal.mean() / _mean_distance(number / number.sum())
    steps = (unequal == 1).mean()
    return bool(
        (share > 0.5 and near < 0.5)
        or (share > 0.7 and near < 0.85 and len(values) > _MANY_VALUES)
        or (share > 0.1 and steps > 0.85)
    )


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


def _has_legend(raster: DatasetReader, band: int, owner: str) -> bool:
    """Whether the file says that its values are classes."""
    with reading(owner):
        if raster.colorinterp[band - 1] == ColorInterp.palette:
            return True
        if raster.tags(band).get("LAYER_TYPE") == "thematic":
            return True
    named, table = (Path(f"{raster.name}{ending}") for ending in _LEGENDS)
    try:
        text = named.read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):
        text = ""
    return "<CategoryNames>" in text or "<GDALRasterAttributeTable" in text or table.is_file()
