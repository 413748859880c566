"""What repeats a run, where its user is."""

from __future__ import annotations

import os
import shlex
import subprocess  # nosec B404 # writes a line, runs nothing
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[2]
# Nobody copies a longer call out of a report.
_MOST_LETTERS = 10_000


def repeating_command(request: Mapping[str, Any], report_json: Path | None) -> str:
    """What repeats the run of a request: what its door says, a line of the terminal, or a call.

    Parameters
    ----------
    request : mapping
        Its part `command` is what the door says.
    report_json : path, optional
        Where the numbers of its report are written.

    Returns
    -------
    str
        Empty where nothing short repeats it.
    """
    if request.get("command"):
        return str(request["command"])
    if report_json:
        return terminal_command(report_json)
    call = f"geohg.run_job({dict(request)!r})" if "version" in request else ""
    return call if len(call) <= _MOST_LETTERS else ""


def terminal_command(path: Path) -> str:
    """The line that runs a request or repeats a report: of `geohg`, or of a checkout."""
    program = ["geohg"]
    if (_ROOT / "pyproject.toml").is_file():
        here = Path.cwd() == _ROOT
        program = ["python", *(["-m", "engine"] if here else [str(_ROOT / "engine")])]
    join = subprocess.list2cmdline if os.name == "nt" else shlex.join
    return join([*program, "run", str(path)])
