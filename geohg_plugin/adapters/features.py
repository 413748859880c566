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
        geometry = feature.geometry()
        if geometry.isNull() or geometry.isEmpty():
            continue
        if polygons_of and geometry.type() != POLYGON:
            raise wrong_shape(polygons_of, geometry, POLYGON)
        geometry.convertToStraightSegment()
        geometry.get().dropZValue()
        geometry.get().dropMValue()
        plain = QgsFeature(fields)
        plain.setGeometry(geometry)
        value = feature.attribute(index) if index >= 0 else None
        plain.setAttributes([None if is_null(value) else cell_text(value)])
        writer.addFeature(plain)
    if writer.hasError():
        raise OSError(0, writer.errorMessage(), str(path))
    del writer  # which closes the file
