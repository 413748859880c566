"""Points and polygons from GeoPackage, GeoJSON and Shapefile."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyogrio
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS
from shapely.errors import GEOSException

from ...errors import InputError
from ...language import tr
from ..builders.crs import parse_crs
from .located import LAYER
from .tables import HIDDEN

SUFFIXES = (".gpkg", ".geojson", ".json", ".shp")
# What the columns of the positions are called, unless a field is.
X, Y = "x of the geometry", "y of the geometry"
# Behind the path of a file, as QGIS writes it, stands which of its layers is meant.
_LAYER_NUMBER = "|layerid="
# Files in archives or on servers, whose paths only GDAL knows.
_VIRTUAL = "/vsi"


@dataclass(frozen=True)
class Features:
    """Geometries with fields.

    Parameters
    ----------
    shapes : object array [M]
        Of shapely, None where one is missing.
    fields : DataFrame
        One row a geometry; an index called `feature` has the numbers that a file gives them.
    crs : str
        CRS of the geometries; empty if unknown.
    """

    shapes: NDArray[np.object_]
    fields: pd.DataFrame
    crs: str


def is_vector(path: object) -> bool:
    """Whether a file's suffix says that it holds geometries; a layer may stand behind it."""
    return isinstance(path, (str, Path)) and Path(file_of(path)).suffix.lower() in SUFFIXES


def file_of(path: str | Path) -> str:
    """The file of a path that may name a layer in it: `a.gpkg` of `a.gpkg|layername=b`."""
    text = str(path)
    return text if Path(text).is_file() else text.split("|", 1)[0]


def free_names(*wanted: str, taken: Iterable[object]) -> tuple[str, ...]:
    """These names, made longer until no column has them."""
    known = {str(name).strip() for name in taken}
    tail = ""
    while known & {name + tail for name in wanted}:
        tail += "_"
    return tuple(name + tail for name in wanted)


def point_table(features: Features, path: object) -> pd.DataFrame:
    """Fields of each point, with its position in the columns `attrs[HIDDEN]`.

    Every point of a multipoint is a row; a feature without geometry is a row without a
    position. Heights are left out.

    Parameters
    ----------
    features : Features
        The points.
    path : object
        Whose features they are, for errors.

    Raises
    ------
    InputError
        If there are other geometries than points.
    """
    shapes = features.shapes
    check_points(shapes, path)
    xy, row = shapely.get_coordinates(shapes, return_index=True)
    bare = np.setdiff1d(np.arange(len(shapes)), row)
    row = np.concatenate([row, bare])
    order = np.argsort(row, kind="stable")
    table = features.fields.iloc[row[order]].copy()
    coord_columns = free_names(X, Y, taken=table.columns)
    positions = np.concatenate([xy, np.full((len(bare), 2), np.nan)])[order]
    for name, values in zip(coord_columns, positions.T):
        table[name] = values
    table.attrs[HIDDEN] = coord_columns
    return table


def features_of(path: str | Path, crs: str = "") -> Features:
    """The features of a layer of a file.

    Parameters
    ----------
    path : path
        A file with one layer of geometries, or of several the one that `|layername=` behind
        the path names. Tables without geometries do not count.
    crs : str
        The CRS, where the file has none.

    Raises
    ------
    InputError
        If the file cannot be read, has several layers, or has another CRS than `crs`.
    """
    meta, shapes, number, fields = _read(path)
    index = pd.Index(number, name="feature")
    columns = [pd.Series(values, index=index, dtype=values.dtype) for values in fields]
    table = pd.concat(columns, axis=1) if columns else pd.DataFrame(index=index)
    table.columns = pd.Index([str(name).strip() for name in meta["fields"]], dtype=object)
    return Features(shapes, table, _choose_crs(path, crs, meta["crs"]))


def own_crs(path: str | Path) -> str:
    """The CRS that a file of geometries has; empty where it has none, or is not there."""
    file = file_of(path)
    try:
        return pyogrio.read_info(file, layer=_choose_layer(path, file))["crs"] or ""
    except (DataSourceError, DataLayerError):
        return ""  # whoever reads it says what is wrong


def _read(
    path: str | Path,
) -> tuple[dict[str, Any], NDArray[np.object_], NDArray[np.integer], list[NDArray[Any]]]:
    """What is known of a layer of a file, its geometries, their numbers, and its fields."""
    file = file_of(path)
    if not file.startswith(_VIRTUAL) and not Path(file).is_file():
        raise InputError(tr("The file '{path}' does not exist.").format(path=file))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what is left out: heights, measures
            layer = _choose_layer(path, file)
            meta, number, geometry, fields = pyogrio.raw.read(
                file, layer=layer, force_2d=True, return_fids=True
            )
            shapes = None if geometry is None else shapely.from_wkb(geometry)
    except (DataSourceError, DataLayerError, UnicodeDecodeError, GEOSException) as error:
        raise InputError(
            tr("The file '{path}' cannot be read: {error}.").format(
                path=file, error=" ".join(str(error).split()).rstrip(".")
            )
        ) from error
    if shapes is None:
        raise InputError(
            tr("'{path}' has no geometries; give a layer with geometries.").format(path=path)
        )
    return meta, shapes, number, fields


def _choose_layer(path: str | Path, file: str) -> str | None:
    """The layer that a path names, or else the only one with geometries; None for the first."""
    known = pyogrio.list_layers(file)
    wanted = str(path)[len(file) :]
    if wanted.startswith(LAYER):
        name = wanted.removeprefix(LAYER).split("|")[0]
    elif wanted.startswith(_LAYER_NUMBER) and wanted.removeprefix(_LAYER_NUMBER).isdecimal():
        number = int(wanted.removeprefix(_LAYER_NUMBER))
        name = str(known[number][0]) if number < len(known) else str(number)
    elif wanted:
        raise InputError(
            tr(
                "'{path}' is more than a file and a layer; write it as '{file}|layername=...'."
            ).format(path=path, file=file)
        )
    else:
        layers = [str(name) for name, kind in known if kind is not None]
        if len(layers) > 1:
            raise InputError(
                tr(
                    "'{path}' has several layers ({layers}); give a file with one, or name one as "
                    "in '{path}|layername={first}'."
                ).format(path=file, layers=", ".join(layers), first=layers[0])
            )
        return layers[0] if layers else None
    if name not in [str(own) for own, _ in known]:
        raise InputError(
            tr("'{path}' has no layer '{name}'; it has: {known}.").format(
                path=file, name=name, known=", ".join(str(own) for own, _ in known)
            )
        )
    return name


def check_points(shapes: NDArray[np.object_], path: object) -> None:
    """Refuse other geometries than points and multipoints, and NULL."""
    others = _others(shapes, shapely.GeometryType.POINT, shapely.GeometryType.MULTIPOINT)
    if len(others):
        raise InputError(
            tr(
                "'{path}' has {count} geometries that are not points (such as a {name}); give "
                "points, such as the polygons' centroids. Interpolate reads polygons where "
                "'support' says what their values are."
            ).format(path=path, count=len(others), name=_kind(others[0]))
        )


def check_polygons(shapes: NDArray[np.object_], path: object) -> None:
    """Refuse other geometries than polygons and multipolygons, and NULL."""
    others = _others(shapes, shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
    if len(others):
        raise InputError(
            tr(
                "'{path}' has {count} geometries that are not polygons (such as a {name}); give "
                "polygons."
            ).format(path=path, count=len(others), name=_kind(others[0]))
        )


def _kind(number: int) -> str:
    """What a type of geometry is called; shapely has no name for curves."""
    known = {kind.value: kind.name.lower() for kind in shapely.GeometryType}
    return known.get(int(number), "curve")


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
