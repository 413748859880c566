"""Class shares of the public cities, put back under their classes."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Classes 1 to 10; wetland (class 9) and mangrove (class 10) share one entity.
CLASSES = 10
_ENTITY_OF_CLASS = np.array([1, 2, 3, 4, 5, 6, 7, 8, 9, 9])


def unpack_shares(packed: Array, largest: Array) -> Array:
    """Put packed class shares back under their classes.

    The files leave out the classes that a cell does not have, so that its k-th value is
    the k-th class present. Of all ascending sets of classes, the one is taken that agrees
    best with the cell's largest classes; of several, the one whose classes occur together
    most often.

    Parameters
    ----------
    packed : float array [N, K]
        Shares of the classes present in each cell, in ascending order of class, K at most
        10; NaN behind them.
    largest : float array [N, 10]
        Share of entities 0 to 9 where the cell's largest classes name them, else NaN.

    Returns
    -------
    float64 array [N, 10]
        Share of classes 1 to 10; NaN for a cell without values.
    """
    named = np.isfinite(largest).sum(axis=0)[_ENTITY_OF_CLASS]
    together = np.full((CLASSES, CLASSES), 0.5)
    groups = []
    present = np.isfinite(packed).sum(axis=1)
    for count in np.unique(present[present > 0]):
        cells = np.flatnonzero(present == count)
        values = packed[cells, :count]
        sets = np.array(list(itertools.combinations(range(CLASSES), count)))
        agreement = _agreement(values, sets, largest[cells])
        best = agreement == agreement.max(axis=1, keepdims=True)
        # Where several agree, each counts as often as its classes are named anywhere.
        chance = best * np.prod((named[sets] + 0.5) / len(packed), axis=1)
        chance = (chance / chance.sum(axis=1, keepdims=True)).sum(axis=0)
        member = np.zeros((len(sets), CLASSES))
        np.put_along_axis(member, sets, 1.0, axis=1)
        together += member.T @ (chance[:, None] * member)
        groups.append((cells, values, sets, best, member))
    shares = np.full((len(packed), CLASSES), np.nan)
    for cells, values, sets, best, member in groups:
        commonness = (member @ np.log(together) * member).sum(axis=1)
        chosen = np.where(best, commonness, -np.inf).argmax(axis=1)
        shares[cells] = 0.0
        shares[cells[:, None], sets[chosen]] = values
    return shares


def _agreement(values: Array, sets: NDArray[np.int64], largest: Array) -> NDArray[np.int64]:
    """How many of the largest shares each set of classes explains, shape [cells, sets]."""
    named = largest[:, _ENTITY_OF_CLASS]
    matches = np.zeros((len(values), len(sets)), dtype=np.int64)
    for column in range(values.shape[1]):
        # The files round to four decimals; NaN compares as no match.
        agrees = np.abs(named - values[:, column, None]) < 1e-4
        matches += agrees[:, sets[:, column]]
    return matches
