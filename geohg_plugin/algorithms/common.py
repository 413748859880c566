"""What all algorithms of GeoHG have in common."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingOutputNumber,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFileDestination,
)
from qgis.PyQt.QtGui import QIcon

from ..adapters.tables import check_there
from ..compat import ADVANCED, is_boolean
from ..resources import help_url, icon_path
from ..translation import language, tr


class Algorithm(QgsProcessingAlgorithm):
    """An algorithm of the provider, in no group of it, with an icon of its name."""

    def group(self) -> str:
        return ""

    def groupId(self) -> str:
        return ""

    def icon(self) -> QIcon:
        return QIcon(self.svgIconPath())

    def svgIconPath(self) -> str:
        return icon_path(self.name())

    def helpUrl(self) -> str:
        return help_url(self.name(), language())

    def createInstance(self) -> Algorithm:
        return type(self)()

    def add(
        self, parameter: QgsProcessingParameterDefinition, text: str, advanced: bool = False
    ) -> None:
        """Add a parameter with its help."""
        parameter.setHelp(text)
        if advanced:
            parameter.setFlags(parameter.flags() | ADVANCED)
        self.addParameter(parameter)

    def add_destination(
        self, key: str, label: str, text: str, file_filter: str, optional: str = ""
    ) -> None:
        """Add an output file.

        `optional` is "" for a needed one, "on" for one that is made unless the user
        takes it away, "off" for one that is made when the user asks.
        """
        parameter = QgsProcessingParameterFileDestination(
            key, label, file_filter, optional=bool(optional), createByDefault=optional != "off"
        )
        self.add(parameter, text)

    def add_numbers(self, numbers: dict[str, str]) -> None:
        """Declare number outputs by key and label, and the seconds that every job has."""
        for key, label in {**numbers, "SECONDS": tr("Seconds")}.items():
            self.addOutput(QgsProcessingOutputNumber(key, label))

    def source(
        self, parameters: dict[str, Any], key: str, context: QgsProcessingContext
    ) -> QgsProcessingFeatureSource:
        """The layer of a parameter, with its selection and filter; it must still be there."""
        source = self.parameterAsSource(parameters, key, context)
        if source is None:
            raise QgsProcessingException(self.invalidSourceError(parameters, key))
        layer = self.parameterAsVectorLayer(parameters, key, context)
        if layer is not None:
            check_there(layer)
        return source


def given(parameters: dict[str, Any], key: str) -> bool:
    """Whether the user gave a parameter."""
    return parameters.get(key) not in (None, "", [])


def check_numeric(source: QgsProcessingFeatureSource, names: list[str]) -> None:
    """Refuse fields that a layer does not have, or that hold no numbers."""
    fields = source.fields()
    for name in names:
        index = fields.lookupField(name)
        if index < 0:
            raise QgsProcessingException(
                tr("The layer '{layer}' has no field '{name}'; it has: {known}.").format(
                    layer=source.sourceName(), name=name, known=", ".join(fields.names())
                )
            )
        if not (fields.at(index).isNumeric() or is_boolean(fields.at(index))):
            raise QgsProcessingException(
                tr(
                    "The field '{name}' contains {kind}, not numbers; choose a numeric field."
                ).format(name=name, kind=fields.at(index).typeName() or tr("text"))
            )
