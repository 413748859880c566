"""The files behind what the parameters of an algorithm name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingUtils,
    QgsProject,
    QgsProperty,
    QgsProviderRegistry,
    QgsVectorLayer,
)

from ...engine.originals import named_files


def source_files(parameters: Mapping[str, Any], context: QgsProcessingContext) -> set[Path]:
    """The files of all layers and files among these parameters, as far as they exist.

    Files of the layers that a layer is joined to, or made of, are among them.
    """
    found = _Sources(context)
    for value in parameters.values():
        found.add(value)
    return named_files(found.texts)


def without_passwords(command: str) -> str:
    """A call of Processing without the passwords that the sources of its layers hold."""
    quoted = r"""\\?'[^']*'|\\?"[^"]*"|[^\s'"&;,]+"""
    command = re.sub(rf"(?i)(password\s*=\s*)({quoted})", r"\1***", command)
    return re.sub(r"//[^/@\s]+@", "//***@", command)


def open_again(layer: QgsMapLayer) -> tuple[Any, str]:
    """The source of a layer, opened anew, and what to call it in a message.

    A layer outlives its file, and so does a clone of its provider. None stands for a source
    that is gone.
    """
    registry = QgsProviderRegistry.instance()
    provider = registry.createProvider(layer.providerType(), layer.source())
    if provider is not None and not provider.isValid():
        provider = None
    is_file = layer.providerType() in ("gdal", "ogr")
    # The name of a file may hold a password; others say where a database is.
    return provider, layer.publicSource() if is_file else layer.providerType()


class _Sources:
    """Gathers what parameters, and the layers that they name, say of where their data are."""

    def __init__(self, context: QgsProcessingContext) -> None:
        self.texts: set[str] = set()
        self._context = context
        self._known: set[str] = set()

    def add(self, value: Any) -> None:
        """Take in the value of a parameter, of whatever type."""
        if isinstance(value, QgsProcessingFeatureSourceDefinition):
            value = value.source
        if isinstance(value, QgsProperty):
            value = value.valueAsString(self._context.expressionContext())[0]
        if isinstance(value, (list, tuple)):
            for item in value:
                self.add(item)
        elif isinstance(value, QgsMapLayer):
            self._add_layer(value)
        elif isinstance(value, str) and value:
            self.texts.add(value)
            for name in (value, *value.split(";")):
                layer = QgsProcessingUtils.mapLayerFromString(name, self._context, False)
                if layer is not None:
                    self._add_layer(layer)

    def _add_layer(self, layer: QgsMapLayer) -> None:
        if layer.id() in self._known:
            return
        self._known.add(layer.id())
        self.texts.add(layer.source())
        if isinstance(layer, QgsVectorLayer):
            joined = [join.joinLayer() for join in layer.vectorJoins()]
            for other in filter(None, joined):
                self._add_layer(other)
        project = self._context.project() or QgsProject.instance()
        for name, other in project.mapLayers().items():
            if name in layer.source():  # a virtual layer names others by their ids
                self._add_layer(other)
