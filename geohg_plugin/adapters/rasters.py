"""Raster layers to files that the engine can open."""

from __future__ import annotations

import os

from qgis.core import QgsProcessingException, QgsProviderRegistry, QgsRasterLayer

from ..translation import tr


def raster_path(layer: QgsRasterLayer) -> str:
    """The file, or GDAL's name, behind a raster layer.

    Raises
    ------
    QgsProcessingException
        If the layer is not read by GDAL: a web or a virtual layer.
    """
    provider = layer.providerType()
    if provider != "gdal":
        raise QgsProcessingException(
            tr(
                "The raster '{name}' is not a file (its provider is '{provider}'); "
                "save it as a GeoTIFF first."
            ).format(name=layer.name(), provider=provider)
        )
    parts = QgsProviderRegistry.instance().decodeUri("gdal", layer.source())
    # A table of a GeoPackage, or a variable of a NetCDF file, has no path of its own.
    path = layer.source() if parts.get("layerName") else parts.get("path") or layer.source()
    return os.path.abspath(path) if os.path.exists(path) else path
