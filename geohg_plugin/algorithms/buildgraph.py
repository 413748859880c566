"""Layers in, a graph out."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingParameterVectorDestination,
)

from ...engine import schema
from ..compat import VECTOR_POLYGON
from ..translation import tr
from .base import FILES_FILTER
from .grid_inputs import GridAlgorithm
from .options import option_parameters


class BuildGraph(GridAlgorithm):
    """Makes the heterogeneous graph of a grid."""

    job = schema.BUILDGRAPH
    sections = ("data",)
    places = {"GRAPH": "graph", "CELLS_LAYER": "cells"}

    def displayName(self) -> str:
        return tr("Build graph")

    def shortDescription(self) -> str:
        return tr("Makes a graph of cells, land-cover classes and POI categories.")

    def shortHelpString(self) -> str:
        return tr(
            "Turns points, land cover and POIs into a graph file: cells that touch are linked, "
            "and every cell is linked to the land-cover classes and POI categories in it, with "
            "their shares. Train, evaluate and predict read the file."
        )

    def tags(self) -> list[str]:
        return tr("graph,gnn,land cover,worldcover,poi,grid,zonal,class shares").split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_layers(several_fields=True)
        self.add_grid()
        for parameter, text in option_parameters(*self.sections):
            self.add(parameter, text, advanced=True)
        self.add_destination(
            "GRAPH", tr("Graph file"), tr("The file with the graph."), FILES_FILTER
        )
        self.add(
            QgsProcessingParameterVectorDestination(
                "CELLS_LAYER",
                tr("Cells"),
                VECTOR_POLYGON,
                optional=True,
                createByDefault=False,
            ),
            tr("A layer of the cells with the share of every class and the mean of each value."),
        )
        self.add_numbers(
            {
                "AREA_NODES": tr("Cells"),
                "ENTITY_NODES": tr("Land-cover classes"),
                "POI_NODES": tr("POI categories"),
                "NEAR_EDGES": tr("Links between cells"),
                "ENTITY_LOCATE_EDGES": tr("Links from classes to cells"),
                "POI_LOCATE_EDGES": tr("Links from POI categories to cells"),
                "OBSERVED": tr("Number of observed cells"),
                "POINTS_DROPPED": tr("Points left out"),
            }
        )
