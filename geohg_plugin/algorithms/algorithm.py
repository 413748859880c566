"""What every algorithm of the provider has: an icon, a help page, and help for each parameter."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingOutputNumber,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
)
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QWidget

from ..compat import ADVANCED, FILE, HIDDEN
from ..resources import help_url, icon_path
from ..translation import language, tr

FILES_FILTER = "GeoHG (*.safetensors)"
MAP, STEPS, ENGINE = "map", "steps", "engine"


def part_texts() -> dict[str, str]:
    """What the toolbox calls each group; it sorts them by name."""
    return {MAP: tr("1. Map"), STEPS: tr("2. In steps"), ENGINE: tr("3. Engine")}


class Algorithm(QgsProcessingAlgorithm):
    """An algorithm of the provider, with an icon of its name; `part` is its group there."""

    part = STEPS

    def group(self) -> str:
        return part_texts()[self.part]

    def groupId(self) -> str:
        return self.part

    def icon(self) -> QIcon:
        return QIcon(self.svgIconPath())

    def svgIconPath(self) -> str:
        return icon_path(self.name())

    def helpUrl(self) -> str:
        return help_url(self.name(), language())

    def createInstance(self) -> Algorithm:
        return type(self)()

    def createCustomParametersWidget(self, parent: QWidget | None = None) -> QWidget:
        from ..dialogs import ShortDialog  # of no use without a window

        return ShortDialog(self, parent)

    def asPythonCommand(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        """The call that repeats a run; QGIS leaves out what its dialogs do not show."""
        command = super().asPythonCommand(parameters, context)
        hidden = [each for each in self.parameterDefinitions() if each.flags() & HIDDEN]
        more = [
            f"'{each.name()}':{each.valueAsPythonString(parameters[each.name()], context)}"
            for each in hidden
            if each.name() in parameters
        ]
        return f"{command[:-2]},{','.join(more)}}})" if more and command else command

    def add(
        self,
        parameter: QgsProcessingParameterDefinition,
        text: str,
        advanced: bool = False,
        hidden: bool = False,
    ) -> None:
        """Add a parameter with its help; a hidden one is in no dialog, and calls may name it."""
        parameter.setHelp(text)
        if advanced or hidden:
            parameter.setFlags(parameter.flags() | ADVANCED)
        if hidden:
            parameter.setFlags(parameter.flags() | HIDDEN)
        self.addParameter(parameter)

    def add_file(
        self, key: str, label: str, text: str, optional: bool = False, shown: bool = False
    ) -> None:
        """Add an input that is a graph, model or encoder file.

        An optional one is advanced, unless it is to be shown at once.
        """
        parameter = QgsProcessingParameterFile(
            key, label, behavior=FILE, fileFilter=FILES_FILTER, optional=optional
        )
        self.add(parameter, text, advanced=optional and not shown)

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
