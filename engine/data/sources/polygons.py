"""Polygons with fields, such as districts, and the cells of a grid that lie in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from ...errors import InputError, OutsideError
from ...language import tr
from ...progress import Progress
from ..builders.crs import parse_crs
from ..builders.grid import Grid
from .cutting import in_crs, meetings
from .geometries import features_in, name_of
from .positions import check_positions
from .vector import check_polygons


@dataclass(frozen=True, eq=False)
class CellsInside:
    """The cells of each of some polygons.

    Parameters
    ----------
    cells : sequence of int64 array [m]
        Positions in the list of cells that was asked about; none where a polygon has no cell.
    shares : sequence of float64 array [m]
        The share of each of these cells that lies in the polygon, above 0 and up to 1.
    covered : float64 array [n]
        The share of each polygon's area that these cells cover; NaN of a polygon without area.
    """

    cells: Sequence[NDArray[np.int64]]
    shares: Sequence[NDArray[np.float64]]
    covered: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Polygons:
    """Polygons with fields.

    Parameters
    ----------
    shapes : object array [n]
        Valid polygons of shapely; None or empty where one has no area.
    fields : DataFrame
        One row a polygon.
    crs : str
        Their CRS.
    name : str
        What messages call them: a path, or a type.
    """

    shapes: NDArray[np.object_]
    fields: pd.DataFrame
    crs: str
    name: str

    @classmethod
    def read(cls, source: Any, crs: str, progress: Progress) -> Polygons:
        """Read polygons, and repair those that are invalid, with a warning.

        Parameters
        ----------
        source : path, GeoDataFrame, GeoSeries or polygons of shapely
            A GeoPackage, GeoJSON or Shapefile; of several layers the one that `|layername=`
            behind the path names.
        crs : str
            Their CRS, where they have none of their own.
        progress : Progress
            Receives warnings.

        Raises
        ------
        InputError
            If there are no polygons, or other geometries, or no CRS.
        """
        name, found = name_of(source), features_in(source, crs)
        if found is None:
            text = tr("'{path}' has no polygons; give a GeoPackage, GeoJSON or Shapefile.")
            raise InputError(text.format(path=name))
        check_polygons(found.shapes, name)
        bare = shapely.is_missing(found.shapes) | shapely.is_empty(found.shapes)
        if bare.all():
            raise InputError(tr("'{path}' has no polygon with an area.").format(path=name))
        own = parse_crs(found.crs, f"'{name}'")
        check_positions(shapely.get_coordinates(found.shapes), own, f"'{name}'")
        wrong = ~shapely.is_valid(found.shapes) & ~bare
        shapes = found.shapes.copy()
        shapes[wrong] = [_surfaces(shape) for shape in shapely.make_valid(shapes[wrong])]
        if wrong.any():
            text = tr("{count} polygons of '{name}' are invalid and were repaired.")
            progress.warning(text.format(count=wrong.sum(), name=name))
        if bare.any():
            text = tr("{count} polygons of '{name}' have no geometry, and get no value.")
            progress.warning(text.format(count=bare.sum(), name=name))
        return cls(shapes, found.fields.reset_index(drop=True), own.to_string(), name)

    def __len__(self) -> int:
        return len(self.shapes)

    def cells(self, grid: Grid, cell: NDArray[np.int64], progress: Progress) -> CellsInside:
        """Which of some cells of a grid lie in each polygon, and by what share.

        Polygons outside of all of them have none, of which a warning tells.

        Raises
        ------
        OutsideError
            If no polygon has any.
        """
        some = np.flatnonzero(~(shapely.is_missing(self.shapes) | shapely.is_empty(self.shapes)))
        own = parse_crs(self.crs, f"'{self.name}'")
        shapes = in_crs(self.shapes[some], own, grid.pyproj_crs)
        number, zone, share = meetings(shapes, grid, cell, progress, self.name)
        order = np.argsort(zone, kind="stable")
        cuts = np.searchsorted(zone[order], np.arange(1, len(some)))
        cells = [np.empty(0, np.int64)] * len(self)
        shares = [np.empty(0)] * len(self)
        covered: NDArray[np.float64] = np.full(len(self), np.nan)
        parts = np.split(number[order], cuts), np.split(share[order].astype(np.float64), cuts)
        size = grid.cell_width * grid.cell_height
        for index, area, found, part in zip(some, shapely.area(shapes), *parts):
            cells[index], shares[index] = found, part
            covered[index] = min(part.sum() * size / area, 1.0) if area else np.nan
        outside = sum(len(cells[index]) == 0 for index in some)
        if outside == len(some):
            text = tr("None of '{kind}' lies in the cells of the map; check its CRS.")
            raise OutsideError(text.format(kind=self.name))
        if outside:
            text = tr("{count} polygons of '{name}' lie outside the map, and get no value.")
            progress.warning(text.format(count=outside, name=self.name))
        return CellsInside(cells, shares, covered)


def _surfaces(shape: Any) -> Any:
    """The polygons in what a repair made, without its lines and points."""
    parts = shapely.get_parts(shape)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
