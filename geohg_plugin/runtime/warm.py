"""Keeps the engine's process for a while after a job, since starting one takes seconds."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from .environment import child_environment
from .processes import Worker

_lock = threading.Lock()
_kept: Worker | None = None
_timer: threading.Timer | None = None


def take(command: Sequence[str]) -> Worker:
    """The process that was kept, if it would be started the same way now, or a new one.

    Raises
    ------
    OSError
        If the program cannot be started.
    """
    worker = _swap(None, 0.0)
    if worker is not None:
        same = worker.command == tuple(command) and worker.environment == child_environment()
        if same and worker.exit_code() is None:
            return worker
        worker.stop()
    return Worker(command)


def keep(worker: Worker, seconds: float) -> None:
    """Keep a process that waits for a request, and end it after `seconds`.

    There is never more than one: that which was kept before is ended.
    """
    former = _swap(worker, seconds)
    if former is not None:
        former.stop()


def end() -> None:
    """End the process that is kept, if there is one."""
    former = _swap(None, 0.0)
    if former is not None:
        former.stop()


def _swap(worker: Worker | None, seconds: float) -> Worker | None:
    """Put a worker, or none, in the place of the one that is kept; return that."""
    global _kept, _timer
    with _lock:
        former, _kept = _kept, worker
        if _timer is not None:
            _timer.cancel()
        _timer = None
        if worker is not None:
            _timer = threading.Timer(seconds, _expire, (worker,))
            _timer.daemon = True
            _timer.start()
    return former


def _expire(worker: Worker) -> None:
    global _kept
    with _lock:
        if _kept is not worker:
            return  # it was taken at this very moment
        _kept = None
    worker.stop()
