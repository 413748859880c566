"""The grid of a map that a model file makes: its CRS and size of cells, here or elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterExtent,
    QgsProcessingParameterRasterLayer,
    QgsRectangle,
    QgsReferencedRectangle,
)

from ...adapters.modelfile import grid_of_model
from ...adapters.rasters import raster_grid
from ...translation import tr
from .grid import Grid, extent_in
from .layer import Described
from .values import Values


class ModelGrid(Grid):
    """Where the cells are; see `Grid`."""

    def parameters(self) -> list[Described]:
        extent = Described(
            QgsProcessingParameterExtent("EXTENT", tr("Extent"), optional=True),
            tr(
                "Extent of the grid, which has the CRS and the cell size of the model. Default: "
                "that of the study area, or of the training."
            ),
            advanced=True,
        )
        template = Described(
            QgsProcessingParameterRasterLayer("TEMPLATE", tr("Template raster"), optional=True),
            tr(
                "A raster whose cells are used as the grid, in place of the extent; they have the "
                "CRS and the size of the model's."
            ),
            advanced=True,
        )
        return [extent, template]

    def check(self, values: Values) -> None:
        self._template = None
        if values.given("TEMPLATE"):
            if values.given("EXTENT"):
                text = tr(
                    "The grid is given twice, by TEMPLATE and by {names}; "
                    "leave one of the two empty."
                )
                raise QgsProcessingException(text.format(names="EXTENT"))
            self._template = raster_grid(values.raster("TEMPLATE"))

    def take(self, values: Values) -> None:
        own = grid_of_model(values.file("MODEL"))
        self.cell_size = own.get("cell_width")
        self.edges = _edges(values, own)

    def request(
        self, values: Values, folder: Path, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        if self._template is not None:
            return {"grid": self._template}
        if not values.given("EXTENT"):
            return {}
        edges = self.edges
        bounds = [edges.xMinimum(), edges.yMinimum(), edges.xMaximum(), edges.yMaximum()]
        return {"grid": {"bounds": bounds}}


def _edges(values: Values, own: dict[str, Any]) -> QgsReferencedRectangle:
    """About where the grid lies, in the CRS of the model's `own`."""
    if values.given("TEMPLATE"):
        template = values.raster("TEMPLATE")
        return QgsReferencedRectangle(template.extent(), template.crs())
    crs = QgsCoordinateReferenceSystem(own.get("crs", ""))
    if values.given("EXTENT"):
        return QgsReferencedRectangle(values.extent("EXTENT", crs), crs)
    if values.given("AREA"):
        return QgsReferencedRectangle(extent_in(values.source("AREA"), crs, values), crs)
    if not own:
        return QgsReferencedRectangle(QgsRectangle(0, 0, 0, 0), crs)
    right = own["left"] + own["cols"] * own["cell_width"]
    bottom = own["top"] - own["rows"] * own["cell_height"]
    return QgsReferencedRectangle(QgsRectangle(own["left"], bottom, right, own["top"]), crs)
