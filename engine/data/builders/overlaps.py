"""Which parts of a raster may lie on a grid, or on another raster."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.windows import Window

from .frames import Floats, Frame, between, same_crs

# A part is looked at in so many pieces each way, again and again, until no piece falls away.
_PIECES = 64
_KEPT = 0.8
_DEEPEST = 12
# How far a piece may reach beyond what its corners and those around it span, in their span;
# and where it ends the projection, or goes around a pole.
_MARGIN, _WIDE_MARGIN = 0.75, 2.0
_EARTH = CRS("EPSG:4326")
# In radians; two datums differ by far less.
_SAME_PLACE = 1e-3


def overlap(frame: Frame, goal: Frame) -> list[Window]:
    """Windows of a raster's pixels with all that may lie in `goal`; there may be none.

    They are found from pixel to map: in that direction each has one position, whatever wraps
    around or bends.
    """
    project = _projection(frame.crs, goal.crs)
    found = []
    parts = [(0, 0, frame.rows, frame.cols, 0)]
    while parts:
        top, left, height, width, depth = parts.pop()
        rows, cols = _cuts(top, height), _cuts(left, width)
        x, y = project(*frame.positions(*np.meshgrid(rows, cols, indexing="ij")))
        kept = _boxes(_may_meet(x, y, goal), rows, cols)
        shrunk = sum(box[2] * box[3] for box in kept) < _KEPT * height * width
        if shrunk and depth < _DEEPEST:
            parts += [(*box, depth + 1) for box in kept]
        else:
            found += [Window(box[1], box[0], box[3], box[2]) for box in kept]
    return found


def _projection(one: CRS, other: CRS) -> Callable[[Floats, Floats], tuple[Floats, Floats]]:
    """From positions in one CRS to the other; infinite where they are at another place on Earth.

    Far from where it is made for, a projection may give any numbers.
    """
    if same_crs(one, other):
        return lambda x, y: (x, y)
    transformer = between(one, other)
    from_one, from_other = between(one, _EARTH), between(other, _EARTH)

    def project(x: Floats, y: Floats) -> tuple[Floats, Floats]:
        there_x, there_y = transformer.transform(x, y)
        before, after = (
            _directions(*from_one.transform(x, y)),
            _directions(*from_other.transform(there_x, there_y)),
        )
        with np.errstate(invalid="ignore"):
            same = np.abs(before - after).max(axis=0) < _SAME_PLACE
        return np.where(same, there_x, np.inf), np.where(same, there_y, np.inf)

    return project


def _directions(longitude: Floats, latitude: Floats) -> Floats:
    with np.errstate(invalid="ignore"):
        east, north = np.radians(longitude), np.radians(latitude)
        return np.stack([np.cos(east) * np.cos(north), np.sin(east) * np.cos(north), np.sin(north)])


def _cuts(first: int, length: int) -> Floats:
    return first + np.round(np.linspace(0, length, min(length, _PIECES) + 1))


def _boxes(kept: NDArray[np.bool_], rows: Floats, cols: Floats) -> list[tuple[int, int, int, int]]:
    """Top, left, height and width of boxes around the pieces kept, apart from each other."""
    boxes = []
    for first, last in _runs(np.any(kept, axis=0)):
        for top, bottom in _runs(np.any(kept[:, first:last], axis=1)):
            height, width = rows[bottom] - rows[top], cols[last] - cols[first]
            boxes.append((int(rows[top]), int(cols[first]), int(height), int(width)))
    return boxes


def _runs(line: NDArray) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], line, [False]]).astype(np.int8)))
    return [(int(first), int(last)) for first, last in zip(edges[::2], edges[1::2])]


def _may_meet(x: Floats, y: Floats, goal: Frame) -> NDArray[np.bool_]:
    """Whether each piece between the corners (x, y) may lie in `goal`."""
    there = np.isfinite(x) & np.isfinite(y)
    around = _around(there)
    left, bottom, right, top = goal.bounds
    x, y = np.where(there, x, np.nan), np.where(there, y, np.nan)
    from_y, to_y, _ = _span(_around(y))
    from_x, to_x, circle = _span(_around(x), goal.turn)
    ends = ~around.all(axis=-1)
    margin = np.where(ends | circle, _WIDE_MARGIN, _MARGIN)
    alone = ends & ((to_x == from_x) | (to_y == from_y))
    with np.errstate(invalid="ignore"):
        more_x, more_y = margin * (to_x - from_x), margin * (to_y - from_y)
        from_x, to_x = from_x - more_x, to_x + more_x
        if goal.turn is not None:
            turns = goal.turn * np.ceil((left - to_x) / goal.turn)
            from_x, to_x = from_x + turns, to_x + turns
        meets = (from_x <= right) & (to_x >= left)
        meets &= (from_y - more_y <= top) & (to_y + more_y >= bottom)
    return around.any(axis=-1) & (meets | alone)


def _around(corners: NDArray) -> NDArray:
    """Of each piece, its corners and those around them."""
    padded = np.pad(corners, 1, mode="edge")
    windows = sliding_window_view(padded, (4, 4))
    return windows.reshape(*windows.shape[:2], 16)


def _span(values: Floats, turn: float | None = None) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """The least and the greatest of each, and whether they go all around."""
    start = np.zeros(values.shape[:2])
    if turn is not None:
        first = np.isfinite(values).argmax(axis=-1)
        start = np.take_along_axis(values, first[..., None], axis=-1)[..., 0]
        values = np.remainder(values - start[..., None] + turn / 2, turn) - turn / 2
    least = np.min(values, axis=-1, where=~np.isnan(values), initial=np.inf)
    most = np.max(values, axis=-1, where=~np.isnan(values), initial=-np.inf)
    circle = np.zeros(least.shape, dtype=bool)
    if turn is not None:
        circle = most - least > turn / 2
        least, most = np.where(circle, -turn, least), np.where(circle, turn, most)
    return start + least, start + most, circle
