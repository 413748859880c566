"""Runs a program of the setup, shows its lines, and ends it when the user wants."""

from __future__ import annotations

import queue
import subprocess  # nosec B404 # only with arguments in lists
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from ...engine.errors import Cancelled
from .processes import platform_options, stop

_POLL_SECONDS = 0.1
_LONGEST_LINE = 2000


def run_command(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    show: Callable[[str], None],
    cancelled: Callable[[], bool],
) -> int:
    """Run a program to its end and return its exit code.

    Parameters
    ----------
    command : sequence of str
        The program and its arguments; no shell reads them.
    folder : Path
        Where it runs.
    environment : mapping
        All of its environment variables.
    show : callable
        Gets every line of its output and errors.
    cancelled : callable
        Whether to stop.

    Raises
    ------
    Cancelled
        If the user wanted to stop; the program and what it started are ended then.
    OSError
        If it does not start.
    """
    process = subprocess.Popen(  # nosec B603 # arguments in a list, no shell
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=str(folder),
        env=dict(environment),
        **platform_options(),
    )
    lines: queue.Queue[bytes] = queue.Queue()
    reader = threading.Thread(target=_read, args=(process.stdout, lines), daemon=True)
    reader.start()
    try:
        _follow(process, reader, lines, show, cancelled)
    finally:
        # What a program leaves half done is thrown away: it needs no time to tidy up.
        stop(process, grace=0.2)
        reader.join(1.0)  # what outlived the program may hold the pipe open
        if process.stdout is not None and not reader.is_alive():
            process.stdout.close()
    return process.returncode


def _follow(
    process: subprocess.Popen[bytes],
    reader: threading.Thread,
    lines: queue.Queue[bytes],
    show: Callable[[str], None],
    cancelled: Callable[[], bool],
) -> None:
    ended = False
    while not ended or not lines.empty():
        if cancelled():
            raise Cancelled("Cancelled; nothing was changed.")
        ended = ended or process.poll() is not None
        if ended:
            reader.join(1.0)
        try:
            line = lines.get(timeout=0 if ended else _POLL_SECONDS)
        except queue.Empty:
            continue
        text = line.decode("utf-8", errors="replace").rstrip()
        if text:
            show(text[:_LONGEST_LINE])


def _read(pipe: IO[bytes] | None, lines: queue.Queue[bytes]) -> None:
    if pipe is not None:
        for line in pipe:
            lines.put(line)
