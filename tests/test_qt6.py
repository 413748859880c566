"""The plugin under Qt 6: every module imports, and every enum is written in full.

Qt 6 knows `Qt.AlignmentFlag.AlignLeft` alone, and a QGIS built on it the same of its own
enums; Qt 5 knows `Qt.AlignLeft` too, so that the short form is not noticed there.
"""

from __future__ import annotations

import ast
import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("PyQt6", reason="PyQt6 has no wheel for Linux on ARM before glibc 2.39")

ROOT = Path(__file__).parent.parent
IMPORTS = Path(__file__).parent / "qt6" / "imports.py"
PLUGIN = sorted((ROOT / "geohg_plugin").rglob("*.py"))

CONSTANTS = {"QGIS_VERSION", "QGIS_VERSION_INT", "Extent"}
"""What is no enum, and stands in a class of QGIS under a name that begins with a capital."""


def find_breaches(source: str) -> list[str]:
    """Names in a module's source that Qt 6 does not have, each in words.

    Qt's names are looked up in PyQt6. For QGIS's, which are not there to look up, a
    capitalised attribute of a class must be an enum, thus have a member, or be called.
    """
    tree = ast.parse(source)
    classes = _imported_classes(tree)
    inner = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    breaches = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or id(node) in inner:
            continue
        if node.attr == "exec_":
            breaches.append("exec_ is exec in Qt 6")
        names = _dotted(node)
        module, name = classes.get(names[0], ("", "")) if names else ("", "")
        if module.startswith("qgis.PyQt"):
            breaches += _missing_in_qt([module, name, *names[1:]])
        elif module and id(node) not in called and _is_short(names):
            breaches.append(f"{'.'.join(names)} is a short enum")
    return breaches


def _is_short(names: list[str]) -> bool:
    return len(names) == 2 and names[1][0].isupper() and names[1] not in CONSTANTS


def _imported_classes(tree: ast.AST) -> dict[str, tuple[str, str]]:
    """Module and own name of everything imported from `qgis`, by its name in the source."""
    return {
        alias.asname or alias.name: (node.module, alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "qgis"
        for alias in node.names
    }


def _dotted(node: ast.AST) -> list[str]:
    """`a.b.c` as a list; empty for anything that does not begin with a name."""
    if isinstance(node, ast.Name):
        return [node.id]
    before = _dotted(node.value) if isinstance(node, ast.Attribute) else []
    return [*before, node.attr] if before else []


def _missing_in_qt(names: list[str]) -> list[str]:
    """What PyQt6 lacks of a module's name, the name of a class and its attributes."""
    if names[0] == "qgis.PyQt":
        names = [".".join(names[:2]), *names[2:]]  # a module of its own, such as sip
    value = importlib.import_module(names[0].replace("qgis.PyQt", "PyQt6"))
    for number, name in enumerate(names[1:], 1):
        if not isinstance(value, type) and number > 1:
            break  # attributes of an enum's member, or what a method gives
        if not hasattr(value, name):
            return [f"{'.'.join(names[1 : number + 1])} is not in PyQt6"]
        value = getattr(value, name)
    return []


def test_every_module_imports() -> None:
    modules = [
        ".".join(("geohg", *path.relative_to(ROOT).with_suffix("").parts)) for path in PLUGIN
    ]
    assert "geohg.geohg_plugin.compat" in modules
    assert _import(*modules) == ""


@pytest.mark.parametrize("path", PLUGIN, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_name_is_one_of_qt_6(path: Path) -> None:
    assert find_breaches(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "breach"),
    [
        ("LEFT = Qt.AlignLeft", "AttributeError: type object 'Qt' has no attribute 'AlignLeft'"),
        ("from qgis.PyQt.QtWidgets import QAction", "ImportError: cannot import name 'QAction'"),
        ("from PyQt5.QtCore import Qt", "ModuleNotFoundError: No module named 'PyQt5'"),
    ],
)
def test_a_module_that_does_not_import_is_told(source: str, breach: str, tmp_path: Path) -> None:
    (tmp_path / "sample.py").write_text(f"from qgis.PyQt.QtCore import Qt\n{source}\n")
    assert f"sample: {breach}" in _import("sample", path=tmp_path)


def _import(*modules: str, path: Path = ROOT) -> str:
    """What the program `imports.py` tells of these modules, some of which are in `path`."""
    done = subprocess.run(
        [sys.executable, str(IMPORTS), *modules],
        env={**os.environ, "PYTHONPATH": str(path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("use", "breach"),
    [
        ("Qt.AlignLeft", "Qt.AlignLeft is not in PyQt6"),
        ("QMessageBox.Yes", "QMessageBox.Yes is not in PyQt6"),
        ("QVariant.Double", "QVariant.Double is not in PyQt6"),
        ("Box.Yes", "QMessageBox.Yes is not in PyQt6"),
        ("Qt.AlignmentFlag.Left", "Qt.AlignmentFlag.Left is not in PyQt6"),
        ("Box().exec_()", "exec_ is exec in Qt 6"),
        ("Qgis.Warning", "Qgis.Warning is a short enum"),
        ("QgsTask.CanCancel", "QgsTask.CanCancel is a short enum"),
        ("QgsProcessing.TypeVectorPoint", "QgsProcessing.TypeVectorPoint is a short enum"),
    ],
)
def test_a_name_of_qt_5_is_refused(use: str, breach: str) -> None:
    assert find_breaches(_function(use)) == [breach]


@pytest.mark.parametrize(
    "use",
    [
        "Qt.AlignmentFlag.AlignLeft",
        "Qt.AlignmentFlag.AlignLeft.value",
        "Box.StandardButton.Yes",
        "Box.question(None, 'a', 'b')",
        "QMetaType.Type.Double",
        "Qgis.MessageLevel.Warning",
        "Qgis.QGIS_VERSION_INT",
        "QgsTask.Flag.CanCancel",
        "QgsProcessingContext.LayerDetails('a', None)",
        "QgsProject.instance().transformContext()",
    ],
)
def test_a_name_of_qt_6_passes(use: str) -> None:
    assert find_breaches(_function(use)) == []


def _function(use: str) -> str:
    """A module that names something where importing it does not touch it."""
    return f"""
from qgis.PyQt.QtCore import QMetaType, QVariant, Qt
from qgis.PyQt.QtWidgets import QMessageBox, QMessageBox as Box
from qgis.core import Qgis, QgsProcessing, QgsProcessingContext, QgsProject, QgsTask
def use():
    return {use}
"""
