"""The calls of docs/console.md, run as they stand there, on a part of the sample."""

from __future__ import annotations

import json
import os
import re
import runpy
import subprocess
import time
from pathlib import Path
from typing import Any

import processing
import pytest
from fresh import ROOT, qgis_environment, qgis_process_program
from osgeo import gdal
from qgis.core import Qgis, QgsApplication
from test_installer import empty, real, recipe  # noqa: F401 - fixtures
from test_setupengine import tiny  # noqa: F401 - a fixture

from geohg.geohg_plugin.runtime import installer

SAMPLE = ROOT / "resources" / "sample"
PAGE = (ROOT / "docs" / "console.md").read_text(encoding="utf-8")


def blocks(section: str, language: str) -> list[str]:
    """The code blocks of a section."""
    text = re.search(rf"^## {section}$(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)[1]
    found = re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    assert found
    return found


def test_every_algorithm_is_called(provider: Any) -> None:
    called = set(re.findall(r"geohg:(\w+)", PAGE))
    own = {each.name() for each in provider.algorithms() if not each.group()}
    assert own <= called <= {each.name() for each in provider.algorithms()}


def test_set_up(tiny: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setattr(installer, "find_uv", lambda: None)
    script = tmp_path / "page.py"
    script.write_text("".join(blocks("Set up", "python")), encoding="utf-8")
    assert Path(runpy.run_path(str(script))["result"]["ENGINE_PYTHON"]).is_file()


@pytest.fixture(scope="module")
def thin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample with an eighth of its points and POIs, on which calls take less time."""
    folder = tmp_path_factory.mktemp("thin") / "resources" / "sample"
    folder.mkdir(parents=True)
    for path in SAMPLE.glob("synthetic_*"):
        if path.stem in ("synthetic_points", "synthetic_pois"):
            gdal.VectorTranslate(str(folder / path.name), str(path), where="fid % 8 = 1")
        else:
            (folder / path.name).symlink_to(path)
    return folder


def test_python_console(thin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # so that it is as before when the page has left it
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("GDAL_PAM_ENABLED", "NO")  # QGIS would lay statistics beside the sample
    run = processing.run

    def run_quickly(name: str, parameters: dict[str, Any]) -> dict[str, Any]:
        """One test of a map, not ten."""
        once = {"VALIDATION": "holdout", "BLOCKS": False} if name == "geohg:interpolate" else {}
        return run(name, {**once, **parameters})

    monkeypatch.setattr(processing, "run", run_quickly)
    script = tmp_path / "page.py"
    page = "\n".join(blocks("Python console", "python"))
    own = 'Path(geohg.__file__).parent / "resources" / "sample"'
    assert own in page
    script.write_text(page.replace(own, f"Path({str(thin)!r})"), encoding="utf-8")
    names = runpy.run_path(str(script))
    task, end = names["task"], time.monotonic() + 120
    while not (task.results or task.error):
        assert time.monotonic() < end, "the task took too long"
        QgsApplication.processEvents()
        time.sleep(0.02)
    assert task.error is None
    assert names["graph"]["AREA_NODES"] == names["trained"]["CELLS"] == task.results["CELLS"]
    assert names["result"]["OBSERVED"] < names["trained"]["OBSERVED"]  # selected points alone
    assert names["encoder"]["LOSS"] > 0 and names["tuned"]["EPOCHS"] == 20
    assert (names["imported"]["AREA_NODES"], names["imported"]["OBSERVED"]) == (2, 1)
    steps = names["model"]["CHILD_RESULTS"]
    assert steps["evaluate"]["R2"] == pytest.approx(names["trained"]["R2"], rel=1e-6)
    assert names["compared"]["RMSE"] < names["compared"]["IDW_RMSE"]
    for name in re.findall(r'"([\w]+\.(?:tif|html|gpkg|safetensors|txt))"', script.read_text()):
        if not name.startswith("synthetic_"):
            assert os.path.getsize(name) > 0, name


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory, engine_python: str) -> dict[str, str]:
    """QGIS's own program by its own name, and a profile and plugins apart from the user's."""
    home = tmp_path_factory.mktemp("home")
    for name in ("bin", "plugins"):
        (home / name).mkdir()
    (home / "bin" / "qgis_process").symlink_to(qgis_process_program())
    (home / "plugins" / "geohg").symlink_to(ROOT)
    return {
        **qgis_environment(home),
        "PATH": f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "QGIS_PLUGINPATH": str(home / "plugins"),
        "GDAL_PAM_ENABLED": "NO",
    }


def test_terminal(environment: dict[str, str], thin: Path, tmp_path: Path) -> None:
    (tmp_path / "resources").symlink_to(thin.parent)
    enable, arguments, standard_input = blocks("Terminal", "bash")
    calls = [arguments, standard_input] if Qgis.QGIS_VERSION_INT >= 32400 else [arguments]
    run_block(enable, environment, tmp_path)
    for call in calls:
        done = run_block(call, environment, tmp_path)
        result = json.loads(done)["results"]
        assert result["RMSE"] < result["IDW_RMSE"]
        (tmp_path / "map.tif").unlink()  # raises where it was not written


def run_block(block: str, environment: dict[str, str], folder: Path) -> str:
    """What a block of the page prints."""
    command = ["bash", "-euo", "pipefail", "-c", block]
    done = subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
