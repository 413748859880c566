"""The study area: a layer of polygons."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingFeedback, QgsProcessingParameterFeatureSource

from ...adapters.tables import check_layer, write_polygons
from ...compat import POLYGON, VECTOR_POLYGON
from ...translation import tr
from .layer import Described, LayerInput
from .values import Values


class StudyArea(LayerInput):
    """The polygons whose cells are mapped."""

    def parameters(self) -> list[Described]:
        layer = Described(
            QgsProcessingParameterFeatureSource(
                "AREA", tr("Study area"), [VECTOR_POLYGON], optional=True
            ),
            tr(
                "Polygons. Only cells whose centre lies inside are mapped; points in other "
                "cells are left out. A selection or filter applies."
            ),
        )
        return [layer]

    def check(self, values: Values) -> None:
        if values.given("AREA"):
            check_layer(values.source("AREA"), POLYGON)

    def request(
        self, values: Values, folder: Path, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        if not values.given("AREA"):
            return {"area": None}
        return {"area": write_polygons(values.source("AREA"), folder / "area.csv", feedback)}
