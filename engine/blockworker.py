"""A worker process that makes blocks for the process that started it, and ends with it."""

from __future__ import annotations

import os
import queue
import signal
import threading
import time
from typing import Any, BinaryIO, NoReturn

from .executors.frames import Frame, pack, read_frame, work_of, write_frame
from .executors.work import Notes, Workshop, error_fields
from .worker import EXIT_OK, settle, take_streams

# How often the fraction of a block is told.
_REPORT_SECONDS = 0.5


def serve() -> NoReturn:
    """Answer frames on standard input until it ends, since whoever started it is gone then.

    `load` takes a work and `make` a block; the answers are `ready`, `progress`, `done` and `error`.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all; the parent decides
    requests, answers = take_streams()
    settle()
    frames: queue.SimpleQueue[Frame] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(requests, frames), daemon=True).start()
    worker = _BlockWorker(answers)
    while True:
        try:
            worker.answer(*frames.get())
        except OSError:  # nobody hears the answer
            os._exit(EXIT_OK)


def _read(requests: BinaryIO, frames: queue.SimpleQueue[Frame]) -> None:
    while (frame := read_frame(requests)) is not None:
        frames.put(frame)
    os._exit(EXIT_OK)


class _BlockWorker:
    def __init__(self, answers: BinaryIO) -> None:
        self._answers = answers
        self._shop: Workshop | None = None
        self._run = 0
        self._reported = 0.0

    def answer(self, message: dict[str, Any], data: bytes) -> None:
        """Do what a frame asks, and answer."""
        try:
            answer = self._load(message, data) if message["do"] == "load" else self._make(message)
        except Exception as error:  # noqa: BLE001 - told, never hidden
            answer = ({"type": "error", **error_fields(error)}, b"")
        self._say(*answer)

    def _load(self, message: dict[str, Any], data: bytes) -> Frame:
        self._run = message["run"]
        self._shop = None  # two works at once may be too large
        self._shop = Workshop(work_of(message, data))
        return {"type": "ready"}, b""

    def _make(self, message: dict[str, Any]) -> Frame:
        if self._shop is None:
            raise RuntimeError("A block came before the work.")
        notes = Notes(self._report)
        names, packed = pack(self._shop.make(message["block"], notes))
        return {"type": "done", "names": names, "notes": notes.messages}, packed

    def _report(self, fraction: float) -> None:
        if time.monotonic() - self._reported > _REPORT_SECONDS:
            self._reported = time.monotonic()
            self._say({"type": "progress", "fraction": float(fraction)})

    def _say(self, message: dict[str, Any], data: bytes = b"") -> None:
        write_frame(self._answers, {"run": self._run, **message}, data)
