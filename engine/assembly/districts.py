"""Polygons as measurements, as a request or a call names them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..config.checks import FILE
from ..data.sources.geometries import crs_in
from ..data.sources.located import Table
from ..data.sources.points import Points
from ..errors import InputError, shown
from ..language import tr
from ..names import MEAN_OF_CELLS, STATISTICS, TOTAL_OF_CELLS
from .given import crs_text, frame_points, read_frame
from .inputs import Measurements


@dataclass(frozen=True)
class Districts:
    """Polygons with measured values.

    Parameters
    ----------
    table : Table
        The polygons.
    target : str
        The column of their values.
    support : str
        Whether a value is the `mean` of the polygon's cells or their `total`.
    keep : bool
        Whether the map has exactly these values.
    weight : tuple of path and int, optional
        A raster and its band: means are those of cells weighted by it.
    points : Measurements or Points, optional
        Values of the same quantity at points.
    """

    table: Table
    target: str
    support: str = MEAN_OF_CELLS
    keep: bool = False
    weight: tuple[Any, int] | None = None
    points: Measurements | Points | None = None

    @classmethod
    def of(cls, request: Mapping[str, Any]) -> Districts:
        """Those that the part `points` of a request describes."""
        part = request["points"]
        support = part["support"]
        beside = request.get("beside")
        raster = part.get("weight")
        return cls(
            Table.of(part),
            Measurements.of(part).target,
            support,
            part.get("keep", support == TOTAL_OF_CELLS),
            (raster["path"], raster["band"]) if raster else None,
            Measurements.of(beside) if beside else None,
        )


def districts_of(
    polygons: tuple[Any, Any, Sequence[str]],
    support: str,
    keep: bool | None,
    weight: str | Path | None,
    points: tuple[Any, Any],
) -> Districts:
    """Those of a call in Python.

    Parameters
    ----------
    polygons : object, object, sequence of str
        Their table or its file, the CRS of what has none, and the names of the targets.
    support, keep, weight
        As of `GeoHGInterpolator.from_dataframe`.
    points : object, object
        A table of points, or None, and its columns of x and y.

    Raises
    ------
    InputError
        Naming what cannot be used.
    """
    source, crs, targets = polygons
    if support not in STATISTICS:
        raise InputError(
            tr("'support' must be one of {known}, got {value}.").format(
                known=", ".join(STATISTICS), value=shown(support)
            )
        )
    if len(targets) != 1:
        raise InputError(tr("Name one value field; this takes one at a time."))
    beside, columns = points
    if beside is not None:
        table, found, columns = read_frame(beside, crs, columns, None)
        beside = frame_points(table, found, columns, targets, (), None)[0]
    table = Table(source, crs_in(source) or crs_text(crs))
    raster = None if weight is None else (FILE.check(weight, "weight"), 1)
    kept = support == TOTAL_OF_CELLS if keep is None else keep
    return Districts(table, targets[0], support, kept, raster, beside)
