"""A report on the engine and its surroundings, for a question to whoever can help."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputString,
)
from qgis.PyQt.QtCore import PYQT_VERSION_STR, QT_VERSION_STR, QLocale

from ..translation import tr
from .common import Algorithm


class Diagnostics(Algorithm):
    """Tells which Python runs the engine and why, and what it finds there."""

    def name(self) -> str:
        return "diagnostics"

    def displayName(self) -> str:
        return tr("Diagnostics")

    def shortDescription(self) -> str:
        return tr("A report to copy into a question when something does not work.")

    def shortHelpString(self) -> str:
        return tr(
            "Tells the versions of GeoHG, QGIS and the system, which Pythons were looked at for "
            "the engine and why each was taken or not, packages, devices and their memory, free "
            "disk, and the last failures. Your home folder is shown as ~; nothing is sent "
            "anywhere."
        )

    def tags(self) -> list[str]:
        return tr("diagnostics,report,bug,help,version,engine,environment,support").split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_destination(
            "HTML", tr("Report"), tr("The report as a page."), "HTML (*.html)", optional="on"
        )
        self.add_destination(
            "TEXT",
            tr("Report as text"),
            tr("The report as plain text, to copy."),
            tr("Text (*.txt)"),
            optional="off",
        )
        self.addOutput(QgsProcessingOutputString("REPORT_TEXT", tr("The report itself")))
        self.add_numbers({})

    def processAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        from ..runtime.diagnosis import as_html, as_text, gather  # loaded by the first run

        started = time.monotonic()
        feedback.setProgressText(tr("Looking at the engine"))
        sections = gather(_of_qgis())
        text = as_text(sections)
        feedback.pushInfo(text)
        outputs: dict[str, Any] = {}
        for key, content in (("HTML", as_html(sections)), ("TEXT", text)):
            place = self.parameterAsFileOutput(parameters, key, context)
            if place:
                _write(Path(place), content)
                outputs[key] = place
        seconds = round(time.monotonic() - started, 1)
        return {**outputs, "REPORT_TEXT": text, "SECONDS": seconds}


def _of_qgis() -> list[tuple[str, str]]:
    from osgeo import gdal  # loaded by the first run

    return [
        (tr("Version"), f"{Qgis.version()} ({Qgis.devVersion()})"),
        (tr("Program"), QgsApplication.applicationFilePath()),
        ("Qt", f"{QT_VERSION_STR}, PyQt {PYQT_VERSION_STR}"),
        ("GDAL", gdal.VersionInfo("RELEASE_NAME")),
        (tr("Profile"), QgsApplication.qgisSettingsDirPath()),
        (tr("Language"), f"{QgsApplication.locale()}, {QLocale().name()}"),
    ]


def _write(place: Path, content: str) -> None:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content, encoding="utf-8")
    except OSError as error:
        text = tr("The report cannot be written to '{place}': {reason}.")
        raise QgsProcessingException(text.format(place=place, reason=error.strerror)) from error
