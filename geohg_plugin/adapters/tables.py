"""Layers of points and polygons to the tables that the engine reads."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureRequest,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
)

from ..compat import crs_text, is_null
from ..translation import tr

COORDINATES = ("geohg_x", "geohg_y")
_DECIMALS = 12  # of a corner, in the unit of its CRS


def write_points(
    source: QgsProcessingFeatureSource,
    fields: list[str],
    path: Path,
    feedback: QgsProcessingFeedback,
) -> dict[str, Any]:
    """Write the points of `source` and these fields as a CSV; one row a position.

    Each part of a multipoint is a row of its own; heights are left out; a value that
    is NULL is an empty cell. The source's selection and filter apply.

    Returns
    -------
    dict
        The part of a request that describes the table: path, name, CRS, columns.

    Raises
    ------
    QgsProcessingException
        If the layer has no CRS.
    """
    crs = check_crs(source)
    request = QgsFeatureRequest().setSubsetOfAttributes(fields, source.fields())
    indices = [source.fields().lookupField(name) for name in fields]
    lost = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow([*COORDINATES, *fields])
        for feature in source.getFeatures(request):
            if feedback.isCanceled():
                break
            values = [_cell(feature.attribute(index)) for index in indices]
            positions = list(_positions(feature))
            table.writerows([x, y, *values] for x, y in positions)
            lost += not positions
    if lost:
        feedback.pushWarning(
            tr("{count} features of '{name}' have no geometry and were left out.").format(
                count=lost, name=source.sourceName()
            )
        )
    table = {"path": str(path), "name": source.sourceName(), "crs": crs_text(crs)}
    return {**table, "coord_columns": list(COORDINATES)}


def write_polygons(
    source: QgsProcessingFeatureSource, path: Path, feedback: QgsProcessingFeedback
) -> dict[str, Any]:
    """Write the polygons of `source` as well-known text, one row a feature.

    Curves become straight lines; heights are left out. The source's selection and filter
    apply.

    Returns
    -------
    dict
        The part of a request that describes the table: path, name, CRS.

    Raises
    ------
    QgsProcessingException
        If the layer has no CRS.
    """
    crs = check_crs(source)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["wkt"])
        for feature in source.getFeatures(QgsFeatureRequest().setNoAttributes()):
            if feedback.isCanceled():
                break
            geometry = feature.geometry()
            if geometry.isNull() or geometry.isEmpty():
                continue
            geometry.convertToStraightSegment()
            geometry.get().dropZValue()
            geometry.get().dropMValue()
            table.writerow([geometry.asWkt(_DECIMALS)])
    return {"path": str(path), "name": source.sourceName(), "crs": crs_text(crs)}


def check_crs(source: QgsProcessingFeatureSource) -> QgsCoordinateReferenceSystem:
    """The CRS of a layer; a layer without one is refused.

    Raises
    ------
    QgsProcessingException
        Naming the layer.
    """
    crs = source.sourceCrs()
    if not crs.isValid():
        raise QgsProcessingException(
            tr("The layer '{name}' has no CRS; set one in its properties.").format(
                name=source.sourceName()
            )
        )
    return crs


def _positions(feature: QgsFeature) -> Iterator[tuple[str, str]]:
    geometry = feature.geometry()
    if geometry.isNull() or geometry.isEmpty():
        return
    for vertex in geometry.vertices():
        yield repr(vertex.x()), repr(vertex.y())


def _cell(value: Any) -> str:
    if is_null(value):
        return ""
    if isinstance(value, float):
        # The category 3 of a column of decimals is '3', as QGIS shows it, not '3.0'.
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)
