"""The cells of points on a map, and the cells beyond the map that some of them need."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ..config.schema import Config, ModelConfig
from ..data.builders.graph import GraphRawData
from ..data.builders.grid import Grid
from ..data.sources.gathering import cell_means
from ..data.sources.sentinels import warn_of_sentinels
from ..data.sources.zones import Labels
from ..language import tr
from ..names import COVARIATE, MEASURED
from ..prediction.fitted import FittedMap
from ..progress import Progress, Silent
from .building import build_graph
from .inputs import Inputs
from .reading import read_graph

Array = NDArray[np.float64]


def predict_at(
    maps: Mapping[str, FittedMap],
    graph: GraphRawData,
    inputs: Inputs | None,
    xy: Array,
    covariates: Mapping[str, Array],
    config: Config,
    progress: Progress,
) -> tuple[Array, Array]:
    """The prediction and its standard deviation at places, a column each target.

    They are those of the place, and not of the mean of its cell; the ground is that of its cell.
    NaN where a place has no position, or none is known of it; of the latter a warning tells, and
    so of places beyond the map whose ground is not at hand.

    Parameters
    ----------
    maps : mapping of str to FittedMap
        By target.
    graph, inputs, progress
        See `graph_beyond`.
    xy : float64 array [n, 2]
        In the CRS of the graph's grid.
    covariates : mapping of str to float64 array [n]
        What was measured there; see `measured_there`.
    config : Config
        Options of the model, and the level of its intervals.
    """
    found = np.full((2, len(xy), len(maps)), np.nan)
    graphs = graphs_around(graph, inputs, xy, covariates, config.model, progress)
    for around, index in graphs:
        _read(found, maps, around, index, xy, config, progress)
    located = np.isfinite(xy).all(axis=1)
    away = np.flatnonzero(located & (graphs[0][1] < 0))
    wider = len(graphs) > 1
    if len(away) and not wider:
        progress.warning(
            tr(
                "{count} places have no prediction: they lie outside the map, and a model that was "
                "loaded from a file knows land cover and other features in the cells of its map "
                "alone. Predict with the interpolator that was fitted, or fit a map that holds "
                "these places."
            ).format(count=len(away))
        )
    unknown = int((located & np.isnan(found[0]).any(axis=1)).sum())
    unknown -= 0 if wider else len(away)
    if unknown:
        progress.warning(
            tr(
                "{count} places have no prediction: they lie outside the map, where nothing is "
                "known of the ground."
            ).format(count=unknown)
        )
    return found[0], found[1]


def graphs_around(
    graph: GraphRawData,
    inputs: Inputs | None,
    xy: Array,
    covariates: Mapping[str, Array],
    model: ModelConfig,
    progress: Progress,
) -> list[tuple[GraphRawData, NDArray[np.int64]]]:
    """The graph of a map, and of what lies beyond it as far as some places, where it is known.

    With each, the cell of each place, as an index into its cells; -1 where it has none. Parameters
    are those of `predict_at`.
    """
    warn_of_sentinels(covariates, progress)
    located = np.isfinite(xy).all(axis=1)
    index = np.full(len(xy), -1)
    index[located] = cells_at(graph, xy[located])
    found: list[tuple[GraphRawData, NDArray[np.int64]]]
    found = [(measured_there(graph, index, covariates), index)]
    away = np.flatnonzero(located & (index < 0))
    wider = graph_beyond(graph, inputs, xy[away], model, Silent()) if len(away) else None
    if wider is not None:
        index = np.full(len(xy), -1)
        index[away] = cells_at(wider, xy[away])
        found.append((measured_there(wider, index, covariates), index))
    return found


def _read(
    found: Array,
    maps: Mapping[str, FittedMap],
    graph: GraphRawData,
    index: NDArray[np.int64],
    xy: Array,
    config: Config,
    progress: Progress,
) -> None:
    """Put what maps tell of places in the cells `index` into `found` [2, n, targets].

    -1 is no cell.
    """
    inside = np.flatnonzero(index >= 0)
    if len(inside) == 0:
        return
    where = (graph, index[inside], xy[inside], config.uncertainty.level, progress)
    for number, fitted in enumerate(maps.values()):
        found[:, inside, number] = fitted.at(*where)


def cells_at(graph: GraphRawData, xy: Array) -> NDArray[np.int64]:
    """The cell of each place [n], as an index into `graph.cell`; -1 where there is none."""
    number = graph.grid.locate(xy[:, 0], xy[:, 1])
    index = np.searchsorted(graph.cell, number)
    index = np.minimum(index, len(graph.cell) - 1)
    return np.where(graph.cell[index] == number, index, -1)


def measured_there(
    graph: GraphRawData, index: NDArray[np.int64], covariates: Mapping[str, Array]
) -> GraphRawData:
    """The graph with what was measured at places in their cells.

    Only covariates that the graph has as they were measured; those that are kriged to every
    cell from the others are not told by its own.

    Parameters
    ----------
    graph : GraphRawData
        The graph.
    index : int64 array [n]
        The cell of each place; see `cells_at`.
    covariates : mapping of str to float64 array [n]
        By name; NaN where not measured.
    """
    features = graph.features.copy()
    for column in graph.columns(COVARIATE, MEASURED):
        values = covariates.get(graph.feature_names[column])
        if values is not None:
            means = cell_means(index, values, len(graph.cell))
            known = np.isfinite(means)
            features[known, column] = means[known]
    return dataclasses.replace(graph, features=features)


def graph_beyond(
    graph: GraphRawData,
    inputs: Inputs | None,
    xy: Array,
    model: ModelConfig,
    progress: Progress,
) -> GraphRawData | None:
    """The same grid continued as far as some places, with the columns of its graph.

    The study area does not bound it.

    Parameters
    ----------
    graph : GraphRawData
        The graph of a map.
    inputs : Inputs or None
        What it was made of; None if that is not at hand.
    xy : float64 array [n, 2]
        The places, in its CRS.
    model : ModelConfig
        See `read_graph`.
    progress : Progress
        Receives progress and messages.

    Returns
    -------
    GraphRawData or None
        None where the graph has features, and not `inputs` to read more of them.
    """
    grid = graph.grid
    if inputs is None and graph.feature_names:
        return None
    left, bottom, right, top = grid.bounds
    half = np.array([grid.cell_width, grid.cell_height]) / 2  # no place lies on the edge
    low, high = xy.min(axis=0) - half, xy.max(axis=0) + half
    bounds = min(left, low[0]), min(bottom, low[1]), max(right, high[0]), max(top, high[1])
    if inputs is None:
        wide = Grid.from_bounds(bounds, grid.cell_width, grid.crs)
        return build_graph(wide, {}, (), progress)
    described = {"crs": grid.crs, "bounds": bounds, "cell_size": grid.cell_width}
    wider = dataclasses.replace(
        inputs,
        area=None,
        grid=described,
        sources=tuple(
            each.on(grid, graph.cell) if isinstance(each, Labels) else each
            for each in inputs.sources
        ),
    )
    return read_graph(wider, model, progress, graph)
