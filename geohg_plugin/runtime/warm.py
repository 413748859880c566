"""Keeps the engine's process for a while before and after a job: starting one takes seconds."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from ...engine.errors import GeoHGError
from .environment import child_environment
from .processes import Worker

_lock = threading.Lock()
_starting = threading.Lock()
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


def prepare(command: Callable[[], Sequence[str]], seconds: float) -> None:
    """Have a process ready for a job that may come within `seconds`; returns at once.

    One that is kept is kept for `seconds` from now. Where there is none, one is started in the
    background.

    Parameters
    ----------
    command : callable
        Returns the command of the process; called in a thread of its own. What is wrong with it
        is told by the job.
    seconds : float
        How long the process is kept.
    """
    if not _renew(seconds) and _starting.acquire(blocking=False):
        threading.Thread(target=_start, args=(command, seconds), daemon=True).start()


def end() -> None:
    """End the process that is kept, if there is one."""
    former = _swap(None, 0.0)
    if former is not None:
        former.stop()


def _start(command: Callable[[], Sequence[str]], seconds: float) -> None:
    try:
        keep(Worker(command()), seconds)
    except (GeoHGError, OSError):
        pass  # the job meets it again, and tells it
    finally:
        _starting.release()


def _renew(seconds: float) -> bool:
    """Keep the process that is kept for `seconds` from now; False where none is."""
    with _lock:
        if _kept is None or _kept.exit_code() is not None:
            return False
        _end_after(_kept, seconds)
    return True


def _swap(worker: Worker | None, seconds: float) -> Worker | None:
    """Put a worker, or none, in the place of the one that is kept; return that."""
    global _kept
    with _lock:
        former, _kept = _kept, worker
        _end_after(worker, seconds)
    return former


def _end_after(worker: Worker | None, seconds: float) -> None:
    """End the worker that is kept now after `seconds`, and none before."""
    global _timer
    if _timer is not None:
        _timer.cancel()
    _timer = None
    if worker is not None:
        _timer = threading.Timer(seconds, _expire, (worker,))
        _timer.daemon = True
        _timer.start()


def _expire(worker: Worker) -> None:
    global _kept
    with _lock:
        if _kept is not worker:
            return  # it was taken at this very moment
        _kept = None
    worker.stop()
