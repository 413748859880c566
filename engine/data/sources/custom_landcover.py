"""A graph of any cells, such as districts or stations, from tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ...errors import InputError
from ...language import tr
from ...names import COVARIATE, ENTITY, LANDCOVER, POI, POI_COUNT, POI_COUNT_NAME, POI_SHARE
from ...numerics import compact
from ..builders.adjacency import both_ways, one_way_in_words, queen_edges
from ..builders.crs import transform
from ..builders.graph import GraphRawData, share_links
from ..builders.grid import Grid, check_cell_size
from ..builders.info import GraphInfo
from ..builders.sites import Sites
from .id_tables import (
    ID,
    filled,
    read_ids,
    read_neighbours,
    read_poi_shares,
    read_shares,
    read_values,
    with_records,
)
from .identities import Identities
from .poi import read_categories
from .tables import read_header
from .vector import is_vector

Array = NDArray[np.float64]

# Without a table of neighbours, cells of a list have so many.
_NEAREST = 6
# How far from its position on the grid a cell's middle may lie, in cells.
_OFF_GRID = 0.01


@dataclass(frozen=True)
class CustomLandCoverSource:
    """A graph from tables. Each row identifies a cell by its `area_id`, any text.

    Parameters
    ----------
    features : path or None
        Other features of the cells: `area_id`, and a column of numbers per feature.
    coordinates : path
        The cells: `area_id`, and their centres in the columns `coord_columns`.
    adjacency : path, optional
        Neighbours: `area_id,neighbour_id`; a pair links both ways. By default, cells of a grid
        that share a side or a corner, and otherwise the 6 nearest cells.
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
        The columns of x (east or longitude) and y.
    cell_size : float, optional
        Side of the cells, in the CRS's unit, if they are the squares of a grid. By default
        they have no grid.
    """

    features: str | Path | None
    coordinates: str | Path
    adjacency: str | Path | None = None
    entities: str | Path | None = None
    pois: str | Path | None = None
    targets: str | Path | None = None
    crs: str = "EPSG:4326"
    coord_columns: tuple[str, str] = ("x", "y")
    cell_size: float | None = None

    def read(self) -> GraphRawData:
        """Read and check every table.

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
        classes, land = read_shares(self.entities, cells) if self.entities else empty
        categories, pois, count = self._read_pois(geometry, cell, cells)
        others, values = read_values(self.features, cells) if self.features else empty
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
        return with_records(graph, self._files())

    def _files(self) -> Sequence[str | Path]:
        tables = (self.features, self.coordinates, self.adjacency, self.entities, self.pois)
        return [path for path in (*tables, self.targets) if path]

    def _read_geometry(self) -> tuple[Grid | Sites, NDArray[np.int64], Identities]:
        table = read_ids(self.coordinates, ID, *self.coord_columns)
        if table.empty:
            raise InputError(tr("'{path}' has no rows.").format(path=self.coordinates))
        ids = table[ID].to_numpy(dtype=object)
        xy = np.column_stack([filled(table, c, self.coordinates) for c in self.coord_columns])
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

    def _read_near(
        self, geometry: Grid | Sites, cell: NDArray[np.int64], cells: Identities
    ) -> tuple[NDArray[np.int64], int]:
        if self.adjacency:
            return both_ways(read_neighbours(self.adjacency, cells))
        if isinstance(geometry, Grid):
            return queen_edges(geometry, cell), 0
        return nearest_edges(geometry.plane.metres(geometry.xy), _NEAREST), 0

    def _read_pois(
        self, geometry: Grid | Sites, cell: NDArray[np.int64], cells: Identities
    ) -> tuple[tuple[str, ...], Array, Array]:
        """Categories, their shares [N, P], and the number of POIs [N, 1] or [N, 0]."""
        if not self.pois:
            return (), np.empty((len(cell), 0)), np.empty((len(cell), 0))
        if not is_vector(self.pois) and ID in read_header(self.pois):
            return read_poi_shares(self.pois, cells)
        crs = "" if is_vector(self.pois) else self.crs
        points = read_categories(self.pois, crs, self.coord_columns, "category")
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
