"""A graph from land cover alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rasterio.transform import array_bounds
from rasterio.warp import transform_bounds

from ..config.schema import ModelConfig
from ..data.builders.graph import GraphRawData
from ..data.builders.tiles import LandCoverTile
from ..data.sources.classes import ClassRaster
from ..data.sources.landcover import open_landcover
from ..names import ENTITY
from ..progress import InPython, Progress
from .inputs import Inputs
from .reading import read_graph


@dataclass(frozen=True)
class ESAWorldCoverSource:
    """A graph without targets from ESA WorldCover tiles or other categorical rasters.

    Parameters
    ----------
    paths : path, or sequence of paths
        The rasters, with classes in the first band. Where they overlap, the first one is used.
    resolution : float
        Side of a cell, in the unit of `crs`.
    bbox : tuple of float, optional
        Left, bottom, right and top of the grid, in `crs`; by default all of the rasters.
    crs : str
        CRS of the cells; by default that of the first raster.
    """

    paths: str | Path | Sequence[str | Path]
    resolution: float
    bbox: tuple[float, float, float, float] | None = None
    crs: str = ""

    def read(self, progress: Progress | None = None) -> GraphRawData:
        """Count the classes of each cell and build the graph.

        Raises
        ------
        InputError
            If a raster cannot be read or is not categorical, or no raster covers the grid.
        """
        paths = [self.paths] if isinstance(self.paths, (str, Path)) else self.paths
        progress = progress or InPython()
        crs, bounds = self.crs, self.bbox
        if not crs or bounds is None:
            tiles = open_landcover([(path, 1) for path in paths], progress)
            crs = crs or tiles[0].crs.to_string()
            bounds = bounds or _bounds(tiles, crs)
        grid = {"crs": crs, "bounds": bounds, "cell_size": self.resolution}
        sources = (ClassRaster(ENTITY, tuple((path, 1) for path in paths)),)
        inputs = Inputs(sources=sources, grid=grid)
        return read_graph(inputs, ModelConfig(), progress)

    def load(self, progress: Progress | None = None) -> GraphRawData:
        """The toolkit's name of `read`."""
        return self.read(progress)


def _bounds(tiles: Sequence[LandCoverTile], crs: str) -> tuple[float, float, float, float]:
    """What the rasters cover together."""
    each = np.array(
        [
            transform_bounds(tile.crs.to_wkt(), crs, *array_bounds(*tile.shape, tile.transform))
            for tile in tiles
        ]
    )
    left, bottom = map(float, each[:, :2].min(axis=0))
    right, top = map(float, each[:, 2:].max(axis=0))
    return left, bottom, right, top
