"""Slope, aspect and relative height of elevations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rasterio.io import DatasetReader
from rasterio.windows import Window

from .continuous import ContinuousTile
from .frames import Floats, Frame
from .grid import Grid
from .surroundings import box_sums

# Heights above the surroundings are measured in so many cells each way.
SURROUNDINGS = (5, 15)
# Slopes of so many pixels are worked out at once, which a processor keeps at hand.
_AT_ONCE = 2**17
# No parallel is taken for shorter than this share of the equator.
_SHORTEST = 1e-6
# The eight neighbours, and the one opposite to each, as rows and columns.
_AROUND = np.array([(-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1)])


@dataclass(frozen=True)
class TerrainTile(ContinuousTile):
    """A raster of elevations in metres, read with its slope, northness and eastness."""

    @property
    def layers(self) -> int:
        """Elevation, slope, northness and eastness."""
        return 4

    def read(self, raster: DatasetReader, window: Window) -> NDArray[np.floating]:
        """Elevation, slope in degrees, northness and eastness, shape [4, height, width]."""
        return np.concatenate([part for _, part in self.parts(raster, window)], axis=1)

    def parts(
        self, raster: DatasetReader, window: Window
    ) -> Iterator[tuple[Window, NDArray[np.floating]]]:
        """The same in strips, which a processor keeps at hand."""
        top, left = int(window.row_off), int(window.col_off)
        height, width = int(window.height), int(window.width)
        z = self._with_borders(raster, window)
        high = max(_AT_ONCE // width, 1)
        for row in range(0, height, high):
            strip = z[row : row + high + 2]
            found = np.empty((self.layers, len(strip) - 2, width), z.dtype)
            found[0] = strip[1:-1, 1:-1]
            horn(strip, self.frame, top + row, left, found[1:])
            yield Window(left, top + row, width, len(strip) - 2), found

    def _with_borders(self, raster: DatasetReader, window: Window) -> NDArray[np.floating]:
        """Elevations with one more pixel on each side, NaN where missing or infinite."""
        rows, cols = self.shape
        top, left = int(window.row_off), int(window.col_off)
        bottom, right = top + int(window.height), left + int(window.width)
        first_row, first_col = max(top - 1, 0), max(left - 1, 0)
        last_row, last_col = min(bottom + 1, rows), min(right + 1, cols)
        wide = Window(first_col, first_row, last_col - first_col, last_row - first_row)
        z = super().read(raster, wide)[0]
        np.copyto(z, np.nan, where=~self.known(z))
        more = (
            (first_row - top + 1, bottom + 1 - last_row),
            (first_col - left + 1, right + 1 - last_col),
        )
        return np.pad(z, more, constant_values=np.nan) if np.any(more) else z


def horn(
    z: NDArray[np.floating],
    frame: Frame,
    top: int = 0,
    left: int = 0,
    out: NDArray[np.floating] | None = None,
) -> NDArray[np.floating]:
    r"""Slope and aspect by the weighted differences of Horn (1981).

    With the heights of the neighbours named by their direction, and `w`, `h` the width and height
    of a pixel in metres,

    - dz/dx = ((ne + 2 e + se) - (nw + 2 w + sw)) / (8 w)
    - dz/dy = ((nw + 2 n + ne) - (sw + 2 s + se)) / (8 h)
    - slope = arctan(sqrt((dz/dx)^2 + (dz/dy)^2))

    The aspect is the direction in which water flows, and north and east are those of the CRS.
    A plane that rises to the north faces south: its northness is -1.

    Where one neighbour is missing, such as beyond the edge of a raster, its height is that on
    the straight line through the opposite neighbour and the pixel.

    Parameters
    ----------
    z : float array [height + 2, width + 2]
        Elevations in metres, with one more pixel on each side; NaN where missing.
    frame : Frame
        The pixels of the raster.
    top, left : int
        Row and column of the first pixel inside.
    out : float array [3, height, width], optional
        Where to write what is returned.

    Returns
    -------
    float array [3, height, width]
        The slope in degrees; NaN where the pixel or two opposite neighbours are missing. Then
        northness and eastness, cosine and sine of the aspect, clockwise from north; 0 where it
        is flat.

    References
    ----------
    B. K. P. Horn (1981), Hill shading and the reflectance map, Proceedings of the IEEE 69(1),
    14-47.
    """
    known = np.isfinite(z)
    by_col, by_row = _differences(z)
    if not known.all():
        _bridge(z, by_col, by_row)
        by_col[~known[1:-1, 1:-1]] = np.nan
    out = np.empty((3, *by_col.shape), z.dtype) if out is None else out
    slope, northness, eastness = out
    affine = frame.transform
    east, north = _metres_a_unit(frame, top, left, by_col.shape)
    _combine(by_col, by_row, affine.e, -affine.d, -8 * affine.determinant * east, eastness)
    _combine(by_row, by_col, affine.a, -affine.b, -8 * affine.determinant * north, northness)
    np.square(eastness, out=slope)
    slope += northness**2
    np.sqrt(slope, out=slope)
    # What falls by nothing faces nowhere: 0 over any number is 0.
    steep = np.maximum(slope, np.finfo(z.dtype).tiny)
    northness /= steep
    eastness /= steep
    np.arctan(slope, out=slope)
    slope *= z.dtype.type(180 / np.pi)
    return out


def _differences(
    z: NDArray[np.floating],
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Eight times the rise from one column, and from one row, to the next."""
    # Differences first: those of near heights keep their digits.
    across, down = z[:, 2:] - z[:, :-2], z[2:] - z[:-2]
    by_col, by_row = 2 * across[1:-1], 2 * down[:, 1:-1]
    for sums, first, last in (
        (by_col, across[:-2], across[2:]),
        (by_row, down[:, :-2], down[:, 2:]),
    ):
        sums += first
        sums += last
    return by_col, by_row


def _combine(
    one: NDArray[np.floating],
    other: NDArray[np.floating],
    weight: float,
    more: float,
    unit: Floats,
    out: NDArray[np.floating],
) -> None:
    """Write `(weight * one + more * other) / unit` to `out`."""
    np.multiply(one, (weight / unit).astype(one.dtype), out=out)
    if more:
        out += other * (more / unit).astype(one.dtype)


def _bridge(
    z: NDArray[np.floating], by_col: NDArray[np.floating], by_row: NDArray[np.floating]
) -> None:
    """Fill in place the differences of pixels beside missing ones, as `_differences` gives."""
    lacking = np.isfinite(z[1:-1, 1:-1]) & ~(np.isfinite(by_col) & np.isfinite(by_row))
    row, col = np.nonzero(lacking)
    around = z[row + 1 + _AROUND[:, :1], col + 1 + _AROUND[:, 1:]]
    middle = z[row + 1, col + 1]
    around = np.where(np.isfinite(around), around, 2 * middle - np.roll(around, 4, axis=0))
    nw, n, ne, e, se, s, sw, w = around
    by_col[row, col] = (ne + 2 * e + se) - (nw + 2 * w + sw)
    by_row[row, col] = (sw + 2 * s + se) - (nw + 2 * n + ne)


def _metres_a_unit(
    frame: Frame, top: int, left: int, shape: tuple[int, ...]
) -> tuple[Floats, Floats]:
    """How long a unit of the CRS is to the east and to the north, at each row or pixel.

    In a geographic CRS, along the parallel and the meridian of the ellipsoid.
    """
    unit: Floats = np.array([[frame.crs.axis_info[0].unit_conversion_factor]], dtype=np.float64)
    if frame.turn is None:
        return unit, unit
    rows = top + 0.5 + np.arange(shape[0])[:, None]
    cols = left + 0.5 + np.arange(1 if frame.upright else shape[1])
    latitude = frame.positions(rows.astype(np.float64), cols.astype(np.float64))[1] * unit
    ellipsoid = frame.crs.ellipsoid
    longest, shortest = (
        (6378137.0, 6356752.3)
        if ellipsoid is None
        else (ellipsoid.semi_major_metre, ellipsoid.semi_minor_metre)
    )
    flattened = 1 - (shortest / longest) ** 2
    root = np.sqrt(1 - flattened * np.sin(latitude) ** 2)
    parallel = np.maximum(np.cos(latitude), _SHORTEST)
    return unit * longest * parallel / root, unit * longest * (1 - flattened) / root**3


def terrain_of_cells(z: Floats, grid: Grid) -> Floats:
    """Slope, northness and eastness [rows, cols, 3] of heights [rows, cols] of a grid's cells."""
    return np.stack([*horn(np.pad(z, 1, constant_values=np.nan), grid.frame)], axis=-1)


def heights_above(z: Floats) -> Floats:
    """How far each cell lies above the mean of the cells around it, itself among them.

    Parameters
    ----------
    z : float array [rows, cols]
        Heights of cells; NaN where missing.

    Returns
    -------
    float array [rows, cols, S]
        For each number w of `SURROUNDINGS`, the height less the mean over w x w cells, those
        that have one; on a ridge above 0, in a valley below.
    """
    known = np.isfinite(z)
    filled = np.where(known, z, 0.0)
    found = []
    for width in SURROUNDINGS:
        total = box_sums(filled, (width, width))
        count = box_sums(known.astype(np.float64), (width, width))
        with np.errstate(invalid="ignore", divide="ignore"):
            found.append(np.where(known, filled - total / count, np.nan))
    return np.stack(found, axis=-1)


def widened(grid: Grid) -> tuple[Grid, tuple[slice, slice]]:
    """A grid with the surroundings of its cells, as far as there is a place on Earth; and where
    its own cells are among those.
    """
    more = max(SURROUNDINGS) // 2 + 1
    above = below = beside = more
    turn = grid.frame.turn
    if turn is not None:
        left, bottom, right, top = grid.bounds
        above = int(np.clip((turn / 4 - top) // grid.cell_height, 0, more))
        below = int(np.clip((turn / 4 + bottom) // grid.cell_height, 0, more))
        room = min((turn - right + left) / 2, 1.5 * turn - right, 1.5 * turn + left)
        beside = int(np.clip(room // grid.cell_width, 0, more))
    wide = Grid(
        grid.crs,
        grid.left - beside * grid.cell_width,
        grid.top + above * grid.cell_height,
        grid.cell_width,
        grid.cell_height,
        grid.rows + above + below,
        grid.cols + 2 * beside,
    )
    return wide, np.s_[above : above + grid.rows, beside : beside + grid.cols]
