"""Everything that differs between QGIS 3.22 and 4.x, once.

Names that QGIS moved are looked up in their new place first. Elsewhere in the
plugin, enums are written in full (`Qt.AlignmentFlag.AlignCenter`), which Qt 5 and
Qt 6 both understand.
"""

from __future__ import annotations

import os
from typing import Any

import qgis.core
from qgis.core import (
    NULL,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsField,
    QgsProcessingAlgorithm,
)
from qgis.PyQt.QtCore import QMetaType, QVariant


def _first(*names: str) -> Any:
    """The first of these dotted names in `qgis.core` that this QGIS has."""
    for name in names:
        value: Any = qgis.core
        for part in name.split("."):
            value = getattr(value, part, None)
        if value is not None:
            return value
    raise ImportError(f"This version of QGIS has none of {', '.join(names)}.")


VECTOR_POINT = _first("Qgis.ProcessingSourceType.VectorPoint", "QgsProcessing.TypeVectorPoint")
VECTOR_LINE = _first("Qgis.ProcessingSourceType.VectorLine", "QgsProcessing.TypeVectorLine")
VECTOR_POLYGON = _first(
    "Qgis.ProcessingSourceType.VectorPolygon", "QgsProcessing.TypeVectorPolygon"
)
VECTOR_ANY = _first(
    "Qgis.ProcessingSourceType.VectorAnyGeometry", "QgsProcessing.TypeVectorAnyGeometry"
)
POINT = _first("Qgis.GeometryType.Point", "QgsWkbTypes.PointGeometry")
LINE = _first("Qgis.GeometryType.Line", "QgsWkbTypes.LineGeometry")
POLYGON = _first("Qgis.GeometryType.Polygon", "QgsWkbTypes.PolygonGeometry")
ANY_GEOMETRY = _first("Qgis.GeometryType.Unknown", "QgsWkbTypes.UnknownGeometry")
NO_WKB = _first("Qgis.WkbType.NoGeometry", "QgsWkbTypes.NoGeometry")
ANY_WKB = _first("Qgis.WkbType.Unknown", "QgsWkbTypes.Unknown")
ALONG_LINE = _first("Qgis.LabelPlacement.Line", "QgsPalLayerSettings.Line")
BOX = _first("QgsBox3D", "QgsBox3d")
RASTER = _first("Qgis.ProcessingSourceType.Raster", "QgsProcessing.TypeRaster")
ADVANCED = _first(
    "Qgis.ProcessingParameterFlag.Advanced", "QgsProcessingParameterDefinition.FlagAdvanced"
)
HIDDEN = _first(
    "Qgis.ProcessingParameterFlag.Hidden", "QgsProcessingParameterDefinition.FlagHidden"
)
OPTIONAL = _first(
    "Qgis.ProcessingParameterFlag.Optional", "QgsProcessingParameterDefinition.FlagOptional"
)
INTEGER = _first(
    "Qgis.ProcessingNumberParameterType.Integer", "QgsProcessingParameterNumber.Integer"
)
DOUBLE = _first("Qgis.ProcessingNumberParameterType.Double", "QgsProcessingParameterNumber.Double")
NUMERIC_FIELD = _first(
    "Qgis.ProcessingFieldParameterDataType.Numeric", "QgsProcessingParameterField.Numeric"
)
ANY_FIELD = _first("Qgis.ProcessingFieldParameterDataType.Any", "QgsProcessingParameterField.Any")
FILE = _first("Qgis.ProcessingFileParameterBehavior.File", "QgsProcessingParameterFile.File")
FOLDER = _first("Qgis.ProcessingFileParameterBehavior.Folder", "QgsProcessingParameterFile.Folder")
WKT_PREFERRED = _first("Qgis.CrsWktVariant.Preferred", "QgsCoordinateReferenceSystem.WKT_PREFERRED")
COLOURS = (
    _first("Qgis.DataType.ARGB32", "Qgis.ARGB32"),
    _first("Qgis.DataType.ARGB32_Premultiplied", "Qgis.ARGB32_Premultiplied"),
)
BYTE = _first("Qgis.DataType.Byte", "Qgis.Byte")
# Types whose every value 32 bits hold; QGIS knows bytes with a sign since 3.30.
EXACT_IN_FLOAT32 = tuple(
    _first(f"Qgis.DataType.{name}", f"Qgis.{name}", "Qgis.DataType.Byte", "Qgis.Byte")
    for name in ("Byte", "Int8", "UInt16", "Int16", "Float32")
)
WHOLE_NUMBERS = tuple(
    _first(f"Qgis.DataType.{name}", f"Qgis.{name}", "Qgis.DataType.Byte", "Qgis.Byte")
    for name in ("Byte", "Int8", "UInt16", "Int16", "UInt32", "Int32")
)
# The type of a field of text; of QVariant in Qt 5 alone.
TEXT_FIELD = getattr(QVariant, "String", None) or QMetaType.Type.QString
RED_GREEN_BLUE = tuple(
    _first(f"Qgis.RasterColorInterpretation.{name}Band", f"QgsRaster.{name}Band")
    for name in ("Red", "Green", "Blue")
)
ALPHA = _first("Qgis.RasterColorInterpretation.AlphaBand", "QgsRaster.AlphaBand")
INTERPOLATED = _first(
    "Qgis.ShaderInterpolationMethod.Linear", "QgsColorRampShader.Type.Interpolated"
)
CONTINUOUS = _first(
    "Qgis.ShaderClassificationMethod.Continuous",
    "QgsColorRampShader.ClassificationMode.Continuous",
)


def is_boolean(field: QgsField) -> bool:
    """Whether a field holds true and false; Qt 5 and Qt 6 number types alike."""
    return int(getattr(field.type(), "value", field.type())) == 1


def is_null(value: Any) -> bool:
    """Whether an attribute has no value; Qt 5 has its own NULL, Qt 6 has None."""
    return value is None or value == NULL


def crs_text(crs: QgsCoordinateReferenceSystem) -> str:
    """Authority code of a CRS, or its WKT where it has none that others know."""
    code = crs.authid()
    return code if code.startswith(("EPSG:", "ESRI:", "OGC:")) else crs.toWkt(WKT_PREFERRED)


def field_names(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], name: str, context: Any
) -> list[str]:
    """Names chosen in a field parameter; `parameterAsFields` ended with QGIS 3.40."""
    if hasattr(algorithm, "parameterAsStrings"):
        return list(algorithm.parameterAsStrings(parameters, name, context))
    return list(algorithm.parameterAsFields(parameters, name, context))


def memory_bytes() -> int | None:
    """The memory of this computer; None where neither QGIS (3.26) nor the system says."""
    if hasattr(QgsApplication, "systemMemorySizeMb"):
        return int(QgsApplication.systemMemorySizeMb()) * 2**20
    if hasattr(os, "sysconf"):
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return None
