"""Classes from a table to a map, by a request: what is written, and what is refused."""

import json

import numpy as np
import pandas as pd
import pytest
import rasterio

from geohg.engine.errors import InputError
from geohg.engine.jobs import run
from geohg.engine.progress import Silent

from ..conftest import CELL, COLS, CRS, LEFT, ROWS, TOP, Recorder

TRAINING = {"threads": 1, "validation": "holdout", "masked_ratio": 0.3}
NAMES = ("high <b>", "low", "middle")


@pytest.fixture(scope="module")
def soil(landscape, tmp_path_factory):
    """Points whose class is decided by the value that the landscape has there."""
    table = pd.read_csv(landscape.points)
    cut = np.quantile(table["value"], [0.4, 0.7])
    table["soil"] = np.array(["low", "middle", "high <b>"])[np.digitize(table["value"], cut)]
    path = tmp_path_factory.mktemp("soil") / "soil.csv"
    table.to_csv(path, index=False)
    truth = np.digitize(landscape.truth, cut)
    return path, np.array([2, 3, 1])[truth]


def request(landscape, path, outputs, **points):
    table = {"path": str(path), "crs": CRS, "coord_columns": ["x", "y"], "targets": ["soil"]}
    return landscape.request(
        "classify", points={**table, **points}, outputs=outputs, training=TRAINING
    )


@pytest.fixture(scope="module")
def made(landscape, soil, tmp_path_factory):
    """What the job found, and the folder of its files."""
    folder = tmp_path_factory.mktemp("classes")
    names = {
        "class_map": ".tif",
        "probabilities": ".tif",
        "report": ".html",
        "report_json": ".json",
    }
    outputs = {key: str(folder / f"{key}{suffix}") for key, suffix in names.items()}
    return run(request(landscape, soil[0], outputs), Silent()), folder


def test_the_map_has_the_classes_of_the_truth_with_names_and_colours(made, soil):
    found, folder = made
    with rasterio.open(folder / "class_map.tif") as raster:
        codes, colours, tags = raster.read(1), raster.colormap(1), raster.tags(1)
        assert raster.dtypes == ("uint8",) and raster.nodata == 0
        assert raster.bounds == (LEFT, TOP - ROWS * CELL, LEFT + COLS * CELL, TOP)
        assert raster.profile["driver"] == "GTiff" and "GeoHG" in raster.tags()["TIFFTAG_SOFTWARE"]
    assert np.mean(codes == soil[1]) > 0.75
    assert [tags[f"CLASS_{k}"] for k in (1, 2, 3)] == [*NAMES]
    told = found["ABOUT"]["classes"]
    assert [*told] == [*NAMES]
    shown = ["#" + bytes(colours[k][:3]).hex() for k in (1, 2, 3)]
    assert shown == [*told.values()] and len(set(shown)) == 3


def test_the_bands_of_probabilities_are_named_and_decide_the_map(made):
    folder = made[1]
    with rasterio.open(folder / "probabilities.tif") as raster:
        bands = raster.read()
        assert raster.descriptions == NAMES
    with rasterio.open(folder / "class_map.tif") as raster:
        np.testing.assert_array_equal(bands.argmax(axis=0) + 1, raster.read(1))
    np.testing.assert_allclose(bands.sum(axis=0), 1.0, atol=1e-6)


def test_figures_stand_beside_those_of_other_methods(made):
    found = made[0]
    assert found["CLASSES"] == 3 and found["CELLS"] == ROWS * COLS
    assert found["TEST_POINTS"] > 50 and found["ACCURACY"] > 0.7 and found["KAPPA"] > 0.5
    assert found["ACCURACY"] > found["NEAREST_ACCURACY"]
    assert found["LOG_LOSS"] < found["FOREST_LOG_LOSS"] and found["NEAREST_LOG_LOSS"] is None
    assert found["BLOCKS_ACCURACY"] is not None and found["BRIER"] < found["NEAREST_BRIER"]


def test_the_report_speaks_and_escapes_what_data_say(made):
    found, folder = made
    page = (folder / "report.html").read_text(encoding="utf-8")
    right = f"{100 * found['ACCURACY']:.1f} %"
    assert f"At held-out points the class is right in {right}" in page
    assert "high &lt;b&gt;" in page and "high <b>" not in page
    assert "Cohen’s kappa" in page and page.count("data:image/png") == 2
    told = json.loads((folder / "report_json.json").read_text(encoding="utf-8"))
    scores = told["tests"]["random"]["scores"]["GeoHG"]
    assert scores["accuracy"] == found["ACCURACY"]
    assert np.sum(scores["confusion"]) == found["TEST_POINTS"]
    assert sum(told["map_shares"].values()) == pytest.approx(1.0)


def test_the_json_of_a_report_repeats_the_run(made, tmp_path):
    found, folder = made
    told = json.loads((folder / "report_json.json").read_text(encoding="utf-8"))
    again = {**told["request"], "outputs": {"class_map": str(tmp_path / "again.tif")}}
    assert run(again, Silent())["KAPPA"] == found["KAPPA"]
    assert (tmp_path / "again.tif").read_bytes() == (folder / "class_map.tif").read_bytes()


def test_without_held_out_cells_a_report_says_that_nothing_is_known(landscape, soil, tmp_path):
    outputs = {"report": str(tmp_path / "r.html")}
    asked = {**request(landscape, soil[0], outputs), "training": {"masked_ratio": 0}}
    found = run(asked, Silent())
    assert found["ACCURACY"] is None and found["TEST_POINTS"] == 0
    assert "nothing is known of the accuracy" in (tmp_path / "r.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ({"targets": ["text"]}, "All points have the class 'a' in 'text'"),
        ({"targets": ["value"]}, "has 200 different values, such as"),
        ({"targets": ["soil", "value"]}, "Name one value field"),
        ({"targets": ["soil"], "covariates": ["soil"]}, "both the value and a covariate"),
    ],
)
def test_what_gives_no_map_is_refused_before_the_work(landscape, soil, tmp_path, points, message):
    outputs = {"class_map": str(tmp_path / "c.tif")}
    told = Recorder()
    with pytest.raises(InputError, match=message):
        run(request(landscape, soil[0], outputs, **points), told)
    assert not [*tmp_path.iterdir()] and not told.metrics
