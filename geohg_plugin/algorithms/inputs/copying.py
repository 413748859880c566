"""Files of layers in the folder of a run: copies of what the engine cannot open itself."""

from __future__ import annotations

import re
from pathlib import Path

from qgis.core import QgsCoordinateTransform, QgsProcessingFeedback, QgsReferencedRectangle

from ...adapters.copies import ClassCopy, RasterCopy
from .grid import Grid
from .values import Values


def file_of(
    tile: str | RasterCopy,
    grid: Grid,
    values: Values,
    folder: Path,
    feedback: QgsProcessingFeedback,
    around: int = 0,
) -> str:
    """The file of a raster: its own, or a copy in `folder` of what lies where the grid does.

    Classes are copied no finer than their shares need; of quantities, all pixels are. So many
    cells `around` the grid are copied too.
    """
    if isinstance(tile, str):
        return tile
    path = free_path(folder, tile.name, ".tif")
    size = grid.cell_size or 0.0
    edges = QgsReferencedRectangle(grid.edges, grid.edges.crs())
    # The engine lays the grid up to a cell farther, and chooses no larger cells.
    edges.grow((1 + around) * (size or max(edges.width(), edges.height()) / 20))
    to = QgsCoordinateTransform(edges.crs(), tile.crs, values.context.transformContext())
    cells = edges.width() / size if size and isinstance(tile, ClassCopy) else 0.0
    tile.write(to.transformBoundingBox(edges), cells, path, feedback)
    return str(path)


def free_path(folder: Path, name: str, suffix: str) -> Path:
    """A file that is not there yet; the engine calls a layer by it."""
    named = re.sub(r"\W+", "_", name)[:60]
    numbers = range(len(list(folder.iterdir())) + 1)
    paths = (folder / f"{named}_{number}{suffix}" for number in numbers)
    return next(path for path in paths if not path.exists())
