"""The values of polygons, and their export to tables and layers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyogrio
import shapely
from numpy.typing import NDArray

from ..data.sources.polygons import Polygons
from ..language import tr
from ..names import VECTOR_DRIVERS
from ..progress import Progress

Array = NDArray[np.float64]

# Columns that a layer has of its own.
_KEPT = ("fid", "geom", "geometry")


@dataclass(frozen=True, eq=False)
class PolygonValues:
    """The mean or total of the cells of each polygon; NaN where it has no cell.

    Parameters
    ----------
    polygons : Polygons
        The n polygons.
    target, unit, statistic : str
        What was predicted; its unit, empty if unknown; `mean` or `total`.
    level : float
        Share of such values that the intervals should contain.
    value, std, lower, upper : float64 array [n]
        The value, its standard deviation and interval: of what one new measurement in every
        cell would give.
    above : dict of float to float64 array [n]
        Probability that the value exceeds each threshold.
    applicable : float64 array [n]
        Share of the polygon's cells inside the area of applicability.
    cells : float64 array [n]
        How many cells it has, in parts.
    covered : float64 array [n]
        Share of its area that they cover.
    """

    polygons: Polygons
    target: str
    unit: str
    statistic: str
    level: float
    value: Array
    std: Array
    lower: Array
    upper: Array
    above: Mapping[float, Array]
    applicable: Array
    cells: Array
    covered: Array

    def columns(self) -> dict[str, Array]:
        """The columns of a table, by name: `<target>_mean` or `_total`, `<target>_std` ..."""
        named = {self.statistic: self.value, "std": self.std}
        named |= {"lower": self.lower, "upper": self.upper}
        named |= {f"above_{threshold:.12g}": share for threshold, share in self.above.items()}
        named |= {"applicable": self.applicable, "cells": self.cells, "covered": self.covered}
        return {f"{self.target}_{name}": values for name, values in named.items()}

    def to_dataframe(self) -> pd.DataFrame:
        """One row a polygon: its own fields, and `columns`, whose names come first."""
        return self._own_fields().assign(**self.columns())

    def save(self, path: str | Path) -> None:
        """Write a table (`.csv`), or a layer of the polygons (`.gpkg`, `.geojson`, `.fgb`)."""
        path, table = Path(path), self.to_dataframe()
        if path.suffix.lower() not in VECTOR_DRIVERS:
            table.to_csv(path, index=False)
            return
        pyogrio.raw.write(
            path,
            shapely.to_wkb(self.polygons.shapes),
            [_plain(table[name]) for name in table],
            [str(name) for name in table],
            driver=VECTOR_DRIVERS[path.suffix.lower()],
            geometry_type="MultiPolygon",
            promote_to_multi=True,
            crs=self.polygons.crs,
            layer="polygons",
            nan_as_null=True,
        )

    def warn_of_names(self, progress: Progress) -> None:
        """Say which fields of the polygons are left out, since a column has their name."""
        left = set(self.polygons.fields.columns) - set(self._own_fields().columns) - {*_KEPT}
        if left:
            text = tr("Fields of '{name}' are replaced by results of the same name: {names}.")
            progress.warning(
                text.format(name=self.polygons.name, names=", ".join(sorted(map(str, left))))
            )

    def _own_fields(self) -> pd.DataFrame:
        taken = {name.casefold() for name in (*self.columns(), *_KEPT)}
        fields = self.polygons.fields
        return fields[[name for name in fields if str(name).casefold() not in taken]]


def _plain(column: pd.Series) -> NDArray[Any]:
    """A column as a file of features takes it."""
    if column.dtype == object:
        return np.array([None if pd.isna(each) else str(each) for each in column], dtype=object)
    return np.ascontiguousarray(column)
