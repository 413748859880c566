"""Slope, aspect and relative height of elevations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rasterio.io import DatasetReader
from rasterio.windows import Window
from scipy.ndimage import uniform_filter

from .continuous import ContinuousTile
from .frames import Floats, Frame
from .grid import Grid

# Heights above the surroundings are measured in so many cells each way.
SURROUNDINGS = (5, 15)
# Slopes of so many pixels are worked out at once, which a processor keeps at hand.
_AT_ONCE = 2**16
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
        rows, cols = self.shape
        top, left = int(window.row_off), int(window.col_off)
        bottom, right = top + int(window.height), left + int(window.width)
        first_row, first_col = max(top - 1, 0), max(left - 1, 0)
        last_row, last_col = min(bottom + 1, rows), min(right + 1, cols)
        wide = Window(first_col, first_row, last_col - first_col, last_row - first_row)
        z = super().read(raster, wide)[0]
        more = (
            (first_row - top + 1, bottom + 1 - last_row),
            (first_col - left + 1, right + 1 - last_col),
        )
        if np.any(more):
            z = np.pad(z, more, constant_values=np.nan)
        z[~self.known(z)] = np.nan
        found = np.empty((self.layers, bottom - top, right - left), z.dtype)
        found[0] = z[1:-1, 1:-1]
        high = max(_AT_ONCE // (right - left), 1)
        for row in range(0, bottom - top, high):
            strip = z[row : row + high + 2]
            found[1:, row : row + high] = horn(strip, self.frame, top + row, left)
        return found


def horn(
    z: NDArray[np.floating], frame: Frame, top: int = 0, left: int = 0
) -> tuple[NDArray[np.floating], NDArray[np.floating], NDArray[np.floating]]:
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

    Returns
    -------
    slope : float array [height, width]
        In degrees; NaN where the pixel or two opposite neighbours are missing.
    northness, eastness : float array [height, width]
        Cosine and sine of the aspect, clockwise from north; 0 where it is flat.

    References
    ----------
    B. K. P. Horn (1981), Hill shading and the reflectance map, Proceedings of the IEEE 69(1),
    14-47.
    """
    known = np.isfinite(z)
    # Differences of small numbers keep their digits.
    base = z[known].mean(dtype=np.float64) if known.any() else 0.0
    z = z - z.dtype.type(base)
    down = z[:-2] + 2 * z[1:-1] + z[2:]
    right = z[:, :-2] + 2 * z[:, 1:-1] + z[:, 2:]
    by_col, by_row = (down[:, 2:] - down[:, :-2]) / 8, (right[2:] - right[:-2]) / 8
    if not known.all():
        _bridge(z, by_col, by_row)
        by_col[~known[1:-1, 1:-1]] = np.nan
    affine = frame.transform
    east, north = (each.astype(z.dtype) for each in _metres_a_unit(frame, top, left, by_col.shape))
    area = affine.determinant
    rise_east = (affine.e * by_col - affine.d * by_row) / (area * east)
    rise_north = (affine.a * by_row - affine.b * by_col) / (area * north)
    steep = np.sqrt(rise_east**2 + rise_north**2)
    flat = np.where(steep == 0, 1, steep)
    return np.degrees(np.arctan(steep)), -rise_north / flat, -rise_east / flat


def _bridge(
    z: NDArray[np.floating], by_col: NDArray[np.floating], by_row: NDArray[np.floating]
) -> None:
    """Fill in place the differences of pixels beside missing ones."""
    lacking = np.isfinite(z[1:-1, 1:-1]) & ~(np.isfinite(by_col) & np.isfinite(by_row))
    row, col = np.nonzero(lacking)
    around = z[row + 1 + _AROUND[:, :1], col + 1 + _AROUND[:, 1:]]
    middle = z[row + 1, col + 1]
    around = np.where(np.isfinite(around), around, 2 * middle - np.roll(around, 4, axis=0))
    nw, n, ne, e, se, s, sw, w = around
    by_col[row, col] = ((ne + 2 * e + se) - (nw + 2 * w + sw)) / 8
    by_row[row, col] = ((sw + 2 * s + se) - (nw + 2 * n + ne)) / 8


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
    return np.stack(horn(np.pad(z, 1, constant_values=np.nan), grid.frame), axis=-1)


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
    base = z[known].mean() if known.any() else 0.0
    filled = np.where(known, z - base, 0.0)
    found = []
    for width in SURROUNDINGS:
        total = uniform_filter(filled, width, mode="constant")
        share = uniform_filter(known.astype(np.float64), width, mode="constant")
        with np.errstate(invalid="ignore", divide="ignore"):
            found.append(np.where(known, filled - total / share, np.nan))
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
