"""What a value that a user gives must be: of one kind, in range, and fit to be written down."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import InputError, did_you_mean, shown
from ..language import tr

# A list that anybody writes is shorter.
MOST_VALUES = 100_000
# In bytes: what file systems take between two slashes.
_LONGEST_NAME = 255


class Kind:
    """What a value must be."""

    def check(self, value: Any, path: str) -> Any:
        """The value in Python's own types; raises `InputError`, which names `path`."""
        raise NotImplementedError

    def files(self, value: Any, path: str) -> dict[str, str]:
        """The files and folders that a checked value has read, by their path in it; none."""
        return {}


@dataclass(frozen=True)
class Single(Kind):
    """One value.

    Parameters
    ----------
    kind : bool, int, float or str
        Its type. A whole number serves as a number, the scalars of NumPy as Python's, and a
        `Path` as a text.
    low, high : float, optional
        Bounds, both included; a number is always finite.
    choices : tuple of str, optional
        The only texts.
    file : bool
        Whether it names a file or folder, or what GDAL reads as one.
    empty : bool
        Whether a text may be empty.
    positive : bool
        Whether a number must be greater than zero.
    """

    kind: type
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] | None = None
    file: bool = False
    empty: bool = True
    positive: bool = False

    def check(self, value: Any, path: str) -> Any:
        value = _plain(value)
        if self.choices and type(value) is int:  # a year, which YAML reads as a number
            value = {int(text): text for text in self.choices if text.isdigit()}.get(value, value)
        if isinstance(value, os.PathLike) and self.kind is str:
            value = os.fspath(value)
        if not self._is_kind(value):
            raise InputError(
                tr("'{path}' must be {kind}, got {value}.").format(
                    path=path, kind=self._name(), value=shown(value)
                )
            )
        if self.kind is str:
            self._check_text(value, path)
            return str(value)
        self._check_range(value, path)
        return self.kind(value)

    def files(self, value: Any, path: str) -> dict[str, str]:
        return {path: value} if self.file and value else {}

    def _is_kind(self, value: Any) -> bool:
        if isinstance(value, bool):
            return self.kind is bool
        return isinstance(value, (int, float) if self.kind is float else self.kind)

    def _name(self) -> str:
        if self.file:
            return tr("the name of a file")
        return {
            int: tr("a whole number"),
            float: tr("a number"),
            str: tr("a text"),
            bool: tr("true or false"),
        }[self.kind]

    def _check_range(self, value: float, path: str) -> None:
        if self.low is not None and self.high is not None and not self.low <= value <= self.high:
            raise InputError(
                tr("'{path}' must lie between {low} and {high}, got {value}.").format(
                    path=path, low=self.low, high=self.high, value=shown(value)
                )
            )
        # Whole numbers may be too large for any other number.
        if not -sys.float_info.max <= value <= sys.float_info.max:
            raise InputError(
                tr("'{path}' must be a finite number, got {value}.").format(
                    path=path, value=shown(value)
                )
            )
        if self.positive and not value > 0:
            raise InputError(
                tr("'{path}' must be greater than zero, got {value}.").format(
                    path=path, value=shown(value)
                )
            )

    def _check_text(self, value: str, path: str) -> None:
        if self.choices and value not in self.choices:
            raise InputError(
                tr("'{path}' must be one of {choices}, got {value}.{hint}").format(
                    path=path,
                    choices=", ".join(self.choices),
                    value=shown(value),
                    hint=did_you_mean(value[:60], self.choices),
                )
            )
        if not (value or self.empty):
            raise InputError(tr("'{path}' must not be empty.").format(path=path))
        if "\0" in value or not _encodes(value, "utf-8"):
            raise InputError(
                tr("'{path}' contains a character that is not allowed, got {value}.").format(
                    path=path, value=shown(value)
                )
            )
        if self.file:
            _check_name(value, path)


@dataclass(frozen=True)
class Many(Kind):
    """A list of values of one kind.

    Parameters
    ----------
    item : Kind
        What each must be.
    least, most : int
        How many there are.
    distinct : bool
        Whether none may stand twice.
    """

    item: Kind
    least: int = 0
    most: int = MOST_VALUES
    distinct: bool = False

    def check(self, value: Any, path: str) -> tuple[Any, ...]:
        value = _plain(value)
        if not isinstance(value, (list, tuple)):
            raise InputError(
                tr("'{path}' must be a list of {kinds}, got {value}.").format(
                    path=path, kinds=self._kinds(), value=shown(value)
                )
            )
        if not self.least <= len(value) <= self.most:
            raise InputError(self._wrong_length(len(value), path))
        checked = tuple(
            self.item.check(item, f"{path}[{number}]") for number, item in enumerate(value)
        )
        if self.distinct and len(set(checked)) < len(checked):
            raise InputError(
                tr("'{path}' has {value} twice; name each once.").format(
                    path=path, value=shown(first_twice(checked))
                )
            )
        return checked

    def files(self, value: Any, path: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for number, item in enumerate(value):
            found |= self.item.files(item, f"{path}[{number}]")
        return found

    def _kinds(self) -> str:
        names = {int: tr("whole numbers"), float: tr("numbers"), str: tr("texts")}
        kind = self.item.kind if isinstance(self.item, Single) else None
        return names[kind] if kind in names else tr("sections with keys")

    def _wrong_length(self, count: int, path: str) -> str:
        if self.least == self.most:
            text = tr("'{path}' must have {least} values, got {count}.")
        elif count < self.least:
            text = tr("'{path}' must have {least} or more values, got {count}.")
        else:
            text = tr("'{path}' must have {most} values or fewer, got {count}.")
        return text.format(path=path, least=self.least, most=self.most, count=count)


@dataclass(frozen=True)
class Named(Kind):
    """Values of one kind by names, which are texts.

    Parameters
    ----------
    item : Kind
        What each value must be.
    """

    item: Kind

    def check(self, value: Any, path: str) -> dict[str, Any]:
        check_mapping(value, path)
        name = Single(str, empty=False)
        return {
            name.check(key, path): self.item.check(item, f"{path}.{key}")
            for key, item in value.items()
        }


def check_mapping(value: Any, path: str) -> None:
    """Refuse what is no mapping of keys to values; raises `InputError`."""
    if not isinstance(value, Mapping):
        raise InputError(
            tr("'{path}' must be a section with keys, got {value}.").format(
                path=path, value=shown(value)
            )
        )


def refuse_unknown(given: Iterable[Any], known: Iterable[str], text: str, prefix: str = "") -> None:
    """Refuse a name that is not known.

    Parameters
    ----------
    given, known : iterable
        Names.
    text : str
        The sentence, with `{name}`, `{known}` and `{hint}`.
    prefix : str
        Stands before a name.

    Raises
    ------
    InputError
        For the first of `given` that is not among `known`.
    """
    names = list(known)
    for name in given:
        if name not in names:
            short = str(name)[:60] if isinstance(name, str) else shown(name)
            hint = did_you_mean(short, names, prefix)
            raise InputError(text.format(name=prefix + short, known=", ".join(names), hint=hint))


def first_twice(values: Iterable[Any]) -> Any:
    """The first of the values that stands more than once."""
    return next(value for value, count in Counter(values).items() if count > 1)


def _check_name(value: str, path: str) -> None:
    """Refuse what no file system of this computer takes as a name."""
    encoding = sys.getfilesystemencoding()
    if not _encodes(value, encoding):
        raise InputError(
            tr(
                "'{path}' cannot be a file name in this system's encoding, {encoding}, got "
                "{value}; run GeoHG in a UTF-8 locale."
            ).format(path=path, encoding=encoding, value=shown(value))
        )
    # GDAL takes a whole description of a raster, in XML, for a name.
    longest = max(len(part.encode(encoding)) for part in value.split("/"))
    if longest > _LONGEST_NAME and not value.lstrip().startswith("<"):
        raise InputError(
            tr("'{path}' is too long for a file name, got {value}.").format(
                path=path, value=shown(value)
            )
        )


def _plain(value: Any) -> Any:
    """The scalars and arrays of NumPy, and of what is like it, in Python's own types."""
    return value.tolist() if hasattr(value, "tolist") else value


def _encodes(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


NAME = Single(str, empty=False)
FILE = Single(str, file=True, empty=False)
