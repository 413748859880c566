"""The inputs of a graph: points, land cover, POIs and the grid."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
)

from ...engine import schema
from ..adapters.proxies import proxy_for
from ..adapters.rasters import raster_path
from ..adapters.tables import write_points
from ..compat import crs_text, field_names
from ..translation import tr
from .grid_parameters import GridParameters
from .options import SETTINGS, read_options

_BY_HAND = ("CELL_SIZE", "EXTENT", "CRS")


class GridAlgorithm(GridParameters):
    """An algorithm that makes a graph from layers.

    A subclass names the `sections` of the options that it has parameters for.
    """

    sections: tuple[str, ...] = ()

    def __init__(self) -> None:
        super().__init__()
        self._landcover: list[str] = []
        self._template: str | None = None
        self._proxy = ""

    def check(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        super().check(parameters, context)
        source = self._source(parameters, "INPUT", context)
        _check_numeric(source, field_names(self, parameters, "FIELD", context))
        self._check_groups(parameters, context)
        if _given(parameters, "POI") and not _given(parameters, "POI_FIELD"):
            raise QgsProcessingException(
                tr("A POI layer needs the field that has the category; set POI_FIELD.")
            )
        self._check_grid(parameters, context)
        fetches = self._worldcover(parameters, context) != schema.NO_WORLDCOVER
        if fetches and _given(parameters, "LANDCOVER"):
            raise QgsProcessingException(
                tr(
                    "Land cover is given twice, by LANDCOVER and by WORLDCOVER; "
                    "leave LANDCOVER empty, or set WORLDCOVER to none."
                )
            )
        for layer in self.parameterAsLayerList(parameters, "LANDCOVER", context):
            raster_path(layer)
            if not layer.crs().isValid():
                raise QgsProcessingException(
                    tr("The raster '{name}' has no CRS; assign its CRS first.").format(
                        name=layer.name()
                    )
                )

    def _worldcover(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        return self.parameterAsEnumString(parameters, "WORLDCOVER", context)

    def _check_groups(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        if self.parameterDefinition("VALIDATION") is None or _given(parameters, "GROUP_FIELD"):
            return
        if self.parameterAsEnumString(parameters, "VALIDATION", context) == schema.GROUPS:
            raise QgsProcessingException(
                tr("The validation 'groups' needs the field that has them; set GROUP_FIELD.")
            )

    def _check_grid(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        by_hand = [key for key in _BY_HAND if _given(parameters, key)]
        if _given(parameters, "TEMPLATE"):
            if by_hand:
                raise QgsProcessingException(
                    tr(
                        "The grid is given twice, by TEMPLATE and by {names}; "
                        "leave one of the two empty."
                    ).format(names=", ".join(by_hand))
                )
            return
        if "CELL_SIZE" not in by_hand:
            raise QgsProcessingException(
                tr("The grid needs a cell size (CELL_SIZE) or a template raster (TEMPLATE).")
            )
        size = self.parameterAsDouble(parameters, "CELL_SIZE", context)
        if not size > 0:
            raise QgsProcessingException(
                tr(
                    "The cell size must be greater than zero, got {size:g}; give a size in the "
                    "unit of the grid's CRS."
                ).format(size=size)
            )

    def read_layers(self, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        layers = self.parameterAsLayerList(parameters, "LANDCOVER", context)
        self._landcover = [raster_path(layer) for layer in layers]
        template = self.parameterAsRasterLayer(parameters, "TEMPLATE", context)
        self._template = raster_path(template) if template is not None else None
        # A settings file may ask for it too.
        if self._worldcover(parameters, context) != schema.NO_WORLDCOVER or _given(
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
        source = self._source(parameters, "INPUT", context)
        targets = field_names(self, parameters, "FIELD", context)
        group = field_names(self, parameters, "GROUP_FIELD", context)
        fields = list(dict.fromkeys([*targets, *group]))
        points = write_points(source, fields, folder / "points.csv", feedback)
        band = self.parameterAsInt(parameters, "LANDCOVER_BAND", context)
        return {
            **read_options(self, parameters, context, *self.sections),
            "points": {**points, "targets": targets, **({"group": group[0]} if group else {})},
            "landcover": [{"path": path, "band": band} for path in self._landcover],
            "poi": self._poi(parameters, context, feedback, folder),
            "grid": self._grid(parameters, context, source.sourceCrs()),
            **({"network": {"proxy": self._proxy}} if self._proxy else {}),
        }

    def _poi(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        folder: Path,
    ) -> dict[str, Any] | None:
        if not _given(parameters, "POI"):
            return None
        source = self._source(parameters, "POI", context)
        (category,) = field_names(self, parameters, "POI_FIELD", context)
        table = write_points(source, [category], folder / "poi.csv", feedback)
        return {**table, "category": category}

    def _grid(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        points_crs: QgsCoordinateReferenceSystem,
    ) -> dict[str, Any]:
        if self._template is not None:
            return {"crs": None, "cell_size": None, "bounds": None, "template": self._template}
        crs = self.parameterAsCrs(parameters, "CRS", context)
        extent = self.parameterAsExtent(
            parameters, "EXTENT", context, crs if crs.isValid() else points_crs
        )
        edges = (extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum())
        return {
            "crs": crs_text(crs) if crs.isValid() else None,
            "cell_size": self.parameterAsDouble(parameters, "CELL_SIZE", context),
            "bounds": list(edges) if _given(parameters, "EXTENT") else None,
            "template": None,
        }

    def _source(
        self, parameters: dict[str, Any], key: str, context: QgsProcessingContext
    ) -> QgsProcessingFeatureSource:
        source = self.parameterAsSource(parameters, key, context)
        if source is None:
            raise QgsProcessingException(self.invalidSourceError(parameters, key))
        return source


def _given(parameters: dict[str, Any], key: str) -> bool:
    return parameters.get(key) not in (None, "", [])


def _check_numeric(source: QgsProcessingFeatureSource, names: list[str]) -> None:
    fields = source.fields()
    for name in names:
        index = fields.lookupField(name)
        if index < 0:
            raise QgsProcessingException(
                tr("The layer '{layer}' has no field '{name}'; it has: {known}.").format(
                    layer=source.sourceName(), name=name, known=", ".join(fields.names())
                )
            )
        if not fields.at(index).isNumeric():
            raise QgsProcessingException(
                tr("The field '{name}' holds {kind}, not numbers; choose a numeric field.").format(
                    name=name, kind=fields.at(index).typeName() or tr("text")
                )
            )
