"""Blocks that are made by worker processes of this machine."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import queue
import subprocess  # nosec B404 # only with arguments in lists
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from ..data.builders.blocks import Block
from ..errors import FitError, InputError
from ..guard import own_python
from ..language import tr
from ..progress import Progress
from .frames import Frame, read_frame, unpack, work_frame, write_frame
from .work import Outcome, Work, error_of

_MAIN = Path(__file__).resolve().parents[1] / "__main__.py"
# A worker computes in one thread: the workers are the parallelism.
_ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)
_NO_WINDOW = 0x08000000  # of Windows; subprocess has it there alone
_TAIL_LINES = 5
_POLL_SECONDS = 0.2
_END_SECONDS = 5.0


def worker_command() -> list[str]:
    """The command of a worker: this Python, as it was started.

    Raises
    ------
    InputError
        If this process is no Python, but a program that holds one.
    """
    python = own_python()
    if not python:
        raise InputError(
            tr(
                "'{program}' is no Python, so it cannot start workers; let the engine run in a "
                "process of its own, or use 0 workers."
            ).format(program=sys.executable)
        )
    apart = ["-I"] if sys.flags.isolated else []
    return [python, *apart, "-X", "utf8", "-u", str(_MAIN), "blocks"]


class WorkerProcesses:
    """Processes of this machine that make a block each; see `Executor`.

    One that dies is replaced, and its block is told as lost. They end with this process, however
    that ends.

    Parameters
    ----------
    count : int
        How many.
    command : sequence of str, optional
        Starts one; by default `worker_command`.
    """

    def __init__(self, count: int, command: Sequence[str] = ()) -> None:
        self.slots = count
        self._command = list(command or worker_command())
        self._frames: queue.SimpleQueue[tuple[_Process, Frame | None]] = queue.SimpleQueue()
        self._processes: list[_Process] = []
        self._work: Frame = {}, b""
        self._run = 0
        self._spare = count
        """How many more may be killed before they are ready."""

    def open(self, work: Work, progress: Progress) -> None:
        """Start what is not there, hand the work out, and wait until all are ready."""
        self._work = work_frame(work)
        self._run += 1  # what a worker still has to say of the work before is not heard
        for each in self._processes:
            if each.block is not None:  # of a work that ended before its blocks did
                each.kill()
        self._processes = [each for each in self._processes if each.alive]
        while len(self._processes) < self.slots:
            self._processes.append(_Process(self._command, self._frames))
        for process in self._processes:
            self._load(process)
        while not all(process.ready for process in self._processes):
            progress.check_cancelled()
            for outcome in self.wait(_POLL_SECONDS):
                if outcome.error is not None:
                    raise outcome.error

    def submit(self, block: Block, progress: Progress) -> None:
        """See `Executor`."""
        process = next(each for each in self._processes if each.block is None)
        process.block, process.progress = block, progress
        if process.ready:
            process.make()

    def wait(self, seconds: float) -> list[Outcome]:
        """See `Executor`."""
        outcomes: list[Outcome] = []
        until = time.monotonic() + seconds
        while not outcomes:
            try:
                left = max(until - time.monotonic(), 0.0)
                process, frame = self._frames.get(timeout=left)
            except queue.Empty:
                break
            outcome = self._take(process, frame)
            outcomes += [] if outcome is None else [outcome]
        return outcomes

    def close(self) -> None:
        """See `Executor`."""
        for process in self._processes:
            process.kill()
        self._processes.clear()

    def _load(self, process: _Process) -> None:
        process.ready = False
        process.send({"do": "load", "run": self._run, **self._work[0]}, self._work[1])

    def _take(self, process: _Process, frame: Frame | None) -> Outcome | None:
        """Follow what a process says; its end is None."""
        if process not in self._processes:
            return None
        if frame is None:
            return self._replace(process)
        message, data = frame
        if message["run"] != self._run:
            return None
        number = process.block.number if process.block else -1
        if message["type"] == "ready":
            process.ready = True
            if process.block:
                process.make()
        elif message["type"] == "progress" and process.progress:
            process.progress.report(message["fraction"], "")
        elif message["type"] == "error":
            process.block = None
            return Outcome(number, error=error_of(message))
        elif message["type"] == "done":
            process.block = None
            notes = tuple((kind, text) for kind, text in message["notes"])
            return Outcome(number, unpack(message["names"], data), notes=notes)
        return None

    def _replace(self, process: _Process) -> Outcome | None:
        """Start another for one that died; what it was making is lost."""
        self._processes.remove(process)
        code, reason = process.kill()
        if not process.ready and (code >= 0 or self._spare == 0):
            text = tr("A worker process does not start: {reason}.").format(reason=reason)
            return Outcome(-1, error=FitError(text))
        self._spare -= not process.ready
        self._processes.append(_Process(self._command, self._frames))
        self._load(self._processes[-1])
        return Outcome(process.block.number, lost=reason) if process.block else None


class _Process:
    """One worker process."""

    def __init__(self, command: list[str], frames: queue.SimpleQueue[Any]) -> None:
        self.ready = False
        self.block: Block | None = None
        self.progress: Progress | None = None
        self._tail: deque[bytes] = deque(maxlen=_TAIL_LINES)
        hidden: dict[str, Any] = {"creationflags": _NO_WINDOW} if os.name == "nt" else {}
        self._process = process = subprocess.Popen(  # nosec B603 # no shell
            command,
            stdin=subprocess.PIPE,  # its end tells the worker that this process is gone
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **_ONE_THREAD},
            **hidden,
        )
        self._readers = [
            threading.Thread(target=self._follow, args=(process.stdout, frames), daemon=True),
            threading.Thread(target=self._keep, args=(process.stderr,), daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def make(self) -> None:
        """Hand the block over."""
        if self.block is not None:
            self.send({"do": "make", "block": dataclasses.asdict(self.block)})

    def send(self, message: dict[str, Any], data: bytes = b"") -> None:
        """Write a frame; one that is gone tells so by its end."""
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                write_frame(self._process.stdin, message, data)  # type: ignore[arg-type]

    def kill(self) -> tuple[int, str]:
        """End it at once; its exit code, negative for a signal, and the end of what it said."""
        self._process.kill()
        code = self._process.wait()
        for reader in self._readers:
            reader.join(_END_SECONDS)
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        lines = b" ".join(line.strip() for line in self._tail).decode("utf-8", "replace")
        ended = tr("signal {number}") if code < 0 else tr("exit code {number}")
        return code, f"{ended.format(number=abs(code))} {lines[-300:]}".strip()

    def _follow(self, pipe: IO[bytes], frames: queue.SimpleQueue[Any]) -> None:
        with pipe:
            while (frame := read_frame(pipe)) is not None:  # type: ignore[arg-type]
                frames.put((self, frame))
        frames.put((self, None))

    def _keep(self, pipe: IO[bytes]) -> None:
        with pipe:
            for line in pipe:
                self._tail.append(line)
