"""A settings file gives the same numbers in Processing, the library and the command line."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import processing
import pytest
from qgis.core import QgsProcessingException
from support import QUICK, Recorder

ROOT = Path(__file__).resolve().parents[2]
FIGURES = ("r2", "rmse", "mae", "idw_rmse", "coverage", "test_cells", "blocks_rmse", "blocks_r2")
YAML = """
data: {city: sample, hypernode: entity}
model: {kind: gnn, head_dims: [16], hidden_channels: 16}
training: {epochs: 4, lr: 1e-2, seed: 3, masked_ratio: 0.3, device: cpu, threads: 1}
"""
LIBRARY_AND_TERMINAL = """
import json, sys
sys.path.insert(0, {tests!r})
import conftest
from geohg.engine.assembly.cities import load_city
from geohg.engine.config.loader import load_config
from geohg.engine.data.store import save_graph
from geohg.engine.pipeline import GeoHGPipeline
from geohg.engine.cli.main import main
from geohg.engine.progress import Silent
save_graph({graph!r}, load_city(load_config({settings!r}).data, Silent()))
print(json.dumps(GeoHGPipeline.from_yaml({settings!r}).run()))
main(["train", "--config", {settings!r}, "--json", "--quiet"])
"""


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """A settings file."""
    path = tmp_path / "settings.yaml"
    path.write_text(YAML, encoding="utf-8")
    return path


def test_the_three_doors_give_the_same_numbers(
    engine_python: str, settings: Path, tmp_path: Path
) -> None:
    graph = str(tmp_path / "graph.safetensors")
    names = {"tests": str(ROOT / "tests"), "graph": graph, "settings": str(settings)}
    command = [engine_python, "-c", LIBRARY_AND_TERMINAL.format(**names)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    first, rest = done.stdout.split("\n", 1)
    library, shell = json.loads(first), json.loads(rest)
    parameters = {"GRAPH": graph, "TARGET": "value", "SETTINGS": str(settings)}
    qgis = processing.run("geohg:train", {**parameters, "MODEL": str(tmp_path / "m.safetensors")})
    assert {name: shell[name] for name in FIGURES} == {name: library[name] for name in FIGURES}
    for name in FIGURES:
        assert qgis[name.upper()] == library[name], name
    assert library["test_cells"] == round(0.3 * library["observed"]) and library["epochs"] == 4


def test_a_parameter_wins_over_the_file(
    inputs: dict[str, Any], settings: Path, tmp_path: Path
) -> None:
    settings.write_text("training: {masked_ratio: 0.5, seed: 3}", encoding="utf-8")
    outputs = {"OUTPUT": str(tmp_path / "map.tif"), "REPORT_JSON": str(tmp_path / "report.json")}
    given = {"SETTINGS": str(settings), "SEED": 7, **QUICK}
    processing.run("geohg:interpolate", {**inputs, **given, **outputs})
    training = json.loads(Path(outputs["REPORT_JSON"]).read_text(encoding="utf-8"))["settings"]
    assert training["training"]["masked_ratio"] == 0.5 and training["training"]["seed"] == 7


def test_refuses_a_bad_settings_file(
    inputs: dict[str, Any], settings: Path, tmp_path: Path, recorder: Recorder
) -> None:
    settings.write_text("training: {epoch: 3}", encoding="utf-8")
    parameters = {**inputs, "SETTINGS": str(settings), "OUTPUT": str(tmp_path / "map.tif")}
    with pytest.raises(QgsProcessingException, match="settings.yaml.*training.epochs"):
        processing.run("geohg:interpolate", parameters, feedback=recorder)
