"""Raster layers to files that the engine can open, as QGIS shows them."""

from __future__ import annotations

import os
import warnings
from typing import Any

from qgis.core import Qgis, QgsProcessingException, QgsProviderRegistry, QgsRasterLayer

from ..compat import BYTE, COLOURS, RED_GREEN_BLUE, WHOLE_NUMBERS, crs_text
from ..translation import tr
from .sources import open_again

# So many pixels along a side show whether a raster holds classes, of which it has no more.
_GLANCE, _MOST_CLASSES = 200, 64


def check_classes(layer: QgsRasterLayer) -> None:
    """Refuse a raster layer whose source is gone, one without a CRS, or one of another kind.

    Of bands that are tagged as colours, the engine tells whether they are a picture.

    Raises
    ------
    QgsProcessingException
        In one sentence.
    """
    _check_source(layer)
    if layer.dataProvider().dataType(1) in COLOURS:
        raise QgsProcessingException(
            tr(
                "The layer '{name}' is a picture with colours, not classes; give the raster of "
                "classes itself."
            ).format(name=layer.name())
        )


def check_quantity(layer: QgsRasterLayer) -> None:
    """Refuse a raster layer as `check_classes` does, and one that is a picture.

    Raises
    ------
    QgsProcessingException
        In one sentence.
    """
    _check_source(layer)
    provider = layer.dataProvider()
    bands = range(1, provider.bandCount() + 1)
    drawn = {
        provider.colorInterpretation(band) for band in bands if provider.dataType(band) == BYTE
    }
    if provider.dataType(1) in COLOURS or drawn.issuperset(RED_GREEN_BLUE):
        raise QgsProcessingException(
            tr(
                "The layer '{name}' is a picture: its colours are no measured quantity; give the "
                "raster of the quantity itself. Bands that do hold quantities can be saved as a "
                "raster each."
            ).format(name=layer.name())
        )


def looks_like_classes(layer: QgsRasterLayer) -> bool:
    """Whether a raster layer may hold classes: whole numbers, few of them, and no colours."""
    provider = layer.dataProvider()
    whole = provider is not None and provider.dataType(1) in WHOLE_NUMBERS
    if not whole or provider.bandCount() != 1 or not layer.crs().isValid():
        return False
    if layer.renderer() is not None and layer.renderer().type() == "paletted":
        return True
    import numpy as np  # QGIS starts without it

    width, height = (min(side, _GLANCE) for side in (layer.width(), layer.height()))
    block = provider.block(1, layer.extent(), width, height)
    block.convert(Qgis.DataType.Float64)
    values = np.frombuffer(bytes(block.data()), dtype=np.float64)
    return 1 < len(np.unique(values)) <= _MOST_CLASSES


def _check_source(layer: QgsRasterLayer) -> None:
    """Refuse a raster layer whose source is gone, or that lies nowhere in particular.

    Raises
    ------
    QgsProcessingException
        In one sentence.
    """
    opened(layer)
    if not layer.crs().isValid():
        raise QgsProcessingException(
            tr("The raster '{name}' has no CRS; assign its CRS first.").format(name=layer.name())
        )
    if raster_path(layer) is None and _is_resampled(layer):
        raise QgsProcessingException(
            tr(
                "The raster '{name}' is rotated or placed by control points, and QGIS fills its "
                "corners with 0; set the nodata value in the file (not in the layer), or warp it "
                "first."
            ).format(name=layer.name())
        )


def opened(layer: QgsRasterLayer) -> Any:
    """The layer's source, opened anew, with what is nodata as the layer has it.

    Raises
    ------
    QgsProcessingException
        If it is gone.
    """
    provider, source = open_again(layer)
    if provider is None:
        raise QgsProcessingException(
            tr(
                "The raster '{name}' cannot be opened: its source '{source}' is missing or "
                "unreadable; repair the layer's source, or load it again."
            ).format(name=layer.name(), source=source)
        )
    shown = layer.dataProvider()
    for band in range(1, shown.bandCount() + 1):
        provider.setUseSourceNoDataValue(band, shown.useSourceNoDataValue(band))
    return provider


def raster_path(layer: QgsRasterLayer) -> str | None:
    """The file, or GDAL's name, that gives the engine what this layer shows, or None.

    None is for layers of other providers than GDAL, such as WCS, PostGIS or virtual rasters,
    for services that GDAL reads, for what lies in the memory of QGIS, and for layers whose
    nodata the user has changed.
    """
    provider = layer.dataProvider()
    if layer.providerType() != "gdal" or _nodata_changed(provider):
        return None
    source = layer.source().split("|")[0]
    if source.startswith("/vsi"):  # of which QGIS would tell the archive alone
        return None if source.startswith("/vsimem/") else source
    parts = QgsProviderRegistry.instance().decodeUri("gdal", layer.source())
    # A table of a GeoPackage, or a variable of a NetCDF file, has no path of its own.
    path = layer.source() if parts.get("layerName") else parts.get("path") or source
    if os.path.exists(path):
        return os.path.abspath(path)
    return path if parts.get("layerName") else None


def raster_grid(layer: QgsRasterLayer) -> dict[str, Any]:
    """The grid of a raster layer, as the part of a request that gives a grid.

    Raises
    ------
    QgsProcessingException
        If the layer has no pixels of its own, or its source is gone.
    """
    opened(layer)
    path = raster_path(layer)
    if path is not None:
        return {"template": path}
    rows, cols = raster_size(layer)
    edges = layer.extent()
    bounds = [edges.xMinimum(), edges.yMinimum(), edges.xMaximum(), edges.yMaximum()]
    return {"crs": crs_text(layer.crs()), "bounds": bounds, "shape": [rows, cols]}


def raster_size(layer: QgsRasterLayer) -> tuple[int, int]:
    """Rows and columns of a raster layer.

    Raises
    ------
    QgsProcessingException
        If the layer has no pixels of its own.
    """
    provider = layer.dataProvider()
    if not (provider.xSize() and provider.ySize()):
        raise QgsProcessingException(
            tr("The layer '{name}' has no fixed pixel size; save it as a GeoTIFF first.").format(
                name=layer.name()
            )
        )
    return provider.ySize(), provider.xSize()


def _nodata_changed(provider: Any) -> bool:
    bands = range(1, provider.bandCount() + 1)
    return any(
        provider.userNoDataValues(band)
        or (provider.sourceHasNoDataValue(band) and not provider.useSourceNoDataValue(band))
        for band in bands
    )


def band_names(layer: QgsRasterLayer) -> list[str]:
    """What the source of a layer calls each band; empty where it does not say."""
    raster = _gdal_dataset(layer)
    if raster is None:
        return [""] * layer.bandCount()
    return [
        raster.GetRasterBand(band).GetDescription() for band in range(1, raster.RasterCount + 1)
    ]


def _is_resampled(layer: QgsRasterLayer) -> bool:
    """Whether QGIS warps the file on the fly, which leaves corners of 0: where it is turned."""
    raster = _gdal_dataset(layer)
    affine = raster and raster.GetGeoTransform()
    return raster is not None and bool(
        affine[2] or affine[4] or raster.GetGCPCount() or raster.GetMetadata("RPC")
    )


def _gdal_dataset(layer: QgsRasterLayer) -> Any:
    """The source of a layer that QGIS reads by GDAL, as GDAL has it; None for others."""
    from osgeo import gdal  # loaded by the first check

    if layer.providerType() != "gdal":
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of exceptions, which are off or on
        try:
            return gdal.Open(layer.source())
        except RuntimeError:
            return None
