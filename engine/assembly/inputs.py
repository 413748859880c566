"""What a graph is made of, whoever asks for it: a request, a call or a command."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..config.schema import DataConfig
from ..data import store
from ..data.sources.area import StudyArea
from ..data.sources.classpoints import ClassPoints
from ..data.sources.ground import Source
from ..data.sources.located import Table
from ..data.sources.points import Points, read_points
from ..data.sources.registry import SOURCES, make_sources
from ..data.sources.vector import file_of
from ..errors import InputError
from ..language import tr

if TYPE_CHECKING:
    from typing_extensions import Self


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
    def of(cls, part: Mapping[str, Any]) -> Self:
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
class ClassMeasurements(Measurements):
    """As `Measurements`, whose one target is the name of a class."""

    @cached_property
    def classes(self) -> ClassPoints:
        """The points with their classes; read once."""
        return ClassPoints.read(self.table, self.target, self.covariates, self.group)

    def read(self) -> Points:
        """The points, whose values are the numbers of classes."""
        return self.classes.points


@dataclass(frozen=True)
class Inputs:
    """What a graph is made of, whoever asks for it.

    Parameters
    ----------
    points : Measurements or Points, optional
        To be read, or read already; without any the graph has no target.
    sources : tuple of Source
        What is known of the ground.
    area : Table or StudyArea, optional
        The polygons that bound the map.
    grid : mapping
        As the part `grid` of a request: `template`; `bounds` and `shape`; or `cell_size`, `bounds`
        and `crs`, each of which may be left out. Or, as `grid`, a `Grid`.
    units : mapping of str to str
        Of targets.
    names : mapping of str to str
        What a report calls files that have a name of their own.
    named : mapping
        As JSON, `parts` of a request and options of the `data` that name the sources and the area:
        other processes make these of them.
    """

    points: Measurements | Points | None = None
    sources: tuple[Source, ...] = ()
    area: Table | StudyArea | None = None
    grid: Mapping[str, Any] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    named: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, request: Mapping[str, Any], data: DataConfig | None = None) -> Inputs:
        """Those of a checked request; see `jobs.request`."""
        points, pois, area = (request.get(name) for name in ("points", "poi", "area"))
        called = [(part, "poi") for part in [pois] if part and part.get("name")]
        data = data or DataConfig()
        parts = {n: request[n] for n in (*SOURCES, "area", "network") if n in request}
        return cls(
            Measurements.of(points) if points else None,
            make_sources(request, data, request.get("network", {}).get("proxy", "")),
            Table.of(area) if area else None,
            request.get("grid", {}),
            (points or {}).get("units", {}),
            {part["path"]: f"{part['name']} ({kind})" for part, kind in called if "path" in part},
            {"parts": parts, "data": dataclasses.asdict(data)},
        )

    def checksums(self, files: Iterable[str | Path]) -> dict[str, str]:
        """Of the files of sources and of its tables, by what a report calls each."""
        points = self.points.table if isinstance(self.points, Measurements) else None
        area = self.area if isinstance(self.area, Table) else None
        found = {
            label: checksum
            for part, table in {"points": points, "area": area}.items()
            if table is not None
            for label, checksum in table_checksums(table, part).items()
        }
        return found | {
            self.names.get(path, path): checksum
            for path, checksum in store.checksums(map(file_of, files)).items()
        }


def table_checksums(table: Table, part: str) -> dict[str, str]:
    """The checksum of a table's file, if it is one, by its name and `part`, or its path."""
    if not isinstance(table.source, (str, Path)):
        return {}
    found = store.checksums([file_of(table.source)])
    return {f"{table.name} ({part})" if table.name else path: sum_ for path, sum_ in found.items()}
