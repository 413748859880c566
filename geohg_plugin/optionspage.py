"""The page Settings > Options > GeoHG."""

from __future__ import annotations

import os

from qgis.gui import QgsFileWidget, QgsOptionsPageWidget, QgsOptionsWidgetFactory
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from . import settings
from .resources import icon_path
from .translation import tr


class OptionsPageFactory(QgsOptionsWidgetFactory):
    """Makes the page when QGIS's options are opened."""

    def __init__(self) -> None:
        super().__init__()
        self.setTitle("GeoHG")

    def icon(self) -> QIcon:
        return QIcon(icon_path("geohg"))

    def createWidget(self, parent: QWidget | None = None) -> OptionsPage:
        return OptionsPage(parent)


class OptionsPage(QgsOptionsPageWidget):
    """What can be set, and the way to the engine's setup."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.python = QgsFileWidget()
        self.python.setFilePath(settings.stored(settings.ENGINE_PYTHON))
        self.python.lineEdit().setPlaceholderText(tr("From Set up the engine"))
        self.run_in = QComboBox()
        self.run_in.addItem(tr("In a separate process"), settings.PROCESS)
        self.run_in.addItem(tr("Inside QGIS's Python"), settings.INSIDE)
        chosen = settings.stored(settings.RUN_IN) or settings.PROCESS
        self.run_in.setCurrentIndex(max(self.run_in.findData(chosen), 0))
        self.threads = _number(settings.THREADS, 0, settings.MOST_THREADS)
        self.threads.setSpecialValueText(tr("Chosen by the libraries"))
        self.workers = _number(settings.WORKERS, 0, settings.MOST_WORKERS)
        self.workers.setSpecialValueText(tr("The engine alone"))
        most = settings.MOST_KEEP_WARM_SECONDS
        self.keep_warm = _number(settings.KEEP_WARM, settings.KEEP_WARM_SECONDS, most)
        self.keep_warm.setSuffix(tr(" s"))
        self.keep_warm.setSpecialValueText(tr("Not at all"))
        self._lay_out()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.addRow(QLabel(_status()))
        buttons = QHBoxLayout()
        for text, algorithm in (
            (tr("Set up the engine…"), "geohg:setupengine"),
            (tr("Diagnostics…"), "geohg:diagnostics"),
        ):
            button = QPushButton(text)
            button.clicked.connect(lambda _=False, name=algorithm: self._open(name))
            buttons.addWidget(button)
        buttons.addStretch()
        form.addRow(buttons)
        for name, label, widget in (
            (settings.ENGINE_PYTHON, tr("Another Python for the engine"), self.python),
            (settings.RUN_IN, tr("Where the engine runs"), self.run_in),
            (settings.THREADS, tr("Threads"), self.threads),
            (settings.WORKERS, tr("Processes that make a large map"), self.workers),
            (settings.KEEP_WARM, tr("Keep the engine ready for the next job"), self.keep_warm),
        ):
            form.addRow(label, widget)
            if os.environ.get(name, "").strip():
                widget.setEnabled(False)
                text = tr("The environment variable {name} is set and takes precedence.")
                form.addRow("", QLabel(text.format(name=name)))
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addStretch()

    def apply(self) -> None:
        """Store what was changed; what is as by default is not stored."""
        settings.store(settings.ENGINE_PYTHON, self.python.filePath().strip())
        run_in = self.run_in.currentData()
        settings.store(settings.RUN_IN, "" if run_in == settings.PROCESS else run_in)
        for name, widget, default in (
            (settings.THREADS, self.threads, 0),
            (settings.WORKERS, self.workers, 0),
            (settings.KEEP_WARM, self.keep_warm, settings.KEEP_WARM_SECONDS),
        ):
            settings.store(name, "" if widget.value() == default else str(widget.value()))

    def _open(self, algorithm: str) -> None:
        """Keep what was changed, close the options, and show an algorithm's dialog."""
        self.apply()
        window = self.window()
        if window is not self and hasattr(window, "reject"):
            window.reject()
        QTimer.singleShot(0, lambda: _show_dialog(algorithm))


def _show_dialog(algorithm: str) -> None:
    from .dialogs import open_dialog  # loaded when a button is pressed

    open_dialog(algorithm)


def _status() -> str:
    """What is known of the engine at a glance."""
    chosen = settings.engine_python()
    if chosen.path:
        text = tr("The engine runs in {path}, from {origin}.")
        return text.format(path=chosen.path, origin=chosen.origin)
    from .runtime.installation import find_installation  # loaded when the page is opened
    from .runtime.interpreter import outdated

    installation = find_installation()
    if installation is None:
        return tr("The engine is not set up yet.")
    text = tr("The engine is set up for {device} in {folder}.")
    text = text.format(device=installation.device.upper(), folder=installation.folder)
    return f"{text}\n{outdated()}".strip()


def _number(name: str, default: int, most: int) -> QSpinBox:
    widget = QSpinBox()
    widget.setRange(0, most)
    stored = settings.stored(name)
    widget.setValue(int(stored) if stored.isdecimal() and int(stored) <= most else default)
    return widget
