"""Makes the checkout importable as `geohg`, whatever its folder is called."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path


def register() -> None:
    """Give the folder above its one import name."""
    root = Path(__file__).resolve().parent.parent
    spec = importlib.util.spec_from_file_location(
        "geohg", root / "__init__.py", submodule_search_locations=[str(root)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"'{root}' is no checkout of GeoHG.")
    package = importlib.util.module_from_spec(spec)
    sys.modules["geohg"] = package
    spec.loader.exec_module(package)
