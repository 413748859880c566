"""Points of interest with a category, counted a cell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TextIO

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS

from ...errors import InputError
from ...language import tr
from ...names import POI, POI_COUNT, POI_COUNT_NAME, POI_SHARE
from ...progress import Progress
from ..builders.crs import parse_crs, transform
from ..builders.grid import Grid
from .columns import as_names
from .ground import Known
from .located import Table
from .points import read_point_table
from .positions import check_exchanged, check_positions, read_positions
from .tables import pick


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


@dataclass(frozen=True)
class Pois:
    """Points of interest, whose shares link cells to categories.

    Parameters
    ----------
    table : Table
        One row a point.
    category : str
        Column of the category.
    """

    table: Table
    category: str

    @cached_property
    def _points(self) -> Categories:
        table = self.table
        return read_categories(table.source, table.crs, table.coord_columns, self.category)

    def open(self, progress: Progress) -> None:
        """See `Source.open`."""
        progress.check_cancelled()
        self._points  # noqa: B018  # read and checked once

    def read(self, grid: Grid, progress: Progress) -> Known:
        """See `Source.read`."""
        progress.check_cancelled()
        pois = _counted(self._points, self.category, grid)
        total = pois.counts.sum(axis=1, keepdims=True)
        # 0 where the cell has none.
        shares = (pois.counts / np.maximum(total, 1)).astype(np.float32)
        return Known(
            POI,
            (*pois.names, POI_COUNT_NAME),
            (*[POI_SHARE] * len(pois.names), POI_COUNT),
            np.column_stack([shares, np.log1p(total).astype(np.float32)]),
        )

    @property
    def files(self) -> Iterable[str | Path]:
        """See `Source.files`."""
        source = self.table.source
        return [source] if isinstance(source, (str, Path)) else []


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
    return _counted(read_categories(path, crs, coord_columns, category), category, grid)


def _counted(points: Categories, category: str, grid: Grid) -> PoiCounts:
    positions = transform(points.xy, points.crs, grid.pyproj_crs)
    cell = grid.locate(positions[:, 0], positions[:, 1])
    if (cell < 0).all():
        check_exchanged(points.xy, points.crs, grid, tr("the POIs"))
    outside = int((cell < 0).sum())
    if outside == len(cell):
        raise InputError(
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
