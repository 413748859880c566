"""Points and polygons from GeoPackage, GeoJSON and Shapefile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyogrio
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS

from ...errors import InputError
from ...language import tr
from ..builders.crs import parse_crs

SUFFIXES = (".gpkg", ".geojson", ".json", ".shp")
# Names that no field of a file has.
X, Y = "x of the geometry", "y of the geometry"


def is_vector(path: object) -> bool:
    """Whether a file's suffix says that it holds geometries."""
    return isinstance(path, (str, Path)) and Path(path).suffix.lower() in SUFFIXES


def read_vector(path: str | Path, crs: str = "") -> tuple[pd.DataFrame, str]:
    """Fields of each point, with its place in the columns `X` and `Y`, and their CRS.

    Every point of a multipoint is a row; a feature without geometry is a row without a
    place. Heights are left out.

    Parameters
    ----------
    path : path
        A file with one layer of points.
    crs : str
        The CRS, where the file has none.

    Raises
    ------
    InputError
        If the file cannot be read, has several layers or other geometries than points,
        or has another CRS than `crs`, or none.
    """
    meta, shapes, fields = _read(path)
    _check_points(shapes, path)
    xy, row = shapely.get_coordinates(shapes, return_index=True)
    bare = np.setdiff1d(np.arange(len(shapes)), row)
    row = np.concatenate([row, bare])
    order = np.argsort(row, kind="stable")
    table = pd.DataFrame(dict(zip(meta["fields"], fields))).iloc[row[order]]
    place = np.concatenate([xy, np.full((len(bare), 2), np.nan)])[order]
    table[X], table[Y] = place.T
    return table.reset_index(drop=True), _choose_crs(path, crs, meta["crs"])


def read_polygons(path: str | Path, crs: str = "") -> tuple[NDArray[np.object_], str]:
    """The polygons and multipolygons of a file, and their CRS; see `read_vector`."""
    meta, shapes, _ = _read(path)
    _check_polygons(shapes, path)
    return shapes, _choose_crs(path, crs, meta["crs"])


def _read(path: str | Path) -> tuple[dict[str, Any], NDArray[np.object_], list[NDArray[Any]]]:
    """What is known of the one layer of a file, its geometries, and its fields."""
    if not Path(path).is_file():
        raise InputError(tr("The file '{path}' does not exist.").format(path=path))
    try:
        layers = [name for name, kind in pyogrio.list_layers(path) if kind is not None]
        if len(layers) > 1:
            raise InputError(
                tr("'{path}' has several layers ({layers}); give a file with one.").format(
                    path=path, layers=", ".join(layers)
                )
            )
        meta, _, geometry, fields = pyogrio.raw.read(path, force_2d=True)
    except (DataSourceError, DataLayerError, UnicodeDecodeError) as error:
        raise InputError(
            tr("The file '{path}' cannot be read: {error}.").format(path=path, error=error)
        ) from error
    if geometry is None:
        raise InputError(
            tr("'{path}' has no geometries; give a layer with geometries.").format(path=path)
        )
    return meta, shapely.from_wkb(geometry), fields


def _check_points(shapes: NDArray[np.object_], path: str | Path) -> None:
    others = _others(shapes, shapely.GeometryType.POINT, shapely.GeometryType.MULTIPOINT)
    if len(others):
        name = shapely.GeometryType(others[0]).name.lower()
        raise InputError(
            tr(
                "'{path}' has {count} geometries that are no points (such as a {name}); give "
                "points, such as the polygons' centroids."
            ).format(path=path, count=len(others), name=name)
        )


def _check_polygons(shapes: NDArray[np.object_], path: str | Path) -> None:
    others = _others(shapes, shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
    if len(others):
        raise InputError(
            tr(
                "'{path}' has {count} geometries that are no polygons (such as a {name}); give "
                "the polygons of the study area."
            ).format(
                path=path, count=len(others), name=shapely.GeometryType(others[0]).name.lower()
            )
        )


def _others(shapes: NDArray[np.object_], *kinds: shapely.GeometryType) -> NDArray[np.integer]:
    """The kinds of the geometries that are there and of no kind among `kinds`."""
    found = shapely.get_type_id(shapes)
    return found[~np.isin(found, (-1, *kinds))]


def _choose_crs(path: str | Path, given: str, own: str | None) -> str:
    if not own:
        return given
    if given and not parse_crs(given, f"'{path}'").equals(
        CRS.from_user_input(own), ignore_axis_order=True
    ):
        raise InputError(
            tr(
                "The CRS was given as '{given}', but that of '{path}' is '{own}'; leave it out."
            ).format(given=given, path=path, own=own)
        )
    return own
