"""What a user gave an algorithm, read as its parameters say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsMapLayer,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)

from ...adapters.tables import check_only_layer, check_there
from ...compat import field_names
from ...translation import tr


class Values:
    """The values of an algorithm's parameters: what the user gave, or else the defaults.

    Parameters
    ----------
    algorithm : QgsProcessingAlgorithm
        The algorithm that has the parameters.
    parameters : dict
        What the user gave, by parameter.
    context : QgsProcessingContext
        The context of the run.
    """

    def __init__(
        self,
        algorithm: QgsProcessingAlgorithm,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
    ) -> None:
        self.context = context
        self._algorithm = algorithm
        self._parameters = parameters

    def given(self, key: str) -> bool:
        """Whether the user gave a parameter."""
        return self._parameters.get(key) not in (None, "", [])

    def has(self, key: str) -> bool:
        """Whether the algorithm has a parameter."""
        return self._algorithm.parameterDefinition(key) is not None

    def boolean(self, key: str) -> bool:
        return self._algorithm.parameterAsBool(self._parameters, key, self.context)

    def integer(self, key: str) -> int:
        return self._algorithm.parameterAsInt(self._parameters, key, self.context)

    def number(self, key: str) -> float:
        return self._algorithm.parameterAsDouble(self._parameters, key, self.context)

    def text(self, key: str) -> str:
        return self._algorithm.parameterAsString(self._parameters, key, self.context)

    def choice(self, key: str) -> str:
        return self._algorithm.parameterAsEnumString(self._parameters, key, self.context)

    def file(self, key: str) -> str:
        """The file or folder of a parameter, from the root; empty if none is given."""
        path = self._algorithm.parameterAsFile(self._parameters, key, self.context)
        return str(Path(path).absolute()) if path else ""

    def fields(self, key: str) -> list[str]:
        return field_names(self._algorithm, self._parameters, key, self.context)

    def crs(self, key: str) -> QgsCoordinateReferenceSystem:
        return self._algorithm.parameterAsCrs(self._parameters, key, self.context)

    def extent(self, key: str, crs: QgsCoordinateReferenceSystem) -> QgsRectangle:
        """The extent of a parameter in this CRS."""
        return self._algorithm.parameterAsExtent(self._parameters, key, self.context, crs)

    def raster(self, key: str) -> QgsRasterLayer | None:
        return self._algorithm.parameterAsRasterLayer(self._parameters, key, self.context)

    def rasters(self, key: str) -> list[QgsRasterLayer]:
        """The layers of a parameter, all of which must be rasters."""
        layers = self._layers(key)
        _refuse_others(layers, QgsRasterLayer, key, tr("rasters"))
        return layers

    def vectors(self, key: str) -> list[QgsVectorLayer]:
        """The layers of a parameter, all of which must be vector layers."""
        layers = self._layers(key)
        _refuse_others(layers, QgsVectorLayer, key, tr("vector layers"))
        given = self._parameters.get(key)
        named = given if isinstance(given, (list, tuple)) else [given]
        for layer in layers:
            if layer.source() in named:
                check_only_layer(layer)
        return layers

    def _layers(self, key: str) -> list[QgsMapLayer]:
        return self._algorithm.parameterAsLayerList(self._parameters, key, self.context)

    def source(self, key: str) -> QgsProcessingFeatureSource:
        """The layer of a parameter, with its selection and filter; it must still be there."""
        source = self._algorithm.parameterAsSource(self._parameters, key, self.context)
        if source is None:
            raise QgsProcessingException(self._algorithm.invalidSourceError(self._parameters, key))
        layer = self._algorithm.parameterAsVectorLayer(self._parameters, key, self.context)
        if layer is not None:
            check_there(layer)
            if self._parameters.get(key) == layer.source():
                check_only_layer(layer)
        return source


def _refuse_others(layers: list[QgsMapLayer], kind: type[QgsMapLayer], key: str, due: str) -> None:
    for layer in layers:
        if not isinstance(layer, kind):
            raise QgsProcessingException(
                tr("{parameter} takes {due}, and '{name}' is none; remove it.").format(
                    parameter=key, due=due, name=layer.name()
                )
            )
