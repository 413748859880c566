"""From pixels of continuous rasters to the mean and the spread of each cell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window

from ...language import tr
from ...progress import Part, Progress
from .bilinear import Places
from .continuous import ContinuousTile
from .crs import longitude_latitude
from .frames import Floats, Frame, same_crs
from .grid import Grid
from .moments import Found, Moments, sum_lines, sum_lone, sum_overlaps
from .mosaic import Cover, Disputes, local_weight, pixel_weights
from .overlaps import overlap
from .pixels import lines_of_squares
from .reading import check_cost, map_windows

# With fewer pixels a cell than this, or so few along a side, a pixel counts in every cell that it
# lies in, by its share; where it is not upright in the grid, it is cut until a cell has so many.
_FEW_PIXELS, _FEW_A_SIDE, _FINE_PIXELS = 16, 4, 256
_EARTH_RADIUS = 6.378e6
# Numbers of a window: where lines of pixels lie in lines of cells, and elsewhere.
_LINE_NUMBERS, _LONE_NUMBERS = 2**21, 2**19
# Of a cell with n pixels' centres, so many times the root of n may be too few or too many.
_NOISE = 2.0
_CLOSE = 1e-6


@dataclass(frozen=True)
class CellMeans:
    """What continuous rasters have in each cell.

    Parameters
    ----------
    mean : float64 array [size, B]
        The mean of the pixels, or the value at the centre of the cell where `between`; NaN where
        all are missing.
    deviation : float64 array [size, K]
        The standard deviation of the pixels of the first K bands; none where `between`.
    share : float64 array [size]
        Share of the cell that has values, the mean over bands.
    between : bool
        Whether pixels are larger than cells, and values lie between those of pixels.
    infinite : int
        Pixels that were left out as they are infinite.
    """

    mean: Floats
    deviation: Floats
    share: Floats
    between: bool
    infinite: int


def pixels_a_cell(frame: Frame, grid: Grid) -> tuple[float, float]:
    """How many pixels a cell is wide and high, about, by their sizes in metres.

    The same for every window of a grid: degrees of longitude are as long as in the middle of
    the raster.
    """
    affine = frame.transform
    width, height = math.hypot(affine.a, affine.d), math.hypot(affine.b, affine.e)
    if same_crs(frame.crs, grid.pyproj_crs):
        if frame.upright:
            return grid.cell_width / width, grid.cell_height / height
        return (math.sqrt(grid.cell_width * grid.cell_height / abs(affine.determinant)),) * 2
    x, y = frame.transform * (frame.cols / 2, frame.rows / 2)
    middle = np.array([[x, y]])
    latitude = float(longitude_latitude(middle, frame.crs)[0, 1])
    shrunk = max(math.cos(math.radians(latitude)), 0.01) if math.isfinite(latitude) else 1.0
    east, north = _metres(frame, shrunk)
    cell_east, cell_north = _metres(grid.frame, shrunk)
    pixel = abs(affine.determinant) * east * north
    side = math.sqrt(grid.cell_width * grid.cell_height * cell_east * cell_north / pixel)
    return side, side


def _metres(frame: Frame, shrunk: float) -> tuple[float, float]:
    unit = frame.crs.axis_info[0].unit_conversion_factor
    if frame.turn is None:
        return unit, unit
    return unit * _EARTH_RADIUS * shrunk, unit * _EARTH_RADIUS


def measure_cells(
    tiles: Sequence[ContinuousTile],
    grid: Grid,
    pilot: Floats,
    squares: int,
    progress: Progress,
) -> CellMeans:
    """Mean and spread of the pixels in each cell, read in windows.

    Where rasters overlap, the first that has a value counts. Where their pixels are not of one
    size, they weigh by it. A pixel counts in the cell of its centre where a cell has many, and
    in each cell by the share of it that lies there where a cell has few; where pixels are larger
    than cells, values are bilinear.

    Parameters
    ----------
    tiles : sequence of ContinuousTile
        The rasters, of the same bands.
    grid : Grid
        Its cells.
    pilot, squares
        See `Moments`.
    progress : Progress
        Who is told.

    Raises
    ------
    InputError
        If too many pixels lie in the grid, or a raster cannot be read.
    Cancelled
        If the user asked to stop.
    """
    found = [(tile, overlap(tile.frame, grid.frame)) for tile in tiles]
    used = [(tile, areas) for tile, areas in found if areas]
    sides = np.array([pixels_a_cell(tile.frame, grid) for tile in tiles])
    between = bool((sides.prod(axis=1) < 1 - _CLOSE).any())
    sums = Moments(grid.size, pilot, 0 if between else squares)
    if not used:
        return _result(sums, np.ones(grid.size), 1.0, between, 1)
    check_cost([tile for tile, _ in used], [areas for _, areas in used], grid)
    whole, least, weights = _whole_cells([tile for tile, _ in used], sides, grid, between)
    for number, ((tile, areas), weight) in enumerate(zip(used, weights)):
        part = Part(progress, number / len(used), (number + 1) / len(used))
        adding = _Adding(tile, grid, sums, sides.min(axis=0), between)
        cover = Cover.of(tile, [each for each, _ in used[:number]])
        _add_tile(adding, cover, areas, weight, part)
    if between:
        on = np.any([Places.of(tile.frame, grid).inside() for tile, _ in used], axis=0)
        sums.count[~on] = 0
    return _result(sums, whole, least, between, len(tiles[0].bands))


def _result(sums: Moments, whole: Floats, least: float, between: bool, bands: int) -> CellMeans:
    with np.errstate(invalid="ignore", divide="ignore"):
        share = sums.count[:, :bands].mean(axis=1) / whole
        share[share >= least] = 1
    return CellMeans(sums.means(), sums.deviations(), share, between, sums.infinite)


class _Adding:
    """How the pixels of one raster are added to cells."""

    def __init__(
        self, tile: ContinuousTile, grid: Grid, sums: Moments, sides: Floats, between: bool
    ) -> None:
        self.tile, self.grid, self.sums = tile, grid, sums
        self.places = Places.of(tile.frame, grid) if between else None
        self.lines = lines_of_squares(tile.frame, Window(0, 0, 1, 1), grid.frame) is not None
        self.few = _has_few(sides)
        self.finer = math.ceil(math.sqrt(max(_FINE_PIXELS / sides.prod(), 1)))

    @property
    def numbers(self) -> int:
        """How many numbers to read at once."""
        return _LINE_NUMBERS if self.lines else _LONE_NUMBERS

    def find(self, window: Window, values: NDArray[np.floating]) -> list[Found]:
        """What a window adds."""
        frame, goal, pilot = self.tile.frame, self.grid.frame, self.sums.pilot
        squares = self.sums.squares
        if self.places is not None:
            return self.places.spread(window, values, pilot)
        lines = lines_of_squares(frame, window, goal)
        if lines is None:
            pixels = _LONE_NUMBERS // self.tile.layers
            return sum_lone(frame, window, values, goal, pilot, squares, self.finer, pixels)
        if self.few:
            return [sum_overlaps(frame, window, values, goal, pilot, squares)]
        return [sum_lines(*lines, values, pilot, squares, self.grid.cols)]


def _has_few(sides: Floats) -> bool:
    """Whether cells have so few pixels that shares of them count."""
    return bool(sides.prod() < _FEW_PIXELS or sides.min() < _FEW_A_SIDE)


def _add_tile(
    adding: _Adding,
    cover: Cover,
    areas: Sequence[Window],
    weight: Floats | None,
    progress: Progress,
) -> None:
    tile = adding.tile

    def work(window: Window, values: NDArray[np.floating]) -> tuple[list[Found], Disputes]:
        values, disputes = cover.hide(window, values)
        return adding.find(window, values), disputes

    total = np.zeros((len(cover.earlier), 2), dtype=np.int64)
    pixels = adding.numbers // len(tile.used)
    message = tr("Averaging the pixels of each cell")
    for found, disputes in map_windows(tile, areas, pixels, work, progress, message):
        total += disputes
        for each in found:
            adding.sums.add(each, weight)
    cover.warn(total, progress)


def _whole_cells(
    tiles: Sequence[ContinuousTile], sides: Floats, grid: Grid, between: bool
) -> tuple[Floats, float, Sequence[Floats | None]]:
    """What a whole cell counts; from which share of it a cell is whole, as it is known only
    about; and how a pixel weighs in each cell.
    """
    if between:
        return np.ones(grid.size), 1 - _CLOSE, [None] * len(tiles)
    first = tiles[0]
    lines = lines_of_squares(first.frame, Window(0, 0, 1, 1), grid.frame) is not None
    weights = pixel_weights(tiles, grid)
    if lines and weights[0] is None:
        whole: Floats = np.full(grid.size, float(sides[0].prod()))
        if not _has_few(sides.min(axis=0)):
            whole = _centres_of(first.frame, grid)
        return whole, 1 - _CLOSE, weights
    weights = [local_weight(tile, grid) for tile in tiles]
    fewest = max(sides.prod(axis=1).min(), _FINE_PIXELS)
    return np.ones(grid.size), 1 - _NOISE / math.sqrt(fewest), weights


def _centres_of(frame: Frame, grid: Grid) -> Floats:
    """How many pixels have their centre in each cell, if the raster went on everywhere."""
    affine = frame.transform
    x = grid.left + grid.cell_width * np.arange(grid.cols + 1)
    y = grid.top - grid.cell_height * np.arange(grid.rows + 1)
    col, row = (x - affine.c) / affine.a, (y - affine.f) / affine.e
    across, down = (np.abs(np.diff(np.round(line + 1e-9))) for line in (col, row))
    return np.outer(down, across).ravel()
