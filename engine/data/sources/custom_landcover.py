"""A graph of any cells, such as districts or stations, from tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import InitVar, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ...errors import InputError
from ...language import tr
from ...names import COVARIATE, ENTITY, LANDCOVER, POI, POI_COUNT, POI_COUNT_NAME, POI_SHARE
from ...numerics import compact
from ...progress import InPython
from ..builders.adjacency import both_ways, one_way_in_words, queen_edges
from ..builders.crs import parse_crs, transform
from ..builders.graph import GraphRawData, share_links
from ..builders.grid import Grid, check_cell_size
from ..builders.info import GraphInfo
from ..builders.sites import Sites
from .id_tables import (
    CATEGORY_ID,
    CLASS_ID,
    ID,
    filled,
    read_ids,
    read_neighbours,
    read_values,
    with_records,
)
from .identities import Identities
from .poi import read_categories as read_points
from .sentinels import warn_of_sentinels_in
from .share_tables import (
    Shares,
    are_shares,
    classes_of,
    read_categories,
    read_classes,
)
from .tables import read_header
from .vector import is_vector

Array = NDArray[np.float64]

# Without a table of neighbours, cells of a list have so many.
_NEAREST = 6
# How far from its position on the grid a cell's middle may lie, in cells.
_OFF_GRID = 0.01
# Columns of longitude and latitude.
_DEGREES = (("lon", "lat"), ("longitude", "latitude"))


@dataclass(frozen=True)
class CustomLandCoverSource:
    """A graph from tables. Each row identifies a cell by its `area_id`, any text.

    Parameters
    ----------
    features : path, optional
        Other features of the cells: `area_id`, and a column of numbers per feature. Columns
        named as ratios, such as `forest_ratio` or `Value_10_Ratio`, are shares of land-cover
        classes if those of a cell sum to about 1, or 100, and there are no `entities`.
    coordinates : path
        The cells: `area_id`, and their centres in the columns `coord_columns`.
    adjacency : path, optional
        Neighbours: `area_id,neighbour_id`, or `src_id,dst_id`; a pair links both ways. By
        default, cells of a grid that share a side or a corner, and otherwise the 6 nearest.
    entities : path, optional
        Land cover: `area_id`, and a column per class with its share of the cell, 0 to 1.
    pois : path, optional
        POIs of the cells: `area_id`, a column per category with its share of the cell's POIs,
        and optionally `count`, their number. Or the POIs themselves, each assigned to the cell
        with the nearest centre: a vector file, or a table with the columns `coord_columns`,
        and `category`.
    targets : path, optional
        Measured values: `area_id` and a column per target; empty where not measured.
    crs : str
        CRS of all coordinates.
    coord_columns : tuple of str
        The columns of x (east or longitude) and y. If there is no `x`, and `crs` is in
        degrees, `lon` and `lat` by default.
    cell_size : float, optional
        Side of the cells, in the CRS's unit, if they are the squares of a grid. By default
        they have no grid.
    feature_csv, coord_csv, adjacency_csv : path, optional
        The toolkit's names of `features`, `coordinates` and `adjacency`.
    """

    features: str | Path | None = None
    coordinates: str | Path = ""
    adjacency: str | Path | None = None
    entities: str | Path | None = None
    pois: str | Path | None = None
    targets: str | Path | None = None
    crs: str = "EPSG:4326"
    coord_columns: tuple[str, str] = ("x", "y")
    cell_size: float | None = None
    feature_csv: InitVar[str | Path | None] = None
    coord_csv: InitVar[str | Path | None] = None
    adjacency_csv: InitVar[str | Path | None] = None

    def __post_init__(
        self,
        feature_csv: str | Path | None,
        coord_csv: str | Path | None,
        adjacency_csv: str | Path | None,
    ) -> None:
        given = {
            "features": ("feature_csv", feature_csv),
            "coordinates": ("coord_csv", coord_csv),
            "adjacency": ("adjacency_csv", adjacency_csv),
        }
        for name, (alias, path) in given.items():
            if path is not None and getattr(self, name):
                raise InputError(
                    tr("'{name}' and '{alias}' are two names of one table; give one.").format(
                        name=name, alias=alias
                    )
                )
            if path is not None:
                object.__setattr__(self, name, path)
        if not self.coordinates:
            raise InputError(tr("The cells are missing; give their table as 'coordinates'."))

    def load(self) -> GraphRawData:
        """The toolkit's name of `read`."""
        return self.read()

    def read(self) -> GraphRawData:
        """Read and check every table.

        Warns
        -----
        GeoHGWarning
            Of values that look like codes of missing ones, such as -9999.

        Raises
        ------
        InputError
            If a table is missing or cannot be read, has a cell twice or one that is not in
            `coordinates`, or contains text, infinite values, or shares outside 0 to 1 or with a
            sum above 1. The error names the table.
        """
        geometry, cell, cells = self._read_geometry()
        near, added = self._read_near(geometry, cell, cells)
        empty: tuple[tuple[str, ...], Array] = (), np.empty((len(cell), 0))
        others, values = read_values(self.features, cells, CLASS_ID) if self.features else empty
        classes, land, covariate = self._read_classes(others, values, cells)
        others, values = tuple(np.array(others, object)[covariate]), values[:, covariate]
        categories, pois, count = self._read_pois(geometry, cell, cells)
        targets, measured = read_values(self.targets, cells) if self.targets else empty
        counts = (POI_COUNT_NAME,) * count.shape[1]
        kinds = [LANDCOVER] * len(classes) + [POI_SHARE] * len(categories)
        kinds += [POI_COUNT] * len(counts) + [COVARIATE] * len(others)
        graph = GraphRawData(
            geometry=geometry,
            cell=cell,
            features=compact(np.column_stack([land, pois, np.log1p(count), values])),
            feature_names=(*classes, *categories, *counts, *others),
            feature_kinds=tuple(kinds),
            near=near,
            hypernodes={
                ENTITY: share_links(classes, land.astype(np.float32)),
                POI: share_links(categories, pois.astype(np.float32)),
            },
            targets=dict(zip(targets, measured.T)),
            info=GraphInfo(repaired={one_way_in_words(): added} if added else {}),
        )
        warn_of_sentinels_in(graph, InPython())
        return with_records(graph, self._files())

    def _files(self) -> Sequence[str | Path]:
        tables = (self.features, self.coordinates, self.adjacency, self.entities, self.pois)
        return [path for path in (*tables, self.targets) if path]

    def _read_geometry(self) -> tuple[Grid | Sites, NDArray[np.int64], Identities]:
        columns = self._columns_of(self.coordinates)
        table = read_ids(self.coordinates, ID, *columns)
        if table.empty:
            raise InputError(tr("'{path}' has no rows.").format(path=self.coordinates))
        ids = table[ID].to_numpy(dtype=object)
        xy = np.column_stack([filled(table, c, self.coordinates) for c in columns])
        if self.cell_size is None:
            geometry = Sites(self.crs, xy)
            return geometry, np.arange(len(xy)), Identities(ids, self.coordinates)
        grid, cell = _on_grid(xy, self.cell_size, self.crs)
        order = np.argsort(cell)
        if np.any(np.diff(cell[order]) == 0):
            raise InputError(
                tr("'{path}' has two cells at the same position.").format(path=self.coordinates)
            )
        return grid, cell[order], Identities(ids[order], self.coordinates)

    def _columns_of(self, path: str | Path) -> tuple[str, str]:
        """The columns of x and y in a table: in degrees they may be `lon` and `lat`."""
        header = read_header(path)
        for degrees in _DEGREES:
            if self.coord_columns == ("x", "y") and "x" not in header and {*degrees} <= {*header}:
                geographic = parse_crs(self.crs, tr("the places")).is_geographic
                return degrees if geographic else self.coord_columns
        return self.coord_columns

    def _read_near(
        self, geometry: Grid | Sites, cell: NDArray[np.int64], cells: Identities
    ) -> tuple[NDArray[np.int64], int]:
        if self.adjacency:
            return both_ways(read_neighbours(self.adjacency, cells))
        if isinstance(geometry, Grid):
            return queen_edges(geometry, cell), 0
        return nearest_edges(geometry.plane.metres(geometry.xy), _NEAREST), 0

    def _read_classes(
        self, others: Sequence[str], values: Array, cells: Identities
    ) -> tuple[tuple[str, ...], Array, NDArray[np.bool_]]:
        """Classes, their shares [N, K], and which of the features are none."""
        ratio = are_shares(others, values) & (not self.entities)
        if self.entities:
            found = read_classes(self.entities, cells)
        elif self.features and ratio.any():
            names = [name for name, wanted in zip(others, ratio) if wanted]
            found = classes_of(names, values[:, ratio], self.features)
        else:
            found = Shares.none(len(cells.ids))
        return found.names, found.values, ~ratio

    def _read_pois(
        self, geometry: Grid | Sites, cell: NDArray[np.int64], cells: Identities
    ) -> tuple[tuple[str, ...], Array, Array]:
        """Categories, their shares [N, P], and the number of POIs [N, 1] or [N, 0]."""
        if not self.pois:
            return (), np.empty((len(cell), 0)), np.empty((len(cell), 0))
        if not is_vector(self.pois):
            header = read_header(self.pois)
            if ID in header or CATEGORY_ID in header:
                found = read_categories(self.pois, cells)
                return found.names, found.values, found.count
        vector = is_vector(self.pois)
        columns = self.coord_columns if vector else self._columns_of(self.pois)
        points = read_points(self.pois, "" if vector else self.crs, columns, "category")
        positions = geometry.plane.metres(transform(points.xy, points.crs, geometry.pyproj_crs))
        tree = cKDTree(geometry.plane.metres(geometry.centres(cell)))
        counts = points.count(tree.query(positions)[1], len(cell))
        total = counts.sum(axis=1, keepdims=True)
        return points.names, counts / np.maximum(total, 1), total


def nearest_edges(positions: Array, count: int) -> NDArray[np.int64]:
    """Each position joined to the `count` nearest others, both ways, shape [2, E]."""
    wanted = np.arange(1, min(count + 1, len(positions)) + 1)
    index = cKDTree(positions).query(positions, k=wanted)[1]
    own = np.repeat(np.arange(len(positions)), index.shape[1])
    return both_ways(np.stack([own, index.ravel()]))[0]


def _on_grid(xy: Array, size: float, crs: str) -> tuple[Grid, NDArray[np.int64]]:
    """The smallest grid of cells of one size with these middles, and their cells."""
    (left, bottom), (right, top) = xy.min(axis=0), xy.max(axis=0)
    bounds = (left - size / 2, bottom - size / 2, right + size / 2, top + size / 2)
    check_cell_size(size)
    steps = (xy - [left, top]) / [size, -size]
    if np.abs(steps - np.rint(steps)).max() > _OFF_GRID:
        raise InputError(
            tr(
                "The coordinates do not lie on a grid of cells of {size:g}; give the distance of "
                "neighbouring middles, or none."
            ).format(size=size)
        )
    col, row = np.rint(steps).astype(np.int64).T
    cols, rows = int(col.max()) + 1, int(row.max()) + 1
    return Grid(crs, bounds[0], bounds[3], size, size, rows, cols), row * cols + col
