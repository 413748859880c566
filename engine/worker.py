"""A job in a process of its own: a request file in, JSON lines out."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping
from types import FrameType
from typing import Any, NoReturn, TextIO

from . import schema
from .errors import Cancelled, GeoHGError

EXIT_OK = 0
EXIT_BUG = 1
EXIT_USER = 2
EXIT_CANCELLED = 130


class Events:
    """Progress that is printed as one JSON object a line."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._shown = ""
        self.cancelled = threading.Event()

    def emit(self, event: str, /, **fields: Any) -> None:
        """Print one event."""
        line = json.dumps({"type": event, **fields}, ensure_ascii=False, allow_nan=False)
        with self._lock:
            self._stream.write(line + "\n")
            self._stream.flush()

    def report(self, fraction: float, message: str) -> None:
        """Print progress, in steps of a thousandth."""
        self.check_cancelled()
        shown = f"{fraction:.3f} {message}"
        if shown != self._shown:
            self._shown = shown
            self.emit(schema.EVENT_PROGRESS, fraction=round(fraction, 3), message=message)

    def log(self, message: str) -> None:
        """Print a line of information."""
        self.emit(schema.EVENT_LOG, message=message)

    def warning(self, message: str) -> None:
        """Print a warning."""
        self.emit(schema.EVENT_WARNING, message=message)

    def metric(self, name: str, value: float, step: int) -> None:
        """Print a figure of training."""
        self.emit(schema.EVENT_METRIC, name=name, value=value, step=step)

    def check_cancelled(self) -> None:
        """Raise `Cancelled` after `cancelled` was set."""
        if self.cancelled.is_set():
            raise Cancelled("Cancelled; nothing was written.")


class _Printed(io.TextIOBase):
    """What libraries print, line by line as log events."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self._rest = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            if line.strip():
                self._events.log(line)
        return len(text)


@contextlib.contextmanager
def _own_stdout() -> Iterator[TextIO]:
    """Keep standard output for events; what C libraries print there goes to standard error."""
    sys.stdout.flush()
    kept = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)
    with kept:
        yield kept


def serve(request: Mapping[str, Any]) -> NoReturn:
    """Run a request, print its events, and end the process with the exit code.

    The process ends when its standard input does, since then whoever started it is
    gone; SIGTERM cancels the job.
    """
    with _own_stdout() as stream:
        events = Events(stream)
        printed = _Printed(events)

        def cancel(number: int, frame: FrameType | None) -> None:
            events.cancelled.set()

        signal.signal(signal.SIGTERM, cancel)
        threading.Thread(target=_end_with_parent, args=(events,), daemon=True).start()
        with contextlib.redirect_stdout(printed):
            code = _run(request, events)
    sys.stderr.flush()
    # Everything is written; taking the libraries down in order costs a second more.
    os._exit(code)


def _run(request: Mapping[str, Any], events: Events) -> int:
    try:
        from .jobs import run

        result = run(request, events)
    except Cancelled as error:
        events.emit(schema.EVENT_ERROR, kind="Cancelled", message=str(error))
        return EXIT_CANCELLED
    except GeoHGError as error:
        events.emit(schema.EVENT_ERROR, kind=type(error).__name__, message=str(error))
        return EXIT_USER
    except Exception as error:  # noqa: BLE001 - told, never hidden
        traceback.print_exc(file=sys.stderr)
        message = f"{type(error).__name__}: {error}"
        events.emit(schema.EVENT_ERROR, kind=type(error).__name__, message=message)
        return EXIT_BUG
    events.emit(schema.EVENT_RESULT, result=result)
    return EXIT_OK


def _end_with_parent(events: Events) -> None:
    sys.stdin.buffer.read()
    events.cancelled.set()
