"""What cannot be used is refused in one sentence, before long work, with files untouched."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import processing
import pytest
from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsProcessingException,
    QgsProject,
    QgsVectorLayer,
)
from support import (
    LEFT,
    QUICK,
    TOP,
    Landscape,
    Recorder,
    leftovers,
    make_points,
    write_raster,
)

Refused = Callable[..., str]


@pytest.fixture
def refused(inputs: dict[str, Any], tmp_path: Path) -> Refused:
    """Run an algorithm that must fail; return what it says, after looking at the files."""
    path = tmp_path / "map.tif"
    path.write_text("old")

    def run(name: str = "interpolate", **changes: Any) -> str:
        known = {**inputs, **QUICK, "OUTPUT": str(path)} if name == "interpolate" else {}
        with pytest.raises(QgsProcessingException) as caught:
            processing.run(f"geohg:{name}", {**known, **changes})
        assert path.read_text() == "old"
        assert leftovers(tmp_path) == []
        # QGIS puts a line of its own before what checkParameterValues says.
        sentence = str(caught.value).replace("Unable to execute algorithm\n", "")
        assert "\n" not in sentence and "Traceback" not in sentence, sentence
        assert sentence.endswith(".")
        return sentence

    return run


def _random_points(count: int, value: Callable[[int], float | None]) -> QgsVectorLayer:
    generator = np.random.default_rng(3)
    x, y = LEFT + generator.random(count) * 2e4, TOP - generator.random(count) * 2e4
    return make_points("bad", x, y, [value(i) for i in range(count)], ["k"] * count)


def test_no_points(refused: Refused) -> None:
    assert "point" in refused(INPUT=_random_points(0, float)).lower()


def test_too_few_observed_cells(refused: Refused) -> None:
    assert "10" in refused(INPUT=_random_points(8, float))


def test_all_values_equal(refused: Refused) -> None:
    assert "equal" in refused(INPUT=_random_points(60, lambda i: 4.5)).lower()


def test_text_field(refused: Refused) -> None:
    assert refused(FIELD="kind") == (
        "The field 'kind' contains string, not numbers; choose a numeric field."
    )


def test_unknown_field(refused: Refused) -> None:
    assert "has no field 'nothere'; it has: value, kind." in refused(FIELD="nothere")


@pytest.mark.parametrize("field", [{"COVARIATES": ["nothere"]}, {"GROUP_FIELD": "nothere"}])
def test_further_field_that_is_not_there(refused: Refused, field: dict[str, Any]) -> None:
    assert refused(**field) == ("The layer 'points' has no field 'nothere'; it has: value, kind.")


def test_only_nulls(refused: Refused) -> None:
    refused(INPUT=_random_points(60, lambda i: None))


def test_infinite_values(refused: Refused) -> None:
    infinite = _random_points(60, lambda i: float("inf") if i == 3 else float(i))
    assert "infinite" in refused(INPUT=infinite).lower()


def test_points_without_crs(refused: Refused) -> None:
    layer = QgsVectorLayer("Point?field=value:double", "lost", "memory")
    layer.setCrs(QgsCoordinateReferenceSystem())
    feature = QgsFeature(layer.fields())
    feature.setGeometry(QgsGeometry.fromWkt("POINT(1 2)"))
    feature.setAttributes([1.0])
    layer.dataProvider().addFeatures([feature])
    assert refused(INPUT=layer) == "The layer 'lost' has no CRS; set one in its properties."


def test_raster_beside_the_points(refused: Refused, tmp_path: Path) -> None:
    far = write_raster(tmp_path / "far.tif", np.full((9, 9), 10, np.uint8), left=LEFT + 9e5)
    assert "overlap" in refused(LANDCOVER=[far])


def test_raster_without_crs(refused: Refused, tmp_path: Path) -> None:
    bare = write_raster(tmp_path / "bare.tif", np.full((200, 200), 10, np.uint8), crs=None)
    assert refused(LANDCOVER=[bare]) == ("The raster 'bare' has no CRS; assign its CRS first.")


def test_raster_that_is_not_categorical(refused: Refused, tmp_path: Path) -> None:
    values = np.random.default_rng(1).random((200, 200))
    heights = write_raster(tmp_path / "heights.tif", values, kind=gdal.GDT_Float32)
    assert "class" in refused(LANDCOVER=[heights]).lower()


@pytest.mark.parametrize("size", [0, -5])
def test_cell_size_of_zero_or_less(refused: Refused, size: float) -> None:
    assert refused(CELL_SIZE=size) == (
        f"The cell size must be greater than zero, got {size}; give a size in the unit of the "
        "grid's CRS."
    )


def test_cell_size_that_does_not_fit_in_memory(refused: Refused) -> None:
    sentence = refused(CELL_SIZE=0.5)
    assert "1,600,000,000 cells" in sentence and "at least" in sentence


def test_grid_given_twice(refused: Refused, landscape: Landscape) -> None:
    assert refused(TEMPLATE=landscape.raster) == (
        "The grid is given twice, by TEMPLATE and by CELL_SIZE, EXTENT; leave one of the two empty."
    )


def test_poi_without_category(refused: Refused, landscape: Landscape) -> None:
    assert "POI_FIELD" in refused(POI=landscape.pois)


def test_poi_category_that_is_not_there(refused: Refused, landscape: Landscape) -> None:
    assert "has no field 'nothere'; it has: " in refused(POI=landscape.pois, POI_FIELD="nothere")


def test_output_folder_that_is_not_there(refused: Refused, tmp_path: Path) -> None:
    assert "does not exist" in refused(MODEL=str(tmp_path / "nothere" / "m.safetensors"))


def test_two_outputs_in_one_file(refused: Refused, tmp_path: Path) -> None:
    path = str(tmp_path / "m.safetensors")
    assert "Two outputs share" in refused(MODEL=path, GRAPH=path)


def test_head_that_is_not_numbers(refused: Refused) -> None:
    assert "head_dims" in refused(HEAD_DIMS="64,many")


def test_bounds_that_values_exceed(refused: Refused) -> None:
    assert "lie outside the bounds -0.5 to 0.5, such as" in refused(BOUNDS="-0.5,.5")


@pytest.mark.parametrize("content", [b"", b"not a graph", b"\x10\0\0\0\0\0\0\0{}"])
@pytest.mark.parametrize("name", ["train", "predict", "evaluate"])
def test_broken_files(refused: Refused, tmp_path: Path, name: str, content: bytes) -> None:
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(content)
    outputs = {"train": "MODEL", "predict": "OUTPUT", "evaluate": "REPORT_JSON"}
    given = {"GRAPH": str(broken), "TARGET": "value"} if name == "train" else {}
    if name != "train":
        given = {"GRAPH": str(broken), "MODEL": str(broken)}
    assert "broken.safetensors" in refused(name, **given, **{outputs[name]: "TEMPORARY_OUTPUT"})


def test_what_is_dropped_is_counted(
    inputs: dict[str, Any], tmp_path: Path, recorder: Recorder
) -> None:
    values = [None if i < 3 else float("nan") if i < 5 else float(i % 17) for i in range(300)]
    layer = _random_points(300, lambda i: values[i])
    outside = QgsFeature(layer.fields())
    outside.setGeometry(QgsGeometry.fromWkt(f"POINT({LEFT - 5000} {TOP})"))
    outside.setAttributes([1.0, "k"])
    nowhere = QgsFeature(layer.fields())
    nowhere.setAttributes([1.0, "k"])
    layer.dataProvider().addFeatures([outside, nowhere])
    made = processing.run(
        "geohg:buildgraph",
        {**inputs, "INPUT": layer, "GRAPH": str(tmp_path / "graph.safetensors")},
        feedback=recorder,
    )
    assert made["POINTS_DROPPED"] == 6
    warned = " ".join(recorder.warnings)
    assert "1 features of 'bad' have no geometry" in warned
    assert "5 points" in warned or ("3 points" in warned and "2 points" in warned)
    assert "1 points" in warned


def test_metres_said_to_be_degrees_name_the_crs_that_fits(
    refused: Refused, landscape: Landscape
) -> None:
    points = landscape.points.clone()
    points.setCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    said = refused(INPUT=points, CELL_SIZE=None, EXTENT=None)
    assert "cannot be degrees" in said and "EPSG:32651" in said, "as the layers of the project"
    other = QgsProject.instance().takeMapLayer(landscape.points)
    pois = QgsProject.instance().takeMapLayer(landscape.pois)
    try:
        said = refused(INPUT=points, CELL_SIZE=None, EXTENT=None)
    finally:
        QgsProject.instance().addMapLayers([other, pois])
    assert "cannot be degrees" in said and "look like" not in said


def test_a_size_of_cells_in_metres_is_not_taken_for_degrees(
    refused: Refused, landscape: Landscape
) -> None:
    said = refused(CRS="EPSG:4326", CELL_SIZE=500, EXTENT=None)
    assert "500 is in degrees" in said and "give 0.0045" in said
