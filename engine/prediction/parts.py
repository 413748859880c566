"""A map in parts: a file a block in a work folder, and one raster a layer in the end."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.io import MemoryFile

from ..data.builders.blocks import Block
from ..data.builders.grid import Grid
from ..files import check_room
from ..progress import Progress
from .classmaps import class_tags
from .statistics import Statistics
from .surface import colour_table, software_tags, to_cog_watched
from .vrt import Band, write_vrt
from .workfolder import PARTS, WorkFolder

Plane = NDArray[np.floating]

# Fast: the parts are read once more.
_LEVEL = 1


@dataclasses.dataclass(frozen=True)
class Layer:
    """One raster of a map.

    Parameters
    ----------
    bands : mapping of str to str
        The name of the array of each band, by the band's description.
    unit : str
        Of all bands.
    legend : mapping of str to str
        The classes whose numbers its one band holds, as bytes: the colour of each by its name.
    """

    bands: Mapping[str, str]
    unit: str = ""
    legend: Mapping[str, str] = dataclasses.field(default_factory=dict)


class PartFolder:
    """Keeps the blocks of a map as files, each with its checksum; a context that locks the folder.

    Parameters
    ----------
    folder : Path
        A new folder, an empty one, or the work folder of the same run.
    grid : Grid
        The grid of the map.
    layers : mapping of str to Layer
        Each raster by its name.
    settings : mapping
        All that the values depend on, as plain JSON: with others, the folder is that of another
        run.
    tags : mapping of str to str
        Metadata of the rasters.
    dtype : type
        `numpy.float32` or `numpy.float64`, of all.

    Raises
    ------
    OutputError
        If the folder is that of another run, is in use, holds something else, or cannot be
        written.
    """

    def __init__(
        self,
        folder: Path,
        grid: Grid,
        layers: Mapping[str, Layer],
        settings: Mapping[str, Any],
        tags: Mapping[str, str] = {},
        dtype: type[np.floating] = np.float32,
    ) -> None:
        self.folder = folder
        self._grid = grid
        self._layers = dict(layers)
        self._tags = software_tags(tags)
        self._dtype = np.dtype(dtype)
        arrays = [array for layer in layers.values() for array in layer.bands.values()]
        self._arrays = list(dict.fromkeys(arrays))
        described = {
            "grid": dataclasses.asdict(grid),
            "layers": {name: dataclasses.asdict(layer) for name, layer in layers.items()},
            "tags": self._tags,
            "values": self._dtype.name,
            **settings,
        }
        self._work = WorkFolder(folder, described)

    def __enter__(self) -> PartFolder:
        self._work.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._work.__exit__(*error)

    @property
    def _done(self) -> dict[int, dict[str, Any]]:
        return self._work.done

    def check_room(self, outputs: Path) -> None:
        """Refuse a map for which there is no room; see `files.check_room`.

        Parameters
        ----------
        outputs : Path
            The folder of the rasters.
        """
        bands = sum(len(layer.bands) for layer in self._layers.values())
        done = sum(known["bytes"] for known in self._done.values())
        sizes = len(self._arrays), bands, self._dtype.itemsize
        check_map_room(self._grid, *sizes, self.folder, outputs, done)

    def has(self, block: Block) -> bool:
        """Whether the part of a block is there and whole."""
        known = self._done.get(block.number)
        if known is None or known["window"] != _window(block):
            return False
        with contextlib.suppress(OSError):
            return hashlib.sha256(self._path(block.number).read_bytes()).hexdigest() == known["sum"]
        return False

    def put(self, block: Block, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Keep the arrays of a block, each of its shape."""
        planes = self._planes(block, arrays)
        data = self._encode(block, planes)
        found = {name: Statistics.of(plane) for name, plane in planes.items()}
        known = {
            "number": block.number,
            "window": _window(block),
            "bytes": len(data),
            "sum": hashlib.sha256(data).hexdigest(),
            "statistics": {name: dataclasses.astuple(part) for name, part in found.items()},
        }
        self._work.write(self._path(block.number), data)
        self._work.record(known)

    def keep(self, name: str, write: Callable[[Path], None]) -> Path:
        """A file beside the parts, which is written by the first run alone."""
        path = self.folder / name
        if not path.exists():
            draft = path.with_suffix(".draft")
            write(draft)
            os.replace(draft, path)
        return path

    def write(self, name: str, path: Path, progress: Progress) -> None:
        """Write the raster of a layer from the parts, all of which must be there.

        Beside the parts, a virtual raster of the same name is left.

        Parameters
        ----------
        name : str
            The layer.
        path : Path
            Where to write; its folder goes if this is cancelled.
        progress : Progress
            Asked whether to stop.
        """
        layer = self._layers[name]
        colours = colour_table(layer.legend) if layer.legend else ()
        bands = [
            Band(text, layer.unit, self._arrays.index(array) + 1, tags, colours)
            for text, array in layer.bands.items()
            for tags in [class_tags(layer.legend) or self.statistics(array).tags()]
        ]
        parts = {
            f"{PARTS}/{self._path(number).name}": known["window"]
            for number, known in sorted(self._done.items())
        }
        source = self.folder / f"{name}.vrt"
        write_vrt(source, self._grid, bands, parts, self._dtype, self._tags)
        to_cog_watched(str(source), path, progress, bool(layer.legend))

    def thinned(self, array: str, step: int) -> NDArray[np.float64]:
        """An array of which every so many rows and columns are kept, from the middle of the first.

        All parts must be there.
        """
        first = step // 2
        rows, cols = (-(-(side - first) // step) for side in (self._grid.rows, self._grid.cols))
        found: NDArray[np.float64] = np.full((rows, cols), np.nan)
        band = self._arrays.index(array) + 1
        for number, known in self._done.items():
            row0, _, col0, _ = known["window"]
            with rasterio.open(self._path(number)) as raster:
                plane = raster.read(band)
            row, col = ((first - start) % step for start in (row0, col0))
            kept = plane[row::step, col::step]
            top, left = (row0 + row - first) // step, (col0 + col - first) // step
            found[top : top + kept.shape[0], left : left + kept.shape[1]] = kept
        return found

    def statistics(self, array: str) -> Statistics:
        """Of an array in all parts."""
        known = [self._done[number]["statistics"][array] for number in sorted(self._done)]
        return Statistics.joined(Statistics(*numbers) for numbers in known)

    def _planes(self, block: Block, arrays: Mapping[str, NDArray[Any]]) -> dict[str, Plane]:
        """What is kept of the arrays of a block."""
        planes = {name: np.asarray(arrays[name], dtype=self._dtype) for name in self._arrays}
        for name, plane in planes.items():
            if plane.shape != block.shape:
                raise ValueError(f"The array {name} has shape {plane.shape}, not {block.shape}.")
        return planes

    def _encode(self, block: Block, planes: Mapping[str, Plane]) -> bytes:
        """The part of a block, as a GeoTIFF with a band for each array."""
        with MemoryFile(ext=".tif") as memory:
            with memory.open(
                driver="GTiff",
                width=block.shape[1],
                height=block.shape[0],
                count=len(planes),
                dtype=self._dtype,
                crs=self._grid.crs,
                transform=block.window(self._grid).transform,
                nodata=np.nan,
                tiled=True,
                blockxsize=512,
                blockysize=512,
                interleave="band",
                compress="deflate",
                zlevel=_LEVEL,
                predictor=3,
                bigtiff="if_safer",
            ) as raster:
                for number, (name, plane) in enumerate(planes.items(), 1):
                    raster.write(plane, number)
                    raster.set_band_description(number, name)
            return bytes(memory.getbuffer())

    def _path(self, number: int) -> Path:
        return self.folder / PARTS / f"{number:07d}.tif"


def check_map_room(
    grid: Grid, arrays: int, bands: int, size: int, folder: Path, outputs: Path, done: int = 0
) -> None:
    """Refuse a map for which there is no room; see `files.check_room`.

    Parameters
    ----------
    grid : Grid
        The grid of the map.
    arrays, bands, size : int
        Values of a cell in the parts and in the rasters, and bytes of a value.
    folder, outputs : Path
        Of the parts, and of the rasters.
    done : int
        Bytes of parts that are there.
    """
    overviews = 4 / 3
    parts = max(grid.size * arrays * size - done, 0)
    check_room([(folder, parts), (outputs, int(grid.size * bands * size * overviews))])


def _window(block: Block) -> list[int]:
    return [block.row0, block.row1, block.col0, block.col1]
