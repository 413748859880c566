"""Progress, messages and cancelling of long work."""

from __future__ import annotations

import contextlib
import logging
import sys
import warnings
from collections.abc import Iterator
from typing import Protocol

from .errors import GeoHGWarning, one_line
from .language import tr

_BAR = 20
_PACKAGE = __name__.split(".")[0]
_log = logging.getLogger("geohg")


class Progress(Protocol):
    """Receives the progress and messages of a job, and can cancel it."""

    def report(self, fraction: float, message: str) -> None:
        """Show that `fraction` (0 to 1) of the work is done, with a message on the current step."""

    def log(self, message: str) -> None:
        """Show a line of information."""

    def warning(self, message: str) -> None:
        """Show something that the user should know about the result."""

    def metric(self, name: str, value: float, step: int) -> None:
        """Report a number that changes during training, such as the loss."""

    def check_cancelled(self) -> None:
        """Raise `Cancelled` if the user asked to stop."""


class Silent:
    """A progress that ignores everything."""

    def report(self, fraction: float, message: str) -> None:
        pass

    def log(self, message: str) -> None:
        pass

    def warning(self, message: str) -> None:
        pass

    def metric(self, name: str, value: float, step: int) -> None:
        pass

    def check_cancelled(self) -> None:
        pass


class InPython(Silent):
    """The progress of a call in Python.

    A warning is a `GeoHGWarning` at the line of the caller; messages go to the logger `geohg`.

    Parameters
    ----------
    verbose : bool
        Whether a bar on standard error shows how far the work is.
    """

    def __init__(self, verbose: bool = False) -> None:
        self.verbose = verbose
        self._shown = ""

    def report(self, fraction: float, message: str) -> None:
        line = bar(fraction, message)
        if self.verbose and line != self._shown:
            self._write(line)

    def log(self, message: str) -> None:
        _log.info(one_line(message))

    def warning(self, message: str) -> None:
        self.close()
        warnings.warn(one_line(message), GeoHGWarning, stacklevel=_callers_level())

    def close(self) -> None:
        """Remove the bar."""
        if self._shown:
            self._write("")
            sys.stderr.write("\r")

    def _write(self, line: str) -> None:
        # What runs in a notebook knows no codes that erase a line.
        sys.stderr.write(f"\r{line:<{len(self._shown)}}")
        sys.stderr.flush()
        self._shown = line


def _callers_level() -> int:
    """The `stacklevel` for `warnings.warn` at which the first caller outside the package is."""
    level, frame = 1, sys._getframe(1)
    while frame.f_back and frame.f_globals.get("__name__", "").split(".")[0] == _PACKAGE:
        level, frame = level + 1, frame.f_back
    return level


@contextlib.contextmanager
def showing(progress: Progress | None, verbose: bool = False) -> Iterator[Progress]:
    """The progress that a caller gave, or else `InPython`, whose bar goes at the end."""
    if progress is not None:
        yield progress
        return
    own = InPython(verbose)
    try:
        yield own
    finally:
        own.close()


def bar(fraction: float, message: str) -> str:
    """A line that shows how far the work is."""
    return f"[{'#' * int(_BAR * fraction):-<{_BAR}}]{fraction:5.0%} {message}"


def time_in_words(seconds: float) -> str:
    """A length of time, rounded."""
    if seconds < 90:
        return tr("{count} seconds").format(count=max(round(seconds), 1))
    if seconds < 90 * 60:
        return tr("{count} minutes").format(count=round(seconds / 60))
    return tr("{count} hours").format(count=round(seconds / 3600))


class Part:
    """A part of a larger progress: 0 to 1 here is `start` to `end` there."""

    def __init__(self, whole: Progress, start: float, end: float) -> None:
        self.whole = whole
        self.start = start
        self.end = end

    def report(self, fraction: float, message: str) -> None:
        self.whole.check_cancelled()
        self.whole.report(self.start + (self.end - self.start) * fraction, message)

    def log(self, message: str) -> None:
        self.whole.log(message)

    def warning(self, message: str) -> None:
        self.whole.warning(message)

    def metric(self, name: str, value: float, step: int) -> None:
        self.whole.metric(name, value, step)

    def check_cancelled(self) -> None:
        self.whole.check_cancelled()


def parts_of(progress: Progress, count: int) -> list[Part]:
    """So many equal parts of a progress, one after the other."""
    return [Part(progress, number / count, (number + 1) / count) for number in range(count)]


def chunks(count: int, size: int, progress: Progress, message: str) -> Iterator[slice]:
    """Slices that cover `count` rows, `size` at a time, watched by `progress`."""
    for start in range(0, count, size):
        progress.check_cancelled()
        progress.report(start / count, message)
        yield slice(start, min(start + size, count))
