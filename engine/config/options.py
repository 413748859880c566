"""All options as a list, each with its text, for the command line and the default file."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import itertools
import textwrap
from dataclasses import dataclass
from functools import cache
from typing import Any

from . import schema

_HEAD = """\
All options of GeoHG with their defaults. Give a file with those that you change: `--config`
on the command line, `GeoHGPipeline.from_yaml` in Python, the settings file in QGIS. An option
that a file leaves out keeps its default; a flag or an argument wins over the file. Paths that
do not start at the root are of the folder in which GeoHG runs."""
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
    text : str
        What it means, in a sentence or two.
    """

    section: str
    name: str
    default: Any
    low: float | None
    high: float | None
    choices: tuple[str, ...] | None
    text: str


@cache
def options() -> tuple[Option, ...]:
    """Every option, in the order of the sections."""
    found: list[Option] = []
    for name, section in vars(schema.Config()).items():
        texts = _texts(type(section))
        found += [
            Option(name, item.name, item.default, **item.metadata, text=texts[item.name])
            for item in dataclasses.fields(section)
        ]
    return tuple(found)


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


def _described(option: Option) -> str:
    if option.choices:
        return f"{option.text} One of {', '.join(option.choices)}."
    if option.low is not None:
        return f"{option.text} {option.low:g} to {option.high:.12g}."
    return option.text


def _comment(text: str, indent: int) -> str:
    start = " " * indent + "# "
    whole = " ".join(text.split())
    return textwrap.fill(whole, _WIDTH, initial_indent=start, subsequent_indent=start)


def _value(option: Option) -> str:
    if isinstance(option.default, bool):
        return str(option.default).lower()
    if isinstance(option.default, tuple):
        return f"[{', '.join(map(str, option.default))}]"
    return str(option.default) or '""'
