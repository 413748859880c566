"""All options as a list, each with its text, for the command line and the default file."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import itertools
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..errors import InputError, did_you_mean
from ..language import ENGLISH, speaking, tr
from . import schema
from .kinds import kinds_in_words

_HEAD = """\
All options of GeoHG with their defaults. Make a file with the options that you change, and use
it with `--config` on the command line, `GeoHGPipeline.from_yaml` in Python, or as settings file
in QGIS. Options that the file leaves out keep their defaults. Flags and arguments override the
file. Relative paths start at the folder in which GeoHG runs."""
_WIDTH = 96


@dataclass(frozen=True)
class Option:
    """One option.

    Parameters
    ----------
    section, name : str
        Where it stands: `section.name`.
    default : bool, int, float, str or tuple of int
        Its default, which has its type.
    low, high : float or None
        Bounds, both included.
    choices : tuple of str or None
        The only values, where there are few.
    file : bool
        Whether it names a file or folder to read.
    text : str
        What it means, in a sentence or two.
    """

    section: str
    name: str
    default: Any
    low: float | None
    high: float | None
    choices: tuple[str, ...] | None
    file: bool
    text: str


@cache
def options() -> tuple[Option, ...]:
    """Every option, in the order of the sections."""
    found: list[Option] = []
    for name, section in vars(schema.Config()).items():
        texts = _texts(type(section))
        if "kind" in texts:
            texts["kind"] = f"The model: {_kinds()}"
        found += [
            Option(name, item.name, item.default, **item.metadata, text=texts[item.name])
            for item in dataclasses.fields(section)
        ]
    return tuple(found)


def plain_names(first: str = "training") -> dict[str, tuple[Option, ...]]:
    """The options that a name without its section means: two, where both are one choice.

    Parameters
    ----------
    first : str
        The section, `training` or `ssl`, whose names stand alone where both have them; the
        other's have their section before them, such as `ssl_epochs`.
    """
    named: dict[str, tuple[Option, ...]] = {}
    alone = {option.name for option in options() if option.section == first}
    for option in options():
        name = option.name
        if option.section in ("training", "ssl") and option.section != first and name in alone:
            name = f"{option.section}_{name}"
        named[name] = (*named.get(name, ()), option)
    return named


def by_section(values: Mapping[str, Any], first: str = "training") -> dict[str, dict[str, Any]]:
    """Sections of options from values by plain name; see `plain_names`.

    Raises
    ------
    InputError
        For a name that no option has.
    """
    named = plain_names(first)
    sections: dict[str, dict[str, Any]] = {}
    for name, value in values.items():
        if name not in named:
            hint = did_you_mean(name, named)
            raise InputError(tr("'{name}' is not an option.{hint}").format(name=name, hint=hint))
        for option in named[name]:
            sections.setdefault(option.section, {})[option.name] = value
    return sections


def default_yaml() -> str:
    """The file `default.yaml`: every option under its text, with its default."""
    lines = [_comment(_HEAD, 0)]
    for name, section in vars(schema.Config()).items():
        lines += ["", _comment(inspect.getdoc(section) or "", 0), f"{name}:"]
        for option in options():
            if option.section == name:
                lines += [_comment(_described(option), 2), f"  {option.name}: {_value(option)}"]
    return "\n".join(lines) + "\n"


def _texts(section: type) -> dict[str, str]:
    """The text under each field of a section, which Python itself does not keep."""
    (tree,) = ast.parse(inspect.getsource(section)).body
    body = tree.body if isinstance(tree, ast.ClassDef) else []
    return {
        ast.unparse(field.target): " ".join(str(ast.literal_eval(text.value)).split())
        for field, text in itertools.pairwise(body)
        if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr)
    }


def _kinds() -> str:
    with speaking(ENGLISH):
        return kinds_in_words()


def _described(option: Option) -> str:
    if option.choices:
        return f"{option.text} One of {', '.join(option.choices)}."
    if option.low is not None:
        return f"{option.text} {option.low:g} to {option.high:.12g}."
    return option.text


def _comment(text: str, indent: int) -> str:
    start = " " * indent + "# "
    line = " ".join(text.split())
    return textwrap.fill(line, _WIDTH, initial_indent=start, subsequent_indent=start)


def _value(option: Option) -> str:
    if isinstance(option.default, bool):
        return str(option.default).lower()
    if isinstance(option.default, tuple):
        return f"[{', '.join(map(str, option.default))}]"
    return str(option.default) or '""'
