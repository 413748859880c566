"""CONTRIBUTING's recipes for a data source and an algorithm, followed in a copy of the project."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parent.parent.parent
RECIPES = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")

# A table of wells: how many lie in each cell is known of the ground.
SOURCE = '''"""Wells: how many lie in each cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...names import COVARIATE
from ...progress import Progress
from ..builders.grid import Grid
from .ground import Known
from .points import read_points


@dataclass(frozen=True)
class Wells:
    path: str
    covers = False
    width = 1

    def open(self, progress: Progress) -> None:
        pass

    def read(self, grid: Grid, progress: Progress) -> Known:
        wells = read_points(self.path, grid.crs, ("x", "y"), ("depth",))
        cell = grid.locate(wells.xy[:, 0], wells.xy[:, 1])
        counts = np.bincount(cell[cell >= 0], minlength=grid.size).astype(np.float32)
        return Known("wells", ("wells",), (COVARIATE,), counts[:, None])

    @property
    def files(self) -> list[str]:
        return [self.path]
'''
INPUT = '''"""Wells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingFeedback, QgsProcessingParameterFile

from .layer import Described, LayerInput
from .values import Values


class Wells(LayerInput):
    def parameters(self) -> list[Described]:
        return [Described(QgsProcessingParameterFile("WELLS", "Wells", optional=True), "A table.")]

    def request(
        self, values: Values, folder: Path, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        return {"wells": values.file("WELLS")}
'''
MAKES = """def _wells(path: str) -> Iterable[Source]:
    from .wells import Wells

    return [Wells(path)]


SOURCES: """

# What each file of the recipe gets: before this text, that one.
SOURCE_EDITS = {
    "engine/data/sources/NAME.py": SOURCE,
    "engine/data/sources/registry.py": [
        ("SOURCES: ", MAKES),
        (
            '    "landcover": SourceKind(',
            '    "wells": SourceKind(FILE, _wells),\n    "landcover": SourceKind(',
        ),
    ],
    "geohg_plugin/algorithms/inputs/NAME.py": INPUT,
    "geohg_plugin/algorithms/inputs/layers.py": [
        ("from .values ", "from .wells import Wells\nfrom .values "),
        ("            grid,\n", "            grid,\n            Wells(),\n"),
    ],
}

ALGORITHM = '''"""Counts the cells of a graph."""

from __future__ import annotations

from typing import Any

from ...engine.names import COUNTCELLS
from .inputs.values import Values
from .job import JobAlgorithm


class CountCells(JobAlgorithm):
    job = COUNTCELLS

    def displayName(self) -> str:
        return "Count cells"

    def shortHelpString(self) -> str:
        return "Counts the cells of a graph."

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_file("GRAPH", "Graph file", "A graph file.")
        self.add_numbers({"CELLS": "Number of cells"})

    def make_request(self, values: Values) -> dict[str, Any]:
        return {"graph": values.file("GRAPH")}
'''
JOB = '''"""The job that counts the cells of a graph."""

from __future__ import annotations

from ..config.schema import Config
from ..files import OutputSet
from ..progress import Progress
from .reading import read_graph_of
from .request import Request, Result


def run(request: Request, config: Config, outputs: OutputSet, progress: Progress) -> Result:
    return {"CELLS": len(read_graph_of(request, config, progress).cell)}
'''
ALGORITHM_EDITS = {
    "engine/names.py": [('PRETRAIN = "', 'COUNTCELLS = "countcells"\nPRETRAIN = "')],
    "engine/jobs/request.py": [
        ("    PRETRAIN,\n", "    COUNTCELLS,\n    PRETRAIN,\n"),
        ("    PRETRAIN: _job", '    COUNTCELLS: _job(("graph",), (), ()),\n    PRETRAIN: _job'),
    ],
    "engine/jobs/NAME.py": JOB,
    "geohg_plugin/algorithms/NAME.py": ALGORITHM,
    "geohg_plugin/provider.py": [
        (
            "from .algorithms.diag",
            "from .algorithms.countcells import CountCells\nfrom .algorithms.diag",
        ),
        ("    Diagnostics,\n)", "    Diagnostics,\n    CountCells,\n)"),
    ],
    "resources/icons/NAME.svg": (ROOT / "resources/icons/predict.svg").read_text(encoding="utf-8"),
}

# QGIS of its own with the plugin of the copy: the calls of `calls.json`, one after another.
CALLS = """
import json, os, sys
sys.path.insert(0, sys.argv[1])
from qgis.core import QgsApplication
application = QgsApplication([], False)
application.initQgis()
sys.path.append(os.path.join(QgsApplication.pkgDataPath(), "python", "plugins"))
import processing
from processing.core.Processing import Processing
from geohg import classFactory
Processing.initialize()
plugin = classFactory(None)
plugin.initProcessing()
with open("calls.json") as file:
    calls = json.load(file)
found = [processing.run(name, parameters) for name, parameters in calls]
with open("found.json", "w") as file:
    json.dump(found, file)
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the plugin, with what Python has compiled of it: a change is compiled anew."""
    folder = tmp_path / "plugins" / "geohg"
    for part in ("engine", "geohg_plugin", "resources", "i18n"):
        shutil.copytree(ROOT / part, folder / part)
    for file in ("__init__.py", "metadata.txt"):
        shutil.copy(ROOT / file, folder)
    return folder


def follow(copy: Path, title: str, name: str, edits: dict) -> None:
    """Do the steps of a recipe, which must name every file that is edited."""
    steps = RECIPES.split(f"## {title}")[1].split("\n## ")[0]
    files = re.findall(r"`([a-z_/A-Z]+\.(?:py|svg))`", steps)
    assert set(edits) <= set(files)
    for file, edit in edits.items():
        path = copy / file.replace("NAME", name)
        if isinstance(edit, str):
            path.write_text(edit, encoding="utf-8")
            continue
        text = path.read_text(encoding="utf-8")
        for before, after in edit:
            assert text.count(before) == 1, (file, before)
            text = text.replace(before, after)
        path.write_text(text, encoding="utf-8")


def run(copy: Path, calls: list) -> list:
    """What each call of `processing.run` returns, in QGIS with the plugin of the copy."""
    folder = copy.parent.parent
    (folder / "calls.json").write_text(json.dumps(calls), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", CALLS, str(copy.parent)],
        cwd=folder,
        env={**os.environ, "QGIS_CUSTOM_CONFIG_PATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert (folder / "found.json").is_file(), done.stdout + done.stderr
    return json.loads((folder / "found.json").read_text(encoding="utf-8"))


def test_the_recipe_of_a_data_source(copy: Path) -> None:
    """What a target depends on is known only from the toy source: with it, and without."""
    follow(copy, "Add a data source", "wells", SOURCE_EDITS)
    generator = np.random.default_rng(3)
    count = generator.poisson(2.0, (20, 20))
    row, col = np.nonzero(np.ones((20, 20)))
    y, x = 5_500_000.0 + 100.0 * row + 50.0, 400_000.0 + 100.0 * col + 50.0
    wells = np.column_stack([np.repeat(x, count.ravel()), np.repeat(y, count.ravel())])
    folder = copy.parent.parent
    table = "\n".join(f"{x},{y},{depth}" for depth, (x, y) in enumerate(wells))
    (folder / "wells.csv").write_text(f"x,y,depth\n{table}\n", encoding="utf-8")
    measured = generator.permutation(400)[:150]
    rows = "\n".join(f"{x[i]},{y[i]},{count.ravel()[i]}" for i in measured)
    (folder / "points.csv").write_text(f"x,y,value\n{rows}\n", encoding="utf-8")
    points = f"file://{folder}/points.csv?type=csv&xField=x&yField=y&crs=EPSG:32631"
    call = {
        "INPUT": f"delimitedtext://{points}",
        "FIELD": "value",
        "CELL_SIZE": 100,
        "OUTPUT": str(folder / "map.tif"),
        "FOLDS": 2,
        "BLOCKS": False,
        "IMPORTANCE": False,
        "DEVICE": "cpu",
        "THREADS": 1,
    }
    blind, told = run(
        copy,
        [
            ["geohg:interpolate", call],
            ["geohg:interpolate", {**call, "WELLS": str(folder / "wells.csv")}],
        ],
    )
    assert blind["R2"] < 0.2 and told["R2"] > 0.9


def test_the_recipe_of_an_algorithm(copy: Path) -> None:
    follow(copy, "Add an algorithm", "countcells", ALGORITHM_EDITS)
    folder = copy.parent.parent
    graph = str(folder / "a.graph.safetensors")
    sample = ROOT / "resources" / "sample"
    made = {
        "INPUT": str(sample / "synthetic_points.gpkg"),
        "FIELD": "value",
        "CELL_SIZE": 2000,
        "GRAPH": graph,
    }
    built, counted = run(copy, [["geohg:buildgraph", made], ["geohg:countcells", {"GRAPH": graph}]])
    assert counted["CELLS"] == built["AREA_NODES"] and built["AREA_NODES"] > 10
