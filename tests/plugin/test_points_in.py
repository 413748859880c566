"""Layers that are no points, or not what they seem, at the door of QGIS."""

from __future__ import annotations

from pathlib import Path

import pytest
from osgeo import ogr, osr
from qgis.core import (
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
)
from support import CRS, LEFT, TOP, Landscape, Recorder
from test_bad_input import Refused, refused  # noqa: F401 - a fixture

from geohg.geohg_plugin.adapters.tables import write_points

SHAPES = {
    "Polygon": f"POLYGON(({LEFT} {TOP}, {LEFT + 5000} {TOP}, {LEFT} {TOP - 5000}, {LEFT} {TOP}))",
    "LineString": f"LINESTRING({LEFT} {TOP}, {LEFT + 5000} {TOP})",
    "CurvePolygon": f"CURVEPOLYGON(CIRCULARSTRING({LEFT} {TOP}, {LEFT + 9} {TOP}, {LEFT} {TOP}))",
}


def shapes(kind: str, *texts: str) -> QgsVectorLayer:
    """A layer of geometries with the fields `value` and `kind`."""
    layer = QgsVectorLayer(f"{kind}?crs={CRS}&field=value:double&field=kind:string", kind, "memory")
    assert layer.isValid()
    features = []
    for number, text in enumerate(texts):
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromWkt(text))
        feature.setAttributes([float(number), "k"])
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    layer.updateExtents()
    return layer


@pytest.mark.parametrize("kind", SHAPES)
@pytest.mark.parametrize("key", ["INPUT", "POI"])
def test_what_is_no_point_is_refused(refused: Refused, kind: str, key: str) -> None:  # noqa: F811
    changes = {"POI_FIELD": "kind"} if key == "POI" else {}
    sentence = refused(**{key: shapes(kind, *[SHAPES[kind]] * 12), **changes})
    assert f"The layer '{kind}' has geometries that are not points" in sentence
    assert sentence.endswith("give points, such as their centroids.")


@pytest.mark.parametrize("text", [SHAPES["Polygon"], f"GEOMETRYCOLLECTION(POINT({LEFT} {TOP}))"])
def test_one_other_shape_among_points_is_refused(
    refused: Refused,  # noqa: F811
    tmp_path_factory: pytest.TempPathFactory,
    text: str,
) -> None:
    path = tmp_path_factory.mktemp("mixed") / "mixed.gpkg"
    reference = osr.SpatialReference()
    reference.SetFromUserInput(CRS)
    file = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    layer = file.CreateLayer("mixed", reference, ogr.wkbUnknown)
    layer.CreateField(ogr.FieldDefn("value", ogr.OFTReal))
    for number, shape in enumerate([*[f"POINT({LEFT + 500} {TOP - 500})"] * 12, text]):
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometry(ogr.CreateGeometryFromWkt(shape))
        feature.SetField("value", float(number))
        layer.CreateFeature(feature)
    file = layer = feature = None
    assert "geometries that are not points" in refused(INPUT=str(path))


def test_points_of_evaluate_are_points(refused: Refused, tmp_path: Path) -> None:  # noqa: F811
    (tmp_path / "m.safetensors").write_bytes(b"none")
    model = str(tmp_path / "m.safetensors")
    line = shapes("LineString", SHAPES["LineString"])
    sentence = refused("evaluate", MODEL=model, GRAPH=model, POINTS=line, FIELD="value")
    assert "not points (line)" in sentence


def test_a_study_area_is_of_polygons(refused: Refused) -> None:  # noqa: F811
    for kind in ("LineString", "Point"):
        text = SHAPES.get(kind, f"POINT({LEFT} {TOP})")
        assert "not polygons" in refused(AREA=shapes(kind, text))


def saved(layer: QgsVectorLayer, path: Path) -> QgsVectorLayer:
    """The layer as a file."""
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    context = QgsProject.instance().transformContext()
    assert QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), context, options)[0] == 0
    return QgsVectorLayer(str(path), path.stem, "ogr")


@pytest.mark.parametrize("key", ["INPUT", "POI", "AREA"])
def test_a_layer_whose_file_is_gone_is_named(
    refused: Refused,  # noqa: F811
    landscape: Landscape,
    tmp_path_factory: pytest.TempPathFactory,
    key: str,
) -> None:
    folder = tmp_path_factory.mktemp("gone")
    source = landscape.points if key != "AREA" else shapes("Polygon", SHAPES["Polygon"])
    layer = saved(source, folder / "gone.gpkg")
    (folder / "gone.gpkg").unlink()
    changes = {"POI_FIELD": "kind"} if key == "POI" else {}
    sentence = refused(**{key: layer, **changes})
    assert "The layer 'gone' cannot be read: its source" in sentence and "gone.gpkg" in sentence


def test_fields_called_like_internal_columns_and_booleans_arrive(
    tmp_path: Path, recorder: Recorder
) -> None:
    fields = "field=geohg_x:double&field=geohg_y_:double&field=seen:boolean&field=site:string"
    layer = QgsVectorLayer(f"Point?crs={CRS}&{fields}", "odd", "memory")
    feature = QgsFeature(layer.fields())
    feature.setGeometry(QgsGeometry.fromWkt("POINT(1 2)"))
    feature.setAttributes([7.0, 8.0, True, "07"])
    layer.dataProvider().addFeatures([feature])
    names = ["geohg_x", "geohg_y_", "seen", "site"]
    part = write_points(layer, names, tmp_path / "p.csv", recorder)
    header, row = (tmp_path / "p.csv").read_text().splitlines()
    assert part["coord_columns"] == ["geohg_x__", "geohg_y__"]
    assert header.split(",") == [*part["coord_columns"], *names]
    assert row == "1.0,2.0,7,8,True,07"


@pytest.mark.parametrize("x", ["inf", "-inf", "1e300"])
@pytest.mark.parametrize("size", [500.0, None])
@pytest.mark.parametrize("key", ["INPUT", "AREA"])
def test_positions_beyond_all_maps_are_refused_by_the_name_of_their_layer(
    refused: Refused,  # noqa: F811
    x: str,
    size: float | None,
    key: str,
) -> None:
    far = QgsPointXY(float(x), TOP)
    if key == "INPUT":
        layer = shapes("Point", *[f"POINT({LEFT + 300 * k} {TOP - 9 * k * k})" for k in range(40)])
        shape = QgsGeometry.fromPointXY(far)
    else:
        layer = shapes("Polygon", SHAPES["Polygon"])
        corners = [QgsPointXY(LEFT, TOP), far, QgsPointXY(LEFT, TOP - 5000)]
        shape = QgsGeometry.fromPolygonXY([corners])
    feature = QgsFeature(layer.fields())
    feature.setGeometry(shape)
    feature.setAttributes([3.0, "k"])
    layer.dataProvider().addFeatures([feature])
    layer.updateExtents()
    assert refused(**{key: layer}, EXTENT=None, CELL_SIZE=size) == (
        f"The layer '{layer.name()}' has positions that are infinite or beyond all maps; correct "
        "or remove them."
    )


@pytest.mark.parametrize("key", ["INPUT", "POI"])
def test_a_file_of_several_layers_must_name_one(
    refused: Refused,  # noqa: F811
    landscape: Landscape,
    tmp_path_factory: pytest.TempPathFactory,
    key: str,
) -> None:
    path = tmp_path_factory.mktemp("several") / "two.gpkg"
    reference = osr.SpatialReference()
    reference.SetFromUserInput(CRS)
    file = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    for name in ("one", "two"):
        layer = file.CreateLayer(name, reference, ogr.wkbPoint)
        layer.CreateField(ogr.FieldDefn("value", ogr.OFTReal))
        layer.CreateField(ogr.FieldDefn("kind", ogr.OFTString))
    file = layer = None
    changes = {"POI_FIELD": "kind"} if key == "POI" else {}
    sentence = refused(**{key: str(path)}, **changes)
    assert sentence == (
        f"'{path}' has several layers (one, two); give a file with one, or name one as in "
        f"'{path}|layername=one'."
    )
    assert "several layers" not in refused(**{key: f"{path}|layername=two"}, **changes)
