"""What every algorithm of the provider has: an icon, a help page, and help for each parameter."""

from __future__ import annotations

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingOutputNumber,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
)
from qgis.PyQt.QtGui import QIcon

from ..compat import ADVANCED, FILE
from ..resources import help_url, icon_path
from ..translation import language, tr

FILES_FILTER = "GeoHG (*.safetensors)"


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

    def add_file(self, key: str, label: str, text: str, optional: bool = False) -> None:
        """Add an input that is a graph, model or encoder file; an optional one is advanced."""
        parameter = QgsProcessingParameterFile(
            key, label, behavior=FILE, fileFilter=FILES_FILTER, optional=optional
        )
        self.add(parameter, text, advanced=optional)

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
