"""Jobs in a process of their own: requests in, events out, one JSON object a line each."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import logging
import os
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any, BinaryIO, NoReturn

import psutil

from .commits import recover
from .config.requestfile import parse_json
from .errors import Cancelled, GeoHGError, fault_in_words
from .language import language_of, speaking, tr
from .memory import free_memory, keep_memory
from .names import (
    EVENT_ERROR,
    EVENT_LOG,
    EVENT_METRIC,
    EVENT_PROGRESS,
    EVENT_READY,
    EVENT_RESULT,
    EVENT_WARNING,
    MEMORY_SIGNS,
)

EXIT_OK = 0
EXIT_BUG = 1
EXIT_USER = 2
EXIT_CANCELLED = 130

_GRACE_SECONDS = 5.0
# What a map needs, one after the other while QGIS reads its layers; after a job, what trains.
_LOADED_FIRST = (".jobs.interpolate", ".models.informed", "sklearn.ensemble", ".report.html")
_LOADED_NEXT = (".models.network",)

Send = Callable[[dict[str, Any]], None]


class Events:
    """Progress that is passed on as one dict an event.

    Parameters
    ----------
    send : callable
        Takes each event.
    cancelled : callable
        Whether the user wants the job to stop.
    """

    def __init__(self, send: Send, cancelled: Callable[[], bool]) -> None:
        self._send = send
        self._cancelled = cancelled
        self._lock = threading.Lock()
        self._shown = ""

    def emit(self, event: str, /, **fields: Any) -> None:
        """Pass one event on."""
        with self._lock:
            self._send({"type": event, **fields})

    def report(self, fraction: float, message: str) -> None:
        """Tell progress, in steps of a thousandth."""
        self.check_cancelled()
        shown = f"{fraction:.3f} {message}"
        if shown != self._shown:
            self._shown = shown
            self.emit(EVENT_PROGRESS, fraction=round(fraction, 3), message=message)

    def log(self, message: str) -> None:
        """Tell a line of information."""
        self.emit(EVENT_LOG, message=message)

    def warning(self, message: str) -> None:
        """Tell a warning."""
        self.emit(EVENT_WARNING, message=message)

    def metric(self, name: str, value: float, step: int) -> None:
        """Tell a figure of training."""
        self.emit(EVENT_METRIC, name=name, value=value, step=step)

    def check_cancelled(self) -> None:
        """Raise `Cancelled` once the user wants the job to stop."""
        if self._cancelled():
            raise Cancelled(tr("Cancelled; nothing was written."))


class Printed(io.TextIOBase):
    """What libraries print, told line by line."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._rest = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            if line.strip():
                self._tell(line)
        return len(text)


def run_request(request: Mapping[str, Any], events: Events) -> int:
    """Do what a request asks; its last event is the result or the error.

    Returns the exit code of a process that does only this.
    """

    def work() -> None:
        from .jobs import run

        events.emit(EVENT_RESULT, result=run(request, events))

    with speaking(language_of(request)):
        return _tell_failure(work, events)


def settle() -> None:
    """Make a process GeoHG's own: it keeps memory, and from the user what libraries warn of.

    What matters of it GeoHG says itself. Python's `-W` and PYTHONWARNINGS show it again.
    """
    keep_memory()
    if not sys.warnoptions:
        logging.captureWarnings(True)
        logging.getLogger().addHandler(logging.NullHandler())


def serve() -> NoReturn:
    """Run the requests on standard input, one a line, and end the process.

    An event `ready` with the process's id and its memory in bytes goes before each
    request. The process ends after a job that was cancelled or met a fault, not after a
    user's mistake, and when its input does, since then whoever started it is gone; SIGTERM
    cancels the job.
    """
    requests, answers = take_streams()
    stream = io.TextIOWrapper(answers, "utf-8", errors="backslashreplace", newline="\n")
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    cancelled = threading.Event()

    def end(number: int = 0, frame: FrameType | None = None) -> None:
        cancelled.set()
        lines.put(b"")

    def send(event: dict[str, Any]) -> None:
        line = json.dumps(event, ensure_ascii=False, allow_nan=False)
        stream.write(line + "\n")
        stream.flush()

    settle()
    signal.signal(signal.SIGTERM, end)
    worker = _Worker(lines, Events(send, cancelled.is_set))
    threading.Thread(target=_read, args=(requests, lines, end, worker), daemon=True).start()
    with contextlib.redirect_stdout(Printed(worker.events.log)):
        code = worker.work()
    sys.stderr.flush()
    # Everything is written; taking the libraries down in order costs a second more.
    os._exit(code)


class _Worker:
    """Takes one request after another, and knows where the one at hand writes."""

    def __init__(self, lines: queue.SimpleQueue[bytes], events: Events) -> None:
        self.events = events
        self._lines = lines
        self._outputs: list[str] = []

    def work(self) -> int:
        """Serve until there is no line left or a job meets a fault; the last job's exit code."""
        code, waits = EXIT_OK, iter((_LOADED_FIRST, _LOADED_NEXT))
        while code in (EXIT_OK, EXIT_USER):
            self._tell_ready()
            fault = _tell_failure(lambda: self._load(next(waits, ())), self.events)
            line = b"" if fault else self._lines.get()
            if not line:
                return fault or code
            code = self._serve(line)
            free_memory()
        return code

    def _load(self, modules: tuple[str, ...]) -> None:
        """Load the first, and the others until a request comes."""
        for number, module in enumerate(modules):
            if number == 0 or self._lines.empty():
                importlib.import_module(module, __package__)

    def _serve(self, line: bytes) -> int:
        """Run the request on a line."""
        parsed: list[Any] = []
        code = _tell_failure(lambda: parsed.append(parse_json(line, "The request")), self.events)
        for request in parsed:
            self._outputs = _output_paths(request)
            code = run_request(request, self.events)
            self._outputs = []
        return code

    def abandon(self) -> NoReturn:
        """End at once, whatever is being done, and leave no part-written file."""
        recover(self._outputs, os.getpid())
        os._exit(EXIT_CANCELLED)

    def _tell_ready(self) -> None:
        memory = psutil.Process().memory_info().rss
        self.events.emit(EVENT_READY, process=os.getpid(), memory=memory)


def _output_paths(request: Any) -> list[str]:
    """Where an unchecked request wants to write."""
    outputs = request.get("outputs") if isinstance(request, dict) else None
    paths = outputs.values() if isinstance(outputs, dict) else ()
    return [path for path in paths if path and isinstance(path, str)]


def _tell_failure(work: Callable[[], None], events: Events) -> int:
    """Call `work`; tell what went wrong, if anything, and return the exit code."""
    try:
        work()
    except Cancelled as error:
        events.emit(EVENT_ERROR, kind="Cancelled", message=str(error))
        return EXIT_CANCELLED
    except GeoHGError as error:
        events.emit(EVENT_ERROR, kind=type(error).__name__, message=str(error))
        return EXIT_USER
    except Exception as error:  # noqa: BLE001 - told, never hidden
        traceback.print_exc(file=sys.stderr)
        kind, message = type(error).__name__, fault_in_words(error)
        if isinstance(error, ImportError):  # the environment's fault, as QGIS's door says
            message = f"{kind}: {error}"
        if lacks_memory(error):
            kind = MemoryError.__name__
        events.emit(EVENT_ERROR, kind=kind, message=message)
        return EXIT_BUG
    return EXIT_OK


def lacks_memory(error: Exception) -> bool:
    """Whether an error says that there was no memory."""
    text = str(error).lower()
    return isinstance(error, MemoryError) or any(sign in text for sign in MEMORY_SIGNS)


def take_streams() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output for the caller alone.

    What C libraries print goes to standard error, and nothing else can read requests: on
    Windows a library that is loaded while a thread waits on standard input may wait for it.
    """
    sys.stdout.flush()
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return requests, answers


def _read(
    requests: BinaryIO,
    lines: queue.SimpleQueue[bytes],
    end: Callable[[], None],
    worker: _Worker,
) -> None:
    for line in requests:
        lines.put(line)
    end()
    time.sleep(_GRACE_SECONDS)  # a job asks now and then whether to stop; a library never does
    worker.abandon()
