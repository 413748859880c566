"""Cells to polygons, with their features and measured values, and to tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyogrio
import shapely
from numpy.typing import NDArray

from ..data.builders.graph import GraphRawData
from ..data.builders.sites import Sites
from ..names import LANDCOVER, VECTOR_DRIVERS

# The GDAL of older QGIS warns of a GeoPackage of a later version.
_OPTIONS: dict[str, dict[str, Any]] = {"GPKG": {"dataset_options": {"VERSION": "1.2"}}}


def write_cells(path: Path, graph: GraphRawData) -> None:
    """Write one polygon a cell: its number, features, and targets (null where missing).

    Before the features, `dominant` is the class of land cover that most of the cell is. Cells
    that lie on no grid, whose shape nobody knows, are points.
    """
    named = zip(graph.feature_kinds, graph.feature_names, graph.features.T)
    columns = _dominant(graph)
    columns.update({f"{kind} {name}": values for kind, name, values in named})
    columns.update({f"target {name}": values for name, values in graph.targets.items()})
    _write(path, graph, _shapes(graph), {"cell": graph.cell, **columns}, "cells")


def _shapes(graph: GraphRawData) -> NDArray[np.object_]:
    """The square of each cell; its middle where it lies on no grid."""
    centres = graph.geometry.centres(graph.cell)
    if isinstance(graph.geometry, Sites):
        return shapely.points(centres)
    half_width, half_height = graph.grid.cell_width / 2, graph.grid.cell_height / 2
    x, y = centres.T
    return shapely.box(x - half_width, y - half_height, x + half_width, y + half_height)


def _dominant(graph: GraphRawData) -> dict[str, NDArray]:
    """A column with the class that most of each cell is; none without land cover."""
    landcover = graph.columns(LANDCOVER)
    if len(landcover) == 0:
        return {}
    shares = np.nan_to_num(graph.features[:, landcover])
    names = np.array([graph.feature_names[column] for column in landcover], dtype=object)
    most = names[shares.argmax(axis=1)]
    most[~shares.any(axis=1)] = None
    return {"dominant": most}


def write_points(
    path: Path,
    graph: GraphRawData,
    cells: NDArray[np.int64],
    xy: NDArray[np.float64],
    columns: Mapping[str, NDArray],
    layer: str,
) -> None:
    """Write one point a cell, at `xy` [n, 2], with these columns; null where NaN.

    `cells` are indices into `graph.cell`, and may come more than once.
    """
    _write(path, graph, shapely.points(xy), {"cell": graph.cell[cells], **columns}, layer)


def write_table(path: Path, graph: GraphRawData, columns: Mapping[str, NDArray]) -> None:
    """Write one row a cell: these columns, empty where NaN.

    As CSV they come after its middle, `lon` and `lat` where the CRS is geographic, else `x`
    and `y`; as a vector layer, see `VECTOR_DRIVERS`, with its shape and number.
    """
    if path.suffix.lower() in VECTOR_DRIVERS:
        _write(path, graph, _shapes(graph), {"cell": graph.cell, **columns}, "cells")
        return
    names = ("lon", "lat") if graph.geometry.pyproj_crs.is_geographic else ("x", "y")
    middles = dict(zip(names, graph.geometry.centres(graph.cell).T))
    pd.DataFrame({**middles, **columns}).to_csv(path, index=False)


def _write(
    path: Path,
    graph: GraphRawData,
    shapes: NDArray[np.object_],
    columns: Mapping[str, NDArray],
    layer: str,
) -> None:
    kind = shapes[0].geom_type
    write_shapes(path, graph.geometry.crs, graph.info.attribution, shapes, columns, layer, kind)


def write_shapes(
    path: Path,
    crs: str,
    attribution: str,
    shapes: NDArray[np.object_],
    columns: Mapping[str, NDArray],
    layer: str,
    kind: str,
) -> None:
    """Write a vector layer: one row a shape, with these columns; null where NaN.

    Parameters
    ----------
    path : Path
        See `VECTOR_DRIVERS`.
    crs : str
        Of the shapes.
    attribution : str
        That the data require; formats without metadata leave it out.
    shapes : object array [n]
        All of one `kind`, such as `LineString`; there may be none.
    columns : mapping of str to array [n]
        By their names.
    layer : str
        The name of the layer.
    kind : str
        The type of the shapes.
    """
    pyogrio.raw.write(
        path,
        shapely.to_wkb(shapes),
        [np.ascontiguousarray(values) for values in columns.values()],
        list(columns),
        driver=VECTOR_DRIVERS[path.suffix.lower()],
        geometry_type=kind,
        crs=crs,
        layer=layer,
        nan_as_null=True,
        layer_metadata={"ATTRIBUTION": attribution} if attribution else None,
        **_OPTIONS.get(VECTOR_DRIVERS[path.suffix.lower()], {}),
    )
