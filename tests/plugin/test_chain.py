"""The algorithms one after another: by files, and as a saved graphical model."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import processing
import pytest
from osgeo import ogr
from qgis.core import QgsProcessingException, QgsProcessingModelAlgorithm
from qgis.PyQt.QtCore import QTimer
from support import (
    CELL,
    CELLS,
    LEFT,
    NETWORK,
    QUICK,
    TOP,
    Landscape,
    Recorder,
    make_points,
    read_raster,
)

from geohg.geohg_plugin.adapters.modelfile import grid_of_model

MODEL = Path(__file__).parent / "data" / "chain.model3"


@pytest.fixture(scope="module")
def graph(
    inputs: dict[str, Any], landscape: Landscape, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """A graph of the whole landscape, with two values, and the layer of its cells."""
    folder = tmp_path_factory.mktemp("graph")
    parameters = {
        **inputs,
        "POI": landscape.pois,
        "POI_FIELD": "kind",
        "GRAPH": str(folder / "graph.safetensors"),
        "CELLS_LAYER": str(folder / "cells.gpkg"),
    }
    return processing.run("geohg:buildgraph", parameters)


@pytest.fixture(scope="module")
def trained(graph: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A model that was trained on the graph."""
    path = tmp_path_factory.mktemp("model") / "model.safetensors"
    parameters = {**QUICK, "GRAPH": graph["GRAPH"], "TARGET": "value", "MODEL": str(path)}
    return processing.run("geohg:train", parameters)


def test_counts_of_nodes_and_edges(graph: dict[str, Any]) -> None:
    assert graph["AREA_NODES"] == CELLS * CELLS
    assert graph["ENTITY_NODES"] == 4
    assert graph["POI_NODES"] == 2
    # Queen contiguity, both directions: straight and diagonal neighbours of a square.
    assert graph["NEAR_EDGES"] == 2 * (2 * CELLS * (CELLS - 1) + 2 * (CELLS - 1) ** 2)
    assert graph["POINTS_DROPPED"] == 0
    assert CELLS * CELLS // 2 < graph["OBSERVED"] < CELLS * CELLS


def test_cells_layer_has_one_square_a_cell(graph: dict[str, Any]) -> None:
    file = ogr.Open(graph["CELLS_LAYER"])
    layer = file.GetLayer(0)
    assert layer.GetFeatureCount() == CELLS * CELLS
    area = [feature.GetGeometryRef().GetArea() for feature in layer]
    assert area == pytest.approx([CELL * CELL] * (CELLS * CELLS))


def test_predict_and_evaluate_read_what_train_wrote(
    graph: dict[str, Any], trained: dict[str, Any], landscape: Landscape, tmp_path: Path
) -> None:
    files = {"MODEL": trained["MODEL"], "GRAPH": graph["GRAPH"]}
    outputs = {key: str(tmp_path / f"{key}.tif") for key in ("OUTPUT", "LOWER", "UPPER")}
    predicted = processing.run("geohg:predict", {**files, **outputs, "LEVEL": 0.5})
    lower, upper = (read_raster(predicted[key]) for key in ("LOWER", "UPPER"))
    held = np.mean((lower <= landscape.truth) & (landscape.truth <= upper))
    assert 0.3 < held < 0.8, "half of new measurements, which differ more than the truth"
    error = np.sqrt(np.mean((read_raster(predicted["OUTPUT"]) - landscape.truth) ** 2))
    assert error < 0.3 * landscape.truth.std()
    assert predicted["APPLICABLE_SHARE"] > 0.9
    residuals = str(tmp_path / "residuals.gpkg")
    measured = processing.run("geohg:evaluate", {**files, "RESIDUALS": residuals})
    layer = ogr.Open(residuals)
    assert layer.GetLayer(0).GetFeatureCount() == measured["TEST_CELLS"]
    for name in ("R2", "RMSE", "MAE", "IDW_RMSE", "TEST_CELLS", "CELLS", "OBSERVED"):
        assert measured[name] == pytest.approx(trained[name], rel=1e-4), name


def test_layers_stand_in_place_of_the_graph_and_one_of_both_is_asked_for(
    inputs: dict[str, Any],
    graph: dict[str, Any],
    trained: dict[str, Any],
    landscape: Landscape,
    tmp_path: Path,
) -> None:
    model = {"MODEL": trained["MODEL"]}
    layers = {"LANDCOVER": inputs["LANDCOVER"], "POI": landscape.pois, "POI_FIELD": "kind"}
    maps = {}
    for name, given in {
        "graph": {"GRAPH": graph["GRAPH"]},
        "layers": layers,
        "extent": {**layers, "EXTENT": inputs["EXTENT"]},
    }.items():
        output = {"OUTPUT": str(tmp_path / f"{name}.tif")}
        result = processing.run("geohg:predict", {**model, **given, **output})
        assert result["CELLS"] == CELLS * CELLS
        maps[name] = read_raster(result["OUTPUT"])
    for name in ("layers", "extent"):
        np.testing.assert_allclose(maps[name], maps["graph"], rtol=1e-5)
    output = {"OUTPUT": str(tmp_path / "none.tif")}
    both = {**model, **layers, "GRAPH": graph["GRAPH"], **output}
    with pytest.raises(QgsProcessingException, match="leave it empty, or leave out LANDCOVER, POI"):
        processing.run("geohg:predict", both)
    with pytest.raises(QgsProcessingException, match="There is nothing to predict; set GRAPH"):
        processing.run("geohg:predict", {**model, **output})
    without = {"LANDCOVER": inputs["LANDCOVER"]}
    with pytest.raises(QgsProcessingException, match="was trained with .* which no source has"):
        processing.run("geohg:predict", {**model, **without, **output})


def test_the_grid_of_a_model_is_read_of_its_file_and_of_no_other(
    trained: dict[str, Any], tmp_path: Path
) -> None:
    grid = grid_of_model(trained["MODEL"])
    assert (grid["rows"], grid["cols"], grid["cell_width"]) == (CELLS, CELLS, CELL)
    header = Path(trained["MODEL"]).read_bytes()
    other = tmp_path / "other.safetensors"
    for rubbish in (b"", b"no model", header[:100], b"\xff" * 16, b"\2" + bytes(7) + b"[]"):
        other.write_bytes(rubbish)
        assert grid_of_model(str(other)) == {}
    assert grid_of_model(str(tmp_path / "gone.safetensors")) == {}


@pytest.mark.parametrize("wanted", [True, False])
def test_a_report_tells_what_the_prediction_rests_on_if_it_is_wanted(
    graph: dict[str, Any], trained: dict[str, Any], tmp_path: Path, wanted: bool
) -> None:
    files = {"MODEL": trained["MODEL"], "GRAPH": graph["GRAPH"], "IMPORTANCE": wanted}
    found = processing.run("geohg:evaluate", {**files, "REPORT": str(tmp_path / "r.html")})
    text = Path(found["REPORT"]).read_text(encoding="utf-8")
    assert ("<h2>Feature importance</h2>" in text) == wanted


def test_evaluate_takes_points_that_were_measured_later(
    graph: dict[str, Any], trained: dict[str, Any], landscape: Landscape, tmp_path: Path
) -> None:
    row, col = np.divmod(np.arange(0, CELLS * CELLS, 7), CELLS)
    x, y = LEFT + (col + 0.3) * CELL, TOP - (row + 0.7) * CELL
    new = make_points("new", x, y, landscape.truth[row, col], ["k"] * len(row))
    files = {"MODEL": trained["MODEL"], "GRAPH": graph["GRAPH"], "POINTS": new, "FIELD": "value"}
    found = processing.run("geohg:evaluate", {**files, "RESIDUALS": str(tmp_path / "r.gpkg")})
    assert (found["TEST_CELLS"], found["OBSERVED"], found["TARGET"]) == (len(row),) * 2 + ("value",)
    layer = ogr.Open(str(tmp_path / "r.gpkg"))
    rows = [(f["cell"], f["observed"], f["residual"]) for f in layer.GetLayer(0)]
    truth = {cell: landscape.truth.ravel()[cell] for cell in range(0, CELLS * CELLS, 7)}
    assert {cell: value for cell, value, _ in rows} == pytest.approx(truth)
    assert found["RMSE"] == pytest.approx(np.sqrt(np.mean([miss**2 for *_, miss in rows])))
    assert found["R2"] > 0.8


@pytest.mark.parametrize(
    ("field", "message"),
    [
        (None, "New points need a value field; set FIELD"),
        ("kind", "'kind' contains .*, not numbers"),
        ("height", "no field 'height'; it has: value, kind"),
    ],
)
def test_new_points_need_a_field_of_numbers(
    graph: dict[str, Any],
    trained: dict[str, Any],
    landscape: Landscape,
    field: str | None,
    message: str,
) -> None:
    files = {"MODEL": trained["MODEL"], "GRAPH": graph["GRAPH"]}
    points = {"POINTS": landscape.points, "FIELD": field}
    with pytest.raises(QgsProcessingException, match=message):
        processing.run("geohg:evaluate", {**files, **points})


def test_a_model_is_no_graph(trained: dict[str, Any]) -> None:
    files = {"MODEL": trained["MODEL"], "GRAPH": trained["MODEL"], "OUTPUT": "TEMPORARY_OUTPUT"}
    with pytest.raises(QgsProcessingException, match="model.safetensors.* graph"):
        processing.run("geohg:predict", files)


def test_an_unknown_value_is_named_with_those_that_are_there(graph: dict[str, Any]) -> None:
    parameters = {**QUICK, "GRAPH": graph["GRAPH"], "TARGET": "height"}
    with pytest.raises(QgsProcessingException, match="'height'.*: value"):
        processing.run("geohg:train", {**parameters, "MODEL": "TEMPORARY_OUTPUT"})


@pytest.fixture
def model() -> QgsProcessingModelAlgorithm:
    """The saved model that chains the four."""
    model = QgsProcessingModelAlgorithm()
    assert model.fromFile(str(MODEL))
    model.initAlgorithm()
    return model


@pytest.fixture
def chained(landscape: Landscape, tmp_path: Path) -> dict[str, Any]:
    """Parameters of the model."""
    return {
        "points": landscape.points,
        "field": "value",
        "landcover": [landscape.raster],
        "cell_size": CELL,
        "predict:map": str(tmp_path / "map.tif"),
        "evaluate:report": str(tmp_path / "report.html"),
    }


def test_graphical_model_runs_without_windows(
    model: QgsProcessingModelAlgorithm, chained: dict[str, Any]
) -> None:
    result = processing.run(model, chained)
    assert np.isfinite(read_raster(result["predict:map"])).all()
    assert Path(result["evaluate:report"]).stat().st_size > 1000
    assert 0.5 < result["CHILD_RESULTS"]["evaluate"]["R2"] <= 1.0


def test_graphical_model_tells_what_is_wrong(
    model: QgsProcessingModelAlgorithm, chained: dict[str, Any], recorder: Recorder
) -> None:
    with pytest.raises(QgsProcessingException, match="buildgraph"):
        processing.run(model, {**chained, "cell_size": 0}, feedback=recorder)
    assert any("greater than zero, got 0" in text for text in recorder.errors)
    assert recorder.process_id == 0


def test_a_click_is_heard_where_qgis_itself_waits(
    graph: dict[str, Any], recorder: Recorder, tmp_path: Path
) -> None:
    ticks = []
    timer = QTimer()

    def click() -> None:
        ticks.append(timer)
        if len(ticks) == 5:
            recorder.cancel()

    timer.timeout.connect(click)
    timer.start(20)
    parameters = {**NETWORK, "GRAPH": graph["GRAPH"], "TARGET": "value"}
    with suppress(QgsProcessingException):
        parameters["MODEL"] = str(tmp_path / "model.safetensors")
        processing.run("geohg:train", parameters, feedback=recorder)
    timer.stop()
    assert len(ticks) >= 5 and not list(tmp_path.iterdir())
