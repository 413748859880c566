"""Copies of raster layers that QGIS can read and the engine can not."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from qgis.core import (
    Qgis,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsRasterBlock,
    QgsRasterFileWriter,
    QgsRasterLayer,
    QgsRectangle,
)

from ..compat import ALPHA, EXACT_IN_FLOAT32, RED_GREEN_BLUE
from ..translation import tr
from .rasters import band_names, opened, raster_size

_MOST_PIXELS = 100_000_000
_PIXELS_AT_ONCE = 4_000_000
# So many pixels to the side of a cell tell the shares of its classes.
_PIXELS_OF_CELL = 40


class RasterCopy:
    """Bands of a raster layer that QGIS can read and the engine can not.

    It is made in the thread of the layer, and written in any. A subclass says in `_bands` and
    `_alpha` which bands it has, and what becomes of their values.

    Parameters
    ----------
    layer : QgsRasterLayer
        The layer.

    Raises
    ------
    QgsProcessingException
        If the layer has no pixels of its own.
    """

    def __init__(self, layer: QgsRasterLayer) -> None:
        self.name = layer.name()
        self.crs = layer.crs()
        self.extent = layer.extent()
        self.rows, self.cols = raster_size(layer)
        self._provider = opened(layer)
        bands = range(1, self._provider.bandCount() + 1)
        # The blocks come as the source has them, and what is nodata is marked in the copy.
        self._ranges = {band: layer.dataProvider().userNoDataValues(band) for band in bands}
        self._tags = {self._provider.colorInterpretation(each): each for each in reversed(bands)}
        self._bands: list[int] = []
        # A mask is shown as one more band.
        self._alpha: int | None = None
        # So many pixels around the area are needed too.
        self._margin = 0

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
        bands = self._bands if self._alpha is None else [*self._bands, self._alpha]
        writer = QgsRasterFileWriter(str(path))
        masked = "NO" if self._alpha is None else "YES"
        writer.setCreateOptions(["TILED=YES", f"PHOTOMETRIC={self._colours()}", f"ALPHA={masked}"])
        copy = writer.createMultiBandRaster(self._kind(), cols, rows, edges, self.crs, len(bands))
        if copy is None or not copy.isValid():
            raise OSError(0, tr("the raster cannot be created"), str(path))
        copy.setEditable(True)
        height = max(_PIXELS_AT_ONCE // cols, 1)
        for start in range(0, rows, height):
            if feedback.isCanceled():
                break
            text = tr("Copying the raster '{name}': {percent} %")
            feedback.setProgressText(text.format(name=self.name, percent=100 * start // rows))
            for number, band in enumerate(bands, 1):
                block = self._read(band, edges, rows, cols, start, min(start + height, rows))
                if self._marks(band) and not start and block.hasNoDataValue():
                    copy.setNoDataValue(number, block.noDataValue())
                copy.writeBlock(block, number, 0, start)
        copy.setEditable(False)

    def _colours(self) -> str:
        """How GDAL tags the bands."""
        return "MINISBLACK"

    def _kind(self) -> Any:
        """The type of the values."""
        raise NotImplementedError

    def _marks(self, band: int) -> bool:
        """Whether what is nodata in this band is marked in the copy."""
        raise NotImplementedError

    def _marked(self, block: QgsRasterBlock, band: int) -> QgsRasterBlock:
        """The block with what the user set as nodata marked."""
        raise NotImplementedError

    def _window(self, area: QgsRectangle, cells: float) -> tuple[int, int, QgsRectangle]:
        """Rows, columns and edges of what is copied: whole pixels of the layer."""
        full, step = self.extent, 1
        width, height = full.width() / self.cols, full.height() / self.rows
        x, y = self._margin * width, self._margin * height
        wider = QgsRectangle(
            area.xMinimum() - x, area.yMinimum() - y, area.xMaximum() + x, area.yMaximum() + y
        )
        wanted = wider.intersect(full)
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
        count = rows * cols * len(self._bands)
        if count > _MOST_PIXELS:
            raise QgsProcessingException(
                tr(
                    "The raster '{name}' has {count:,} pixels in the area of the grid; QGIS copies "
                    "up to {most:,}. Use a smaller extent, or save it as a GeoTIFF first."
                ).format(name=self.name, count=count, most=_MOST_PIXELS)
            )
        west, north = full.xMinimum() + left * width, full.yMaximum() - top * height
        east, south = west + cols * step * width, north - rows * step * height
        return rows, cols, QgsRectangle(west, south, east, north)

    def _read(
        self, band: int, edges: QgsRectangle, rows: int, cols: int, start: int, end: int
    ) -> QgsRasterBlock:
        """Rows `start` to `end` of a band of the layer, with what is nodata marked."""
        height = edges.height() / rows
        north, south = edges.yMaximum() - start * height, edges.yMaximum() - end * height
        stripe = QgsRectangle(edges.xMinimum(), south, edges.xMaximum(), north)
        block = self._provider.block(band, stripe, cols, end - start)
        complete = (block.width(), block.height()) == (cols, end - start)
        if not (block.isValid() and complete and block.error().isEmpty()):
            raise QgsProcessingException(
                tr("The raster '{name}' cannot be read: {reason}.").format(
                    name=self.name, reason=block.error().summary() or tr("QGIS gives no details")
                )
            )
        return self._marked(block, band) if self._marks(band) else block


class ClassCopy(RasterCopy):
    """A band of classes.

    Parameters
    ----------
    layer : QgsRasterLayer
        The layer.
    band : int
        The band with the classes, from 1; `band` afterwards is where the copy has it.

    Raises
    ------
    QgsProcessingException
        If the layer has no such band, or no pixels of its own.
    """

    def __init__(self, layer: QgsRasterLayer, band: int) -> None:
        super().__init__(layer)
        if band > layer.bandCount():
            raise QgsProcessingException(
                tr("The raster '{name}' has {count} bands, not band {band}.").format(
                    name=self.name, count=layer.bandCount(), band=band
                )
            )
        colours = [self._tags[each] for each in RED_GREEN_BLUE if each in self._tags]
        self._drawn = len(colours) == len(RED_GREEN_BLUE) and band in colours
        # By all of the colours, the engine tells a picture from classes.
        self._bands = colours if self._drawn else [band]
        self._source_band = band
        self.band = self._bands.index(band) + 1
        alpha = self._tags.get(ALPHA)
        self._alpha = None if alpha == band else alpha

    def _colours(self) -> str:
        return "RGB" if self._drawn else "MINISBLACK"

    def _kind(self) -> Any:
        return self._provider.dataType(self._source_band)

    def _marks(self, band: int) -> bool:
        return band == self._source_band

    def _marked(self, block: QgsRasterBlock, band: int) -> QgsRasterBlock:
        ranges = self._ranges[band]
        if ranges:
            if not block.hasNoDataValue():
                ends = (ranges[0].min(), ranges[0].max())
                block.setNoDataValue(next(end for end in ends if math.isfinite(end)))
            block.applyNoDataValues(ranges)
        return block


class QuantityCopy(RasterCopy):
    """All bands of a raster of quantities, as decimal numbers; NaN is nodata, in each band.

    The bands keep their names, by which the engine calls their columns.

    Parameters
    ----------
    layer : QgsRasterLayer
        The layer.
    """

    def __init__(self, layer: QgsRasterLayer) -> None:
        super().__init__(layer)
        self._alpha = self._tags.get(ALPHA)
        bands = range(1, self._provider.bandCount() + 1)
        self._bands = [band for band in bands if band != self._alpha]
        # The engine interpolates between the centres of pixels that are larger than cells.
        self._margin = 1
        self._names = band_names(layer)

    def write(
        self, area: QgsRectangle, cells: float, path: Path, feedback: QgsProcessingFeedback
    ) -> None:
        from osgeo import gdal  # loaded by the first check

        super().write(area, cells, path, feedback)
        copy = gdal.Open(str(path), gdal.GA_Update)
        for number, band in enumerate(self._bands, 1):
            copy.GetRasterBand(number).SetDescription(self._names[band - 1])
        copy.FlushCache()

    def _kind(self) -> Any:
        exact = all(self._provider.dataType(band) in EXACT_IN_FLOAT32 for band in self._bands)
        return Qgis.DataType.Float32 if exact else Qgis.DataType.Float64

    def _marks(self, band: int) -> bool:
        return band != self._alpha

    def _marked(self, block: QgsRasterBlock, band: int) -> QgsRasterBlock:
        import numpy as np  # QGIS starts without it

        block.convert(Qgis.DataType.Float64)
        if block.hasNoDataValue():
            values = np.frombuffer(bytes(block.data()), dtype=np.float64)
            values = np.where(values == block.noDataValue(), np.nan, values)
            block.setData(values.tobytes())
        block.setNoDataValue(math.nan)
        block.applyNoDataValues(self._ranges[band])
        block.convert(self._kind())
        return block
