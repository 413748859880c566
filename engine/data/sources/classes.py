"""Categorical rasters: land cover, WorldCover that is fetched, and any other classification."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from pyproj import CRS

from ...errors import InputError
from ...language import tr
from ...names import ENTITY, LANDCOVER
from ...progress import Part, Progress
from ..builders.esa_worldcover import EDITIONS, class_names
from ..builders.features import count_classes
from ..builders.grid import Grid
from ..builders.tiles import LandCoverTile
from .ground import Known
from .landcover import open_landcover
from .worldcover_download import fetch_worldcover
from .worldcover_tiles import CRS as WORLDCOVER_CRS

# Of a raster of classes.
_USUAL = 11


@dataclass(frozen=True, eq=False)
class ClassRaster:
    """Categorical rasters of one classification, as a source of what is known of every cell.

    Its columns are the share of each class in a cell, NaN where no raster has a class. They are
    called as the legend of the raster has them, if it has one.

    Parameters
    ----------
    kind : str
        `entity` for land cover; or the type of the hypernodes that the classes are, such as
        `soil`.
    rasters : tuple of (path, int)
        The rasters and the band of each. Where they overlap, the first is used.
    """

    covers: ClassVar[bool] = True
    kind: str
    rasters: tuple[tuple[str | Path, int], ...]

    @property
    def width(self) -> int:
        """As many classes as most rasters have."""
        return _USUAL

    def open(self, progress: Progress) -> CRS:
        """Check the rasters at a glance; raises `InputError` as `open_landcover` does."""
        progress.check_cancelled()
        if not self._tiles:
            raise InputError(tr("'{kind}' has no rasters; give one.").format(kind=self.kind))
        name = tr("Land cover") if self.kind == ENTITY else self.kind
        progress.log(tr("'{name}' is taken for classes.").format(name=name))
        return self._tiles[0].crs

    def read(self, grid: Grid, progress: Progress) -> Known:
        """The shares of the classes; raises `InputError` as `count_classes` does."""
        return _shares(self.kind, self._tiles, grid, progress)

    @property
    def files(self) -> Iterable[str | Path]:
        """The rasters."""
        return tuple(path for path, _ in self.rasters)

    @cached_property
    def _tiles(self) -> list[LandCoverTile]:
        return open_landcover(self.rasters, land=self.kind == ENTITY)


@dataclass(frozen=True)
class WorldCover:
    """ESA WorldCover, fetched where it is not kept, as a source of what is known of every cell.

    Parameters
    ----------
    year : str
        An edition: one of `EDITIONS`.
    proxy : str
        See `fetch_worldcover`.
    """

    covers: ClassVar[bool] = True
    kind: ClassVar[str] = ENTITY
    year: str
    proxy: str = ""

    @property
    def width(self) -> int:
        """The classes of WorldCover."""
        return _USUAL

    def open(self, progress: Progress) -> CRS:
        """Refuse an edition that there is not."""
        if self.year not in EDITIONS:
            raise InputError(
                tr("There is no WorldCover of {year}; choose one of {known}.").format(
                    year=self.year, known=", ".join(EDITIONS)
                )
            )
        return CRS(WORLDCOVER_CRS)

    def read(self, grid: Grid, progress: Progress) -> Known:
        """The shares of the classes; raises `InputError` as `fetch_worldcover` does."""
        tiles = fetch_worldcover(grid, self.year, Part(progress, 0.0, 0.5), self.proxy)
        known = _shares(ENTITY, tiles, grid, Part(progress, 0.5, 1.0))
        return dataclasses.replace(known, fetched=tuple(tile.path for tile in tiles))

    @property
    def files(self) -> Iterable[str | Path]:
        """None that a user gave."""
        return ()


def _shares(kind: str, tiles: Sequence[LandCoverTile], grid: Grid, progress: Progress) -> Known:
    found = count_classes(tiles, grid, progress)
    if found.sampled:
        progress.warning(
            tr(
                "{cells} cells contain no centre of a land-cover pixel and take the class at their "
                "own centre; the cells are smaller than the land-cover pixels."
            ).format(cells=found.sampled)
        )
    codes = found.codes.tolist()
    # Only of land cover do WorldCover's codes mean its classes.
    land = kind == ENTITY
    usual = class_names(codes) if land else tuple(f"class {code}" for code in codes)
    legend = {code: name for tile in reversed(tiles) for code, name in tile.legend.items()}
    names = tuple(legend.get(code, name) for code, name in zip(codes, usual))
    if len(set(names)) < len(names):  # tiles name one class differently, or another as it is
        names = usual
    return Known(
        kind,
        names,
        (LANDCOVER if land else kind,) * len(codes),
        found.proportions(),
        covers=True,
        attribution="; ".join(sorted({tile.attribution for tile in tiles} - {""})),
        keys=tuple(codes),
    )
