"""Starting and ending a process with all that it started."""

from __future__ import annotations

import os
import signal
import subprocess
from typing import Any

_GRACE_SECONDS = 1.5


def platform_options() -> dict[str, Any]:
    """Arguments of Popen that keep the process apart, and without a console window."""
    if os.name == "nt":
        return {"creationflags": subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process and its group: asked first, killed if it does not follow."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
    if os.name != "nt":
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass  # nobody is left in the group
    process.wait()
