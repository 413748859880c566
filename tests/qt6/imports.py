"""Imports modules of the project under PyQt6, with stand-ins for `qgis`, `osgeo` and Processing.

    imports.py MODULE...

Prints a line for each module that fails. Qt's classes are PyQt6's own, so that a short
enum or a name that moved fails as in a QGIS with Qt 6. Of QGIS and GDAL every name exists,
since their bindings belong to another Python.
"""

from __future__ import annotations

import importlib
import sys
import types
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import conftest  # noqa: F401 - makes the project importable


class _AnyName(type):
    """A class of QGIS whose attributes are such classes again."""

    def __getattr__(cls, name: str) -> _AnyName:
        return _make_name(cls, name)


class _AnyModule(types.ModuleType):
    """A module of QGIS that has every name."""

    def __getattr__(self, name: str) -> _AnyName:
        return _make_name(self, name)


def _make_name(owner: object, name: str) -> _AnyName:
    if name.startswith("__"):
        raise AttributeError(name)
    made = _AnyName(name, (), {})
    setattr(owner, name, made)
    return made


def _stand_in() -> None:
    gui = ("ContextAction", "ProviderActions", "AlgorithmDialog", "BatchAlgorithmDialog")
    gui = ("gui", *(f"gui.{name}" for name in (*gui, "ParametersPanel")))
    processing = (*gui, "core", "core.ProcessingResults", "tools", "tools.dataobjects")
    known = (("qgis", "core", "gui", "utils"), ("osgeo", "gdal"), ("processing", *processing))
    for top, *parts in known:
        sys.modules[top] = _AnyModule(top)
        for part in parts:
            module = sys.modules[f"{top}.{part}"] = _AnyModule(f"{top}.{part}")
            setattr(sys.modules[top], part, module)
    sys.modules["qgis.PyQt"] = importlib.import_module("PyQt6")
    for part in ("QtCore", "QtGui", "QtNetwork", "QtWidgets"):
        sys.modules[f"qgis.PyQt.{part}"] = importlib.import_module(f"PyQt6.{part}")


def _failure(module: str) -> str:
    try:
        importlib.import_module(module)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what this looks for
        return f"{module}: {type(error).__name__}: {error}\n"
    return ""


if __name__ == "__main__":
    _stand_in()
    sys.stdout.write("".join(_failure(module) for module in sys.argv[1:]))
