"""Points of interest: a layer, and the field with their category."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
)

from ...adapters.tables import check_fields, check_layer, write_points
from ...compat import ANY_FIELD, POINT, VECTOR_POINT
from ...translation import tr
from .layer import Described, LayerInput
from .values import Values


class Pois(LayerInput):
    """Points of interest, each of one category; or none."""

    def __init__(self) -> None:
        self._category: list[str] = []

    def parameters(self) -> list[Described]:
        layer = Described(
            QgsProcessingParameterFeatureSource("POI", tr("POIs"), [VECTOR_POINT], optional=True),
            tr("Points of interest, each of one category. A selection or filter applies."),
        )
        field = Described(
            QgsProcessingParameterField(
                "POI_FIELD",
                tr("POI category field"),
                parentLayerParameterName="POI",
                type=ANY_FIELD,
                optional=True,
            ),
            tr(
                "The field with each POI's category, for example restaurant; required with a "
                "POI layer."
            ),
        )
        return [layer, field]

    def check(self, values: Values) -> None:
        if not values.given("POI"):
            return
        self._category = values.fields("POI_FIELD")
        if not self._category:
            raise QgsProcessingException(tr("A POI layer needs a category field; set POI_FIELD."))
        source = values.source("POI")
        check_layer(source, POINT)
        check_fields(source, self._category)

    def request(
        self, values: Values, folder: Path, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        if not values.given("POI"):
            return {"poi": None}
        table = write_points(values.source("POI"), self._category, folder / "poi.csv", feedback)
        return {"poi": {**table, "category": self._category[0]}}
