"""A model and a graph in, a map out."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsProcessingOutputNumber

from ...engine.names import PREDICT
from ..translation import tr
from .inputs.options import option_parameters, read_options
from .inputs.values import Values
from .job import JobAlgorithm
from .outputs import MAPS, add_map_layers, add_rasters, add_target

_OPTIONS = ("uncertainty", "output.contour_interval")


class Predict(JobAlgorithm):
    """Predicts every cell of a graph."""

    job = PREDICT
    outputs = MAPS

    def displayName(self) -> str:
        return tr("Predict")

    def shortDescription(self) -> str:
        return tr("Predicts a value for every cell of a graph with a trained model.")

    def shortHelpString(self) -> str:
        return tr(
            "Predicts a value for every cell of a graph with a model trained on this graph, or on "
            "another with the same classes and categories. Cells without a grid, such as districts "
            "or stations, give a layer of the cells and no raster."
        )

    def tags(self) -> list[str]:
        return tr("gnn,graph,prediction,raster,map").split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_file("MODEL", tr("Model file"), tr("A model file from Train or Interpolate."))
        self.add_file("GRAPH", tr("Graph file"), tr("A graph file from Build graph."))
        for parameter, text in option_parameters(*_OPTIONS):
            self.add(parameter, text, advanced=True)
        add_rasters(self, optional=True)
        add_map_layers(self)
        self.addOutput(QgsProcessingOutputNumber("CELLS", tr("Number of cells")))
        self.add_numbers({})
        add_target(self)

    def make_request(self, values: Values) -> dict[str, Any]:
        return {
            "model_file": values.file("MODEL"),
            "graph": values.file("GRAPH"),
            **read_options(values, *_OPTIONS),
        }
