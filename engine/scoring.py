"""How well a model and the baselines predict cells that they did not see."""

from __future__ import annotations

import numpy as np

from . import schema
from .data.builders.graph import GraphRawData
from .data.splits import Split, block_split
from .models.base import Model, Prediction
from .models.baselines import InverseDistance, Mean
from .models.kriging import OrdinaryKriging
from .models.places import cell_places
from .progress import Part, Progress, Silent

_BASELINES: dict[str, type[Model]] = {
    schema.IDW: InverseDistance,
    schema.KRIGING: OrdinaryKriging,
    schema.MEAN: Mean,
}


def score(
    model: Model, graph: GraphRawData, target: str, split: Split, progress: Progress
) -> dict[str, Prediction]:
    """What a fitted model and the baselines predict for the test cells.

    Parameters
    ----------
    model : Model
        Fitted to `split.known` or fewer cells, and to no test cell.
    graph : GraphRawData
        The graph.
    target : str
        The target.
    split : Split
        The baselines are fitted to `known`, if it is not empty; `test` is predicted.
    progress : Progress
        Who watches.

    Returns
    -------
    dict of str to Prediction
        By method, in the order of `split.test`; empty without test cells.
    """
    if len(split.test) == 0:
        return {}
    ours = model.predict(graph, Part(progress, 0.0, 0.8), split.test)
    predicted = {schema.OURS: ours}
    if len(split.known) < 2:
        return predicted
    for name, baseline in _BASELINES.items():
        fitted = baseline().fit(graph, graph.target(target), split.known, progress)
        predicted[name] = fitted.predict(graph, Part(progress, 0.8, 1.0), split.test)
    return predicted


def spatial_blocks(
    graph: GraphRawData, target: str, ratio: float, seed: int
) -> tuple[Split, float] | None:
    """Hold out blocks as wide as the range within which values resemble each other.

    The side is the practical range (three lengths) of the exponential variogram of the
    observed cells, at least two cells and at most a fifth of the grid's longer side.

    Returns
    -------
    tuple of Split and float, or None
        The split and the side of a block in metres; None where too few blocks fit.
    """
    observed = graph.observed(target)
    variogram = OrdinaryKriging().fit(graph, graph.target(target), observed, Silent())
    longest = float(np.ptp(cell_places(graph), axis=0).max()) / 5
    least = 2 * max(graph.places.cell_metres())
    side = max(min(3 * variogram.variogram_[2], longest), least)
    places = cell_places(graph, observed)
    split = block_split(observed, places, side, ratio, seed)
    return None if split is None else (split, side)
