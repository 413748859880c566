"""What was measured beside the target, carried to cells where nobody measured it."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from ..data.builders.graph import GraphRawData
from ..data.sources.gathering import cell_means
from ..data.sources.points import Points
from ..errors import InputError
from ..language import tr
from ..models.kriging import OrdinaryKriging
from ..names import CARRIED, COVARIATE, MEASURED, POINTS_GROUP
from ..numerics import compact
from ..progress import Part, Progress

# A covariate known in this share of the cells is taken as it was measured.
_MOSTLY_KNOWN = 0.5
_LEAST_KNOWN = 10


def add_covariates(
    graph: GraphRawData, points: Points, progress: Progress, like: GraphRawData | None = None
) -> GraphRawData:
    """The graph with one feature column more for each covariate of the points.

    A covariate that most cells have, or that is given at places without a value, is taken as
    it was measured, and kriged elsewhere; any other is carried.

    Parameters
    ----------
    graph : GraphRawData
        A graph on a grid.
    points : Points
        With covariates, or without.
    progress : Progress
        Receives progress, and warnings of covariates without information.
    like : GraphRawData, optional
        A graph that has them already: each is taken as it is there.

    Raises
    ------
    InputError
        If a covariate has the name of another column.
    """
    if not points.covariates:
        return graph
    xy = points.to_crs(graph.grid.pyproj_crs)
    index = graph.grid.locate(xy[:, 0], xy[:, 1])
    taken = dict(zip(like.feature_names, like.feature_kinds)) if like else {}
    every = [np.isnan(values) for values in points.values.values()]
    asked = np.logical_and.reduce(every) if every else np.zeros(len(index), bool)
    for name in points.covariates:
        if name in graph.feature_names:
            raise InputError(
                tr(
                    "Two layers are called '{name}'; give each a name of its own, such as "
                    "{example}."
                ).format(name=name, example=f"{name}_2=FILE")
            )
    names, kinds, columns = [], [], []
    for number, (name, values) in enumerate(points.covariates.items()):
        part = Part(progress, number / len(points.covariates), 1.0)
        measured = cell_means(index, values, graph.grid.size)[graph.cell]
        known = np.flatnonzero(np.isfinite(measured))
        if len(known) < _LEAST_KNOWN or np.ptp(measured[known]) == 0:
            progress.warning(
                tr(
                    "The covariate '{name}' is not used: it has values in too few cells, or is "
                    "constant."
                ).format(name=name)
            )
            continue
        kind = MEASURED if np.isfinite(values[asked & (index >= 0)]).any() else CARRIED
        if len(known) >= _MOSTLY_KNOWN * len(measured):
            kind = COVARIATE
        kind = taken.get(name, kind)
        names.append(name)
        kinds.append(kind)
        columns.append((carry if kind == CARRIED else fill)(graph, measured, part))
        _log_known(name, kind, measured, progress)
    features = np.hstack([graph.features, *(compact(column[:, None]) for column in columns)])
    return dataclasses.replace(
        graph,
        features=features,
        feature_names=(*graph.feature_names, *names),
        feature_kinds=(*graph.feature_kinds, *kinds),
        feature_groups=(
            *graph.feature_groups,
            *(name if kind == CARRIED else POINTS_GROUP for name, kind in zip(names, kinds)),
        ),
    )


def _log_known(name: str, kind: str, measured: NDArray[np.float64], progress: Progress) -> None:
    """Say how a covariate is taken."""
    if kind == CARRIED:
        text = tr(
            "The covariate '{name}' is known in {known:,} of {cells:,} cells and kriged to all; it "
            "is used where that improves the prediction of left-out cells."
        )
    else:
        text = tr(
            "The covariate '{name}' is known in {known:,} of {cells:,} cells, and kriged in the "
            "others."
        )
    known = int(np.isfinite(measured).sum())
    progress.log(text.format(name=name, known=known, cells=len(measured)))


def fill(
    graph: GraphRawData, measured: NDArray[np.float64], progress: Progress
) -> NDArray[np.float64]:
    """A covariate as it was measured, and ordinary kriging where it was not.

    Parameters
    ----------
    graph : GraphRawData
        Where the cells lie.
    measured : float64 array [N]
        NaN where it was not measured.
    progress : Progress
        Receives progress and messages.
    """
    known = np.flatnonzero(np.isfinite(measured))
    missing = np.flatnonzero(np.isnan(measured))
    kriging = OrdinaryKriging().fit(graph, measured, known, progress)
    filled = measured.copy()
    filled[missing] = kriging.predict(graph, progress, missing).mean
    return filled


def carry(
    graph: GraphRawData, measured: NDArray[np.float64], progress: Progress
) -> NDArray[np.float64]:
    """A covariate as ordinary kriging tells it of every cell from the others.

    A model that learnt from measured values would trust kriged ones too much. So the cells
    where it was measured also get what kriging says without them. Arguments as of `fill`.
    """
    known = np.flatnonzero(np.isfinite(measured))
    kriging = OrdinaryKriging().fit(graph, measured, known, progress)
    carried = kriging.predict(graph, progress).mean.copy()
    carried[known] = kriging.leave_one_out().mean
    return carried
