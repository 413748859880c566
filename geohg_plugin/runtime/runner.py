"""Runs one job of the engine in a process of its own, and follows it.

Knows nothing of QGIS: what the job tells goes to a `Watcher`.
"""

from __future__ import annotations

import json
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Protocol

from ...engine import schema
from ...engine.files import part_path
from ..resources import ROOT
from .environment import child_environment
from .processes import platform_options, stop

_POLL_SECONDS = 0.1
_LINGER_SECONDS = 10.0  # a job that has given its result must end within this time
_TAIL_LINES = 12
_EVENTS = (
    schema.EVENT_PROGRESS,
    schema.EVENT_LOG,
    schema.EVENT_WARNING,
    schema.EVENT_METRIC,
)


class JobError(Exception):
    """The job failed; the text is one sentence for the user."""


class Watcher(Protocol):
    """Who looks on while a job runs; called from the thread that runs it."""

    def event(self, event: dict[str, Any]) -> None:
        """Take a progress, log, warning or metric event."""

    def debug(self, text: str) -> None:
        """Take a line that only a developer wants."""

    def cancelled(self) -> bool:
        """Whether the user wants the job to stop."""


def engine_command(python: str) -> list[str]:
    """The command that runs a job, short of the request's path."""
    return [python, "-I", "-u", str(ROOT / "engine" / "__main__.py"), "run"]


def run_job(
    command: Sequence[str], request: dict[str, Any], folder: Path, watcher: Watcher
) -> dict[str, Any] | None:
    """Run `request` and return the job's result, or None if it was cancelled.

    Parameters
    ----------
    command : sequence of str
        Program and arguments, to which the request's path is added.
    request : dict
        The request, see the engine's `jobs` module.
    folder : Path
        A folder for the job alone, which the caller removes.
    watcher : Watcher
        Gets the events and says whether to stop.

    Raises
    ------
    JobError
        If the job failed. Neither a process nor a part-written file is left then.
    """
    request_path, stderr_path = folder / "request.json", folder / "stderr.txt"
    request_path.write_text(json.dumps(request, indent=1), encoding="utf-8")
    arguments = [*command, str(request_path), "--events"]
    with stderr_path.open("wb") as stderr:
        try:
            process = subprocess.Popen(
                arguments,
                stdin=subprocess.PIPE,  # its end tells the job that QGIS is gone
                stdout=subprocess.PIPE,
                stderr=stderr,
                cwd=str(folder),
                env=child_environment(),
                **platform_options(),
            )
        except OSError as error:
            raise JobError(f"The engine did not start ('{arguments[0]}'): {error}.") from error
    try:
        watcher.debug(f"Engine process {process.pid}: {' '.join(arguments)}")
        last = _follow(process, watcher)
        code = process.poll() or 0  # still alive: it gave its result and does not end
    finally:
        stop(process)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        _remove_parts(request, process.pid)
    if watcher.cancelled():
        return None
    return _judge(last, code, stderr_path, watcher)


def _follow(process: subprocess.Popen[bytes], watcher: Watcher) -> dict[str, Any] | None:
    """Pass events on until the job ends or is cancelled; return its result or error."""
    lines: queue.Queue[bytes] = queue.Queue()
    reader = threading.Thread(target=_read, args=(process.stdout, lines), daemon=True)
    reader.start()
    last: dict[str, Any] | None = None
    deadline = float("inf")
    while not watcher.cancelled() and time.monotonic() < deadline:
        ended = process.poll() is not None
        if ended:
            reader.join(1.0)  # a grandchild may hold the pipe open for ever
        try:
            while True:
                event = _parse(lines.get(timeout=0 if ended else _POLL_SECONDS), watcher)
                if event.get("type") in (schema.EVENT_RESULT, schema.EVENT_ERROR):
                    last, deadline = event, time.monotonic() + _LINGER_SECONDS
                elif event:
                    watcher.event(event)
                if watcher.cancelled():
                    return None
        except queue.Empty:
            pass
        if ended:
            break
    return last


def _read(pipe: IO[bytes] | None, lines: queue.Queue[bytes]) -> None:
    if pipe is not None:
        try:
            for line in pipe:
                lines.put(line)
        except ValueError:
            pass  # closed while reading: the job was stopped


def _parse(line: bytes, watcher: Watcher) -> dict[str, Any]:
    """The event on a line; empty for anything else that a library may print."""
    text = line.decode("utf-8", errors="replace").rstrip()
    try:
        event = json.loads(text)
    except ValueError:
        event = None
    known = (*_EVENTS, schema.EVENT_RESULT, schema.EVENT_ERROR)
    if isinstance(event, dict) and event.get("type") in known:
        return event
    if text:
        watcher.debug(text)
    return {}


def _judge(
    last: dict[str, Any] | None, code: int, stderr_path: Path, watcher: Watcher
) -> dict[str, Any]:
    """The result of a job that ended by itself, or the one sentence about its failure."""
    last = last or {}
    result = last.get("result")
    tail = _tail(stderr_path)
    if last.get("type") == schema.EVENT_ERROR:
        if tail:
            watcher.debug(tail)
        raise JobError(str(last.get("message") or "The engine failed without saying why."))
    if isinstance(result, dict) and code == 0:
        return result
    raise JobError(_death(code, bool(last), tail))


def _death(code: int, spoke: bool, tail: str) -> str:
    when = "after it gave its result, so its outputs may be incomplete" if spoke else ""
    if code == -9:
        text = (
            "The engine was killed (signal 9), most likely because the computer ran out of "
            "memory; use larger cells or a smaller extent, or close other programs"
        )
        return f"{text} ({when})." if when else f"{text}."
    if code < 0:
        cause = f"crashed ({_signal_name(-code)})"
    elif code == 0:
        cause = "ended without a result"
    else:
        cause = f"ended with exit code {code}"
    text = f"The engine {cause} {when}".rstrip() + "."
    return f"{text} Its last words:\n{tail}" if tail else text


def _signal_name(number: int) -> str:
    try:
        return f"signal {number}, {signal.Signals(number).name}"
    except ValueError:
        return f"signal {number}"


def _tail(path: Path) -> str:
    text = path.read_bytes()[-8000:].decode("utf-8", errors="replace")
    return "\n".join(text.strip().splitlines()[-_TAIL_LINES:])


def _remove_parts(request: dict[str, Any], process_id: int) -> None:
    for place in request.get("outputs", {}).values():
        if place:
            part_path(Path(place).absolute(), process_id).unlink(missing_ok=True)
