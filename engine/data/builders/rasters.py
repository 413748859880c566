"""Rasters of any kind: opened, checked, and cut into windows."""

from __future__ import annotations

import logging
import math
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import numpy as np
import rasterio
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import DatasetReader
from rasterio.transform import Affine
from rasterio.windows import Window

from ...errors import InputError
from ...language import tr

# Rows of a window: wide windows count fastest, while low ones, in a VRT, would decode the blocks
# of its files anew for each.
_WINDOW_ROWS = 1024
# Decoded blocks that GDAL keeps: by default they grow with the raster to 5 % of the memory.
CACHE_BYTES = 64 * 2**20
# What GDAL decodes at once. A file in larger blocks costs too much memory.
_MOST_BLOCK_BYTES = 2**28
# Text of this length names what GDAL could not do.
_LONGEST_REASON = 300

# What GDAL has to say is said in errors, and no line of it goes to the terminal by itself.
logging.getLogger("rasterio").addHandler(logging.NullHandler())


@contextmanager
def open_raster(path: str | Path, owner: str) -> Iterator[DatasetReader]:
    """An opened raster.

    Parameters
    ----------
    path : path
        A file, or any name that GDAL knows.
    owner : str
        What it is called in an error, such as "the raster 'a.tif'".

    Raises
    ------
    InputError
        If it cannot be opened.
    """
    with rasterio.Env(GDAL_CACHEMAX=CACHE_BYTES):
        with reading(owner), warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            raster = rasterio.open(gdal_name(path))
        with raster:
            yield raster


@contextmanager
def reading(owner: str) -> Iterator[None]:
    """Refuses the raster `owner` if GDAL fails inside, and says why.

    Nothing but calls of GDAL belongs inside: its errors are of many classes.
    """
    try:
        yield
    except Exception as error:
        raise InputError(
            sentence(tr("{owner} cannot be read: {error}").format(owner=owner, error=cause(error)))
        ) from error


def sentence(text: str) -> str:
    """`text` with a capital at its start."""
    return text[:1].upper() + text[1:]


def cause(error: BaseException) -> str:
    """What went wrong at first, in one line; rasterio's own error often says that it failed."""
    message = str(error)
    inner = error.__cause__ or error.__context__
    while inner is not None:
        message = str(inner) or message
        inner = inner.__cause__ or inner.__context__
    line = " ".join(message.split())
    return line if len(line) <= _LONGEST_REASON else f"{line[:_LONGEST_REASON]} ..."


def gdal_name(path: str | Path) -> str:
    """The name of a raster for GDAL; a `Path` has lost one of two slashes in a row."""
    text = str(path)
    if isinstance(path, Path) and text.startswith("/vsi"):
        text = re.sub(r"(https?|ftp|s3|gs):/(?!/)", r"\1://", text)
        inside = re.match(r"/vsi(?:zip|tar|gzip|7z|rar)/(?!/|vsi)(.*)", text)
        if inside and _is_within_file(Path("/", inside[1])) and not _is_within_file(inside[1]):
            text = text.replace(inside[1], f"/{inside[1]}", 1)
    return text


def _is_within_file(path: str | Path) -> bool:
    return any(each.is_file() for each in (Path(path), *Path(path).parents))


def check_georeference(raster: DatasetReader, owner: str) -> None:
    """Refuse a raster without a CRS, or without a transform that tells where it lies.

    Raises
    ------
    InputError
        In one sentence.
    """
    with reading(owner):
        affine, crs, points, rpcs = raster.transform, raster.crs, raster.gcps[0], raster.rpcs
    plain = affine == Affine.identity()
    fault = ""
    if plain and points:
        fault = tr("{owner} has ground control points and no transform; warp it first.")
    elif plain and rpcs:
        fault = tr("{owner} has rational polynomials (RPC) and no transform; warp it first.")
    elif crs is None:
        fault = tr("{owner} has no CRS; assign one first.")
    elif plain:
        fault = tr("{owner} has no georeference, such as a world file; georeference it first.")
    elif not _is_regular(affine, raster.shape):
        fault = tr(
            "The transform of {owner} makes no sense ({numbers}); georeference the raster again."
        )
    if fault:
        numbers = ", ".join(f"{number:g}" for number in affine[:6])
        text = fault.format(owner=owner, numbers=numbers)
        raise InputError(sentence(text))


def _is_regular(affine: Affine, shape: tuple[int, int]) -> bool:
    """Whether every pixel has a position of its own, as far as float64 can tell."""
    turned = abs(affine.a * affine.e - affine.b * affine.d)
    longest = max(map(abs, (affine.a, affine.b, affine.d, affine.e)))
    corners = [affine * corner for corner in ((0, 0), (shape[1], 0), (0, shape[0]), shape[::-1])]
    return bool(
        np.isfinite([*affine[:6], turned, *np.ravel(corners)]).all()
        and turned > 1e-12 * longest * longest > 0
    )


def check_blocks(raster: DatasetReader, band: int, owner: str) -> None:
    """Refuse a raster whose blocks are too large to be decoded.

    Raises
    ------
    InputError
        In one sentence.
    """
    height, width = raster.block_shapes[band - 1]
    size = height * width * np.dtype(raster.dtypes[band - 1]).itemsize
    if size > _MOST_BLOCK_BYTES:
        text = tr(
            "{owner} is stored in blocks of {width:,} x {height:,} pixels, each of which needs "
            "{size:.1f} GiB of memory to be read; store it in tiles first, such as with "
            "gdal_translate -co TILED=YES."
        ).format(owner=owner, width=width, height=height, size=size / 2**30)
        raise InputError(sentence(text))


def windows(raster: DatasetReader, area: Window, pixels: int) -> Iterator[Window]:
    """Windows over `area`, of whole blocks, of at most `pixels` or one block."""
    rows, cols = _cuts_of(raster, area, pixels)
    for top, bottom in pairwise(rows):
        for left, right in pairwise(cols):
            yield Window(left, top, right - left, bottom - top)


def count_windows(raster: DatasetReader, area: Window, pixels: int) -> int:
    """How many `windows` there are."""
    rows, cols = _cuts_of(raster, area, pixels)
    return (len(rows) - 1) * (len(cols) - 1)


def _cuts_of(raster: DatasetReader, area: Window, pixels: int) -> tuple[list[int], list[int]]:
    block_height, block_width = raster.block_shapes[0]
    width = max(pixels // max(block_height, _WINDOW_ROWS), block_width)
    first_row, first_col = int(area.row_off), int(area.col_off)
    rows = _cuts(first_row, first_row + int(area.height), block_height, pixels // width)
    cols = _cuts(first_col, first_col + int(area.width), block_width, width)
    return rows, cols


def _cuts(first: int, last: int, block: int, longest: int) -> list[int]:
    """Both ends, and between them multiples of `block`, evenly, at most `longest` apart."""
    start = first // block * block
    blocks = math.ceil((last - start) / block)
    parts = math.ceil(blocks / max(longest // block, 1))
    step = math.ceil(blocks / parts) * block
    return [first, *range(start + step, last, step), last]


def split(window: Window, pixels: int) -> Iterator[Window]:
    """Parts of a window of at most `pixels`."""
    height, width = int(window.height), int(window.width)
    wide = min(width, pixels)
    high = max(pixels // wide, 1)
    for top in range(0, height, high):
        for left in range(0, width, wide):
            yield Window(
                window.col_off + left,
                window.row_off + top,
                min(wide, width - left),
                min(high, height - top),
            )


def decoded_pixels(raster: DatasetReader, area: Window) -> int:
    """Pixels of all the blocks that hold some of `area`."""
    pixels = 1
    for first, length, block in zip(
        (int(area.row_off), int(area.col_off)),
        (int(area.height), int(area.width)),
        raster.block_shapes[0],
    ):
        pixels *= (math.ceil((first + length) / block) - first // block) * block
    return pixels
