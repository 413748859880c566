"""Which cells are near each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...language import tr
from .grid import Grid

_HALF_OF_QUEEN = ((0, 1), (1, -1), (1, 0), (1, 1))


def queen_edges(grid: Grid, cell: NDArray[np.int64]) -> NDArray[np.int64]:
    """Edges between cells that share a side or a corner, both directions.

    Parameters
    ----------
    grid : Grid
        The grid.
    cell : int64 array [N]
        The cells that exist, as row x cols + column.

    Returns
    -------
    int64 array [2, E]
        Indices into `cell`, sorted by source and then by goal.
    """
    node = np.full((grid.rows, grid.cols), -1, dtype=np.int64)
    node.ravel()[cell] = np.arange(len(cell))
    pairs = []
    for down, right in _HALF_OF_QUEEN:
        here = node[: grid.rows - down, max(-right, 0) : grid.cols - max(right, 0)]
        there = node[down:, max(right, 0) : grid.cols - max(-right, 0)]
        both = (here >= 0) & (there >= 0)
        pairs.append(np.stack([here[both], there[both]]))
    half = np.concatenate(pairs, axis=1)
    edges = np.concatenate([half, half[::-1]], axis=1)
    return edges[:, np.lexsort((edges[1], edges[0]))]


def both_ways(edges: NDArray[np.int64]) -> tuple[NDArray[np.int64], int]:
    """Edges in both directions, each once and none from a cell to itself.

    Parameters
    ----------
    edges : int64 array [2, L]
        Pairs of neighbours, in one direction or both, in any order.

    Returns
    -------
    edges : int64 array [2, E]
        Sorted by source and then by goal.
    added : int
        Pairs of neighbours that were given in one direction only.
    """
    edges = edges[:, edges[0] != edges[1]]
    size = int(edges.max(initial=-1)) + 1
    given = np.unique(edges[0] * size + edges[1])
    both = np.unique(np.concatenate([given, given % size * size + given // size]))
    return np.stack(np.divmod(both, size)), len(both) - len(given)


def one_way_in_words() -> str:
    """What a graph's `info["repaired"]` calls pairs of neighbours that were given once."""
    return tr("neighbours given in one direction only joined both ways")
