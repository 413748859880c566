"""Which files a request reads, and which names it gives to files in folders."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import rasterio
from rasterio.errors import RasterioError

from . import schema
from .data.sources.city import city_files
from .data.sources.city_csv import DESCRIPTION, GRAPH_FILES
from .data.sources.city_download import GRAPHS, TARGETS
from .originals import named_files

# What a request names that its job does not read: where to write, and what it says of itself.
_NOT_READ = ("outputs", "output", "version", "job")


def input_files(request: Mapping[str, Any], more: Iterable[str | Path | None] = ()) -> set[Path]:
    """The files that a request names as inputs, and those behind them, as far as they exist.

    Parameters
    ----------
    request : mapping
        See `jobs.run`; unchecked.
    more : iterable of path
        Other files that say what to do, such as one of settings.
    """
    read = {name: part for name, part in request.items() if name not in _NOT_READ}
    if request.get("job") == schema.PRETRAIN:  # it makes an encoder, and starts from none
        read["model"] = {**_part(request, "model"), "pretrained_gnn": ""}
    tiles = request.get("landcover")
    tiles = tiles if isinstance(tiles, (list, tuple)) else []
    rasters = [tile.get("path") for tile in tiles if isinstance(tile, Mapping)]
    behind = raster_files([*rasters, _part(request, "grid").get("template")])
    return named_files([read, *more]) | behind | _city_files(request)


def raster_files(names: Iterable[Any]) -> set[Path]:
    """The files of rasters, with those that they are made of; none of what is no raster."""
    found: set[Path] = set()
    for name in names:
        # What lies elsewhere is read once, later.
        if not isinstance(name, (str, Path)) or not named_files(name):
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                with rasterio.open(name) as raster:
                    found |= named_files(raster.files)
        except (RasterioError, ValueError):
            continue  # told by who reads it
    return found


def folder_names(request: Mapping[str, Any]) -> dict[str, list[str]]:
    """The outputs that are folders, and the names of files that are known to be put in each."""
    targets = _part(request, "points").get("targets")
    tables = [*GRAPH_FILES, *(map(str, targets) if isinstance(targets, (list, tuple)) else ())]
    return {"city": [DESCRIPTION, *(f"{name}.csv" for name in tables)], "plots": []}


def _city_files(request: Mapping[str, Any]) -> set[Path]:
    """The files of the city that a request names, or of its folders."""
    data = _part(request, "data")
    city, root = data.get("city"), os.environ.get("GEOHG_DATA")
    folders = [request.get("folder"), request.get("target_folder")]
    if city and isinstance(city, str) and not request.get("graph"):
        roots = [data.get("prebuilt_dir"), data.get("downstream_dir")]
        roots += [Path(root, GRAPHS), Path(root, TARGETS)] if root else []
        folders += [Path(each, city) for each in roots if isinstance(each, (str, Path)) and each]
    known = [Path(folder) for folder in folders if isinstance(folder, (str, Path)) and folder]
    task = data.get("task")
    return {file for each in known for file in city_files(each, task if task else "")}


def _part(request: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A part of an unchecked request, empty where it is no mapping."""
    part = request.get(name)
    return part if isinstance(part, Mapping) else {}
