"""Parts of a request, and the tables and rasters that they name."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import InputError
from ..language import tr
from .checks import FILE, NAME, Kind, Many, Single, check_mapping, refuse_unknown

TEXT = Single(str)


@dataclass(frozen=True)
class Part(Kind):
    """A section of a request.

    Parameters
    ----------
    keys : mapping of str to Kind
        What each key must be.
    needed : tuple of str
        Keys that must be there.
    defaults : mapping
        Values of keys that are not.
    rule : callable
        Refuses keys that do not fit each other; it is given the values and the path.
    """

    keys: Mapping[str, Kind]
    needed: tuple[str, ...] = ()
    defaults: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    rule: Callable[[Mapping[str, Any], str], None] = lambda values, path: None

    def check(self, value: Any, path: str) -> dict[str, Any]:
        check_mapping(value, path or "request")
        prefix = f"{path}." if path else ""
        text = tr("'{name}' is not a part of this request; known are {known}.{hint}")
        refuse_unknown(value, self.keys, text, prefix)
        # Null is not given, and so is an empty text; an array can be compared with neither.
        given = {
            key: item
            for key, item in value.items()
            if item is not None and not (isinstance(item, str) and item == "")
        }
        for key in self.needed:
            if key not in given:
                raise InputError(
                    tr("This request needs the part '{name}'.").format(name=prefix + key)
                )
        checked = {key: self.keys[key].check(item, prefix + key) for key, item in given.items()}
        checked = {**self.defaults, **checked}
        self.rule(checked, path)
        return checked

    def files(self, value: Any, path: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for key, item in value.items():
            found |= self.keys[key].files(item, f"{path}.{key}" if path else key)
        return found


def check_table(values: Mapping[str, Any], path: str) -> None:
    """Refuse a table that is neither a file nor a text, or both; see `TABLE`."""
    if ("path" in values) == ("table" in values):
        raise InputError(
            tr(
                "'{path}' needs one of 'path', the name of a file, and 'table', the text of a CSV "
                "file."
            ).format(path=path)
        )
    if "table" in values and "layer" in values:
        raise InputError(
            tr("'{path}.layer' names a layer of a file, but a text has none; leave it out.").format(
                path=path
            )
        )


def check_point_table(values: Mapping[str, Any], path: str) -> None:
    """Refuse a table of points that cannot have coordinates, too; see `POINT_TABLE`."""
    check_table(values, path)
    if "table" in values and "coord_columns" not in values:
        raise InputError(
            tr("'{path}.coord_columns' is missing; name the columns of x and y.").format(path=path)
        )


TABLE: dict[str, Kind] = {
    "path": FILE,
    "table": TEXT,
    "layer": TEXT,
    "name": TEXT,
    "crs": TEXT,
}
POINT_TABLE = {**TABLE, "coord_columns": Many(NAME, 2, 2, distinct=True)}
RASTER = Part(
    {"path": FILE, "band": Single(int, low=1, high=65_535)}, needed=("path",), defaults={"band": 1}
)
