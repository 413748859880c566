"""A small process that cleans up after this one, however it ends."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from . import commits

_PYTHON = re.compile(r"pythonw?(\d+(\.\d+)?)?(\.exe)?", re.IGNORECASE)
_SECONDS = 5.0
_NO_WINDOW, _NEW_GROUP = 0x08000000, 0x00000200  # of Windows; subprocess has them there alone


def own_python() -> str:
    """The executable of this process; empty where that is no Python, but a program with one."""
    executable = sys.executable or ""
    return executable if _PYTHON.fullmatch(Path(executable).name) else ""


class Guard:
    """Calls `commits.recover` once this process has ended, unless `end` was called before.

    Where this process is no Python, but a program such as QGIS that holds one, there is none:
    starting its executable would start the program again.

    Parameters
    ----------
    paths : iterable of Path
        The outputs that this process writes.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self._process = None
        if not own_python():
            return
        import subprocess  # nosec B404 # loaded by the first run, with arguments in a list

        # It must spell the names of files as this process does.
        names = ["-X", "utf8"] if sys.getfilesystemencoding() == "utf-8" else []
        command = [sys.executable, "-I", "-S", *names, commits.__file__]
        with contextlib.suppress(OSError):
            self._process = subprocess.Popen(  # nosec B603 # no shell
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                **_apart(),
            )
            self._tell(json.dumps({"process": os.getpid(), "paths": list(map(str, paths))}) + "\n")

    def end(self) -> None:
        """Let it go: this process has cleaned up itself."""
        process, self._process = self._process, None
        if process is None or process.stdin is None:
            return
        with contextlib.suppress(OSError):
            process.stdin.write(commits.DONE.encode("ascii"))
            process.stdin.close()
        with contextlib.suppress(OSError):
            process.wait(_SECONDS)

    def _tell(self, line: str) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.write(line.encode("ascii"))
            self._process.stdin.flush()


def _apart() -> dict[str, Any]:
    """Arguments of Popen that keep signals to this process and its group from another."""
    if os.name == "nt":
        return {"creationflags": _NO_WINDOW | _NEW_GROUP}
    return {"start_new_session": True}
