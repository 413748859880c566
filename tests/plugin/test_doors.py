"""Each algorithm by each door of QGIS, with the same result."""

from __future__ import annotations

import ast
import functools
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import processing
import pytest
from doors import (
    JSON_INPUT,
    by_batch,
    by_console,
    by_dialog,
    by_model,
    by_process,
    create,
)
from fresh import enable_checkout
from qgis.core import (
    QgsCoordinateTransformContext,
    QgsProcessingContext,
    QgsProcessingModelAlgorithm,
    QgsVectorFileWriter,
    QgsVectorLayer,
)
from support import (
    BOTTOM,
    CELL,
    CRS,
    EXTENT,
    FAST,
    LEFT,
    POINTS,
    QUICK,
    RIGHT,
    TOP,
    Landscape,
    read_raster,
)
from test_learning import CITY, VALUES, write_folder

from geohg.geohg_plugin.algorithms import setupengine
from geohg.geohg_plugin.runtime import diagnosis
from geohg.geohg_plugin.runtime.recipe import Recipe, engine_recipe

DOORS = ("dialog", "batch", "model", "console", "qgis_process")
ALGORITHMS = (
    "buildgraph",
    "check",
    "classify",
    "compare",
    "diagnostics",
    "evaluate",
    "importcity",
    "interpolate",
    "predict",
    "pretrain",
    "setupengine",
    "summarise",
    "train",
)
# What an algorithm makes, by its ending.
SUFFIXES = {
    "GRAPH": "safetensors",
    "MODEL": "safetensors",
    "ENCODER": "safetensors",
    "CELLS_LAYER": "gpkg",
    "RESIDUALS": "gpkg",
    "OUTPUT": "tif",
    "CLASS_MAP": "tif",
    "REPORT": "html",
    "REPORT_JSON": "json",
    "SUMMARY": "gpkg",
    "TEXT": "txt",
}


@pytest.fixture(scope="module")
def points(landscape: Landscape, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The landscape's points as a file, which every door takes."""
    return write_layer(landscape.points, tmp_path_factory.mktemp("points") / "points.gpkg")


def write_layer(layer: QgsVectorLayer, path: Path) -> str:
    """A layer as a file."""
    options, context = QgsVectorFileWriter.SaveVectorOptions(), QgsCoordinateTransformContext()
    QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), context, options)
    return str(path)


@pytest.fixture(scope="module")
def inputs_of(
    points: str, landscape: Landscape, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Any]]:
    """Parameters of each algorithm, but for its outputs."""
    folder = tmp_path_factory.mktemp("inputs")
    layers = {"INPUT": points, "FIELD": "value", "LANDCOVER": [landscape.raster]}
    grid = {**layers, "CELL_SIZE": 2 * CELL, "EXTENT": EXTENT}
    files = {"GRAPH": str(folder / "g.safetensors"), "MODEL": str(folder / "m.safetensors")}
    processing.run("geohg:buildgraph", {**grid, "GRAPH": files["GRAPH"]})
    processing.run("geohg:train", {**QUICK, **files, "TARGET": "value"})
    graph = {"GRAPH": files["GRAPH"]}
    kinds = {"INPUT": write_layer(landscape.pois, folder / "pois.gpkg"), "CLASS_FIELD": "kind"}
    once = {"VALIDATION": "holdout", "BLOCKS": False}
    return {
        "buildgraph": grid,
        "check": grid,
        "classify": {"CELL_SIZE": 2 * CELL, "EXTENT": EXTENT, **kinds, **FAST, **once},
        "compare": {**grid, **QUICK, "FOLDS": 2, "VALIDATION": "kfold"},
        "diagnostics": {},
        "evaluate": files,
        "importcity": {"FOLDER": write_folder(folder / "city", {**CITY, **VALUES})},
        "interpolate": {**grid, **QUICK, "SEED": 3},
        "predict": files,
        "pretrain": {**graph, **FAST, "HIDDEN_CHANNELS": 8, "EPOCHS": 3},
        "setupengine": {"ACTION": "setup"},
        "summarise": {**files, "POLYGONS": str(write_halves(folder / "halves.geojson"))},
        "train": {**graph, **QUICK, "TARGET": "value", "SEED": 3},
    }


def write_halves(path: Path) -> Path:
    """The west and the east half of the landscape as polygons."""
    middle = (LEFT + RIGHT) / 2
    features = [
        {
            "type": "Feature",
            "properties": {"name": name},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [[west, BOTTOM], [east, BOTTOM], [east, TOP], [west, TOP], [west, BOTTOM]]
                ],
            },
        }
        for name, west, east in (("west", LEFT, middle), ("east", middle, RIGHT))
    ]
    crs = {"type": "name", "properties": {"name": CRS}}
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}))
    return path


# The page of a report takes most of the time of a small run: one of them makes it.
OUTPUTS = {
    "buildgraph": ("GRAPH", "CELLS_LAYER"),
    "check": ("REPORT_JSON",),
    "classify": ("CLASS_MAP",),
    "compare": ("REPORT_JSON",),
    "diagnostics": ("TEXT",),
    "evaluate": ("REPORT", "RESIDUALS"),
    "importcity": ("GRAPH", "CELLS_LAYER"),
    "interpolate": ("OUTPUT", "RESIDUALS"),
    "predict": ("OUTPUT",),
    "pretrain": ("ENCODER",),
    "setupengine": (),
    "summarise": ("SUMMARY",),
    "train": ("MODEL",),
}


def destinations_of(name: str, folder: Path) -> dict[str, str]:
    """A file for each output."""
    return {key: str(folder / f"{key}.{SUFFIXES[key]}") for key in OUTPUTS[name]}


def essence(found: dict[str, Any]) -> dict[str, Any]:
    """What must be the same by every door: numbers, the map, and how many features there are."""
    numbers = {
        key: value
        for key, value in found.items()
        if isinstance(value, (int, float)) and key not in ("SECONDS", "RUN_SECONDS")
    }
    for key in ("OUTPUT", "CLASS_MAP"):
        if key in found:
            numbers["map"] = read_raster(found[key]).mean()
    for key in ("CELLS_LAYER", "RESIDUALS", "SUMMARY"):
        if key in found:
            numbers[key] = QgsVectorLayer(found[key]).featureCount()
    if "ENGINE_PYTHON" in found:
        numbers["python"] = found["ENGINE_PYTHON"]
    if "TEXT" in found:
        text = Path(found["TEXT"]).read_text(encoding="utf-8")
        numbers["headings"] = [line for line in text.splitlines() if line.startswith("#")]
    return numbers


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, engine_python: str) -> Path:
    """A home whose data folder has an engine that a setup made, so that it need not be made."""
    home = tmp_path_factory.mktemp("home")
    folder = home / ".local" / "share" / "geohg" / "engine-1"
    (folder / "bin").mkdir(parents=True)
    python = folder / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec "{engine_python}" "$@"\n')
    python.chmod(0o755)
    entry = {"folder": folder.name, "requirements": engine_recipe("cpu").requirements}
    (folder.parent / "engine.json").write_text(json.dumps({**entry, "device": "cpu"}))
    return home


@pytest.fixture(scope="module")
def opened(home: Path) -> dict[str, Callable[..., dict[str, Any]]]:
    """How each door is opened."""
    environment = enable_checkout(home)

    def batch(name: str, parameters: dict[str, Any]) -> dict[str, Any]:
        """Two rows, of which the second has files of its own."""
        own = {
            key: str(Path(value).with_name(f"second {Path(value).name}"))
            for key, value in parameters.items()
            if key in OUTPUTS[name.split(":")[1]]
        }
        first, second = by_batch(name, [parameters, {**parameters, **own}])
        assert essence(first) == pytest.approx(essence(second), rel=1e-6)
        assert {key: second[key] for key in own} == own
        return first

    return {
        "dialog": by_dialog,
        "batch": batch,
        "model": by_model,
        "console": by_console,
        "qgis_process": lambda name, given: by_process(name, given, environment),
    }


@pytest.fixture(scope="module")
def look_into() -> Callable[[str], dict[str, Any]]:
    """What diagnostics looks at in the engine's Python, which takes seconds, looked at once."""
    return functools.cache(diagnosis._look_into)


@pytest.fixture
def engine_at_hand(
    home: Path, look_into: Callable[[str], dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine's data are those of `home`, and a look at one package shows that it is good.

    `qgis_process`, which has a process of its own, looks at all and trains on the toy graph.
    """
    monkeypatch.setattr(diagnosis, "_look_into", look_into)
    monkeypatch.setenv("XDG_DATA_HOME", str(home / ".local" / "share"))
    recipe = engine_recipe("cpu")
    quick = Recipe("cpu", recipe.locks, ("numpy",), None, recipe.bytes_needed)
    monkeypatch.setattr(setupengine, "engine_recipe", lambda device, cluster: quick)


def is_sane(name: str, found: dict[str, Any]) -> bool:
    """Whether a result agrees with what is known of the landscape."""
    return {
        "buildgraph": lambda: found["AREA_NODES"] == 100 and found["ENTITY_NODES"] == 4,
        "check": lambda: found["GOOD"] and found["POINTS"] == POINTS,
        "classify": lambda: found["CLASSES"] == 2 and found["ACCURACY"] > 0.5,
        "compare": lambda: found["RMSE"] < found["IDW_RMSE"] and found["TEST_CELLS"] == 100,
        "diagnostics": lambda: "QGIS" in found["REPORT_TEXT"],
        "evaluate": lambda: 0.5 < found["R2"] < 1 and found["TEST_CELLS"] == 20,
        "importcity": lambda: found["AREA_NODES"] == 3,
        "interpolate": lambda: 0.5 < found["R2"] < 1 and found["CELLS"] == 100,
        "predict": lambda: found["CELLS"] == 100 and found["APPLICABLE_SHARE"] > 0.8,
        "pretrain": lambda: found["EPOCHS"] == 3 and found["LOSS"] > 0,
        "setupengine": lambda: found["ENGINE_PYTHON"].endswith("engine-1/bin/python"),
        "summarise": lambda: found["POLYGONS"] == found["KNOWN"] == 2,
        "train": lambda: 0.5 < found["R2"] < 1 and found["TEST_CELLS"] == 20,
    }[name]()


RESULTS: dict[str, dict[str, Any]] = {}
"""What the first door gave, by algorithm."""


@pytest.mark.parametrize("name", ALGORITHMS)
@pytest.mark.parametrize("door", DOORS)
def test_door(
    door: str,
    name: str,
    inputs_of: dict[str, dict[str, Any]],
    opened: dict[str, Callable[..., dict[str, Any]]],
    engine_at_hand: None,
    tmp_path: Path,
) -> None:
    destinations = destinations_of(name, tmp_path)
    found = opened[door](f"geohg:{name}", {**inputs_of[name], **destinations})
    assert {key: found[key] for key in destinations} == destinations
    for path in destinations.values():
        assert Path(path).stat().st_size > 0
    for key, value in found.items():
        assert value is None or isinstance(value, (int, float, str)), key
    assert is_sane(name, found)
    found = essence(found)
    assert found == pytest.approx(RESULTS.setdefault(name, found), rel=1e-6)


@pytest.mark.parametrize("name", ALGORITHMS)
def test_history_gives_the_same_call_again(
    name: str, inputs_of: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    """What the history shows of a run, and runs again at a double click."""
    parameters = {**inputs_of[name], **destinations_of(name, tmp_path)}
    command = create(f"geohg:{name}").asPythonCommand(parameters, QgsProcessingContext())
    call = ast.parse(command, mode="eval").body
    assert ast.unparse(call.func) == "processing.run"
    assert [ast.literal_eval(each) for each in call.args] == [f"geohg:{name}", parameters]


def test_every_algorithm_is_tried(provider: Any) -> None:
    assert list(ALGORITHMS) == sorted(
        each.name()
        for each in provider.algorithms()
        if not isinstance(each, QgsProcessingModelAlgorithm)
    )


@pytest.mark.skipif(not JSON_INPUT, reason="the history of QGIS 3.22 has no such commands")
def test_history_gives_a_call_of_qgis_process(
    inputs_of: dict[str, dict[str, Any]], home: Path, tmp_path: Path
) -> None:
    parameters = {**inputs_of["interpolate"], **destinations_of("interpolate", tmp_path)}
    algorithm = create("geohg:interpolate")
    command, good = algorithm.asQgisProcessCommand(parameters, QgsProcessingContext())
    assert good
    environment = enable_checkout(tmp_path / "home")
    done = subprocess.run(
        ["bash", "-c", command], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert read_raster(parameters["OUTPUT"]).shape == (10, 10)
