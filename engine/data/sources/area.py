"""The study area: polygons, read from a file, and the cells whose centre they hold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from ...errors import InputError
from ...language import tr
from ..builders.crs import parse_crs, short_way, transform, whole_turn
from ..builders.grid import Grid
from .geometries import features_in, name_of
from .positions import check_positions
from .tables import check_columns, read_table
from .vector import check_polygons

# The column of a table that has polygons as well-known text.
WKT = "wkt"
# An outline is cut into so many steps before it is bent into another CRS.
_STEPS = 200


@dataclass(frozen=True, eq=False)
class StudyArea:
    """Where a map is wanted.

    Parameters
    ----------
    shape : shapely polygon or multipolygon
        What the polygons cover together; x (east or longitude) first.
    crs : pyproj.CRS
        Its CRS, in which its edges are straight.
    """

    shape: BaseGeometry
    crs: CRS

    def bounds(self, crs: CRS) -> tuple[float, float, float, float]:
        """Left, bottom, right and top in another CRS.

        Raises
        ------
        InputError
            If the area lies nowhere in that CRS.
        """
        left, bottom, right, top = self.shape.bounds
        outline = shapely.segmentize(self.shape, max(right - left, top - bottom) / _STEPS)
        xy = transform(shapely.get_coordinates(outline), self.crs, crs)
        xy = xy[np.isfinite(xy).all(axis=1)]
        xy[:, 0] = short_way(xy[:, 0], crs)
        if len(xy) == 0:
            raise InputError(
                tr("The study area cannot be transformed to the grid's CRS, '{crs}'.").format(
                    crs=crs.to_string()
                )
            )
        (left, bottom), (right, top) = xy.min(axis=0), xy.max(axis=0)
        return float(left), float(bottom), float(right), float(top)

    def cells(self, grid: Grid) -> NDArray[np.bool_]:
        """Which cells have their centre in the area or on its edge, shape [grid.size].

        Raises
        ------
        InputError
            If none has.
        """
        inside = self.holds(grid, np.arange(grid.size))
        if not inside.any():
            raise InputError(
                tr(
                    "No cell of {width:g} x {height:g} has its centre in the study area; use a "
                    "smaller cell size, or check the CRS of the area and the extent."
                ).format(width=grid.cell_width, height=grid.cell_height)
            )
        return inside

    def holds(self, grid: Grid, cell: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of some cells have their centre in the area or on its edge."""
        xy = transform(grid.centres(cell), grid.pyproj_crs, self.crs)
        shapely.prepare(self.shape)
        inside: NDArray[np.bool_] = shapely.intersects_xy(self.shape, xy[:, 0], xy[:, 1])
        turn = whole_turn(self.crs)
        for moved in () if turn is None else (-turn, turn):
            inside |= shapely.intersects_xy(self.shape, xy[:, 0] + moved, xy[:, 1])
        return inside


def read_area(path: Any, crs: str) -> StudyArea:
    """Read polygons from a file of geometries, or as well-known text from a CSV file.

    Parameters
    ----------
    path : path, text file, GeoDataFrame, GeoSeries or polygons of shapely
        A GeoPackage, GeoJSON or Shapefile with one layer of polygons, or CSV in UTF-8 with
        the column `wkt`; or polygons in memory. Holes are left out; where polygons overlap
        they are one.
    crs : str
        CRS of the polygons; empty where a file of geometries has its own.

    Raises
    ------
    InputError
        If there are no polygons, or other geometries, or no CRS.
    """
    features = features_in(path, crs)
    if features is None:
        shapes = _read_text(path)
    else:
        shapes, crs = features.shapes, features.crs
        check_polygons(shapes, name_of(path))
    owner = tr("the study area")
    known_crs = parse_crs(crs, owner)
    check_positions(shapely.get_coordinates(shapes), known_crs, owner)
    return StudyArea(_join(shapes), known_crs)


def _read_text(path: str | Path | TextIO) -> NDArray[np.object_]:
    owner = path if isinstance(path, (str, Path)) else ""
    table = read_table(path, (WKT,))
    check_columns(table, (WKT,), owner)
    texts = [None if pd.isna(text) else text for text in table[WKT]]
    try:
        shapes = np.atleast_1d(shapely.from_wkt(np.array(texts, dtype=object)))
    except GEOSException as error:
        raise InputError(
            tr("The study area contains text that is not a polygon: {reason}.").format(
                reason=" ".join(str(error).split())
            )
        ) from error
    check_polygons(shapes, owner)
    return shapes


def _join(shapes: NDArray[np.object_]) -> BaseGeometry:
    """What valid parts of the polygons cover together."""
    union = shapely.union_all(shapely.make_valid(shapes))
    parts = shapely.get_parts(union)
    parts = parts[(shapely.get_dimensions(parts) == 2) & ~shapely.is_empty(parts)]
    if len(parts) == 0:
        raise InputError(tr("The study area has no polygons; the layer or selection is empty."))
    return shapely.union_all(parts)
