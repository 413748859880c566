"""Dialogs of algorithms: which one an algorithm has, and how the plugin opens one by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from processing.gui.AlgorithmDialog import AlgorithmDialog
from qgis import utils
from qgis.core import QgsApplication, QgsProcessingAlgorithm
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtWidgets import QApplication, QWidget

from .parameterspanel import ShortPanel

_SIZE = QSize(860, 760)
_open: list[AlgorithmDialog] = []  # Qt keeps a dialog, but not what Python knows of it


class ShortDialog(AlgorithmDialog):
    """The dialog of an algorithm of GeoHG: a few parameters, the others folded by purpose."""

    def __init__(self, algorithm: QgsProcessingAlgorithm, parent: QWidget | None = None) -> None:
        super().__init__(algorithm, parent=parent)
        screen = self.screen() if hasattr(self, "screen") else QApplication.primaryScreen()
        room = 0.9 * screen.availableGeometry().size()
        self.resize(self.size().expandedTo(_SIZE).boundedTo(room))

    def getParametersPanel(self, alg: QgsProcessingAlgorithm, parent: QWidget) -> ShortPanel:
        return ShortPanel(parent, alg)


def open_dialog(algorithm: str, parameters: Mapping[str, Any] | None = None) -> AlgorithmDialog:
    """Show the dialog of an algorithm, such as `geohg:interpolate`, and return at once."""
    parent = utils.iface.mainWindow() if utils.iface is not None else None
    known = QgsApplication.processingRegistry().createAlgorithmById(algorithm)
    dialog = known.createCustomParametersWidget(parent) or AlgorithmDialog(known, parent=parent)
    dialog.setParameters(dict(parameters or {}))
    _open[:] = [each for each in _open if not sip.isdeleted(each)]
    _open.append(dialog)
    dialog.show()
    dialog.raise_()
    return dialog
