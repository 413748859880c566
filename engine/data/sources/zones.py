"""Zones: polygons with a name, or labels of cells, as shares of cells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from ...errors import InputError, OutsideError
from ...language import tr
from ...progress import Progress, Silent
from ..builders.crs import parse_crs
from ..builders.grid import Grid
from .columns import as_names
from .cutting import in_crs, overlaps
from .geometries import features_in, name_of
from .ground import Known
from .positions import check_positions
from .tables import pick
from .vector import Features, check_polygons, file_of

# More would be no types of ground, but places: every zone is a column of every cell.
_MOST = 1000
_NAME = "name"


@dataclass(frozen=True)
class ZoneShares:
    """How much of each cell lies in each zone.

    Parameters
    ----------
    names : tuple of str
        The zones, sorted.
    shares : float32 array [N, names]
        0 to 1.
    """

    names: tuple[str, ...]
    shares: NDArray[np.float32]


def read_zones(
    source: Any, crs: str, column: str, kind: str, grid: Grid, cell: NDArray[np.int64]
) -> ZoneShares:
    """The share of each cell that lies in the polygons of each name.

    Parameters
    ----------
    source : path, GeoDataFrame or GeoSeries
        Polygons; those of one name are one zone.
    crs : str
        Their CRS, where they have none of their own.
    column : str
        Their names; if empty, the column called `kind` or `name`, or the only one.
    kind : str
        What they are, such as `district`.
    grid : Grid
        The grid.
    cell : int64 array [N]
        Cells of the grid.

    Raises
    ------
    InputError
        If there are no polygons, no such column, or none lies in the cells.
    """
    return Zones(kind, source, crs, column).shares(grid, cell, Silent())


def label_shares(labels: Any, kind: str, grid: Grid, cell: NDArray[np.int64]) -> ZoneShares:
    """The label of each cell, whole.

    Parameters
    ----------
    labels : callable, or array of rows x columns or of cells
        One label a cell of the grid, from north to south and west to east, or of the cells;
        None, NaN or empty where there is none. A callable is given x and y of the centres.
    kind, grid, cell
        See `read_zones`.

    Raises
    ------
    InputError
        If there are other than one a cell, or none.
    """
    if callable(labels):
        labels = labels(*grid.centres(cell).T)
    named = as_names(pd.Series(_one_each(labels, kind, grid, cell), dtype=object))
    known = np.flatnonzero([name is not None for name in named])
    names, code = np.unique(named[known].astype(str), return_inverse=True)
    _refuse_many(names, kind)
    shares = np.zeros((len(cell), len(names)), dtype=np.float32)
    shares[known, code] = 1.0
    return _found(names, shares, kind)


def _one_each(labels: Any, kind: str, grid: Grid, cell: NDArray[np.int64]) -> NDArray[np.object_]:
    """The label of each cell, of labels of these cells or of all of the grid."""
    flat = np.asarray(labels, dtype=object).ravel()
    if len(flat) not in (len(cell), grid.size):
        raise InputError(
            tr(
                "'{kind}' has {count} labels; give one for each of the {cells} cells of the map "
                "({rows} rows, {cols} columns), polygons with a name, or a function of x and y."
            ).format(kind=kind, count=len(flat), cells=len(cell), rows=grid.rows, cols=grid.cols)
        )
    return flat if len(flat) == len(cell) else flat[cell]


def _names(found: Features, column: str, kind: str, path: str) -> pd.Series:
    """The column with the names of the zones."""
    fields = list(found.fields.columns)
    wanted = column or next(
        (name for own in (kind, _NAME) for name in fields if name.casefold() == own.casefold()), ""
    )
    if not wanted and len(fields) == 1:
        wanted = fields[0]
    if not wanted:
        raise InputError(
            tr(
                "Which column names the zones of '{kind}'? Give it as (polygons, 'column'); they "
                "have: {known}."
            ).format(kind=kind, known=", ".join(fields) or tr("none"))
        )
    return pick(found.fields, wanted, f"'{path}'")


def _refuse_many(names: NDArray[Any], kind: str) -> None:
    if len(names) > _MOST:
        raise InputError(
            tr("'{kind}' has {count:,} names; at most {most:,} are read: join some.").format(
                kind=kind, count=len(names), most=_MOST
            )
        )


def _found(names: NDArray[Any], shares: NDArray[np.float32], kind: str) -> ZoneShares:
    used = shares.any(axis=0)
    if not used.any():
        text = tr("None of '{kind}' lies in the cells of the map; check its CRS.")
        raise OutsideError(text.format(kind=kind))
    return ZoneShares(tuple(str(name) for name in names[used]), shares[:, used])


@dataclass(frozen=True, eq=False)
class Zones:
    """Polygons with a name, as a source of what is known of every cell.

    Its columns are the share of each cell in each zone, 0 outside.

    Parameters
    ----------
    kind, source, crs, column
        See `read_zones`.
    """

    covers: ClassVar[bool] = False
    kind: str
    source: Any
    crs: str = ""
    column: str = ""

    @property
    def width(self) -> int:
        """The zones."""
        return len(self._zones[0])

    def open(self, progress: Progress) -> None:
        """Read the polygons and check them; raises `InputError` as `read_zones` does."""
        _, _, _, repaired = self._zones
        if repaired:
            progress.warning(
                tr("{count} polygons of '{name}' are invalid and were repaired.").format(
                    count=repaired, name=self.kind
                )
            )

    def read(self, grid: Grid, progress: Progress) -> Known:
        """The shares of the cells of a grid.

        Raises
        ------
        OutsideError
            If no zone lies in it.
        """
        return _known(self.kind, self.shares(grid, np.arange(grid.size), progress))

    def shares(self, grid: Grid, cell: NDArray[np.int64], progress: Progress) -> ZoneShares:
        """The shares of some cells of a grid; see `read`."""
        names, shapes, own, _ = self._zones
        zones = in_crs(shapes, own, grid.pyproj_crs)
        used, shares = overlaps(zones, grid, cell, progress, self.kind)
        return _found(names[used], shares, self.kind)

    @property
    def files(self) -> Iterable[str | Path]:
        """The file of the polygons, if they are in one."""
        return (file_of(self.source),) if isinstance(self.source, (str, Path)) else ()

    @cached_property
    def _zones(self) -> tuple[NDArray[Any], NDArray[np.object_], CRS, int]:
        """Names and shapes of the zones, their CRS, and how many polygons were repaired."""
        path, found = name_of(self.source), features_in(self.source, self.crs)
        if found is None:
            raise InputError(
                tr("'{path}' has no polygons; give a GeoPackage, GeoJSON or Shapefile.").format(
                    path=path
                )
            )
        check_polygons(found.shapes, path)
        named = as_names(_names(found, self.column, self.kind, path))
        bare = shapely.is_missing(found.shapes) | shapely.is_empty(found.shapes)
        kept = np.array([name is not None for name in named], bool) & ~bare
        if not kept.any():
            raise InputError(
                tr("No polygon of '{kind}' has a name and an area; check the column.").format(
                    kind=self.kind
                )
            )
        shapes = found.shapes[kept]
        own = parse_crs(found.crs, f"'{self.kind}'")
        check_positions(shapely.get_coordinates(shapes), own, f"'{self.kind}'")
        names, code = np.unique(named[kept].astype(str), return_inverse=True)
        _refuse_many(names, self.kind)
        repaired = int((~shapely.is_valid(shapes)).sum())
        valid = shapely.make_valid(shapes)
        zones = np.array([shapely.union_all(valid[code == k]) for k in range(len(names))], object)
        return names, zones, own, repaired


@dataclass(frozen=True, eq=False)
class Labels:
    """A label of each cell, as a source of what is known of every cell.

    Parameters
    ----------
    kind, labels
        See `label_shares`. Labels of cells are known in a window of their grid, or in another,
        only once `on` has said whose they are.
    """

    covers: ClassVar[bool] = False
    kind: str
    labels: Any

    def on(self, grid: Grid, cell: NDArray[np.int64]) -> Labels:
        """The same labels, known anywhere: there are none outside of the cells.

        Parameters
        ----------
        grid : Grid
            The grid of the map.
        cell : int64 array [N]
            Its cells, ascending.

        Raises
        ------
        InputError
            If there is neither one label for each of them, nor for each cell of the grid.
        """
        if callable(self.labels):
            return self
        flat = np.full(grid.size, None, dtype=object)
        flat[cell] = _one_each(self.labels, self.kind, grid, cell)
        return replace(self, labels=_Placed(grid, flat))

    @property
    def width(self) -> int:
        """One for want of better: a map with labels is read at once."""
        return 1

    def open(self, progress: Progress) -> None:
        """There is nothing to check before the cells are known."""
        progress.check_cancelled()

    def read(self, grid: Grid, progress: Progress) -> Known:
        """The labels of the cells of a grid, whole; raises `InputError` as `label_shares` does."""
        progress.check_cancelled()
        cell = np.arange(grid.size)
        return _known(self.kind, label_shares(self.labels, self.kind, grid, cell))

    @property
    def files(self) -> Iterable[str | Path]:
        """None."""
        return ()


@dataclass(frozen=True, eq=False)
class _Placed:
    """Labels of the cells of a grid as a function of x and y in its CRS."""

    grid: Grid
    labels: NDArray[np.object_]

    def __call__(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.object_]:
        cell = self.grid.locate(x, y)
        found = self.labels[cell]
        found[cell < 0] = None
        return found


def _known(kind: str, found: ZoneShares) -> Known:
    return Known(kind, found.names, (kind,) * len(found.names), found.shares)
