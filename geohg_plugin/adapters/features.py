"""Layers of any geometries to GeoPackages that the engine reads."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsFeature,
    QgsFeatureIterator,
    QgsFeatureRequest,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
)

from ..compat import ANY_WKB, NO_WKB, POLYGON, TEXT_FIELD, is_null
from ..translation import tr
from .tables import cell_text, check_layer, check_there, wrong_shape

# The field of the names in a file that `write_zones` wrote.
NAME = "name"
# Fields that a GeoPackage has of its own.
_OWN = ("fid", "geom")


class LayerCopy:
    """The features of a vector layer, with its filter.

    It is made in the thread of the layer, and written in any.

    Parameters
    ----------
    layer : QgsVectorLayer
        The layer.
    """

    def __init__(self, layer: QgsVectorLayer) -> None:
        self.name = layer.name()
        self._crs = layer.crs()
        self._source = QgsVectorLayerFeatureSource(layer)

    def write(self, path: Path, feedback: QgsProcessingFeedback) -> None:
        """Write the geometries as a GeoPackage."""
        request = QgsFeatureRequest().setNoAttributes()
        _write(self._source.getFeatures(request), -1, self._crs, path, feedback)


def write_zones(
    source: QgsProcessingFeatureSource, field: str, path: Path, feedback: QgsProcessingFeedback
) -> None:
    """Write polygons as a GeoPackage with their names in the field `NAME`.

    The source's selection and filter apply. A name that is NULL stays so.

    Raises
    ------
    QgsProcessingException
        If the layer has no CRS, or other geometries than polygons.
    """
    crs = check_layer(source, POLYGON)
    index = source.fields().lookupField(field)
    request = QgsFeatureRequest().setSubsetOfAttributes([index])
    _write(source.getFeatures(request), index, crs, path, feedback, source.sourceName())


def write_polygons_with_fields(
    source: QgsProcessingFeatureSource, path: Path, feedback: QgsProcessingFeedback
) -> None:
    """Write polygons as a GeoPackage with their fields; the source's selection and filter apply.

    Polygons without a geometry stay. Fields that no GeoPackage holds become text.

    Raises
    ------
    QgsProcessingException
        If the layer has no CRS, or other geometries than polygons.
    """
    crs = check_layer(source, POLYGON)
    indices = [
        index for index, field in enumerate(source.fields()) if field.name().lower() not in _OWN
    ]
    fields = QgsFields()
    plain = []
    for index in indices:
        field = source.fields().at(index)
        plain.append(field.isNumeric() or field.isDateOrTime())
        fields.append(QgsField(field.name(), field.type() if plain[-1] else TEXT_FIELD))
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    writer = QgsVectorFileWriter.create(
        str(path), fields, ANY_WKB, crs, QgsCoordinateTransformContext(), options
    )
    for feature in source.getFeatures():
        if feedback.isCanceled():
            break
        copy = QgsFeature(fields)
        copy.setGeometry(_straight(feature.geometry(), source.sourceName()))
        values = (feature.attribute(index) for index in indices)
        copy.setAttributes(
            [
                None if is_null(value) else value if kept else cell_text(value)
                for value, kept in zip(values, plain)
            ]
        )
        writer.addFeature(copy)
    if writer.hasError():
        raise OSError(0, writer.errorMessage(), str(path))
    del writer  # which closes the file


def check_features(layer: QgsVectorLayer) -> None:
    """Refuse a layer whose source is gone, and one without a CRS or without geometries.

    Raises
    ------
    QgsProcessingException
        In one sentence.
    """
    check_there(layer)
    if layer.wkbType() == NO_WKB:
        raise QgsProcessingException(
            tr("The layer '{name}' has no geometries; give points, lines or polygons.").format(
                name=layer.name()
            )
        )
    if not layer.crs().isValid():
        raise QgsProcessingException(
            tr("The layer '{name}' has no CRS; set one in its properties.").format(
                name=layer.name()
            )
        )


def _write(
    features: QgsFeatureIterator,
    index: int,
    crs: QgsCoordinateReferenceSystem,
    path: Path,
    feedback: QgsProcessingFeedback,
    polygons_of: str = "",
) -> None:
    """Write features without curves, with the field `index` as text if there is one.

    Where `polygons_of` names a layer, other geometries than polygons are refused.
    """
    fields = QgsFields()
    fields.append(QgsField(NAME, TEXT_FIELD))
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    writer = QgsVectorFileWriter.create(
        str(path), fields, ANY_WKB, crs, QgsCoordinateTransformContext(), options
    )
    for feature in features:
        if feedback.isCanceled():
            break
        geometry = _straight(feature.geometry(), polygons_of)
        if geometry.isNull():
            continue
        plain = QgsFeature(fields)
        plain.setGeometry(geometry)
        value = feature.attribute(index) if index >= 0 else None
        plain.setAttributes([None if is_null(value) else cell_text(value)])
        writer.addFeature(plain)
    if writer.hasError():
        raise OSError(0, writer.errorMessage(), str(path))
    del writer  # which closes the file


def _straight(geometry: QgsGeometry, polygons_of: str) -> QgsGeometry:
    """A geometry without curves and heights, or a null one; see `_write`."""
    if geometry.isNull() or geometry.isEmpty():
        return QgsGeometry()
    if polygons_of and geometry.type() != POLYGON:
        raise wrong_shape(polygons_of, geometry, POLYGON)
    geometry.convertToStraightSegment()
    geometry.get().dropZValue()
    geometry.get().dropMValue()
    return geometry
