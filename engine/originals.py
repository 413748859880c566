"""The files behind what a request, a layer or a command names as its input."""

from __future__ import annotations

import html
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

# A name may say more than a path: `zip://a.zip!b.tif`, `/vsizip/a.zip/b.tif`,
# `GPKG:a.gpkg:table`, `a.gpkg|layername=b`, `file:///a.csv?type=csv`, `dbname='a.gpkg' table="b"`.
_MARKS = re.compile(r"""file:///(?=[A-Za-z]:)|[\w+]+://|/vsi\w+/|[|:"'?!=&,;{}()<>\s]""")
_MOST_MARKS = 60
# Files of these kinds name others; larger ones are no list of names.
_LISTS = (".vrt", ".gti")
_MOST_LIST_BYTES = 1 << 26
_MOST_DEPTH = 8
# Longer texts are no names; they may be tables.
_LONGEST = 1 << 16


def named_files(value: Any, folder: Path | None = None, depth: int = 0) -> set[Path]:
    """The files that exist among those that a value names.

    Parameters
    ----------
    value : anything
        A text or path, or a mapping or list with such in it at any depth.
    folder : path, optional
        Where relative paths start; by default the current folder.
    depth : int
        How many lists of files, such as virtual rasters, led here.
    """
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple, set)):
        return {path for item in value for path in named_files(item, folder, depth)}
    if not isinstance(value, (str, os.PathLike)):
        return set()
    text = str(value)
    if "<" in text and ">" in text:
        return named_files(_texts_in(text), folder, depth)
    if len(text) > _LONGEST or depth > _MOST_DEPTH:
        return set()
    found = _files_in(text, folder or Path()) | _files_in(unquote(text), folder or Path())
    listed = [path for path in found if path.suffix.lower() in _LISTS]
    behind = (named_files(_read(path), path.parent, depth + 1) for path in listed)
    here = (named_files(_read(path), None, depth + 1) for path in listed if folder is None)
    return found.union(*behind, *here)


class Inputs:
    """The files that are read, to recognise them among outputs under any name.

    Parameters
    ----------
    paths : iterable of Path
        The files.
    """

    def __init__(self, paths: Iterable[Path] = ()) -> None:
        known = [path for path in sorted(paths) if path.is_file()]
        self._by_number = {(path.stat().st_dev, path.stat().st_ino): path for path in known}
        self._by_name = {_folded(path.resolve()): path for path in known}

    def find(self, output: Path) -> Path | None:
        """The input that an output is, or None."""
        if not output.is_file():
            return None
        there = output.stat()
        alike = (
            self._by_number.get((there.st_dev, there.st_ino)),
            self._by_name.get(_folded(output)),
        )
        return next((path for path in alike if path and is_one(output, path.resolve())), None)


def is_one(first: Path, second: Path) -> bool:
    """Whether two resolved paths are of one file, which need not be there yet."""
    if first == second or (first.exists() and second.exists() and first.samefile(second)):
        return True
    if _folded(first) != _folded(second) or len(first.parts) != len(second.parts):
        return False
    pairs = zip((*reversed(first.parents), first), second.parts)
    return all(_is_one_name(path, name) for path, name in pairs if path.name != name and path.name)


def _is_one_name(path: Path, name: str) -> bool:
    """Whether the file system takes another case of a name, or form of its accents, for it."""
    other = path.with_name(name)
    if os.path.lexists(path) and os.path.lexists(other):
        names = [_folded(each) for each in os.listdir(path.parent)]
        return names.count(_folded(name)) == 1
    if os.path.lexists(path) or os.path.lexists(other):
        return False
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        Path(folder, path.name).touch()
        return os.path.lexists(Path(folder, name))


def _folded(path: str | Path) -> str:
    return unicodedata.normalize("NFC", str(path)).casefold()


def _files_in(text: str, folder: Path) -> set[Path]:
    """Files that a name, or any part of it between marks, is or lies in."""
    marks = list(_MARKS.finditer(text))[:_MOST_MARKS]
    starts = [0, *(mark.end() for mark in marks)]
    ends = [len(text), *(mark.start() for mark in reversed(marks))]
    found = set()
    for start in starts:
        for end in ends:
            file = _file_at(folder, text[start:end]) if end > start else None
            if file:
                found.add(file)
                break
    return found


def _file_at(folder: Path, name: str) -> Path | None:
    """The file of this name, or the archive that such a file would lie in."""
    path = Path(folder, name)
    while not os.path.lexists(path) and path != path.parent:
        path = path.parent
    return path if os.path.isfile(path) else None


def _texts_in(document: str) -> list[str]:
    """What stands between tags, and in their attributes, short of numbers."""
    texts = {*re.findall(r">([^<>]+)<", document), *re.findall(r'"([^"<>]+)"', document)}
    return [html.unescape(text.strip()) for text in texts if re.search(r"[^\d\s.,+eE-]", text)]


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > _MOST_LIST_BYTES:
            return ""
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
