"""The inputs of a graph: points, land cover, POIs and the grid."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsCoordinateTransform,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsReferencedRectangle,
)

from ...engine import schema
from ..adapters.proxies import proxy_for
from ..adapters.rasters import RasterCopy, raster_grid, raster_path
from ..adapters.tables import write_points, write_polygons
from ..compat import crs_text, field_names
from .common import given
from .grid_checks import GridChecks
from .options import FETCHING, SETTINGS, read_options


class GridAlgorithm(GridChecks):
    """An algorithm that makes a graph from layers.

    A subclass names the `sections` of the options that it has parameters for.
    """

    sections: tuple[str, ...] = ()

    def __init__(self) -> None:
        super().__init__()
        self._landcover: list[str | RasterCopy] = []
        self._template: dict[str, Any] | None = None
        self._edges = QgsReferencedRectangle()
        self._proxy = ""

    def read_layers(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        layers = self.parameterAsLayerList(parameters, "LANDCOVER", context)
        band = self.parameterAsInt(parameters, "LANDCOVER_BAND", context)
        self._landcover = [raster_path(layer) or RasterCopy(layer, band) for layer in layers]
        template = self.parameterAsRasterLayer(parameters, "TEMPLATE", context)
        self._template = raster_grid(template) if template is not None else None
        self._edges = self.extent(parameters, context)
        # A settings file may ask for it too.
        if self.worldcover(parameters, context) != schema.NO_WORLDCOVER or given(
            parameters, SETTINGS
        ):
            address = os.environ.get(schema.WORLDCOVER_ADDRESS_VARIABLE)
            self._proxy = proxy_for(address or schema.WORLDCOVER_ADDRESS)

    def make_request(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        folder: Path,
    ) -> dict[str, Any]:
        return {
            **read_options(self, parameters, context, *self.sections, FETCHING),
            "points": self._points(parameters, context, feedback, folder),
            "landcover": self._tiles(parameters, context, feedback, folder),
            "poi": self._poi(parameters, context, feedback, folder),
            "area": self._area(parameters, context, feedback, folder),
            "grid": self._grid(parameters, context),
            **({"network": {"proxy": self._proxy}} if self._proxy else {}),
        }

    def _points(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        folder: Path,
    ) -> dict[str, Any]:
        source = self.source(parameters, "INPUT", context)
        targets = field_names(self, parameters, "FIELD", context)
        covariates = field_names(self, parameters, "COVARIATES", context)
        group = field_names(self, parameters, "GROUP_FIELD", context)
        fields = list(dict.fromkeys([*targets, *covariates, *group]))
        points = {
            **write_points(source, fields, folder / "points.csv", feedback),
            "targets": targets,
            "covariates": covariates,
        }
        unit = self.parameterAsString(parameters, "UNIT", context).strip()
        if unit:
            points["units"] = dict.fromkeys(targets, unit)
        if group:
            points["group"] = group[0]
        return points

    def _tiles(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        folder: Path,
    ) -> list[dict[str, Any]]:
        """The land cover: rasters as they are, or copied where the grid lies."""
        band = self.parameterAsInt(parameters, "LANDCOVER_BAND", context)
        tiles = []
        for number, tile in enumerate(self._landcover):
            if isinstance(tile, str):
                tiles.append({"path": tile, "band": band})
                continue
            size = self.parameterAsDouble(parameters, "CELL_SIZE", context)
            edges = QgsReferencedRectangle(self._edges, self._edges.crs())
            # The engine lays the grid up to a cell farther, and chooses no larger cells.
            edges.grow(size or max(edges.width(), edges.height()) / 20)
            to = QgsCoordinateTransform(edges.crs(), tile.crs, context.transformContext())
            # The engine calls it by its file.
            named = re.sub(r"\W+", "_", tile.name)[:60]
            path = folder / f"{named}_{number}.tif"
            cells = edges.width() / size if size else 0.0
            tile.write(to.transformBoundingBox(edges), cells, path, feedback)
            tiles.append({"path": str(path), "band": tile.band})
        return tiles

    def _poi(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        folder: Path,
    ) -> dict[str, Any] | None:
        if not given(parameters, "POI"):
            return None
        source = self.source(parameters, "POI", context)
        (category,) = field_names(self, parameters, "POI_FIELD", context)
        table = write_points(source, [category], folder / "poi.csv", feedback)
        return {**table, "category": category}

    def _area(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        folder: Path,
    ) -> dict[str, Any] | None:
        if not given(parameters, "AREA"):
            return None
        source = self.source(parameters, "AREA", context)
        return write_polygons(source, folder / "area.csv", feedback)

    def _grid(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        if self._template is not None:
            return self._template
        crs = self.parameterAsCrs(parameters, "CRS", context)
        edges = self._edges
        bounds = [edges.xMinimum(), edges.yMinimum(), edges.xMaximum(), edges.yMaximum()]
        size = given(parameters, "CELL_SIZE")
        return {
            "crs": crs_text(crs) if crs.isValid() else None,
            "cell_size": self.parameterAsDouble(parameters, "CELL_SIZE", context) if size else None,
            "bounds": bounds if given(parameters, "EXTENT") else None,
        }
