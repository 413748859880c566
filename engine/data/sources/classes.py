"""Class rasters as a source of the ground: land cover, soil types and the like."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyproj import CRS

from ...language import tr
from ...names import ENTITY, SHARES
from ...progress import Progress
from ..builders.esa_worldcover import class_names
from ..builders.features import count_classes
from ..builders.grid import Grid
from ..builders.tiles import LandCoverTile
from .ground import Known
from .landcover import open_landcover
from .worldcover_download import fetch_worldcover


@dataclass(frozen=True)
class ClassRaster:
    """A raster of classes, whose shares link cells to a type of hypernodes.

    Parameters
    ----------
    type : str
        The type: `entity` for land cover, or any other.
    paths : tuple of (path, int)
        Tiles of one map, and the band of each.
    """

    type: str
    paths: tuple[tuple[str | Path, int], ...]

    @cached_property
    def _tiles(self) -> list[LandCoverTile]:
        return open_landcover(self.paths)

    def open(self, progress: Progress) -> CRS:
        """See `Source.open`."""
        progress.check_cancelled()
        return self._tiles[0].crs

    def read(self, grid: Grid, progress: Progress) -> Known:
        """See `Source.read`."""
        return count_shares(self.type, self._tiles, grid, progress)

    @property
    def files(self) -> Iterable[str | Path]:
        """See `Source.files`."""
        return [path for path, _ in self.paths]


@dataclass(frozen=True)
class WorldCover:
    """Land cover that is fetched: a map of ESA WorldCover.

    Parameters
    ----------
    year : str
        An edition; see `fetch_worldcover`.
    proxy : str
        Through which it is fetched.
    """

    year: str
    proxy: str = ""

    def open(self, progress: Progress) -> CRS:
        """See `Source.open`."""
        return CRS("EPSG:4326")

    def read(self, grid: Grid, progress: Progress) -> Known:
        """See `Source.read`."""
        tiles = fetch_worldcover(grid, self.year, progress, self.proxy)
        known = count_shares(ENTITY, tiles, grid, progress)
        return dataclasses.replace(known, fetched=tuple(tile.path for tile in tiles))

    files: Iterable[str | Path] = ()


def count_shares(
    kind: str, tiles: Sequence[LandCoverTile], grid: Grid, progress: Progress
) -> Known:
    """The share of each class in each cell; see `count_classes`."""
    classes = count_classes(tiles, grid, progress)
    if classes.sampled:
        progress.warning(
            tr(
                "{cells} cells contain no centre of a land-cover pixel and take the class at their "
                "own centre; the cells are smaller than the land-cover pixels."
            ).format(cells=classes.sampled)
        )
    names = class_names(classes.codes.tolist())
    return Known(
        SHARES.get(kind, kind),
        names,
        (SHARES.get(kind, kind),) * len(names),
        classes.proportions(),
        covers=True,
        attribution="; ".join(sorted({tile.attribution for tile in tiles} - {""})),
    )
