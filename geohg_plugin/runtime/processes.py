"""Starting, talking to and ending a process with all that it started."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess  # nosec B404 # only with arguments in lists
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import IO, Any

from .environment import child_environment

_GRACE_SECONDS = 1.5
_TAIL_LINES = 12
_LONGEST_TAIL_LINE = 2000


def platform_options() -> dict[str, Any]:
    """Arguments of Popen that keep the process apart, and without a console window."""
    if os.name == "nt":
        return {"creationflags": subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}


def answer(command: Sequence[str], seconds: float) -> bytes:
    """What a program prints that answers within `seconds`, in an environment without QGIS's.

    Raises
    ------
    OSError
        If it does not start, fails, or takes longer.
    """
    try:
        done = subprocess.run(  # nosec B603 # arguments in a list, no shell
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=child_environment(),
            timeout=seconds,
            check=True,
            **platform_options(),
        )
    except subprocess.SubprocessError as error:
        raise ChildProcessError(str(error)) from error
    return done.stdout


def stop(process: subprocess.Popen[bytes], grace: float = _GRACE_SECONDS) -> None:
    """End a process and its group: asked first, killed if it does not follow in `grace` seconds."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(grace)
        except subprocess.TimeoutExpired:
            process.kill()
    if os.name != "nt":
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass  # nobody is left in the group
    process.wait()


class Worker:
    """A process that takes requests on its standard input and answers in lines.

    Parameters
    ----------
    command : sequence of str
        The program and its arguments.

    Raises
    ------
    OSError
        If the program cannot be started.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self.command = tuple(command)
        self.environment = child_environment()
        self.lines: queue.Queue[bytes] = queue.Queue()
        self.process_id = 0
        """The id that the process itself tells when it is ready, and 0 before: a Python of
        an environment on Windows starts another process and only waits for it."""
        self._tail: deque[bytes] = deque(maxlen=_TAIL_LINES)
        self._process = process = subprocess.Popen(  # nosec B603 # no shell
            self.command,
            stdin=subprocess.PIPE,  # its end tells the process that QGIS is gone
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=tempfile.gettempdir(),
            env=self.environment,
            **platform_options(),
        )
        pipes = ((process.stdout, self.lines.put), (process.stderr, self._tail.append))
        self._readers = [_start_reader(pipe, take) for pipe, take in pipes if pipe is not None]

    @property
    def started_id(self) -> int:
        """The id of the process that was started."""
        return self._process.pid

    def send(self, request: dict[str, Any]) -> None:
        """Hand a request over; a process that is gone tells so by its end."""
        if self._process.stdin is not None:
            try:
                self._process.stdin.write(json.dumps(request).encode("utf-8") + b"\n")
                self._process.stdin.flush()
            except OSError:
                pass  # told by `exit_code`

    def exit_code(self) -> int | None:
        """The exit code of a process that ended; all that it said is in `lines` then."""
        code = self._process.poll()
        if code is not None:
            for reader in self._readers:
                reader.join(1.0)  # a grandchild may hold the pipe open for ever
        return code

    def tail(self) -> str:
        """The last lines of standard error."""
        lines = [line[-_LONGEST_TAIL_LINE:] for line in self._tail]
        return b"".join(lines).decode("utf-8", errors="replace").strip()

    def stop(self) -> None:
        """End the process and all that it started."""
        stop(self._process)
        if self._process.stdin is not None:
            try:
                self._process.stdin.close()
            except OSError:
                pass  # what was still to be written has no reader


def _start_reader(pipe: IO[bytes], take: Callable[[bytes], Any]) -> threading.Thread:
    def read() -> None:
        with pipe:
            for line in pipe:
                take(line)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    return reader
