"""`geohg:classify` from layers to a map of classes, its colours and its report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import processing
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingException, QgsRasterLayer, QgsVectorLayer
from support import CELL, CELLS, CRS, EXTENT, FAST, LEFT, TOP, Landscape, Recorder, make_points

from geohg.geohg_plugin.firstchoices import class_field

ONCE = {**FAST, "VALIDATION": "holdout", "BLOCKS": False}
NAMES = ["dry", "moist", "wet"]


@pytest.fixture(scope="module")
def soil(landscape: Landscape) -> QgsVectorLayer:
    """Points whose class is decided by the true value of their cell, which is the first class."""
    generator = np.random.default_rng(3)
    col, row = generator.integers(0, CELLS, (2, 400))
    value = landscape.truth[row, col]
    kind = np.array(NAMES)[np.digitize(value, np.quantile(landscape.truth, [0.4, 0.7]))]
    x, y = LEFT + (col + 0.5) * CELL, TOP - (row + 0.5) * CELL
    return make_points("soil", x, y, value, kind.tolist())


@pytest.fixture(scope="module")
def run(soil: QgsVectorLayer, landscape: Landscape, tmp_path_factory: Any) -> dict[str, Any]:
    folder, told = tmp_path_factory.mktemp("classify"), Recorder()
    outputs = {
        "CLASS_MAP": str(folder / "classes.tif"),
        "PROBABILITIES": str(folder / "chance.tif"),
        "REPORT": str(folder / "report.html"),
        "APPLICABILITY": str(folder / "area.tif"),
        "MODEL": str(folder / "model.safetensors"),
    }
    layers = {"INPUT": soil, "CLASS_FIELD": "kind", "LANDCOVER": [landscape.raster]}
    grid = {"CELL_SIZE": CELL, "EXTENT": EXTENT}
    found = processing.run("geohg:classify", {**layers, **grid, **ONCE, **outputs}, feedback=told)
    return {**found, "told": told}


def test_the_map_shows_the_classes_by_name_and_colour(
    run: dict[str, Any], landscape: Landscape
) -> None:
    truth = np.digitize(landscape.truth, np.quantile(landscape.truth, [0.4, 0.7])) + 1
    codes = gdal.Open(run["CLASS_MAP"]).ReadAsArray()
    assert np.mean(codes == truth) > 0.8
    layer = QgsRasterLayer(run["CLASS_MAP"])  # with the style that lies beside it
    classes = layer.renderer().classes()
    assert [each.label for each in classes] == NAMES and [each.value for each in classes] == [
        1,
        2,
        3,
    ]
    raster = gdal.Open(run["CLASS_MAP"])
    table = raster.GetRasterBand(1).GetColorTable()
    for each in classes:
        assert table.GetColorEntry(int(each.value))[:3] == each.color.getRgb()[:3]
    assert layer.crs().authid() == CRS
    layer.loadDefaultMetadata()
    assert f"At {run['TEST_POINTS']} held-out points" in layer.metadata().abstract()


def test_probabilities_have_a_band_a_class(run: dict[str, Any]) -> None:
    raster = gdal.Open(run["PROBABILITIES"])
    assert [raster.GetRasterBand(k).GetDescription() for k in (1, 2, 3)] == NAMES
    np.testing.assert_allclose(raster.ReadAsArray().sum(axis=0), 1.0, atol=1e-5)


def test_its_model_maps_the_classes_again_by_the_defaults_of_a_dialog(
    run: dict[str, Any], landscape: Landscape, tmp_path: Path
) -> None:
    told, file = Recorder(), str(tmp_path / "again.tif")
    given = {"MODEL": run["MODEL"], "LANDCOVER": [landscape.raster], "OUTPUT": file}
    dialog = {"UNCERTAINTY": "TEMPORARY_OUTPUT", "APPLICABILITY": "TEMPORARY_OUTPUT"}
    found = processing.run("geohg:predict", {**given, **dialog}, feedback=told)
    before, again = (gdal.Open(path).ReadAsArray() for path in (run["CLASS_MAP"], file))
    np.testing.assert_array_equal(before, again)
    inside = gdal.Open(found["APPLICABILITY"]).ReadAsArray()[1]
    assert found["APPLICABLE_SHARE"] == run["APPLICABLE_SHARE"] == pytest.approx(inside.mean())
    assert "UNCERTAINTY" not in found and found["TARGET"] == "kind"
    assert any("classes, which have no standard deviation" in line for line in told.info)
    layer = QgsRasterLayer(file)
    assert [each.label for each in layer.renderer().classes()] == NAMES
    with pytest.raises(QgsProcessingException, match="have no 'std'"):
        processing.run("geohg:predict", {**given, "UNCERTAINTY": str(tmp_path / "u.tif")})


def test_figures_are_outputs_and_are_told(run: dict[str, Any]) -> None:
    assert run["CLASSES"] == 3 and run["CELLS"] == CELLS**2
    assert run["ACCURACY"] > 0.6 and run["KAPPA"] > 0.4 and run["NEAREST_ACCURACY"] > 0
    assert any("held-out points the class is right in" in line for line in run["told"].info)
    assert "confusion matrix" in Path(run["REPORT"]).read_text(encoding="utf-8").lower()


def test_what_gives_no_classes_is_refused(
    soil: QgsVectorLayer, landscape: Landscape, tmp_path: Path
) -> None:
    rest = {**ONCE, "CELL_SIZE": CELL, "EXTENT": EXTENT, "CLASS_MAP": str(tmp_path / "c.tif")}
    for layer, field, message in (
        (soil, "rock", "has no field 'rock'"),
        (landscape.points, "value", "at most 30 classes can be mapped"),
    ):
        given = {"INPUT": layer, "CLASS_FIELD": field, **rest}
        with pytest.raises(QgsProcessingException, match=message):
            processing.run("geohg:classify", given, feedback=Recorder())
    assert not [*tmp_path.iterdir()]


def test_a_dialog_chooses_the_text_that_repeats(soil: QgsVectorLayer, landscape: Landscape) -> None:
    assert class_field(soil) == "kind"
    assert class_field(landscape.points) == ""  # one text for all
