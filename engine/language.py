"""The language in which a job speaks: reports, progress, warnings and errors."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any

ENGLISH = "en"
LANGUAGES = (ENGLISH, "zh")

_FOLDER = Path(__file__).parent.parent / "i18n"
_current: ContextVar[str] = ContextVar("language", default=ENGLISH)


def tr(text: str) -> str:
    """`text` in the language of the job at hand, or as it is where it has no translation.

    What changes stands in braces and is filled in afterwards:
    ``tr("{count} points were left out.").format(count=count)``.
    """
    language = _current.get()
    return text if language == ENGLISH else _catalogue(language).get(text, text)


def language() -> str:
    """The language of the job at hand, one of `LANGUAGES`."""
    return _current.get()


def language_of(request: Any) -> str:
    """The language that an unchecked request asks for, or else English."""
    output = request.get("output") if isinstance(request, Mapping) else None
    asked = output.get("language") if isinstance(output, Mapping) else None
    return asked if isinstance(asked, str) else ENGLISH


@contextlib.contextmanager
def speaking(language: str) -> Iterator[None]:
    """Let what runs inside speak `language`, one of `LANGUAGES`; others are not touched."""
    token = _current.set(language if language in LANGUAGES else ENGLISH)
    try:
        yield
    finally:
        _current.reset(token)


@functools.cache
def _catalogue(language: str) -> dict[str, str]:
    """What is translated into `language`, by its English text; the plugin's file, uncompiled."""
    # Only a job reads it: a parser of XML is nothing that the start of QGIS should wait for.
    from xml.etree import ElementTree  # nosec B405 # it reads no file but the package's own

    path = _FOLDER / f"geohg_{language}.ts"
    if not path.is_file():
        return {}
    tree = ElementTree.parse(path)  # nosec B314 # it reads no file but the package's own
    found = {}
    for message in tree.iter("message"):
        translation = message.find("translation")
        if translation is not None and translation.get("type") is None and translation.text:
            found[message.findtext("source", "")] = translation.text
    return found
