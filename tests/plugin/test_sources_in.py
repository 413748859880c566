"""Sources of the ground beside land cover and POIs, as parts of the request."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import processing
import pytest
from osgeo import gdal, ogr
from qgis.core import (
    QgsFeature,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProject,
    QgsRasterLayer,
    QgsRasterRange,
    QgsVectorLayer,
)
from support import (
    BOTTOM,
    CELL,
    CELLS,
    CRS,
    LEFT,
    PIXEL,
    TOP,
    Landscape,
    Recorder,
    make_points,
    write_raster,
)

from geohg.geohg_plugin.adapters import copies
from geohg.geohg_plugin.adapters.copies import QuantityCopy
from geohg.geohg_plugin.adapters.sources import source_files
from geohg.geohg_plugin.adapters.styling import draw_cells
from geohg.geohg_plugin.algorithms.inputs.typenames import type_name
from geohg.geohg_plugin.algorithms.inputs.values import Values

SIDE = int(CELLS * CELL / PIXEL)


@pytest.fixture
def request_of(provider: Any, inputs: dict[str, Any], tmp_path: Path) -> Callable[..., Any]:
    """The parts of the request that changed inputs give."""

    def make(job: str = "interpolate", **changes: Any) -> dict[str, Any]:
        algorithm, context = provider.algorithm(job).create(), _context()
        values = Values(algorithm, {**inputs, **changes}, context)
        algorithm.check(values)
        algorithm._layers.take(values)
        folder = tmp_path / "run"
        folder.mkdir(exist_ok=True)
        return algorithm._layers.request(values, folder, Recorder())

    return make


@pytest.fixture
def refusal(provider: Any, inputs: dict[str, Any]) -> Callable[..., str]:
    """What a dialog says of changed inputs."""

    def check(**changes: Any) -> str:
        algorithm = provider.algorithm("interpolate").create()
        good, text = algorithm.checkParameterValues(
            {**inputs, "OUTPUT": "a.tif", **changes}, _context()
        )
        assert not good
        return text

    return check


def _context() -> QgsProcessingContext:
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    return context


def hill(path: Path, bands: int = 1, kind: int = gdal.GDT_Int16) -> str:
    """A raster over the landscape whose value is 3 x row + column + 1000 x (band - 1)."""
    row, col = np.mgrid[0:SIDE, 0:SIDE]
    raster = gdal.GetDriverByName("GTiff").Create(str(path), SIDE, SIDE, bands, kind)
    raster.SetGeoTransform((LEFT, PIXEL, 0, TOP, 0, -PIXEL))
    raster.SetProjection(QgsVectorLayer(f"Point?crs={CRS}", "", "memory").crs().toWkt())
    for band in range(bands):
        raster.GetRasterBand(band + 1).WriteArray(3 * row + col + 1000 * band)
    raster.FlushCache()
    return str(path)


def layer_of(kind: str, name: str, *rows: tuple[str, Any], crs: str = CRS) -> QgsVectorLayer:
    """A memory layer with a field `code`, in the project."""
    layer = QgsVectorLayer(f"{kind}?crs={crs}&field=code:double", name, "memory")
    for wkt, code in rows:
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromWkt(wkt))
        feature.setAttributes([code])
        layer.dataProvider().addFeatures([feature])
    layer.updateExtents()
    QgsProject.instance().addMapLayer(layer)
    return layer


def read_features(path: str) -> list[tuple[str | None, str]]:
    """The name and the geometry of each feature of the one layer of a GeoPackage."""
    source = ogr.Open(path)
    (layer,) = (source.GetLayer(number) for number in range(source.GetLayerCount()))
    assert layer.GetSpatialRef().GetAuthorityCode(None) == CRS.split(":")[1]
    return [(each.GetField("name"), each.GetGeometryRef().ExportToWkt()) for each in layer]


# --- quantities ---


def test_files_of_quantities_are_given_as_they_are(
    request_of: Callable[..., Any], tmp_path: Path
) -> None:
    rain, dem = hill(tmp_path / "rain.tif", bands=2), hill(tmp_path / "dem.tif")
    alpha = hill(tmp_path / "alpha.tif", bands=4)
    parts = request_of(
        COVARIATE_RASTERS=[QgsRasterLayer(rain, "Rain of July")], ELEVATION=dem, EMBEDDINGS=[alpha]
    )
    assert parts["covariates"] == [
        {"name": "Rain of July", "path": rain},
        {"name": "dem", "path": dem, "elevation": True},
        {"name": "alpha", "path": alpha, "dequantise": True},
    ]


@pytest.mark.parametrize("job", ["interpolate", "buildgraph", "compare"])
def test_without_sources_the_request_is_as_before(request_of: Callable[..., Any], job: str) -> None:
    assert set(request_of(job)) == {"points", "landcover", "poi", "area", "grid"}


def test_tiles_with_one_name_keep_it(request_of: Callable[..., Any], tmp_path: Path) -> None:
    paths = [hill(tmp_path / name) for name in ("n31.tif", "n32.tif")]
    parts = request_of(COVARIATE_RASTERS=[QgsRasterLayer(path, "dem") for path in paths])
    assert parts["covariates"] == [{"name": "dem", "path": path} for path in paths]


def test_all_bands_of_what_is_no_file_are_copied_with_their_values(
    request_of: Callable[..., Any], tmp_path: Path
) -> None:
    """What the user marked as nodata in each band is NaN in that band alone."""
    path = hill(tmp_path / "hill.tif", bands=2)
    raster = gdal.Open(path, gdal.GA_Update)  # a band does not keep its file alive
    raster.GetRasterBand(2).SetDescription("July")
    raster.FlushCache()
    layer = QgsRasterLayer(path, "Hill 1")
    layer.dataProvider().setUserNoDataValue(1, [QgsRasterRange(10, 12)])
    layer.dataProvider().setUserNoDataValue(2, [QgsRasterRange(1700, 9999)])
    (told,) = request_of(COVARIATE_RASTERS=[layer])["covariates"]
    assert told["name"] == "Hill 1" and Path(told["path"]).name == "Hill_1_0.tif"
    raster = gdal.Open(told["path"])
    assert [raster.GetRasterBand(band).GetDescription() for band in (1, 2)] == ["", "July"]
    assert raster.RasterCount == 2 and raster.GetRasterBand(1).DataType == gdal.GDT_Float32
    assert raster.GetGeoTransform() == (LEFT, PIXEL, 0, TOP, 0, -PIXEL)
    row, col = np.mgrid[0:SIDE, 0:SIDE]
    values = 3.0 * row + col
    first = np.where((values >= 10) & (values <= 12), np.nan, values)
    second = np.where(values + 1000 >= 1700, np.nan, values + 1000)
    assert np.isnan(first).sum() > 5 and np.isnan(second).sum() > 5
    np.testing.assert_array_equal(raster.ReadAsArray(), [first, second])


def test_quantities_are_not_thinned_and_only_where_the_grid_lies(
    request_of: Callable[..., Any], tmp_path: Path
) -> None:
    layer = QgsRasterLayer(hill(tmp_path / "hill.tif", kind=gdal.GDT_Float64), "hill")
    layer.dataProvider().setUserNoDataValue(1, [QgsRasterRange(-1, -1)])
    extent = f"{LEFT + 5000},{LEFT + 7000},{TOP - 7000},{TOP - 5000} [{CRS}]"
    row, col = np.mgrid[0:SIDE, 0:SIDE]
    for key, around in (("COVARIATE_RASTERS", 100), ("ELEVATION", 100 + 8 * 100)):
        given = layer if key == "ELEVATION" else [layer]
        parts = request_of(**{key: given, "EXTENT": extent, "CELL_SIZE": 1000})
        raster = gdal.Open(parts["covariates"][0]["path"])
        # Cells more on each side, as far as the raster reaches, and a pixel to interpolate from.
        first, last = max(50 - around // 10 - 1, 0), 70 + around // 10 + 1
        expected = (3 * row + col)[first:last, first:last]
        np.testing.assert_array_equal(raster.ReadAsArray(), expected)
        assert raster.GetRasterBand(1).DataType == gdal.GDT_Float64


def test_nodata_of_the_file_stays_nodata_in_a_copy(tmp_path: Path) -> None:
    path = hill(tmp_path / "hill.tif")
    raster = gdal.Open(path, gdal.GA_Update)
    raster.GetRasterBand(1).SetNoDataValue(7)
    raster.FlushCache()
    del raster
    layer = QgsRasterLayer(path, "hill")
    layer.dataProvider().setUserNoDataValue(1, [QgsRasterRange(8, 8)])
    copy = QuantityCopy(layer)
    copy.write(layer.extent(), 0, tmp_path / "copy.tif", Recorder())
    row, col = np.mgrid[0:SIDE, 0:SIDE]
    values = 3.0 * row + col
    found = gdal.Open(str(tmp_path / "copy.tif")).ReadAsArray()
    np.testing.assert_array_equal(found, np.where((values == 7) | (values == 8), np.nan, values))


def test_every_band_counts_to_what_can_be_copied(
    request_of: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer = QgsRasterLayer(hill(tmp_path / "hill.tif", bands=2), "hill")
    layer.dataProvider().setUserNoDataValue(1, [QgsRasterRange(-1, -1)])
    monkeypatch.setattr(copies, "_MOST_PIXELS", 50_000)
    with pytest.raises(Exception, match="has 80,000 pixels in the area of the grid"):
        request_of(COVARIATE_RASTERS=[layer])


def picture(path: Path) -> str:
    raster = gdal.Open(hill(path, bands=3, kind=gdal.GDT_Byte), gdal.GA_Update)
    colours = (gdal.GCI_RedBand, gdal.GCI_GreenBand, gdal.GCI_BlueBand)
    for number, colour in enumerate(colours, 1):
        raster.GetRasterBand(number).SetColorInterpretation(colour)
    raster.FlushCache()
    return str(path)


@pytest.mark.parametrize("key", ["COVARIATE_RASTERS", "ELEVATION", "EMBEDDINGS"])
def test_what_is_no_quantity_is_refused(
    refusal: Callable[..., str], tmp_path: Path, key: str
) -> None:
    def given(layer: Any) -> dict[str, Any]:
        return {key: layer if key == "ELEVATION" else [layer]}

    text = refusal(**given(QgsRasterLayer(picture(tmp_path / "photo.tif"), "photo")))
    assert text.startswith("The layer 'photo' is a picture: its colours are no measured quantity")
    bare = write_raster(tmp_path / "bare.tif", np.ones((9, 9)), crs=None, kind=gdal.GDT_Float32)
    assert "'bare' has no CRS" in refusal(**given(QgsRasterLayer(bare, "bare")))
    path = hill(tmp_path / "gone.tif")
    layer = QgsRasterLayer(path, "gone")
    Path(path).unlink()
    assert "'gone' cannot be opened" in refusal(**given(layer))


def test_bands_of_a_satellite_that_are_tagged_as_colours_are_quantities(
    request_of: Callable[..., Any], tmp_path: Path
) -> None:
    """Reflectances are no bytes."""
    path = hill(tmp_path / "s2.tif", bands=3, kind=gdal.GDT_UInt16)
    raster = gdal.Open(path, gdal.GA_Update)
    for number, colour in enumerate((gdal.GCI_RedBand, gdal.GCI_GreenBand, gdal.GCI_BlueBand), 1):
        raster.GetRasterBand(number).SetColorInterpretation(colour)
    raster.FlushCache()
    assert request_of(COVARIATE_RASTERS=[path])["covariates"] == [{"name": "s2", "path": path}]


def test_a_raster_has_one_place(refusal: Callable[..., str], tmp_path: Path) -> None:
    dem = hill(tmp_path / "dem.tif")
    text = refusal(COVARIATE_RASTERS=[dem], ELEVATION=dem)
    assert text.startswith("The raster 'dem' is given twice, by COVARIATE_RASTERS and by ELEVATION")


def test_embeddings_are_files(refusal: Callable[..., str], tmp_path: Path) -> None:
    layer = QgsRasterLayer(hill(tmp_path / "alpha.tif"), "alpha")
    layer.dataProvider().setUserNoDataValue(1, [QgsRasterRange(-128, -128)])
    assert "'alpha' must be read from a file" in refusal(EMBEDDINGS=[layer])


@pytest.mark.parametrize("key", ["LANDCOVER", "COVARIATE_RASTERS", "CLASS_RASTERS", "EMBEDDINGS"])
def test_a_vector_layer_is_no_raster(
    refusal: Callable[..., str], landscape: Landscape, key: str
) -> None:
    text = refusal(**{key: [landscape.pois.id()]})
    assert text == f"{key} takes rasters, and 'pois' is none; remove it."


# --- classes ---


def test_each_class_raster_is_a_type_named_after_its_layer(
    request_of: Callable[..., Any], landscape: Landscape, tmp_path: Path
) -> None:
    path = landscape.raster
    names = ("soil types (2020)", "soil types [2020]", "area", "土壤", "土壤", "1 km")
    layers = [QgsRasterLayer(path, name) for name in names]
    layers[5].dataProvider().setUserNoDataValue(1, [QgsRasterRange(30, 30)])
    classes = request_of(CLASS_RASTERS=layers)["classes"]
    types = ["soil_types__2020", "soil_types__2020_2", "area_2", "土壤", "土壤", "layer_1_km"]
    assert [each["type"] for each in classes] == types
    assert [each["path"] for each in classes[:5]] == [path] * 5
    assert {each["band"] for each in classes} == {1}
    copied = gdal.Open(classes[5]["path"]).ReadAsArray()
    np.testing.assert_array_equal(copied, gdal.Open(path).ReadAsArray())


@pytest.mark.parametrize(
    "name", ["entity", "poi", "area", "near", "target", "landcover", "carried"]
)
def test_a_type_has_no_name_of_the_graph_s_own(name: str) -> None:
    assert type_name(name, ()) == f"{name}_2"
    assert type_name(name, (f"{name}_2",)) == f"{name}_3"
    assert type_name("(./)", ()) == "layer"


def test_pictures_are_no_classes(refusal: Callable[..., str]) -> None:
    layer = QgsRasterLayer("type=xyz&url=http://localhost/{z}/{x}/{y}.png", "tiles", "wms")
    assert "'tiles' is a picture with colours, not classes" in refusal(CLASS_RASTERS=[layer])


# --- zones ---

WEST = f"Polygon(({LEFT} {BOTTOM}, {LEFT + 9e3} {BOTTOM}, {LEFT + 9e3} {TOP}, {LEFT} {BOTTOM}))"
EAST = (
    f"Polygon(({LEFT + 9e3} {BOTTOM}, {LEFT + 2e4} {BOTTOM}, {LEFT + 9e3} {TOP}, "
    f"{LEFT + 9e3} {BOTTOM}))"
)
CURVE = "CurvePolygonZ(CircularStringZ(0 0 1, 1 1 1, 2 0 1, 1 -1 1, 0 0 1))"


def _zone(wkt: str) -> float:
    return QgsGeometry.fromWkt(wkt).area()


def test_zones_are_written_with_their_names(request_of: Callable[..., Any]) -> None:
    rows = ((WEST, 3.0), (EAST, 4.5), (CURVE, None))
    layer = layer_of("CurvePolygonZ", "My districts", *rows)
    (told,) = request_of(ZONES=layer, ZONES_FIELD="code")["zones"]
    assert (told["type"], told["column"]) == ("My_districts", "name")
    first, second, third = read_features(told["path"])
    assert (first[0], second[0], third[0]) == ("3", "4.5", None)
    assert _zone(first[1]) == pytest.approx(_zone(WEST))
    assert _zone(second[1]) == pytest.approx(_zone(EAST))
    assert third[1].startswith("POLYGON ((") and _zone(third[1]) == pytest.approx(np.pi, rel=1e-3)


def test_the_selection_and_the_filter_of_zones_apply(request_of: Callable[..., Any]) -> None:
    layer = layer_of("Polygon", "z", (WEST, 1.0), (EAST, 2.0), (EAST, 3.0))
    layer.setSubsetString("code > 1")
    layer.selectByExpression("code = 2")
    for chosen, names in ((True, ["2"]), (False, ["2", "3"])):
        source = QgsProcessingFeatureSourceDefinition(layer.id(), chosen)
        (told,) = request_of(ZONES=source, ZONES_FIELD="code")["zones"]
        assert [name for name, _ in read_features(told["path"])] == names


def test_zones_and_classes_of_one_name_are_two_types(
    request_of: Callable[..., Any], landscape: Landscape
) -> None:
    layer = layer_of("Polygon", "soil", (WEST, 1.0))
    raster = QgsRasterLayer(landscape.raster, "soil")
    parts = request_of(ZONES=layer, ZONES_FIELD="code", CLASS_RASTERS=[raster])
    assert [parts["classes"][0]["type"], parts["zones"][0]["type"]] == ["soil", "soil_2"]


def test_zones_that_cannot_be_used_are_refused(
    refusal: Callable[..., str], landscape: Landscape
) -> None:
    zones = layer_of("Polygon", "z", (WEST, 1.0))
    assert refusal(ZONES=zones) == "Zones need a field with their names; set ZONES_FIELD."
    assert "'z' has no field 'GEN'" in refusal(ZONES=zones, ZONES_FIELD="GEN")
    bare = layer_of("Polygon", "bare", (WEST, 1.0), crs="")
    assert "'bare' has no CRS" in refusal(ZONES=bare, ZONES_FIELD="code")
    text = refusal(ZONES=landscape.pois, ZONES_FIELD="kind")
    assert text.endswith("has geometries that are not polygons (point); give polygons.")


# --- distances ---

ROAD = f"LineString({LEFT} {TOP}, {LEFT + 20e3} {BOTTOM})"


def test_layers_of_any_geometry_are_written_with_their_filter(
    request_of: Callable[..., Any], landscape: Landscape
) -> None:
    roads = layer_of("LineString", "main roads", (ROAD, 1.0), (ROAD, 2.0))
    roads.setSubsetString("code = 2")
    mixed = QgsVectorLayer(f"GeometryCollection?crs={CRS}", "main roads!", "memory")
    feature = QgsFeature()
    feature.setGeometry(QgsGeometry.fromWkt("GeometryCollection(Point(1 2), LineString(0 0, 1 1))"))
    mixed.setCrs(roads.crs())
    mixed.dataProvider().addFeatures([feature, QgsFeature()])
    told = request_of(DISTANCE_LAYERS=[roads, landscape.pois, mixed])["distances"]
    assert [each["name"] for each in told] == ["main roads", "pois", "main roads!"]
    assert len({each["path"] for each in told}) == 3
    lines, points, both = (read_features(each["path"]) for each in told)
    assert [wkt for _, wkt in lines] == [
        f"LINESTRING ({LEFT:.0f} {TOP:.0f},{LEFT + 20e3:.0f} {BOTTOM:.0f})"
    ]
    assert len(points) == landscape.pois.featureCount() and points[0][1].startswith("POINT")
    assert [wkt for _, wkt in both] == ["GEOMETRYCOLLECTION (POINT (1 2),LINESTRING (0 0,1 1))"]


def test_distance_layers_that_cannot_be_used_are_refused(
    refusal: Callable[..., str], landscape: Landscape, tmp_path: Path
) -> None:
    first, second = (layer_of("LineString", "roads", (ROAD, 1.0)) for _ in range(2))
    assert "are called 'roads'" in refusal(DISTANCE_LAYERS=[first, second])
    bare = layer_of("LineString", "bare", (ROAD, 1.0), crs="")
    assert "'bare' has no CRS" in refusal(DISTANCE_LAYERS=[bare])
    table = QgsVectorLayer("NoGeometry?field=id:integer", "table", "memory")
    QgsProject.instance().addMapLayer(table)
    assert "'table' has no geometries" in refusal(DISTANCE_LAYERS=[table])
    raster = QgsRasterLayer(landscape.raster, "classes")
    assert refusal(DISTANCE_LAYERS=[raster]) == (
        "DISTANCE_LAYERS takes vector layers, and 'classes' is none; remove it."
    )
    path = tmp_path / "gone.geojson"
    path.write_text('{"type": "Point", "coordinates": [121, 24]}')
    gone = QgsVectorLayer(str(path), "gone", "ogr")
    QgsProject.instance().addMapLayer(gone)
    path.unlink()
    assert "'gone' cannot be read" in refusal(DISTANCE_LAYERS=[gone])


def test_a_file_of_several_layers_must_name_one(
    refusal: Callable[..., str], request_of: Callable[..., Any], tmp_path: Path
) -> None:
    path = str(tmp_path / "net.gpkg")
    made = ogr.GetDriverByName("GPKG").CreateDataSource(path)
    for name in ("roads", "rivers"):
        layer = made.CreateLayer(name, gdal.Open(hill(tmp_path / "h.tif")).GetSpatialRef())
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometry(ogr.CreateGeometryFromWkt(ROAD))
        layer.CreateFeature(feature)
    del made, layer, feature
    assert "has several layers (roads, rivers)" in refusal(DISTANCE_LAYERS=[path])
    (told,) = request_of(DISTANCE_LAYERS=[f"{path}|layername=rivers"])["distances"]
    assert len(read_features(told["path"])) == 1


@pytest.mark.parametrize("joined", [False, True])
def test_sources_in_lists_are_no_outputs(
    inputs: dict[str, Any], provider: Any, tmp_path: Path, joined: bool
) -> None:
    """As a list, or as one text with ; between, which batch has."""
    paths = [tmp_path / "a.geojson", tmp_path / "b.geojson"]
    for path in paths:
        path.write_text('{"type": "Point", "coordinates": [121, 24]}')
    named = [str(path) for path in paths]
    given = {"DISTANCE_LAYERS": ";".join(named) if joined else named}
    assert source_files(given, _context()) >= {path.resolve() for path in paths}
    algorithm = provider.algorithm("interpolate").create()
    good, text = algorithm.checkParameterValues(
        {**inputs, "OUTPUT": "a.tif", "DISTANCE_LAYERS": named, "RESIDUALS": named[1]}, _context()
    )
    assert not good and "b.geojson" in text


# --- places with covariates only ---


@pytest.fixture
def halves(landscape: Landscape) -> tuple[QgsVectorLayer, QgsVectorLayer]:
    """Points with a value and a covariate in the west, and with the covariate alone in the east."""
    generator = np.random.default_rng(3)
    found = []
    for name, start in (("west", 0.0), ("east", 10e3)):
        x, y = LEFT + start + generator.uniform(0, 10e3, 150), TOP - generator.uniform(0, 20e3, 150)
        values = (x - LEFT) / 1000 if name == "west" else [None] * 150
        layer = make_points(name, x, y, values, [name] * 150)
        layer = processing.run(
            "native:fieldcalculator",
            {"INPUT": layer, "FIELD_NAME": "east", "FORMULA": "$x / 1000", "OUTPUT": "memory:"},
        )["OUTPUT"]
        layer.setName(name)
        QgsProject.instance().addMapLayer(layer)
        found.append(layer)
    return found[0], found[1]


def test_places_are_rows_without_a_value(
    request_of: Callable[..., Any], halves: tuple[QgsVectorLayer, QgsVectorLayer]
) -> None:
    west, east = halves
    degrees = processing.run(
        "native:reprojectlayer", {"INPUT": east, "TARGET_CRS": "EPSG:4326", "OUTPUT": "memory:"}
    )["OUTPUT"]
    degrees.selectByIds([1, 2])
    QgsProject.instance().addMapLayer(degrees)
    points = request_of(
        INPUT=west,
        COVARIATES=["east"],
        GROUP_FIELD="kind",
        PREDICT_AT=QgsProcessingFeatureSourceDefinition(degrees.id(), True),
    )["points"]
    head, *rows = Path(points["path"]).read_text(encoding="utf-8").splitlines()
    assert head == "geohg_x,geohg_y,value,east,kind" and len(rows) == 152
    assert rows[0].split(",")[4] == "west"
    for row in rows[150:]:
        x, y, value, covariate, kind = row.split(",")
        assert (value, kind) == ("", "") and 10 < float(x) / 1000 - LEFT / 1000 < 20
        assert float(x) / 1000 == pytest.approx(float(covariate), abs=1e-4)
        assert BOTTOM < float(y) < TOP


def test_the_grid_reaches_the_places(
    inputs: dict[str, Any], halves: tuple[QgsVectorLayer, QgsVectorLayer], tmp_path: Path
) -> None:
    west, east = halves
    given = {**inputs, "INPUT": west, "COVARIATES": ["east"], "EXTENT": None}
    given["GRAPH"] = str(tmp_path / "graph.safetensors")
    half = processing.run("geohg:buildgraph", given)
    whole = processing.run("geohg:buildgraph", {**given, "PREDICT_AT": east})
    assert half["AREA_NODES"] <= 11 * 21 and whole["AREA_NODES"] >= 20 * 20
    assert whole["OBSERVED"] == half["OBSERVED"] > 50


def test_places_without_the_covariates_are_refused(
    refusal: Callable[..., str], halves: tuple[QgsVectorLayer, QgsVectorLayer], landscape: Landscape
) -> None:
    west, east = halves
    assert "set COVARIATES, or leave PREDICT_AT empty" in refusal(INPUT=west, PREDICT_AT=east)
    text = refusal(INPUT=west, COVARIATES=["east"], PREDICT_AT=landscape.points)
    assert text.startswith("The layer 'points' has no field 'east'")
    zones = layer_of("Polygon", "z", (WEST, 1.0))
    text = refusal(INPUT=west, COVARIATES=["east"], PREDICT_AT=zones)
    assert "geometries that are not points" in text


# --- shown ---


def test_cells_with_columns_of_other_types_are_drawn(provider: Any) -> None:
    fields = "&".join(
        f"field={name}"
        for name in ("landcover 10:double", "districts north:double", "covariate dem:double")
    )
    layer = QgsVectorLayer(f"Polygon?crs={CRS}&{fields}&field=dominant:string", "cells", "memory")
    feature = QgsFeature(layer.fields())
    feature.setGeometry(QgsGeometry.fromWkt(WEST))
    feature.setAttributes([1.0, 1.0, 250.0, "10"])
    layer.dataProvider().addFeatures([feature])
    draw_cells(layer, "value", "")
    aliases = [layer.attributeAlias(number) for number in range(3)]
    assert aliases == ["10, share of the cell", "", "dem"]
