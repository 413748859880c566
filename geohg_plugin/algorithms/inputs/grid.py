"""The grid: its CRS, cell size and extent, or a raster that has it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
    QgsProcessingParameterCrs,
    QgsProcessingParameterDistance,
    QgsProcessingParameterExtent,
    QgsProcessingParameterRasterLayer,
    QgsRectangle,
    QgsReferencedRectangle,
)

from ....engine.config.costs import bytes_per_cell
from ....engine.config.schema import ModelConfig
from ...adapters.rasters import raster_grid
from ...compat import crs_text, memory_bytes
from ...translation import tr
from .degrees import check_degrees, check_size_in_degrees, extent_of
from .layer import Described, LayerInput
from .values import Values

_BY_HAND = ("CELL_SIZE", "EXTENT", "CRS")


class Grid(LayerInput):
    """Where the cells are.

    Attributes
    ----------
    cell_size : float or None
        What the user gave; known after `check`.
    edges : QgsReferencedRectangle
        About where the grid lies, in its CRS; the engine finds out exactly. Known after `take`.
    """

    def __init__(self) -> None:
        self.cell_size: float | None = None
        self.edges = QgsReferencedRectangle()
        self._template: dict[str, Any] | None = None

    def parameters(self) -> list[Described]:
        crs = Described(
            QgsProcessingParameterCrs("CRS", tr("CRS of the grid"), optional=True),
            tr("Default: the CRS of the points."),
            advanced=True,
        )
        extent = Described(
            QgsProcessingParameterExtent("EXTENT", tr("Extent"), optional=True),
            tr("Extent of the grid. Default: that of the study area or the points."),
            advanced=True,
        )
        template = Described(
            QgsProcessingParameterRasterLayer("TEMPLATE", tr("Template raster"), optional=True),
            tr("A raster whose cells are used as the grid, in place of cell size, extent and CRS."),
            advanced=True,
        )
        return [crs, _cell_size_parameter(), extent, template]

    def check(self, values: Values) -> None:
        by_hand = [key for key in _BY_HAND if values.given(key)]
        self.cell_size = values.number("CELL_SIZE") if "CELL_SIZE" in by_hand else None
        self._template = None
        if values.given("TEMPLATE"):
            if by_hand:
                raise QgsProcessingException(
                    tr(
                        "The grid is given twice, by TEMPLATE and by {names}; "
                        "leave one of the two empty."
                    ).format(names=", ".join(by_hand))
                )
            self._template = raster_grid(values.raster("TEMPLATE"))
            return
        check_degrees(values.source("INPUT"), values.context)
        edges = _edges(values)
        if self.cell_size is not None:
            _check_size(self.cell_size)
            check_size_in_degrees(self.cell_size, edges)
            # Layers on both sides of 180 degrees seem to go round the Earth; the engine knows
            # better.
            round_earth = edges.crs().isGeographic() and edges.width() > 180
            if values.given("EXTENT") or not round_earth:
                _check_memory(self.cell_size, edges)

    def take(self, values: Values) -> None:
        self.edges = _edges(values)

    def request(
        self, values: Values, folder: Path, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        if self._template is not None:
            return {"grid": self._template}
        crs, edges = values.crs("CRS"), self.edges
        bounds = [edges.xMinimum(), edges.yMinimum(), edges.xMaximum(), edges.yMaximum()]
        grid = {
            "crs": crs_text(crs) if crs.isValid() else None,
            "cell_size": self.cell_size,
            "bounds": bounds if values.given("EXTENT") else None,
        }
        return {"grid": grid}


def _cell_size_parameter() -> Described:
    return Described(
        QgsProcessingParameterDistance(
            "CELL_SIZE",
            tr("Cell size, in the unit of the CRS"),
            parentParameterName="CRS",
            optional=True,
        ),
        tr(
            "Side of a cell, in the unit of the grid's CRS: metres, or degrees for a "
            "geographic CRS. If not set, a size that suits the points is chosen and shown "
            "in the log."
        ),
    )


def _check_size(size: float) -> None:
    if not size > 0:
        raise QgsProcessingException(
            tr(
                "The cell size must be greater than zero, got {size:g}; give a size in the "
                "unit of the grid's CRS."
            ).format(size=size)
        )


def _check_memory(size: float, edges: QgsReferencedRectangle) -> None:
    """Refuse more cells than the memory holds; the engine looks at how much of it is free."""
    cells = edges.width() / size * edges.height() / size
    most = (memory_bytes() or math.inf) / bytes_per_cell(ModelConfig())
    if cells > most:
        raise QgsProcessingException(
            tr(
                "The cell size {size:g} makes {cells:,.0f} cells; the memory of this computer "
                "allows at most {most:,.0f}. Use a cell size of at least {fits:.2g}, or a "
                "smaller extent."
            ).format(size=size, cells=cells, most=most, fits=size * math.sqrt(cells / most))
        )


def _edges(values: Values) -> QgsReferencedRectangle:
    """About where the grid lies, in its CRS."""
    if values.given("TEMPLATE"):
        template = values.raster("TEMPLATE")
        return QgsReferencedRectangle(template.extent(), template.crs())
    crs = values.crs("CRS")
    if not crs.isValid():
        crs = values.source("INPUT").sourceCrs()
    if values.given("EXTENT"):
        return QgsReferencedRectangle(values.extent("EXTENT", crs), crs)
    around = ["AREA"] if values.given("AREA") else ["INPUT"]
    if around == ["INPUT"] and values.given("PREDICT_AT"):
        around.append("PREDICT_AT")
    edges = QgsRectangle()
    for key in around:
        edges.combineExtentWith(extent_in(values.source(key), crs, values))
    return QgsReferencedRectangle(QgsRectangle(0, 0, 0, 0) if edges.isNull() else edges, crs)


def extent_in(
    source: QgsProcessingFeatureSource, crs: QgsCoordinateReferenceSystem, values: Values
) -> QgsRectangle:
    """The extent of a layer in another CRS; null if it has no features."""
    to = QgsCoordinateTransform(source.sourceCrs(), crs, values.context.transformContext())
    extent = extent_of(source)
    if extent.isNull():
        return QgsRectangle()
    try:
        return to.transformBoundingBox(extent)
    except QgsCsException as error:
        raise QgsProcessingException(
            tr(
                "The layer '{name}' cannot be transformed to the grid's CRS, '{crs}'; check "
                "the layer's CRS, or choose another CRS for the grid."
            ).format(name=source.sourceName(), crs=crs.userFriendlyIdentifier())
        ) from error
