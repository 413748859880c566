"""A graph in, an encoder out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingContext, QgsProcessingFeedback

from ...engine import schema
from ..translation import tr
from .base import FILES_FILTER, GeoHGAlgorithm
from .options import READING, option_parameters, read_options, settings_parameter

# How it learns, and what makes an encoder fit a network.
_OPTIONS = (
    "ssl",
    *READING,
    "model.gnn_type",
    "model.residual",
    "model.normalisation",
    "model.hidden_channels",
    "model.num_gnn_layers",
    "model.dropout",
    "training.seed",
    "training.device",
    "training.threads",
)


class Pretrain(GeoHGAlgorithm):
    """Trains an encoder without any measured value."""

    job = schema.PRETRAIN
    places = {"ENCODER": "encoder"}

    def displayName(self) -> str:
        return tr("Pretrain encoder")

    def shortDescription(self) -> str:
        return tr("Trains the network's encoder on a graph, without measured values.")

    def shortHelpString(self) -> str:
        return tr(
            "Trains the encoder, the part of the network that describes cells, without measured "
            "values. Each cell's description becomes similar to those of its neighbours and of the "
            "most similar cells, and different from others. Train model can start from the encoder "
            "file, with the same network options.\n\nThis makes the models gnn and deepkernel more "
            "stable where few cells have measurements. The model propagation rarely benefits."
        )

    def tags(self) -> list[str]:
        return tr("gnn,graph,self-supervised,contrastive,pretraining,embedding,encoder").split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_file(
            "GRAPH", tr("Graph file"), tr("A graph file from Build graph or Import city.")
        )
        for parameter, text in option_parameters(*_OPTIONS):
            self.add(parameter, text, advanced=parameter.name() != "EPOCHS")
        self.add(*settings_parameter(), advanced=True)
        self.add_destination(
            "ENCODER", tr("Encoder file"), tr("The file with the encoder."), FILES_FILTER
        )
        self.add_numbers(
            {
                "CELLS": tr("Number of cells"),
                "EPOCHS": tr("Epochs"),
                "LOSS": tr("Contrastive loss of the last epoch"),
            }
        )

    def make_request(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        folder: Path,
    ) -> dict[str, Any]:
        return {
            "graph": self.file_path(parameters, "GRAPH", context),
            **read_options(self, parameters, context, *_OPTIONS),
        }
