"""ESA WorldCover for a grid: what it needs is fetched from ESA's bucket, and kept."""

from __future__ import annotations

import dataclasses
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, wait
from pathlib import Path

import numpy as np
import rasterio
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader, MemoryFile
from rasterio.windows import Window, from_bounds

from ...errors import InputError
from ...files import OutputSet
from ...language import tr
from ...names import WORLDCOVER_ADDRESS, WORLDCOVER_ADDRESS_VARIABLE
from ...progress import Part, Progress
from ..builders.esa_worldcover import EDITIONS, NODATA, attribution
from ..builders.grid import Grid
from ..builders.rasters import CACHE_BYTES, windows
from ..builders.tiles import LandCoverTile
from .landcover import open_landcover
from .worldcover_tiles import CRS, PIXEL, TILE, Piece, extent, needed_pieces, overview_factor

_PIXELS_AT_ONCE = 2**23
_POLL_SECONDS = 0.1
_SETTINGS = {
    "GDAL_CACHEMAX": CACHE_BYTES,
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_HTTP_CONNECTTIMEOUT": "15",
    "GDAL_HTTP_LOW_SPEED_TIME": "30",
    "GDAL_HTTP_LOW_SPEED_LIMIT": "1",
    "GDAL_HTTP_MAX_RETRY": "3",
    "GDAL_HTTP_RETRY_DELAY": "1",
    "GDAL_INGESTED_BYTES_AT_OPEN": "32768",
    # A network that was down may be up at the next try.
    "CPL_VSIL_CURL_NON_CACHED": "/vsicurl/",
}
_NOT_THERE = "response code: 404"
_NO_RASTER = "not recognized as being in a supported file format"


def fetch_worldcover(
    grid: Grid, year: str, progress: Progress, proxy: str = ""
) -> list[LandCoverTile]:
    """Fetch the land cover of a grid, as far as it is not kept from before.

    Only the parts of the tiles under the grid are read, at the overview that suits the size
    of its cells. They come from ESA's public bucket, or the address that the environment
    variable GEOHG_WORLDCOVER_URL names, and are kept in the folder `worldcover` of the user's
    cache, or of that which GEOHG_CACHE names.

    Parameters
    ----------
    grid : Grid
        The grid.
    year : str
        An edition: one of `EDITIONS`.
    progress : Progress
        Receives progress and messages; a wait on the network can be cancelled too.
    proxy : str
        Address of a proxy, with user and password if need be; by default GDAL's own settings
        and the environment say.

    Returns
    -------
    list of LandCoverTile
        One for each tile; tiles that do not exist, at sea, have none.

    Raises
    ------
    InputError
        If there is no land cover under the grid, or it cannot be fetched or kept.
    """
    pieces, factor = needed_pieces(grid), overview_factor(grid)
    folder = cache_folder()
    found, nowhere = [], []
    for number, piece in enumerate(pieces):
        part = Part(progress, number / len(pieces), (number + 1) / len(pieces))
        edges = "_".join(f"{edge:.4f}" for edge in piece.bounds)
        path = folder / f"{_name(year, piece.tile)}_{edges}_x{factor}.tif"
        if path.exists():
            found.append(path)
        elif not _mark(path).exists():
            message = tr("Fetching WorldCover {year}, tile {number} of {count}").format(
                year=year, number=number + 1, count=len(pieces)
            )
            content = _fetch(piece, year, factor, proxy, part, message)
            if content is None:
                nowhere.append(path)
            else:
                _keep(path, content)
                found.append(path)
    if not found:
        raise InputError(_nowhere(grid, year))
    for path in nowhere:  # noted only now: where no tile was found, the server may be at fault
        _keep(_mark(path), b"")
    tiles = open_landcover([(path, 1) for path in found])
    return [dataclasses.replace(tile, attribution=attribution(year)) for tile in tiles]


def cache_folder() -> Path:
    """Where fetched land cover is kept."""
    import pooch

    return Path(os.environ.get("GEOHG_CACHE") or pooch.os_cache("geohg")) / "worldcover"


def _name(year: str, tile: str) -> str:
    return f"ESA_WorldCover_10m_{year}_{EDITIONS[year].version}_{tile}"


def _address(year: str, tile: str) -> str:
    base = os.environ.get(WORLDCOVER_ADDRESS_VARIABLE) or WORLDCOVER_ADDRESS
    folder = f"{EDITIONS[year].version}/{year}/map"
    return f"{base.rstrip('/')}/{folder}/{_name(year, tile)}_Map.tif"


def _mark(path: Path) -> Path:
    """The empty file that says that a tile does not exist."""
    return path.with_suffix(".none")


def _fetch(
    piece: Piece, year: str, factor: int, proxy: str, progress: Progress, message: str
) -> bytes | None:
    """A GeoTIFF with a part of a tile, or None if there is no such tile."""
    address = _address(year, piece.tile)
    download = _Download(address, piece, factor, proxy)
    download.start()
    try:
        progress.report(0.0, message)
        while not wait([download.result], _POLL_SECONDS).done:
            progress.report(download.share, message)
        return download.result.result()
    except RasterioError as error:
        reason = str(error)
        if _NOT_THERE in reason:
            return None
        raise InputError(_failure(address, reason)) from error
    except _NotWorldCoverError as error:
        raise InputError(_failure(address, _NO_RASTER)) from error
    finally:
        download.stopped.set()


class _NotWorldCoverError(Exception):
    """What came is another raster than was asked for."""


class _Download(threading.Thread):
    """Reads a part of a tile, in a thread of its own: GDAL cannot be interrupted.

    Whoever does not want to wait any longer sets `stopped`; the thread then ends with its
    next block, or when the network gives up.
    """

    def __init__(self, address: str, piece: Piece, factor: int, proxy: str) -> None:
        super().__init__(daemon=True)
        self.result: Future[bytes] = Future()
        self.stopped = threading.Event()
        self.share = 0.0
        self._address, self._piece, self._factor, self._proxy = address, piece, factor, proxy

    def run(self) -> None:
        """Read, and put into `result` what came or what went wrong."""
        settings = {**_SETTINGS, **({"GDAL_HTTP_PROXY": self._proxy} if self._proxy else {})}
        try:
            with rasterio.Env(**settings), self._open() as source:
                self.result.set_result(self._copy(source))
        except Exception as error:  # noqa: BLE001 - raised where the result is taken
            self.result.set_exception(error)

    def _open(self) -> DatasetReader:
        """The tile at the coarsest overview that is fine enough."""
        url = f"/vsicurl/{self._address}"
        with rasterio.open(url) as tile:
            self._check(tile)
            factors = tile.overviews(1)
            widest = self._factor * PIXEL * (1 + 1e-6)
            fit = [level for level, each in enumerate(factors) if tile.res[0] * each <= widest]
        return rasterio.open(url, overview_level=fit[-1]) if fit else rasterio.open(url)

    def _check(self, tile: DatasetReader) -> None:
        left, bottom = self._piece.corner
        expected = (left, bottom, left + TILE, bottom + TILE)
        off = np.abs(np.subtract(tile.bounds, expected)).max()
        if tile.dtypes[0] != "uint8" or off > tile.res[0] or tile.crs is None:
            raise _NotWorldCoverError

    def _copy(self, source: DatasetReader) -> bytes:
        area = from_bounds(*self._piece.bounds, transform=source.transform)
        area = Window.from_slices(*area.toslices())
        area = area.intersection(Window(0, 0, source.width, source.height))
        with MemoryFile() as memory:
            with memory.open(
                driver="GTiff",
                width=area.width,
                height=area.height,
                count=1,
                dtype="uint8",
                crs=CRS,
                transform=source.window_transform(area),
                nodata=NODATA,
                tiled=True,
                compress="deflate",
            ) as copy:
                for window in self._report(list(windows(source, area, _PIXELS_AT_ONCE))):
                    left, top = window.col_off - area.col_off, window.row_off - area.row_off
                    goal = Window(left, top, window.width, window.height)
                    copy.write(source.read(1, window=window), 1, window=goal)
            return bytes(memory.getbuffer())

    def _report(self, parts: Sequence[Window]) -> Iterator[Window]:
        for number, window in enumerate(parts):
            self.share = number / len(parts)
            if self.stopped.is_set():
                return
            yield window


def _keep(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with OutputSet({"tile": path}) as outputs:
            outputs.stage("tile").write_bytes(content)
            outputs.commit()
    except OSError as error:
        raise InputError(
            tr(
                "Land cover cannot be kept in '{folder}': {reason}. Name another folder in the "
                "environment variable GEOHG_CACHE."
            ).format(folder=path.parent, reason=error.strerror or str(error).rstrip("."))
        ) from error


def _failure(address: str, reason: str) -> str:
    """What to tell the user when GDAL gave this `reason` not to read."""
    advice = tr("Try again later, or give land-cover rasters of your own.")
    if _NO_RASTER in reason:
        text = tr(
            "The answer from '{address}' is not a WorldCover tile; the network's login page, or a "
            "proxy, may have answered instead."
        ).format(address=address)
    elif reason.startswith("Read failed"):
        text = tr("The download from '{address}' was incomplete.").format(address=address)
    else:
        text = tr(
            "WorldCover cannot be fetched from '{address}' ({reason}); check the network and its "
            "proxy (in QGIS: Settings > Options > Network)."
        ).format(address=address, reason=reason)
    return f"{text} {advice}"


def _nowhere(grid: Grid, year: str) -> str:
    west, south, east, north = extent(grid)
    return tr(
        "WorldCover {year} has no land cover between {west:g} and {east:g} degrees of longitude "
        "and {south:g} and {north:g} degrees of latitude; check the extent and its CRS, or work "
        "without land cover."
    ).format(year=year, west=west, east=east, south=south, north=north)
