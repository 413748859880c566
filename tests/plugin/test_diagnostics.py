"""The report on the engine: what stands in it, and what must not."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import processing
import pytest
from qgis.core import Qgis, QgsProcessingException
from support import Recorder

import geohg
from geohg.geohg_plugin.runtime import failures
from geohg.geohg_plugin.runtime.diagnosis import redact


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with a space and Chinese characters."""
    folder = tmp_path / "home 用户"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("XDG_DATA_HOME", str(folder / "data"))
    return folder


def test_report_in_both_forms(home: Path, tmp_path: Path, engine_python: str) -> None:
    failures.record("train", f"could not read {home}/secret.gpkg <b>")
    parameters = {"HTML": str(tmp_path / "new" / "r.html"), "TEXT": str(tmp_path / "r.txt")}
    recorder = Recorder()
    result = processing.run("geohg:diagnostics", parameters, feedback=recorder)
    text = Path(result["TEXT"]).read_text(encoding="utf-8")
    assert text == result["REPORT_TEXT"] and text in recorder.info
    for wanted in (
        f"- Version: {geohg.__version__}\n",
        f"- Version: {Qgis.version()}",
        f"the environment variable GEOHG_PYTHON: {engine_python}: used",
        f"- QGIS: {sys.executable}: ",
        "- GEOHG_RUN_IN: process",
        "GB free",
        "train: could not read ~/secret.gpkg <b>",
    ):
        assert wanted in text, wanted
    assert re.search(r"- torch: \d+\.\d+", text) and re.search(r"Engine: cpu, \d+ cores", text)
    page = Path(result["HTML"]).read_text(encoding="utf-8")
    assert "~/secret.gpkg &lt;b&gt;" in page and "<h2>Devices</h2>" in page
    assert str(home) not in text + page


def test_it_tells_why_none_was_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEOHG_PYTHON", "/nothere")
    monkeypatch.setattr(sys, "executable", "/usr/bin/qgis")
    text = processing.run("geohg:diagnostics", {}, feedback=Recorder())["REPORT_TEXT"]
    assert "GEOHG_PYTHON: /nothere: is not a program" in text
    assert "QGIS: /usr/bin/qgis: is not a Python, and was not started" in text


def test_a_path_that_cannot_be_written_is_told() -> None:
    with pytest.raises(QgsProcessingException, match="cannot be written to '/proc/none/r.txt'"):
        processing.run("geohg:diagnostics", {"TEXT": "/proc/none/r.txt"}, feedback=Recorder())


def test_redact(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert redact(f"{home}/a {home} {home}2/b") == f"~/a ~ {home}2/b"
    assert redact("http://me:secret@proxy:80") == "http://***@proxy:80"
    monkeypatch.setenv("HOME", "/")
    assert redact("/usr/bin") == "/usr/bin"


def test_the_report_is_made_without_asking(provider: Any) -> None:
    definitions = {p.name(): p for p in provider.algorithm("diagnostics").parameterDefinitions()}
    assert definitions["HTML"].createByDefault() and not definitions["TEXT"].createByDefault()


def test_both_reports_have_names_of_their_formats(tmp_path: Path) -> None:
    for given, fault in (
        ({"HTML": str(tmp_path / "r.pdf")}, "end its name with .html, .htm"),
        ({"TEXT": str(tmp_path / "r.html")}, "end its name with .txt"),
    ):
        with pytest.raises(QgsProcessingException, match=fault):
            processing.run("geohg:diagnostics", given, feedback=Recorder())
    assert not list(tmp_path.glob("r.*"))
