"""A graph in, an encoder out."""

from __future__ import annotations

from typing import Any

from ...engine.names import PRETRAIN
from ..translation import tr
from .algorithm import FILES_FILTER
from .inputs.options import READING, option_parameters, read_options, settings_parameter
from .inputs.values import Values
from .job import JobAlgorithm

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


class Pretrain(JobAlgorithm):
    """Trains an encoder without any measured value."""

    job = PRETRAIN
    outputs = {"ENCODER": "encoder"}

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

    def make_request(self, values: Values) -> dict[str, Any]:
        return {
            "graph": values.file("GRAPH"),
            **read_options(values, *_OPTIONS),
        }
