"""The kinds of sources of the ground that a graph is made of: one line each in `SOURCES`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...config.checks import FILE, Kind, Many, Single, refuse_unknown
from ...config.parts import POINT_TABLE, RASTER, TEXT, Part, check_point_table
from ...config.schema import DataConfig
from ...errors import InputError, shown
from ...language import tr
from ...names import ENTITY, NO_WORLDCOVER
from .located import LAYER, Table

if TYPE_CHECKING:
    from .ground import Source

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

    part: Kind
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
            tr(
                "'{role}' must be a path, a list of paths or a mapping by name, got {value}."
            ).format(role=role, value=shown(given))
        )

    def _item(self, source: Any, name: str = "") -> dict[str, Any]:
        column = ""
        if isinstance(source, tuple) and len(source) == 2 and isinstance(source[1], str):
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


def listed(name: str, given: Any) -> list[dict[str, Any]]:
    """Sources of one kind as the part of a request holds them; see `SourceKind.listed`.

    Raises
    ------
    InputError
        If there is no such kind.
    """
    known = {name: kind for name, kind in SOURCES.items() if kind.name}
    text = tr("'{name}' is no kind of source; known are {known}.{hint}")
    refuse_unknown([name], known, text)
    return known[name].listed(given, name)


def make_sources(parts: Mapping[str, Any], data: DataConfig, proxy: str = "") -> tuple[Source, ...]:
    """The sources that the parts of a request, or of a call, and options name.

    Parameters
    ----------
    parts : mapping
        By the names of `SOURCES`.
    data : DataConfig
        Names WorldCover and covariates.
    proxy : str
        Through which WorldCover is fetched.

    Raises
    ------
    InputError
        If land cover is given twice, or the name of a type cannot be one.
    """
    given = dict(parts)
    if data.covariates:
        more = [{"path": path} for path in data.covariates]
        given["covariates"] = [*given.get("covariates", ()), *more]
    fetched: list[Source] = []
    if data.worldcover != NO_WORLDCOVER:
        from .classes import WorldCover

        if given.get("landcover"):
            raise InputError(
                tr(
                    "Land cover is given twice, as rasters and as WorldCover to fetch; leave out "
                    "the rasters, or set data.worldcover to none."
                )
            )
        fetched = [WorldCover(data.worldcover, proxy)]
    made = [
        source
        for name, kind in SOURCES.items()
        if given.get(name)
        for source in kind.make(given[name])
    ]
    return (*fetched, *made)


def _land_cover(part: Iterable[Mapping[str, Any]]) -> Iterable[Source]:
    from .classes import ClassRaster

    return [ClassRaster(ENTITY, tuple((each["path"], each["band"]) for each in part))]


def _classes(part: Iterable[Mapping[str, Any]]) -> Iterable[Source]:
    from ..graph_forms import check_type
    from .classes import ClassRaster

    found = []
    for kind, tiles in _tiles(part, "type").items():
        check_type(kind)
        paths = tuple((each["path"], each.get("band", 1)) for each in tiles)
        found.append(ClassRaster(kind, paths))
    return found


def _covariates(part: Iterable[Mapping[str, Any]]) -> Iterable[Source]:
    from .continuous import ContinuousRaster

    return [
        ContinuousRaster(
            name,
            tuple(each["path"] for each in tiles),
            tuple(tiles[0].get("bands", ())),
            tiles[0].get("elevation", False),
            tiles[0].get("dequantise", False),
        )
        for name, tiles in _tiles(part, "name").items()
    ]


def _tiles(part: Iterable[Mapping[str, Any]], key: str) -> dict[str, list[Mapping[str, Any]]]:
    """Rasters by what they are called: those of one given name are tiles of one.

    Raises
    ------
    InputError
        If two without a given name would be called alike.
    """
    found: dict[str, list[Mapping[str, Any]]] = {}
    for each in part:
        name = each.get(key) or _stem(each["path"])
        others = found.setdefault(name, [])
        if others and not (each.get(key) and others[0].get(key)):
            raise InputError(
                tr(
                    "'{first}' and '{second}' would both be called '{name}'; name each, or give "
                    "tiles of one raster one name."
                ).format(first=others[0]["path"], second=each["path"], name=name)
            )
        others.append(each)
    return found


def _pois(part: Mapping[str, Any]) -> Iterable[Source]:
    from .poi import Pois

    table = Table.of(part)
    return [Pois(table.source, table.crs, table.coord_columns, part["category"])]


def _zones(part: Iterable[Mapping[str, Any]]) -> Iterable[Source]:
    from ..graph_forms import check_type
    from .zones import Labels, Zones

    found: list[Source] = []
    for each in part:
        kind = each.get("type") or _stem(each["path"])
        check_type(kind)
        if "labels" in each:
            found.append(Labels(kind, each["labels"]))
        else:
            found.append(Zones(kind, *_located(each), each.get("column", "")))
    return found


def _distances(part: Iterable[Mapping[str, Any]]) -> Iterable[Source]:
    from .distances import Distance

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
