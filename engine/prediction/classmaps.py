"""A map of classes: the likeliest class of each cell, and the probability of each."""

from __future__ import annotations

import colorsys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rasterio.io import MemoryFile

from ..data.builders.graph import GraphRawData
from .surface import software_tags, to_cog, to_grid, write_geotiff

# Hues a golden section apart: any number of them lie far from each other. Every other one is
# darker.
_GOLDEN = 0.618034
_LOOKS = ((0.86, 0.55), (0.62, 0.75), (0.95, 0.35))


@dataclass(frozen=True, eq=False)
class ClassMap:
    """The classes of the cells of a graph.

    Parameters
    ----------
    graph : GraphRawData
        The cells.
    names : tuple of str
        The classes.
    probabilities : float64 array [N, K]
        Of each class in each cell; each row sums to 1.
    """

    graph: GraphRawData
    names: tuple[str, ...]
    probabilities: NDArray[np.float64]

    @property
    def codes(self) -> NDArray[np.int64]:
        """The number of the likeliest class of each cell, from 1 in the order of `names`."""
        return self.probabilities.argmax(axis=1) + 1

    @property
    def colours(self) -> dict[str, str]:
        """The colour of each class, such as `#db625f`."""
        return dict(zip(self.names, class_colours(len(self.names))))

    def save(self, path: Path, tags: Mapping[str, str] = {}) -> None:
        """Write the number of the likeliest class as a GeoTIFF of bytes; 0 is no class.

        It has the colours, and in its metadata the name of each class as `CLASS_1` and so on.
        """
        grid = self.graph.grid
        surface = np.nan_to_num(to_grid(self.graph, self.codes.astype(np.float64)))
        described = {f"CLASS_{number}": name for number, name in enumerate(self.names, 1)}
        with MemoryFile(ext=".tif") as source, MemoryFile(ext=".tif") as made:
            with source.open(
                driver="GTiff",
                width=grid.cols,
                height=grid.rows,
                count=1,
                dtype="uint8",
                crs=grid.crs,
                transform=grid.transform,
                nodata=0,
            ) as raster:
                raster.write(surface.astype(np.uint8), 1)
                raster.write_colormap(1, {0: (0, 0, 0, 0)} | dict(enumerate(self._rgb(), 1)))
                raster.update_tags(1, **described)
                raster.update_tags(**software_tags(tags))
            to_cog(source.name, made.name, classes=True)
            path.write_bytes(made.getbuffer())

    def save_probabilities(self, path: Path, tags: Mapping[str, str] = {}) -> None:
        """Write a GeoTIFF with a band for each class, whose description is its name."""
        grid = self.graph.grid
        planes = {
            name: to_grid(self.graph, column)
            for name, column in zip(self.names, self.probabilities.T)
        }
        write_geotiff(path, grid.crs, grid.transform, planes, tags=tags)

    def _rgb(self) -> list[tuple[int, int, int, int]]:
        colours = class_colours(len(self.names))
        return [(*bytes.fromhex(colour[1:]), 255) for colour in colours]


def class_colours(count: int) -> Sequence[str]:
    """So many colours that are told apart, the same each time."""
    found = []
    for number in range(count):
        value, saturation = _LOOKS[number % len(_LOOKS)]
        rgb = colorsys.hsv_to_rgb((0.08 + number * _GOLDEN) % 1.0, saturation, value)
        found.append("#" + bytes(round(255 * part) for part in rgb).hex())
    return found
