"""Points, or polygons such as districts, with measured values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterRasterLayer,
    QgsWkbTypes,
)

from ....engine.names import STATISTICS, TOTAL_OF_CELLS
from ...adapters.features import write_polygons_with_fields
from ...adapters.rasters import raster_path
from ...adapters.tables import check_layer, check_numeric, write_points
from ...compat import POINT, POLYGON, VECTOR_POINT, VECTOR_POLYGON
from ...translation import tr
from .copying import free_path
from .layer import Described, LayerInput
from .points import Points
from .values import Values

# What is read of points alone.
_OF_POINTS = ("COVARIATES", "GROUP_FIELD", "PREDICT_AT")


class PointsOrPolygons(LayerInput):
    """Where points stand, polygons whose values are those of their cells may stand, too."""

    def __init__(self) -> None:
        self._points = Points()
        self._weight = ""

    def parameters(self) -> list[Described]:
        layer = Described(
            QgsProcessingParameterFeatureSource(
                "INPUT", tr("Points or polygons"), [VECTOR_POINT, VECTOR_POLYGON]
            ),
            tr(
                "Points where the value was measured; or polygons such as districts, whose value "
                "is the mean or the total of their cells. A selection or filter applies."
            ),
        )
        return [layer, *self._points.parameters()[1:], *_parameters()]

    def check(self, values: Values) -> None:
        source = values.source("INPUT")
        if _is_areal(source) and not values.given("VALUES_ARE"):
            # Nothing but the user tells a mean from a total, or a parcel from a point.
            hint = tr("For polygons with values, set VALUES_ARE to mean or total.")
            try:
                check_layer(source, POINT)
            except QgsProcessingException as error:
                raise QgsProcessingException(f"{hint} {error}") from error
        if not _is_areal(source):
            _refuse(values, ("POINTS_BESIDE", "WEIGHT"), tr("'{name}' belongs to polygons."))
            self._points.check(values)
            return
        text = tr("'{name}' belongs to points; leave it empty where polygons have values.")
        _refuse(values, _OF_POINTS, text)
        check_layer(source, POLYGON)
        check_numeric(source, values.fields("FIELD"))
        if values.given("POINTS_BESIDE"):
            beside = values.source("POINTS_BESIDE")
            check_layer(beside, POINT)
            check_numeric(beside, values.fields("FIELD"))

    def take(self, values: Values) -> None:
        if not values.given("WEIGHT"):
            return
        layer = values.raster("WEIGHT")
        path = None if layer is None else raster_path(layer)
        if path is None:
            raise QgsProcessingException(
                tr("The weights must be read from a file; save the layer as a GeoTIFF.")
            )
        self._weight = path

    def request(
        self, values: Values, folder: Path, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        source = values.source("INPUT")
        if not _is_areal(source):
            return self._points.request(values, folder, feedback)
        path = free_path(folder, source.sourceName(), ".gpkg")
        write_polygons_with_fields(source, path, feedback)
        fields, support = values.fields("FIELD"), values.choice("VALUES_ARE")
        points: dict[str, Any] = {"path": str(path), "targets": fields, "support": support}
        if support == TOTAL_OF_CELLS:
            points["keep"] = values.boolean("KEEP_TOTALS")
        if self._weight:
            points["weight"] = {"path": self._weight, "band": 1}
        unit = values.text("UNIT").strip()
        if unit:
            points["units"] = dict.fromkeys(fields, unit)
        if not values.given("POINTS_BESIDE"):
            return {"points": points}
        beside = values.source("POINTS_BESIDE")
        table = write_points(beside, fields, folder / "beside.csv", feedback)
        return {"points": points, "beside": {**table, "targets": fields}}


def _is_areal(source: QgsProcessingFeatureSource) -> bool:
    return bool(QgsWkbTypes.geometryType(source.wkbType()) == POLYGON)


def _refuse(values: Values, names: tuple[str, ...], text: str) -> None:
    for name in names:
        if values.given(name):
            raise QgsProcessingException(text.format(name=name))


def _parameters() -> list[Described]:
    support = Described(
        QgsProcessingParameterEnum(
            "VALUES_ARE",
            tr("Values of polygons are"),
            options=list(STATISTICS),
            optional=True,
            usesStaticStrings=True,
        ),
        tr(
            "Needed for polygons, and read of them alone. mean: a density, a rate, a "
            "concentration. total: a count, such as people, which the cells add up to."
        ),
        advanced=True,
    )
    keep = Described(
        QgsProcessingParameterBoolean(
            "KEEP_TOTALS", tr("Keep totals"), defaultValue=True, optional=True
        ),
        tr(
            "Whether the cells of each polygon add up to exactly its total; otherwise they do so "
            "within its noise."
        ),
        advanced=True,
    )
    weight = Described(
        QgsProcessingParameterRasterLayer("WEIGHT", tr("Weights of cells"), optional=True),
        tr(
            "A raster, such as population: the mean of a polygon is that of its cells weighted by "
            "it. By default cells count by their area in the polygon."
        ),
        advanced=True,
    )
    beside = Described(
        QgsProcessingParameterFeatureSource(
            "POINTS_BESIDE", tr("Points beside the polygons"), [VECTOR_POINT], optional=True
        ),
        tr(
            "Points where the same quantity was measured, beside polygons whose values are means. "
            "They have it in a field of the same name. A selection or filter applies."
        ),
        advanced=True,
    )
    return [support, keep, weight, beside]
