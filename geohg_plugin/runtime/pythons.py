"""Finds a Python that the engine's environment can be made from, and uv."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..translation import tr
from .processes import answer

OLDEST, NEWEST = (3, 10), (3, 13)
_NAMES = ("python3.13", "python3.12", "python3.11", "python3.10", "python3", "python")
_CHECK = """
import json, sys
from importlib.util import find_spec
print(json.dumps({
    "version": sys.version_info[:2],
    "wide": sys.maxsize > 2**32,
    "venv": find_spec("venv") is not None and find_spec("ensurepip") is not None,
}))
"""
_CHECK_SECONDS = 30


@dataclass(frozen=True)
class BasePython:
    """A Python that was looked at; `fault` says why it will not do, and is "" if it will."""

    path: str
    fault: str


def is_python(path: str) -> bool:
    """Whether a program is a Python by its name.

    On Windows and macOS `sys.executable` is QGIS: starting it opens a second QGIS.
    """
    return re.fullmatch(r"python(\d(\.\d+)?)?(\.exe)?", Path(path).name.lower()) is not None


def find_uv() -> str | None:
    """Path of uv, if it is installed."""
    return shutil.which("uv", path=_search_path())


def find_base(chosen: str, with_uv: bool) -> tuple[BasePython | None, list[BasePython]]:
    """The Python to make the environment from, and those that were passed over.

    Parameters
    ----------
    chosen : str
        The user's choice, which is the only one looked at; "" for none.
    with_uv : bool
        Whether uv makes the environment, which needs neither `venv` nor `ensurepip`.
    """
    refused = []
    for path in [chosen] if chosen else _candidates():
        looked_at = _inspect(path, with_uv)
        if not looked_at.fault:
            return looked_at, refused
        refused.append(looked_at)
    return None, refused


def _candidates() -> Iterator[str]:
    """Every Python that may be one, QGIS's own first."""
    seen = set()
    own = [sys.executable or ""]
    if os.name == "nt":
        own.append(str(Path(sys.base_prefix) / "python.exe"))
    found = [shutil.which(name, path=_search_path()) for name in _NAMES]
    for path in [*own, *found]:
        if path and is_python(path) and os.path.isfile(path) and ".app/Contents" not in path:
            real = os.path.realpath(path)
            if real not in seen:
                seen.add(real)
                yield path


def _search_path() -> str:
    # A program that the desktop started knows little of what a terminal has on its path.
    usual = [Path.home() / ".local" / "bin", Path.home() / ".cargo" / "bin"]
    if sys.platform == "darwin":
        usual += [Path("/opt/homebrew/bin"), Path("/usr/local/bin")]
    return os.pathsep.join([os.environ.get("PATH", ""), *map(str, usual)])


def _inspect(path: str, with_uv: bool) -> BasePython:
    if not is_python(path):
        return BasePython(path, tr("is not called python"))
    try:
        found = json.loads(answer([path, "-I", "-c", _CHECK], _CHECK_SECONDS))
        version = tuple(found["version"])
        wide, able = bool(found["wide"]), bool(found["venv"])
    except (OSError, ValueError, KeyError, TypeError):
        return BasePython(path, tr("does not start"))
    if not OLDEST <= version <= NEWEST:
        text = tr("is Python {version}, and 3.10 to 3.13 will do")
        return BasePython(path, text.format(version=".".join(map(str, version))))
    if not wide:
        return BasePython(path, tr("is a 32-bit Python, and PyTorch needs 64 bits"))
    if not able and not with_uv:
        return BasePython(path, tr("has no venv and pip (Debian and Ubuntu: python3-venv)"))
    return BasePython(path, "")
