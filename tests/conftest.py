"""Makes the project importable as `geohg`, whatever its folder is called.

QGIS is not imported here: the tests of the engine run without it.
"""

import importlib.util
import sys
from pathlib import Path

import pytest

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

# Files that take the longest: where processes take a file each, none is to be begun last.
LONGEST = (
    *("test_jobs", "test_tour", "test_install", "test_units", "test_package", "test_library_page"),
    *("test_notebook", "test_blocks", "test_kills", "test_fuzz_requests", "test_maps", "test_page"),
    *("test_commands", "test_interpolator", "test_pipeline", "test_validation", "test_library"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; tests of one file stay together, in their order."""
    rank = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.stem, len(rank)))
