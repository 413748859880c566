"""Feature importance by permutation.

Breiman 2001 (Machine Learning 45, 5): shuffle a feature's values among the cells; the error on
held-out cells increases the more, the more the model uses the feature. Values are shuffled over
the whole graph, so that the surroundings of a cell change too.

The influence of measured cells nearby is in no feature, but in the positions of cells. For it,
the positions are shuffled, while every cell keeps its features and its surroundings.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..data.builders.graph import GraphRawData, Links
from ..data.builders.sites import Sites
from ..language import tr
from ..models.base import Model
from ..models.windows import keep_neighbourhoods, neighbourhoods
from ..names import (
    CARRIED,
    COVARIATE,
    LANDCOVER,
    MEASURED,
    POI_COUNT,
    POI_SHARE,
    SHARES,
)
from ..numerics import rms
from ..progress import Part, Progress, Silent

Array = NDArray[np.float64]

# Graphs and tests for which it would take long, or tell little.
_MOST_CELLS, _LEAST_TEST = 60_000, 20
# Held-out cells to predict again and again; more are drawn from.
_MOST_TEST = 500
# Classes of land cover to look at one by one, those whose share varies most; and columns of
# one source, if they are no more.
_MOST_CLASSES = 8
_REPEATS = 3
NEARBY = "Measured cells nearby"


@dataclass(frozen=True)
class Importance:
    """Increase of the error when a feature is shuffled.

    Parameters
    ----------
    name : str
        The feature, or the group of features.
    increase : float
        Increase of the RMSE on held-out cells, in the target's unit; mean of several shuffles.
    low, high : float
        Smallest and largest increase.
    """

    name: str
    increase: float
    low: float
    high: float


def permutation_importance(
    model: Model,
    graph: GraphRawData,
    y: Array,
    test: NDArray[np.int64],
    seed: int,
    progress: Progress,
) -> list[Importance]:
    """The importance of each feature and of measured cells nearby, the most important first.

    Covariates that the model refused are left out.

    Parameters
    ----------
    model : Model
        The model; `test` cells were not used to fit it.
    graph : GraphRawData
        The graph that it was fitted to.
    y : float64 array [N]
        The target; only `y[test]` is read.
    test : int64 array
        Held-out cells, as indices into `graph.cell`; of more than 500, 500 are drawn.
    seed : int
        Seed of the shuffles, and of that draw.
    progress : Progress
        Receives progress and messages.

    Returns
    -------
    list of Importance
        Empty if `why_none` gives a reason.
    """
    refused = getattr(model, "refused", ())
    groups = [each for each in _groups(graph) if each[0].split(": ")[0] not in refused]
    if why_none(graph, test):
        return []
    if len(test) > _MOST_TEST:
        test = np.sort(np.random.default_rng(seed).choice(test, _MOST_TEST, replace=False))
    rng = np.random.default_rng(seed)
    orders = [rng.permutation(len(graph.cell)) for _ in range(_REPEATS)]
    before = _error(model, graph, y, test)
    found = []
    for number, (name, columns) in enumerate(groups):
        part = Part(progress, number / len(groups), (number + 1) / len(groups))
        growth = []
        for repeat, order in enumerate(orders):
            part.report(repeat / _REPEATS, tr("Computing feature importance"))
            dealt = permuted(graph, columns, order) if len(columns) else moved(graph, order)
            growth.append(_error(model, dealt, y, test) - before)
        found.append(Importance(name, float(np.mean(growth)), min(growth), max(growth)))
    return sorted(found, key=lambda item: -item.increase)


def why_none(graph: GraphRawData, test: NDArray[np.int64]) -> str:
    """Why importance is not computed on these held-out cells; empty if it is."""
    if graph.total > _MOST_CELLS or graph.whole:
        text = tr(
            "Feature importance is not computed for graphs of more than {most:,} cells, as it "
            "would take too long."
        )
        return text.format(most=_MOST_CELLS)
    if len(test) < _LEAST_TEST:
        text = tr("Feature importance needs at least {least} held-out cells; there are {count}.")
        return text.format(least=_LEAST_TEST, count=len(test))
    return ""


def moved(graph: GraphRawData, order: NDArray[np.int64]) -> GraphRawData:
    """The graph with the position of cell i given to cell `order[i]`, and nothing else."""
    geometry = graph.geometry
    xy = geometry.centres(np.arange(geometry.size))
    xy[graph.cell[order]] = geometry.centres(graph.cell)
    found = dataclasses.replace(graph, geometry=Sites(geometry.crs, xy))
    neighbourhoods(graph, Silent())
    keep_neighbourhoods(graph, found)
    return found


def permuted(
    graph: GraphRawData, columns: NDArray[np.int64], order: NDArray[np.int64]
) -> GraphRawData:
    """The graph with the values of cell i of these feature columns given to cell `order[i]`.

    Links of the hypernodes that these columns are the shares of move with them.
    """
    features = graph.features.copy()
    features[np.ix_(order, columns)] = graph.features[:, columns]
    hypernodes = {}
    for kind, links in graph.hypernodes.items():
        shares = np.intersect1d(columns, graph.columns(SHARES.get(kind, kind)))
        names = [graph.feature_names[column] for column in shares]
        hypernodes[kind] = _moved(links, names, order)
    found = dataclasses.replace(graph, features=features, hypernodes=hypernodes)
    keep_neighbourhoods(graph, found)
    return found


def _moved(links: Links, names: list[str], order: NDArray[np.int64]) -> Links:
    """Links of the hypernodes of these names in the cells that cells were dealt to."""
    moves = np.isin(np.array(links.names, dtype=object)[links.index[0]], names)
    index = links.index.copy()
    index[1, moves] = order[index[1, moves]]
    return dataclasses.replace(links, index=index)


def _error(model: Model, graph: GraphRawData, y: Array, test: NDArray[np.int64]) -> float:
    predicted = model.predict(graph, Silent(), test).mean
    return rms(predicted - y[test])


def _groups(graph: GraphRawData) -> Iterator[tuple[str, NDArray[np.int64]]]:
    """What is dealt out together, by name: kinds of features, classes, covariates of a source;
    the position of the cells, which is no column."""
    yield NEARBY, np.empty(0, dtype=np.int64)
    landcover = graph.columns(LANDCOVER)
    named = {
        "Land cover": landcover,
        "POI categories": graph.columns(POI_SHARE),
        "Number of POIs": graph.columns(POI_COUNT),
    }
    named |= {kind: graph.columns(kind) for kind in graph.zone_kinds}
    yield from ((name, columns) for name, columns in named.items() if len(columns))
    if len(landcover) > 1:
        spread = np.nanvar(graph.features[:, landcover], axis=0)
        for column in landcover[np.argsort(-spread)[:_MOST_CLASSES]]:
            yield f"Land cover: {graph.feature_names[column]}", np.array([column])
    for group, columns in graph.grouped(COVARIATE, CARRIED, MEASURED).items():
        yield group, columns
        if 1 < len(columns) <= _MOST_CLASSES:
            for column in columns:
                own = graph.feature_names[column].removeprefix(group).strip()
                yield f"{group}: {own or 'mean'}", np.array([column])
