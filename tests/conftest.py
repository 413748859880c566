"""Makes the project importable as `geohg`, whatever its folder is called.

QGIS is not imported here: the tests of the engine run without it.
"""

import importlib.util
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def _register() -> None:
    if "geohg" in sys.modules:
        return
    place = ROOT / "__init__.py"
    spec = importlib.util.spec_from_file_location(
        "geohg", place, submodule_search_locations=[str(ROOT)]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules["geohg"] = module
    spec.loader.exec_module(module)


_register()
