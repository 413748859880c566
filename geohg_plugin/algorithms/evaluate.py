"""A model and a graph in, figures out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
)

from ...engine import schema
from ..adapters.tables import check_layer, write_points
from ..compat import NUMERIC_FIELD, POINT, VECTOR_POINT, field_names
from ..translation import tr
from .base import GeoHGAlgorithm
from .common import check_numeric, given
from .layers import add_residuals


class Evaluate(GeoHGAlgorithm):
    """Measures a model on the cells that it was not fitted to."""

    job = schema.EVALUATE
    places = {"RESIDUALS": "residuals", "REPORT": "report", "REPORT_JSON": "report_json"}

    def displayName(self) -> str:
        return tr("Evaluate model")

    def shortDescription(self) -> str:
        return tr("Tests a model on observed cells that were not used to fit it.")

    def shortHelpString(self) -> str:
        return tr(
            "Tests a trained model on the observed cells of a graph that were not used to fit it, "
            "and compares it with inverse distance weighting and kriging on the same cells.\n\n"
            "With new points, measured after training, the model is tested on the cells that "
            "contain them. If a cell was also used to fit the model, it is predicted without its "
            "old value. Most networks cannot do this; such cells are then left out, and the log "
            "gives their number."
        )

    def tags(self) -> list[str]:
        return tr("gnn,validation,accuracy,rmse,r2,test,report").split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_file("MODEL", tr("Model file"), tr("A model file from Train."))
        self.add_file(
            "GRAPH", tr("Graph file"), tr("The graph that the model was trained on, or another.")
        )
        self.add(
            QgsProcessingParameterFeatureSource(
                "POINTS", tr("New points"), [VECTOR_POINT], optional=True
            ),
            tr(
                "Points with values measured after training. The model is tested on the cells that "
                "contain them, not on the graph's held-out cells. A selection or filter applies."
            ),
        )
        self.add(
            QgsProcessingParameterField(
                "FIELD",
                tr("Value field of the new points"),
                parentLayerParameterName="POINTS",
                type=NUMERIC_FIELD,
                optional=True,
            ),
            tr("In the unit that the model predicts; required with new points."),
        )
        add_residuals(self)
        self.add_reports()
        self.add_accuracy()
        self.add_numbers({})
        self.add_target()

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        super().check(parameters, context)
        fields = field_names(self, parameters, "FIELD", context)
        if given(parameters, "POINTS"):
            if not fields:
                raise QgsProcessingException(tr("New points need a value field; set FIELD."))
            source = self.source(parameters, "POINTS", context)
            check_layer(source, POINT)
            check_numeric(source, fields)

    def make_request(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        folder: Path,
    ) -> dict[str, Any]:
        request: dict[str, Any] = {
            "model_file": self.file_path(parameters, "MODEL", context),
            "graph": self.file_path(parameters, "GRAPH", context),
        }
        if given(parameters, "POINTS"):
            source = self.source(parameters, "POINTS", context)
            fields = field_names(self, parameters, "FIELD", context)
            table = write_points(source, fields, folder / "points.csv", feedback)
            request["points"] = {**table, "targets": fields}
        return request
