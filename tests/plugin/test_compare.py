"""`geohg:compare` from layers to a report of all methods."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import processing
import pytest
from qgis.core import QgsProcessingException
from support import FAST, Recorder


def test_all_methods_on_the_same_groups(inputs: dict[str, Any], tmp_path: Path) -> None:
    report, numbers = tmp_path / "report.html", tmp_path / "report.json"
    group = {"VALIDATION": "groups", "GROUP_FIELD": "value", "FOLDS": 2}
    outputs = {"REPORT": str(report), "REPORT_JSON": str(numbers)}
    result = processing.run("geohg:compare", {**inputs, **FAST, **group, **outputs})
    assert result["TEST_CELLS"] == result["OBSERVED"] > 100
    for name in ("", "IDW_", "KRIGING_", "FOREST_", "BLOCKS_", "BLOCKS_FOREST_"):
        assert result[f"{name}RMSE"] > 0, name
    assert 0.5 < result["COVERAGE"] <= 1 and result["R2"] > 0.5
    found = json.loads(numbers.read_text(encoding="utf-8"))
    assert found["job"] == "compare" and found["split"]["kind"] == "groups"
    assert found["verdict"] in report.read_text(encoding="utf-8").replace("’", "'")


def test_groups_need_a_field(inputs: dict[str, Any]) -> None:
    parameters = {**inputs, **FAST, "VALIDATION": "groups", "REPORT": "TEMPORARY_OUTPUT"}
    with pytest.raises(QgsProcessingException, match="set GROUP_FIELD"):
        processing.run("geohg:compare", parameters, feedback=Recorder())
