"""The layers of the house: data flows one way, and QGIS and the engine never mix.

The rules are read off the syntax of every module, so that nothing has to be imported.
"""

from __future__ import annotations

import ast
import graphlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# Lowest first. A module may import its own layer and lower ones.
LAYERS = (
    (
        *("errors", "language", "numerics", "progress", "names", "memory"),
        *("colours", "commits", "guard", "originals", "files"),
    ),
    ("config",),
    ("data",),
    ("executors",),
    ("training",),
    ("models",),
    ("prediction",),
    ("report", "validation"),
    ("assembly",),
    ("jobs",),
    ("calls", "worker", "blockworker"),
    ("classifier", "estimator", "interpolator", "parameters", "pipeline"),
    ("cli", "__main__"),
    ("toolkit",),
)
LAYER_OF = {name: number for number, layer in enumerate(LAYERS) for name in layer}

FOREIGN_TO_ENGINE = {"qgis", "processing", "PyQt5", "PyQt6", "osgeo", "gdal", "ogr", "osr"}
FOREIGN_TO_PLUGIN = {"torch", "torch_geometric", "rasterio"}
OPEN_TO_PLUGIN = {
    "colours",
    "commits",
    "config",
    "errors",
    "files",
    "language",
    "originals",
    "progress",
    "names",
}
# Where the user wants the engine inside QGIS, one module loads its door, and only in a function.
INSIDE, DOOR = "geohg.geohg_plugin.runtime.inside", "geohg.engine.worker"
FOREIGN_TO_ALL = {"pickle", "cPickle", "_pickle", "cloudpickle", "dill", "joblib", "shelve"}
OWN_ROOMS = {"geohg", "engine", "geohg_plugin"}


def find_modules() -> dict[str, Path]:
    """Every module of the project under its dotted name, packages with `.__init__`."""
    paths = [ROOT / "__init__.py"]
    for room in ("engine", "geohg_plugin", "resources"):
        paths += sorted((ROOT / room).rglob("*.py"))
    return {
        ".".join(("geohg", *path.relative_to(ROOT).with_suffix("").parts)): path for path in paths
    }


def read_imports(module: str, source: str) -> tuple[set[str], set[str]]:
    """What a module imports, as dotted names from the top: (relative ones, absolute ones).

    `from .a import b` gives both `a` and `a.b`, since b may be a module.
    """
    relative, absolute = set(), set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            absolute |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = module.split(".")[: -node.level] if node.level else []
            base += node.module.split(".") if node.module else []
            names = {".".join(base)} | {".".join([*base, alias.name]) for alias in node.names}
            (relative if node.level else absolute).update(names)
    return relative, absolute


def find_breaches(module: str, source: str) -> list[str]:
    """The rules that a module breaks, each in words."""
    relative, absolute = read_imports(module, source)
    room = module.split(".")[1]
    tops = {name.split(".")[0] for name in absolute}
    breaches = [f"imports {name}, which runs code" for name in tops & FOREIGN_TO_ALL]
    if room == "engine":
        breaches += [f"imports {name} in the engine" for name in tops & FOREIGN_TO_ENGINE]
        breaches += find_layer_breaches(module, relative)
    if room == "geohg_plugin":
        breaches += [f"imports {name} in the plugin" for name in tops & FOREIGN_TO_PLUGIN]
        if module == INSIDE:
            relative = {name for name in relative if not name.startswith(DOOR)}
            relative |= read_imports(module, _at_once(source))[0]
        breaches += [
            f"imports {name} in the plugin"
            for name in relative
            if name.startswith("geohg.engine.") and name.split(".")[2] in LAYER_OF
            if name.split(".")[2] not in OPEN_TO_PLUGIN
        ]
    if room != "resources":  # its scripts are users of the package
        breaches += [f"imports {name} absolutely" for name in tops & OWN_ROOMS]
    return sorted(breaches)


def _at_once(source: str) -> str:
    """The lines that run when a module is imported, short of functions and classes."""
    later = (ast.FunctionDef, ast.ClassDef)
    return "\n".join(
        ast.unparse(node) for node in ast.parse(source).body if not isinstance(node, later)
    )


def find_layer_breaches(module: str, relative: set[str]) -> list[str]:
    """Imports of a higher layer of the engine, or of the plugin."""
    breaches = [f"imports {name} in the engine" for name in relative if "geohg_plugin" in name]
    own = module.split(".")[2]
    if own == "__init__":
        inner = {name for name in relative if name.startswith("geohg.engine.")}
        return breaches + [f"imports {name} from the engine's __init__" for name in inner]
    if own not in LAYER_OF:
        return [*breaches, f"{own} has no layer; give it one in {Path(__file__).name}"]
    for name in relative:
        parts = name.split(".")
        other = parts[2] if parts[:2] == ["geohg", "engine"] and len(parts) > 2 else None
        if LAYER_OF.get(other, 0) > LAYER_OF[own]:
            breaches.append(f"imports {name}, a layer above {own}")
    return breaches


MODULES = find_modules()


@pytest.mark.parametrize("module", MODULES)
def test_module_keeps_the_rules(module: str) -> None:
    assert find_breaches(module, MODULES[module].read_text(encoding="utf-8")) == []


def test_both_rooms_are_read() -> None:
    assert {"geohg.engine.errors", "geohg.geohg_plugin.__init__"} <= set(MODULES)


def find_cycle(sources: dict[str, str], by_folder: bool) -> list[str]:
    """Files, or folders, that import each other in a circle; none if there is no circle.

    `sources` are the texts of modules by their dotted names.
    """

    def node(name: str) -> str:
        return name.rpartition(".")[0] if by_folder else name

    known = {name.removesuffix(".__init__"): name for name in sources}
    graph: dict[str, set[str]] = {}
    for module, source in sources.items():
        relative, _ = read_imports(module, source)
        met = {known[name] for name in relative if name in known}
        own = node(module)
        graph.setdefault(own, set()).update(node(name) for name in met if node(name) != own)
    try:
        tuple(graphlib.TopologicalSorter(graph).static_order())
    except graphlib.CycleError as error:
        return list(error.args[1])
    return []


@pytest.mark.parametrize("by_folder", [False, True], ids=["files", "folders"])
@pytest.mark.parametrize("room", ["engine", "geohg_plugin"])
def test_nothing_imports_in_a_circle(room: str, by_folder: bool) -> None:
    sources = {
        name: path.read_text(encoding="utf-8")
        for name, path in MODULES.items()
        if name.startswith(f"geohg.{room}.") and name.count(".") >= 2 + by_folder
    }
    assert sources
    assert find_cycle(sources, by_folder) == []


def test_a_circle_is_found() -> None:
    files = {
        "geohg.engine.a.one": "from . import two",
        "geohg.engine.a.two": "from ..b.three import f",
        "geohg.engine.b.three": "def late():\n    from ..a.one import g",
        "geohg.engine.b.four": "",
    }
    assert set(find_cycle(files, by_folder=False)) == {
        "geohg.engine.a.one",
        "geohg.engine.a.two",
        "geohg.engine.b.three",
    }
    files["geohg.engine.b.three"] = "from . import four"
    files["geohg.engine.b.four"] = "from ..a.one import g"
    assert set(find_cycle(files, by_folder=True)) == {"geohg.engine.a", "geohg.engine.b"}
    files["geohg.engine.b.four"] = ""
    assert find_cycle(files, by_folder=False) == find_cycle(files, by_folder=True) == []


@pytest.mark.parametrize(
    ("module", "source", "breach"),
    [
        (
            "geohg.engine.data.grid",
            "from ..models import base",
            "imports geohg.engine.models, a layer above data",
        ),
        (
            "geohg.engine.data.builders.graph",
            "from ... import report",
            "imports geohg.engine.report, a layer above data",
        ),
        (
            "geohg.engine.models.__init__",
            "def late():\n    from ..report.html import render",
            "imports geohg.engine.report.html, a layer above models",
        ),
        (
            "geohg.engine.errors",
            "from .config.schema import Config",
            "imports geohg.engine.config.schema, a layer above errors",
        ),
        (
            "geohg.engine.__init__",
            "from .jobs import run",
            "imports geohg.engine.jobs from the engine's __init__",
        ),
        (
            "geohg.engine.attic",
            "import json",
            "attic has no layer; give it one in test_imports.py",
        ),
        ("geohg.engine.report.plots", "import qgis.core", "imports qgis in the engine"),
        ("geohg.engine.files", "from osgeo import gdal", "imports osgeo in the engine"),
        ("geohg.engine.worker", "from PyQt5.QtCore import QObject", "imports PyQt5 in the engine"),
        (
            "geohg.engine.jobs",
            "from ..geohg_plugin import compat",
            "imports geohg.geohg_plugin in the engine",
        ),
        ("geohg.geohg_plugin.plugin", "import torch", "imports torch in the plugin"),
        (
            "geohg.geohg_plugin.tasks.run",
            "def late():\n    from torch_geometric.data import HeteroData",
            "imports torch_geometric in the plugin",
        ),
        ("geohg.geohg_plugin.compat", "import rasterio.crs", "imports rasterio in the plugin"),
        (
            "geohg.geohg_plugin.runtime.child",
            "from ...engine.jobs import run",
            "imports geohg.engine.jobs in the plugin",
        ),
        (
            "geohg.geohg_plugin.runtime.child",
            "from ...engine import data",
            "imports geohg.engine.data in the plugin",
        ),
        (
            "geohg.geohg_plugin.runtime.runner",
            "def late():\n    from ...engine.worker import run_request",
            "imports geohg.engine.worker in the plugin",
        ),
        (
            "geohg.geohg_plugin.runtime.inside",
            "from ...engine.worker import run_request",
            "imports geohg.engine.worker in the plugin",
        ),
        (
            "geohg.geohg_plugin.runtime.inside",
            "def late():\n    from ...engine.jobs import run",
            "imports geohg.engine.jobs in the plugin",
        ),
        ("geohg.engine.data.store", "import pickle", "imports pickle, which runs code"),
        (
            "geohg.geohg_plugin.settings",
            "from pickle import loads",
            "imports pickle, which runs code",
        ),
        ("geohg.engine.jobs", "from geohg.engine import schema", "imports geohg absolutely"),
        ("geohg.geohg_plugin.plugin", "import engine.schema", "imports engine absolutely"),
    ],
)
def test_bad_module_is_refused(module: str, source: str, breach: str) -> None:
    assert breach in find_breaches(module, source)


def test_good_modules_pass() -> None:
    plugin = "from ...engine.config.schema import Config\nfrom ...engine import __version__"
    assert find_breaches("geohg.geohg_plugin.algorithms.job", plugin) == []
    inside = "def late():\n    from ...engine.worker import run_request"
    assert find_breaches("geohg.geohg_plugin.runtime.inside", inside) == []
    engine = (
        "import torch\nfrom .base import Model\nfrom ..data.store import read\nfrom . import gnn"
    )
    assert find_breaches("geohg.engine.models.geohg", engine) == []
