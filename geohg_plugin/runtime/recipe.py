"""What the engine's environment is made of, and how it is checked."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...engine.names import INTERPOLATE, REQUEST_VERSION
from ..resources import ROOT
from ..translation import language

CPU, CUDA = "cpu", "cuda"
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

# Which build of PyTorch a system takes for a device; the others take PyPI's.
_BUILDS = {("linux", CPU): "cpu", ("win32", CUDA): "cu130"}
_BYTES = {CPU: 3_000_000_000, CUDA: 12_000_000_000}
_TOY_SIDE, _TOY_CELL = 6, 100


@dataclass(frozen=True)
class Recipe:
    """How to make and check an environment.

    Parameters
    ----------
    device : str
        "cpu" or "cuda".
    locks : tuple of Path
        Requirement files with hashes, in the order of their installation.
    packages : tuple of str
        Modules that must import.
    request : dict or None
        A job that must run, or None for no job.
    bytes_needed : int
        Free space without which it is not begun.
    """

    device: str
    locks: tuple[Path, ...]
    packages: tuple[str, ...]
    request: dict[str, Any] | None
    bytes_needed: int

    @property
    def requirements(self) -> str:
        """Fingerprint of the locks."""
        from .installation import fingerprint  # loaded by the first run

        return fingerprint(self.locks)


def engine_recipe(device: str, cluster: bool = False) -> Recipe:
    """The recipe of the engine's environment for "cpu" or "cuda", with Dask for a `cluster`."""
    build = _BUILDS.get((sys.platform, device), "pypi")
    names = ("requirements", f"torch-{build}", *(("cluster",) if cluster else ()))
    locks = tuple(ROOT / "engine" / f"{name}.txt" for name in names)
    packages = (*PACKAGES, *(("distributed",) if cluster else ()))
    return Recipe(device, locks, packages, _toy_request(device), _BYTES[device])


def _toy_request(device: str) -> dict[str, Any]:
    """A network trained on a plane of 6 x 6 cells: seconds, and everything is used once."""
    rows = ["x,y,value"]
    for row in range(_TOY_SIDE):
        for col in range(_TOY_SIDE):
            x, y = 500_050 + col * _TOY_CELL, 5_400_050 - row * _TOY_CELL
            rows.append(f"{x},{y},{col + 2 * row}")
    points = {
        "table": "\n".join(rows),
        "crs": "EPSG:32631",
        "coord_columns": ["x", "y"],
        "targets": ["value"],
    }
    return {
        "version": REQUEST_VERSION,
        "job": INTERPOLATE,
        "points": points,
        "landcover": [],
        "grid": {"cell_size": _TOY_CELL, "crs": "EPSG:32631"},
        "model": {"kind": "gnn", "hidden_channels": 8},
        "training": {"epochs": 3, "device": device, "threads": 1},
        "output": {"language": language()},
        "outputs": {},
    }
