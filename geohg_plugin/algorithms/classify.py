"""Points of classes and land cover in, a map of classes and a report out."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsProcessingOutputNumber, QgsProcessingParameterRasterDestination

from ...engine.names import CLASSIFY
from ..translation import tr
from .algorithm import FILES_FILTER, MAP
from .inputs.layers import LayerInputs
from .inputs.options import FETCHING, read_options, settings_parameter
from .inputs.points import ClassPoints
from .inputs.values import Values
from .job import JobAlgorithm
from .outputs import CHANCES, add_applicability, add_chances, add_reports

_TESTING = ("validation", "masked_ratio", "folds", "blocks", "block_size", "seed", "device")
_OPTIONS = (
    *("data.hypernode", "data.entity_thresh", "data.poi_thresh"),
    *(f"training.{name}" for name in _TESTING),
    "training.threads",
    "execution",
)


class Classify(JobAlgorithm):
    """A class for every cell, such as a type of soil, and its probability."""

    job = CLASSIFY
    part = MAP
    outputs = {
        "CLASS_MAP": "class_map",
        **CHANCES,
        "APPLICABILITY": "applicability",
        "REPORT": "report",
        "REPORT_JSON": "report_json",
        "MODEL": "model",
    }

    def __init__(self) -> None:
        super().__init__(LayerInputs(ClassPoints()))

    def displayName(self) -> str:
        return tr("Map classes of points")

    def shortDescription(self) -> str:
        return tr("Predicts a class, such as a type of soil, for every cell from points.")

    def shortHelpString(self) -> str:
        return tr(
            "Predicts the class of every cell of a grid, such as the type of soil or of land use, "
            "from points where it was found and from what is known of the ground. Each class gets "
            "its probability in every cell; the map shows the likeliest.\n\nFor validation, some "
            "cells with points are held out, once at random and once in spatial blocks. The report "
            "has the confusion matrix, the overall accuracy and Cohen's kappa, and compares them "
            "with those of the nearest measured cell and of a random forest on the same cells. "
            "Several points in a cell count for each class by its share."
        )

    def tags(self) -> list[str]:
        return tr(
            "classification,classes,categorical,soil map,soil type,land use,indicator kriging,"
            "probability,confusion matrix,kappa,machine learning,random forest,interpolation"
        ).split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_layers()
        self.add_options(*_OPTIONS)
        self.add(*settings_parameter(), advanced=True)
        self.add(
            QgsProcessingParameterRasterDestination("CLASS_MAP", tr("Map of classes")),
            tr(
                "GeoTIFF with the number of the likeliest class of every cell, counted from 1 in "
                "the order of their names; it has their colours, and 0 is no class."
            ),
        )
        add_chances(self)
        add_applicability(self)
        add_reports(self)
        self.add_destination(
            "MODEL",
            tr("Model file"),
            tr("The fitted model, with which Predict maps the classes here or elsewhere."),
            FILES_FILTER,
            optional="off",
        )
        self._add_figures()

    def make_request(self, values: Values) -> dict[str, Any]:
        return read_options(values, *_OPTIONS, FETCHING)

    def _add_figures(self) -> None:
        """Declare the figures on the held-out points."""
        for key, label in {
            "ACCURACY": tr("Overall accuracy on the held-out points"),
            "KAPPA": tr("Cohen's kappa on the held-out points"),
            "LOG_LOSS": tr("Log loss on the held-out points"),
            "BRIER": tr("Brier score on the held-out points"),
            "NEAREST_ACCURACY": tr("Overall accuracy of the nearest neighbour on the same points"),
            "NEAREST_KAPPA": tr("Cohen's kappa of the nearest neighbour on the same points"),
            "FOREST_ACCURACY": tr("Overall accuracy of the random forest on the same points"),
            "FOREST_KAPPA": tr("Cohen's kappa of the random forest on the same points"),
            "FOREST_LOG_LOSS": tr("Log loss of the random forest on the same points"),
            "BLOCKS_ACCURACY": tr("Overall accuracy in the held-out blocks"),
            "BLOCKS_KAPPA": tr("Cohen's kappa in the held-out blocks"),
            "BLOCKS_LOG_LOSS": tr("Log loss in the held-out blocks"),
            "BLOCKS_NEAREST_ACCURACY": tr("Overall accuracy of the nearest neighbour there"),
            "BLOCKS_FOREST_ACCURACY": tr("Overall accuracy of the random forest there"),
            "TEST_POINTS": tr("Number of held-out points"),
            "CLASSES": tr("Number of classes"),
            "CELLS": tr("Number of cells"),
            "OBSERVED": tr("Number of observed cells"),
        }.items():
            self.addOutput(QgsProcessingOutputNumber(key, label))
        self.add_numbers({})
