"""Dialogs of algorithms: which one an algorithm has, and how the plugin opens one by itself."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from processing.core.ProcessingResults import resultsList
from processing.gui.AlgorithmDialog import AlgorithmDialog
from processing.gui.BatchAlgorithmDialog import BatchAlgorithmDialog
from qgis import utils
from qgis.core import Qgis, QgsApplication, QgsProcessingAlgorithm
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QShowEvent
from qgis.PyQt.QtWidgets import QApplication, QDialogButtonBox, QPushButton, QWidget

from ..engine.errors import GeoHGError
from .parameterspanel import ShortPanel
from .runtime.engine import check_engine, prepare_engine
from .translation import tr

_SIZE = QSize(860, 760)
_CHECKED = ("interpolate", "compare")  # what reads the same as Check my data
_open: list[QWidget] = []  # Qt keeps a dialog, but not what Python knows of it


class ShortDialog(AlgorithmDialog):
    """The dialog of an algorithm of GeoHG: a few parameters, the others folded by purpose."""

    def __init__(self, algorithm: QgsProcessingAlgorithm, parent: QWidget | None = None) -> None:
        super().__init__(algorithm, parent=parent)
        screen = self.screen() if hasattr(self, "screen") else QApplication.primaryScreen()
        room = 0.9 * screen.availableGeometry().size()
        self.resize(self.size().expandedTo(_SIZE).boundedTo(room))
        if algorithm.name() in _CHECKED:
            button = QPushButton(tr("Check my data"))
            button.setToolTip(tr("Says what is wrong with these layers. Fits nothing."))
            button.clicked.connect(lambda *_: self._check())
            self.buttonBox().addButton(button, QDialogButtonBox.ButtonRole.ResetRole)  # on the left
        for wrapper in self.mainWidget().wrappers.values():
            wrapper.widgetValueHasChanged.connect(lambda *_: self._prepare())

    def getParametersPanel(self, alg: QgsProcessingAlgorithm, parent: QWidget) -> ShortPanel:
        return ShortPanel(parent, alg)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._prepare()

    def _prepare(self) -> None:
        """While somebody fills in the dialog, the engine gets ready; it needs seconds."""
        if self.isVisible() and self.runButton().isEnabled() and self._needs_engine():
            prepare_engine()

    def _needs_engine(self) -> bool:
        return bool(getattr(self.algorithm(), "job", ""))

    def runAlgorithm(self) -> None:
        """Run, or where there is no engine offer to set it up; what was filled in stays."""
        try:
            if self._needs_engine():
                check_engine()
        except GeoHGError as error:
            self._offer_setup(str(error))
            return
        super().runAlgorithm()

    def _check(self) -> None:
        """Check what is filled in, in a dialog of its own; this one stays as it is."""
        known = QgsApplication.processingRegistry().algorithmById("geohg:check")
        inputs = {each.name() for each in known.parameterDefinitions() if not each.isDestination()}
        filled = self.mainWidget().wrappers.items()
        values = {name: each.parameterValue() for name, each in filled if name in inputs}
        values["FIELD"] = next(iter(values["FIELD"] or ()), "")  # it checks one field
        open_dialog("geohg:check", values, parent=self).runAlgorithm()

    def _offer_setup(self, text: str) -> None:
        bar = self.messageBar()
        bar.clearWidgets()
        item, button = bar.createMessage(text), QPushButton(tr("Set up"))
        # A child, since QGIS's toolbox opens this dialog so that no other window takes clicks.
        button.clicked.connect(lambda *_: open_dialog("geohg:setupengine", parent=self))
        item.layout().addWidget(button)
        bar.pushWidget(item, Qgis.MessageLevel.Warning)

    def finish(self, successful: bool, result: dict[str, Any], *others: Any, **more: Any) -> None:
        """Take the results; the viewer of results names each report after its value."""
        fields = self.createProcessingParameters().get("FIELD")
        field = fields if isinstance(fields, str) else ", ".join(fields or ())
        for each in self.algorithm().outputDefinitions():
            if field and each.type() == "outputHtml":
                text = tr("{report}: {target}")
                each.setDescription(text.format(report=tr("Report"), target=field))
        super().finish(successful, result, *others, **more)

    def runAsBatch(self) -> None:
        self.close()
        _show(BatchDialog(self.algorithm().create(), parent=_window()))


class BatchDialog(BatchAlgorithmDialog):
    """QGIS's own, which in 3.22 cannot list pages among the results."""

    def loadHTMLResults(self, results: dict[str, Any], number: int) -> None:
        algorithm = self.algorithm()
        for each in algorithm.outputDefinitions():
            if each.type() == "outputHtml" and results.get(each.name()):
                text = tr("{report}: {target}")
                name = text.format(report=each.description(), target=number + 1)
                resultsList.addResult(
                    icon=algorithm.icon(),
                    name=name,
                    timestamp=time.localtime(),
                    result=results[each.name()],
                )


def open_dialog(
    algorithm: str,
    parameters: Mapping[str, Any] | None = None,
    parent: QWidget | None = None,
) -> AlgorithmDialog:
    """Show the dialog of an algorithm, such as `geohg:interpolate`, and return at once."""
    known = QgsApplication.processingRegistry().createAlgorithmById(algorithm)
    dialog = known.createCustomParametersWidget(parent or _window())
    dialog.setParameters(dict(parameters or {}))
    _show(dialog)
    return dialog


def _window() -> QWidget | None:
    return utils.iface.mainWindow() if utils.iface is not None else None


def _show(dialog: QWidget) -> None:
    _open[:] = [each for each in _open if not sip.isdeleted(each)]
    _open.append(dialog)
    dialog.show()
    dialog.raise_()
