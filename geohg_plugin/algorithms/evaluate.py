"""A model and a graph in, figures out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingContext, QgsProcessingFeedback

from ...engine import schema
from ..translation import tr
from .base import GeoHGAlgorithm
from .layers import add_residuals


class Evaluate(GeoHGAlgorithm):
    """Measures a model on the cells that it was not fitted to."""

    job = schema.EVALUATE
    places = {"RESIDUALS": "residuals", "REPORT": "report", "REPORT_JSON": "report_json"}

    def displayName(self) -> str:
        return tr("Evaluate model")

    def shortDescription(self) -> str:
        return tr("Measures a model on observed cells that it was not fitted to.")

    def shortHelpString(self) -> str:
        return tr(
            "Measures a trained model on the observed cells of a graph that it was not fitted "
            "to, beside inverse distance weighting on the same cells."
        )

    def tags(self) -> list[str]:
        return tr("gnn,validation,accuracy,rmse,r2,test,report").split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_file("MODEL", tr("Model file"), tr("A model file that Train made."))
        self.add_file(
            "GRAPH", tr("Graph file"), tr("The graph that the model was trained on, or another.")
        )
        add_residuals(self)
        self.add_reports()
        self.add_accuracy()
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
        }
