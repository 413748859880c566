"""What a dialog chooses before the user does: the field of values, the one map of classes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from processing.tools.dataobjects import createContext
from qgis.core import (
    QgsFeatureRequest,
    QgsField,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)

from .adapters.rasters import looks_like_classes
from .compat import is_null

# Names of fields that number or place the points.
_NO_VALUE = re.compile(
    r"(?:.*[ _])?(?:o?gc?_?fid|fid|u?id|object_?id|pk|no|nr|num|number|index|row|x|y|lon|lat|long"
    r"|longitude|latitude|easting|northing|coord|xcoord|ycoord|year|date)[ _]?\d*",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r".*[a-z]ID", re.ASCII)
_SEEN = 500  # so many points tell whether a field numbers them


class FirstChoices:
    """Fills what the user has not filled; follows the layer of points.

    Parameters
    ----------
    wrappers : mapping of str to widget wrapper
        The parameters of a dialog.
    """

    def __init__(self, wrappers: Mapping[str, Any]) -> None:
        self._points = wrappers.get("INPUT")
        self._field, self._likely = wrappers.get("FIELD"), value_field
        if "CLASS_FIELD" in wrappers:
            self._field, self._likely = wrappers["CLASS_FIELD"], class_field
        if self._points is not None and self._field is not None:
            self._points.widgetValueHasChanged.connect(self._choose_field)
            self._choose_field()
        if "LANDCOVER" in wrappers:
            _choose_land_cover(wrappers["LANDCOVER"])

    def _choose_field(self, _: Any = None) -> None:
        layer = self._points.parameterValue()
        if not isinstance(layer, (str, QgsVectorLayer)):
            layer = getattr(getattr(layer, "source", None), "staticValue", lambda: "")()
        if isinstance(layer, str):
            layer = QgsProject.instance().mapLayer(layer)
        if isinstance(layer, QgsVectorLayer):
            found = self._likely(layer)
            several = self._field.parameterDefinition().allowMultiple()
            one = [found] if found else []
            self._field.setParameterValue(one if several else found, createContext())


def value_field(layer: QgsVectorLayer) -> str:
    """The field that most likely holds measured values; "" where none does."""
    fields = [field for field in layer.fields() if field.isNumeric()]
    named = [field for field in fields if field.name().lower() in ("value", "values", "z_value")]
    kept = [field for field in fields if not _is_number_of(field.name())]
    decimals = [field for field in kept if not _is_whole(field)]
    whole = [field for field in kept if _is_whole(field) and not _counts(layer, field.name())]
    return next((field.name() for field in (*named, *decimals, *whole)), "")


def class_field(layer: QgsVectorLayer) -> str:
    """The field that most likely holds classes: a text that differs, and not in each point."""
    fields = [field for field in layer.fields() if not field.isNumeric()]
    return next((each.name() for each in fields if _repeats(layer, each.name())), "")


def _repeats(layer: QgsVectorLayer, name: str) -> bool:
    known = _first_values(layer, name)
    return 1 < len(set(known)) <= len(known) // 2


def _is_number_of(name: str) -> bool:
    return bool(_NO_VALUE.fullmatch(name) or _NUMBERED.fullmatch(name))


def _is_whole(field: QgsField) -> bool:
    return "int" in field.typeName().lower() or field.typeName().lower() == "boolean"


def _counts(layer: QgsVectorLayer, name: str) -> bool:
    """Whether each point has a number of its own, one after the other."""
    known = _first_values(layer, name)
    return len(known) > 1 and len(set(known)) == len(known)


def _first_values(layer: QgsVectorLayer, name: str) -> list[Any]:
    """The values of a field at the first points, without those that are missing."""
    request = QgsFeatureRequest().setSubsetOfAttributes([name], layer.fields()).setLimit(_SEEN)
    values = [feature[name] for feature in layer.getFeatures(request)]
    return [value for value in values if not is_null(value)]


def _choose_land_cover(wrapper: Any) -> None:
    """Choose the raster of classes where the project has one, and only one."""
    layers = QgsProject.instance().mapLayers().values()
    rasters = [layer for layer in layers if isinstance(layer, QgsRasterLayer)]
    found = [layer for layer in rasters if looks_like_classes(layer)]
    if len(found) == 1 and not wrapper.parameterValue():
        wrapper.setParameterValue([found[0].id()], createContext())
