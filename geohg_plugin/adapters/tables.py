"""Layers of points and polygons to the tables that the engine reads."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsDataProvider,
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
    QgsVectorLayer,
    QgsWkbTypes,
)

from ..compat import ANY_GEOMETRY, POINT, POLYGON, crs_text, is_boolean, is_null
from ..translation import tr
from .sources import open_again

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
        If the layer has no CRS, or other geometries than points.
    """
    crs = check_layer(source, POINT)
    columns = _coordinates(fields)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow([*columns, *fields])
        _write_rows(table, source, fields, QgsFeatureRequest(), feedback)
    described = {"path": str(path), "name": source.sourceName(), "crs": crs_text(crs)}
    return {**described, "coord_columns": columns}


def append_points(
    source: QgsProcessingFeatureSource,
    fields: list[str | None],
    path: Path,
    crs: QgsCoordinateReferenceSystem,
    context: QgsCoordinateTransformContext,
    feedback: QgsProcessingFeedback,
) -> None:
    """Add the points of `source` to a CSV that `write_points` wrote.

    Parameters
    ----------
    fields : list of str or None
        The field of each column of the CSV; None leaves it empty.
    crs : QgsCoordinateReferenceSystem
        That of the points in the CSV.
    context : QgsCoordinateTransformContext
        How positions come there.
    """
    request = QgsFeatureRequest().setDestinationCrs(crs, context)
    with path.open("a", encoding="utf-8", newline="") as file:
        _write_rows(csv.writer(file), source, fields, request, feedback)


def _write_rows(
    table: Any,
    source: QgsProcessingFeatureSource,
    fields: Sequence[str | None],
    request: QgsFeatureRequest,
    feedback: QgsProcessingFeedback,
) -> None:
    """Write a row for each position of a layer of points."""
    indices = [source.fields().lookupField(name) if name else -1 for name in fields]
    request.setSubsetOfAttributes(sorted({index for index in indices if index >= 0}))
    lost = 0
    for feature in source.getFeatures(request):
        if feedback.isCanceled():
            break
        values = [cell_text(feature.attribute(index)) if index >= 0 else "" for index in indices]
        positions = list(_positions(feature, source.sourceName()))
        table.writerows([x, y, *values] for x, y in positions)
        lost += not positions
    if lost:
        feedback.pushWarning(
            tr("{count} features of '{name}' have no geometry and were left out.").format(
                count=lost, name=source.sourceName()
            )
        )


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
        If the layer has no CRS, or other geometries than polygons.
    """
    crs = check_layer(source, POLYGON)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["wkt"])
        for feature in source.getFeatures(QgsFeatureRequest().setNoAttributes()):
            if feedback.isCanceled():
                break
            geometry = feature.geometry()
            if geometry.isNull() or geometry.isEmpty():
                continue
            if geometry.type() != POLYGON:
                raise wrong_shape(source.sourceName(), geometry, POLYGON)
            geometry.convertToStraightSegment()
            geometry.get().dropZValue()
            geometry.get().dropMValue()
            table.writerow([geometry.asWkt(_DECIMALS)])
    return {"path": str(path), "name": source.sourceName(), "crs": crs_text(crs)}


def check_there(layer: QgsVectorLayer) -> None:
    """Refuse a layer whose file is gone: it outlives it, and then has no features.

    Raises
    ------
    QgsProcessingException
        Naming the layer and the file.
    """
    if layer.providerType() == "memory":
        return
    provider, source = open_again(layer)
    if provider is None:
        raise QgsProcessingException(
            tr(
                "The layer '{name}' cannot be read: its source '{source}' is missing or "
                "unreadable; repair the layer's source, or load it again."
            ).format(name=layer.name(), source=source)
        )


def check_only_layer(layer: QgsVectorLayer) -> None:
    """Refuse a file of several layers that names none of them; QGIS takes the first.

    Raises
    ------
    QgsProcessingException
        Naming the layers.
    """
    if layer.providerType() != "ogr" or "|" in layer.source():
        return
    split = [
        text.split(QgsDataProvider.sublayerSeparator()) for text in layer.dataProvider().subLayers()
    ]
    # A layer of several types of geometry is told once for each.
    names = list(dict.fromkeys(part[1] for part in split if part[3] != "None"))
    if len(names) > 1:
        raise QgsProcessingException(
            tr(
                "'{path}' has several layers ({layers}); give a file with one, or name one as in "
                "'{path}|layername={first}'."
            ).format(path=layer.publicSource(), layers=", ".join(names), first=names[0])
        )


def check_layer(source: QgsProcessingFeatureSource, shape: Any) -> QgsCoordinateReferenceSystem:
    """The CRS of a layer of points or polygons; one without a CRS, or of others, is refused.

    A layer of any geometries is not, before its features are looked at.

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
    kind = QgsWkbTypes.geometryType(source.wkbType())
    if kind not in (shape, ANY_GEOMETRY):
        raise wrong_shape(source.sourceName(), kind, shape)
    return crs


def check_fields(source: QgsProcessingFeatureSource, names: list[str]) -> None:
    """Refuse fields that a layer does not have."""
    fields = source.fields()
    for name in names:
        if fields.lookupField(name) < 0:
            raise QgsProcessingException(
                tr("The layer '{layer}' has no field '{name}'; it has: {known}.").format(
                    layer=source.sourceName(), name=name, known=", ".join(fields.names())
                )
            )


def check_numeric(source: QgsProcessingFeatureSource, names: list[str]) -> None:
    """Refuse fields that a layer does not have, or that hold no numbers."""
    check_fields(source, names)
    fields = source.fields()
    for name in names:
        field = fields.at(fields.lookupField(name))
        if not (field.isNumeric() or is_boolean(field)):
            raise QgsProcessingException(
                tr(
                    "The field '{name}' contains {kind}, not numbers; choose a numeric field."
                ).format(name=name, kind=field.typeName() or tr("text"))
            )


def wrong_shape(name: str, got: Any, shape: Any) -> QgsProcessingException:
    """What to say of a layer with `got`, a geometry or a type of them, where `shape` is due."""
    kind = got if not isinstance(got, QgsGeometry) else got.type()
    kinds = QgsWkbTypes.geometryDisplayString(kind).lower()
    if kind == ANY_GEOMETRY and isinstance(got, QgsGeometry):
        kinds = QgsWkbTypes.displayString(got.wkbType())
    if shape == POINT:
        text = tr(
            "The layer '{name}' has geometries that are not points ({kinds}); give points, such as "
            "their centroids."
        )
    else:
        text = tr(
            "The layer '{name}' has geometries that are not polygons ({kinds}); give polygons."
        )
    return QgsProcessingException(text.format(name=name, kinds=kinds))


def _coordinates(fields: list[str]) -> list[str]:
    """Names of columns for x and y that no field has."""
    names = list(COORDINATES)
    while set(names) & {field.strip() for field in fields}:
        names = [name + "_" for name in names]
    return names


def _positions(feature: QgsFeature, name: str) -> Iterator[tuple[str, str]]:
    geometry = feature.geometry()
    if geometry.isNull() or geometry.isEmpty():
        return
    if geometry.type() != POINT:
        raise wrong_shape(name, geometry, POINT)
    for vertex in geometry.vertices():
        yield repr(vertex.x()), repr(vertex.y())


def cell_text(value: Any) -> str:
    """The value of a field as a table has it: as QGIS shows it; NULL is empty."""
    if is_null(value):
        return ""
    if isinstance(value, float):
        # The category 3 of a column of decimals is '3', as QGIS shows it, not '3.0'.
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)
