"""A model, a graph and polygons in, a value of each polygon out."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsProcessingParameterVectorDestination

from ...engine.names import SUMMARISE
from ..compat import VECTOR_POLYGON
from ..translation import tr
from .inputs.options import option_parameters, read_options
from .inputs.polygons import ResultPolygons
from .inputs.values import Values
from .job import JobAlgorithm
from .outputs import add_target

_OPTIONS = ("uncertainty.level", "uncertainty.thresholds")


class Summarise(JobAlgorithm):
    """Gives polygons the mean or total of their cells, with its uncertainty."""

    job = SUMMARISE
    outputs = {"SUMMARY": "table"}

    def __init__(self) -> None:
        super().__init__(ResultPolygons())

    def displayName(self) -> str:
        return tr("Summarise by polygons")

    def shortDescription(self) -> str:
        return tr("Gives each polygon the mean or total of a map, with its uncertainty.")

    def shortHelpString(self) -> str:
        return tr(
            "Gives each polygon the mean or total of the cells that a trained model predicts, with "
            "standard deviation and interval, and the probability of exceeding thresholds. Errors "
            "of near cells go together; this is taken into account, where zonal statistics of an "
            "uncertainty raster would give intervals far too narrow.\n\nThe layer has, after the "
            "fields of the polygons and behind the name of the value: mean or total, std, lower, "
            "upper, above_ with each threshold, applicable (share of the cells inside the area of "
            "applicability), cells (number of cells) and covered (share of the polygon's area that "
            "the map covers)."
        )

    def tags(self) -> list[str]:
        return tr("districts,zonal statistics,aggregate,mean,total,threshold,probability").split(
            ","
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_file("MODEL", tr("Model file"), tr("A model file from Train or Interpolate."))
        self.add_file("GRAPH", tr("Graph file"), tr("The graph file of the same run."))
        self.add_layers()
        for parameter, text in option_parameters(*_OPTIONS):
            self.add(parameter, text)
        self.add(
            QgsProcessingParameterVectorDestination(
                "SUMMARY", tr("Summarised polygons"), VECTOR_POLYGON
            ),
            tr("The polygons with their values, their uncertainty and their own fields."),
        )
        self.add_numbers(
            {"POLYGONS": tr("Number of polygons"), "KNOWN": tr("Polygons with a value")}
        )
        add_target(self)

    def make_request(self, values: Values) -> dict[str, Any]:
        return {
            "model_file": values.file("MODEL"),
            "graph": values.file("GRAPH"),
            **read_options(values, *_OPTIONS),
        }
