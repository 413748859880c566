"""Data checked before a map: what is doubtful is told by name, and nothing is fitted."""

import json

import numpy as np
import pandas as pd
import pytest

import geohg
from geohg.engine.jobs import run
from geohg.engine.progress import Silent

from ..conftest import CELL, COLS, CRS, LEFT, POINTS, QUICK, ROWS, TOP, Recorder, shared


def check(landscape, folder, table=None, told=None, **changes):
    """What the job says of a table, or else of the landscape's points, and its page and JSON."""
    outputs = {key: str(folder / f"check.{end}") for key, end in OUTPUTS.items()}
    asked = landscape.request("check", outputs=outputs, **changes)
    if table is not None:
        asked["points"]["path"] = str(folder / "points.csv")
        table.to_csv(folder / "points.csv", index=False)
    found = run(asked, told or Silent())
    page = (folder / "check.html").read_text(encoding="utf-8")
    return found, page, json.loads((folder / "check.json").read_text(encoding="utf-8"))


OUTPUTS = {"report": "html", "report_json": "json"}


def test_good_data_are_called_so_and_the_map_is_that_of_interpolate(landscape, tmp_path):
    told = Recorder()
    found, page, kept = check(landscape, tmp_path, told=told)
    assert found["GOOD"] and found["STOPPED"] == "" and found["WARNINGS"] == 0
    assert "A map can be made of these data." in page and not told.metrics
    assert found["POINTS"] == POINTS and found["DUPLICATES"] == found["FAR_OUT"] == 0
    outputs = {"prediction": str(tmp_path / "map.tif")}
    made = run(landscape.request(outputs=outputs, training=QUICK), Silent())
    assert found["CELLS"] == made["CELLS"] and found["OBSERVED"] == made["OBSERVED"]
    (cover,) = kept["coverage"]
    assert cover["cells"] == cover["observed"] == 1.0 and cover["columns"] == 3
    assert any(line.startswith("A map can be made") for line in told.lines)


def test_what_is_doubtful_is_counted_and_named(landscape, tmp_path):
    table = pd.read_csv(landscape.points)
    table.loc[5, "value"] = 5000.0
    table.loc[6, "value"] = np.nan
    table.loc[7, "value"] = -9999.0
    again = table.iloc[[10, 11, 12]].assign(value=[1.0, 2.0, table["value"][12]])
    found, page, _ = check(landscape, tmp_path, pd.concat([table, again]))
    assert found["POINTS"] == POINTS + 2 and found["POINTS_DROPPED"] == 1
    assert found["DUPLICATES"] == 3 and found["FAR_OUT"] >= 2
    assert "3 points share a position with another one; at 2 positions the values differ" in page
    assert "1 values of &#39;value&#39; are -9999, far from the others" in page
    assert "1 points without a value were left out" in page and found["WARNINGS"] == 2


@pytest.mark.parametrize("length", [2000.0, 6000.0])
def test_the_variogram_s_range_and_the_skewness_are_those_of_the_field(landscape, tmp_path, length):
    rng = np.random.default_rng(2)
    xy = np.column_stack(
        [LEFT + rng.uniform(0, COLS * CELL, 900), TOP - rng.uniform(0, ROWS * CELL, 900)]
    )
    apart = np.linalg.norm(xy[:, None] - xy[None], axis=2)
    factor = np.linalg.cholesky(np.exp(-apart / length) + 1e-9 * np.eye(900))
    value = np.exp(0.8 * factor @ rng.normal(size=900))
    table = pd.DataFrame({"x": xy[:, 0], "y": xy[:, 1], "value": value})
    found, page, _ = check(landscape, tmp_path, table)
    assert 1.2 * length < found["RANGE"] < 5 * length and found["UNSHARED"] < 0.6
    skewness = float(pd.Series(value).skew())
    assert found["SKEWNESS"] == pytest.approx(skewness, rel=0.02) and skewness > 1
    assert "the transformation is log" in page


def test_values_that_no_place_explains_are_told(landscape, tmp_path):
    table = pd.read_csv(landscape.points)
    table["value"] = np.random.default_rng(0).normal(size=len(table))
    found, page, _ = check(landscape, tmp_path, table, landcover=[])
    assert found["UNSHARED"] > 0.75 and "Near cells do not share" in page


def test_a_cell_size_that_does_not_suit_is_told(landscape, tmp_path):
    grid = {"crs": CRS, "cell_size": 5000.0}
    found, page, _ = check(landscape, tmp_path, grid=grid)
    assert found["USED_CELL_SIZE"] == 5000 and found["SUITABLE_CELL_SIZE"] == 500
    assert "The cells are 5000 wide; 500 would suit the points." in page


def test_few_measurements_are_told(landscape, tmp_path):
    table = pd.read_csv(landscape.points)[:20]
    assert "cells have a measurement: expect wide intervals" in check(landscape, tmp_path, table)[1]


def test_what_would_stop_a_map_is_told_and_the_rest_is_shown(landscape, tmp_path):
    grid = {"crs": CRS, "cell_size": CELL, "bounds": [0.0, 0.0, 9000.0, 9000.0]}
    found, page, kept = check(landscape, tmp_path, grid=grid)
    assert not found["GOOD"] and found["STOPPED"] == kept["numbers"]["STOPPED"]
    assert found["POINTS"] == POINTS and found["CELLS"] is None
    assert "No map can be made yet:" in page and "Skewness" in page


def test_classes_are_known_for_what_they_are(landscape, tmp_path):
    table = pd.read_csv(landscape.points)
    table["value"] = np.where(table["value"] > table["value"].median(), "wet <i>", "dry")
    found, page, _ = check(landscape, tmp_path, table)
    assert not found["GOOD"] and "holds text (such as" in found["STOPPED"]
    assert "has 2 classes, the commonest of which are dry (100), wet &lt;i&gt; (100)" in page


def test_a_call_checks_a_table(landscape):
    table = pd.read_csv(landscape.points)
    grid = {"coord_columns": ("x", "y"), "crs": CRS, "resolution": CELL}
    found = geohg.check(table, "value", progress=Silent(), **grid)
    assert found["good"] and found["points"] == POINTS and found["run_seconds"] > 0


def test_real_samples_are_read():
    table = shared("ebergoetzen/eberg_3670.csv")
    where = {"coord_columns": ("X", "Y"), "crs": "EPSG:31467"}
    found = geohg.check(table, "SNDMHT_A", progress=Silent(), **where)
    assert found["good"] and found["points"] == 3667 and 1000 < found["range"] < 6000
