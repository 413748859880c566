"""Which observed cells a model learns from, and which it is scored on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Split:
    """Two disjoint sets of cells, as ascending indices into the graph's cells."""

    known: NDArray[np.int64]
    test: NDArray[np.int64]


def random_split(observed: NDArray[np.int64], ratio: float, seed: int) -> Split:
    """Hold out a random share of the observed cells.

    Parameters
    ----------
    observed : int64 array
        Cells with a value.
    ratio : float
        Share held out, rounded to whole cells; 0 holds none out.
    seed : int
        Seed of the choice.
    """
    order = np.random.default_rng(seed).permutation(observed)
    count = round(len(observed) * ratio)
    return Split(known=np.sort(order[count:]), test=np.sort(order[:count]))
