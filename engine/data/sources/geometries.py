"""Geometries that a program has: in a file, in GeoPandas, or of shapely.

GeoPandas is not imported: what it gives is known by what it has.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from ...errors import InputError
from ...language import tr
from ..builders.crs import parse_crs
from .vector import Features, features_of, is_vector, own_crs


def features_in(source: object, crs: str = "") -> Features | None:
    """The features of a file, a GeoDataFrame, a GeoSeries or geometries of shapely.

    Parameters
    ----------
    source : object
        Tables without geometries and arrays of numbers are allowed too.
    crs : str
        The CRS of what has none of its own. A file must not have another.

    Returns
    -------
    Features or None
        None if `source` is something else.

    Raises
    ------
    InputError
        If a file cannot be read, or a GeoDataFrame has no geometry column that is in use.
    """
    if is_vector(source):
        return features_of(source, crs)  # type: ignore[arg-type]
    if is_geopandas(source):
        return _of_geopandas(source, crs)
    shapes = _of_shapely(source)
    return None if shapes is None else Features(shapes, pd.DataFrame(index=range(len(shapes))), crs)


def is_geopandas(source: object) -> bool:
    """Whether it is a GeoDataFrame or a GeoSeries."""
    return isinstance(source, (pd.DataFrame, pd.Series)) and hasattr(type(source), "geometry")


def crs_in(source: object) -> str:
    """The CRS that a file or a table of geometries has of its own; empty if none."""
    if is_vector(source):
        return own_crs(source)  # type: ignore[arg-type]
    if not is_geopandas(source):
        return ""
    own = getattr(source, "crs", None)
    return parse_crs(own, tr("the geometries")).to_string() if own is not None else ""


def name_of(source: object) -> str:
    """What an error calls a source: its path, or its type."""
    return str(source) if isinstance(source, (str, Path)) else type(source).__name__


def _of_geopandas(source: Any, crs: str) -> Features:
    try:
        geometry = source.geometry
    except AttributeError as error:
        raise InputError(
            tr("The GeoDataFrame has no geometry column in use; choose one with set_geometry.")
        ) from error
    shapes = np.asarray(geometry, dtype=object)
    fields = pd.DataFrame(index=range(len(source)))
    if isinstance(source, pd.DataFrame):
        kept = [str(dtype) != "geometry" for dtype in source.dtypes]
        fields = pd.DataFrame(source.loc[:, kept]).reset_index(drop=True)
        fields.columns = pd.Index([str(name).strip() for name in fields.columns], dtype=object)
    return Features(shapely.force_2d(shapes), fields, crs_in(source) or crs)


def _of_shapely(source: Any) -> NDArray[np.object_] | None:
    """Geometries as an array; None for anything else."""
    if isinstance(source, BaseGeometry):
        return np.array([source], dtype=object)
    if not isinstance(source, (list, tuple, np.ndarray)) or len(source) == 0:
        return None
    first = source[0]
    if not isinstance(first, BaseGeometry):
        return None
    shapes = np.empty(len(source), dtype=object)
    shapes[:] = list(source)
    if not (shapely.is_geometry(shapes) | shapely.is_missing(shapes)).all():
        return None
    return shapes
