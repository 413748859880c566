"""Polygons cut by the cells of a grid."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from ...language import tr
from ...progress import Progress, chunks
from ..builders.crs import transform, whole_turn
from ..builders.grid import Grid

# An outline is cut into so many steps before it is bent into another CRS.
_STEPS = 200
# Cells that are cut at once.
_AT_ONCE = 2**17


def in_crs(shapes: NDArray[np.object_], own: CRS, goal: CRS) -> NDArray[np.object_]:
    """Valid polygons from one CRS, in which their edges are straight, to another."""
    if own.equals(goal, ignore_axis_order=True):
        return shapes
    left, bottom, right, top = shapely.total_bounds(shapes)
    steps = shapely.segmentize(shapes, max(right - left, top - bottom) / _STEPS)
    moved: NDArray[np.object_] = shapely.transform(steps, lambda xy: transform(xy, own, goal))
    return shapely.make_valid(moved)


def overlaps(
    zones: NDArray[np.object_], grid: Grid, cell: NDArray[np.int64], progress: Progress, kind: str
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The zones that some cell has, and their share of each cell [N, zones]."""
    number, zone, share = meetings(zones, grid, cell, progress, kind)
    used, column = np.unique(zone, return_inverse=True)
    shares = np.zeros((len(cell), len(used)), dtype=np.float32)
    np.add.at(shares, (number, column), share)
    return used, np.clip(shares, 0.0, 1.0, out=shares)


def meetings(
    zones: NDArray[np.object_], grid: Grid, cell: NDArray[np.int64], progress: Progress, kind: str
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Cells, as positions in `cell`, and zones that meet, and the share of the cell in the zone.

    A cell and a zone may meet more than once, where the grid goes around the Earth.
    """
    shapely.prepare(zones)
    parts = []
    message = tr("Cutting '{kind}' by the cells").format(kind=kind)
    for some in chunks(len(cell), _AT_ONCE, progress, message):
        number, zone, share = _pairs(zones, grid, cell[some])
        parts.append((number + some.start, zone, share))
    number, zone, share = (np.concatenate(each) for each in zip(*parts))
    return number, zone, share


def _pairs(
    zones: NDArray[np.object_], grid: Grid, cell: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Cells, as positions in `cell`, and zones that meet, and the share of the cell in the zone.

    Only cells on an outline are cut.
    """
    half = np.array([grid.cell_width, grid.cell_height]) / 2
    centres = grid.centres(cell)
    turn = whole_turn(grid.pyproj_crs)
    found = []
    for moved in (0.0,) if turn is None else (0.0, -turn, turn):
        low, high = centres - half + [moved, 0.0], centres + half + [moved, 0.0]
        boxes = shapely.box(*low.T, *high.T)
        box, zone = shapely.STRtree(boxes).query(zones, predicate="intersects")[::-1]
        part = np.ones(len(box), np.float64)
        cut = np.flatnonzero(~shapely.contains_properly(zones[zone], boxes[box]))
        inside = shapely.intersection(zones[zone[cut]], boxes[box[cut]])
        part[cut] = shapely.area(inside) / (grid.cell_width * grid.cell_height)
        some = part > 0
        found.append((box[some], zone[some], part[some].astype(np.float32)))
    box, zone, part = (np.concatenate(each) for each in zip(*found))
    return box, zone, part
