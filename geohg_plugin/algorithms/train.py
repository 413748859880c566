"""A graph in, and an encoder where there is one; a model out."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingException,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterString,
)

from ...engine.names import TRAIN
from ..translation import tr
from .algorithm import FILES_FILTER
from .inputs.options import (
    READING,
    SETTINGS,
    option_parameters,
    read_options,
    settings_parameter,
)
from .inputs.values import Values
from .job import JobAlgorithm
from .outputs import (
    add_accuracy,
    add_block_accuracy,
    add_reports,
    add_residuals,
    add_target,
    add_training_outputs,
)

_SECTIONS = (*READING, "model", "training", "uncertainty.level")


class Train(JobAlgorithm):
    """Fits a model to a graph."""

    job = TRAIN
    outputs = {
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
            "Fits a model to the observed cells of a graph file. The test cells are not used, so "
            "that Evaluate can test the model on them. Spatial blocks of the other cells are held "
            "out as well, to measure accuracy away from measurements and to widen the intervals "
            "there."
        )

    def tags(self) -> list[str]:
        return tr("gnn,graph,neural network,training,machine learning").split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_file(
            "GRAPH", tr("Graph file"), tr("A graph file from Build graph or Import city.")
        )
        self.add(
            QgsProcessingParameterString("TARGET", tr("Value to predict"), optional=True),
            tr(
                "The value field given to Build graph, or a city's file of values. Required if the "
                "graph has several."
            ),
        )
        for parameter, text in option_parameters(*_SECTIONS):
            self.add(parameter, text, advanced=parameter.name() != "MASKED_RATIO")
        self._add_encoder()
        self.add(*settings_parameter(), advanced=True)
        self.add_destination("MODEL", tr("Model file"), tr("The model file."), FILES_FILTER)
        add_residuals(self)
        add_reports(self)
        add_accuracy(self)
        add_block_accuracy(self)
        add_training_outputs(self)
        add_target(self)

    def _add_encoder(self) -> None:
        """Add what the network starts from."""
        self.add_file(
            "ENCODER",
            tr("Encoder file"),
            tr(
                "An encoder file from Pretrain encoder, with the same network options. The models "
                "gnn and deepkernel start from it; propagation uses its embedding of each cell as "
                "additional features."
            ),
            optional=True,
        )
        self.add(
            QgsProcessingParameterBoolean("FREEZE", tr("Freeze the encoder"), False),
            tr("Fits only the layers after the encoder; the model propagation always does this."),
            advanced=True,
        )

    def check(self, values: Values) -> None:
        super().check(values)
        encoder = values.file("ENCODER")
        if values.boolean("FREEZE") and not (encoder or values.file(SETTINGS)):
            raise QgsProcessingException(
                tr(
                    "There is no encoder to freeze; set ENCODER to an encoder file, or unset "
                    "FREEZE."
                )
            )
        if encoder and values.boolean("STRICT_REFERENCE"):
            raise QgsProcessingException(
                tr(
                    "The network exactly as published cannot start from an encoder; leave ENCODER "
                    "empty, or unset STRICT_REFERENCE."
                )
            )

    def make_request(self, values: Values) -> dict[str, Any]:
        options = read_options(values, *_SECTIONS)
        encoder = values.file("ENCODER")
        if encoder:
            options["model"]["pretrained_gnn"] = encoder
        if values.boolean("FREEZE"):
            options["model"]["freeze_gnn"] = True
        return {
            "graph": values.file("GRAPH"),
            "target": values.text("TARGET"),
            **options,
        }
