"""Positions that a known mistake moved far from all others: codes for none, or wrong ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS
from scipy.spatial import cKDTree

from ...errors import InputError
from ...language import tr
from ..builders.crs import longitude_latitude
from .missing import are_codes

Array = NDArray[np.float64]
Which = NDArray[np.bool_]

# Fewer others do not show where the points lie.
_FEWEST_OTHERS = 3
# What is alone is so far from the others, in their widest gap and in their extent.
_GAPS, _EXTENTS = 5.0, 0.5
# And certainly a mistake, in their extent: a second region seldom lies where one would lead.
_SURELY = 1.0
# What lies nearer, in km, may belong to a plot that is laid out around its origin.
_NOT_A_PLOT = 100.0
# More of the points than this are no mistake of a few.
_MOST = 1 / 3


@dataclass(frozen=True)
class Mistake:
    """Positions far from all others.

    Parameters
    ----------
    which : bool array
        Which of all positions they are.
    kilometres : float
        From the nearest of them to the nearest of the others.
    certain : bool
        Whether they cannot be meant.
    looks : str
        What they look like.
    """

    which: Which
    kilometres: float
    certain: bool
    looks: str = ""


def missing_positions(positions: Array, ground: Array, crs: CRS) -> Mistake | None:
    """Positions that are codes of missing ones and stand alone, such as 0, 0.

    Parameters
    ----------
    positions : float64 array [M, 2]
        Different positions in `crs`.
    ground : float64 array [M, 2] or [M, 3]
        The same in km.
    crs : pyproj.CRS
        Their CRS.
    """
    codes = are_codes(positions)
    filled = np.logical_and.reduce(codes | np.isin(positions, (0, -1)), axis=1)
    beside = _beside(positions, (codes & (np.abs(positions) > 100)) | (positions == 0))
    for missing in (filled | beside, filled):
        alone = _alone(ground, missing)
        if alone is None or alone[1] < _EXTENTS:
            continue
        certain = codes[missing].all()
        if certain or (alone[0] >= _NOT_A_PLOT and not _starts_inside(crs)):
            return Mistake(missing, alone[0], True, tr("a code for no position"))
    return None


def _beside(positions: Array, half: Which) -> Which:
    """Positions with one coordinate missing, and the other one in the range of complete ones."""
    complete = positions[~half.any(axis=1)]
    if len(complete) < _FEWEST_OTHERS:
        return np.zeros(len(positions), bool)
    within = (positions >= complete.min(axis=0)) & (positions <= complete.max(axis=0))
    return (half & within[:, ::-1]).any(axis=1)


def _starts_inside(crs: CRS) -> bool:
    """Whether 0, 0 may be a position that matters: of a grid of one's own, or a pole."""
    if crs.is_geographic:
        return False
    if crs.area_of_use is None:
        return True
    try:
        latitude = longitude_latitude(np.zeros((2, 2)), crs)[0, 1]
    except InputError:
        return True
    return bool(abs(latitude) > 89)


def mistaken_positions(
    positions: Array, ground: Array, count: NDArray[np.integer], crs: CRS
) -> Mistake | None:
    """Positions that stand alone, and would lie among the others but for a known mistake.

    `count` is how many points each has; for the rest see `missing_positions`.
    """
    if crs.is_engineering:
        return None
    radius = np.linalg.norm(ground - np.median(ground, axis=0), axis=1)
    order = np.argsort(radius, kind="stable")
    radius = radius[order]
    wide = np.flatnonzero(radius[1:] > 2 * radius[:-1]) + 1
    for first in wide[wide >= max(_FEWEST_OTHERS, len(positions) / 2)][::-1]:
        found = _explained(positions, ground, order[:first], order[first:], crs)
        if found is not None and count[found.which].sum() <= _MOST * count.sum():
            return found
    return None


def _explained(
    positions: Array, ground: Array, near: NDArray[np.integer], far: NDArray[np.integer], crs: CRS
) -> Mistake | None:
    """The far positions that most of the known mistakes would bring among the near ones."""
    tree = cKDTree(positions[near])
    usual = tree.query(positions[near], k=2)[0][:, 1].max()
    lands: dict[str, Which] = {}
    for looks, image in _mended(positions[far], crs):
        landed = tree.query(image)[0] <= usual
        lands[looks] = lands.get(looks, np.zeros(len(far), bool)) | landed
    which, every = np.zeros(len(positions), bool), np.zeros(len(positions), bool)
    looks = max(lands, key=lambda name: lands[name].sum())
    which[far[lands[looks]]] = True
    every[far[np.logical_or.reduce([*lands.values()])]] = True
    alone = _alone(ground, every)
    if alone is None or alone[0] < _NOT_A_PLOT or alone[1] < _EXTENTS:
        return None
    return Mistake(which, alone[0], alone[1] >= _SURELY, looks)


def _mended(positions: Array, crs: CRS) -> Iterator[tuple[str, Array]]:
    """Positions without each of the known mistakes, and what they look like with it."""
    yield tr("x and y look exchanged"), positions[:, ::-1]
    if not _starts_inside(crs):
        for signs in ((-1, 1), (1, -1), (-1, -1)):
            yield tr("the sign of x or y looks wrong"), positions * signs
    for power in (1, 2, 3):
        for factors in ((power, 0), (0, power), (power, power)):
            for way in (10.0, 0.1):
                yield (
                    tr("the decimal point of x or y looks moved"),
                    positions * way ** np.array(factors),
                )


def _alone(ground: Array, which: Which) -> tuple[float, float] | None:
    """How far some positions lie from the others, in km and in extents of the others.

    None where that is nothing beside the widest gap among the others, which are a few at least.
    """
    others = ground[~which]
    if not which.any() or len(others) < _FEWEST_OTHERS:
        return None
    tree = cKDTree(others)
    away = float(tree.query(ground[which])[0].min())
    widest = tree.query(others, k=2)[0][:, 1].max()
    extent = np.ptp(others, axis=0).max()
    return (away, float(away / extent)) if away >= _GAPS * widest else None
