"""QGIS outlives whatever happens to the engine, and nothing half done stays."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import processing
import pytest
from qgis.core import QgsProcessingException
from support import ENDLESS, Recorder


@pytest.fixture
def parameters(inputs: dict[str, Any], tmp_path: Path) -> dict[str, Any]:
    """A run that does not end by itself, over a map that is there already."""
    (tmp_path / "map.tif").write_text("old")
    places = {"OUTPUT": "map.tif", "REPORT": "report.html", "MODEL": "model.safetensors"}
    return {**inputs, **ENDLESS, **{key: str(tmp_path / name) for key, name in places.items()}}


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
