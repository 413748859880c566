"""What networks read of a graph: scaled positions and features, and the edges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import from_numpy
from torch_geometric.data import HeteroData

from ..config.checks import Named
from ..config.schema import Config, DataConfig
from ..data.builders.graph import GraphRawData, HeteroGraphBuilder
from ..data.forms import COUNT, Array
from ..errors import FileFormatError, InputError
from ..language import tr
from ..names import AREA, CARRIED
from ..numerics import deviation, rms
from .distances import cell_positions, spacing
from .gnn import set_adjacency

ENCODING_FORMS = {
    "inputs.centre": Array(("inputs",)),
    "inputs.scale": Array(("inputs",), low=float(np.finfo(np.float64).tiny)),
}
"""What `Encoding.arrays` gives."""
HYPERNODES_FORM = Named(COUNT)


@dataclass(frozen=True)
class Encoding:
    """Turns a graph into tensors in one way, learnt once.

    Parameters
    ----------
    centre, scale : float64 array [2 + F]
        Of the position and the features: `(value - centre) / scale` is read. Only [F] where
        positions are not read (`data.pos_embedding`).
    hypernodes : dict of str to int
        Number of nodes of each hypernode type in use.
    """

    centre: NDArray[np.float64]
    scale: NDArray[np.float64]
    hypernodes: dict[str, int]

    @classmethod
    def learn(cls, graph: GraphRawData, known: NDArray[np.int64], config: Config) -> Encoding:
        """Learn the scales from the cells `known`.

        `strict_reference` scales positions by all cells, each axis by itself, and features
        not at all.

        Raises
        ------
        InputError
            If networks would read nothing of a cell.
        """
        strict, columns = config.model.strict_reference, _position_columns(config)
        inputs = _inputs(graph, config)
        if inputs.shape[1] == 0:
            raise InputError(
                tr(
                    "The graph has no features, and without 'data.pos_embedding' a network reads "
                    "no coordinates either; give the graph land cover, POIs or covariates, or let "
                    "it read coordinates."
                )
            )
        seen = inputs if strict else inputs[known]
        centre, scale = np.array([_moments(column[np.isfinite(column)]) for column in seen.T]).T
        if columns and not strict:
            # A step to the north is as long as one to the east.
            scale[:columns] = rms(scale[:columns])
        scale[scale == 0] = 1.0
        if strict:
            centre[columns:], scale[columns:] = 0.0, 1.0
        data = HeteroGraphBuilder(_thresholds(config)).build(graph)
        return cls(centre, scale, _hypernodes(data))

    def tensors(self, graph: GraphRawData, config: Config, device: str) -> HeteroData:
        """The graph as networks read it; missing features become 0."""
        data = HeteroGraphBuilder(_thresholds(config)).build(graph)
        if _hypernodes(data) != self.hypernodes:
            raise FileFormatError(
                tr(
                    "The network reads the hypernodes {ours}, this graph has {theirs}; build the "
                    "graph from the same kinds of data."
                ).format(ours=_counted(self.hypernodes), theirs=_counted(_hypernodes(data)))
            )
        data[AREA].x = from_numpy(self._scaled(graph, config).astype(np.float32))
        if not config.model.strict_reference:
            set_adjacency(data, config.model.gnn_type)
        return data.to(device)

    def features(self, graph: GraphRawData, config: Config) -> NDArray[np.float64]:
        """The scaled features without the position, shape [N, F]; missing ones are 0."""
        return self._scaled(graph, config)[:, _position_columns(config) :]

    def _scaled(self, graph: GraphRawData, config: Config) -> NDArray[np.float64]:
        inputs = _inputs(graph, config)
        if inputs.shape[1] != len(self.centre):
            raise FileFormatError(
                tr(
                    "The network reads {ours} columns of a cell, this graph gives {theirs}; build "
                    "the graph from the same kinds of data."
                ).format(ours=len(self.centre), theirs=inputs.shape[1])
            )
        scaled: NDArray[np.float64] = (inputs - self.centre) / self.scale
        return np.nan_to_num(scaled)

    def arrays(self) -> dict[str, NDArray[np.float64]]:
        """What `from_arrays` needs, beside the hypernodes."""
        return {"inputs.centre": self.centre, "inputs.scale": self.scale}

    @classmethod
    def from_arrays(
        cls, arrays: Mapping[str, NDArray[Any]], hypernodes: Mapping[str, int]
    ) -> Encoding:
        """The encoding again."""
        return cls(arrays["inputs.centre"], arrays["inputs.scale"], dict(hypernodes))


def _moments(values: NDArray[np.float64]) -> tuple[float, float]:
    """Mean and deviation of any number of values."""
    return (float(values.mean()), deviation(values)) if len(values) else (0.0, 0.0)


def _hypernodes(data: HeteroData) -> dict[str, int]:
    """How many there are of each type."""
    return {kind: data[kind].num_nodes for kind in data.node_types if kind != AREA}


def _counted(hypernodes: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in hypernodes.items()) or tr("none")


def _position_columns(config: Config) -> int:
    return 2 if config.data.pos_embedding else 0


def _inputs(graph: GraphRawData, config: Config) -> NDArray[np.float64]:
    """Position in cells, if it is read, and features.

    Carried ones are left out: messages bring a cell the columns of its neighbours.
    """
    positions = cell_positions(graph)[:, : _position_columns(config)] / spacing(graph)
    carried = graph.columns(CARRIED)
    return np.column_stack([positions, np.delete(graph.features, carried, axis=1)])


def _thresholds(config: Config) -> DataConfig:
    """Those of the data; the published code also links what is just at a threshold."""
    if not config.model.strict_reference:
        return config.data
    below = (
        float(np.nextafter(np.float32(value), np.float32(-1)))
        for value in (config.data.entity_thresh, config.data.poi_thresh)
    )
    return replace(config.data, entity_thresh=next(below), poi_thresh=next(below))
