"""Points and land cover in, a map and a report out."""

from __future__ import annotations

from typing import Any

from ...engine.names import INTERPOLATE
from ..translation import tr
from .algorithm import FILES_FILTER, MAP
from .inputs.districts import PointsOrPolygons
from .inputs.layers import LayerInputs
from .inputs.options import (
    FETCHING,
    READING,
    read_options,
    settings_parameter,
)
from .inputs.values import Values
from .job import JobAlgorithm
from .outputs import (
    MAPS,
    add_accuracy,
    add_block_accuracy,
    add_map_layers,
    add_next_points,
    add_rasters,
    add_reports,
    add_residuals,
    add_training_outputs,
)

_OPTIONS = (
    *READING,
    *("model", "training", "uncertainty", "execution"),
    "output.contour_interval",
)


class Interpolate(JobAlgorithm):
    """The main job, end to end."""

    job = INTERPOLATE
    part = MAP
    outputs = {
        **MAPS,
        "RESIDUALS": "residuals",
        "NEXT_POINTS": "next_points",
        "REPORT": "report",
        "REPORT_JSON": "report_json",
        "PREVIEW": "preview",
        "MODEL": "model",
        "GRAPH": "graph",
    }

    def __init__(self) -> None:
        super().__init__(LayerInputs(PointsOrPolygons()))

    def displayName(self) -> str:
        return tr("Interpolate points with land cover")

    def shortDescription(self) -> str:
        return tr("Predicts a value for every cell from points, land cover and POIs.")

    def shortHelpString(self) -> str:
        return tr(
            "Predicts a value for every cell of a grid from points with measured values and from "
            "land cover. The grid becomes a graph of cells, land-cover classes and POI categories; "
            "the model learns from the observed cells.\n\nFor validation, some observed cells are "
            "held out, once at random and once in spatial blocks. The report compares the "
            "prediction there with inverse distance weighting and kriging. The model for the final "
            "map uses all observed cells.\n\nPolygons such as districts may stand where points do: "
            "their values are the means or the totals of their cells."
        )

    def tags(self) -> list[str]:
        return tr(
            "interpolation,gnn,graph,neural network,idw,kriging,land cover,worldcover,poi,"
            "machine learning,prediction,raster,covariate,predictor,elevation,dem,ndvi,embedding,"
            "zones,distance"
        ).split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_layers()
        self.add_options(*_OPTIONS)
        self.add(*settings_parameter(), advanced=True)
        add_rasters(self)
        add_map_layers(self)
        add_residuals(self)
        add_next_points(self)
        add_reports(self)
        self.add_destination(
            "PREVIEW",
            tr("Picture of the map"),
            tr("A picture of the prediction with its legend."),
            "PNG (*.png)",
            optional="off",
        )
        self.add_destination(
            "MODEL",
            tr("Model file"),
            tr("The fitted model, for predicting on this or another graph."),
            FILES_FILTER,
            optional="off",
        )
        self.add_destination(
            "GRAPH",
            tr("Graph file"),
            tr("The graph, for training, evaluating or predicting with other options."),
            FILES_FILTER,
            optional="off",
        )
        add_accuracy(self)
        add_block_accuracy(self)
        add_training_outputs(self)

    def make_request(self, values: Values) -> dict[str, Any]:
        return read_options(values, *_OPTIONS, FETCHING)
