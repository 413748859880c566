"""Points, land cover and rasters in; out what they are, and what is wrong with them."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsProcessingOutputBoolean, QgsProcessingOutputString

from ...engine.names import CHECK
from ..translation import tr
from .algorithm import MAP
from .inputs.layers import LayerInputs
from .inputs.options import FETCHING, read_options, settings_parameter
from .inputs.points import AnyPoints
from .inputs.values import Values
from .job import JobAlgorithm
from .outputs import add_reports

_OPTIONS = ("model.transform", "model.bounds")


class Check(JobAlgorithm):
    """What Interpolate would read, and nothing that it would fit."""

    job = CHECK
    part = MAP
    outputs = {"REPORT": "report", "REPORT_JSON": "report_json"}

    def __init__(self) -> None:
        super().__init__(LayerInputs(AnyPoints()))

    def displayName(self) -> str:
        return tr("Check my data")

    def shortDescription(self) -> str:
        return tr("Says what the layers are and what is wrong with them, before a map is made.")

    def shortHelpString(self) -> str:
        return tr(
            "Reads what Interpolate would read, and fits nothing. The page tells how many points "
            "there are and which are doubtful: without a position or a value, at the position of "
            "another, far from all others, or with a code such as -9999; whether the CRS can be "
            "right; what each raster is taken for and how much it covers; which cell size suits "
            "the points; how skewed the values are, and how far they are alike; and how much time "
            "and memory a map takes.\n\nWhat would stop Interpolate is told in one sentence."
        )

    def tags(self) -> list[str]:
        return tr(
            "check,validation,quality,duplicates,outliers,missing values,crs,cell size,variogram,"
            "statistics,points,raster"
        ).split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_layers()
        self.add_options(*_OPTIONS)
        self.add(*settings_parameter(), advanced=True)
        add_reports(self)
        self.addOutput(QgsProcessingOutputBoolean("GOOD", tr("Whether a map can be made")))
        self.addOutput(QgsProcessingOutputString("STOPPED", tr("Why no map can be made")))
        self.add_numbers(
            {
                "WARNINGS": tr("Number of things worth a look"),
                "POINTS": tr("Number of points with a value"),
                "POINTS_DROPPED": tr("Number of points left out"),
                "DUPLICATES": tr("Points at the position of another"),
                "FAR_OUT": tr("Values far from the others"),
                "SKEWNESS": tr("Skewness of the values"),
                "RANGE": tr("Range of the variogram in metres"),
                "UNSHARED": tr("Share of the variance that near cells do not share"),
                "CELLS": tr("Number of cells"),
                "OBSERVED": tr("Number of observed cells"),
                "USED_CELL_SIZE": tr("Cell size"),
                "SUITABLE_CELL_SIZE": tr("Cell size that suits the points"),
                "MEMORY": tr("Memory that a map takes, in GB"),
                "RUN_SECONDS": tr("Seconds that a map takes"),
            }
        )

    def make_request(self, values: Values) -> dict[str, Any]:
        return read_options(values, *_OPTIONS, FETCHING)
