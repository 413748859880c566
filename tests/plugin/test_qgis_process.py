"""The provider in `qgis_process`, in a profile of its own."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import pytest
from fresh import ROOT, enable_checkout, run_qgis_process
from qgis.core import Qgis, QgsCoordinateTransformContext, QgsVectorFileWriter
from support import EXTENT, QUICK, Landscape, read_raster


@pytest.fixture(scope="module")
def qgis_process(tmp_path_factory: pytest.TempPathFactory, engine_python: str) -> Any:
    """Run `qgis_process` with the plugin enabled and no trace of the user's profile."""
    home = tmp_path_factory.mktemp("home with space 名")
    return functools.partial(run_qgis_process, enable_checkout(home))


@pytest.fixture(scope="module")
def values(landscape: Landscape, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Parameters with files in place of layers."""
    points = tmp_path_factory.mktemp("points") / "points.gpkg"
    options = QgsVectorFileWriter.SaveVectorOptions()
    context = QgsCoordinateTransformContext()
    QgsVectorFileWriter.writeAsVectorFormatV3(landscape.points, str(points), context, options)
    return {
        "INPUT": str(points),
        "FIELD": "value",
        "LANDCOVER": [landscape.raster],
        "CELL_SIZE": 1000,
        "EXTENT": EXTENT,
        **QUICK,
    }


def _arguments(values: dict[str, Any]) -> list[str]:
    pairs = [(k, v) for k, many in values.items() for v in (many if type(many) is list else [many])]
    return [f"{key}={value}" for key, value in pairs]


def test_algorithms_are_listed_without_an_engine(qgis_process: Any) -> None:
    done = qgis_process("list", GEOHG_PYTHON="/nothere")
    assert done.returncode == 0
    for name in (
        "interpolate",
        "buildgraph",
        "importcity",
        "pretrain",
        "train",
        "predict",
        "evaluate",
    ):
        assert f"geohg:{name}" in done.stdout


def test_a_chinese_system_is_answered_in_chinese(qgis_process: Any) -> None:
    assert (ROOT / "i18n" / "geohg_zh.qm").is_file(), "run 'make translations'"
    done = qgis_process("list", LANG="zh_CN.UTF-8", LC_CTYPE="C.UTF-8")
    assert "geohg:train\t训练模型" in done.stdout


def test_interpolate_gives_json(
    qgis_process: Any, values: dict[str, Any], landscape: Landscape, tmp_path: Path
) -> None:
    outputs = {"OUTPUT": str(tmp_path / "map.tif"), "REPORT": str(tmp_path / "report.html")}
    algorithm = "geohg:interpolate"
    if Qgis.QGIS_VERSION_INT >= 32400:
        request = json.dumps({"inputs": {**values, **outputs}})
        done = qgis_process("run", algorithm, "-", standard_input=request)
    else:
        done = qgis_process("--json", "run", algorithm, "--", *_arguments({**values, **outputs}))
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)["results"]
    assert results["RMSE"] > 0 and results["IDW_RMSE"] > 0 and results["DEVICE"] == "cpu"
    assert read_raster(results["OUTPUT"]).shape == landscape.truth.shape
    assert Path(results["REPORT"]).is_file()


@pytest.mark.parametrize(
    ("changes", "environment", "sentence"),
    [
        ({"CELL_SIZE": 0}, {}, "The cell size must be greater than zero, got 0"),
        ({"FIELD": "kind"}, {}, "The field 'kind' contains String"),
        (
            {},
            {"GEOHG_PYTHON": "/nothere", "GEOHG_RUN_IN": "process"},
            "is not a program: run Processing Toolbox",
        ),
    ],
    ids=["cell size", "text field", "no engine"],
)
def test_a_refusal_is_told_and_fails(
    qgis_process: Any,
    values: dict[str, Any],
    changes: dict[str, Any],
    environment: dict[str, str],
    sentence: str,
    tmp_path: Path,
) -> None:
    parameters = {**values, "OUTPUT": str(tmp_path / "map.tif"), **changes}
    done = qgis_process("run", "geohg:interpolate", "--", *_arguments(parameters), **environment)
    assert done.returncode != 0
    assert sentence in done.stdout + done.stderr
    assert list(tmp_path.iterdir()) == []
