"""Runs jobs of the engine in QGIS's own Python, where the user wants it so."""

from __future__ import annotations

import contextlib
import gc
import importlib.util
import json
import sys
import threading
import warnings
from collections.abc import Iterator
from typing import Any

from ...engine.names import EVENT_ERROR, EVENT_LOG, EVENT_RESULT
from ..translation import tr
from .interpreter import PACKAGES, EngineMissingError
from .runner import Watcher
from .verdict import result_of

_POLL_SECONDS = 0.1
_OLDEST_PYTHON = (3, 10)

_turn = threading.Lock()  # threads, streams and memory are shared: one job at a time


def check_inside() -> None:
    """Refuse a QGIS whose Python cannot run the engine.

    Raises
    ------
    EngineMissingError
        If it is too old or lacks packages.
    """
    remedy = tr(
        "install that for QGIS's Python, or let the engine run in a separate process "
        "(GEOHG_RUN_IN, or Settings > Options > GeoHG)"
    )
    fault = ""
    if sys.version_info < _OLDEST_PYTHON:
        fault = tr("is older than 3.10")
    else:
        missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
        if missing:
            fault = tr("lacks {packages}").format(packages=", ".join(missing))
    if fault:
        text = tr("The engine cannot run inside QGIS, whose Python {fault}: {remedy}.")
        raise EngineMissingError(text.format(fault=fault, remedy=remedy))


class InsideEngine:
    """The engine in this process; the same requests, events and results as in its own."""

    def __enter__(self) -> InsideEngine:
        return self

    def __exit__(self, *failure: object) -> None:
        gc.collect()

    def run(self, request: dict[str, Any], watcher: Watcher) -> dict[str, Any] | None:
        """Run `request`; see `ProcessEngine.run`."""
        # Only a function may load it: it brings the engine's packages into QGIS.
        from ...engine.worker import Events, Printed, run_request

        last: dict[str, Any] = {}

        def send(event: dict[str, Any]) -> None:
            event = json.loads(json.dumps(event, allow_nan=False))  # as from a process
            if event["type"] in (EVENT_RESULT, EVENT_ERROR):
                last.update(event)
            else:
                watcher.event(event)

        events = Events(send, watcher.cancelled)
        with _in_turn(watcher):
            if not watcher.cancelled():
                with _own_prints(Printed(events.log), Printed(watcher.debug)):
                    run_request(json.loads(json.dumps(request)), events)
        return None if watcher.cancelled() else result_of(last)


@contextlib.contextmanager
def _in_turn(watcher: Watcher) -> Iterator[None]:
    """Wait until no other job runs, or this one is cancelled."""
    mine = _turn.acquire(blocking=False)
    if not mine:
        text = tr("Waiting for another job of GeoHG to end.")
        watcher.event({"type": EVENT_LOG, "message": text})
    while not mine and not watcher.cancelled():
        mine = _turn.acquire(timeout=_POLL_SECONDS)
    try:
        yield
    finally:
        if mine:
            _turn.release()


class _OwnStream:
    """Takes what this thread prints, and leaves the prints of all others where they went.

    QGIS's Python console is a widget: a print from another thread than its own can end QGIS.
    """

    def __init__(self, own: Any, others: Any) -> None:
        self._own, self._others = own, others
        self._thread = threading.get_ident()

    def write(self, text: str) -> int:
        stream = self._own if threading.get_ident() == self._thread else self._others
        if stream is not None:
            stream.write(text)
        return len(text)

    def flush(self) -> None:
        if threading.get_ident() != self._thread and self._others is not None:
            self._others.flush()

    def isatty(self) -> bool:
        return False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._others, name)


@contextlib.contextmanager
def _own_prints(out: Any, err: Any) -> Iterator[None]:
    """Take what this thread writes to the standard streams into `out` and `err`.

    What libraries warn of in this thread goes to `err`, too.
    """
    before = sys.stdout, sys.stderr
    own = _OwnStream(out, before[0]), _OwnStream(err, before[1])
    shown, thread = warnings.showwarning, threading.get_ident()

    def show(message: Any, category: type[Warning], *where: Any, **more: Any) -> None:
        if threading.get_ident() == thread:
            print(f"{category.__name__}: {message}", file=err)
        else:
            shown(message, category, *where, **more)

    sys.stdout, sys.stderr = own
    warnings.showwarning = show
    try:
        yield
    finally:
        # Whoever replaced one of these meanwhile keeps it.
        if warnings.showwarning is show:
            warnings.showwarning = shown
        if sys.stdout is own[0]:
            sys.stdout = before[0]
        if sys.stderr is own[1]:
            sys.stderr = before[1]
