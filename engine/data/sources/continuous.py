"""Continuous rasters: elevation, temperature, an index, or the bands of an embedding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import numpy as np

from ...errors import InputError
from ...language import tr
from ...names import COVARIATE
from ...numerics import compact
from ...progress import Progress
from ..builders.frames import Floats
from ..builders.grid import Grid
from ..builders.means import CellMeans, measure_cells
from ..builders.rasters import gdal_name
from ..builders.terrain import SURROUNDINGS, heights_above, terrain_of_cells, widened
from .continuous_opening import Opened, open_continuous
from .ground import Known

# With more bands only means are given, so that the many bands of an embedding stay bounded.
_MOST_WITH_SPREAD = 16
# Values whose range is a smaller share of their size are equal but for rounding.
_EQUAL = 1e-12
# So many columns are named in a message.
_LISTED = 5


@dataclass(frozen=True)
class ContinuousRaster:
    """The mean and the standard deviation, in each cell, of the bands of a raster.

    A pixel counts in the cell of its centre; where a cell has fewer than 16, in each cell by the
    share of it that lies there. Where pixels are larger than cells, a cell has the value at its
    centre, bilinear between the centres of pixels, and no standard deviation. Missing pixels are
    left out everywhere.

    Parameters
    ----------
    name : str
        Of the group of columns; the stem of the first file where empty.
    paths : tuple of path
        Tiles of one raster, each with the same bands; where they overlap, the first that has a
        value counts.
    bands : tuple of int
        The bands to read, from 1; by default all but an alpha band.
    elevation : bool
        Whether its one band is elevation in metres. Then slope in degrees, northness and eastness
        are added, and the height of a cell above those around it.
    dequantise : bool
        Whether its pixels are bytes x of an embedding such as AlphaEarth's, which stand for
        sign(x) (x / 127.5)^2, and -128 for a missing one.
    columns : tuple of str
        The columns to give, such as those that a model has learnt from, also where the raster
        does not reach; by default those that differ between the cells of the grid.

    Notes
    -----
    Standard deviations are given of at most 16 bands, and of no embedding.
    """

    covers: ClassVar[bool] = True
    kind: ClassVar[str] = ""
    name: str
    paths: tuple[str | Path, ...]
    bands: tuple[int, ...] = ()
    elevation: bool = False
    dequantise: bool = False
    columns: tuple[str, ...] = ()
    _opened: dict[str, Opened] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def files(self) -> Iterable[str | Path]:
        """The files that it reads."""
        return self.paths

    @property
    def group(self) -> str:
        """The name, or that of the first file."""
        return self.name or Path(self.paths[0]).stem

    @property
    def width(self) -> int:
        """Mean and spread of each band, the terrain, and the share of valid pixels."""
        bands = len(self._opened["whole"].tiles[0].bands)
        spread = bands <= _MOST_WITH_SPREAD and not self.dequantise
        return bands * (1 + spread) + (3 + len(SURROUNDINGS)) * self.elevation + 1

    def open(self, progress: Progress) -> None:
        """Check the rasters at a glance, and log what they are taken for; see `Source.open`."""
        bands = len(self._open(progress).tiles[0].bands)
        text = tr("'{name}' is taken for a continuous quantity; number of bands: {bands}.")
        progress.log(text.format(name=self.group, bands=bands))

    def _open(self, progress: Progress) -> Opened:
        if not self.paths:
            raise InputError(
                tr("The raster '{name}' has no file; give one.").format(name=self.name)
            )
        if not self._opened:
            names = [gdal_name(path) for path in self.paths]
            self._opened["whole"] = open_continuous(
                names, self.bands, self.elevation, self.dequantise, progress
            )
        return self._opened["whole"]

    def read(self, grid: Grid, progress: Progress) -> Known:
        """Mean and spread in each cell; see `Source.read`.

        Warns of columns that are left out as they do not vary, of infinite pixels, and of cells
        smaller than pixels.
        """
        opened = self._open(progress)
        found, columns = self._read(opened, grid, progress)
        if not self.columns:
            if not any(np.isfinite(column).any() for column in columns.values()):
                raise self.nowhere(grid)
            self._tell(found, opened, grid, progress)
        share = columns.pop(self._share)
        if self.columns:
            columns[self._share] = share
            kept = self.columns
        else:
            kept = self.varying({name: varies(own) for name, own in columns.items()}, progress)
            if varies(share):
                columns[self._share] = share
                kept = (*kept, self._share)
        values = np.column_stack([np.empty((grid.size, 0)), *(columns[name] for name in kept)])
        kinds = (COVARIATE,) * len(kept)
        return Known(self.group, kept, kinds, compact(values), covers=bool(kept))

    def read_part(self, grid: Grid, progress: Progress) -> Known:
        """All columns in each cell of a window of a map, in double precision; see `read`.

        The last is the share of valid pixels.
        """
        opened = self._open(progress)
        found, columns = self._read(opened, grid, progress)
        if not self.columns:
            self._tell(found, opened, grid, progress)
        names = self.columns or tuple(columns)
        values = np.column_stack([columns[name] for name in names])
        return Known(self.group, names, (COVARIATE,) * len(names), values, covers=True)

    def _read(
        self, opened: Opened, grid: Grid, progress: Progress
    ) -> tuple[CellMeans, dict[str, Floats]]:
        """What was measured in and around a grid; all columns of its cells, the share last."""
        wide, inner = grid, (slice(None), slice(None))
        if self.elevation:
            wide, inner = widened(grid)
        found = self._measured(opened, wide, progress)
        shape = (wide.rows, wide.cols)
        columns: dict[str, Floats] = {
            name: column.reshape(shape)[inner].ravel()
            for name, column in self._columns(opened, found, wide).items()
        }
        return found, columns

    def _measured(self, opened: Opened, grid: Grid, progress: Progress) -> CellMeans:
        bands = len(opened.tiles[0].bands)
        spread = bands if bands <= _MOST_WITH_SPREAD and not self.dequantise else 0
        return measure_cells(opened.tiles, grid, opened.pilot, spread, progress)

    @property
    def _share(self) -> str:
        return f"{self.group} share of valid pixels"

    def _titles(self, opened: Opened) -> list[str]:
        """What the mean of each band is called."""
        bands = opened.tiles[0].bands
        if len(bands) == 1:
            return [self.group]
        often = Counter(opened.titles)
        own = [
            title if title and often[title] == 1 else f"{title or 'band'} {band}"
            for title, band in zip(opened.titles, bands)
        ]
        return [f"{self.group} {title}" for title in own]

    def _columns(self, opened: Opened, found: CellMeans, grid: Grid) -> dict[str, Floats]:
        """All columns of a grid by their names, each [size]."""
        titles = self._titles(opened)
        columns = {}
        for number, title in enumerate(titles):
            columns[title] = found.mean[:, number]
            if number < found.deviation.shape[1]:
                columns[f"{title} sd"] = found.deviation[:, number]
        if self.elevation:
            height = found.mean[:, 0].reshape(grid.rows, grid.cols)
            terrain = found.mean[:, 1:]
            if found.between:
                terrain = terrain_of_cells(height, grid).reshape(-1, 3)
            above = heights_above(height).reshape(grid.size, -1)
            names = ["slope", "northness", "eastness"]
            names += [f"above {width} x {width} cells" for width in SURROUNDINGS]
            for name, column in zip(names, np.hstack([terrain, above]).T):
                columns[f"{self.group} {name}"] = column
        known = np.isfinite(found.mean[:, : len(titles)]).any(axis=1)
        return {**columns, self._share: np.where(known, found.share, np.nan)}

    def nowhere(self, grid: Grid) -> InputError:
        """That the raster has no value in any cell of a grid."""
        from ..builders.overlaps import overlap

        text = tr(
            "The raster '{name}' does not overlap the grid; check the CRS of both and the extent."
        )
        if any(overlap(tile.frame, grid.frame) for tile in self._opened["whole"].tiles):
            text = tr("The raster '{name}' has only missing pixels inside the grid; check it.")
        return InputError(text.format(name=self.group))

    def _tell(self, found: CellMeans, opened: Opened, grid: Grid, progress: Progress) -> None:
        """Warn of infinite pixels, and of cells smaller than pixels."""
        if found.infinite:
            progress.warning(
                tr(
                    "The raster '{name}' has {count:,} infinite pixels, or ones beyond the range "
                    "of 32-bit floats, inside the grid; they are treated as missing."
                ).format(name=self.group, count=found.infinite)
            )
        if found.between:
            progress.warning(
                tr(
                    "The cells are smaller than the pixels of the raster '{name}'; each has the "
                    "value at its centre, bilinear between the centres of pixels, and no standard "
                    "deviation."
                ).format(name=self.group)
            )

    def varying(self, varies: Mapping[str, bool], progress: Progress) -> tuple[str, ...]:
        """The columns that differ between cells; a warning of the others.

        The share of valid pixels is not among what is told.
        """
        kept = tuple(name for name, differs in varies.items() if differs)
        left = [name for name in varies if name not in kept]
        if left:
            listed = ", ".join(f"'{name}'" for name in left[:_LISTED])
            progress.warning(
                tr(
                    "The raster '{name}' has the same value in all cells in {count} of its {all} "
                    "columns ({names}), which are left out."
                ).format(
                    name=self.group,
                    count=len(left),
                    all=len(varies),
                    names=listed + ", ..." * (len(left) > _LISTED),
                )
            )
        return kept


def varies(column: Floats) -> bool:
    """Whether what is known of a column differs by more than rounding."""
    known = column[np.isfinite(column)]
    return bool(len(known)) and differs(float(known.min()), float(known.max()))


def differs(least: float, most: float) -> bool:
    """Whether values from `least` to `most` differ by more than rounding."""
    return most - least > _EQUAL * max(abs(least), abs(most))
