"""How far it is from each cell to the nearest feature of a layer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from ...errors import InputError
from ...language import tr
from ...names import COVARIATE
from ...progress import Part, Progress, chunks
from ..builders.crs import Plane, longitude_latitude, parse_crs, transform, whole_turn
from ..builders.grid import Grid
from .geometries import features_in, name_of
from .ground import Known
from .polylines import Polylines, PolylinesOnEarth
from .positions import check_positions
from .vector import file_of

Array = NDArray[np.float64]

# Edges are straight in the CRS of their layer; steps of so many metres are straight in any.
_STEP = 5000.0
_DEGREE = 111_195.0  # metres
# Distances are those on a plane around each tile of so many degrees of latitude: within one
# they are off by less than 2e-4.
_TILE = 2.0
# How far, in radii of the Earth, the nearest feature is when vertices do in place of edges.
_FAR = 0.5
# How much farther a feature may be on a sphere than on the ellipsoid.
_ROUND = 1.01
_AT_ONCE = 2**17
_LAND = "OGC:CRS84"


@dataclass(frozen=True, eq=False)
class Distance:
    """The distance to the nearest feature, as a source of what is known of every cell.

    Its one column is log(1 + metres), from the centre of the cell along the ellipsoid; it is 0
    in a polygon. In a local CRS, without a place on Earth, metres are those of its plane.

    Parameters
    ----------
    name : str
        What the features are, such as `roads`.
    source : path, GeoDataFrame, GeoSeries or geometries of shapely
        Points, lines or polygons, of which those outside the grid count too.
    crs : str
        Their CRS, where they have none of their own.
    """

    covers: ClassVar[bool] = False
    kind: ClassVar[str] = ""
    name: str
    source: Any
    crs: str = ""

    @property
    def width(self) -> int:
        """One."""
        return 1

    def open(self, progress: Progress) -> None:
        """Read the features and check them.

        Raises
        ------
        InputError
            If it has no geometries or no CRS, or they are not finite, or not in their CRS.
        """
        if self._repaired:
            progress.warning(
                tr("{count} polygons of '{name}' are invalid and were repaired.").format(
                    count=self._repaired, name=self.name
                )
            )

    def read(self, grid: Grid, progress: Progress) -> Known:
        """The distances of the cells of a grid; NaN where a cell lies nowhere on Earth."""
        message = tr("Measuring the distance to '{name}'").format(name=self.name)
        if self._on_earth is None or not _is_on_earth(grid.pyproj_crs):
            metres = self._flat(grid, progress, message)
        else:
            metres = self._around(self._on_earth, grid, progress, message)
        for part in chunks(grid.size, _AT_ONCE, progress, message):
            metres[part.start + self._inside(grid, part)] = 0.0
        values = np.log1p(metres).astype(np.float32)
        return Known(self.name, (f"distance to {self.name}",), (COVARIATE,), values[:, None])

    @property
    def files(self) -> Iterable[str | Path]:
        """The file of the features, if they are in one."""
        return (file_of(self.source),) if isinstance(self.source, (str, Path)) else ()

    def _flat(self, grid: Grid, progress: Progress, message: str) -> Array:
        """From each cell, on the plane of its CRS."""
        plane = Plane(grid.crs, 0.0, 0.0)
        xy = plane.metres(transform(self._lines.xy, self._own, grid.pyproj_crs))
        tree = shapely.STRtree(Polylines(xy, self._lines.number).shapes())
        found = np.empty(grid.size)
        for part in chunks(grid.size, _AT_ONCE, progress, message):
            found[part] = _nearest(tree, plane.metres(_centres(grid, part)))
        return found

    def _around(
        self, lines: PolylinesOnEarth, grid: Grid, progress: Progress, message: str
    ) -> Array:
        """From each cell, on the plane around the tile that its centre lies in."""
        degrees = longitude_latitude(_centres(grid, slice(0, grid.size)), grid.pyproj_crs)
        found = np.full(grid.size, np.nan)
        done = 0
        for cell, middle in _tiles(degrees):
            near, away = lines.near(degrees[cell], _ROUND)
            plane = Plane(_LAND, *middle)
            xy = plane.metres(near.xy)
            near_shapes = shapely.points(xy) if away > _FAR else Polylines(xy, near.number).shapes()
            tree = shapely.STRtree(near_shapes)
            part = Part(progress, done / grid.size, (done + len(cell)) / grid.size)
            for some in chunks(len(cell), _AT_ONCE, part, message):
                found[cell[some]] = _nearest(tree, plane.metres(degrees[cell[some]]))
            done += len(cell)
        return found

    def _inside(self, grid: Grid, part: slice) -> NDArray[np.intp]:
        """Which of some cells have their centre in a polygon."""
        if len(self._polygons) == 0:
            return np.empty(0, np.intp)
        xy = transform(_centres(grid, part), grid.pyproj_crs, self._own)
        known = np.flatnonzero(np.isfinite(xy).all(axis=1))
        turn = whole_turn(self._own)
        found = []
        for moved in (0.0,) if turn is None else (0.0, -turn, turn):
            tree = shapely.STRtree(shapely.points(xy[known] + [moved, 0.0]))
            found.append(known[tree.query(self._polygons, predicate="intersects")[1]])
        return np.unique(np.concatenate(found))

    @cached_property
    def _read(self) -> tuple[NDArray[np.object_], CRS, int]:
        """Points, lines and valid polygons, their CRS, and how many were repaired."""
        found = features_in(self.source, self.crs)
        path = name_of(self.source)
        if found is None:
            raise InputError(
                tr("'{path}' has no geometries; give a layer with geometries.").format(path=path)
            )
        shapes = found.shapes[~(shapely.is_missing(found.shapes) | shapely.is_empty(found.shapes))]
        if len(shapes) == 0:
            raise InputError(
                tr(
                    "'{path}' has no geometry that is not empty; the layer or selection is empty."
                ).format(path=path)
            )
        own = parse_crs(found.crs, f"'{self.name}'")
        xy = shapely.get_coordinates(shapes)
        wrong = int((~np.isfinite(xy).all(axis=1)).sum())
        if wrong:
            raise InputError(
                tr(
                    "'{path}' has {wrong} vertices that are not finite numbers; correct or remove "
                    "them."
                ).format(path=path, wrong=wrong)
            )
        check_positions(xy, own, f"'{self.name}'")
        bad = ~shapely.is_valid(shapes) & (shapely.get_dimensions(shapes) == 2)
        shapes[bad] = shapely.make_valid(shapes[bad])
        return _simple(shapes), own, int(bad.sum())

    @property
    def _own(self) -> CRS:
        return self._read[1]

    @property
    def _repaired(self) -> int:
        return self._read[2]

    @cached_property
    def _polygons(self) -> NDArray[np.object_]:
        shapes = self._read[0]
        polygons = shapes[shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON]
        shapely.prepare(polygons)
        return polygons

    @cached_property
    def _lines(self) -> Polylines:
        """Points, lines and the outlines of polygons."""
        shapes, own, _ = self._read
        outlines = shapely.get_parts(shapely.boundary(self._polygons))
        outer = shapes[shapely.get_type_id(shapes) != shapely.GeometryType.POLYGON]
        shapes = np.concatenate([outer, outlines])
        if _is_on_earth(own):
            turn = whole_turn(own)
            unit = own.axis_info[0].unit_conversion_factor
            step = _STEP / unit if turn is None else _STEP / _DEGREE * turn / 360
            shapes = shapely.segmentize(shapes, step)
        return Polylines.of(shapes)

    @cached_property
    def _on_earth(self) -> PolylinesOnEarth | None:
        return PolylinesOnEarth(self._lines, self._own) if _is_on_earth(self._own) else None


def _simple(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Points, lines and polygons of which geometries consist, without empty ones."""
    while (shapely.get_type_id(shapes) >= shapely.GeometryType.MULTIPOINT).any():
        shapes = shapely.get_parts(shapes)
    kept: NDArray[np.object_] = shapes[~shapely.is_empty(shapes)]
    return kept


def _is_on_earth(crs: CRS) -> bool:
    try:
        longitude_latitude(np.zeros((2, 2)), crs)
    except InputError:
        return False
    return True


def _tiles(degrees: Array) -> Iterator[tuple[NDArray[np.intp], Array]]:
    """Which positions lie in each tile, and its middle; the tiles are the same for any grid."""
    known = np.flatnonzero(np.isfinite(degrees).all(axis=1))
    lon, lat = degrees[known].T
    band = np.clip(np.floor(lat / _TILE), -90 / _TILE, 90 / _TILE - 1)
    widest = np.minimum(np.abs(band), np.abs(band + 1)) * _TILE
    width = 360 / np.ceil(360 / _TILE * np.cos(np.radians(widest)))
    middle = np.column_stack([(np.floor(lon % 360 / width) + 0.5) * width, (band + 0.5) * _TILE])
    tiles, number = np.unique(middle, axis=0, return_inverse=True)
    order = np.argsort(number.ravel(), kind="stable")
    ends = np.cumsum(np.bincount(number.ravel(), minlength=len(tiles)))
    for which, tile in zip(np.split(order, ends[:-1]), tiles):
        yield known[which], tile


def _centres(grid: Grid, part: slice) -> Array:
    """The centres of some cells; at a pole one may lie beyond it, and is moved there."""
    xy = grid.centres(np.arange(part.start, part.stop))
    turn = whole_turn(grid.pyproj_crs)
    if turn is not None:
        xy[:, 1] = np.clip(xy[:, 1], -turn / 4, turn / 4)
    return xy


def _nearest(tree: shapely.STRtree, xy: Array) -> Array:
    """The distance from each position to the nearest shape."""
    points = shapely.points(xy)
    found: Array = tree.query_nearest(points, return_distance=True, all_matches=False)[1]
    return found
