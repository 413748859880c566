"""What is drawn for cells of a map by their numbers alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

# Numbers that a cell can have of one seed.
_MOST_NUMBERS = 2**20

Array = NDArray[np.float64]


def drawn(cell: NDArray[np.int64], most: int, seed: int) -> NDArray[np.int64]:
    """At most `most` of some cells, drawn evenly, as indices into them, ascending.

    Every number has a rank of its own, and those with the least ranks are drawn: whoever draws from
    parts of a map, and then from what was drawn there, draws what is drawn from the whole.

    Parameters
    ----------
    cell : int64 array [n]
        The numbers of the cells in their grid, each once.
    most : int
        How many are drawn where there are more.
    seed : int
        Of the draw.
    """
    if len(cell) <= most:
        return np.arange(len(cell))
    return np.sort(np.argpartition(_ranks(cell, seed), most - 1)[:most])


def normal_numbers(cell: NDArray[np.int64], count: int, seed: int) -> NDArray[np.float64]:
    """Independent standard normal numbers for each cell, float64 array [n, count].

    Those of a cell depend on its number, on the seed and on their place among the `count` alone.

    Parameters
    ----------
    cell : int64 array [n]
        The numbers of the cells in their grid.
    count, seed : int
        How many numbers a cell has, at most a million; the seed of the draw.
    """
    found = np.empty((len(cell), count))
    for number in range(count):
        rank = _ranks(cell, seed * _MOST_NUMBERS + number) >> np.uint64(11)
        found[:, number] = ndtri((rank + 0.5) / 2.0**53)
    return found


def choose(
    row: NDArray[np.int64], col: NDArray[np.int64], weight: Array, most: int
) -> tuple[NDArray[np.int64], Array]:
    """Cells that stand for all of a polygon: all, or `most` all over it, by their weight.

    They are every so-manieth along a curve that fills the plane (Morton), so that none are
    near each other without need.

    Parameters
    ----------
    row, col : int64 array [n]
        Of each cell in the grid.
    weight : float64 array [n]
        Of each cell; their sum is 1.
    most : int
        How many are chosen where there are more.

    Returns
    -------
    int64 array [m], float64 array [m]
        Which of the cells, and their weights.
    """
    if len(weight) <= most:
        return np.arange(len(weight)), weight
    order = np.argsort(_interleaved(row - row.min()) * 2 + _interleaved(col - col.min()))
    reached = np.cumsum(weight[order])
    wanted = (np.arange(most) + 0.5) / most
    place = np.searchsorted(reached, wanted * reached[-1])
    chosen, count = np.unique(order[np.minimum(place, len(order) - 1)], return_counts=True)
    return chosen, count / most


def _interleaved(number: NDArray[np.int64]) -> NDArray[np.int64]:
    """Numbers below 2^31 with a zero before each binary digit."""
    for shift, mask in (
        (16, 0x0000FFFF0000FFFF),
        (8, 0x00FF00FF00FF00FF),
        (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333),
        (1, 0x5555555555555555),
    ):
        number = (number | number << shift) & mask
    return number


def _ranks(cell: NDArray[np.int64], seed: int) -> NDArray[np.uint64]:
    """A number for each that tells nothing of it, and no two alike: SplitMix64.

    Steele et al. (2014), "Fast splittable pseudorandom number generators", OOPSLA, figure 16.
    """
    with np.errstate(over="ignore"):
        mixed = cell.astype(np.uint64) + np.uint64(seed) * np.uint64(0xD1B54A32D192ED03)
        mixed = (mixed + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return mixed ^ (mixed >> np.uint64(31))
