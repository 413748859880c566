"""Keeps `geohg_zh.ts` in step with what the plugin and the engine say.

`python i18n/update.py` writes it again: texts that are new are unfinished, those that nobody
says any more are dropped, and translations are kept. With `--check` it writes nothing, and
fails where a text has no translation that fits.
"""

from __future__ import annotations

import argparse
import ast
import string
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import jinja2
from jinja2 import nodes

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("geohg_plugin", "engine", "docs/site")
PLACE = ROOT / "i18n" / "geohg_zh.ts"

_CONTEXT = "GeoHG"
_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n'

Catalogue = dict[str, str]
"""Translation of every text, empty where it has none."""


class SourceError(ValueError):
    """A text that cannot be collected, with its place."""


def collect(root: Path) -> set[str]:
    """Every text that is given to `tr` in the modules and templates under `root`.

    Raises
    ------
    SourceError
        For a call of `tr` with anything but one text, since only that can be collected.
    """
    found = set()
    for room in ROOMS:
        for path in sorted((root / room).rglob("*")):
            if path.suffix == ".py":
                calls = _python_calls(path)
            elif path.suffix == ".html":
                calls = _template_calls(path)
            else:
                continue
            for line, text in calls:
                if not isinstance(text, str) or not text:
                    place = f"{path.relative_to(root)}:{line}"
                    raise SourceError(f"{place}: tr() takes one text in quotes and nothing else.")
                found.add(text)
    return found


def _python_calls(path: Path) -> Iterator[tuple[int, object]]:
    """Line and text of every call of `tr`; None for what is no text."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), path.name)):
        if isinstance(node, ast.Call) and "tr" in (
            getattr(node.func, "id", ""),
            getattr(node.func, "attr", ""),
        ):
            alone = len(node.args) == 1 and not node.keywords
            text = node.args[0] if alone else None
            yield node.lineno, text.value if isinstance(text, ast.Constant) else None


def _template_calls(path: Path) -> Iterator[tuple[int, object]]:
    """As `_python_calls`, in a template of Jinja."""
    tree = jinja2.Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
    for node in tree.find_all(nodes.Call):
        if isinstance(node.node, nodes.Name) and node.node.name == "tr":
            alone = len(node.args) == 1 and not node.kwargs
            text = node.args[0] if alone else None
            yield node.lineno, text.value if isinstance(text, nodes.Const) else None


def read(place: Path) -> Catalogue:
    """The translations of a file of Qt Linguist; none where there is no file."""
    if not place.is_file():
        return {}
    found = {}
    for message in ElementTree.parse(place).iter("message"):
        translation = message.find("translation")
        done = translation is not None and translation.get("type") is None
        text = (translation.text or "") if done else ""
        found[message.findtext("source", "")] = text
    return found


def write(place: Path, catalogue: Catalogue) -> None:
    """Write the file, in an order that does not change, without the places in the sources."""
    tree = ElementTree.Element("TS", version="2.1", language="zh_CN", sourcelanguage="en")
    context = ElementTree.SubElement(tree, "context")
    ElementTree.SubElement(context, "name").text = _CONTEXT
    for source, text in sorted(catalogue.items()):
        message = ElementTree.SubElement(context, "message")
        ElementTree.SubElement(message, "source").text = source
        translation = ElementTree.SubElement(message, "translation")
        translation.text = text
        if not text:
            translation.set("type", "unfinished")
    ElementTree.indent(tree, "    ")
    text = _HEAD + ElementTree.tostring(tree, encoding="unicode") + "\n"
    place.write_text(text, encoding="utf-8")


def merge(catalogue: Catalogue, texts: set[str]) -> Catalogue:
    """The translations of `texts` alone, empty where there is none yet."""
    return {text: catalogue.get(text, "") for text in texts}


def find_faults(catalogue: Catalogue, texts: set[str]) -> list[str]:
    """What keeps a catalogue from being whole, a line each."""
    faults = []
    for text in sorted(texts | set(catalogue)):
        if text not in catalogue:
            fault = "missing"
        elif text not in texts:
            fault = "obsolete"
        elif not catalogue[text]:
            fault = "unfinished"
        elif _fields(catalogue[text]) != _fields(text):
            fault = f"other {{fields}} in '{catalogue[text]}'"
        else:
            continue
        faults.append(f"{fault}: {text!r}")
    return faults


def _fields(text: str) -> set[tuple[str, ...]]:
    """Name, format and conversion of all that `str.format` fills in; "?" where it cannot."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        return {("?",)}
    return {(name, form or "", how or "") for _, name, form, how in parts if name is not None}


def main(arguments: list[str] | None = None, root: Path = ROOT, place: Path = PLACE) -> int:
    """Update or check the file; 1 where a check fails."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--check", action="store_true", help="only say what is not translated")
    check = parser.parse_args(arguments).check
    try:
        texts = collect(root)
    except SourceError as error:
        print(error, file=sys.stderr)
        return 1
    catalogue = read(place)
    if not check:
        catalogue = merge(catalogue, texts)
        write(place, catalogue)
    faults = find_faults(catalogue, texts)
    print("\n".join([*faults, f"{len(texts)} texts, {len(faults)} to be mended."]))
    return 1 if check and faults else 0


if __name__ == "__main__":
    sys.exit(main())
