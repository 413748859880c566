"""Zones: polygons with a name, or labels of cells, as shares of cells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from ...errors import InputError
from ...language import tr
from ...progress import Progress
from ..builders.crs import parse_crs, transform
from ..builders.grid import Grid
from .columns import as_names
from .geometries import features_in, name_of
from .ground import Known
from .positions import check_positions
from .tables import pick
from .vector import Features, check_polygons

# More would be no types of ground, but places: every zone is a column of every cell.
_MOST = 1000
# An outline is cut into so many steps before it is bent into another CRS.
_STEPS = 200
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

    def known(self, kind: str) -> Known:
        """These of all cells of a grid."""
        return Known(kind, self.names, (kind,) * len(self.names), self.shares)


@dataclass(frozen=True, eq=False)
class Zones:
    """Polygons with a name, whose shares link cells to a type of hypernodes.

    Parameters
    ----------
    type : str
        The type, such as `district`.
    source : path, GeoDataFrame or GeoSeries
        Polygons; those of one name are one zone.
    crs : str
        Their CRS, where they have none of their own.
    column : str
        Their names; if empty, the column called `type` or `name`, or the only one.
    """

    type: str
    source: Any
    crs: str = ""
    column: str = ""

    def open(self, progress: Progress) -> None:
        """See `Source.open`."""
        progress.check_cancelled()
        _read(self.source, self.crs, self.column, self.type)

    def read(self, grid: Grid, progress: Progress) -> Known:
        """See `Source.read`."""
        progress.check_cancelled()
        every = np.arange(grid.size)
        found = read_zones(self.source, self.crs, self.column, self.type, grid, every)
        return found.known(self.type)

    @property
    def files(self) -> Iterable[str | Path]:
        """See `Source.files`."""
        return [self.source] if isinstance(self.source, (str, Path)) else []


@dataclass(frozen=True, eq=False)
class Labels:
    """A label of each cell, which link cells to a type of hypernodes.

    Parameters
    ----------
    type : str
        The type, such as `district`.
    labels : callable, or array of rows x columns or of the cells of the map
        See `label_shares`.
    """

    type: str
    labels: Any

    def open(self, progress: Progress) -> None:
        """See `Source.open`."""

    def read(self, grid: Grid, progress: Progress) -> Known:
        """See `Source.read`."""
        every = np.arange(grid.size)
        if not callable(self.labels):
            every = np.arange(np.size(np.asarray(self.labels, dtype=object)))
        return label_shares(self.labels, self.type, grid, every).known(self.type)

    files: Iterable[str | Path] = ()


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
    names, code, found, own = _read(source, crs, column, kind)
    shapes = _in_crs(shapely.make_valid(found), own, grid.pyproj_crs)
    zones = np.array([shapely.union_all(shapes[code == k]) for k in range(len(names))], object)
    return _found(names, _overlaps(zones, grid, cell), kind)


def _read(
    source: Any, crs: str, column: str, kind: str
) -> tuple[NDArray[Any], NDArray[np.int64], NDArray[np.object_], CRS]:
    """Names of zones, the zone of each polygon, the polygons, and their CRS; see `read_zones`."""
    found = features_in(source, crs)
    if found is None:
        raise InputError(
            tr("'{path}' has no polygons; give a GeoPackage, GeoJSON or Shapefile.").format(
                path=name_of(source)
            )
        )
    check_polygons(found.shapes, name_of(source))
    named = as_names(_names(found, column, kind, name_of(source)))
    kept = np.array([name is not None for name in named], bool) & ~shapely.is_missing(found.shapes)
    own = parse_crs(found.crs, f"'{kind}'")
    check_positions(shapely.get_coordinates(found.shapes[kept]), own, f"'{kind}'")
    names, code = np.unique(named[kept].astype(str), return_inverse=True)
    _refuse_many(names, kind)
    return names, code, found.shapes[kept], own


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
    flat = np.asarray(labels, dtype=object).ravel()
    if len(flat) not in (len(cell), grid.size):
        raise InputError(
            tr(
                "'{kind}' has {count} labels; give one for each of the {cells} cells of the map "
                "({rows} rows, {cols} columns), polygons with a name, or a function of x and y."
            ).format(kind=kind, count=len(flat), cells=len(cell), rows=grid.rows, cols=grid.cols)
        )
    named = as_names(pd.Series(flat if len(flat) == len(cell) else flat[cell], dtype=object))
    known = np.flatnonzero([name is not None for name in named])
    names, code = np.unique(named[known].astype(str), return_inverse=True)
    _refuse_many(names, kind)
    shares = np.zeros((len(cell), len(names)), dtype=np.float32)
    shares[known, code] = 1.0
    return _found(names, shares, kind)


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
        raise InputError(
            tr("None of '{kind}' lies in the cells of the map; check its CRS.").format(kind=kind)
        )
    return ZoneShares(tuple(str(name) for name in names[used]), shares[:, used])


def _in_crs(shapes: NDArray[np.object_], own: CRS, goal: CRS) -> NDArray[np.object_]:
    if own.equals(goal, ignore_axis_order=True):
        return shapes
    left, bottom, right, top = shapely.total_bounds(shapes)
    steps = shapely.segmentize(shapes, max(right - left, top - bottom) / _STEPS)
    moved: NDArray[np.object_] = shapely.transform(steps, lambda xy: transform(xy, own, goal))
    return shapely.make_valid(moved)


def _overlaps(
    zones: NDArray[np.object_], grid: Grid, cell: NDArray[np.int64]
) -> NDArray[np.float32]:
    """The share of each cell in each zone [N, zones]; only cells on an outline are cut."""
    half = np.array([grid.cell_width, grid.cell_height]) / 2
    centres = grid.centres(cell)
    boxes = shapely.box(*(centres - half).T, *(centres + half).T)
    shapely.prepare(zones)
    box, zone = shapely.STRtree(boxes).query(zones, predicate="intersects")[::-1]
    part = np.ones(len(box))
    cut = np.flatnonzero(~shapely.contains_properly(zones[zone], boxes[box]))
    inside = shapely.intersection(zones[zone[cut]], boxes[box[cut]])
    part[cut] = shapely.area(inside) / (grid.cell_width * grid.cell_height)
    shares = np.zeros((len(cell), len(zones)), dtype=np.float32)
    shares[box, zone] = np.clip(part, 0.0, 1.0)
    return shares
