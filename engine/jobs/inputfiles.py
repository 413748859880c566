"""Which files a request reads, and which names it gives to files in folders."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import rasterio
from rasterio.errors import RasterioError

from ..data.sources.city import city_files
from ..data.sources.city_csv import DESCRIPTION, GRAPH_FILES
from ..data.sources.city_download import GRAPHS, TARGETS
from ..names import PRETRAIN
from ..originals import named_files
from .request import Request, input_paths


def input_files(request: Request, more: Iterable[str | Path | None] = ()) -> set[Path]:
    """The files that a request names as inputs, and those behind them, as far as they exist.

    Parameters
    ----------
    request : mapping
        See `jobs.run`; checked.
    more : iterable of path
        Other files that say what to do, such as one of settings.
    """
    read = input_paths(request)
    if request["job"] == PRETRAIN:  # it makes an encoder, and starts from none
        read.pop("model.pretrained_gnn", None)
    behind = raster_files(read.values())
    return named_files([*read.values(), *more]) | behind | _city_files(request)


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


def folder_names(request: Request) -> dict[str, list[str]]:
    """The outputs that are folders, and the names of files that are known to be put in each."""
    tables = [*GRAPH_FILES, *request.get("points", {}).get("targets", ())]
    return {"city": [DESCRIPTION, *(f"{name}.csv" for name in tables)], "plots": []}


def _city_files(request: Request) -> set[Path]:
    """The files of the city that a request names, or of its folders."""
    data = request.get("data", {})
    city, root = data.get("city"), os.environ.get("GEOHG_DATA")
    folders = [request.get("folder"), request.get("target_folder")]
    if city and "graph" not in request:
        roots = [data.get("prebuilt_dir"), data.get("downstream_dir")]
        roots += [Path(root, GRAPHS), Path(root, TARGETS)] if root else []
        folders += [Path(each, city) for each in roots if each]
    known = [Path(folder) for folder in folders if folder]
    return {file for each in known for file in city_files(each, data.get("task", ""))}
