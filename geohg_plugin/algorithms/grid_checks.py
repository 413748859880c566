"""Checks of the inputs of a graph that answer before a run starts."""

from __future__ import annotations

import math
from typing import Any

from qgis.core import (
    QgsCoordinateTransform,
    QgsCsException,
    QgsProcessingContext,
    QgsProcessingException,
    QgsRectangle,
    QgsReferencedRectangle,
)

from ...engine import schema
from ...engine.config.costs import bytes_per_cell
from ...engine.config.schema import ModelConfig
from ..adapters.rasters import check_raster, raster_grid
from ..adapters.tables import check_layer
from ..compat import POINT, POLYGON, field_names, memory_bytes
from ..translation import tr
from .common import check_numeric, given
from .grid_parameters import GridParameters

_BY_HAND = ("CELL_SIZE", "EXTENT", "CRS")


class GridChecks(GridParameters):
    """An algorithm that refuses layers and grids that no run could use."""

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        super().check(parameters, context)
        source = self.source(parameters, "INPUT", context)
        check_layer(source, POINT)
        for key in ("FIELD", "COVARIATES"):
            check_numeric(source, field_names(self, parameters, key, context))
        self._check_groups(parameters, context)
        if given(parameters, "POI") and not given(parameters, "POI_FIELD"):
            raise QgsProcessingException(tr("A POI layer needs a category field; set POI_FIELD."))
        if given(parameters, "POI"):
            check_layer(self.source(parameters, "POI", context), POINT)
        if given(parameters, "AREA"):
            check_layer(self.source(parameters, "AREA", context), POLYGON)
        self._check_grid(parameters, context)
        fetches = self.worldcover(parameters, context) != schema.NO_WORLDCOVER
        if fetches and given(parameters, "LANDCOVER"):
            raise QgsProcessingException(
                tr(
                    "Land cover is given twice, by LANDCOVER and by WORLDCOVER; "
                    "leave LANDCOVER empty, or set WORLDCOVER to none."
                )
            )
        for layer in self.parameterAsLayerList(parameters, "LANDCOVER", context):
            check_raster(layer)

    def worldcover(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        """The map of WorldCover to fetch, or none."""
        return self.parameterAsEnumString(parameters, "WORLDCOVER", context)

    def _check_groups(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        if self.parameterDefinition("VALIDATION") is None or given(parameters, "GROUP_FIELD"):
            return
        if self.parameterAsEnumString(parameters, "VALIDATION", context) == schema.GROUPS:
            raise QgsProcessingException(
                tr("The validation 'groups' needs a group field; set GROUP_FIELD.")
            )

    def _check_grid(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        by_hand = [key for key in _BY_HAND if given(parameters, key)]
        if given(parameters, "TEMPLATE"):
            if by_hand:
                raise QgsProcessingException(
                    tr(
                        "The grid is given twice, by TEMPLATE and by {names}; "
                        "leave one of the two empty."
                    ).format(names=", ".join(by_hand))
                )
            raster_grid(self.parameterAsRasterLayer(parameters, "TEMPLATE", context))
            return
        if "CELL_SIZE" not in by_hand:
            return
        size = self.parameterAsDouble(parameters, "CELL_SIZE", context)
        if not size > 0:
            raise QgsProcessingException(
                tr(
                    "The cell size must be greater than zero, got {size:g}; give a size in the "
                    "unit of the grid's CRS."
                ).format(size=size)
            )
        edges = self.extent(parameters, context)
        # Layers on both sides of 180 degrees seem to go round the Earth; the engine knows better.
        if not given(parameters, "EXTENT") and edges.crs().isGeographic() and edges.width() > 180:
            return
        cells, most = edges.width() / size * edges.height() / size, _most_cells()
        if cells > most:
            raise QgsProcessingException(
                tr(
                    "The cell size {size:g} makes {cells:,.0f} cells; the memory of this computer "
                    "allows at most {most:,.0f}. Use a cell size of at least {fits:.2g}, or a "
                    "smaller extent."
                ).format(size=size, cells=cells, most=most, fits=size * math.sqrt(cells / most))
            )

    def extent(
        self, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> QgsReferencedRectangle:
        """About where the grid lies, in its CRS; the engine finds out exactly."""
        if given(parameters, "TEMPLATE"):
            template = self.parameterAsRasterLayer(parameters, "TEMPLATE", context)
            return QgsReferencedRectangle(template.extent(), template.crs())
        crs = self.parameterAsCrs(parameters, "CRS", context)
        if not crs.isValid():
            crs = self.source(parameters, "INPUT", context).sourceCrs()
        if given(parameters, "EXTENT"):
            extent = self.parameterAsExtent(parameters, "EXTENT", context, crs)
            return QgsReferencedRectangle(extent, crs)
        key = "AREA" if given(parameters, "AREA") else "INPUT"
        source = self.source(parameters, key, context)
        to = QgsCoordinateTransform(source.sourceCrs(), crs, context.transformContext())
        extent = source.sourceExtent()
        if extent.isNull():
            return QgsReferencedRectangle(QgsRectangle(0, 0, 0, 0), crs)
        try:
            return QgsReferencedRectangle(to.transformBoundingBox(extent), crs)
        except QgsCsException as error:
            raise QgsProcessingException(
                tr(
                    "The layer '{name}' cannot be transformed to the grid's CRS, '{crs}'; check "
                    "the layer's CRS, or choose another CRS for the grid."
                ).format(name=source.sourceName(), crs=crs.userFriendlyIdentifier())
            ) from error


def _most_cells() -> float:
    """How many cells the whole memory of this computer holds; the engine looks at what is free."""
    return (memory_bytes() or math.inf) / bytes_per_cell(ModelConfig())
