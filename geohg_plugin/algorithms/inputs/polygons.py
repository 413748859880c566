"""The polygons that a map is summarised by: a layer with its fields."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingFeedback,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
)

from ....engine.names import STATISTICS
from ...adapters.features import write_polygons_with_fields
from ...adapters.tables import check_layer
from ...compat import POLYGON, VECTOR_POLYGON
from ...translation import tr
from .copying import free_path
from .layer import Described, LayerInput
from .values import Values


class ResultPolygons(LayerInput):
    """Polygons, such as districts, each of which gets a value."""

    def parameters(self) -> list[Described]:
        layer = Described(
            QgsProcessingParameterFeatureSource("POLYGONS", tr("Polygons"), [VECTOR_POLYGON]),
            tr(
                "Polygons such as municipalities, fields or watersheds. They may overlap. Their "
                "fields are kept. A selection or filter applies."
            ),
        )
        statistic = Described(
            QgsProcessingParameterEnum(
                "STATISTIC",
                tr("Mean or total"),
                options=list(STATISTICS),
                defaultValue=STATISTICS[0],
                usesStaticStrings=True,
            ),
            tr(
                "mean: the average of the cells by area, for values such as a concentration, a "
                "rate or a density. total: the sum of the cells, for values that are counts of a "
                "cell, such as people; a cell on the edge counts with its share inside."
            ),
        )
        return [layer, statistic]

    def check(self, values: Values) -> None:
        check_layer(values.source("POLYGONS"), POLYGON)

    def request(
        self, values: Values, folder: Path, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        source = values.source("POLYGONS")
        path = free_path(folder, source.sourceName(), ".gpkg")
        write_polygons_with_fields(source, path, feedback)
        return {"polygons": {"path": str(path), "statistic": values.choice("STATISTIC")}}
