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

from ...engine.errors import OutputError
from ...engine.files import OutputSet
from ..translation import tr
from .algorithm import ENGINE, Algorithm
from .destinations import output_files

_OUTPUTS = {"HTML": "report", "TEXT": "text"}


class Diagnostics(Algorithm):
    """Tells which Python runs the engine and why, and what it finds there."""

    part = ENGINE

    def name(self) -> str:
        return "diagnostics"

    def displayName(self) -> str:
        return tr("Diagnostics")

    def shortDescription(self) -> str:
        return tr("A report to attach to a question or a bug report.")

    def shortHelpString(self) -> str:
        return tr(
            "Lists the versions of GeoHG, QGIS and the system, the Pythons considered for the "
            "engine and why each was accepted or rejected, packages, devices and their memory, "
            "free disk space, and recent failures. Your home folder is shown as ~; nothing is sent "
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
        self.addOutput(QgsProcessingOutputString("REPORT_TEXT", tr("Text of the report")))
        self.add_numbers({})

    def processAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        from ..runtime.diagnosis import as_html, as_text, gather  # loaded by the first run

        started = time.monotonic()
        feedback.setProgressText(tr("Checking the engine"))
        sections = gather(_of_qgis())
        text = as_text(sections)
        feedback.pushInfo(text)
        outputs = output_files(self, parameters, ("HTML", "TEXT"), context)
        _write(outputs, {"HTML": as_html(sections), "TEXT": text})
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


def _write(paths: dict[str, str], contents: dict[str, str]) -> None:
    """Write those of the contents that have a path, in folders that are made."""
    try:
        for path in paths.values():
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        with OutputSet({_OUTPUTS[key]: path for key, path in paths.items()}) as outputs:
            for key in paths:
                outputs.stage(_OUTPUTS[key]).write_text(contents[key], encoding="utf-8")
            outputs.commit()
    except OutputError as error:
        raise QgsProcessingException(str(error)) from error
    except OSError as error:
        text = tr("The report cannot be written to '{path}': {reason}.")
        raise QgsProcessingException(text.format(path=path, reason=error.strerror)) from error
