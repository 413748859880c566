"""How the command line begins and ends, whatever happens in between."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

import click

from ..errors import OutputError, fault_in_words
from ..worker import EXIT_BUG, EXIT_CANCELLED, EXIT_OK, EXIT_USER, lacks_memory, settle

CANCELLED = "Cancelled; nothing was written."


class Door(click.Group):
    """Commands whose exit codes are those that `geohg --help` names."""

    def main(self, *args: Any, **extra: Any) -> Any:
        run: Any = super().main
        if not extra.pop("standalone_mode", True):
            return run(*args, standalone_mode=False, **extra)
        settle()
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):  # names may have letters that a terminal lacks
                stream.reconfigure(errors="backslashreplace")
        sys.exit(_end(lambda: run(*args, standalone_mode=False, **extra)))


def _end(run: Callable[[], Any]) -> int:
    """Run a command to its end; return the exit code."""
    try:
        code = run()
        return code if isinstance(code, int) else EXIT_OK
    except (click.Abort, KeyboardInterrupt):
        say(CANCELLED)
        return EXIT_CANCELLED
    except click.ClickException as error:
        error.show()
        return EXIT_USER
    except BrokenPipeError:  # whoever read the output has seen enough
        _close(sys.stdout)
        return EXIT_OK
    except Exception as error:  # noqa: BLE001 - told, never hidden
        if lacks_memory(error):
            say("Error: There is too little memory; use larger cells or a smaller extent.")
            return EXIT_USER
        say(traceback.format_exc() + f"Error: {fault_in_words(error)}")
        return EXIT_BUG


def say(text: str, nl: bool = True) -> None:
    """Print on standard error; the work goes on when nobody reads it."""
    try:
        click.echo(text, nl=nl, err=True)
    except OSError:
        _close(sys.stderr)


def give(text: str) -> None:
    """Print a result on standard output; whoever reads it may have seen enough.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    try:
        click.echo(text)
    except BrokenPipeError:
        _close(sys.stdout)
    except OSError as error:
        _close(sys.stdout)
        raise OutputError(
            f"The result cannot be printed: {error.strerror}; the files were written."
        ) from error


def _close(stream: Any) -> None:
    """Discard further output, so that Python can flush the stream when it ends."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, stream.fileno())
    os.close(nothing)
