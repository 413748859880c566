"""Layers of every kind reach the engine as QGIS shows them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import processing
import pytest
from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsFeature,
    QgsField,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingUtils,
    QgsProject,
    QgsRasterDataProvider,
    QgsRasterLayer,
    QgsRasterRange,
    QgsRectangle,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsVectorLayerJoinInfo,
)
from qgis.PyQt.QtCore import QVariant
from support import (
    BOTTOM,
    CELL,
    CELLS,
    CRS,
    LEFT,
    PIXEL,
    QUICK,
    RIGHT,
    TOP,
    Landscape,
    Recorder,
    read_raster,
    write_raster,
)

from geohg.geohg_plugin.adapters import copies
from geohg.geohg_plugin.adapters.copies import ClassCopy
from geohg.geohg_plugin.adapters.rasters import check_classes, raster_grid, raster_path
from geohg.geohg_plugin.adapters.sources import without_passwords
from geohg.geohg_plugin.adapters.tables import write_points, write_polygons

ALL = QgsRectangle(LEFT, BOTTOM, RIGHT, TOP)


@pytest.fixture
def graph(inputs: dict[str, Any], tmp_path: Path) -> Any:
    """Build a graph with changed inputs; what the run returned."""

    def build(recorder: Recorder | None = None, **changes: Any) -> dict[str, Any]:
        file = {"GRAPH": str(tmp_path / "graph.safetensors")}
        return processing.run("geohg:buildgraph", {**inputs, **file, **changes}, feedback=recorder)

    return build


def make_area(*shapes: str, crs: str = CRS) -> QgsVectorLayer:
    """A memory layer of polygons, named by number."""
    layer = QgsVectorLayer(f"MultiPolygon?crs={crs}&field=name:string", "area", "memory")
    for number, wkt in enumerate(shapes):
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromWkt(wkt))
        feature.setAttributes([str(number)])
        layer.dataProvider().addFeatures([feature])
    layer.updateExtents()
    QgsProject.instance().addMapLayer(layer)
    return layer


def rectangle(left: float, bottom: float, right: float, top: float) -> str:
    """Corners in kilometres from the landscape's bottom left."""
    corners = [(left, bottom), (right, bottom), (right, top), (left, top), (left, bottom)]
    text = ", ".join(f"{LEFT + 1000 * x} {BOTTOM + 1000 * y}" for x, y in corners)
    return f"MultiPolygon((({text})))"


# --- the study area ---


def test_a_map_has_the_cells_of_the_area_and_no_others(
    inputs: dict[str, Any], tmp_path: Path, recorder: Recorder
) -> None:
    """In degrees, without an extent: the grid is laid around the polygons."""
    area = make_area(rectangle(2.1, 1.2, 15, 18.9), rectangle(14, 3, 17.1, 6.1))
    degrees = QgsCoordinateReferenceSystem("EPSG:4326")
    to = QgsCoordinateTransform(area.crs(), degrees, QgsProject.instance())
    shapes = []
    for feature in area.getFeatures():
        shape = feature.geometry().densifyByCount(200)
        shape.transform(to)
        shapes.append(shape.asWkt(15))
    outputs = {key: str(tmp_path / f"{key}.tif") for key in ("OUTPUT", "UNCERTAINTY")}
    made = processing.run(
        "geohg:interpolate",
        {
            **inputs,
            **QUICK,
            **outputs,
            "EXTENT": None,
            "AREA": make_area(*shapes, crs="EPSG:4326"),
            "UNIT": "µg/m³",
            "REPORT_JSON": str(tmp_path / "report.json"),
        },
        feedback=recorder,
    )
    # Centres from 2.5 to 14.5 and from 1.5 to 18.5 km, and two columns of three more.
    assert made["CELLS"] == 13 * 18 + 2 * 3
    raster = gdal.Open(made["OUTPUT"])
    assert raster.GetGeoTransform()[0] == LEFT + 2000 and raster.RasterXSize == 16
    assert np.isfinite(read_raster(made["OUTPUT"])).sum() == made["CELLS"]
    assert raster.GetRasterBand(1).GetDescription() == "value [µg/m³]"
    assert any("points outside the study area were left out" in each for each in recorder.warnings)
    assert any("The map has 240 cells of 1000 m." in each for each in recorder.info)
    assert any("of memory" in each and "are needed" in each for each in recorder.info)
    request = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["request"]
    assert request["area"]["table"].startswith("wkt") and "path" not in request["area"]


def test_only_the_selected_polygons_count(graph: Any) -> None:
    area = make_area(rectangle(0, 0, 20, 20), rectangle(0, 0, 10, 10))
    area.selectByExpression("name = '1'")
    chosen = QgsProcessingFeatureSourceDefinition(area.id(), True)
    assert graph(AREA=chosen)["AREA_NODES"] == 100
    area.setSubsetString("name = '0'")
    assert graph(AREA=area)["AREA_NODES"] == 400


def test_curves_holes_and_heights_become_plain_text(tmp_path: Path, recorder: Recorder) -> None:
    layer = QgsVectorLayer(f"CurvePolygonZ?crs={CRS}", "curves", "memory")
    for wkt in (
        "CurvePolygonZ(CircularStringZ(0 0 1, 1 1 1, 2 0 1, 1 -1 1, 0 0 1))",
        "PolygonZ((0 0 1, 9 0 1, 9 9 1, 0 0 1),(5 2 1, 6 2 1, 6 3 1, 5 2 1))",
    ):
        feature = QgsFeature()
        feature.setGeometry(QgsGeometry.fromWkt(wkt))
        layer.dataProvider().addFeatures([feature])
    layer.dataProvider().addFeatures([QgsFeature()])
    QgsProject.instance().addMapLayer(layer)
    described = write_polygons(_source(layer), tmp_path / "area.csv", recorder)
    path = str(tmp_path / "area.csv")
    assert described == {"path": path, "name": "curves", "crs": CRS}
    head, circle, ring, *rest = (tmp_path / "area.csv").read_text().splitlines()
    assert head == "wkt" and rest == []
    assert QgsGeometry.fromWkt(circle.strip('"')).area() == pytest.approx(np.pi, rel=1e-3)
    assert ring == '"Polygon ((0 0, 9 0, 9 9, 0 0),(5 2, 6 2, 6 3, 5 2))"'


# --- points ---


def test_points_have_one_field_or_several_and_none_by_default(provider: Any) -> None:
    for name in ("interpolate", "compare", "buildgraph"):
        field = provider.algorithm(name).parameterDefinition("FIELD")
        assert field.allowMultiple() and field.defaultValueForGui() is None
        assert field.checkValueIsAcceptable("value") and field.checkValueIsAcceptable(["a", "b"])


def _source(layer: QgsVectorLayer, expression: str = "") -> Any:
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    definition = QgsProcessingFeatureSourceDefinition(layer.id(), False)
    if expression:
        definition.filterExpression = expression
    return QgsProcessingUtils.variantToSource(definition, context)


def _rows(source: Any, fields: list[str], path: Path, recorder: Recorder) -> list[str]:
    write_points(source, fields, path, recorder)
    return path.read_text(encoding="utf-8").splitlines()[1:]


@pytest.fixture
def stations(provider: Any) -> Any:
    """Three points with a number, in the project."""
    layer = QgsVectorLayer(f"Point?crs={CRS}&field=id:integer&field=value:double", "s", "memory")
    for number in range(3):
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromWkt(f"POINT({number} 5)"))
        feature.setAttributes([number, number / 2])
        layer.dataProvider().addFeatures([feature])
    QgsProject.instance().addMapLayer(layer)
    yield layer
    QgsProject.instance().removeMapLayer(layer)


def test_a_joined_and_a_virtual_field_are_read(
    stations: QgsVectorLayer, tmp_path: Path, recorder: Recorder
) -> None:
    other = QgsVectorLayer("NoGeometry?field=id:integer&field=level:double", "other", "memory")
    for number in (0, 2):
        feature = QgsFeature(other.fields())
        feature.setAttributes([number, 10.5 + number])
        other.dataProvider().addFeatures([feature])
    QgsProject.instance().addMapLayer(other)
    join = QgsVectorLayerJoinInfo()
    join.setJoinLayer(other)
    join.setJoinFieldName("id")
    join.setTargetFieldName("id")
    assert stations.addJoin(join)
    stations.addExpressionField('"value" * 4 + 0.25', QgsField("more", QVariant.Double))
    rows = _rows(_source(stations), ["other_level", "more"], tmp_path / "p.csv", recorder)
    assert rows == ["0.0,5.0,10.5,0.25", "1.0,5.0,,2.25", "2.0,5.0,12.5,4.25"]


@pytest.mark.parametrize(("driver", "suffix"), [("GPKG", ".gpkg"), ("SQLite", ".sqlite")])
def test_database_layers_are_read(
    stations: QgsVectorLayer, tmp_path: Path, recorder: Recorder, driver: str, suffix: str
) -> None:
    path = str(tmp_path / f"s{suffix}")
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName, options.layerName = driver, "s"
    if driver == "SQLite":
        options.datasourceOptions = ["SPATIALITE=YES"]
    context = QgsCoordinateTransformContext()
    QgsVectorFileWriter.writeAsVectorFormatV3(stations, path, context, options)
    uri = f"{path}|layername=s|subset=value > 0" if driver == "GPKG" else path
    kind = "ogr"
    if driver == "SQLite":
        uri, kind = f"dbname='{path}' table=\"s\" (geometry) sql=value > 0", "spatialite"
    layer = QgsVectorLayer(uri, "db", kind)
    assert layer.isValid()
    QgsProject.instance().addMapLayer(layer)
    rows = _rows(_source(layer), ["value"], tmp_path / "p.csv", recorder)
    assert rows == ["1.0,5.0,0.5", "2.0,5.0,1"]


@pytest.mark.skipif(
    not hasattr(QgsProcessingFeatureSourceDefinition, "filterExpression"),
    reason="this QGIS has no filter in a parameter",
)
def test_the_filter_of_a_parameter_applies(
    stations: QgsVectorLayer, tmp_path: Path, recorder: Recorder
) -> None:
    rows = _rows(_source(stations, '"value" > 0.7'), ["value"], tmp_path / "p.csv", recorder)
    assert rows == ["2.0,5.0,1"]


def test_covariates_reach_the_graph_and_the_value_is_none(graph: Any, landscape: Landscape) -> None:
    layer = landscape.points.clone()
    layer.addExpressionField("$x / 1000", QgsField("east", QVariant.Double))
    QgsProject.instance().addMapLayer(layer)
    made = graph(INPUT=layer, COVARIATES=["east"])
    header = Path(made["GRAPH"]).read_bytes()[8:20_000].split(b"\x00")[0].decode("utf-8", "ignore")
    assert '"east"' in header.replace("\\", "")
    with pytest.raises(QgsProcessingException, match="'value' is both the value and a covariate"):
        graph(COVARIATES=["value"])


# --- rasters ---


def virtual(path: str, formula: str = '"c@1"') -> QgsRasterLayer:
    """A raster that QGIS computes from a file."""
    source = QgsRasterLayer(path, "c")
    parameters = QgsRasterDataProvider.VirtualRasterParameters()
    parameters.crs, parameters.extent = source.crs(), source.extent()
    parameters.width, parameters.height = source.width(), source.height()
    parameters.formula = formula
    layer = QgsRasterDataProvider.VirtualRasterInputLayers()
    layer.name, layer.uri, layer.provider = "c", source.source(), "gdal"
    parameters.rInputLayers = [layer]
    uri = QgsRasterDataProvider.encodeVirtualRasterProviderUri(parameters)
    made = QgsRasterLayer(uri, "virtual", "virtualraster")
    assert made.isValid()
    QgsProject.instance().addMapLayer(made)
    return made


def _copied(layer: QgsRasterLayer, tmp_path: Path, area: QgsRectangle = ALL, cells: float = 0):
    path = tmp_path / "copy.tif"
    ClassCopy(layer, 1).write(area, cells, path, Recorder())
    return gdal.Open(str(path))


def test_a_virtual_raster_is_copied_pixel_for_pixel(landscape: Landscape, tmp_path: Path) -> None:
    layer = virtual(landscape.raster)
    check_classes(layer)
    assert raster_path(layer) is None
    classes = gdal.Open(landscape.raster).ReadAsArray()
    copy = _copied(layer, tmp_path)
    assert copy.GetGeoTransform() == (LEFT, PIXEL, 0, TOP, 0, -PIXEL)
    np.testing.assert_array_equal(copy.ReadAsArray(), classes)


def test_only_what_the_grid_needs_is_copied(landscape: Landscape, tmp_path: Path) -> None:
    part = QgsRectangle(LEFT + 1030, BOTTOM - 5000, LEFT + 2010, BOTTOM + 520)
    copy = _copied(virtual(landscape.raster), tmp_path, part)
    classes = gdal.Open(landscape.raster).ReadAsArray()
    assert copy.GetGeoTransform()[0] == LEFT + 1000
    np.testing.assert_array_equal(copy.ReadAsArray(), classes[-6:, 10:21])


def test_pixels_far_finer_than_the_cells_are_thinned(tmp_path: Path) -> None:
    fine = np.repeat(np.repeat(np.arange(4, dtype=np.uint8).reshape(2, 2), 300, 0), 300, 1)
    layer = virtual(write_raster(tmp_path / "fine.tif", fine))
    copy = _copied(layer, tmp_path, layer.extent(), cells=2)
    # 300 pixels to the side of a cell: every seventh keeps 40 and more.
    assert copy.GetGeoTransform()[1] == 7 * PIXEL
    values = copy.ReadAsArray()
    assert values.shape == (85, 85) and set(np.unique(values)) == {0, 1, 2, 3}
    assert np.mean(values == 0) == pytest.approx(0.25, abs=0.02)


def test_nodata_that_the_user_set_is_missing(landscape: Landscape, tmp_path: Path) -> None:
    layer = QgsRasterLayer(landscape.raster, "user")
    assert raster_path(layer) == landscape.raster
    layer.dataProvider().setUserNoDataValue(1, [QgsRasterRange(30, 30), QgsRasterRange(49, 51)])
    assert raster_path(layer) is None
    classes = gdal.Open(landscape.raster).ReadAsArray()
    copy = _copied(layer, tmp_path)
    assert copy.GetRasterBand(1).GetNoDataValue() == 30
    np.testing.assert_array_equal(
        copy.ReadAsArray(), np.where((classes == 30) | (classes == 50), 30, classes)
    )


def test_nodata_that_the_user_switched_off_is_a_class(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "r.tif", np.full((9, 9), 80, np.uint8))
    raster = gdal.Open(path, gdal.GA_Update)
    raster.GetRasterBand(1).SetNoDataValue(80)
    raster.FlushCache()
    layer = QgsRasterLayer(path, "off")
    assert raster_path(layer) == path
    layer.dataProvider().setUseSourceNoDataValue(1, False)
    assert raster_path(layer) is None
    copy = _copied(layer, tmp_path)
    assert copy.GetRasterBand(1).GetNoDataValue() is None and (copy.ReadAsArray() == 80).all()


def test_the_memory_of_qgis_is_copied_and_archives_are_not(
    landscape: Landscape, tmp_path: Path
) -> None:
    gdal.GetDriverByName("GTiff").CreateCopy("/vsimem/c.tif", gdal.Open(landscape.raster))
    assert raster_path(QgsRasterLayer("/vsimem/c.tif", "m")) is None
    archive = f"/vsizip/{tmp_path}/a.zip/c.tif"
    file = gdal.VSIFOpenL(archive, "wb")
    content = Path(landscape.raster).read_bytes()
    gdal.VSIFWriteL(content, 1, len(content), file)
    gdal.VSIFCloseL(file)
    layer = QgsRasterLayer(archive, "z")
    assert layer.isValid() and raster_path(layer) == archive


def test_graphs_of_a_virtual_raster_and_of_the_file_are_the_same(
    graph: Any, landscape: Landscape, recorder: Recorder
) -> None:
    plain, copied = graph(), graph(recorder, LANDCOVER=[virtual(landscape.raster)])
    same = ("AREA_NODES", "ENTITY_NODES", "NEAR_EDGES", "ENTITY_LOCATE_EDGES", "OBSERVED")
    assert {key: copied[key] for key in same} == {key: plain[key] for key in same}
    assert "Copying the raster 'virtual': 0 %" in recorder.stages


def test_tiles_of_any_nodata_and_an_archive_are_one_land_cover(
    graph: Any, landscape: Landscape, tmp_path: Path
) -> None:
    """The west as a file whose nodata is 255, the east in an archive, as bytes with -9999."""
    classes = gdal.Open(landscape.raster).ReadAsArray()
    half = classes.shape[1] // 2
    west = write_raster(tmp_path / "west.tif", classes[:, :half])
    raster = gdal.Open(west, gdal.GA_Update)
    raster.GetRasterBand(1).SetNoDataValue(255)
    raster.FlushCache()
    del raster
    values = classes[:, half:].astype(np.float32)
    middle = LEFT + half * PIXEL
    write_raster(tmp_path / "e.tif", values, kind=gdal.GDT_Float32, left=middle)
    raster = gdal.Open(str(tmp_path / "e.tif"), gdal.GA_Update)
    raster.GetRasterBand(1).SetNoDataValue(-9999)
    raster.FlushCache()
    del raster
    archive = f"/vsizip/{tmp_path}/east.zip/e.tif"
    file, content = gdal.VSIFOpenL(archive, "wb"), (tmp_path / "e.tif").read_bytes()
    gdal.VSIFWriteL(content, 1, len(content), file)
    gdal.VSIFCloseL(file)
    plain, tiled = graph(), graph(LANDCOVER=[west, QgsRasterLayer(archive, "east")])
    same = ("AREA_NODES", "ENTITY_NODES", "ENTITY_LOCATE_EDGES")
    assert {key: tiled[key] for key in same} == {key: plain[key] for key in same}


def test_pictures_of_the_web_are_refused() -> None:
    layer = QgsRasterLayer("type=xyz&url=http://localhost/{z}/{x}/{y}.png", "tiles", "wms")
    with pytest.raises(QgsProcessingException) as caught:
        check_classes(layer)
    assert str(caught.value) == (
        "The layer 'tiles' is a picture with colours, not classes; give the raster of classes "
        "itself."
    )
    with pytest.raises(QgsProcessingException, match="no fixed pixel size"):
        raster_grid(layer)


@pytest.mark.parametrize(
    ("area", "most", "message"),
    [
        (QgsRectangle(0, 0, 9, 9), 1e8, "does not overlap the grid"),
        (ALL, 100, "has 40,000 pixels in the area of the grid; QGIS copies up to 100"),
    ],
)
def test_what_cannot_be_copied_is_refused(
    landscape: Landscape,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    area: QgsRectangle,
    most: int,
    message: str,
) -> None:
    monkeypatch.setattr(copies, "_MOST_PIXELS", most)
    with pytest.raises(QgsProcessingException, match=message):
        _copied(virtual(landscape.raster), tmp_path, area)
    with pytest.raises(QgsProcessingException, match="has 1 bands, not band 2"):
        ClassCopy(virtual(landscape.raster), 2)


def test_a_cancel_ends_the_copying(landscape: Landscape, tmp_path: Path) -> None:
    recorder = Recorder()
    recorder.cancel()
    path = tmp_path / "copy.tif"
    ClassCopy(virtual(landscape.raster), 1).write(ALL, 0, path, recorder)
    assert recorder.stages == []


def test_a_template_needs_only_a_grid(graph: Any, landscape: Landscape, tmp_path: Path) -> None:
    coarse = write_raster(tmp_path / "t.tif", np.zeros((40, 50), np.uint8))
    template = virtual(coarse)
    assert raster_grid(template) == {
        "crs": CRS,
        "bounds": [LEFT, TOP - 40 * PIXEL, LEFT + 50 * PIXEL, TOP],
        "shape": [40, 50],
    }
    made = graph(TEMPLATE=template, CELL_SIZE=None, EXTENT=None)
    assert made["AREA_NODES"] == 2000


def test_without_a_cell_size_one_is_chosen(graph: Any, recorder: Recorder) -> None:
    """300 points on 400 km2 lie about 600 m from the next."""
    made = graph(recorder, CELL_SIZE=None)
    (text,) = [text for text in recorder.info if text.startswith("No cell size was given")]
    assert text == "No cell size was given; 250 m is used, which makes 6,400 cells."
    assert made["AREA_NODES"] == 6_400 == (CELLS * CELL / 250) ** 2


# --- rasters that cannot be read, or are no classes ---


def _masked(path: Path, values: Any, mask: Any) -> str:
    write_raster(path, values)
    raster = gdal.Open(str(path), gdal.GA_Update)
    raster.CreateMaskBand(gdal.GMF_PER_DATASET)
    raster.GetRasterBand(1).GetMaskBand().WriteArray(mask)
    raster.FlushCache()
    return str(path)


def test_a_layer_whose_file_is_gone_is_refused_by_name(graph: Any, tmp_path: Path) -> None:
    path = write_raster(tmp_path / "gone.tif", np.full((200, 200), 10, np.uint8))
    layer = QgsRasterLayer(path, "lost")
    Path(path).unlink()
    for act in (check_classes, raster_grid, lambda gone: ClassCopy(gone, 1)):
        with pytest.raises(QgsProcessingException, match=r"'lost' .*gone\.tif' is missing"):
            act(layer)
    for change in ({"LANDCOVER": [layer]}, {"TEMPLATE": layer, "CELL_SIZE": None, "EXTENT": None}):
        with pytest.raises(QgsProcessingException, match=r"'lost' .*gone\.tif' is missing"):
            graph(**change)


@pytest.mark.parametrize("changed", [False, True])
def test_a_layer_whose_parts_are_gone_is_refused_by_name(
    graph: Any, landscape: Landscape, tmp_path: Path, changed: bool
) -> None:
    """As the engine reads it, and as QGIS copies it."""
    part = tmp_path / "part.tif"
    part.write_bytes(Path(landscape.raster).read_bytes())
    gdal.BuildVRT(str(tmp_path / "whole.vrt"), [str(part)]).FlushCache()
    layer = QgsRasterLayer(str(tmp_path / "whole.vrt"), "patched")
    if changed:
        layer.dataProvider().setUserNoDataValue(1, [QgsRasterRange(30, 30)])
    part.unlink()
    expected = "'patched' cannot be read" if changed else r"whole\.vrt' cannot be read: .*part\.tif"
    with pytest.raises(QgsProcessingException, match=expected):
        graph(LANDCOVER=[layer])


def test_masked_pixels_are_missing_in_a_file_and_in_its_copy(
    graph: Any, landscape: Landscape, tmp_path: Path
) -> None:
    classes = gdal.Open(landscape.raster).ReadAsArray()
    mask = np.where(np.arange(200) < 100, 255, 0).astype(np.uint8) * np.ones((200, 1), np.uint8)
    path = _masked(tmp_path / "masked.tif", np.where(mask, classes, 7).astype(np.uint8), mask)
    half = write_raster(tmp_path / "half.tif", classes[:, :100])
    expected = graph(LANDCOVER=[half])
    layer = QgsRasterLayer(path, "masked")
    assert raster_path(layer) == path
    copied = QgsRasterLayer(path, "copied")
    copied.dataProvider().setUserNoDataValue(1, [QgsRasterRange(200, 200)])
    assert raster_path(copied) is None
    for each in (layer, copied):
        made = graph(LANDCOVER=[each])
        same = ("AREA_NODES", "ENTITY_NODES", "ENTITY_LOCATE_EDGES")
        assert {key: made[key] for key in same} == {key: expected[key] for key in same}


def _bands(path: Path, bands: list[Any], alpha: int = 0) -> str:
    """A file of several bands; GDAL tags three or four of bytes as colours."""
    rows, cols = bands[0].shape
    raster = gdal.GetDriverByName("GTiff").Create(str(path), cols, rows, len(bands))
    raster.SetGeoTransform((LEFT, PIXEL, 0, TOP, 0, -PIXEL))
    raster.SetProjection(QgsCoordinateReferenceSystem(CRS).toWkt())
    for number, values in enumerate(bands, 1):
        raster.GetRasterBand(number).WriteArray(values.astype(np.uint8))
        if number == alpha:
            raster.GetRasterBand(number).SetColorInterpretation(gdal.GCI_AlphaBand)
    raster.FlushCache()
    return str(path)


def _changed(path: str, band: int) -> QgsRasterLayer:
    """A layer that QGIS copies, since the user has changed its nodata."""
    layer = QgsRasterLayer(path, "changed")
    layer.dataProvider().setUserNoDataValue(band, [QgsRasterRange(240, 240)])
    assert raster_path(layer) is None
    return layer


@pytest.mark.parametrize(("count", "band"), [(4, 1), (4, 2), (4, 4), (2, 1)])
def test_a_band_of_classes_tagged_as_transparency_masks_nothing(
    graph: Any, landscape: Landscape, tmp_path: Path, count: int, band: int
) -> None:
    """Maps of several years, with a class 0 in the last."""
    classes = gdal.Open(landscape.raster).ReadAsArray()
    last = np.where(classes == 30, 0, classes)
    path = _bands(tmp_path / "years.tif", [*[classes] * (count - 1), last], alpha=count)
    alone = write_raster(tmp_path / "alone.tif", last if band == count else classes)
    same = ("AREA_NODES", "ENTITY_NODES", "ENTITY_LOCATE_EDGES")
    expected = graph(LANDCOVER=[alone])
    for layer in (path, _changed(path, band)):
        made = graph(LANDCOVER=[layer], LANDCOVER_BAND=band)
        assert {key: made[key] for key in same} == {key: expected[key] for key in same}


@pytest.mark.parametrize("band", [1, 3])
def test_three_themes_in_one_file_are_no_picture(
    graph: Any, landscape: Landscape, tmp_path: Path, band: int
) -> None:
    """GDAL tags them as colours; in a file and in its copy."""
    row, col = np.mgrid[:200, :200]
    other, third = row // 23 * 7 + col // 31, (row + 2 * col) // 37
    bands = [gdal.Open(landscape.raster).ReadAsArray(), other + 100, third + 1]
    path = _bands(tmp_path / "themes.tif", bands)
    alone = write_raster(tmp_path / "alone.tif", bands[band - 1])
    same = ("AREA_NODES", "ENTITY_NODES", "ENTITY_LOCATE_EDGES")
    expected = graph(LANDCOVER=[alone])
    for layer in (path, _changed(path, band)):
        made = graph(LANDCOVER=[layer], LANDCOVER_BAND=band)
        assert {key: made[key] for key in same} == {key: expected[key] for key in same}


def test_an_untagged_code_of_missing_pixels_is_warned_of(
    graph: Any, landscape: Landscape, tmp_path: Path
) -> None:
    """In a file and in its copy, beside WorldCover's codes, which keep their names."""
    classes = gdal.Open(landscape.raster).ReadAsArray().astype(np.int16)
    classes[:50] = -9999
    path = write_raster(tmp_path / "r.tif", classes, kind=gdal.GDT_Int16)
    for layer, name in ((path, "r"), (_changed(path, 1), "changed_0")):
        recorder = Recorder()
        assert graph(recorder, LANDCOVER=[layer])["ENTITY_NODES"] == 4
        (warning,) = [text for text in recorder.warnings if "-9999" in text]
        assert f"{name}.tif' has the code -9999 in 25.0% of the 40,000 pixels" in warning
        assert "it is treated as missing" in warning


@pytest.mark.parametrize("kind", ["rotated", "control points"])
def test_a_turned_layer_is_read_from_its_file_and_its_copy_refused(
    graph: Any, landscape: Landscape, tmp_path: Path, kind: str
) -> None:
    """QGIS warps it, and what it shows in the corners would be a class 0."""
    path = write_raster(tmp_path / "t.tif", gdal.Open(landscape.raster).ReadAsArray() // 10)
    raster = gdal.Open(path, gdal.GA_Update)
    if kind == "rotated":
        raster.SetGeoTransform((LEFT + 2000, 40, 30, TOP - 10_000, 30, -40))
        raster.FlushCache()
        assert graph(LANDCOVER=[path])["ENTITY_NODES"] == 4
    else:
        corners = [(0, 0), (200, 0), (0, 200)]
        points = [
            gdal.GCP(LEFT + 40 * col + 30 * row, TOP - 40 * row + 30 * col, 0, col, row)
            for col, row in corners
        ]
        raster = gdal.GetDriverByName("GTiff").CreateCopy(str(tmp_path / "g.tif"), raster)
        raster.SetGCPs(points, QgsCoordinateReferenceSystem(CRS).toWkt())
        raster.FlushCache()
        path = str(tmp_path / "g.tif")
    with pytest.raises(QgsProcessingException, match="'changed' is rotated or placed by control"):
        graph(LANDCOVER=[_changed(path, 1)])


def test_pictures_and_heights_are_refused_by_name(
    graph: Any, landscape: Landscape, tmp_path: Path
) -> None:
    classes = gdal.Open(landscape.raster).ReadAsArray()
    legend = {10: (0, 100, 0), 30: (255, 255, 76), 50: (250, 0, 0), 80: (0, 100, 200)}
    drawn = [
        np.select(
            [classes == code for code in legend], [colour[band] for colour in legend.values()]
        )
        for band in range(3)
    ]
    path = _bands(tmp_path / "rgb.tif", drawn)
    with pytest.raises(QgsProcessingException, match=r"rgb\.tif' looks like a picture"):
        graph(LANDCOVER=[path])
    with pytest.raises(QgsProcessingException, match=r"changed_0\.tif' looks like a picture"):
        graph(LANDCOVER=[_changed(path, 1)])
    y, x = np.mgrid[:200, :200] / 30
    heights = (60 * (2 + np.sin(x) + np.cos(y))).astype(np.uint8)
    layer = virtual(write_raster(tmp_path / "dem.tif", heights))
    with pytest.raises(QgsProcessingException, match="virtual_0.tif' looks like a continuous"):
        graph(LANDCOVER=[layer])


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (
            "dbname='a' user='b' password='se cret' table=c",
            "dbname='a' user='b' password=*** table=c",
        ),
        (r"dbname=\'a\' password=\'secret\' key=\'k\'", r"dbname=\'a\' password=*** key=\'k\'"),
        ("url=https://ann:secret@maps.org/wfs", "url=https://***@maps.org/wfs"),
        ("PG:dbname=a password=secret", "PG:dbname=a password=***"),
        ("https://maps.org/wfs?Password=secret&x=1", "https://maps.org/wfs?Password=***&x=1"),
        ("/data/points.gpkg|layername=a", "/data/points.gpkg|layername=a"),
    ],
)
def test_a_command_tells_no_password(source: str, shown: str) -> None:
    command = "processing.run('geohg:interpolate', {'INPUT':'%s','FIELD':'v'})"
    assert without_passwords(command % source) == command % shown
