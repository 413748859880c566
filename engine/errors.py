"""The error tree: every failure that a user can cause or meet has a class here."""

from __future__ import annotations

import difflib
import re
import reprlib
from collections.abc import Iterable
from typing import Any

from .language import tr

# What breaks a line, moves a terminal's cursor, or cannot be written as UTF-8.
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

_LONGEST_SHOWN = 120
_brief = reprlib.Repr()
_brief.maxstring = _brief.maxother = 60
_brief.maxlong = 20


class GeoHGError(Exception):
    """Base of all errors that GeoHG raises on purpose.

    The text is one clear sentence for the user: what was wrong, what was got,
    what was expected and what to do.
    """

    def __str__(self) -> str:
        return one_line(super().__str__())


class InputError(GeoHGError, ValueError):
    """A parameter, table, raster or grid that cannot be used as given."""


class OutsideError(InputError):
    """A source of which nothing lies in the grid, or in the window of it that was read."""


class FileFormatError(GeoHGError, ValueError):
    """A graph, model or encoder file that is truncated, of another kind, or does not fit."""


class OutputError(GeoHGError, OSError):
    """An output that cannot be written where it was asked for."""


class FitError(GeoHGError, RuntimeError):
    """A model that could not be fitted to the data given."""


class Cancelled(GeoHGError):
    """The user cancelled; nothing was written."""


class GeoHGWarning(UserWarning):
    """What the user should know about a result, such as points that were left out."""


def one_line(text: str) -> str:
    """A text on one line, fit for any terminal and file: it may quote names and libraries."""
    text = " ".join(line.strip() for line in text.splitlines() if line.strip())
    return _UNFIT.sub(lambda found: repr(found.group())[1:-1], text)


def fault_in_words(error: BaseException) -> str:
    """What to tell of an error that nobody foresaw."""
    reason = one_line(f"{type(error).__name__}: {error}")[:200]
    return tr(
        "GeoHG has a fault ({reason}); please report it, with what you did and the traceback "
        "in the log."
    ).format(reason=reason)


def did_you_mean(given: str, known: Iterable[str], prefix: str = "") -> str:
    """A sentence to end an error with, which names what is known and nearest to `given`.

    It begins with a space; nothing is said where nothing is near.
    """
    names = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(given.casefold(), names, n=1, cutoff=0.5)
    return tr(" Did you mean '{name}'?").format(name=prefix + names[near[0]]) if near else ""


def shown(value: Any) -> str:
    """A value of any kind for a message: short, and on one line."""
    try:
        text = _brief.repr(value)
    except (ValueError, RecursionError):  # a whole number of too many digits to be written
        text = type(value).__name__
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "..."
