"""The plugin's settings, and where each comes from.

An environment variable of a setting's name wins over what was set in QGIS, so that a
server without windows can be set up too.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from qgis.core import QgsSettings

from .translation import tr

ENGINE_PYTHON = "GEOHG_PYTHON"
RUN_IN = "GEOHG_RUN_IN"
THREADS = "GEOHG_THREADS"
WORKERS = "GEOHG_WORKERS"
KEEP_WARM = "GEOHG_KEEP_WARM"
TOLD = "told"  # of the engine, and needs not be told again

PROCESS = "process"
INSIDE = "inside"
KEEP_WARM_SECONDS = 60
MOST_THREADS = MOST_WORKERS = 1024
MOST_KEEP_WARM_SECONDS = 86_400


@dataclass(frozen=True)
class EnginePython:
    """The Python that the user chose for the engine; an empty path where none was."""

    path: str
    origin: str


def engine_python() -> EnginePython:
    """The Python that was chosen for the engine."""
    if os.environ.get(ENGINE_PYTHON, "").strip():
        origin = tr("the environment variable GEOHG_PYTHON")
    else:
        origin = tr("Settings > Options > GeoHG")
    return EnginePython(_value(ENGINE_PYTHON), origin)


def run_in() -> str:
    """Where the engine runs: "process" (its own) or "inside" (QGIS's Python)."""
    return INSIDE if _value(RUN_IN).lower() == INSIDE else PROCESS


def threads() -> int:
    """Threads of the engine's libraries; 0 leaves it to them."""
    return _number(THREADS, 0, MOST_THREADS)


def workers() -> int:
    """Processes that make the blocks of a large map; 0 leaves it to the engine's own."""
    return _number(WORKERS, 0, MOST_WORKERS)


def keep_warm_seconds() -> int:
    """How long an engine that has nothing to do is kept; 0 lets it end with its job."""
    return _number(KEEP_WARM, KEEP_WARM_SECONDS, MOST_KEEP_WARM_SECONDS)


def store(name: str, value: str) -> None:
    """Set a setting in QGIS; an empty value takes it back."""
    if value:
        QgsSettings().setValue(_key(name), value)
    else:
        QgsSettings().remove(_key(name))


def stored(name: str) -> str:
    """What is set in QGIS itself, "" for nothing."""
    return str(QgsSettings().value(_key(name), "") or "").strip()


def _value(name: str) -> str:
    return os.environ.get(name, "").strip() or stored(name)


def _number(name: str, default: int, most: int) -> int:
    """A whole number from 0 to `most`; anything else counts as not set."""
    text = _value(name)
    return int(text) if text.isdecimal() and int(text) <= most else default


def _key(name: str) -> str:
    return f"geohg/{name}"
