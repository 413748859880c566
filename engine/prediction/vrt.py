"""A virtual raster of GDAL over the parts of a map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np

from ..data.builders.grid import Grid

_TYPES = {"float32": "Float32", "float64": "Float64"}


@dataclass(frozen=True)
class Band:
    """A band of the raster.

    Parameters
    ----------
    description, unit : str
        What it holds.
    source : int
        The band of the parts that it is.
    tags : mapping of str to str
        Its metadata.
    colours : sequence of four int
        Of a band of the numbers of classes, which are bytes: the colour of each, from 0, which is
        nodata. Empty for floats, whose nodata is NaN.
    """

    description: str
    unit: str
    source: int
    tags: Mapping[str, str]
    colours: Sequence[tuple[int, int, int, int]] = ()


def write_vrt(
    path: Path,
    grid: Grid,
    bands: Iterable[Band],
    parts: Mapping[str, Sequence[int]],
    dtype: np.dtype[np.floating],
    tags: Mapping[str, str],
) -> None:
    """Write a virtual raster with NaN as nodata, or 0 of classes.

    Parameters
    ----------
    path : Path
        Where to write.
    grid : Grid
        Where the cells are.
    bands : iterable of Band
        In their order.
    parts : mapping of str to four int
        First and last row, first and last column of each part in the grid, the last ones not in
        it, by the name of its file from the folder of `path`.
    dtype : numpy.dtype
        Of all parts, and of bands of floats.
    tags : mapping of str to str
        More metadata of the file.
    """
    affine = grid.transform
    numbers = (affine.c, affine.a, affine.b, affine.f, affine.d, affine.e)
    lines = [
        f'<VRTDataset rasterXSize="{grid.cols}" rasterYSize="{grid.rows}">',
        f"<SRS>{escape(grid.pyproj_crs.to_wkt())}</SRS>",
        f"<GeoTransform>{', '.join(map(repr, map(float, numbers)))}</GeoTransform>",
        *_metadata(tags),
    ]
    for number, band in enumerate(bands, 1):
        lines += [
            f'<VRTRasterBand dataType="{_type_of(band, dtype)}" band="{number}">',
            f"<Description>{escape(band.description)}</Description>",
            f"<UnitType>{escape(band.unit)}</UnitType>",
            f"<NoDataValue>{0 if band.colours else 'nan'}</NoDataValue>",
            *_metadata(band.tags),
            *_colours(band),
        ]
        lines += [_source(name, window, band.source) for name, window in parts.items()]
        lines += ["</VRTRasterBand>"]
    path.write_text("\n".join([*lines, "</VRTDataset>", ""]), encoding="utf-8")


def _type_of(band: Band, dtype: np.dtype[np.floating]) -> str:
    return "Byte" if band.colours else _TYPES[dtype.name]


def _colours(band: Band) -> list[str]:
    if not band.colours:
        return []
    entries = ['<Entry c1="{}" c2="{}" c3="{}" c4="{}"/>'.format(*own) for own in band.colours]
    return ["<ColorInterp>Palette</ColorInterp>", "<ColorTable>", *entries, "</ColorTable>"]


def _metadata(tags: Mapping[str, str]) -> list[str]:
    items = [f'<MDI key="{escape(key)}">{escape(text)}</MDI>' for key, text in tags.items()]
    return ["<Metadata>", *items, "</Metadata>"]


def _source(name: str, window: Sequence[int], band: int) -> str:
    row0, row1, col0, col1 = window
    size = f'xSize="{col1 - col0}" ySize="{row1 - row0}"'
    return (
        f'<SimpleSource><SourceFilename relativeToVRT="1">{escape(name)}</SourceFilename>'
        f'<SourceBand>{band}</SourceBand><SrcRect xOff="0" yOff="0" {size}/>'
        f'<DstRect xOff="{col0}" yOff="{row0}" {size}/></SimpleSource>'
    )
