"""Graphs from a city's folder, and encoders that models start from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import processing
import pytest
from qgis.core import (
    QgsFeature,
    QgsGeometry,
    QgsProcessingException,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
    QgsWkbTypes,
)
from support import BOTTOM, CRS, FAST, LEFT, QUICK, RIGHT, TOP, Recorder

from geohg.geohg_plugin.adapters.styling import draw_polygons

# Three cells in a row from the west: wood, half and half, town; one value is missing.
CITY = {
    "pos_encode.csv": "area_id,row,col\na,0,0\nb,0,1\nc,0,2\n",
    "adjacency.csv": "area_id,neighbour_id\na,b\nb,a\nb,c\nc,b\n",
    "TIF_feature.csv": "area_id,wood,town\na,1,0\nb,0.5,0.5\nc,0,1\n",
    "entity_area.csv": "entity,area_id,proportion\nwood,a,1\nwood,b,0.5\ntown,b,0.5\ntown,c,1\n",
    "POI_feature.csv": "area_id,shop,count\na,0,0\nb,1,2\nc,1,4\n",
    "poi_area.csv": "poi,area_id,proportion\nshop,b,1\nshop,c,1\n",
}
# The same in the toolkit's own tables.
THEIRS = {
    "pos_encode.csv": "area_id,x,y\na,0,0\nb,1,0\nc,2,0\n",
    "adjacency.csv": "src_id,dst_id\na,b\nb,a\nb,c\nc,b\n",
    "TIF_feature.csv": "File,Coordinates,Area,Value_10_Ratio,Value_50_Ratio\n"
    ",,a,1,0\n,,b,0.5,0.5\n,,c,0,1\n",
    "entity_area.csv": "entity_id,area_id,proportion\n10,a,1\n10,b,0.5\n50,b,0.5\n50,c,1\n",
    "POI_feature.csv": "TIF,POI_0,Count\na,0,0\nb,1,2\nc,1,4\n",
    "poi_area.csv": "poi_id,area_id,proportion\n0,b,1\n0,c,1\n",
}
VALUES = {"GDP.csv": "area_id,value\na,1.5\nc,4\n"}
PLACED = {
    "pos_encode.csv": "area_id,x,y\na,500000,5400000\nb,500900,5400000\nc,501000,5400700\n",
    "city.json": '{"places": {"crs": "EPSG:32631"}}',
}


def write_folder(folder: Path, files: dict[str, str]) -> str:
    """A folder with these files."""
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return str(folder)


def import_city(folder: Path, files: dict[str, str], **more: Any) -> tuple[dict, QgsVectorLayer]:
    """What Import city makes of a folder of these files, and its cells."""
    outputs = {"GRAPH": str(folder / "g.safetensors"), "CELLS_LAYER": str(folder / "cells.gpkg")}
    city = {"FOLDER": write_folder(folder / "city", files)}
    found = processing.run("geohg:importcity", {**city, **outputs, **more})
    return found, QgsVectorLayer(found["CELLS_LAYER"], "cells")


@pytest.mark.parametrize(("files", "first"), [(CITY, "wood"), (THEIRS, "Tree cover")])
def test_a_folder_becomes_a_graph_and_a_layer_of_squares(
    tmp_path: Path, files: dict[str, str], first: str
) -> None:
    found, layer = import_city(tmp_path, {**files, **VALUES})
    counts = {"AREA_NODES": 3, "ENTITY_NODES": 2, "POI_NODES": 1, "NEAR_EDGES": 4, "OBSERVED": 2}
    counts |= {"ENTITY_LOCATE_EDGES": 4, "POI_LOCATE_EDGES": 2}
    assert {name: found[name] for name in counts} == counts and found["SECONDS"] > 0
    assert layer.isValid()
    cells = sorted(layer.getFeatures(), key=lambda cell: cell["cell"])
    assert [cell.geometry().area() for cell in cells] == [1e6] * 3
    assert [cell.geometry().boundingBox().xMinimum() for cell in cells] == [0, 1000, 2000]
    assert [cell[f"landcover {first}"] for cell in cells] == [1, 0.5, 0]
    assert [cell["target GDP"] or None for cell in cells] == [1.5, None, 4]


def test_cells_with_coordinates_are_points_in_their_crs(tmp_path: Path) -> None:
    found, layer = import_city(tmp_path, {**CITY, **VALUES, **PLACED})
    assert found["AREA_NODES"] == 3
    assert layer.crs().authid() == "EPSG:32631" and layer.wkbType() == QgsWkbTypes.Point
    positions = {cell["cell"]: cell.geometry().asPoint() for cell in layer.getFeatures()}
    assert (positions[1].x(), positions[1].y()) == (500900, 5400000)


def test_values_may_lie_in_a_folder_of_their_own(tmp_path: Path, recorder: Recorder) -> None:
    values = write_folder(tmp_path / "values", VALUES)
    found, _ = import_city(tmp_path, CITY, TARGET_FOLDER=values)
    assert found["OBSERVED"] == 2
    parameters = {"FOLDER": str(tmp_path / "city"), "GRAPH": "TEMPORARY_OUTPUT"}
    found = processing.run("geohg:importcity", parameters, feedback=recorder)
    assert found["OBSERVED"] == 0
    assert any("no file of measured values" in text for text in recorder.warnings)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, "holds no city.*pos_encode.csv.*pos_encode.txt"),
        ({"FOLDER": "/none"}, r"'/none' \(FOLDER\) does not exist"),
        ({"TARGET_FOLDER": "/none"}, r"'/none' \(TARGET_FOLDER\) does not exist"),
    ],
)
def test_refuses_a_folder_without_a_city(
    tmp_path: Path, changes: dict[str, str], message: str
) -> None:
    parameters = {"FOLDER": str(tmp_path), "GRAPH": str(tmp_path / "g.safetensors"), **changes}
    with pytest.raises(QgsProcessingException, match=message):
        processing.run("geohg:importcity", parameters)
    assert not list(tmp_path.iterdir())


def test_refuses_to_read_csv_files_as_published(tmp_path: Path) -> None:
    with pytest.raises(QgsProcessingException, match="CSV form.*published code"):
        import_city(tmp_path, CITY, STRICT_REFERENCE=True)


@pytest.fixture(scope="module")
def graph(inputs: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> str:
    """A graph of the landscape."""
    path = tmp_path_factory.mktemp("graph") / "graph.safetensors"
    return processing.run("geohg:buildgraph", {**inputs, "GRAPH": str(path)})["GRAPH"]


def test_pretraining_lowers_the_loss(graph: str, tmp_path: Path) -> None:
    path = str(tmp_path / "encoder.safetensors")
    parameters = {**FAST, "GRAPH": graph, "HIDDEN_CHANNELS": 16, "ENCODER": path}
    first, last = (
        processing.run("geohg:pretrain", {**parameters, "EPOCHS": epochs}) for epochs in (1, 30)
    )
    assert last["LOSS"] < 0.85 * first["LOSS"]
    assert (last["EPOCHS"], last["CELLS"], last["ENCODER"]) == (30, 400, path)


def test_refuses_to_pretrain_without_anything_to_draw_to(graph: str, tmp_path: Path) -> None:
    nothing = {"NEAR_NEIGHBOURS": 0, "SIMILAR_NEIGHBOURS": 0}
    parameters = {
        **FAST,
        "GRAPH": graph,
        **nothing,
        "ENCODER": str(tmp_path / "encoder.safetensors"),
    }
    with pytest.raises(QgsProcessingException, match="near_neighbours.*similar_neighbours"):
        processing.run("geohg:pretrain", parameters)
    assert not list(tmp_path.iterdir())


@pytest.fixture(scope="module")
def encoder(graph: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An encoder of narrow layers."""
    path = str(tmp_path_factory.mktemp("encoder") / "encoder.safetensors")
    parameters = {**FAST, "GRAPH": graph, "HIDDEN_CHANNELS": 16, "EPOCHS": 5, "ENCODER": path}
    return processing.run("geohg:pretrain", parameters)["ENCODER"]


@pytest.mark.parametrize(
    "options",
    [
        {"MODEL_KIND": "propagation"},
        {"MODEL_KIND": "gnn", "EPOCHS": 20, "FREEZE": True},
    ],
)
def test_models_start_from_an_encoder(
    graph: str, encoder: str, tmp_path: Path, options: dict[str, Any]
) -> None:
    given = {**QUICK, "GRAPH": graph, "HIDDEN_CHANNELS": 16}
    given |= {key: value for key, value in options.items() if key != "FREEZE"}
    plain = processing.run("geohg:train", {**given, "MODEL": str(tmp_path / "plain.safetensors")})
    more = {**options, "ENCODER": encoder, "MODEL": str(tmp_path / "m.safetensors")}
    tuned = processing.run("geohg:train", {**given, **more})
    assert tuned["RMSE"] != plain["RMSE"] and tuned["TEST_CELLS"] == plain["TEST_CELLS"]
    # The model's file keeps the encoder: predicting asks for no other.
    files = {"MODEL": tuned["MODEL"], "GRAPH": graph, "OUTPUT": str(tmp_path / "map.tif")}
    predicted = processing.run("geohg:predict", files)
    assert (predicted["CELLS"], predicted["TARGET"], predicted["UNIT"]) == (400, "value", "")


def test_a_prediction_is_a_layer_of_the_cells_and_a_report_says_how_to_repeat_it(
    graph: str, tmp_path: Path
) -> None:
    report = tmp_path / "report.html"
    files = {"MODEL": str(tmp_path / "m.safetensors"), "REPORT": str(report)}
    trained = processing.run("geohg:train", {**QUICK, "GRAPH": graph, **files})
    assert "processing.run(&#34;geohg:train&#34;" in report.read_text(encoding="utf-8")
    outputs = {
        name: str(tmp_path / file)
        for name, file in (("CELLS_LAYER", "c.gpkg"), ("OUTPUT", "m.tif"))
    }
    given = {"MODEL": trained["MODEL"], "GRAPH": graph}
    alone = processing.run(
        "geohg:predict", {**given, "OUTPUT": None, "CELLS_LAYER": outputs["CELLS_LAYER"]}
    )
    assert alone["CELLS"] == 400 and not alone.get("OUTPUT")
    processing.run("geohg:predict", {**given, **outputs})
    layer = QgsVectorLayer(outputs["CELLS_LAYER"], "cells", "ogr")
    raster = QgsRasterLayer(outputs["OUTPUT"], "map")
    assert layer.featureCount() == 400 and layer.wkbType() == QgsWkbTypes.Polygon
    for feature in layer.getFeatures():
        middle = feature.geometry().centroid().asPoint()
        value, known = raster.dataProvider().sample(middle, 1)
        assert known and feature["value"] == pytest.approx(value, rel=1e-6)
        assert feature["value_lower"] < feature["value_upper"] and feature["value_std"] > 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"FREEZE": True}, "no encoder to freeze; set ENCODER to an encoder file"),
        (
            {"ENCODER": "/none.safetensors"},
            r"'/none.safetensors' \(ENCODER\) does not exist",
        ),
        (
            {"ENCODER": "{encoder}", "STRICT_REFERENCE": True},
            "published cannot start from an encoder",
        ),
        ({"ENCODER": "{encoder}"}, "'model.hidden_channels' 16, got 64; set it to 16"),
        ({"ENCODER": "{graph}"}, "graph.safetensors.*encoder"),
    ],
)
def test_refuses_an_encoder_that_does_not_fit(
    graph: str, encoder: str, tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    files = {"{encoder}": encoder, "{graph}": graph}
    changes = {key: files.get(value, value) for key, value in changes.items()}
    parameters = {
        **FAST,
        "GRAPH": graph,
        "MODEL_KIND": "gnn",
        "MODEL": str(tmp_path / "m.safetensors"),
    }
    with pytest.raises(QgsProcessingException, match=message):
        processing.run("geohg:train", {**parameters, **changes})
    assert not list(tmp_path.iterdir())


def test_a_map_is_summarised_by_polygons(graph: str, tmp_path: Path) -> None:
    model = str(tmp_path / "model.safetensors")
    processing.run("geohg:train", {**QUICK, "GRAPH": graph, "MODEL": model})
    cells = QgsVectorLayer(f"Polygon?crs={CRS}&field=name:string&field=fid:int", "a", "memory")
    files = {"MODEL": model, "GRAPH": graph, "SUMMARY": str(tmp_path / "out.gpkg")}
    feature = QgsFeature(cells.fields())
    feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(LEFT, BOTTOM, RIGHT, TOP)))
    feature.setAttributes(["all", 5])
    cells.dataProvider().addFeature(feature)
    found = processing.run(
        "geohg:summarise",
        {**files, "POLYGONS": cells, "THRESHOLDS": "0, 1e6"},
    )
    assert found["POLYGONS"] == found["KNOWN"] == 1 and found["TARGET"] == "value"
    layer = QgsVectorLayer(found["SUMMARY"], "out")
    (row,) = layer.getFeatures()
    assert row["name"] == "all" and row["value_lower"] < row["value_mean"] < row["value_upper"]
    assert row["value_above_0"] == 1 and row["value_above_1000000"] == 0
    draw_polygons(layer, "value", "kg")
    assert layer.renderer().classAttribute() == "value_mean"
    points = QgsVectorLayer(f"Point?crs={CRS}", "p", "memory")
    with pytest.raises(QgsProcessingException, match="not polygons"):
        processing.run("geohg:summarise", {**files, "POLYGONS": points})
