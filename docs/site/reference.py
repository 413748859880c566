"""Write the tables of docs/reference.md from the code: names, the toolkit's, options.

python docs/site/reference.py
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference.md"
sys.path.insert(0, str(ROOT / "tests"))

import conftest  # noqa: E402, F401 - it makes the project importable as `geohg`

import geohg  # noqa: E402
from geohg.engine import toolkit  # noqa: E402
from geohg.engine.config.kinds import CHOICES, KINDS  # noqa: E402
from geohg.engine.config.options import options  # noqa: E402


def names() -> str:
    """The public names, each with the first sentence of its text."""
    rows = [[f"`{name}`", _first(name)] for name in sorted(geohg.__all__, key=str.lower)]
    return _table(["name", "what it is"], (row for row in rows if row[1]))


def _first(name: str) -> str:
    known = getattr(geohg, name)
    text = inspect.getdoc(known) if callable(known) or inspect.ismodule(known) else ""
    return " ".join((text or "").split("\n\n")[0].split()).replace("|", r"\|")


def modules() -> str:
    """The toolkit's modules, and what is called otherwise here."""
    rows = []
    for path, places in toolkit.MODULES.items():
        own = toolkit.NAMES.get(path, {})
        here = ", ".join(f"`{place}`" for place in places)
        other = ", ".join(f"`{name}` is `{known}`" for name, known in own.items())
        if here:
            rows.append([f"`geohg.{path}`", here, other])
    return _table(["toolkit", "module of `geohg.engine`", "names"], rows)


def models() -> str:
    """The options that not every model reads, and which do."""
    read = {kind: set(KINDS[kind].options) for kind in CHOICES}
    rows = []
    for option in options():
        name = f"{option.section}.{option.name}"
        readers = [name in read[kind] for kind in CHOICES]
        if any(readers) and not all(readers):
            rows.append([f"`{name}`", *("yes" if reads else "" for reads in readers)])
    return _table(["option", *(f"`{kind}`" for kind in CHOICES)], rows)


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |".replace("|  |", "| |") for line in lines)


PARTS: dict[str, Callable[[], str]] = {"names": names, "modules": modules, "models": models}


def page() -> str:
    """The page with its tables as the code has them now."""
    text = PAGE.read_text(encoding="utf-8")
    for name, make in PARTS.items():
        marks = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        table = make()
        text, count = marks.subn(lambda found: f"{found[1]}{table}\n{found[2]}", text)  # noqa: B023
        if count != 1:
            raise ValueError(f"'{PAGE}' has {count} places for {name}.")
    return text


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
