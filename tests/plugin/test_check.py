"""`geohg:check` from layers to a page, and what it says of layers that give no map."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import processing
from support import POINTS, Landscape, Recorder


def test_layers_are_checked_and_nothing_is_fitted(inputs: dict[str, Any], tmp_path: Path) -> None:
    told, page = Recorder(), tmp_path / "check.html"
    found = processing.run("geohg:check", {**inputs, "REPORT": str(page)}, feedback=told)
    assert found["GOOD"] is True and found["STOPPED"] == "" and found["POINTS"] == POINTS
    assert found["CELLS"] == 400 and found["RANGE"] > 0 and found["SUITABLE_CELL_SIZE"] > 0
    assert any(line.startswith("A map can be made of these data") for line in told.info)
    assert "What is known of the ground" in page.read_text(encoding="utf-8")


def test_a_field_of_classes_is_told_and_does_not_fail(
    inputs: dict[str, Any], landscape: Landscape, tmp_path: Path
) -> None:
    given = {**inputs, "INPUT": landscape.pois, "FIELD": "kind", "REPORT": str(tmp_path / "c.html")}
    found = processing.run("geohg:check", given, feedback=Recorder())
    assert found["GOOD"] is False and "holds text" in found["STOPPED"]
    assert "has 2 classes" in (tmp_path / "c.html").read_text(encoding="utf-8")
