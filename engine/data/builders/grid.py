"""The map grid: where the cells are."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.transform import Affine

from ...errors import InputError
from ...language import tr
from .crs import Plane, parse_crs, whole_turn
from .frames import Frame
from .rasters import check_georeference, open_raster

# Extents are rounded to whole cells with this tolerance, in cells, so that
# 0.3 / 0.1 is three cells and not four.
_SNAP_TOLERANCE = 1e-6
# Numbers are exact up to here.
_MOST_STEPS = 2.0**52


@dataclass(frozen=True)
class Grid:
    """A north-up grid of cells in one CRS.

    Parameters
    ----------
    crs : str
        Authority code or WKT of the CRS.
    left, top : float
        Upper left corner of the grid, in the CRS's unit.
    cell_width, cell_height : float
        Size of a cell, both positive, in the CRS's unit.
    rows, cols : int
        Number of cells from north to south and from west to east.
    """

    crs: str
    left: float
    top: float
    cell_width: float
    cell_height: float
    rows: int
    cols: int

    def __post_init__(self) -> None:
        check_cell_size(self.cell_width)
        check_cell_size(self.cell_height)
        if self.rows < 1 or self.cols < 1:
            raise InputError(
                tr("The grid has no cells ({rows} rows, {cols} columns).").format(
                    rows=self.rows, cols=self.cols
                )
            )
        turn = whole_turn(parse_crs(self.crs, tr("the grid")))
        if turn is not None:
            self._check_degrees(turn)

    def _check_degrees(self, turn: float) -> None:
        """Refuse cells in a geographic CRS that are metres, or of no longitude and latitude."""
        width, height = self.cell_width, self.cell_height
        if max(width, height) > turn / 8:
            raise InputError(
                tr(
                    "The cell size {width:g} x {height:g} is read in degrees, the unit of the "
                    "grid's CRS, and {turn:g} degrees go round the Earth; give a size in degrees, "
                    "or choose a CRS of the grid in metres."
                ).format(width=width, height=height, turn=turn)
            )
        left, bottom, right, top = self.bounds
        across = left >= -1.5 * turn and right <= 1.5 * turn and right - left <= turn + 2 * width
        if not across or bottom < -turn / 4 - height or top > turn / 4 + height:
            raise InputError(
                tr(
                    "The extent (left {left:g}, bottom {bottom:g}, right {right:g}, top {top:g}) "
                    "is not in longitudes (left, right) and latitudes (bottom, top), the "
                    "coordinates of the grid's CRS; check whether x and y are exchanged, and the "
                    "CRS."
                ).format(left=left, bottom=bottom, right=right, top=top)
            )

    @classmethod
    def from_bounds(
        cls, bounds: tuple[float, float, float, float], cell_size: float, crs: str
    ) -> Grid:
        """The smallest grid that covers `bounds` (left, bottom, right, top).

        Its corner lies on a multiple of `cell_size`, so that grids of the same
        size over neighbouring areas fit together.
        """
        check_cell_size(cell_size)
        left, bottom, right, top = _extent(bounds)
        if max(map(abs, bounds)) / cell_size > _MOST_STEPS:
            raise InputError(
                tr(
                    "The cell size {cell_size:g} is too small for the extent: more cells than "
                    "can be numbered; give a size in the unit of the grid's CRS."
                ).format(cell_size=cell_size)
            )
        first_col = math.floor(left / cell_size + _SNAP_TOLERANCE)
        last_col = math.ceil(right / cell_size - _SNAP_TOLERANCE)
        first_row = math.floor(bottom / cell_size + _SNAP_TOLERANCE)
        last_row = math.ceil(top / cell_size - _SNAP_TOLERANCE)
        last_col, last_row = max(last_col, first_col + 1), max(last_row, first_row + 1)
        return cls(
            crs=crs,
            left=first_col * cell_size,
            top=last_row * cell_size,
            cell_width=cell_size,
            cell_height=cell_size,
            rows=last_row - first_row,
            cols=last_col - first_col,
        )

    @classmethod
    def from_shape(cls, bounds: Sequence[float], rows: int, cols: int, crs: str) -> Grid:
        """The grid of so many cells that fills `bounds` (left, bottom, right, top)."""
        left, bottom, right, top = _extent(bounds)
        width, height = (right - left) / cols, (top - bottom) / rows
        return cls(crs, left, top, width, height, rows, cols)

    @classmethod
    def from_template(cls, path: str | Path) -> Grid:
        """The grid of an existing raster, cell for cell."""
        owner = tr("the template raster '{path}'").format(path=path)
        with open_raster(path, owner) as raster:
            check_georeference(raster, owner)
            transform, crs, shape = raster.transform, raster.crs, raster.shape
        if transform.b or transform.d or transform.a <= 0 or transform.e >= 0:
            raise InputError(
                tr("The template raster '{path}' is not north up; warp it first.").format(path=path)
            )
        return cls(
            crs=crs.to_string(),
            left=transform.c,
            top=transform.f,
            cell_width=transform.a,
            cell_height=-transform.e,
            rows=shape[0],
            cols=shape[1],
        )

    @property
    def transform(self) -> Affine:
        """Affine transform from (column, row) to the CRS."""
        return Affine(self.cell_width, 0.0, self.left, 0.0, -self.cell_height, self.top)

    @property
    def size(self) -> int:
        """Number of cells, rows x columns."""
        return self.rows * self.cols

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top in the CRS's unit."""
        right = self.left + self.cols * self.cell_width
        return self.left, self.top - self.rows * self.cell_height, right, self.top

    @cached_property
    def frame(self) -> Frame:
        """Its cells."""
        return Frame(self.pyproj_crs, self.transform, self.rows, self.cols)

    @cached_property
    def pyproj_crs(self) -> CRS:
        """The CRS as pyproj sees it."""
        return parse_crs(self.crs, tr("the grid"))

    def locate(self, x: NDArray[np.floating], y: NDArray[np.floating]) -> NDArray[np.int64]:
        """The cell of each position: row x cols + column, or -1 outside.

        A position on a shared edge belongs to the cell east or south of it; the
        right and bottom edges of the grid belong to its last cells. A longitude outside is
        tried whole turns off.
        """
        return self.frame.squares(*self.frame.snapped_lines(np.asarray(x), np.asarray(y)))

    def near(self, x: NDArray[np.floating]) -> NDArray[np.floating]:
        """Longitudes moved by whole turns to where the grid lies; those in it are left."""
        turn = whole_turn(self.pyproj_crs)
        left, _, right, _ = self.bounds
        if turn is None:
            return x
        with np.errstate(invalid="ignore"):  # infinite ones stay outside
            moved = x - turn * np.floor((x - left) / turn)
        return np.where((x < left) | (x > right), moved, x)

    def centres(self, cell: NDArray[np.int64]) -> NDArray[np.float64]:
        """Centre (x, y) of each cell in the CRS's unit, shape [N, 2]."""
        row, col = np.divmod(cell, self.cols)
        x = self.left + (col + 0.5) * self.cell_width
        y = self.top - (row + 0.5) * self.cell_height
        return np.column_stack([x, y])

    @cached_property
    def plane(self) -> Plane:
        """The local plane around the middle of the grid."""
        left, bottom, right, top = self.bounds
        return Plane(self.crs, (left + right) / 2, (bottom + top) / 2)

    def metres(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Positions in metres on the local plane, shape [N, 2]."""
        return self.plane.metres(xy)

    def cell_metres(self) -> tuple[float, float]:
        """Width and height in metres of the cell in the middle of the grid."""
        return self._cell_metres

    @cached_property
    def _cell_metres(self) -> tuple[float, float]:
        middle = np.array([self.rows // 2 * self.cols + self.cols // 2])
        centre = self.centres(middle)
        corners = np.vstack([centre, centre + [self.cell_width, 0], centre + [0, self.cell_height]])
        plane = self.metres(corners)
        width = float(np.hypot(*(plane[1] - plane[0])))
        return width, float(np.hypot(*(plane[2] - plane[0])))

    def describe(self) -> dict[str, Any]:
        """What two grids must share to be the same, as JSON."""
        return dataclasses.asdict(self)


def check_cell_size(size: float) -> None:
    """Refuse a side of a cell that is not a number above zero.

    Raises
    ------
    InputError
        Naming the size.
    """
    if not (math.isfinite(size) and size > 0):
        raise InputError(
            tr(
                "The cell size must be greater than zero, got {size:g}; give a size in the "
                "unit of the grid's CRS."
            ).format(size=size)
        )


def _extent(bounds: Sequence[float]) -> Sequence[float]:
    """Left, bottom, right and top, in order."""
    left, bottom, right, top = bounds
    if not all(map(math.isfinite, bounds)) or right < left or top < bottom:
        raise InputError(
            tr(
                "The extent (left {left:g}, bottom {bottom:g}, right {right:g}, top {top:g}) "
                "is empty; its right must be east of its left and its top north of its bottom."
            ).format(left=left, bottom=bottom, right=right, top=top)
        )
    return bounds
