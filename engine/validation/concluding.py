"""What the tests of a run say together: intervals by distance, and the accuracy of the map."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..data.builders.graph import GraphRawData
from ..data.splits import Split, block_numbers
from ..language import tr
from ..models.base import Prediction
from ..models.distances import cell_positions
from ..names import BLOCKS, OURS
from ..prediction.reach import Reach, cross_factors
from ..prediction.uncertainty import Calibration, misses
from .matching import away, gap_width, map_distances, matching_weights, mismatch, weighted_median
from .run import BLOCK_SIDE, MOVED_GAPS, Run
from .trials import Fold, pool

Array = NDArray[np.float64]

# Parts of the cells that tell each other how wide intervals must be.
_PARTS = 10
# Of fewer held-out cells, the errors at left-out training cells steady what they tell.
_ENOUGH = 5000
# So many cells of moved gaps tell of a map with gaps alone: others have nearer cells around them.
_ENOUGH_MOVED = 1000
# Of more of a map's cells farther from measurements than any held-out cell, a user should know.
_MUCH_BEYOND = 0.1
_TINY = float(np.finfo(np.float64).tiny)


def conclude(
    run: Run,
    graph: GraphRawData,
    target: str,
    known: NDArray[np.int64],
    *,
    sealed: bool = False,
) -> None:
    """Calibrate the intervals of all tests by distance, and tell what to expect of the map.

    The intervals of each method at held-out cells are stretched as the other cells require;
    `run.reach` is learnt from all of them, for the map. `run.expected` is the test of
    held-out cells, weighted by `matching_weights`: in a map without gaps, of all but blocks.
    Where the map's gaps were moved onto enough cells, those alone tell.

    Parameters
    ----------
    run : Run
        Records the results; its `folds` are those of the tests so far.
    graph : GraphRawData
        The graph, whose cells are the map.
    target : str
        The target.
    known : int64 array
        The cells that the model of the map is fitted to, as indices into `graph.cell`.
    sealed : bool
        Whether no other held-out cells than blocks may calibrate, since they will test the model
        again.
    """
    tests = [(name, fold) for name, tested in run.folds.items() for fold in tested.folds]
    tests = [(name, fold) for name, fold in tests if len(fold.cells.test)]
    if not tests:
        return
    y, level = graph.target(target), run.config.uncertainty.level
    folds, names = [fold for _, fold in tests], [name for name, _ in tests]
    moved = _moved(run)
    if not moved:
        folds += _left_out(folds)
        names += [""] * (len(folds) - len(names))
    distance = [away(graph, fold.cells) for fold in folds]
    usable = [name == BLOCKS if moved else not sealed or name in (BLOCKS, "") for name in names]
    folds, run.reach = _stretch(y, folds, distance, _parts(run, graph), usable, level)
    for name, tested in list(run.folds.items()):
        own = [fold for fold, where in zip(folds, names) if where == name]
        run.tested(name, y, own or tested.folds, tested.details)
    gaps = np.isfinite(gap_width(graph, known, run.config.training.seed))
    # At the rim of a block, all near cells lie on one side; in a map without gaps, around.
    alike = [(name == BLOCKS) == moved or (gaps and not moved) for name in names]
    alike = alike if any(alike) else [True] * len(names)
    folds = [fold for fold, told in zip(folds, alike) if told]
    distance = [apart for apart, told in zip(distance, alike) if told]
    _expect(run, graph, y, folds, np.concatenate(distance), known)


def half_widths(y: Array, fold: Fold, method: str, level: float) -> Array:
    """Error of each test cell of a fold, in half-widths of its interval; shape [n]."""
    calibration = Calibration.learn(fold.scores[method], level)
    missed = misses(y[fold.cells.test], fold.predicted[method])
    found: Array = missed / np.maximum(calibration.factor, _TINY)
    return found


def _moved(run: Run) -> bool:
    """Whether the map's gaps were moved onto enough cells."""
    if BLOCKS not in run.folds or run.folds[BLOCKS].details["kind"] != MOVED_GAPS:
        return False
    cells = sum(len(fold.cells.test) for fold in run.folds[BLOCKS].folds)
    return cells >= _ENOUGH_MOVED


def _left_out(folds: Sequence[Fold]) -> list[Fold]:
    """The training cells of the first fold as a fold of their own, where it steadies the others.

    They are those that each method can predict without their own value.
    """
    first, held_out = folds[0], sum(len(fold.cells.test) for fold in folds)
    if held_out >= _ENOUGH or not first.predicted.keys() <= first.left_out.keys():
        return []
    told = np.all([np.isfinite(own.mean) for own in first.left_out.values()], axis=0)
    if not told.any():
        return []
    cells = Split(first.cells.known, first.cells.known[told])
    predicted = {name: _part(own, told) for name, own in first.left_out.items()}
    return [dataclasses.replace(first, cells=cells, predicted=predicted, left_out={})]


def _part(predicted: Prediction, rows: NDArray[np.bool_]) -> Prediction:
    location, spread = predicted.location[rows], predicted.spread[rows]
    return dataclasses.replace(predicted, location=location, spread=spread)


def _stretch(
    y: Array,
    folds: Sequence[Fold],
    distances: Sequence[Array],
    part_of: NDArray[np.int64],
    usable: Sequence[bool],
    level: float,
) -> tuple[list[Fold], Reach]:
    """The folds with their intervals stretched, and our reach, learnt from those that tell."""
    tests = [fold.cells.test for fold in folds]
    part, distance = part_of[np.concatenate(tests)], np.concatenate(distances)
    each_usable = np.repeat(usable, [len(test) for test in tests])
    ends, reach = np.cumsum([len(test) for test in tests])[:-1], Reach()
    stretch: list[dict[str, Array]] = [{} for _ in folds]
    for method in folds[0].scores:
        score = np.concatenate([half_widths(y, fold, method, level) for fold in folds])
        factor = cross_factors(distance, score, part, each_usable, level)
        for found, own in zip(stretch, np.split(factor, ends)):
            found[method] = own
        if method == OURS:
            reach = Reach.learn(distance[each_usable], score[each_usable], level)
    wider = [dataclasses.replace(fold, stretch=found) for fold, found in zip(folds, stretch)]
    return wider, reach


def _parts(run: Run, graph: GraphRawData) -> NDArray[np.int64]:
    """The part of each cell of the graph: whole blocks where there are any, else random cells."""
    seed = run.config.training.seed
    if BLOCKS in run.folds:
        side = run.folds[BLOCKS].details[BLOCK_SIDE]
        return block_numbers(cell_positions(graph), side or 1.0, seed) % _PARTS
    return np.random.default_rng(seed).permutation(len(graph.cell)) % _PARTS


def _expect(
    run: Run,
    graph: GraphRawData,
    y: Array,
    folds: Sequence[Fold],
    distance: Array,
    known: NDArray[np.int64],
) -> None:
    """Record the accuracy to expect of the map's cells without a measurement."""
    wanted = map_distances(graph, known, run.config.training.seed)
    weight = matching_weights(distance, wanted)
    beyond = float(np.mean(wanted > distance.max()))
    details = {
        "kind": "matched",
        "test": len(distance),
        "distance held out (m)": round(weighted_median(distance, weight)),
        "distance in the map (m)": round(float(np.median(wanted))),
        "mismatch (m)": round(mismatch(distance, weight, wanted)),
    }
    run.expected = pool(y, folds, run.config.uncertainty.level, details, weight)
    if beyond > _MUCH_BEYOND:
        run.warning(
            tr(
                "{percent:.0f} % of the map’s cells lie farther from measurements than any "
                "held-out cell; the accuracy there may be lower than the expected one."
            ).format(percent=100 * beyond)
        )
