"""The outputs that several algorithms have: files, layers, figures."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterVectorDestination,
)

from ..compat import VECTOR_ANY, VECTOR_LINE, VECTOR_POINT
from ..translation import tr
from .algorithm import FILES_FILTER, Algorithm

# Which output of a job each raster is.
RASTERS = {
    "OUTPUT": "prediction",
    "UNCERTAINTY": "std",
    "LOWER": "lower",
    "UPPER": "upper",
    "APPLICABILITY": "applicability",
    "EXCEEDANCE": "exceedance",
    "QUANTILE_MAP": "quantile_map",
    "SIMULATIONS": "simulations",
}

# Which output of a job that maps all cells each is.
MAPS = {**RASTERS, "CELLS_LAYER": "table", "CONTOURS": "contours"}

# Which output of a job that maps classes each is.
CHANCES = {"PROBABILITIES": "probabilities"}

# Which output of a job that makes a graph each is.
GRAPH_OUTPUTS = {"GRAPH": "graph", "CELLS_LAYER": "cells"}


def add_graph(algorithm: Algorithm, shape: Any) -> None:
    """Add the graph file and the layer of its cells, of this type of geometry."""
    algorithm.add_destination(
        "GRAPH", tr("Graph file"), tr("The file with the graph."), FILES_FILTER
    )
    algorithm.add(
        QgsProcessingParameterVectorDestination(
            "CELLS_LAYER", tr("Cells"), shape, optional=True, createByDefault=False
        ),
        tr("A layer of the cells, with the share of each class and the mean of each value."),
    )


def add_graph_counts(algorithm: Algorithm, more: dict[str, str] | None = None) -> None:
    """Declare the numbers of nodes and edges, and `more` of them by key and label."""
    algorithm.add_numbers(
        {
            "AREA_NODES": tr("Cells"),
            "ENTITY_NODES": tr("Land-cover classes"),
            "POI_NODES": tr("POI categories"),
            "NEAR_EDGES": tr("Links between cells"),
            "ENTITY_LOCATE_EDGES": tr("Links from classes to cells"),
            "POI_LOCATE_EDGES": tr("Links from POI categories to cells"),
            "OBSERVED": tr("Number of observed cells"),
            **(more or {}),
        }
    )


def add_rasters(algorithm: Algorithm, optional: bool = False) -> None:
    """Add the map, which may be `optional`, and its uncertainty."""
    algorithm.add(
        QgsProcessingParameterRasterDestination("OUTPUT", tr("Prediction"), optional=optional),
        tr("GeoTIFF with the predicted mean of every cell. The value at a place in it may differ."),
    )
    for key, label, text, default in (
        (
            "UNCERTAINTY",
            tr("Uncertainty"),
            tr(
                "GeoTIFF with the standard deviation of the prediction error for a new measurement "
                "anywhere in each cell. At observed cells the cell's own values are not used."
            ),
            True,
        ),
        (
            "LOWER",
            tr("Lower bound"),
            tr(
                "GeoTIFF with the lower end of the prediction interval for a new measurement "
                "anywhere in each cell. At observed cells the cell's own values are not used."
            ),
            False,
        ),
        (
            "UPPER",
            tr("Upper bound"),
            tr(
                "GeoTIFF with the upper end of the prediction interval for a new measurement "
                "anywhere in each cell. At observed cells the cell's own values are not used."
            ),
            False,
        ),
        (*_applicability(), True),
        (
            "EXCEEDANCE",
            tr("Probability of exceeding thresholds"),
            tr(
                "GeoTIFF with the probability, 0 to 1, that a new measurement anywhere in each "
                "cell is above a threshold; a band for each of the thresholds, which it needs. It "
                "agrees with the intervals."
            ),
            False,
        ),
        (
            "QUANTILE_MAP",
            tr("Quantiles"),
            tr(
                "GeoTIFF with the value that a new measurement anywhere in each cell is below with "
                "a given probability; a band for each of the quantiles, which it needs."
            ),
            False,
        ),
        (
            "SIMULATIONS",
            tr("Simulations"),
            tr(
                "GeoTIFF with equally likely maps, a band each, for example to see what the "
                "uncertainty does to another model. A band has the values that one new measurement "
                "in every cell could give. In each cell, the bands have the mean of the prediction "
                "and errors like those on left-out measurements; at observed cells they use the "
                "cell's own values. Neighbouring cells go together as the model knows it, so that "
                "means of districts spread as they should. A model of the kind gnn has none."
            ),
            False,
        ),
    ):
        parameter = QgsProcessingParameterRasterDestination(
            key, label, optional=True, createByDefault=default
        )
        algorithm.add(parameter, text)
    _add_applicable_share(algorithm)


def add_applicability(algorithm: Algorithm) -> None:
    """Add the area of applicability of a map of classes."""
    key, label, text = _applicability()
    algorithm.add(QgsProcessingParameterRasterDestination(key, label, optional=True), text)
    _add_applicable_share(algorithm)


def _applicability() -> tuple[str, str, str]:
    """Its key, its label and its help."""
    text = tr(
        "Band 1: dissimilarity, how different each cell is from the cells with measurements (0 = "
        "same; above 1 = outside the area of applicability). Band 2: 1 inside the area of "
        "applicability, 0 outside."
    )
    return "APPLICABILITY", tr("Area of applicability"), text


def _add_applicable_share(algorithm: Algorithm) -> None:
    label = tr("Share of cells inside the area of applicability")
    algorithm.addOutput(QgsProcessingOutputNumber("APPLICABLE_SHARE", label))


def add_chances(algorithm: Algorithm) -> None:
    """Add the probability of each class."""
    algorithm.add(
        QgsProcessingParameterRasterDestination(
            "PROBABILITIES", tr("Probability of each class"), optional=True, createByDefault=False
        ),
        tr(
            "GeoTIFF with the probability, 0 to 1, of each class at a point in the cell; a band "
            "for each class, which has its name."
        ),
    )


def add_map_layers(algorithm: Algorithm) -> None:
    """Add the map as cells and as contours."""
    algorithm.add(
        QgsProcessingParameterVectorDestination(
            "CELLS_LAYER", tr("Cells"), VECTOR_ANY, optional=True, createByDefault=False
        ),
        tr(
            "A layer of the cells with the predicted value, its uncertainty and the area of "
            "applicability. Cells without a grid become points."
        ),
    )
    algorithm.add(
        QgsProcessingParameterVectorDestination(
            "CONTOURS", tr("Contours"), VECTOR_LINE, optional=True, createByDefault=False
        ),
        tr(
            "A layer of the lines of equal predicted value, with the value of each. A map of more "
            "than 25 million cells has none."
        ),
    )


def add_residuals(algorithm: Algorithm) -> None:
    """Add the points of the held-out cells."""
    parameter = QgsProcessingParameterVectorDestination(
        "RESIDUALS", tr("Residuals"), VECTOR_POINT, optional=True, createByDefault=False
    )
    algorithm.add(
        parameter,
        tr(
            "A point for each held-out cell, where it was measured: measured value, prediction "
            "there, their difference, and whether the interval contains the measured value. "
            "Several measurements in a cell are one point with their mean."
        ),
    )


def add_next_points(algorithm: Algorithm) -> None:
    """Add the places where to measure next."""
    parameter = QgsProcessingParameterVectorDestination(
        "NEXT_POINTS",
        tr("Where to measure next"),
        VECTOR_POINT,
        optional=True,
        createByDefault=False,
    )
    algorithm.add(
        parameter,
        tr(
            "Up to 20 points where a new measurement would make the map the most certain, with "
            "their rank: one after the other, what those before would tell is taken into account, "
            "so that they spread out. Each has the standard deviation there and the per cent of "
            "the map's variance that a measurement takes away. Networks cannot tell it."
        ),
    )


def add_reports(algorithm: Algorithm) -> None:
    """Add the report in both forms."""
    algorithm.add_destination(
        "REPORT",
        tr("Report"),
        tr("A page with maps, accuracy on the held-out cells and all settings of the run."),
        "HTML (*.html)",
        optional="on",
    )
    algorithm.add_destination(
        "REPORT_JSON",
        tr("Report as JSON"),
        tr("The numbers of the report, for use in programs."),
        "JSON (*.json)",
        optional="off",
    )


def add_accuracy(algorithm: Algorithm) -> None:
    """Declare the figures on the test cells."""
    for key, label in {
        "R2": tr("R2 on the test cells"),
        "RMSE": tr("RMSE on the test cells"),
        "MAE": tr("MAE on the test cells"),
        "R2_MODEL": tr("R2 on the model's scale, on the test cells"),
        "RANK": tr("Rank correlation on the test cells"),
        "MAE_SHARE": tr("MAE divided by that of the mean, on the test cells"),
        "R2_UNIT": tr("R2 in the unit of the value, on the test cells"),
        "RMSE_UNIT": tr("RMSE in the unit of the value, on the test cells"),
        "MAE_UNIT": tr("MAE in the unit of the value, on the test cells"),
        "IDW_R2": tr("R2 of inverse distance weighting on the same cells"),
        "IDW_RMSE": tr("RMSE of inverse distance weighting on the same cells"),
        "IDW_MAE": tr("MAE of inverse distance weighting on the same cells"),
        "KRIGING_R2": tr("R2 of ordinary kriging on the same cells"),
        "KRIGING_RMSE": tr("RMSE of ordinary kriging on the same cells"),
        "KRIGING_MAE": tr("MAE of ordinary kriging on the same cells"),
        "COVERAGE": tr("Coverage of the intervals on the test cells"),
        "TEST_CELLS": tr("Number of test cells"),
        "CELLS": tr("Number of cells"),
        "OBSERVED": tr("Number of observed cells"),
    }.items():
        algorithm.addOutput(QgsProcessingOutputNumber(key, label))


def add_block_accuracy(algorithm: Algorithm) -> None:
    """Declare the figures on held-out spatial blocks, and those to expect of the map."""
    for key, label in {
        "EXPECTED_R2": tr("R2 to expect in the map's cells without measurements"),
        "EXPECTED_RMSE": tr("RMSE to expect in the map's cells without measurements"),
        "EXPECTED_MAE": tr("MAE to expect in the map's cells without measurements"),
        "EXPECTED_COVERAGE": tr("Coverage of the intervals to expect in these cells"),
        "BLOCKS_R2": tr("R2 on the held-out blocks"),
        "BLOCKS_RMSE": tr("RMSE on the held-out blocks"),
        "BLOCKS_MAE": tr("MAE on the held-out blocks"),
        "BLOCKS_IDW_R2": tr("R2 of inverse distance weighting on the same blocks"),
        "BLOCKS_IDW_RMSE": tr("RMSE of inverse distance weighting on the same blocks"),
        "BLOCKS_IDW_MAE": tr("MAE of inverse distance weighting on the same blocks"),
        "BLOCKS_KRIGING_R2": tr("R2 of ordinary kriging on the same blocks"),
        "BLOCKS_KRIGING_RMSE": tr("RMSE of ordinary kriging on the same blocks"),
        "BLOCKS_KRIGING_MAE": tr("MAE of ordinary kriging on the same blocks"),
        "BLOCKS_COVERAGE": tr("Coverage of the intervals on the held-out blocks"),
    }.items():
        algorithm.addOutput(QgsProcessingOutputNumber(key, label))


def add_training_outputs(algorithm: Algorithm) -> None:
    """Declare what only a job that trains can tell."""
    algorithm.add_numbers(
        {
            "EPOCHS": tr("Training epochs"),
            "VALIDATION_R2": tr("R2 on training cells predicted without their own value"),
        }
    )
    algorithm.addOutput(QgsProcessingOutputString("DEVICE", tr("Device")))


def add_target(algorithm: Algorithm) -> None:
    """Declare what a model file predicts."""
    algorithm.addOutput(QgsProcessingOutputString("TARGET", tr("Predicted value")))
    algorithm.addOutput(QgsProcessingOutputString("UNIT", tr("Unit of the value")))
