"""`geohg:interpolate` from layers to a map, a report and numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import processing
import pytest
from osgeo import gdal, osr
from qgis.core import QgsField, QgsProcessingException, QgsVectorLayer
from qgis.PyQt.QtCore import QVariant
from support import (
    CELL,
    CELLS,
    CRS,
    FAST,
    LEFT,
    NETWORK,
    QUICK,
    TOP,
    Landscape,
    Recorder,
    leftovers,
    read_raster,
)

from geohg.geohg_plugin.adapters.styling import draw_cells, draw_contours, draw_next_points
from geohg.geohg_plugin.compat import LINE


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the run of this module writes."""
    return tmp_path_factory.mktemp("interpolate")


@pytest.fixture(scope="module")
def watched() -> Recorder:
    """The feedback of the run of this module."""
    return Recorder()


@pytest.fixture(scope="module")
def result(
    inputs: dict[str, Any], landscape: Landscape, folder: Path, watched: Recorder
) -> dict[str, Any]:
    """One run with every input and output."""
    parameters = {
        **inputs,
        **FAST,
        "FOLDS": 2,
        "POI": landscape.pois,
        "POI_FIELD": "kind",
        "OUTPUT": str(folder / "map.tif"),
        "UNCERTAINTY": str(folder / "std.tif"),
        "LOWER": str(folder / "lower.tif"),
        "UPPER": str(folder / "upper.tif"),
        "APPLICABILITY": str(folder / "area.tif"),
        "THRESHOLDS": "0",
        "EXCEEDANCE": str(folder / "above.tif"),
        "QUANTILES": "0.5",
        "QUANTILE_MAP": str(folder / "median.tif"),
        "SIMULATIONS_COUNT": 40,
        "SIMULATIONS": str(folder / "simulations.tif"),
        "RESIDUALS": str(folder / "residuals.gpkg"),
        "NEXT_POINTS": str(folder / "next.gpkg"),
        "CELLS_LAYER": str(folder / "cells.gpkg"),
        "CONTOURS": str(folder / "contours.gpkg"),
        "CONTOUR_INTERVAL": 0.5,
        "REPORT": str(folder / "report.html"),
        "REPORT_JSON": str(folder / "report.json"),
        "PREVIEW": str(folder / "map.png"),
        "MODEL": str(folder / "model.safetensors"),
        "GRAPH": str(folder / "graph.safetensors"),
    }
    return processing.run("geohg:interpolate", parameters, feedback=watched)


def test_prediction_is_near_the_truth(result: dict[str, Any], landscape: Landscape) -> None:
    predicted = read_raster(result["OUTPUT"])
    error = np.sqrt(np.mean((predicted - landscape.truth) ** 2))
    assert np.isfinite(predicted).all()
    assert error < 0.3 * landscape.truth.std()


def test_raster_lies_exactly_on_the_grid(result: dict[str, Any]) -> None:
    raster = gdal.Open(result["OUTPUT"])
    reference = osr.SpatialReference()
    reference.SetFromUserInput(CRS)
    assert raster.GetGeoTransform() == (LEFT, CELL, 0.0, TOP, 0.0, -CELL)
    assert (raster.RasterYSize, raster.RasterXSize) == (CELLS, CELLS)
    assert raster.GetSpatialRef().IsSame(reference)
    assert raster.GetRasterBand(1).GetNoDataValue() is not None
    assert "value" in raster.GetRasterBand(1).GetDescription()


def test_intervals_hold_most_of_the_truth(result: dict[str, Any], landscape: Landscape) -> None:
    lower, upper = read_raster(result["LOWER"]), read_raster(result["UPPER"])
    assert np.mean((lower <= landscape.truth) & (landscape.truth <= upper)) > 0.85
    raster = gdal.Open(result["LOWER"])
    assert raster.GetRasterBand(1).GetDescription() == "value: lower bound (90 %)"
    assert (read_raster(result["UNCERTAINTY"]) > 0).all()


def test_next_points_are_ranked_and_styled(result: dict[str, Any]) -> None:
    layer = QgsVectorLayer(result["NEXT_POINTS"])
    ranks = [feature["rank"] for feature in layer.getFeatures()]
    gains = [feature["gain"] for feature in layer.getFeatures()]
    assert ranks == [*range(1, 21)] and 0 < min(gains) <= max(gains) < 10
    draw_next_points(layer)
    assert layer.labelsEnabled() and layer.labeling().settings().fieldName == "rank"


def test_cells_are_those_of_the_raster_and_coloured_by_their_value(result: dict[str, Any]) -> None:
    layer = QgsVectorLayer(result["CELLS_LAYER"])
    told = {feature["cell"]: feature["value"] for feature in layer.getFeatures()}
    raster = read_raster(result["OUTPUT"]).ravel()
    np.testing.assert_allclose([told[n] for n in range(CELLS * CELLS)], raster, rtol=1e-5)
    draw_cells(layer, "value", "kg")
    assert layer.renderer().classAttribute() == "value" and layer.crs().authid() == CRS


def test_contours_lie_at_the_interval_and_are_labelled(result: dict[str, Any]) -> None:
    layer = QgsVectorLayer(result["CONTOURS"])
    levels = {feature["level"] for feature in layer.getFeatures()}
    raster = read_raster(result["OUTPUT"])
    first, last = np.ceil(raster.min() / 0.5), np.floor(raster.max() / 0.5)
    assert sorted(levels) == [0.5 * number for number in range(int(first), int(last) + 1)]
    draw_contours(layer, "kg")
    assert layer.labelsEnabled() and layer.labeling().settings().fieldName == "level"
    assert layer.attributeAlias(layer.fields().lookupField("level")) == "level [kg]"
    assert layer.geometryType() == LINE and layer.crs().authid() == CRS


def test_limits_and_quantiles_agree_with_the_map(result: dict[str, Any]) -> None:
    above, median = read_raster(result["EXCEEDANCE"]), read_raster(result["QUANTILE_MAP"])
    assert ((above >= 0) & (above <= 1)).all()
    assert np.mean((above > 0.5) == (median > 0)) > 0.99


def test_simulations_have_the_mean_and_the_deviation_of_the_map(result: dict[str, Any]) -> None:
    raster = gdal.Open(result["SIMULATIONS"])
    assert raster.RasterCount == 40
    assert raster.GetRasterBand(40).GetDescription() == "value: simulation 40"
    drawn = raster.ReadAsArray().astype(float)
    away = (drawn.mean(axis=0) - read_raster(result["OUTPUT"])) / read_raster(result["UNCERTAINTY"])
    assert np.sqrt(np.mean(away**2)) < 1.5 / np.sqrt(40)
    ratio = drawn.std(axis=0) / read_raster(result["UNCERTAINTY"])
    # Observed cells, of which there are many here, use their own values.
    assert 0.9 < np.quantile(ratio, 0.9) < 1.3 and np.median(ratio) < 1.1


def test_numbers_are_given_as_declared(result: dict[str, Any], provider: Any) -> None:
    declared = {o.name() for o in provider.algorithm("interpolate").outputDefinitions()}
    assert set(result) == declared
    assert result["CELLS"] == CELLS * CELLS
    assert result["TEST_CELLS"] == result["OBSERVED"] < 500, "each is held out once"
    assert 0.5 < result["R2"] <= 1.0
    assert 0.0 < result["MAE"] <= result["RMSE"]
    assert result["DEVICE"] == "cpu"


def test_every_file_is_there_and_whole(result: dict[str, Any], folder: Path) -> None:
    assert "<html" in Path(result["REPORT"]).read_text(encoding="utf-8").lower()
    json.loads(Path(result["REPORT_JSON"]).read_text(encoding="utf-8"))
    assert Path(result["PREVIEW"]).read_bytes().startswith(b"\x89PNG")
    beside = [path.name for path in folder.iterdir() if path.suffix in (".qml", ".qmd")]
    assert len(beside) == 16, "of each raster"
    assert len(list(folder.iterdir())) == 17 + len(beside)
    assert leftovers(folder) == []


def test_progress_is_told_in_words(result: dict[str, Any], watched: Recorder) -> None:
    assert watched.progress() == pytest.approx(100.0)
    assert watched.stages[:2] == ["Reading the layers", "Starting the engine"]
    assert watched.stages[-1] == "Writing the results"
    assert len(watched.stages) > 4
    figures = "RMSE {RMSE:.4g} (inverse distance weighting {IDW_RMSE:.4g})".format(**result)
    assert any(figures in text for text in watched.info)
    assert len(watched.info) < 100


def test_template_gives_the_same_grid(
    result: dict[str, Any], inputs: dict[str, Any], tmp_path: Path
) -> None:
    grid = {"CELL_SIZE": None, "EXTENT": None, "TEMPLATE": result["OUTPUT"]}
    again = processing.run(
        "geohg:interpolate",
        {**inputs, **QUICK, **grid, "OUTPUT": str(tmp_path / "map.tif")},
    )
    old, new = gdal.Open(result["OUTPUT"]), gdal.Open(again["OUTPUT"])
    assert new.GetGeoTransform() == old.GetGeoTransform()
    assert (new.RasterXSize, new.RasterYSize) == (old.RasterXSize, old.RasterYSize)


def test_network_is_near_the_truth_too(
    inputs: dict[str, Any], landscape: Landscape, tmp_path: Path
) -> None:
    parameters = {**inputs, **NETWORK, "OUTPUT": str(tmp_path / "map.tif")}
    made = processing.run("geohg:interpolate", parameters)
    error = np.sqrt(np.mean((read_raster(made["OUTPUT"]) - landscape.truth) ** 2))
    assert error < 0.5 * landscape.truth.std()
    assert 0 < made["EPOCHS"] <= NETWORK["EPOCHS"]


def test_same_seed_gives_the_same_map(inputs: dict[str, Any], tmp_path: Path) -> None:
    short = {**inputs, **NETWORK, "EPOCHS": 3}
    maps = [
        processing.run(
            "geohg:interpolate", {**short, "SEED": seed, "OUTPUT": str(tmp_path / f"{name}.tif")}
        )
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    ]
    first, second, other = (read_raster(made["OUTPUT"]) for made in maps)
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first, other)


def test_a_map_among_its_points_is_where_the_model_applies(result: dict[str, Any]) -> None:
    inside = gdal.Open(result["APPLICABILITY"]).ReadAsArray()[1]
    assert result["APPLICABLE_SHARE"] == pytest.approx(inside.mean())
    assert inside.mean() > 0.9


def test_several_fields_have_a_band_each_and_one_is_as_alone(
    inputs: dict[str, Any], landscape: Landscape, tmp_path: Path, recorder: Recorder
) -> None:
    """The second field is the first in another unit, so that its map is, too."""
    layer = landscape.points.clone()
    layer.addExpressionField("100 - 2 * value", QgsField("other", QVariant.Double))
    files = {"OUTPUT": str(tmp_path / "m.tif"), "REPORT": str(tmp_path / "r.html")}
    given = {**inputs, **QUICK, **files, "INPUT": layer, "FIELD": ["value", "other"]}
    made = processing.run("geohg:interpolate", given, feedback=recorder)
    raster = gdal.Open(made["OUTPUT"])
    said = [raster.GetRasterBand(number).GetDescription() for number in (1, 2)]
    assert raster.RasterCount == 2 and said == ["value", "other"]
    first, second = raster.ReadAsArray().astype(float)
    error = np.sqrt(np.mean((first - landscape.truth) ** 2))
    assert error < 0.3 * landscape.truth.std()
    assert np.abs(second - (100 - 2 * first)).mean() < 0.2 * second.std()
    assert "<h1>other</h1>" in Path(made["REPORT"]).read_text(encoding="utf-8")
    told = [text for text in recorder.info if "test cells: RMSE" in text]
    assert [text.split(":")[0] for text in told] == ["value", "other"]
    model = {**given, "MODEL": str(tmp_path / "m.safetensors")}
    with pytest.raises(QgsProcessingException, match="one value field, and there are 2"):
        processing.run("geohg:interpolate", model)
