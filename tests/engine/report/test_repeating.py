import ast
import html
import json
import shlex
from pathlib import Path

import pytest

from geohg.engine.jobs import run
from geohg.engine.progress import Silent
from geohg.engine.report import repeating
from geohg.engine.report.repeating import repeating_command, terminal_command

ROOT = Path(repeating.__file__).resolve().parents[2]
REQUEST = {"job": "train", "version": 1, "graph": "g.safetensors", "outputs": {}}


def test_in_a_checkout_python_runs_the_engine(monkeypatch, tmp_path):
    path = tmp_path / "a b.json"
    monkeypatch.chdir(tmp_path)
    line = ["python", str(ROOT / "engine"), "run", str(path)]
    assert shlex.split(terminal_command(path)) == line
    monkeypatch.chdir(ROOT)
    assert shlex.split(terminal_command(path)) == ["python", "-m", "engine", "run", str(path)]
    assert repeating_command(REQUEST, path) == terminal_command(path)


def test_installed_it_is_a_program(monkeypatch, tmp_path):
    monkeypatch.setattr(repeating, "_ROOT", tmp_path)
    assert terminal_command(Path("/x/r.json")) == "geohg run /x/r.json"
    assert terminal_command(Path("a b.json")) == "geohg run 'a b.json'"


def test_a_door_says_what_repeats_it():
    said = 'processing.run("geohg:x", {})'
    assert repeating_command({**REQUEST, "command": said}, Path("r.json")) == said


def test_without_a_file_it_is_a_call():
    call = repeating_command(REQUEST, None)
    assert call == f"geohg.run_job({REQUEST!r})"
    assert ast.literal_eval(call.removeprefix("geohg.run_job")) == REQUEST
    assert repeating_command({**REQUEST, "points": {"table": "x" * 10_000}}, None) == ""
    assert repeating_command({"job": "train"}, None) == ""


@pytest.mark.parametrize("said", ["", 'processing.run("<b>&x", {})'])
def test_the_report_shows_it_escaped_and_its_json_keeps_none(landscape, tmp_path, said):
    paths = {"report": str(tmp_path / "r.html"), "report_json": str(tmp_path / "r.json")}
    grid = {**landscape.request()["grid"], "cell_size": 3000.0}
    request = landscape.request("compare", grid=grid, outputs=paths)
    run({**request, "command": said}, Silent())
    shown = html.escape(said or terminal_command(Path(paths["report_json"])))
    page = Path(paths["report"]).read_text(encoding="utf-8").replace("&#34;", "&quot;")
    assert f"<pre>{shown.replace('&#x27;', '&#39;')}</pre>" in page and "<b>&x" not in page
    assert "command" not in json.loads(Path(paths["report_json"]).read_text())["request"]
