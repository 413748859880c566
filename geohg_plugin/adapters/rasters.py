"""Raster layers to files that the engine can open, as QGIS shows them."""

from __future__ import annotations

import math
import os
import warnings
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProviderRegistry,
    QgsRasterFileWriter,
    QgsRasterLayer,
    QgsRectangle,
)

from ..compat import ALPHA, COLOURS, RED_GREEN_BLUE, crs_text
from ..translation import tr
from .sources import open_again

_MOST_PIXELS = 100_000_000
_PIXELS_AT_ONCE = 4_000_000
# So many pixels to the side of a cell tell the shares of its classes.
_PIXELS_OF_CELL = 40


def check_raster(layer: QgsRasterLayer) -> None:
    """Refuse a raster layer whose source is gone, one without a CRS, or one of another kind.

    Of bands that are tagged as colours, the engine tells whether they are a picture.

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
    if layer.dataProvider().dataType(1) in COLOURS:
        raise QgsProcessingException(
            tr(
                "The layer '{name}' is a picture with colours, not classes; give the raster of "
                "classes itself."
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
    rows, cols = _size(layer)
    edges = layer.extent()
    bounds = [edges.xMinimum(), edges.yMinimum(), edges.xMaximum(), edges.yMaximum()]
    return {"crs": crs_text(layer.crs()), "bounds": bounds, "shape": [rows, cols]}


def _size(layer: QgsRasterLayer) -> tuple[int, int]:
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


def _is_resampled(layer: QgsRasterLayer) -> bool:
    """Whether QGIS warps the file on the fly, which leaves corners of 0: where it is turned."""
    from osgeo import gdal  # loaded by the first check

    if layer.providerType() != "gdal":
        return False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of exceptions, which are off or on
        try:
            raster = gdal.Open(layer.source())
        except RuntimeError:
            raster = None
    affine = raster and raster.GetGeoTransform()
    return raster is not None and bool(
        affine[2] or affine[4] or raster.GetGCPCount() or raster.GetMetadata("RPC")
    )


class RasterCopy:
    """A band of a raster layer that QGIS can read and the engine can not.

    It is made in the thread of the layer, and written in any.

    Parameters
    ----------
    layer : QgsRasterLayer
        The layer.
    band : int
        The band with the classes, from 1.

    Raises
    ------
    QgsProcessingException
        If the layer has no such band, or no pixels of its own.
    """

    def __init__(self, layer: QgsRasterLayer, band: int) -> None:
        self.name = layer.name()
        self.crs = layer.crs()
        self.extent = layer.extent()
        self.rows, self.cols = _size(layer)
        if band > layer.bandCount():
            raise QgsProcessingException(
                tr("The raster '{name}' has {count} bands, not band {band}.").format(
                    name=self.name, count=layer.bandCount(), band=band
                )
            )
        self._provider = opened(layer)
        # The blocks come as the source has them, and what is nodata is marked in the copy.
        self._ranges = layer.dataProvider().userNoDataValues(band)
        bands = range(1, self._provider.bandCount() + 1)
        tags = {self._provider.colorInterpretation(each): each for each in reversed(bands)}
        colours = [tags[each] for each in RED_GREEN_BLUE if each in tags]
        self._drawn = len(colours) == len(RED_GREEN_BLUE) and band in colours
        # By all of the colours, the engine tells a picture from classes; `band` is in the copy.
        self._bands = colours if self._drawn else [band]
        self.band = self._bands.index(band) + 1
        # A mask is shown as one more band.
        self._masked = tags.get(ALPHA, band) != band
        if self._masked:
            self._bands = [*self._bands, tags[ALPHA]]

    def write(
        self, area: QgsRectangle, cells: float, path: Path, feedback: QgsProcessingFeedback
    ) -> None:
        """Copy the pixels of an area, pixel for pixel, into a GeoTIFF.

        Parameters
        ----------
        area : QgsRectangle
            What is needed, in the CRS of the layer.
        cells : float
            How many cells the grid has across it. Where that leaves more than 40 pixels to the
            side of a cell, only every so manieth is copied; 0 copies all.
        path : Path
            The file.
        feedback : QgsProcessingFeedback
            Told how far it is; a cancel ends the copying.

        Raises
        ------
        QgsProcessingException
            If the layer does not reach into the area, or has too many pixels there, or cannot
            be read.
        """
        rows, cols, edges = self._window(area, cells)
        writer = QgsRasterFileWriter(str(path))
        kind = self._provider.dataType(self._bands[self.band - 1])
        colours = "RGB" if self._drawn else "MINISBLACK"
        masked = "YES" if self._masked else "NO"
        writer.setCreateOptions(["TILED=YES", f"PHOTOMETRIC={colours}", f"ALPHA={masked}"])
        copy = writer.createMultiBandRaster(kind, cols, rows, edges, self.crs, len(self._bands))
        if copy is None or not copy.isValid():
            raise OSError(0, tr("the raster cannot be created"), str(path))
        copy.setEditable(True)
        height = max(_PIXELS_AT_ONCE // cols, 1)
        for start in range(0, rows, height):
            if feedback.isCanceled():
                break
            text = tr("Copying the raster '{name}': {percent} %")
            feedback.setProgressText(text.format(name=self.name, percent=100 * start // rows))
            for number in range(1, len(self._bands) + 1):
                block = self._read(number, edges, rows, cols, start, min(start + height, rows))
                if number == self.band and not start and block.hasNoDataValue():
                    copy.setNoDataValue(number, block.noDataValue())
                copy.writeBlock(block, number, 0, start)
        copy.setEditable(False)

    def _window(self, area: QgsRectangle, cells: float) -> tuple[int, int, QgsRectangle]:
        """Rows, columns and edges of what is copied: whole pixels of the layer."""
        full, step = self.extent, 1
        width, height = full.width() / self.cols, full.height() / self.rows
        wanted = area.intersect(full)
        if wanted.isEmpty():
            raise QgsProcessingException(
                tr(
                    "The raster '{name}' does not overlap the grid; check the CRS of both and the "
                    "extent."
                ).format(name=self.name)
            )
        if cells:
            step = max(1, int(area.width() / width / cells / _PIXELS_OF_CELL))
        left = math.floor((wanted.xMinimum() - full.xMinimum()) / width)
        top = math.floor((full.yMaximum() - wanted.yMaximum()) / height)
        right = min(math.ceil((wanted.xMaximum() - full.xMinimum()) / width), self.cols)
        bottom = min(math.ceil((full.yMaximum() - wanted.yMinimum()) / height), self.rows)
        cols, rows = max((right - left) // step, 1), max((bottom - top) // step, 1)
        if rows * cols > _MOST_PIXELS:
            raise QgsProcessingException(
                tr(
                    "The raster '{name}' has {count:,} pixels in the area of the grid; QGIS copies "
                    "up to {most:,}. Use a smaller extent, or save it as a GeoTIFF first."
                ).format(name=self.name, count=rows * cols, most=_MOST_PIXELS)
            )
        west, north = full.xMinimum() + left * width, full.yMaximum() - top * height
        east, south = west + cols * step * width, north - rows * step * height
        return rows, cols, QgsRectangle(west, south, east, north)

    def _read(
        self, number: int, edges: QgsRectangle, rows: int, cols: int, start: int, end: int
    ) -> Any:
        """Rows `start` to `end` of a band of the copy, with what is nodata marked."""
        height = edges.height() / rows
        north, south = edges.yMaximum() - start * height, edges.yMaximum() - end * height
        stripe = QgsRectangle(edges.xMinimum(), south, edges.xMaximum(), north)
        block = self._provider.block(self._bands[number - 1], stripe, cols, end - start)
        complete = (block.width(), block.height()) == (cols, end - start)
        if not (block.isValid() and complete and block.error().isEmpty()):
            raise QgsProcessingException(
                tr("The raster '{name}' cannot be read: {reason}.").format(
                    name=self.name, reason=block.error().summary() or tr("QGIS gives no details")
                )
            )
        if self._ranges and number == self.band:
            if not block.hasNoDataValue():
                ends = (self._ranges[0].min(), self._ranges[0].max())
                block.setNoDataValue(next(end for end in ends if math.isfinite(end)))
            block.applyNoDataValues(self._ranges)
        return block
