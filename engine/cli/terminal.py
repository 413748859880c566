"""Progress on a terminal."""

from __future__ import annotations

import signal
import sys
from types import FrameType, TracebackType

import click

from ..errors import Cancelled


class Terminal:
    """One line that shows how far the work is; Ctrl+C cancels."""

    def __init__(self) -> None:
        self._cancelled = False
        self._live = sys.stderr.isatty()

    def __enter__(self) -> Terminal:
        self._before = signal.signal(signal.SIGINT, self._cancel)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        signal.signal(signal.SIGINT, self._before)
        if self._live:
            click.echo("\r\033[K", nl=False, err=True)

    def _cancel(self, number: int, frame: FrameType | None) -> None:
        self._cancelled = True

    def report(self, fraction: float, message: str) -> None:
        """Rewrite the line; on what is no terminal, say nothing."""
        self.check_cancelled()
        if self._live:
            click.echo(f"\r\033[K{fraction:4.0%} {message}", nl=False, err=True)

    def log(self, message: str) -> None:
        """Print a line."""
        self._line(message)

    def warning(self, message: str) -> None:
        """Print a warning."""
        self._line(f"Warning: {message}")

    def metric(self, name: str, value: float, step: int) -> None:
        """Figures of training are in the report."""

    def check_cancelled(self) -> None:
        """Raise `Cancelled` after Ctrl+C."""
        if self._cancelled:
            raise Cancelled("Cancelled; nothing was written.")

    def _line(self, text: str) -> None:
        click.echo(("\r\033[K" if self._live else "") + text, err=True)
