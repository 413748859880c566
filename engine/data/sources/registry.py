"""The kinds of sources of the ground that a graph is made of: one line each in `SOURCES`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...config.checks import FILE, Many, Single
from ...config.parts import POINT_TABLE, RASTER, TEXT, Part, check_point_table
from ...errors import InputError, shown
from ...language import tr
from ...names import ENTITY
from .classes import ClassRaster
from .continuous import ContinuousRaster
from .distances import Distance
from .ground import Source
from .poi import Pois
from .vector import LAYER, Table
from .zones import Labels, Zones

# What may stand before the file in a flag: the name of a source, and that of a column.
_NAMED = re.compile(r"(\w[\w ]*)(?::([^=]+))?=(.+)", re.DOTALL)
_BAND = Single(int, low=1, high=65_535)
_LAYER = {"path": FILE, "layer": TEXT, "crs": TEXT}


@dataclass(frozen=True)
class Flag:
    """A flag of the command line that names one source as `[NAME=]FILE`.

    Parameters
    ----------
    help : str
        What it is.
    values : mapping
        What it says beside the name and the file.
    """

    help: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SourceKind:
    """A kind of source.

    Parameters
    ----------
    part : Kind
        What a request may hold under the name of the kind.
    make : callable
        The sources of a checked part. In Python, files may be tables or labels in memory.
    flags : mapping of str to Flag
        Flags of the command line.
    name : str
        The key of what its sources are called by; empty where there is at most one.
    """

    part: Many[Any] | Part
    make: Callable[[Any], Iterable[Source]]
    flags: Mapping[str, Flag] = field(default_factory=dict)
    name: str = ""

    def listed(self, given: Any, role: str) -> list[dict[str, Any]]:
        """Sources as they are given in Python, as the part of a request holds them.

        Parameters
        ----------
        given : path, sequence of paths, or mapping of str to source
            Files, or sources by name; a pair is a file and the column of its names.
        role : str
            What the argument is called.

        Raises
        ------
        InputError
            If it is none of them.
        """
        if isinstance(given, (str, Path)):
            return [self._item(given)]
        if isinstance(given, Mapping):
            return [self._item(source, str(name)) for name, source in given.items()]
        if isinstance(given, Iterable) and not hasattr(given, "columns"):
            return [self._item(source) for source in given]
        raise InputError(
            tr("'{role}' must be a path, a list of paths or a mapping by name, got {value}.").format(
                role=role, value=shown(given)
            )
        )

    def _item(self, source: Any, name: str = "") -> dict[str, Any]:
        column = ""
        if isinstance(source, tuple) and len(source) == 2:
            source, column = source
        if isinstance(source, Mapping):
            return {self.name: name, **source}
        return {self.name: name, "path": source, **({"column": column} if column else {})}

    def named(self, text: str, flag: Flag) -> dict[str, Any]:
        """The source that a flag names: `roads.gpkg`, `roads=a.gpkg` or `district:GEN=d.gpkg`."""
        found = _NAMED.fullmatch(text)
        name, column, path = found.groups() if found else ("", None, text)
        item = {self.name: name.strip(), "path": path, **flag.values}
        return {**item, "column": column} if column else item


def make_sources(parts: Mapping[str, Any]) -> tuple[Source, ...]:
    """The sources that the parts of a request, or of a call, name."""
    return tuple(
        source for name, kind in SOURCES.items() if parts.get(name) for source in kind.make(parts[name])
    )


def _land_cover(part: Iterable[Mapping[str, Any]]) -> Iterable[Source]:
    return [ClassRaster(ENTITY, tuple((each["path"], each["band"]) for each in part))]


def _classes(part: Iterable[Mapping[str, Any]]) -> Iterable[Source]:
    """Rasters of one type are tiles of one map."""
    tiles: dict[str, list[tuple[Any, int]]] = {}
    for each in part:
        kind = each.get("type") or _stem(each["path"])
        tiles.setdefault(kind, []).append((each["path"], each.get("band", 1)))
    return [ClassRaster(kind, tuple(paths)) for kind, paths in tiles.items()]


def _covariates(part: Iterable[Mapping[str, Any]]) -> Iterable[Source]:
    """Rasters of one name are tiles of one."""
    tiles: dict[str, list[Mapping[str, Any]]] = {}
    for each in part:
        tiles.setdefault(each.get("name") or Path(each["path"]).stem, []).append(each)
    return [
        ContinuousRaster(
            name,
            tuple(each["path"] for each in own),
            tuple(own[0].get("bands", ())),
            own[0].get("elevation", False),
            own[0].get("dequantise", False),
        )
        for name, own in tiles.items()
    ]


def _pois(part: Mapping[str, Any]) -> Iterable[Source]:
    table = Table.of(part)
    return [Pois(table.source, table.crs, table.coord_columns, part["category"])]


def _zones(part: Iterable[Mapping[str, Any]]) -> Iterable[Source]:
    found: list[Source] = []
    for each in part:
        kind = each.get("type") or _stem(each["path"])
        if "labels" in each:
            found.append(Labels(kind, each["labels"]))
        else:
            found.append(Zones(kind, *_located(each), each.get("column", "")))
    return found


def _distances(part: Iterable[Mapping[str, Any]]) -> Iterable[Source]:
    return [Distance(each.get("name") or _stem(each["path"]), *_located(each)) for each in part]


def _located(part: Mapping[str, Any]) -> tuple[Any, str]:
    """The file or one layer of it, and its CRS if it has none of its own."""
    path, layer = part["path"], part.get("layer")
    return (f"{path}{LAYER}{layer}" if layer else path), part.get("crs", "")


def _stem(path: Any) -> str:
    """The name of a file, as a word."""
    stem = Path(str(path).split("|")[0]).stem
    return re.sub(r"\W+", "_", stem).strip("_") or "layer"


SOURCES: dict[str, SourceKind] = {
    "landcover": SourceKind(Many(RASTER), _land_cover),
    "classes": SourceKind(
        Many(Part({"type": TEXT, "path": FILE, "band": _BAND}, ("path",), {"band": 1})),
        _classes,
        {"--classes": Flag("Raster of other classes, such as soil types, as [TYPE=]FILE.")},
        "type",
    ),
    "poi": SourceKind(
        Part({**POINT_TABLE, "category": TEXT}, ("category",), rule=check_point_table), _pois
    ),
    "zones": SourceKind(
        Many(Part({"type": TEXT, **_LAYER, "column": TEXT}, ("path",))),
        _zones,
        {"--zones": Flag("Polygons with a name, such as districts, as [TYPE[:COLUMN]=]FILE.")},
        "type",
    ),
    "covariates": SourceKind(
        Many(
            Part(
                {
                    "name": TEXT,
                    "path": FILE,
                    "bands": Many(_BAND, distinct=True),
                    "elevation": Single(bool),
                    "dequantise": Single(bool),
                },
                ("path",),
            )
        ),
        _covariates,
        {
            "--covariate": Flag("Raster of a continuous quantity, as [NAME=]FILE."),
            "--elevation": Flag(
                "Raster of elevation, with slope, aspect and position, as [NAME=]FILE.",
                {"elevation": True},
            ),
            "--embedding": Flag(
                "Raster of quantised embeddings, such as AlphaEarth's, as [NAME=]FILE.",
                {"dequantise": True},
            ),
        },
        "name",
    ),
    "distances": SourceKind(
        Many(Part({"name": TEXT, **_LAYER}, ("path",))),
        _distances,
        {"--distance": Flag("Features whose distance matters, such as roads, as [NAME=]FILE.")},
        "name",
    ),
}
