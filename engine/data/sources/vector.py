"""Points from GeoPackage, GeoJSON and Shapefile."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS

from ...errors import InputError
from ...language import tr
from ..builders.grid import parse_crs

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
            tr("'{path}' has no geometries; give a layer of points.").format(path=path)
        )
    shapes = shapely.from_wkb(geometry)
    _check_points(shapes, path)
    xy, row = shapely.get_coordinates(shapes, return_index=True)
    bare = np.setdiff1d(np.arange(len(shapes)), row)
    row = np.concatenate([row, bare])
    order = np.argsort(row, kind="stable")
    table = pd.DataFrame(dict(zip(meta["fields"], fields))).iloc[row[order]]
    place = np.concatenate([xy, np.full((len(bare), 2), np.nan)])[order]
    table[X], table[Y] = place.T
    return table.reset_index(drop=True), _choose_crs(path, crs, meta["crs"])


def _check_points(shapes: np.ndarray, path: str | Path) -> None:
    kinds = shapely.get_type_id(shapes)
    points = (-1, shapely.GeometryType.POINT, shapely.GeometryType.MULTIPOINT)
    others = kinds[~np.isin(kinds, points)]
    if len(others):
        name = shapely.GeometryType(others[0]).name.lower()
        raise InputError(
            tr(
                "'{path}' has {count} geometries that are no points (such as a {name}); give "
                "points, such as the polygons' centroids."
            ).format(path=path, count=len(others), name=name)
        )


def _choose_crs(path: str | Path, given: str, own: str | None) -> str:
    if not own:
        return given
    if given and not parse_crs(given, tr("the points")).equals(
        CRS.from_user_input(own), ignore_axis_order=True
    ):
        raise InputError(
            tr(
                "The CRS was given as '{given}', but that of '{path}' is '{own}'; leave it out."
            ).format(given=given, path=path, own=own)
        )
    return own
