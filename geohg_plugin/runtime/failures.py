"""Remembers the last failures, for the diagnostics."""

from __future__ import annotations

import contextlib
import json
import os
from datetime import datetime, timezone
from typing import Any

from .folders import data_folder

_MOST = 20


def record(job: str, message: str) -> None:
    """Remember a failure; where that cannot be written, nothing is.

    Parameters
    ----------
    job : str
        Name of the job or algorithm.
    message : str
        What the user was told.
    """
    now = datetime.now(timezone.utc).isoformat(timespec="seconds")
    entries = [*last(_MOST - 1), {"time": now, "job": job, "message": message}]
    text = "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries)
    path = data_folder() / "failures.jsonl"
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink()


def last(count: int) -> list[dict[str, Any]]:
    """The last failures, oldest first, each with `time` (UTC), `job` and `message`."""
    try:
        text = (data_folder() / "failures.jsonl").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return []
    entries = []
    for line in text.splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict) and {"time", "job", "message"} <= set(entry):
            entries.append(entry)
    return entries[-count:]
