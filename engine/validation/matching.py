"""Held-out cells, weighted so that they lie as far from known cells as a map's cells do.

The idea is that of nearest-neighbour distance matching (Milà et al. 2022, Methods in Ecology and
Evolution 13, 1304, doi 10.1111/2041-210X.13851; in k folds: Linnenbrink et al. 2024, Geoscientific
Model Development 17, 5897, doi 10.5194/gmd-17-5897-2024): errors tell of a map where the distances
from held-out to known cells are distributed as those from the map's cells to all observed ones.
No one size of fold gives that distribution where gaps are of many sizes. Random cells and blocks
together hold all distances, and weights, the ratio of the two densities, give them the map's
shares (importance weights, as under covariate shift: Sugiyama et al. 2007, Journal of Machine
Learning Research 8, 985).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ..data.builders.graph import GraphRawData
from ..data.draws import drawn
from ..data.splits import Split
from ..models.distances import cell_positions, distance_between, distance_to

Array = NDArray[np.float64]

# A cell of the map is spread over so many held-out cells at like distances, or this share of them.
_LEAST_ALIKE = 20
_SHARE_ALIKE = 0.02
# Of larger maps, the distances of so many cells are enough.
MOST_CELLS = 50_000
# A map has gaps where a cell in twenty is farther from measurements than all but one in a hundred
# of the measured cells are from the next.
_ALL_BUT_FEW, _MOST_OF_MAP = 0.99, 0.95
# Gaps are moved in so many ways, of which the best is taken; they hold out such a share of cells.
_MOVES = 12
_SHARES = (0.05, 0.5)
# A place farther than this from measured cells, in the distances between these, is in a gap.
_INSIDE = 0.75


def matching_weights(tested: Array, wanted: Array) -> Array:
    """Weights of held-out cells under which their distances are distributed as those of a map.

    Each distance of the map gives the same weight to each of the held-out cells whose distances
    are next to it in order: an estimate of the ratio of densities by nearest neighbours. Cells
    with the same distance share what they get.

    Parameters
    ----------
    tested : float64 array [n]
        Distance of each held-out cell to the nearest known one, in metres; n is at least 1.
    wanted : float64 array [m]
        Distance of each cell of the map to the nearest observed one, in metres; m is at least 1.

    Returns
    -------
    float64 array [n]
        Not negative, with sum 1.
    """
    count = len(tested)
    alike = min(count, max(_LEAST_ALIKE, round(_SHARE_ALIKE * count)))
    order = np.argsort(tested, kind="stable")
    ascending = tested[order]
    middle = np.searchsorted(ascending, wanted, "left") + np.searchsorted(
        ascending, wanted, "right"
    )
    first = np.clip(middle // 2 - alike // 2, 0, count - alike)
    # One more from the first of a window on, one less after its last.
    step = np.bincount(first, minlength=count + 1) - np.bincount(first + alike, minlength=count + 1)
    drawn = np.cumsum(step[:count]) / (alike * len(wanted))
    _, tie, ties = np.unique(ascending, return_inverse=True, return_counts=True)
    weight = np.empty(count)
    weight[order] = (np.bincount(tie, drawn) / ties)[tie]
    return weight


def away(graph: GraphRawData, split: Split) -> Array:
    """From each test cell to the nearest cell, but itself, that a model knew, in metres."""
    distance = distance_to(graph, split.known, split.test)
    own = np.flatnonzero(np.isin(split.test, split.known))
    if len(own) and len(split.known) > 1:
        between = distance_between(graph, split.known)
        distance[own] = between[np.searchsorted(split.known, split.test[own])]
    return distance


def map_distances(graph: GraphRawData, known: NDArray[np.int64], seed: int) -> Array:
    """From cells of the map without a measurement to the nearest with one, in metres.

    Parameters
    ----------
    graph : GraphRawData
        The cells of the map.
    known : int64 array
        Those with a measurement. If all have one, the distance is that to the nearest other.
    seed : int
        Chooses the cells of a large map.
    """
    cells = np.setdiff1d(np.arange(len(graph.cell)), known)
    if len(cells) == 0:
        return distance_between(graph, known)
    return distance_to(graph, known, cells[drawn(graph.cell[cells], MOST_CELLS, seed)])


def gap_width(graph: GraphRawData, observed: NDArray[np.int64], seed: int) -> float:
    """Width of the map's widest gaps between observed cells, in metres; infinite without gaps."""
    apart = np.quantile(distance_between(graph, observed), _ALL_BUT_FEW)
    far = np.quantile(map_distances(graph, observed, seed), _MOST_OF_MAP)
    # The middle of a gap lies half its width from its rim.
    return 2 * float(far) if far > apart else np.inf


def moved_gaps(graph: GraphRawData, observed: NDArray[np.int64], seed: int) -> Split | None:
    """Hold out the observed cells that would lie in the map's gaps if these lay elsewhere.

    So held-out cells have measurements around them as the map's cells have: at the same distances
    and on as many sides, which no squares give. The gaps are moved by random steps, going on at
    the other side of the map, and the step is taken under which the distances of held-out cells
    are most like those of the map (`mismatch`), as folds are chosen in kNNDM.

    Returns
    -------
    Split or None
        None if no step holds out between a twentieth and half of the cells.
    """
    everywhere, positions = cell_positions(graph), cell_positions(graph, observed)
    low, span = everywhere.min(axis=0), np.ptp(everywhere, axis=0) + graph.geometry.cell_metres()
    tree, wanted = cKDTree(positions), map_distances(graph, observed, seed)
    rim = _INSIDE * np.quantile(distance_between(graph, observed), _ALL_BUT_FEW)
    best, least = None, np.inf
    for step in np.random.default_rng(seed).random((_MOVES, 2)) * span:
        held = tree.query(low + (positions - low + step) % span)[0] > rim
        if not _SHARES[0] <= held.mean() < _SHARES[1]:
            continue
        split = Split(observed[~held], observed[held])
        apart = away(graph, split)
        if (missed := mismatch(apart, np.ones(len(apart)), wanted)) < least:
            best, least = split, missed
    return best


def weighted_median(values: Array, weight: Array) -> float:
    """The least value up to which the values have half of all weight."""
    order = np.argsort(values)
    summed = np.cumsum(weight[order])
    return float(values[order][np.searchsorted(summed, summed[-1] / 2)])


def mismatch(tested: Array, weight: Array, wanted: Array) -> float:
    """Wasserstein distance of the two distributions of distances, in metres; see above."""
    place = np.sort(np.concatenate([tested, wanted]))
    order, weight = np.argsort(tested), np.asarray(weight, np.float64)
    below = np.searchsorted(tested[order], place[:-1], side="right")
    reached = np.append(0.0, np.cumsum(weight[order]) / weight.sum())[below]
    aimed = np.searchsorted(np.sort(wanted), place[:-1], side="right") / len(wanted)
    return float(np.abs(reached - aimed) @ np.diff(place))
