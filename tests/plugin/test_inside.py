"""The engine in QGIS's own Python, where that can import it: on Debian 13, not on Debian 12."""

from __future__ import annotations

import importlib.util
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import processing
import pytest
from qgis.core import QgsProcessingException
from support import ENDLESS, NETWORK, Recorder, read_raster

from geohg.geohg_plugin.runtime import inside
from geohg.geohg_plugin.runtime.interpreter import PACKAGES

_lacking = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
needs_engine = pytest.mark.skipif(
    bool(_lacking), reason=f"QGIS's Python lacks {', '.join(_lacking)}; see 'make test-trixie'"
)


@pytest.fixture(autouse=True)
def chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The user wants the engine inside QGIS."""
    monkeypatch.setenv("GEOHG_RUN_IN", "inside")


def test_a_python_that_lacks_packages_is_refused_at_once(
    inputs: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inside, "PACKAGES", ("json", "nothere"))
    parameters = {**inputs, "OUTPUT": str(tmp_path / "map.tif")}
    sentence = "cannot run inside QGIS, whose Python lacks nothere: .*GEOHG_RUN_IN"
    with pytest.raises(QgsProcessingException, match=sentence):
        processing.run("geohg:interpolate", parameters)
    assert list(tmp_path.iterdir()) == []


@needs_engine
def test_the_map_is_that_of_an_engine_of_its_own(
    inputs: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    streams = sys.stdout, sys.stderr
    maps, recorders = [], []
    for run_in in ("inside", "process"):
        monkeypatch.setenv("GEOHG_RUN_IN", run_in)
        recorders.append(Recorder())
        parameters = {**inputs, **NETWORK, "OUTPUT": str(tmp_path / f"{run_in}.tif")}
        made = processing.run("geohg:interpolate", parameters, feedback=recorders[-1])
        maps.append(read_raster(made["OUTPUT"]))
    assert np.array_equal(*maps, equal_nan=True)
    assert recorders[0].process_id == 0 and recorders[1].process_id > 0
    assert recorders[0].stages == recorders[1].stages
    assert "torch" in sys.modules
    assert (sys.stdout, sys.stderr) == streams


@needs_engine
def test_cancel_in_mid_training_leaves_nothing(
    inputs: dict[str, Any], tmp_path: Path, recorder: Recorder
) -> None:
    (tmp_path / "map.tif").write_text("old")
    cancelled_at = []

    def cancel() -> None:
        cancelled_at.append(time.monotonic())
        recorder.cancel()

    recorder.on_metric = cancel
    parameters = {**inputs, **ENDLESS, "OUTPUT": str(tmp_path / "map.tif")}
    assert processing.run("geohg:interpolate", parameters, feedback=recorder) == {}
    assert time.monotonic() - cancelled_at[0] < 2.0
    assert [path.name for path in tmp_path.iterdir()] == ["map.tif"]
    assert (tmp_path / "map.tif").read_text() == "old"


@needs_engine
def test_an_error_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "graph.safetensors").write_text("rubbish")
    parameters = {
        "GRAPH": str(tmp_path / "graph.safetensors"),
        "TARGET": "value",
        "MODEL": str(tmp_path / "model.safetensors"),
    }
    with pytest.raises(QgsProcessingException, match="graph.safetensors") as caught:
        processing.run("geohg:train", parameters)
    assert "\n" not in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["graph.safetensors"]
