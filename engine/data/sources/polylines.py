"""Points and lines as short polylines, of which those near a place are found fast."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from scipy.spatial import cKDTree

from ..builders.crs import longitude_latitude

Array = NDArray[np.float64]

# So many edges have one: with more, each distance would go through more of them.
_EDGES = 32


@dataclass(frozen=True, eq=False)
class Polylines:
    """Polylines of few edges; a point is one of no length.

    Parameters
    ----------
    xy : float64 array [V, 2]
        Their vertices, finite.
    number : int64 array [V]
        The polyline of each vertex, ascending from 0.
    """

    xy: Array
    number: NDArray[np.int64]

    @classmethod
    def of(cls, shapes: NDArray[np.object_]) -> Polylines:
        """Cut points and lines, which are not empty, into polylines."""
        # A line of one vertex has two for shapely.
        xy, line = shapely.get_coordinates(shapes, return_index=True)
        lone = shapely.get_type_id(shapes) == shapely.GeometryType.POINT
        again = 1 + lone[line]
        xy, line = xy.repeat(again, axis=0), line.repeat(again)
        first = np.flatnonzero(np.diff(line, prepend=-1))
        length = np.diff(first, append=len(line))
        place = np.arange(len(line)) - first.repeat(length)
        last = place == (length - 1).repeat(length)
        # Where one polyline ends, the next begins.
        ends = (place > 0) & (place % _EDGES == 0)
        joint = ends & ~last
        part = (place - ends) // _EDGES
        taken = np.arange(len(line)).repeat(1 + joint)
        second = np.diff(taken, prepend=-1) == 0
        part, line = part[taken] + second, line[taken]
        new = (np.diff(line, prepend=-1) != 0) | (np.diff(part, prepend=-1) != 0)
        return cls(xy[taken], np.cumsum(new) - 1)

    def shapes(self) -> NDArray[np.object_]:
        """As lines of shapely."""
        lines: NDArray[np.object_] = shapely.linestrings(self.xy, indices=self.number)
        return lines


class PolylinesOnEarth:
    """Polylines on Earth, found by where they are.

    Parameters
    ----------
    lines : Polylines
        In `crs`.
    crs : pyproj.CRS
        Their CRS.
    """

    def __init__(self, lines: Polylines, crs: CRS) -> None:
        degrees = longitude_latitude(lines.xy, crs)
        gone = np.unique(lines.number[~np.isfinite(degrees).all(axis=1)])
        kept = ~np.isin(lines.number, gone)
        self.degrees = degrees[kept]
        number = lines.number[kept]
        self.start = np.flatnonzero(np.diff(number, prepend=-1))
        self.count = np.diff(self.start, append=len(number))
        vertices = directions(self.degrees)
        middle = np.add.reduceat(vertices, self.start) / self.count[:, None]
        away = np.linalg.norm(vertices - middle.repeat(self.count, axis=0), axis=1)
        self.radius = float(away.max())
        self.tree = cKDTree(middle)

    def near(self, degrees: Array, margin: float) -> tuple[Polylines, float]:
        """All polylines that may be the nearest to one of some places.

        Parameters
        ----------
        degrees : float64 array [n, 2]
            Longitudes and latitudes of the places, which lie together.
        margin : float
            How much farther, as a factor, a nearest one may seem than another.

        Returns
        -------
        lines : Polylines
            In degrees.
        away : float
            The chord from a place to one, at least, in radii of the Earth.
        """
        places = directions(degrees)
        middle = places.mean(axis=0)
        reach = float(np.linalg.norm(places - middle, axis=1).max())
        nearest = float(self.tree.query(middle)[0])
        limit = margin * (nearest + 2 * self.radius + 2 * reach)
        kept = np.sort(np.array(self.tree.query_ball_point(middle, limit), dtype=np.int64))
        count = self.count[kept]
        number = np.arange(len(kept)).repeat(count)
        inside = np.arange(len(number)) - (np.cumsum(count) - count).repeat(count)
        xy = self.degrees[self.start[kept].repeat(count) + inside]
        return Polylines(xy, number), nearest - self.radius - reach


def directions(degrees: Array) -> Array:
    """Longitudes and latitudes [M, 2] as vectors of length 1 [M, 3]."""
    east, north = np.radians(degrees).T
    flat = np.cos(north)
    return np.column_stack([flat * np.cos(east), flat * np.sin(east), np.sin(north)])
