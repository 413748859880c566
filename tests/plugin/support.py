"""What several tests of the plugin use: a landscape, layers, feedback."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from osgeo import gdal, osr
from qgis.core import (
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingFeedback,
    QgsVectorLayer,
)

gdal.UseExceptions()

CRS = "EPSG:32651"
LEFT, TOP = 300_000.0, 2_700_000.0
PIXEL, CELL, CELLS = 100.0, 1000.0, 20
RIGHT, BOTTOM = LEFT + CELLS * CELL, TOP - CELLS * CELL
EXTENT = f"{LEFT},{RIGHT},{BOTTOM},{TOP} [{CRS}]"
POINTS = 300
EFFECT = {10: 0.0, 30: 20.0, 50: -30.0, 80: 60.0}
"""What each land-cover class adds to the value."""

FAST = {"DEVICE": "cpu", "THREADS": 1}
"""Options that suit a machine with little to spare."""
QUICK = {**FAST, "VALIDATION": "holdout", "BLOCKS": False, "IMPORTANCE": False}
"""And one test, where nobody looks at others, of an algorithm that fits a model."""
NETWORK = {**QUICK, "MODEL_KIND": "gnn", "HIDDEN_CHANNELS": 32, "EPOCHS": 120, "PATIENCE": 30}
"""A network that trains in seconds."""
ENDLESS = {**NETWORK, "EPOCHS": 1_000_000, "PATIENCE": 1_000_000}
"""A network that trains until somebody stops it."""


class Recorder(QgsProcessingFeedback):
    """Feedback that keeps what it is told, and lets a test act in mid-training."""

    def __init__(self) -> None:
        super().__init__(False)
        self.info: list[str] = []
        self.warnings: list[str] = []
        self.errors: list[str] = []
        self.debug: list[str] = []
        self.stages: list[str] = []
        self.process_id = 0
        self.on_metric: Callable[[], None] = lambda: None

    def pushInfo(self, text: str) -> None:
        self.info.append(text)
        if re.match(r"  \d+: ", text):
            self.on_metric()

    def pushWarning(self, text: str) -> None:
        self.warnings.append(text)

    def reportError(self, error: str, fatal: bool = False) -> None:
        self.errors.append(error)

    def setProgressText(self, text: str) -> None:
        self.stages.append(text)

    def pushDebugInfo(self, text: str) -> None:
        self.debug.append(text)
        if text.startswith("Engine process "):
            self.process_id = int(text.split()[2].rstrip(":"))


class Watcher:
    """Watches a run of the engine: keeps what it is told, and wants to stop when `stop` is set."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.lines: list[str] = []
        self.stop = threading.Event()

    def event(self, event: dict[str, Any]) -> None:
        self.events.append(event)

    def debug(self, text: str) -> None:
        self.lines.append(text)

    def cancelled(self) -> bool:
        return self.stop.is_set()

    @property
    def process_id(self) -> int:
        return int(self.lines[0].split()[2].rstrip(":"))


@dataclass(frozen=True)
class Landscape:
    """A square of land with known values.

    `truth` is the value of every cell, shape [rows, columns], north first: a slope to the
    east and what the shares of its classes add.
    """

    raster: str
    points: QgsVectorLayer
    pois: QgsVectorLayer
    truth: NDArray[np.float64]


def make_landscape(folder: Path) -> Landscape:
    """Land cover, noisy points and some POIs over 20 x 20 cells.

    Each square of 2 x 2 cells has three points. Fits of more take a multiple of the time.
    """
    classes = _classes()
    count = len(classes)
    effect = np.select([classes == code for code in EFFECT], list(EFFECT.values()))
    step = count // CELLS
    truth = effect.reshape(CELLS, step, CELLS, step).mean(axis=(1, 3))
    truth += 100.0 + 15.0 * np.arange(CELLS) / CELLS

    generator = np.random.default_rng(7)
    squares = np.repeat(np.arange((CELLS // 2) ** 2), POINTS // (CELLS // 2) ** 2)
    corner = 2 * step * np.array(np.divmod(squares, CELLS // 2))
    row, col = corner + generator.integers(0, 2 * step, (2, POINTS))
    noise = generator.normal(0, 1.0, POINTS)
    value = truth[row // step, col // step] + noise
    x, y = LEFT + (col + 0.5) * PIXEL, TOP - (row + 0.5) * PIXEL
    points = make_points("points", x, y, value, ["site"] * POINTS)
    kinds = ["shop" if c % 3 else "school" for c in col[:150]]
    pois = make_points("pois", x[:150], y[:150], [None] * 150, kinds)
    return Landscape(write_raster(folder / "classes.tif", classes), points, pois, truth)


def _classes() -> NDArray[np.uint8]:
    """Blobs of four classes, shape [pixels, pixels], north first."""
    count = int(CELLS * CELL / PIXEL)
    y, x = np.mgrid[0:count, 0:count] / count
    waves = np.sin(9 * x + 2) * np.cos(7 * y) + 0.6 * np.sin(15 * (x + y))
    codes = np.array(list(EFFECT), dtype=np.uint8)
    return codes[np.digitize(waves, [-0.5, 0.1, 0.7])]


def write_raster(
    path: Path,
    values: NDArray[np.generic],
    crs: str | None = CRS,
    kind: int = gdal.GDT_Byte,
    left: float = LEFT,
) -> str:
    """Write one band of `PIXEL` sized pixels; its top is the landscape's."""
    rows, cols = values.shape
    raster = gdal.GetDriverByName("GTiff").Create(str(path), cols, rows, 1, kind)
    raster.SetGeoTransform((left, PIXEL, 0, TOP, 0, -PIXEL))
    if crs:
        reference = osr.SpatialReference()
        reference.SetFromUserInput(crs)
        raster.SetProjection(reference.ExportToWkt())
    raster.GetRasterBand(1).WriteArray(values)
    raster.FlushCache()
    return str(path)


def make_points(name: str, x, y, value, kind) -> QgsVectorLayer:
    """A memory layer with a number field `value` and a text field `kind`."""
    fields = "field=value:double&field=kind:string"
    layer = QgsVectorLayer(f"Point?crs={CRS}&{fields}", name, "memory")
    features = []
    for east, north, number, text in zip(x, y, value, kind):
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(float(east), float(north))))
        feature.setAttributes([None if number is None else float(number), text])
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    layer.updateExtents()
    return layer


def read_raster(path: str) -> NDArray[np.float64]:
    """The first band, NaN where there is no value."""
    raster = gdal.Open(path)  # a band does not keep its file alive
    band = raster.GetRasterBand(1)
    values = band.ReadAsArray().astype(float)
    return np.where(values == band.GetNoDataValue(), np.nan, values)


def leftovers(folder: Path) -> list[str]:
    """Part-written files in a folder."""
    return [path.name for path in folder.iterdir() if ".part" in path.name]


def gone(process_id: int) -> bool:
    """Whether a process has ended."""
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return True
    # A grandchild is reaped by init, which may take a moment or, in a container, for ever.
    return Path(f"/proc/{process_id}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
