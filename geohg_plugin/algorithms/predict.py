"""A model and a graph, or the layers that a model was trained with, in; a map out."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
)

from ...engine.names import NO_WORLDCOVER, PREDICT
from ..adapters.modelfile import predicts_classes
from ..translation import tr
from .destinations import is_temporary
from .inputs.layer import LayerInput
from .inputs.layers import LayerInputs
from .inputs.modelgrid import ModelGrid
from .inputs.options import FETCHING, option_parameters, read_options
from .inputs.values import Values
from .job import JobAlgorithm
from .outputs import CHANCES, MAPS, add_chances, add_map_layers, add_rasters, add_target

_OPTIONS = ("uncertainty", "execution", "output.contour_interval")
_LAYERS = (
    *("LANDCOVER", "COVARIATE_RASTERS", "ELEVATION", "EMBEDDINGS", "POI", "AREA"),
    *("CLASS_RASTERS", "ZONES", "DISTANCE_LAYERS", "EXTENT", "TEMPLATE"),
)


class Predict(JobAlgorithm):
    """Predicts every cell of a graph, or of a grid with the layers of the training."""

    job = PREDICT
    outputs = {**MAPS, **CHANCES}

    def __init__(self) -> None:
        super().__init__(LayerInputs(LayerInput(), ModelGrid()))

    def displayName(self) -> str:
        return tr("Predict")

    def shortDescription(self) -> str:
        return tr("Predicts a value, or a class, for every cell with a trained model.")

    def shortHelpString(self) -> str:
        return tr(
            "Predicts a value for every cell with a model file. Give either a graph file, of the "
            "training or with the same classes and categories, or the layers of the training, by "
            "the same names, of the same place or of another: land cover, rasters, POIs, zones and "
            "distance layers. Large maps of layers are made in blocks. Cells without a grid, such "
            "as districts or stations, give a layer of the cells and no raster.\n\nOf a model "
            "file from Map classes of points, the prediction is the map of classes; it has the "
            "probability of each class and the area of applicability beside it, and no other "
            "outputs."
        )

    def tags(self) -> list[str]:
        return tr("gnn,graph,prediction,raster,map").split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        text = tr("A model file from Train, Interpolate or Map classes of points.")
        self.add_file("MODEL", tr("Model file"), text)
        self.add_file(
            "GRAPH",
            tr("Graph file"),
            tr("A graph file from Build graph, in place of layers."),
            optional=True,
            shown=True,
        )
        self.add_layers()
        for parameter, text in option_parameters(*_OPTIONS):
            self.add(parameter, text, advanced=True)
        add_rasters(self, optional=True)
        add_chances(self)
        add_map_layers(self)
        self.addOutput(QgsProcessingOutputNumber("CELLS", tr("Number of cells")))
        self.add_numbers({})
        add_target(self)

    def check(self, values: Values) -> None:
        given = [key for key in _LAYERS if values.given(key)]
        given += ["WORLDCOVER"] if values.choice("WORLDCOVER") != NO_WORLDCOVER else []
        if values.given("GRAPH") and given:
            raise QgsProcessingException(
                tr("GRAPH is a whole graph; leave it empty, or leave out {others}.").format(
                    others=", ".join(given)
                )
            )
        if not values.given("GRAPH") and not given:
            raise QgsProcessingException(
                tr(
                    "There is nothing to predict; set GRAPH to a graph file, or give the layers "
                    "that the model was trained with."
                )
            )
        super().check(values)

    def wanted(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> list[str]:
        keys = super().wanted(parameters, context, feedback)
        model = Values(self, parameters, context).file("MODEL")
        if not (is_temporary(parameters.get("UNCERTAINTY")) and predicts_classes(model)):
            return keys
        feedback.pushInfo(
            tr(
                "The model tells classes, which have no standard deviation; PROBABILITIES has the "
                "probability of each class."
            )
        )
        return [key for key in keys if key != "UNCERTAINTY"]

    def make_request(self, values: Values) -> dict[str, Any]:
        return {
            "model_file": values.file("MODEL"),
            "graph": values.file("GRAPH"),
            **read_options(values, *_OPTIONS, FETCHING),
        }
