"""The menu GeoHG, the same as a button of the toolbar, and what users are told first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qgis.core import Qgis, QgsApplication
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QDesktopServices, QIcon
from qgis.PyQt.QtWidgets import QMenu, QPushButton, QToolButton

from . import settings
from .resources import help_url, icon_path
from .translation import language, tr

# The jobs of the menu, and what stands below them.
_JOBS = ("interpolate", "classify", "check", "compare", "summarise")
_ENGINE = ("setupengine", "diagnostics")


class Menu:
    """What GeoHG adds to a window of QGIS.

    Parameters
    ----------
    iface : QgisInterface
        The window.
    """

    def __init__(self, iface: Any) -> None:
        self._iface = iface
        self.menu = QMenu("GeoHG", iface.mainWindow())
        for name in _JOBS:
            self._add_algorithm(name)
        self._add(tr("Open the example project"), "geohg", self._open_example)
        self.menu.addSeparator()
        for name in _ENGINE:
            self._add_algorithm(name)
        self._add(tr("Help"), "geohg", _open_help)
        before = iface.firstRightStandardMenu().menuAction()
        iface.mainWindow().menuBar().insertMenu(before, self.menu)
        self._button = QToolButton()
        self._button.setMenu(self.menu)
        self._button.setDefaultAction(self.menu.actions()[0])
        self._button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self._shown = iface.addToolBarWidget(self._button)

    def _add_algorithm(self, name: str) -> None:
        """Add an algorithm, if there is one of this name."""
        algorithm = QgsApplication.processingRegistry().algorithmById(f"geohg:{name}")
        if algorithm is not None:
            text = tr("{name}…").format(name=algorithm.displayName())
            self._add(text, name, lambda: open_algorithm(name))

    def _add(self, text: str, icon: str, act: Callable[[], Any]) -> None:
        self.menu.addAction(QIcon(icon_path(icon)), text).triggered.connect(lambda *_: act())

    def _open_example(self) -> None:
        from .exampleproject import open_example  # loaded when it is wanted

        open_example(self._iface)

    def remove(self) -> None:
        """Take everything away."""
        self._iface.removeToolBarIcon(self._shown)
        self._iface.mainWindow().menuBar().removeAction(self.menu.menuAction())
        self.menu.deleteLater()


def open_algorithm(name: str) -> None:
    """Show the dialog of an algorithm of GeoHG."""
    from .dialogs import open_dialog  # loaded when it is wanted

    open_dialog(f"geohg:{name}")


def show_engine_message(bar: Any) -> None:
    """Say once, in a bar of messages, that the engine is to be set up, where there is none.

    Whoever closes the message is not told again.
    """
    from .runtime.interpreter import may_have_engine

    if settings.stored(settings.TOLD) or may_have_engine():
        return
    text = tr(
        "computes in an engine of its own: about {download} MB to download, {disk:.1f} GB on disk, "
        "some minutes."
    )
    item = bar.createMessage("GeoHG", text.format(download=400, disk=1.6))
    for label, act in ((tr("Set up"), _set_up), (tr("Later"), lambda: None)):
        button = QPushButton(label)
        button.clicked.connect(lambda *_, act=act: (act(), bar.popWidget(item)))
        item.layout().addWidget(button)
    bar.widgetRemoved.connect(lambda gone: gone is item and settings.store(settings.TOLD, "yes"))
    bar.pushWidget(item, Qgis.MessageLevel.Info)


def _set_up() -> None:
    open_algorithm("setupengine")


def _open_help() -> None:
    QDesktopServices.openUrl(QUrl(help_url("interpolate", language())))
