"""What is remembered of failures."""

from __future__ import annotations

from pathlib import Path

import pytest

from geohg.geohg_plugin.runtime import failures
from geohg.geohg_plugin.runtime.folders import data_folder


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "家 data"))
    return tmp_path


def test_the_last_twenty_are_kept_in_order() -> None:
    assert failures.last(5) == []
    for number in range(25):
        failures.record("train", f"失败 {number}\nin two lines")
    kept = failures.last(100)
    assert [entry["message"].split()[1] for entry in kept] == [str(n) for n in range(5, 25)]
    assert [entry["message"] for entry in failures.last(1)] == ["失败 24\nin two lines"]
    assert kept[0]["job"] == "train" and kept[0]["time"].endswith("+00:00")
    assert [path.name for path in data_folder().iterdir()] == ["failures.jsonl"]


def test_rubbish_in_the_file_is_passed_over() -> None:
    failures.record("train", "one")
    with (data_folder() / "failures.jsonl").open("a", encoding="utf-8") as file:
        file.write('rubbish\n[]\n{"time": ""}\n')
    failures.record("train", "two")
    assert [entry["message"] for entry in failures.last(20)] == ["one", "two"]


def test_no_folder_to_write_to_is_no_failure_of_its_own(home: Path) -> None:
    (home / "家 data").write_text("a file, not a folder")
    failures.record("train", "one")
    assert failures.last(20) == []


def test_a_relative_data_home_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    monkeypatch.setenv("HOME", "/home/somebody")
    assert data_folder() == Path("/home/somebody/.local/share/geohg")
