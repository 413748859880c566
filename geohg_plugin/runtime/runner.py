"""Runs jobs of the engine in a process of its own, and follows them.

What a job tells goes to a `Watcher`.
"""

from __future__ import annotations

import json
import queue
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Protocol

from ...engine.commits import recover
from ...engine.names import (
    EVENT_ERROR,
    EVENT_LOG,
    EVENT_METRIC,
    EVENT_PROGRESS,
    EVENT_READY,
    EVENT_RESULT,
    EVENT_WARNING,
)
from ..resources import ROOT
from ..translation import tr
from . import warm
from .verdict import JobError, death_of, result_of

LARGEST_KEPT_BYTES = 1 << 30
"""A process that holds more memory than this after a job is not kept for the next."""

_POLL_SECONDS = 0.1
_LINGER_SECONDS = 10.0  # a job that has given its result must be done within this time
_EVENTS = (
    EVENT_PROGRESS,
    EVENT_LOG,
    EVENT_WARNING,
    EVENT_METRIC,
)
_KNOWN = (*_EVENTS, EVENT_READY, EVENT_RESULT, EVENT_ERROR)


class Watcher(Protocol):
    """Who looks on while a job runs; called from the thread that runs it."""

    def event(self, event: dict[str, Any]) -> None:
        """Take a progress, log, warning or metric event."""

    def debug(self, text: str) -> None:
        """Take a line that only a developer wants."""

    def cancelled(self) -> bool:
        """Whether the user wants the job to stop."""


def engine_command(python: str) -> list[str]:
    """The command of the process that takes requests."""
    return [python, "-I", "-X", "utf8", "-u", str(ROOT / "engine" / "__main__.py"), "serve"]


class ProcessEngine:
    """The engine in a process of its own; a context that ends it or keeps it warm.

    Parameters
    ----------
    command : sequence of str
        Program and arguments of the process.
    keep_seconds : float
        How long to keep the process after a job, for the next one.

    Raises
    ------
    JobError
        If the process cannot be started.
    """

    def __init__(self, command: Sequence[str], keep_seconds: float = 0.0) -> None:
        self._keep_seconds = keep_seconds
        self._spare = True  # it waits for a request, or will
        try:
            self._worker = warm.take(command)
        except OSError as error:
            text = tr("The engine did not start ('{program}'): {reason}.")
            raise JobError(text.format(program=command[0], reason=error)) from error

    def __enter__(self) -> ProcessEngine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._spare and self._keep_seconds and self._worker.exit_code() is None:
            warm.keep(self._worker, self._keep_seconds)
        else:
            self._worker.stop()

    def run(self, request: dict[str, Any], watcher: Watcher) -> dict[str, Any] | None:
        """Run `request` and return the job's result, or None if it was cancelled.

        Parameters
        ----------
        request : dict
            The request, see the engine's `jobs` module.
        watcher : Watcher
            Gets the events and says whether to stop.

        Raises
        ------
        JobError
            If the job failed. Neither a process nor a part-written file is left then.
        """
        worker, self._spare = self._worker, False
        try:
            watcher.debug(f"Engine process {worker.started_id}: {' '.join(worker.command)}")
            last = self._follow(request, watcher)
            code = worker.exit_code() or 0  # still alive: it waits, or it does not end
        finally:
            if not self._spare:
                worker.stop()
                paths = [path for path in request.get("outputs", {}).values() if path]
                recover(paths, worker.process_id)
        if watcher.cancelled():
            return None
        if last is None or (last["type"] == EVENT_RESULT and code != 0):
            raise death_of(code, last is not None, worker.tail())
        if last["type"] == EVENT_ERROR and worker.tail():
            watcher.debug(worker.tail())
        return result_of(last)

    def _follow(self, request: dict[str, Any], watcher: Watcher) -> dict[str, Any] | None:
        """Pass events on until the job ends or is cancelled; return its result or error."""
        worker = self._worker
        if worker.process_id:
            worker.send(request)
        last: dict[str, Any] | None = None
        deadline = float("inf")
        while not watcher.cancelled() and time.monotonic() < deadline:
            ended = worker.exit_code() is not None
            try:
                while True:
                    line = worker.lines.get(timeout=0 if ended else _POLL_SECONDS)
                    event = _parse(line, watcher)
                    kind = event.get("type")
                    if kind in (EVENT_RESULT, EVENT_ERROR):
                        last, deadline = event, time.monotonic() + _LINGER_SECONDS
                    elif kind == EVENT_READY and last is not None:
                        self._spare = event["memory"] <= LARGEST_KEPT_BYTES
                        return last
                    elif kind == EVENT_READY:
                        worker.process_id = event["process"]
                        worker.send(request)
                    elif event:
                        watcher.event(event)
                    if watcher.cancelled():
                        return None
            except queue.Empty:
                pass
            if ended:
                break
        return last


def _parse(line: bytes, watcher: Watcher) -> dict[str, Any]:
    """The event on a line; empty for anything else that a library may print."""
    text = line.decode("utf-8", errors="replace").rstrip()
    try:
        event = json.loads(text)
    except ValueError:
        event = None
    if isinstance(event, dict) and event.get("type") in _KNOWN:
        return event
    if text:
        watcher.debug(text)
    return {}
