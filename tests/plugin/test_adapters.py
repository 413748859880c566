"""Layers become exactly the tables and files that the engine reads."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingFeatureSource,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingUtils,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)
from support import CRS, Landscape, Recorder, write_raster

from geohg.geohg_plugin.adapters.rasters import raster_path
from geohg.geohg_plugin.adapters.tables import write_points
from geohg.geohg_plugin.adapters.watcher import FeedbackWatcher
from geohg.geohg_plugin.compat import crs_text


@pytest.fixture
def layer(provider: Any) -> Any:
    """Points of every kind that a layer may hold, in the project."""
    uri = f"MultiPointZ?crs={CRS}&field=value:double&field=count:integer&field=kind:string"
    layer = QgsVectorLayer(uri, "mixed", "memory")
    rows = [
        ("MultiPointZ((1.5 2.5 9))", [0.1, 3, "a"]),
        ("MultiPointZ((3 4 9),(5 6 9))", [None, None, 'b, "quoted"']),
        (None, [7.0, 1, "lost"]),
        ("MultiPointZ((7 8 0))", [1e-9, -4, "名"]),
    ]
    for wkt, attributes in rows:
        feature = QgsFeature(layer.fields())
        if wkt:
            feature.setGeometry(QgsGeometry.fromWkt(wkt))
        feature.setAttributes(attributes)
        layer.dataProvider().addFeatures([feature])
    QgsProject.instance().addMapLayer(layer)
    yield layer
    QgsProject.instance().removeMapLayer(layer)


def _table(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def _source(layer: QgsVectorLayer, selected: bool = False) -> QgsProcessingFeatureSource:
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    definition = QgsProcessingFeatureSourceDefinition(layer.id(), selected)
    return QgsProcessingUtils.variantToSource(definition, context)


def test_every_part_is_a_row_and_nothing_is_rounded(
    layer: QgsVectorLayer, tmp_path: Path, recorder: Recorder
) -> None:
    path = tmp_path / "points.csv"
    described = write_points(_source(layer), ["value", "count", "kind"], path, recorder)
    assert described == {
        "path": str(path),
        "name": layer.name(),
        "crs": CRS,
        "coord_columns": ["geohg_x", "geohg_y"],
    }
    assert _table(path) == [
        ["geohg_x", "geohg_y", "value", "count", "kind"],
        ["1.5", "2.5", "0.1", "3", "a"],
        ["3.0", "4.0", "", "", 'b, "quoted"'],
        ["5.0", "6.0", "", "", 'b, "quoted"'],
        ["7.0", "8.0", "1e-09", "-4", "名"],
    ]
    assert recorder.warnings == ["1 features of 'mixed' have no geometry and were left out."]


def test_only_selected_features(layer: QgsVectorLayer, tmp_path: Path, recorder: Recorder) -> None:
    layer.selectByExpression("kind = 'a'")
    write_points(_source(layer, selected=True), ["kind"], tmp_path / "p.csv", recorder)
    assert _table(tmp_path / "p.csv")[1:] == [["1.5", "2.5", "a"]]


def test_a_filter_applies(layer: QgsVectorLayer, tmp_path: Path, recorder: Recorder) -> None:
    layer.setSubsetString("count < 0")
    write_points(_source(layer), ["count"], tmp_path / "p.csv", recorder)
    assert _table(tmp_path / "p.csv")[1:] == [["7.0", "8.0", "-4"]]


def test_infinite_and_nan_reach_the_engine(
    layer: QgsVectorLayer, tmp_path: Path, recorder: Recorder
) -> None:
    ids = [feature.id() for feature in layer.getFeatures()]
    layer.dataProvider().changeAttributeValues(
        {ids[0]: {0: float("inf")}, ids[3]: {0: float("nan")}}
    )
    write_points(_source(layer), ["value"], tmp_path / "p.csv", recorder)
    assert [row[2] for row in _table(tmp_path / "p.csv")[1:]] == ["inf", "", "", "nan"]


def test_a_cancel_ends_the_reading(
    layer: QgsVectorLayer, tmp_path: Path, recorder: Recorder
) -> None:
    recorder.cancel()
    write_points(_source(layer), ["value"], tmp_path / "p.csv", recorder)
    assert len(_table(tmp_path / "p.csv")) == 1


def test_crs_without_a_code_is_given_as_wkt() -> None:
    crs = QgsCoordinateReferenceSystem.fromProj("+proj=aeqd +lat_0=10 +lon_0=20 +datum=WGS84")
    text = crs_text(crs)
    assert text.startswith("PROJCRS[")
    assert QgsCoordinateReferenceSystem.fromWkt(text).isValid()


def test_raster_files_are_found(landscape: Landscape, tmp_path: Path) -> None:
    assert raster_path(QgsRasterLayer(landscape.raster, "r")) == landscape.raster
    odd = tmp_path / "a folder, 名"
    odd.mkdir()
    path = write_raster(odd / "x|y.tif", np.ones((2, 2), np.uint8))
    assert raster_path(QgsRasterLayer(path, "r")) == path


def test_events_are_shown_and_repetition_is_not(recorder: Recorder) -> None:
    watcher = FeedbackWatcher(recorder, start=20.0)
    watcher.event({"type": "progress", "fraction": 0.5, "message": "Training, epoch 1"})
    assert recorder.progress() == pytest.approx(60.0)
    watcher.event({"type": "progress", "fraction": 0.6, "message": "Training, epoch 2"})
    watcher.event({"type": "warning", "message": "careful"})
    watcher.event({"type": "log", "message": "told"})
    for step in range(50):
        watcher.event({"type": "metric", "name": "validation_rmse", "value": 1.0, "step": step})
    assert recorder.stages == ["Training, epoch 1"]
    assert recorder.warnings == ["careful"]
    assert recorder.info == ["told", "  0: validation rmse 1"]
