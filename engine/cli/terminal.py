"""Progress on a terminal, and how a command ends."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from types import FrameType, TracebackType

from ..errors import Cancelled, GeoHGError, one_line
from ..language import tr
from ..progress import bar
from ..worker import EXIT_CANCELLED, EXIT_USER
from .door import CANCELLED, say

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def use_unicode() -> None:
    """Write any name of a file.

    Where the locale's encoding is not UTF-8, libraries would write files of other names: the
    command is started again then, in Python's UTF-8 mode.
    """
    if sys.getfilesystemencoding() != "utf-8" and not sys.flags.utf8_mode and sys.orig_argv:
        arguments = [sys.executable, "-X", "utf8", *sys.orig_argv[1:]]
        os.execv(sys.executable, arguments)  # nosec B606 # no shell


@contextlib.contextmanager
def work(quiet: bool = False) -> Iterator[Terminal]:
    """Do a command's work; a mistake of the user is told in a sentence, without a traceback.

    Parameters
    ----------
    quiet : bool
        Whether only warnings and errors are told.

    Raises
    ------
    SystemExit
        With the exit code that says what happened, if it did not end well.
    """
    try:
        with Terminal(quiet) as terminal:
            yield terminal
    except (Cancelled, KeyboardInterrupt) as error:
        say(str(error) or CANCELLED)
        raise SystemExit(EXIT_CANCELLED) from error
    except GeoHGError as error:
        say(f"Error: {error}")
        raise SystemExit(EXIT_USER) from error


class Terminal:
    """One line that shows how far the work is; Ctrl+C cancels.

    Parameters
    ----------
    quiet : bool
        Whether only warnings are told.
    """

    def __init__(self, quiet: bool = False) -> None:
        self._quiet = quiet
        self._cancelled = False
        self._started = False
        self._live = sys.stderr.isatty() and not quiet

    def __enter__(self) -> Terminal:
        self._before = [signal.signal(number, self._cancel) for number in _SIGNALS]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in zip(_SIGNALS, self._before):
            signal.signal(number, handler)
        if self._live:
            say("\r\033[K", nl=False)

    def _cancel(self, number: int, frame: FrameType | None) -> None:
        # While libraries are loaded nothing asks whether to stop, nor is anything written.
        if self._cancelled or not self._started:
            raise KeyboardInterrupt
        self._cancelled = True

    def report(self, fraction: float, message: str) -> None:
        """Rewrite the line; on what is no terminal, say nothing."""
        self._started = True
        self.check_cancelled()
        if self._live:
            width = shutil.get_terminal_size().columns - 1
            say(f"\r\033[K{bar(fraction, message)[:width]}", nl=False)

    def log(self, message: str) -> None:
        """Print a line."""
        if not self._quiet:
            self._line(message)

    def warning(self, message: str) -> None:
        """Print a warning."""
        self._line(f"Warning: {message}")

    def metric(self, name: str, value: float, step: int) -> None:
        """Figures of training are in the report."""

    def check_cancelled(self) -> None:
        """Raise `Cancelled` after Ctrl+C."""
        if self._cancelled:
            raise Cancelled(tr("Cancelled; nothing was written."))

    def _line(self, text: str) -> None:
        say(("\r\033[K" if self._live else "") + one_line(text))
