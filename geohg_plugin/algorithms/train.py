"""A graph in, a model out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterString,
)

from ...engine import schema
from ..translation import tr
from .base import FILES_FILTER, GeoHGAlgorithm
from .layers import add_residuals
from .options import READING, option_parameters, read_options, settings_parameter

_SECTIONS = (*READING, "model", "training", "uncertainty")


class Train(GeoHGAlgorithm):
    """Fits a model to a graph."""

    job = schema.TRAIN
    places = {
        "MODEL": "model",
        "RESIDUALS": "residuals",
        "REPORT": "report",
        "REPORT_JSON": "report_json",
    }

    def displayName(self) -> str:
        return tr("Train model")

    def shortDescription(self) -> str:
        return tr("Fits a model to the observed cells of a graph.")

    def shortHelpString(self) -> str:
        return tr(
            "Fits a model to the observed cells of a graph file. The test cells stay unknown to "
            "it, so that Evaluate can measure it on them."
        )

    def tags(self) -> list[str]:
        return tr("gnn,graph,neural network,training,machine learning").split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_file("GRAPH", tr("Graph file"), tr("A graph file that Build graph made."))
        self.add(
            QgsProcessingParameterString("TARGET", tr("Value to predict")),
            tr("Name of the field that was given to Build graph."),
        )
        for parameter, text in option_parameters(*_SECTIONS):
            self.add(parameter, text, advanced=parameter.name() != "MASKED_RATIO")
        self.add(*settings_parameter(), advanced=True)
        self.add_destination(
            "MODEL", tr("Model file"), tr("The file with the model."), FILES_FILTER
        )
        add_residuals(self)
        self.add_reports()
        self.add_accuracy()
        self.add_training_outputs()

    def make_request(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        folder: Path,
    ) -> dict[str, Any]:
        return {
            "graph": self.file_path(parameters, "GRAPH", context),
            "target": self.parameterAsString(parameters, "TARGET", context),
            **read_options(self, parameters, context, *_SECTIONS),
        }
