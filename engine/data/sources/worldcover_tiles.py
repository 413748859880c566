"""The tiles of ESA WorldCover: which parts of them a grid needs, and how fine."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from ...errors import InputError
from ...language import tr
from ..builders.grid import Grid

CRS = "EPSG:4326"
# Side of a tile and of a pixel, and the latitudes that have tiles, in degrees.
TILE, PIXEL = 3, 1 / 12_000
_SOUTH, _NORTH = -60, 84
# Parts begin and end on this lattice, in degrees, so that grids that differ a little share them.
_LATTICE = 1 / 16
# With so many pixels along a cell, class shares from an overview are off by less than 1 % of
# the cell (RMS); but one made by majority favours common classes, the more the coarser it is.
_PIXELS_A_CELL, _COARSEST = 32, 8
# Positions a side at which a grid is looked at, and how far its edges, as a share of its
# extent, may bulge between two.
_MESH, _BULGE = 41, 0.001


@dataclass(frozen=True)
class Piece:
    """A part of a tile.

    Parameters
    ----------
    tile : str
        Name of the tile: latitude and longitude of its lower left corner, such as N24E120.
    bounds : tuple of float
        Left, bottom, right and top of the part, in degrees, inside the tile.
    corner : tuple of int
        Left and bottom of the tile, in degrees.
    """

    tile: str
    bounds: tuple[float, float, float, float]
    corner: tuple[int, int]


def needed_pieces(grid: Grid) -> list[Piece]:
    """The parts of tiles under a grid, from the south-west on, whether they exist or not.

    Raises
    ------
    InputError
        If the grid is in degrees and crosses the 180th meridian, or lies nowhere on Earth.
    """
    left, bottom, right, top = extent(grid)
    pieces = []
    for south in _corners(max(bottom, _SOUTH), min(top, _NORTH)):
        for west in _corners(left, right):
            corner = (west + 180) % 360 - 180, south
            turn = corner[0] - west
            edges = (
                max(left, west) + turn,
                max(bottom, south),
                min(right, west + TILE) + turn,
                min(top, south + TILE),
            )
            name = f"{'NS'[south < 0]}{abs(south):02d}{'EW'[corner[0] < 0]}{abs(corner[0]):03d}"
            pieces.append(Piece(name, edges, corner))
    return pieces


def overview_factor(grid: Grid) -> int:
    """How many pixels of full resolution, along a side, a pixel to fetch stands for.

    It is a power of two, judged by the cell in the middle of the grid.
    """
    x, y = grid.centres(np.array([grid.rows // 2 * grid.cols + grid.cols // 2]))[0]
    lon, lat = _to_degrees(
        grid, np.array([x, x + grid.cell_width, x]), np.array([y, y, y + grid.cell_height])
    )
    lon = _unbroken(lon, lon[0])
    area = (lon[1] - lon[0]) * (lat[2] - lat[0]) - (lon[2] - lon[0]) * (lat[1] - lat[0])
    pixels = math.sqrt(abs(area)) / PIXEL
    factor = 1
    while factor < _COARSEST and pixels >= 2 * factor * _PIXELS_A_CELL:
        factor *= 2
    return factor


def _to_degrees(
    grid: Grid, x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    transformer = Transformer.from_crs(grid.pyproj_crs, CRS, always_xy=True)
    lon, lat = transformer.transform(x, y)
    return np.asarray(lon), np.asarray(lat)


def extent(grid: Grid) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of a grid in degrees; right may lie beyond 180.

    Raises
    ------
    InputError
        As `needed_pieces`.
    """
    left, bottom, right, top = grid.bounds
    if grid.pyproj_crs.is_geographic and max(-180 - left, right - 180) > grid.cell_width:
        raise InputError(
            tr(
                "The grid reaches from {left:g} to {right:g} degrees of longitude; to fetch land "
                "cover across the 180th meridian, give the grid a CRS in metres."
            ).format(left=left, right=right)
        )
    share = np.linspace(0, 1, _MESH)
    x, y = np.meshgrid(left + (right - left) * share, bottom + (top - bottom) * share)
    lon, lat = _to_degrees(grid, x.ravel(), y.ravel())
    seen = np.isfinite(lon) & np.isfinite(lat)
    if not seen.any():
        raise InputError(
            tr("The grid lies outside the area of its CRS; check the CRS and the extent.")
        )
    lon, lat = lon[seen], lat[seen]
    west, east = _outward(_unbroken(lon, lon[len(lon) // 2]))
    if east - west >= 360:
        west, east = -180.0, 180.0
    south, north = _outward(lat)
    return west, south, east, north


def _unbroken(lon: NDArray[np.float64], start: float) -> NDArray[np.float64]:
    """Longitudes within 180 degrees of `start`, across the 180th meridian."""
    return start + (lon - start + 180) % 360 - 180


def _outward(degrees: NDArray[np.float64]) -> tuple[float, float]:
    """The least and the greatest, each on the lattice and beyond what may bulge out."""
    margin = _BULGE * float(np.ptp(degrees)) + _COARSEST * PIXEL
    first, last = float(degrees.min()) - margin, float(degrees.max()) + margin
    return math.floor(first / _LATTICE) * _LATTICE, math.ceil(last / _LATTICE) * _LATTICE


def _corners(first: float, last: float) -> range:
    """The lower edges of the tiles from `first` to `last`."""
    return range(math.floor(first / TILE) * TILE, math.ceil(last / TILE) * TILE, TILE)
