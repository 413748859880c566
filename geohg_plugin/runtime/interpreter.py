"""Finds a Python that can run the engine."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from ..settings import EnginePython, engine_python
from ..translation import tr
from .environment import child_environment
from .processes import platform_options

PACKAGES = (
    "click",
    "jinja2",
    "matplotlib",
    "numpy",
    "pandas",
    "psutil",
    "pyogrio",
    "pyproj",
    "yaml",
    "rasterio",
    "safetensors",
    "sklearn",
    "scipy",
    "shapely",
    "torch",
    "torch_geometric",
)
"""Packages without which the engine does not run."""

_CHECK = """
import importlib, importlib.util, json, sys
names = sys.argv[2:]
missing = [name for name in names if importlib.util.find_spec(name) is None]
if sys.argv[1] == "import" and not missing:
    for name in names:
        importlib.import_module(name)
print(json.dumps(missing))
"""
_CHECK_SECONDS = 120

_usable: set[str] = set()  # found good in this session; what failed is looked at again


class EngineMissingError(Exception):
    """No Python can run the engine; the text says how to get one."""


def find_interpreter() -> str:
    """Path of the Python that runs the engine.

    The user's choice comes first, and is never passed over in silence. Without one,
    QGIS's own Python is taken if it is a Python at all and can import everything.

    Raises
    ------
    EngineMissingError
        If there is none, or the chosen one will not do.
    """
    chosen = engine_python()
    if chosen.path:
        return _check_chosen(chosen)
    own = sys.executable or ""
    if _is_python(own) and _can_import(own):
        return own
    raise EngineMissingError(_how_to("", tr("The engine of GeoHG is not set up yet")))


def _check_chosen(chosen: EnginePython) -> str:
    path = os.path.expanduser(chosen.path)
    name = tr("The engine's Python '{path}', from {origin},").format(
        path=path, origin=chosen.origin
    )
    if not os.path.isfile(path) or not os.access(path, os.X_OK):
        raise EngineMissingError(_how_to(name, tr("is not a program")))
    if path in _usable:
        return path
    missing = _missing_packages(path, "find")
    if missing is None:
        raise EngineMissingError(_how_to(name, tr("does not start")))
    if missing:
        lacks = tr("lacks {packages}").format(packages=", ".join(missing))
        raise EngineMissingError(_how_to(name, lacks))
    _usable.add(path)
    return path


def _how_to(name: str, fault: str) -> str:
    remedy = tr(
        "run 'make engine' in a checkout of GeoHG and give the Python that it makes in the "
        "environment variable GEOHG_PYTHON or under Settings > Options > Processing > "
        "Providers > GeoHG."
    )
    return f"{name} {fault}: {remedy}".strip()


def _is_python(path: str) -> bool:
    # On Windows and macOS sys.executable is QGIS: starting it opens a second QGIS.
    return re.fullmatch(r"python(\d(\.\d+)?)?(\.exe)?", Path(path).name.lower()) is not None


def _can_import(path: str) -> bool:
    if path not in _usable and _missing_packages(path, "import") == []:
        _usable.add(path)
    return path in _usable


def _missing_packages(path: str, how: str) -> list[str] | None:
    """Packages that the Python at `path` lacks; None if it cannot tell."""
    command = [path, "-I", "-c", _CHECK, how, *PACKAGES]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=child_environment(),
            timeout=_CHECK_SECONDS,
            check=True,
            **platform_options(),
        )
        missing = json.loads(done.stdout.decode("utf-8").splitlines()[-1])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return None
    return [str(name) for name in missing]
