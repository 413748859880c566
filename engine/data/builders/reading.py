"""Windows of rasters, read and counted in threads, and the cost of it."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillRunning
from contextlib import ExitStack
from itertools import islice
from queue import SimpleQueue
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from rasterio.io import DatasetReader
from rasterio.windows import Window

from ...errors import InputError
from ...language import language, speaking, tr
from ...progress import Progress
from .grid import Grid
from .rasters import count_windows, decoded_pixels, windows
from .tiles import Tile

# Threads that decode and count; each holds one window, so that memory does not grow with the
# raster.
_THREADS = min(os.cpu_count() or 1, 8)
# Together they hold no more decoded blocks than this.
_BLOCK_BYTES = 2**29
# A grid over more pixels than this is refused: a country at 10 m has a tenth of it.
_MOST_PIXELS = 10**11
_PIXELS_AN_HOUR = 10**11
_POLL_SECONDS = 0.2

T = TypeVar("T")


def check_cost(tiles: Sequence[Tile], areas: Sequence[Sequence[Window]], grid: Grid) -> None:
    """Refuse rasters of which too many pixels lie in the grid, before any is read.

    Raises
    ------
    InputError
        With the cost in words.
    """
    inside = decoded = 0
    for tile, parts in zip(tiles, areas):
        bands = len(tile.used)
        inside += bands * sum(int(part.height) * int(part.width) for part in parts)
        if parts:
            with tile.open() as raster:
                decoded += bands * sum(decoded_pixels(raster, part) for part in parts)
    if max(inside, decoded) > _MOST_PIXELS:
        names = ", ".join(f"'{tile.path}'" for tile, parts in zip(tiles, areas) if parts)
        raise InputError(
            tr(
                "The rasters ({names}) have {inside:,} pixels inside the grid, {each:,.0f} a "
                "cell, and {decoded:,} must be decoded for them, which takes about {hours:,.0f} "
                "hours; up to {most:,} are read. Give a coarser raster, such as an overview of "
                "it, or a smaller extent."
            ).format(
                names=names,
                inside=inside,
                each=inside / grid.size,
                decoded=max(inside, decoded),
                hours=max(inside, decoded) / _PIXELS_AN_HOUR,
                most=_MOST_PIXELS,
            )
        )


def map_windows(
    tile: Tile,
    areas: Sequence[Window],
    pixels: int,
    work: Callable[[Window, NDArray[Any]], T],
    progress: Progress,
    message: str,
) -> Iterator[T]:
    """What `work` makes of each part of the windows of `areas`, in threads, in order.

    Each thread has an opened raster of its own.
    """
    free: SimpleQueue[DatasetReader] = SimpleQueue()
    spoken = language()  # a thread does not know it

    def act(window: Window) -> list[T]:
        with speaking(spoken):
            raster = free.get()
            try:
                return [work(*part) for part in tile.parts(raster, window)]
            finally:
                free.put(raster)

    with ExitStack() as stack:
        first = stack.enter_context(tile.open())
        block = sum(
            np.prod(first.block_shapes[band - 1]) * np.dtype(first.dtypes[band - 1]).itemsize
            for band in tile.used
        )
        threads = int(min(max(_BLOCK_BYTES // block, 1), _THREADS))
        free.put(first)
        for _ in range(threads - 1):
            free.put(stack.enter_context(tile.open()))
        pool = stack.enter_context(ThreadPoolExecutor(threads))
        stack.callback(pool.shutdown, cancel_futures=True)
        total = sum(count_windows(first, area, pixels) for area in areas)
        parts = (window for area in areas for window in windows(first, area, pixels))
        running = deque(pool.submit(act, window) for window in islice(parts, 2 * threads))
        done = 0
        while running:
            progress.report(done / total, message)
            result = _wait(running.popleft(), progress)
            running.extend(pool.submit(act, window) for window in islice(parts, 1))
            done += 1
            yield from result


def _wait(future: Future[T], progress: Progress) -> T:
    while True:
        try:
            return future.result(_POLL_SECONDS)
        except StillRunning:
            progress.check_cancelled()


def pixels_at(
    tile: Tile, row: NDArray[np.int64], col: NDArray[np.int64], pixels: int
) -> NDArray[Any]:
    """The values of single pixels [..., n], anywhere, read in windows of `pixels`."""
    with tile.open() as raster:
        none = tile.read(raster, Window(0, 0, 1, 1))[..., 0, :0]
    kind = np.int64 if none.dtype.kind in "iu" else none.dtype
    found = np.empty((*none.shape[:-1], len(row)), dtype=kind)
    if not len(row):
        return found
    area = Window(col.min(), row.min(), np.ptp(col) + 1, np.ptp(row) + 1)
    with tile.open() as raster:
        for window in windows(raster, area, pixels):
            down, right = row - window.row_off, col - window.col_off
            here = (down >= 0) & (down < window.height) & (right >= 0) & (right < window.width)
            if here.any():
                found[..., here] = tile.read(raster, window)[..., down[here], right[here]]
    return found
