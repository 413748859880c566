"""What a graph is made of, whoever asks for it: a request, a call or a command."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

import pandas as pd

from ..data import store
from ..data.sources.area import StudyArea
from ..data.sources.points import Points, read_points
from ..data.sources.vector import LAYER, file_of
from ..errors import InputError
from ..language import tr
from ..names import NO_WORLDCOVER


@dataclass(frozen=True)
class Table:
    """Where a table of points or polygons is.

    Parameters
    ----------
    source : path, text file or DataFrame
        A file, one layer of it (`a.gpkg|layername=b`), CSV text, or a table in memory.
    crs : str
        CRS of its coordinates; empty where a file of geometries has its own.
    coord_columns : tuple of str, optional
        Columns of x and y, of tables without geometries.
    name : str
        What a report calls it; empty for its path.
    """

    source: str | Path | TextIO | pd.DataFrame
    crs: str = ""
    coord_columns: tuple[str, str] | None = None
    name: str = ""

    @classmethod
    def of(cls, part: Mapping[str, Any]) -> Table:
        """That which a part of a request describes."""
        source: str | TextIO = str(part.get("path", ""))
        if "table" in part:
            source = io.StringIO(part["table"])
        elif "layer" in part:
            source = f"{source}{LAYER}{part['layer']}"
        return cls(source, part.get("crs", ""), part.get("coord_columns"), part.get("name", ""))


@dataclass(frozen=True)
class Measurements:
    """A table of measured values, and which of its columns are read.

    Parameters
    ----------
    table : Table
        One row a point.
    targets, covariates : tuple of str
        What to predict, and what else was measured.
    group : str, optional
        Of points that are held out together.
    """

    table: Table
    targets: tuple[str, ...]
    covariates: tuple[str, ...] = ()
    group: str | None = None

    @classmethod
    def of(cls, part: Mapping[str, Any]) -> Measurements:
        """Those that the part `points` of a request describes."""
        columns = part["targets"], part.get("covariates", ()), part.get("group")
        return cls(Table.of(part), *columns)

    def read(self) -> Points:
        """The points; see `read_points`."""
        table = self.table
        columns = self.targets, self.covariates, self.group
        return read_points(table.source, table.crs, table.coord_columns, *columns)

    @property
    def target(self) -> str:
        """The value field, of a job that takes one.

        Raises
        ------
        InputError
            If there are several.
        """
        if len(self.targets) != 1:
            raise InputError(tr("Name one value field; this takes one at a time."))
        return str(self.targets[0])


@dataclass(frozen=True)
class Inputs:
    """What a graph is made of, whoever asks for it.

    Parameters
    ----------
    points : Measurements or Points, optional
        To be read, or read already; without any the graph has no target.
    landcover : tuple of (path, int)
        Class rasters, and the band of each.
    pois : tuple of Table and str, optional
        Points of interest, and the column of their category.
    area : Table or StudyArea, optional
        The polygons that bound the map.
    grid : mapping
        As the part `grid` of a request: `template`; `bounds` and `shape`; or `cell_size`,
        `bounds` and `crs`, each of which may be left out.
    units : mapping of str to str
        Of targets.
    hypernodes : mapping of str to (Table, str) or labels
        Other types of hypernodes; see `add_hypernodes`.
    worldcover : str
        The WorldCover map to fetch where there is no raster; see `DataConfig.worldcover`.
    proxy : str
        Through which it is fetched.
    """

    points: Measurements | Points | None = None
    landcover: tuple[tuple[str | Path, int], ...] = ()
    pois: tuple[Table, str] | None = None
    area: Table | StudyArea | None = None
    grid: Mapping[str, Any] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    hypernodes: Mapping[str, tuple[Table, str] | Any] = field(default_factory=dict)
    worldcover: str = NO_WORLDCOVER
    proxy: str = ""

    @classmethod
    def of(cls, request: Mapping[str, Any], worldcover: str = NO_WORLDCOVER) -> Inputs:
        """Those of a checked request; see `jobs.request`."""
        points, pois, area = (request.get(name) for name in ("points", "poi", "area"))
        return cls(
            Measurements.of(points) if points else None,
            tuple((tile["path"], tile["band"]) for tile in request.get("landcover", ())),
            (Table.of(pois), pois["category"]) if pois else None,
            Table.of(area) if area else None,
            request.get("grid", {}),
            (points or {}).get("units", {}),
            worldcover=worldcover,
            proxy=request.get("network", {}).get("proxy", ""),
        )

    @property
    def fetches(self) -> bool:
        """Whether land cover is fetched."""
        return self.worldcover != NO_WORLDCOVER

    def checksums(self) -> dict[str, str]:
        """Of the files of its tables, by what a report calls each."""
        points = self.points.table if isinstance(self.points, Measurements) else None
        area = self.area if isinstance(self.area, Table) else None
        tables = {"points": points, "poi": self.pois and self.pois[0], "area": area}
        tables |= {kind: own[0] for kind, own in self.hypernodes.items() if isinstance(own, tuple)}
        return {
            label: checksum
            for part, table in tables.items()
            if table is not None
            for label, checksum in table_checksums(table, part).items()
        }


def table_checksums(table: Table, part: str) -> dict[str, str]:
    """The checksum of a table's file, if it is one, by its name and `part`, or its path."""
    if not isinstance(table.source, (str, Path)):
        return {}
    found = store.checksums([file_of(table.source)])
    return {f"{table.name} ({part})" if table.name else path: sum_ for path, sum_ in found.items()}
