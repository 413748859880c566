"""What else is known of every cell and may inform a target: other targets, carried covariates."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ..config.schema import Config
from ..data.builders.graph import GraphRawData
from ..names import CARRIED
from ..progress import Part, Progress, Silent
from .distances import cell_positions
from .propagation import Propagation

Array = NDArray[np.float64]

# Another target measured in this share of the cells is read with its own values.
_MOSTLY_KNOWN = 0.5
# Positions of one cell differ by less than this part of a cell.
_SAME = 0.01


@dataclass(frozen=True, eq=False)
class Informant:
    """A number for every cell that a target may follow.

    Parameters
    ----------
    name : str
        Of the carried covariate, or of the other target.
    model : Propagation or None
        The model of the other target; None for a carried covariate, which is in the graph.
    measured : bool
        Whether measured cells count with their own values. Where few cells have one, a model
        that learnt from measured values would trust predicted ones too much: then every
        measured cell is predicted without its own value.
    """

    name: str
    model: Propagation | None = None
    measured: bool = False
    _known: WeakKeyDictionary[GraphRawData, Array] = field(
        default_factory=WeakKeyDictionary, repr=False
    )

    def column(self, graph: GraphRawData) -> Array:
        """What it says of each cell [N], on the scale of its model; NaN where nothing."""
        if graph not in self._known:
            told = self._predict(graph, self.model) if self.model else self._carried(graph)
            self._known[graph] = told
        return self._known[graph]

    def _carried(self, graph: GraphRawData) -> Array:
        carried = graph.columns(CARRIED)
        names = [graph.feature_names[column] for column in carried]
        return graph.features[:, carried[names.index(self.name)]].astype(np.float64)

    def _predict(self, graph: GraphRawData, model: Propagation) -> Array:
        found = model.predict(graph, Silent()).location.copy()
        if not self.measured:
            scaling, places = model.scaling_, model.middles
            positions = (cell_positions(graph, None, scaling.plane) - scaling.origin) / scaling.unit
            distance, index = cKDTree(places).query(positions)
            own = distance < _SAME
            found[own] = model.leave_one_out().location[index[own]]
        return found


_LEARNT: WeakKeyDictionary[GraphRawData, dict[tuple[str, Config], Informant]] = WeakKeyDictionary()


def informants_of(
    graph: GraphRawData, target: str, config: Config, progress: Progress
) -> list[Informant]:
    """The carried covariates of a graph, and its other targets that are much better known.

    Another target is, where it has values in at least as many cells without the target as
    the target has in all. No value of the target is read: as in co-kriging, what informs it
    is known in held-out cells too.

    Parameters
    ----------
    graph : GraphRawData
        The graph.
    target : str
        The target that is to be informed.
    config : Config
        Options of the other targets' models, which choose their scale themselves.
    progress : Progress
        Receives progress and messages.
    """
    found = [Informant(graph.feature_names[column]) for column in graph.columns(CARRIED)]
    own = np.isfinite(graph.target(target))
    known = {name: np.isfinite(values) for name, values in graph.targets.items()}
    names = [
        name
        for name, cells in known.items()
        if (cells & ~own).sum() >= own.sum() > 0 and np.ptp(graph.target(name)[cells]) > 0
    ]
    model = dataclasses.replace(config.model, transform="auto", bounds=())
    config = dataclasses.replace(config, model=model)
    learnt = _LEARNT.setdefault(graph, {})
    for number, name in enumerate(names):
        part = Part(progress, number / len(names), (number + 1) / len(names))
        if (name, config) not in learnt:
            fitting = (graph, graph.target(name), graph.observed(name), part)
            fitted = process_of(config, graph).fit(*fitting, readings=graph.readings.get(name))
            mostly = known[name].sum() >= _MOSTLY_KNOWN * len(graph.cell)
            learnt[name, config] = Informant(name, fitted, bool(mostly))
        found.append(learnt[name, config])
    return found


def process_of(config: Config, graph: GraphRawData) -> Propagation:
    """The unfitted model that reads all but carried covariates."""
    found = Propagation.of(config)
    carried = not len(graph.columns(CARRIED))
    found.reading = dataclasses.replace(found.reading, carried=carried)
    return found
