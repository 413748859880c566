"""A map of classes: the likeliest class of each cell, and the probability of each."""

from __future__ import annotations

import colorsys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.io import MemoryFile

from ..data.builders.graph import GraphRawData
from .applicability import is_inside
from .surface import colour_table, software_tags, to_cog, to_grid

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
    dissimilarity : float64 array [N]
        How different a cell is from the cells with points (0 = same; above 1 = outside the area
        of applicability).
    """

    graph: GraphRawData
    names: tuple[str, ...]
    probabilities: NDArray[np.float64]
    dissimilarity: NDArray[np.float64]

    @property
    def codes(self) -> NDArray[np.int64]:
        """The number of the likeliest class of each cell, from 1 in the order of `names`."""
        return self.probabilities.argmax(axis=1) + 1

    @property
    def applicable(self) -> NDArray[np.bool_]:
        """Whether each cell lies in the area of applicability, [N]."""
        return is_inside(self.dissimilarity)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What the blocks of a map keep, by `class_arrays`."""
        arrays = (self.codes, self.dissimilarity, self.applicable, *self.probabilities.T)
        return dict(zip(class_arrays(len(self.names)), arrays))

    @property
    def colours(self) -> dict[str, str]:
        """The colour of each class, such as `#db625f`."""
        return legend_of(self.names)

    def save(self, path: Path, tags: Mapping[str, str] = {}) -> None:
        """Write the number of the likeliest class as a GeoTIFF of bytes; 0 is no class.

        It has the colours, and in its metadata the name of each class as `CLASS_1` and so on.
        """
        grid = self.graph.grid
        surface = np.nan_to_num(to_grid(self.graph, self.codes.astype(np.float64)))
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
                raster.write_colormap(1, dict(enumerate(colour_table(self.colours))))
                raster.update_tags(1, **class_tags(self.names))
                raster.update_tags(**software_tags(tags))
            to_cog(source.name, made.name, classes=True)
            path.write_bytes(made.getbuffer())


def class_arrays(count: int) -> list[str]:
    """The names of the arrays of a map of so many classes.

    >>> class_arrays(2)
    ['class', 'dissimilarity', 'applicable', 'probability 1', 'probability 2']
    """
    every = (f"probability {number + 1}" for number in range(count))
    return ["class", "dissimilarity", "applicable", *every]


def legend_of(names: Sequence[str]) -> dict[str, str]:
    """The colour of each class."""
    return dict(zip(names, class_colours(len(names))))


def class_tags(names: Iterable[str]) -> dict[str, str]:
    """The names of classes as metadata of a band: `CLASS_1` and so on."""
    return {f"CLASS_{number}": name for number, name in enumerate(names, 1)}


def class_colours(count: int) -> Sequence[str]:
    """So many colours that are told apart, the same each time."""
    found = []
    for number in range(count):
        value, saturation = _LOOKS[number % len(_LOOKS)]
        rgb = colorsys.hsv_to_rgb((0.08 + number * _GOLDEN) % 1.0, saturation, value)
        found.append("#" + bytes(round(255 * part) for part in rgb).hex())
    return found
