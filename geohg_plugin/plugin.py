"""The plugin: it only registers the provider, and where there is a window its options."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsApplication

from . import translation
from .provider import GeoHGProvider


class GeoHGPlugin:
    """What QGIS loads, and unloads; `iface` is None where it has no window."""

    def __init__(self, iface: Any = None) -> None:
        self.provider: GeoHGProvider | None = None
        self._iface = iface
        self._options: Any = None
        self._menu: Any = None
        self._window: Any = None

    def initProcessing(self) -> None:
        """Register the provider; all that `qgis_process` asks of a plugin."""
        self._register()
        self._add_examples()

    def initGui(self) -> None:
        """Start in a QGIS with windows."""
        self._register()
        if self._iface is None:
            return
        # Widgets are of no use to qgis_process, which need not wait for them.
        from .optionspage import OptionsPageFactory

        self._options = OptionsPageFactory()
        self._iface.registerOptionsWidgetFactory(self._options)
        if self._iface.mainWindow().isVisible():
            self._complete()
        else:  # what takes time and can wait does not hold up QGIS's start
            self._iface.initializationCompleted.connect(self._complete)

    def _complete(self) -> None:
        """Add what belongs to windows that QGIS has opened by now."""
        from . import examplesmenu
        from .menu import Menu, show_engine_message

        if self.provider is not None and self._menu is None:
            self._add_examples()
            self._menu = examplesmenu.register()
            self._window = Menu(self._iface)
            show_engine_message(self._iface.messageBar())

    def _register(self) -> None:
        translation.load()
        self.provider = GeoHGProvider()
        QgsApplication.processingRegistry().addProvider(self.provider)

    def _add_examples(self) -> None:
        """Add the example models, which find their algorithms in the registry."""
        self.provider.refreshAlgorithms()

    def unload(self) -> None:
        """Take everything away, and end the engine that is kept for the next job."""
        from .runtime import warm

        warm.end()
        if self._options is not None:
            self._iface.unregisterOptionsWidgetFactory(self._options)
            self._options = None
        if self._menu is not None:
            from . import examplesmenu

            examplesmenu.unregister(self._menu)
            self._menu = None
        if self._window is not None:
            self._window.remove()
            self._window = None
        if self.provider is not None:
            QgsApplication.processingRegistry().removeProvider(self.provider)
            self.provider = None
        translation.unload()
