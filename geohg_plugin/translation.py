"""Translation of what the user reads, into the language of QGIS."""

from __future__ import annotations

import re

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QTranslator

from ..engine.language import ENGLISH, LANGUAGES
from .resources import ROOT

_loaded: list[QTranslator] = []  # Qt does not keep them


def tr(text: str) -> str:
    """`text` in the user's language."""
    return QCoreApplication.translate("GeoHG", text)


def language() -> str:
    """The language of QGIS, or English where GeoHG does not speak it.

    That with which QGIS was started counts, then that of its settings, then the system's. QGIS
    names Chinese zh, zh_CN or zh-Hans.
    """
    application = QgsApplication.instance()
    started = application.translation() if isinstance(application, QgsApplication) else ""
    code = re.split("[-_]", started or QgsApplication.locale())[0]
    return code if code in LANGUAGES else ENGLISH


def load() -> None:
    """Let Qt translate from now on; a checkout has the file after `make translations`."""
    translator = QTranslator()
    path = ROOT / "i18n" / f"geohg_{language()}.qm"
    if language() != ENGLISH and translator.load(str(path)):
        QCoreApplication.installTranslator(translator)
        _loaded.append(translator)


def unload() -> None:
    """Take back what `load` did."""
    while _loaded:
        QCoreApplication.removeTranslator(_loaded.pop())
