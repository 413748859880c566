"""The door for a child process and for the command line in a checkout.

`python -m engine` and `python engine/__main__.py` give the folder above the one import
name `geohg` first, so that no class exists twice, whatever the folder is called.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path


def _register() -> None:
    root = Path(__file__).resolve().parent.parent
    spec = importlib.util.spec_from_file_location(
        "geohg", root / "__init__.py", submodule_search_locations=[str(root)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"The engine's folder '{root}' is not whole; install GeoHG again.")
    package = importlib.util.module_from_spec(spec)
    sys.modules["geohg"] = package
    spec.loader.exec_module(package)


if __name__ == "__main__":
    if __package__ != "geohg.engine":
        _register()
    if sys.argv[1:] == ["serve"]:  # QGIS's door, which needs no command line
        importlib.import_module("geohg.engine.worker").serve()
    if sys.argv[1:] == ["blocks"]:  # a worker of another process of the engine
        importlib.import_module("geohg.engine.blockworker").serve()
    try:
        importlib.import_module("geohg.engine.cli.main").main(prog_name="geohg")
    except KeyboardInterrupt:  # while the command line was loaded
        sys.exit(130)
