"""QGIS outlives whatever happens to the engine, and nothing half done stays."""

from __future__ import annotations

import os
import random
import re
import signal
import time
from pathlib import Path
from typing import Any

import processing
import pytest
from qgis.core import QgsApplication, QgsProcessingException
from support import ENDLESS, NETWORK, QUICK, Recorder, gone, leftovers, read_raster

import geohg

KILLS = 8
OUTPUTS = {"OUTPUT": "map.tif", "REPORT": "report.html", "MODEL": "model.safetensors"}


@pytest.fixture
def parameters(inputs: dict[str, Any], tmp_path: Path) -> dict[str, Any]:
    """A run that does not end by itself, over a map that is there already."""
    (tmp_path / "map.tif").write_text("old")
    return {**inputs, **ENDLESS, **{key: str(tmp_path / name) for key, name in OUTPUTS.items()}}


def _check_nothing_is_left(folder: Path, recorder: Recorder) -> None:
    assert [path.name for path in folder.iterdir()] == ["map.tif"]
    assert (folder / "map.tif").read_text() == "old"
    with pytest.raises(ProcessLookupError):
        os.killpg(recorder.process_id, 0)


def test_a_kill_in_mid_training_is_one_error(
    parameters: dict[str, Any], tmp_path: Path, recorder: Recorder
) -> None:
    recorder.on_metric = lambda: os.kill(recorder.process_id, signal.SIGKILL)
    with pytest.raises(QgsProcessingException, match="killed .signal 9.*memory"):
        processing.run("geohg:interpolate", parameters, feedback=recorder)
    _check_nothing_is_left(tmp_path, recorder)


def test_cancel_in_mid_training_takes_two_seconds_at_most(
    parameters: dict[str, Any], tmp_path: Path, recorder: Recorder
) -> None:
    cancelled_at = []

    def cancel() -> None:
        cancelled_at.append(time.monotonic())
        recorder.cancel()

    recorder.on_metric = cancel
    assert processing.run("geohg:interpolate", parameters, feedback=recorder) == {}
    assert time.monotonic() - cancelled_at[0] < 2.0
    _check_nothing_is_left(tmp_path, recorder)


def test_cancel_before_the_engine_starts(
    parameters: dict[str, Any], tmp_path: Path, recorder: Recorder
) -> None:
    recorder.cancel()
    assert processing.run("geohg:interpolate", parameters, feedback=recorder) == {}
    assert recorder.process_id == 0
    assert [path.name for path in tmp_path.iterdir()] == ["map.tif"]


def test_a_hang_without_a_word_can_be_cancelled(
    parameters: dict[str, Any], tmp_path: Path, recorder: Recorder
) -> None:
    cancelled_at: list[float] = []

    def stop_and_cancel() -> None:
        os.kill(recorder.process_id, signal.SIGSTOP)  # it answers nothing, not even SIGTERM
        cancelled_at.append(time.monotonic())
        recorder.cancel()

    recorder.on_metric = stop_and_cancel
    assert processing.run("geohg:interpolate", parameters, feedback=recorder) == {}
    assert time.monotonic() - cancelled_at[0] < 2.0
    _check_nothing_is_left(tmp_path, recorder)


@pytest.mark.parametrize("kilobytes", [1_200_000, 2_600_000], ids=["loading", "computing"])
def test_too_little_memory_is_named(
    kilobytes: int,
    inputs: dict[str, Any],
    engine_python: str,
    tmp_path: Path,
    recorder: Recorder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nulimit -v {kilobytes}\nexec "{engine_python}" "$@"\n')
    python.chmod(0o755)
    monkeypatch.setenv("GEOHG_PYTHON", str(python))
    huge = {**inputs, **NETWORK, "HIDDEN_CHANNELS": 4096, "NUM_GNN_LAYERS": 32}
    huge["OUTPUT"] = str(tmp_path / "out" / "map.tif")
    (tmp_path / "out").mkdir()
    with pytest.raises(QgsProcessingException) as caught:
        processing.run("geohg:interpolate", huge, feedback=recorder)
    assert str(caught.value) == (
        "The engine ran out of memory; use larger cells or a smaller extent, or close other "
        "programs."
    )
    assert os.listdir(tmp_path / "out") == []
    assert gone(recorder.process_id)


class Victim:
    """A job in the background that is killed after a time, or when it writes."""

    def __init__(self, inputs: dict[str, Any], folder: Path, seconds: float | None) -> None:
        folder.mkdir()
        outputs = {key: str(folder / name) for key, name in OUTPUTS.items()}
        self.task = geohg.submit("geohg:interpolate", {**inputs, **QUICK, **outputs})
        self.folder, self.seconds = folder, seconds
        self.process, self.since, self.shot = 0, 0.0, False

    def ended(self) -> bool:
        """Kill it if its time has come; whether it is over."""
        found = re.search(r"Engine process (\d+):", self.task._feedback.textLog())
        if found and not self.process:
            self.process, self.since = int(found[1]), time.monotonic()
        if self.process and not self.shot and self._due() and not gone(self.process):
            os.kill(self.process, signal.SIGKILL)
            self.shot = True
        return bool(self.task.error or self.task.results)

    def _due(self) -> bool:
        if self.seconds is None:
            return bool(leftovers(self.folder))
        return time.monotonic() - self.since > self.seconds


def test_kills_at_random_moments(
    inputs: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two jobs at a time, each killed somewhere between its start and its end."""
    monkeypatch.setenv("GEOHG_KEEP_WARM", "0")
    chance = random.Random(1)
    victims: list[Victim] = []
    running: list[Victim] = []
    killed, longest = 0, 2.0
    while killed < KILLS or running:
        if len(running) < 2 and killed + len(running) < KILLS:
            # One in four is killed while it writes, which takes but a moment; the others in turn
            # in the first, the second, ... part of a run.
            part = len(victims) % KILLS + chance.random()
            seconds = None if len(victims) % 4 == 3 else longest * part / KILLS
            running.append(Victim(inputs, tmp_path / str(len(victims)), seconds))
            victims.append(running[-1])
        QgsApplication.processEvents()
        time.sleep(0.002)
        for victim in [each for each in running if each.ended()]:
            running.remove(victim)
            if victim.task.error:
                assert "killed (signal 9)" in victim.task.error
                killed += 1
            else:
                longest = max(longest, time.monotonic() - victim.since)
            _check_all_or_nothing(victim.folder)
    assert killed == KILLS
    assert all(gone(victim.process) for victim in victims)


def _check_all_or_nothing(folder: Path) -> None:
    there = set(os.listdir(folder))
    assert there in (set(), set(OUTPUTS.values()))
    if there:
        assert read_raster(str(folder / "map.tif")).shape == (20, 20)
