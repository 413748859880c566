"""Points of interest with a category, counted a cell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar, TextIO

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS

from ...errors import InputError, OutsideError
from ...language import tr
from ...names import POI, POI_COUNT, POI_COUNT_NAME, POI_SHARE
from ...progress import Progress
from ..builders.crs import parse_crs, transform
from ..builders.grid import Grid
from .columns import as_names
from .ground import Known
from .points import read_point_table
from .positions import check_exchanged, check_positions, read_positions
from .tables import pick
from .vector import file_of


@dataclass(frozen=True)
class PoiCounts:
    """POIs of each category in each cell.

    Parameters
    ----------
    names : tuple of str
        The categories, sorted.
    counts : float64 array [grid.size, P]
        Number of POIs.
    dropped : dict of str to int
        POIs left out, by reason.
    """

    names: tuple[str, ...]
    counts: NDArray[np.float64]
    dropped: dict[str, int]


@dataclass(frozen=True)
class Categories:
    """Points with a category.

    Parameters
    ----------
    xy : float64 array [M, 2]
        Positions in `crs`, x (east or longitude) first.
    crs : pyproj.CRS
        CRS of the positions.
    names : tuple of str
        The categories, sorted.
    code : int64 array [M]
        The category of each point, an index into `names`.
    left_out : int
        Rows of the file without a position or category.
    """

    xy: NDArray[np.float64]
    crs: CRS
    names: tuple[str, ...]
    code: NDArray[np.int64]
    left_out: int

    def count(self, cell: NDArray[np.int64], size: int) -> NDArray[np.float64]:
        """Number of points of each category in each of `size` cells; -1 is no cell."""
        number = cell * len(self.names) + self.code
        counts = np.bincount(number[cell >= 0], minlength=size * len(self.names))
        return counts.reshape(size, len(self.names)).astype(np.float64)


def read_categories(
    path: str | Path | TextIO | pd.DataFrame,
    crs: str,
    coord_columns: tuple[str, str] | None,
    category: str,
) -> Categories:
    """Read points with a category from a file, as `read_points` does, or from a table.

    Raises
    ------
    InputError
        If a column is missing, or no point has a position and a category.
    """
    owner = tr("the POIs")
    table, crs, coord_columns = read_point_table(path, crs, coord_columns, (category,))
    xy = read_positions(table, coord_columns, owner)
    named = as_names(pick(table, category, owner))
    valid = np.isfinite(xy).all(axis=1) & np.array([name is not None for name in named], bool)
    if not valid.any():
        raise InputError(
            tr("None of the {count} POIs has a position and a category in '{category}'.").format(
                count=len(table), category=category
            )
        )
    known_crs = parse_crs(crs, owner)
    check_positions(xy[valid], known_crs, owner, table.index[valid])
    names, code = np.unique(named[valid].astype(str), return_inverse=True)
    return Categories(xy[valid], known_crs, tuple(map(str, names)), code, int((~valid).sum()))


def count_pois(
    path: str | Path | TextIO | pd.DataFrame,
    crs: str,
    coord_columns: tuple[str, str] | None,
    category: str,
    grid: Grid,
) -> PoiCounts:
    """Read POIs, as `read_categories` does, and count them a cell and category.

    Raises
    ------
    InputError
        If a column is missing or no POI lies inside the grid.
    """
    return count_points(read_categories(path, crs, coord_columns, category), category, grid)


def count_points(points: Categories, category: str, grid: Grid) -> PoiCounts:
    """Count POIs that are read, as `count_pois` does."""
    positions = transform(points.xy, points.crs, grid.pyproj_crs)
    cell = grid.locate(positions[:, 0], positions[:, 1])
    if (cell < 0).all():
        check_exchanged(points.xy, points.crs, grid, tr("the POIs"))
    outside = int((cell < 0).sum())
    if outside == len(cell):
        raise OutsideError(
            tr(
                "None of the {count} POIs lies inside the grid with a category in '{category}'; "
                "check their CRS and the extent."
            ).format(count=len(cell) + points.left_out, category=category)
        )
    counts = points.count(cell, grid.size)
    found = counts.sum(axis=0) > 0
    dropped = {
        "without a position or category": points.left_out,
        "outside the extent": outside,
    }
    names = tuple(name for name, used in zip(points.names, found) if used)
    return PoiCounts(names, counts[:, found], dropped)


@dataclass(frozen=True, eq=False)
class Pois:
    """Points of interest, as a source of what is known of every cell.

    Its columns are the share of each category in the POIs of a cell, 0 where it has none, and
    log(1 + their number).

    Parameters
    ----------
    source, crs, coord_columns, category
        See `count_pois`.
    """

    covers: ClassVar[bool] = False
    kind: ClassVar[str] = POI
    source: str | Path | TextIO | pd.DataFrame
    crs: str
    coord_columns: tuple[str, str] | None
    category: str

    @property
    def width(self) -> int:
        """The categories and the number."""
        return len(self._points.names) + 1

    def open(self, progress: Progress) -> None:
        """Read the POIs; raises `InputError` as `read_categories` does."""
        progress.check_cancelled()
        _ = self._points

    def read(self, grid: Grid, progress: Progress) -> Known:
        """Shares and number of the POIs of each cell.

        Raises
        ------
        OutsideError
            If none lies in the grid.
        """
        progress.check_cancelled()
        found = count_points(self._points, self.category, grid)
        total = found.counts.sum(axis=1, keepdims=True)
        shares = (found.counts / np.maximum(total, 1)).astype(np.float32)
        return Known(
            POI,
            (*found.names, POI_COUNT_NAME),
            (*[POI_SHARE] * len(found.names), POI_COUNT),
            np.hstack([shares, np.log1p(total).astype(np.float32)]),
        )

    @property
    def files(self) -> Iterable[str | Path]:
        """The file of the POIs, if they are in one."""
        return (file_of(self.source),) if isinstance(self.source, (str, Path)) else ()

    @cached_property
    def _points(self) -> Categories:
        return read_categories(self.source, self.crs, self.coord_columns, self.category)
