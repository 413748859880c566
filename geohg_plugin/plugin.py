"""The plugin: it only registers the provider, with or without a window."""

from __future__ import annotations

from qgis.core import QgsApplication

from .provider import GeoHGProvider
from .runtime import warm


class GeoHGPlugin:
    """What QGIS loads, and unloads."""

    def __init__(self) -> None:
        self.provider: GeoHGProvider | None = None

    def initProcessing(self) -> None:
        """Register the provider; all that `qgis_process` asks of a plugin."""
        self.provider = GeoHGProvider()
        QgsApplication.processingRegistry().addProvider(self.provider)

    def initGui(self) -> None:
        """Start in a QGIS with windows."""
        self.initProcessing()

    def unload(self) -> None:
        """Take the provider away, and end the engine that is kept for the next job."""
        warm.end()
        if self.provider is not None:
            QgsApplication.processingRegistry().removeProvider(self.provider)
            self.provider = None
