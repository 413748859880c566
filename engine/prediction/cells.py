"""Cells to polygons, with their features and measured values, and to tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import shapely
from numpy.typing import NDArray

from ..data.builders.graph import GraphRawData
from ..errors import OutputError
from ..language import tr

_DRIVERS = {
    ".gpkg": "GPKG",
    ".shp": "ESRI Shapefile",
    ".geojson": "GeoJSON",
    ".fgb": "FlatGeobuf",
}


def check_vector_format(path: Path) -> str:
    """The driver for a vector file.

    Raises
    ------
    OutputError
        If its suffix is not a known one.
    """
    if path.suffix.lower() not in _DRIVERS:
        known = ", ".join(_DRIVERS)
        raise OutputError(
            tr("'{path}' has an unknown vector format; end its name with {known}.").format(
                path=path, known=known
            )
        )
    return _DRIVERS[path.suffix.lower()]


def write_cells(path: Path, graph: GraphRawData) -> None:
    """Write one polygon a cell: its number, features, and targets (null where missing)."""
    half_width, half_height = graph.grid.cell_width / 2, graph.grid.cell_height / 2
    x, y = graph.grid.centres(graph.cell).T
    boxes = shapely.box(x - half_width, y - half_height, x + half_width, y + half_height)
    columns: dict[str, NDArray] = {"cell": graph.cell}
    named = zip(graph.feature_kinds, graph.feature_names, graph.features.T)
    columns.update({f"{kind} {name}": values for kind, name, values in named})
    columns.update({f"target {name}": values for name, values in graph.targets.items()})
    pyogrio.raw.write(
        path,
        shapely.to_wkb(boxes),
        [np.ascontiguousarray(values) for values in columns.values()],
        list(columns),
        driver=check_vector_format(path),
        geometry_type="Polygon",
        crs=graph.grid.crs,
        layer="cells",
        nan_as_null=True,
    )


def write_points(
    path: Path,
    graph: GraphRawData,
    cells: NDArray[np.int64],
    columns: Mapping[str, NDArray],
    layer: str,
) -> None:
    """Write one point a cell, in its middle, with these columns; null where NaN.

    `cells` are indices into `graph.cell`, and may come more than once.
    """
    numbers = graph.cell[cells]
    columns = {"cell": numbers, **columns}
    pyogrio.raw.write(
        path,
        shapely.to_wkb(shapely.points(graph.places.centres(numbers))),
        [np.ascontiguousarray(values) for values in columns.values()],
        list(columns),
        driver=check_vector_format(path),
        geometry_type="Point",
        crs=graph.places.crs,
        layer=layer,
        nan_as_null=True,
    )


def write_table(path: Path, graph: GraphRawData, columns: Mapping[str, NDArray]) -> None:
    """Write one row a cell as CSV: its middle, then these columns, empty where NaN.

    The middle is `lon` and `lat` where the CRS is geographic, else `x` and `y`.
    """
    names = ("lon", "lat") if graph.places.pyproj_crs.is_geographic else ("x", "y")
    middles = dict(zip(names, graph.places.centres(graph.cell).T))
    pd.DataFrame({**middles, **columns}).to_csv(path, index=False)
