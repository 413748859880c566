"""A model and a graph in, a map out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
)

from ...engine import schema
from ..translation import tr
from .base import GeoHGAlgorithm
from .layers import RASTERS, add_rasters
from .options import option_parameters, read_options


class Predict(GeoHGAlgorithm):
    """Predicts every cell of a graph."""

    job = schema.PREDICT
    places = RASTERS

    def displayName(self) -> str:
        return tr("Predict")

    def shortDescription(self) -> str:
        return tr("Predicts a value for every cell of a graph with a trained model.")

    def shortHelpString(self) -> str:
        return tr(
            "Predicts a value for every cell of a graph with a model trained on this graph, or on "
            "another with the same classes and categories."
        )

    def tags(self) -> list[str]:
        return tr("gnn,graph,prediction,raster,map").split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_file("MODEL", tr("Model file"), tr("A model file from Train or Interpolate."))
        self.add_file("GRAPH", tr("Graph file"), tr("A graph file from Build graph."))
        for parameter, text in option_parameters("uncertainty"):
            self.add(parameter, text, advanced=True)
        add_rasters(self)
        self.addOutput(QgsProcessingOutputNumber("CELLS", tr("Number of cells")))
        self.add_numbers({})
        self.add_target()

    def make_request(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        folder: Path,
    ) -> dict[str, Any]:
        return {
            "model_file": self.file_path(parameters, "MODEL", context),
            "graph": self.file_path(parameters, "GRAPH", context),
            **read_options(self, parameters, context, "uncertainty"),
        }
