"""Which Python runs the engine, and what is said when none does."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import processing
import pytest
from qgis.core import QgsProcessingException

from geohg.geohg_plugin import settings
from geohg.geohg_plugin.runtime import interpreter
from geohg.geohg_plugin.runtime.interpreter import EngineMissingError, find_interpreter


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is known of any Python yet, none is installed, and the user chose none."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr(interpreter, "_usable", set())
    monkeypatch.delenv("GEOHG_PYTHON")


def _script(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def test_environment_variable_wins_over_the_setting(
    engine_python: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.store("GEOHG_PYTHON", sys.executable)
    try:
        monkeypatch.setenv("GEOHG_PYTHON", engine_python)
        assert find_interpreter() == engine_python
    finally:
        settings.store("GEOHG_PYTHON", "")


def test_setting_is_taken(engine_python: str) -> None:
    settings.store("GEOHG_PYTHON", engine_python)
    try:
        assert settings.engine_python().path == engine_python
        assert find_interpreter() == engine_python
    finally:
        settings.store("GEOHG_PYTHON", "")


@pytest.mark.parametrize("name", ["qgis-bin.exe", "QGIS", "qgis_process", "python3-config"])
def test_qgis_itself_is_never_started(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = tmp_path / "started"
    monkeypatch.setattr(sys, "executable", _script(tmp_path / name, f"touch {trace}"))
    with pytest.raises(EngineMissingError, match="not set up yet: run Processing Toolbox"):
        find_interpreter()
    assert not trace.exists()


def test_own_python_is_taken_only_if_it_imports_everything(
    engine_python: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interpreter, "PACKAGES", ("json", "ssl"))
    assert find_interpreter() == sys.executable
    monkeypatch.setattr(interpreter, "_usable", set())
    monkeypatch.setattr(interpreter, "PACKAGES", ("json", "nothere"))
    with pytest.raises(EngineMissingError):
        find_interpreter()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (None, "is not a program"),
        ("exit 3", "does not start"),
        ("echo rubbish", "does not start"),
        ('echo \'["torch", "rasterio"]\'', "lacks torch, rasterio"),
    ],
)
def test_a_chosen_python_that_will_not_do(
    text: str | None, fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(tmp_path / "python")
    if text is not None:
        _script(tmp_path / "python", text)
    monkeypatch.setenv("GEOHG_PYTHON", path)
    with pytest.raises(EngineMissingError) as caught:
        find_interpreter()
    sentence = str(caught.value)
    assert f"'{path}', from the environment variable GEOHG_PYTHON, {fault}:" in sentence
    assert "geohg:setupengine" in sentence and "\n" not in sentence


def test_no_engine_is_said_at_every_door(
    provider: Any, inputs: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/usr/bin/qgis")
    able, reason = provider.algorithm("interpolate").canExecute()
    assert not able and "Processing Toolbox > GeoHG > Set up the engine" in reason
    parameters = {**inputs, "OUTPUT": str(tmp_path / "map.tif")}
    with pytest.raises(QgsProcessingException, match="geohg:setupengine"):
        processing.run("geohg:interpolate", parameters)
    assert not (tmp_path / "map.tif").exists()
