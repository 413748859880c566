"""Zones: polygons with a name, such as districts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
)

from ...adapters.features import NAME, write_zones
from ...adapters.tables import check_fields, check_layer
from ...compat import ANY_FIELD, POLYGON, VECTOR_POLYGON
from ...translation import tr
from .classrasters import ClassRasters
from .copying import free_path
from .layer import Described, LayerInput
from .typenames import type_name
from .values import Values


class Zones(LayerInput):
    """Polygons, each with a name; or none.

    Parameters
    ----------
    classes : ClassRasters
        What has names of types already; checked by its owner, before this is.
    """

    def __init__(self, classes: ClassRasters) -> None:
        self._classes = classes
        self._field: list[str] = []

    def parameters(self) -> list[Described]:
        layer = Described(
            QgsProcessingParameterFeatureSource(
                "ZONES", tr("Zones"), [VECTOR_POLYGON], optional=True
            ),
            tr(
                "Polygons that divide the ground into zones, for example districts, watersheds or "
                "soil units. Cells of one zone tell of each other, however far apart they are. A "
                "selection or filter applies."
            ),
            advanced=True,
        )
        field = Described(
            QgsProcessingParameterField(
                "ZONES_FIELD",
                tr("Zone name field"),
                parentLayerParameterName="ZONES",
                type=ANY_FIELD,
                optional=True,
            ),
            tr(
                "The field with the name or class of each polygon; required with zones. Polygons "
                "with the same name are one zone."
            ),
            advanced=True,
        )
        return [layer, field]

    def check(self, values: Values) -> None:
        if not values.given("ZONES"):
            return
        self._field = values.fields("ZONES_FIELD")
        if not self._field:
            raise QgsProcessingException(
                tr("Zones need a field with their names; set ZONES_FIELD.")
            )
        source = values.source("ZONES")
        check_layer(source, POLYGON)
        check_fields(source, self._field)

    def request(
        self, values: Values, folder: Path, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        if not values.given("ZONES"):
            return {}
        source = values.source("ZONES")
        path = free_path(folder, source.sourceName(), ".gpkg")
        write_zones(source, self._field[0], path, feedback)
        kind = type_name(source.sourceName(), self._classes.types.values())
        return {"zones": [{"type": kind, "path": str(path), "column": NAME}]}
