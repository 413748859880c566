"""What was measured beside the target, carried to cells where nobody measured it."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from . import schema
from .data.builders.graph import GraphRawData
from .data.sources.points import Points, cell_means
from .models.kriging import OrdinaryKriging
from .progress import Part, Progress

# A covariate known in this share of the cells is taken as it was measured.
_MOSTLY_KNOWN = 0.5
_LEAST_KNOWN = 10


def add_covariates(graph: GraphRawData, points: Points, progress: Progress) -> GraphRawData:
    """The graph with one feature column more for each covariate of the points.

    Parameters
    ----------
    graph : GraphRawData
        A graph on a grid.
    points : Points
        With covariates, or without.
    progress : Progress
        Who watches; it is warned of covariates that tell nothing.
    """
    if not points.covariates:
        return graph
    xy = points.to_crs(graph.grid.pyproj_crs)
    place = graph.grid.locate(xy[:, 0], xy[:, 1])
    names, columns = [], []
    for number, (name, values) in enumerate(points.covariates.items()):
        part = Part(progress, number / len(points.covariates), 1.0)
        measured = cell_means(place, values, graph.grid.size)[graph.cell]
        column = spread(graph, measured, part)
        if column is None:
            progress.warning(f"'{name}' was measured in too few cells, or is constant: not used.")
            continue
        names.append(name)
        columns.append(column)
    features = np.column_stack([graph.features, *columns]).astype(np.float32)
    return dataclasses.replace(
        graph,
        features=features,
        feature_names=(*graph.feature_names, *names),
        feature_kinds=(*graph.feature_kinds, *(schema.COVARIATE for _ in names)),
    )


def spread(
    graph: GraphRawData, measured: NDArray[np.float64], progress: Progress
) -> NDArray[np.float64] | None:
    """A covariate in every cell, by ordinary kriging of the cells where it was measured.

    A model that learnt from measured values would trust kriged ones too much. So a
    covariate that most cells lack is kriged everywhere, at the cells where it was measured
    from the others; one that most cells have is taken as it was measured.

    Parameters
    ----------
    graph : GraphRawData
        Where the cells lie.
    measured : float64 array [N]
        NaN where it was not measured.
    progress : Progress
        Who watches.

    Returns
    -------
    float64 array [N] or None
        None where fewer than 10 cells were measured, or all alike.
    """
    known = np.flatnonzero(np.isfinite(measured))
    if len(known) < _LEAST_KNOWN or np.ptp(measured[known]) == 0:
        return None
    kriging = OrdinaryKriging().fit(graph, measured, known, progress)
    if len(known) >= _MOSTLY_KNOWN * len(measured):
        filled = measured.copy()
        missing = np.flatnonzero(np.isnan(measured))
        filled[missing] = kriging.predict(graph, progress, missing).mean
        return filled
    filled = kriging.predict(graph, progress).mean
    filled[known] = kriging.leave_one_out().mean
    return filled
