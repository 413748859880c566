"""The algorithm that sets up the engine, at Processing's door; see also test_installer."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import processing
import pytest
from qgis.core import QgsProcessingException
from support import Recorder
from test_installer import empty, home, real, recipe  # noqa: F401 - fixtures

from geohg.geohg_plugin.algorithms import setupengine
from geohg.geohg_plugin.runtime import failures, graphics
from geohg.geohg_plugin.runtime.installation import find_installation
from geohg.geohg_plugin.runtime.recipe import Recipe


@pytest.fixture
def tiny(recipe: Recipe, monkeypatch: pytest.MonkeyPatch) -> Recipe:  # noqa: F811
    """The engine is two tiny packages."""
    monkeypatch.setattr(setupengine, "engine_recipe", lambda device, cluster: recipe)
    return recipe


class Talker(Recorder):
    """Also keeps what programs print."""

    def __init__(self) -> None:
        super().__init__()
        self.console: list[str] = []

    def pushConsoleInfo(self, text: str) -> None:
        self.console.append(text)


def test_it_needs_no_engine(provider: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEOHG_PYTHON", "/nothere")
    for name in ("setupengine", "diagnostics"):
        assert provider.algorithm(name).canExecute() == (True, "")
    assert not provider.algorithm("interpolate").canExecute()[0]


@pytest.mark.parametrize("wanted", [False, True])
def test_dask_is_part_of_it_where_it_is_wanted(
    wanted: bool,
    recipe: Recipe,  # noqa: F811
    home: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []
    monkeypatch.setattr(setupengine, "engine_recipe", lambda *given: asked.append(given) or recipe)
    processing.run("geohg:setupengine", {"CLUSTER": wanted}, feedback=Talker())
    assert asked == [("cpu", wanted)]


def test_set_up_then_leave_then_remove(tiny: Recipe, home: Path) -> None:  # noqa: F811
    talker = Talker()
    result = processing.run("geohg:setupengine", {"ACTION": "setup"}, feedback=talker)
    made = find_installation()
    assert result["ENGINE_PYTHON"] == str(made.python) and result["SECONDS"] > 0
    assert talker.stages[0] == "Making an environment"
    assert talker.stages[-1] == "The engine is ready"
    assert any("Successfully installed tinyone-1.0" in line for line in talker.console)
    assert talker.progress() == 100.0
    talker = Talker()
    again = processing.run("geohg:setupengine", {}, feedback=talker)
    assert again["ENGINE_PYTHON"] == result["ENGINE_PYTHON"]
    assert talker.stages[-1] == "The engine was already set up"
    processing.run("geohg:setupengine", {"ACTION": "remove"}, feedback=Talker())
    assert find_installation() is None and not list(home.glob("engine-*"))


def test_a_choice_that_hides_it_is_told(
    tiny: Recipe, engine_python: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOHG_PYTHON", engine_python)
    talker = Talker()
    processing.run("geohg:setupengine", {}, feedback=talker)
    assert any("the environment variable GEOHG_PYTHON sets another" in w for w in talker.warnings)


def test_a_failure_is_one_sentence_and_remembered(
    tiny: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_FIND_LINKS", "/nothere")
    with pytest.raises(QgsProcessingException, match="A package has no build"):
        processing.run("geohg:setupengine", {}, feedback=Talker())
    (failure,) = failures.last(5)
    assert failure["job"] == "setupengine" and "has no build" in failure["message"]


def test_cancel_gives_nothing(tiny: Recipe, home: Path) -> None:  # noqa: F811
    talker = Talker()
    talker.cancel()
    assert processing.run("geohg:setupengine", {}, feedback=talker) == {}
    assert find_installation() is None and not list(home.glob("engine-*"))


@pytest.mark.parametrize(
    ("printed", "sentence"),
    [
        ("exit 9", "No NVIDIA card with a working driver was found; choose CPU"),
        ("echo 'NVIDIA H200, 143771 MiB, 535.183.01'", "driver 535.183.01 is too old for CUDA 13"),
    ],
)
def test_cuda_is_refused_where_it_cannot_run(
    tiny: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, printed: str, sentence: str
) -> None:
    program = tmp_path / "nvidia-smi"
    program.write_text(f"#!/bin/sh\n{printed}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(QgsProcessingException, match=sentence):
        processing.run("geohg:setupengine", {"DEVICE": "cuda"}, feedback=Talker())
    assert find_installation() is None


def test_cuda_with_a_new_driver_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "nvidia-smi"
    program.write_text("#!/bin/sh\necho 'NVIDIA H200, 143771 MiB, 580.65.06'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert graphics.cuda_fault() == ""
    (card,) = graphics.graphics_cards()
    assert (card.name, card.memory, card.driver) == ("NVIDIA H200", "143771 MiB", "580.65.06")
