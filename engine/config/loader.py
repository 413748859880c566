"""Options from a YAML file: defaults, then the file, then what the caller gives."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from ..errors import InputError, shown
from ..language import tr
from .checks import Single
from .schema import Config, make_config

Values = dict[str, dict[str, Any]]

# Where the toolkit has its files of settings, and where they are here.
_SHIPPED = {
    "configs": Path(__file__).parent,
    "configs/examples": Path(__file__).resolve().parents[2] / "resources" / "configs",
}

# Files of settings are smaller; reading a larger one could take minutes.
_MOST_BYTES = 1 << 17


def load_config(
    path: str | Path | None = None, overrides: Mapping[str, Mapping[str, Any]] | None = None
) -> Config:
    """Read options from a file; `overrides` take precedence.

    Parameters
    ----------
    path : path, optional
        A YAML file with sections such as `training`; every section and option is optional.
    overrides : mapping, optional
        Sections with options that override the file: `{"training": {"seed": 1}}`.

    Raises
    ------
    InputError
        If the file cannot be read, or an option is unknown, has the wrong type or is out of
        range. The error names the option.
    """
    if overrides is not None:
        make_config(overrides)  # what is wrong with them is not the file's fault
    return make_config(merge(read_values(path) if path else {}, overrides or {}))


def merge(base: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Sections of options, where those of `overrides` win over those of `base`."""
    merged = dict(base)
    for name, section in overrides.items():
        if isinstance(section, Mapping):
            merged[name] = {**(merged.get(name) or {}), **section}
        elif section is not None:
            merged[name] = section
    return merged


def read_values(path: str | Path) -> Values:
    """The options that a YAML file gives, checked, without the defaults.

    Raises
    ------
    InputError
        As `load_config`, naming the file.
    """
    path = Single(str, file=True, empty=False).check(path, "config_file")
    try:
        with open(_place(path), "rb") as file:
            content = file.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            raise ValueError(tr("it has more than {most} KB").format(most=_MOST_BYTES >> 10))
        # A safe loader: it makes texts, numbers, lists and mappings, and nothing else.
        values = yaml.load(content, _Loader)  # noqa: S506  # nosec B506
    except OSError as error:
        raise InputError(
            tr("The settings file '{path}' cannot be read: {reason}.").format(
                path=path, reason=error.strerror
            )
        ) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InputError(
            tr("The settings file '{path}' is not good YAML: {reason}.").format(
                path=path, reason=_reason(error)
            )
        ) from error
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise InputError(
            tr(
                "The settings file '{path}' must hold sections such as 'training:', each with its "
                "options, got a {kind}."
            ).format(path=path, kind=type(values).__name__)
        )
    try:
        make_config(values)
    except InputError as error:
        raise InputError(
            tr("In the settings file '{path}': {error}").format(path=path, error=error)
        ) from error
    return {name: section for name, section in values.items() if section is not None}


def _place(path: str | Path) -> Path:
    """The file; one that ships, where it has the name of such a one and is not there."""
    given = Path(path)
    shipped = _SHIPPED.get(given.parent.as_posix(), Path()) / given.name
    return shipped if shipped.is_file() and not given.exists() else given


class _Loader(yaml.SafeLoader):
    """YAML as version 1.2 reads it: `1e-3` is a number, `no` and `2020-01-01` are texts.

    Keys that stand twice, and aliases, with which a small file can grow without bounds,
    are refused, and so are tags, which change what a text means.
    """

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent):
            raise _fault(tr("aliases are not read"), event.start_mark)
        if getattr(event, "tag", None) is not None:
            raise _fault(
                tr("tags such as {tag} are not read").format(tag=event.tag), event.start_mark
            )
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            if key.value in seen:
                raise _fault(
                    tr("the key {key} stands twice").format(key=shown(key.value)), key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _fault(problem: str, mark: Any) -> yaml.YAMLError:
    return yaml.constructor.ConstructorError(None, None, problem, mark)


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?(0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("float", r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", "-+."),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), list(_first)
    )


def _reason(error: Exception) -> str:
    """What is wrong with a file, and where, in one line."""
    if isinstance(error, RecursionError):
        return tr("it is nested too deeply")
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    if mark:
        where = tr("{what}, at line {line}, column {column}")
        what = where.format(what=what, line=mark.line + 1, column=mark.column + 1)
    return " ".join(str(what).split())
