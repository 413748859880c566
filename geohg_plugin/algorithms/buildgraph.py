"""Layers in, a graph out."""

from __future__ import annotations

from typing import Any

from ...engine.names import BUILDGRAPH
from ..compat import VECTOR_POLYGON
from ..translation import tr
from .inputs.layers import LayerInputs
from .inputs.options import FETCHING, READING, option_parameters, read_options
from .inputs.values import Values
from .job import JobAlgorithm
from .outputs import GRAPH_OUTPUTS, add_graph, add_graph_counts


class BuildGraph(JobAlgorithm):
    """Makes the heterogeneous graph of a grid."""

    job = BUILDGRAPH
    outputs = GRAPH_OUTPUTS

    def __init__(self) -> None:
        super().__init__(LayerInputs())

    def displayName(self) -> str:
        return tr("Build graph")

    def shortDescription(self) -> str:
        return tr("Makes a graph of cells, land-cover classes and POI categories.")

    def shortHelpString(self) -> str:
        return tr(
            "Turns points, land cover and POIs into a graph file. Neighbouring cells are linked, "
            "and each cell is linked to its land-cover classes and POI categories, weighted by "
            "their shares. Train, Evaluate and Predict read this file."
        )

    def tags(self) -> list[str]:
        return tr(
            "graph,gnn,land cover,worldcover,poi,grid,zonal,class shares,covariate,elevation,dem,"
            "embedding,zones,distance"
        ).split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_layers()
        for parameter, text in option_parameters(*READING):
            self.add(parameter, text, advanced=True)
        add_graph(self, VECTOR_POLYGON)
        add_graph_counts(self, {"POINTS_DROPPED": tr("Points left out")})

    def make_request(self, values: Values) -> dict[str, Any]:
        return read_options(values, *READING, FETCHING)
