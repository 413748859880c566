"""Outputs that are layers: the map, how far it can be trusted, and residuals."""

from __future__ import annotations

from qgis.core import (
    QgsProcessingOutputNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterVectorDestination,
)

from ..compat import VECTOR_POINT
from ..translation import tr
from .common import Algorithm

# Which output of a job each raster is.
RASTERS = {
    "OUTPUT": "prediction",
    "UNCERTAINTY": "std",
    "LOWER": "lower",
    "UPPER": "upper",
    "APPLICABILITY": "applicability",
}


def add_rasters(algorithm: Algorithm) -> None:
    """Add the map and its uncertainty."""
    algorithm.add(
        QgsProcessingParameterRasterDestination("OUTPUT", tr("Prediction")),
        tr("GeoTIFF with the predicted value of every cell."),
    )
    for key, label, text, default in (
        (
            "UNCERTAINTY",
            tr("Uncertainty"),
            tr(
                "GeoTIFF with the standard deviation of a new measurement in every cell; at "
                "observed cells, that of a prediction without their own value."
            ),
            True,
        ),
        (
            "LOWER",
            tr("Lower bound"),
            tr(
                "GeoTIFF with the lower end of every cell's interval; at observed cells, of "
                "a prediction without their own value."
            ),
            False,
        ),
        (
            "UPPER",
            tr("Upper bound"),
            tr(
                "GeoTIFF with the upper end of every cell's interval; at observed cells, of "
                "a prediction without their own value."
            ),
            False,
        ),
        (
            "APPLICABILITY",
            tr("Area of applicability"),
            tr(
                "GeoTIFF with how unlike the cells that the model learnt from every cell is, "
                "by its surroundings and its distance to them, where 1 is as unlike as these "
                "are to each other (first band), and whether it is inside the area to which "
                "the figures of the report apply (second band)."
            ),
            False,
        ),
    ):
        parameter = QgsProcessingParameterRasterDestination(
            key, label, optional=True, createByDefault=default
        )
        algorithm.add(parameter, text)
    label = tr("Share of the cells inside the area of applicability")
    algorithm.addOutput(QgsProcessingOutputNumber("APPLICABLE_SHARE", label))


def add_residuals(algorithm: Algorithm) -> None:
    """Add the points of the held-out cells."""
    parameter = QgsProcessingParameterVectorDestination(
        "RESIDUALS", tr("Residuals"), VECTOR_POINT, optional=True, createByDefault=False
    )
    algorithm.add(
        parameter,
        tr(
            "A point for every held-out cell: what was observed, what was predicted without "
            "it, their difference, and whether the interval holds what was observed."
        ),
    )
