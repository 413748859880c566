"""The library as its users meet it: tables and geometries in; numbers, maps and warnings out."""

import logging
import os
import re
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from shapely.geometry import box
from sklearn.compose import ColumnTransformer
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import geohg
from geohg.engine.data import store
from geohg.engine.errors import FileFormatError, GeoHGWarning, InputError
from geohg.engine.interpolator import GeoHGInterpolator
from geohg.engine.prediction import views
from geohg.engine.progress import InPython

from .data.test_graph import small_graph

OPTIONS = {"resolution": 0.05, "masked_ratio": 0}


def made(count=200, seed=0):
    rng = np.random.default_rng(seed)
    xy = np.column_stack([rng.uniform(10, 10.6, count), rng.uniform(45, 45.4, count)])
    height = np.sin(8 * xy[:, 0]) * np.cos(9 * xy[:, 1])
    return xy, height, 20 - 4 * height + rng.normal(0, 0.1, count)


@pytest.fixture(scope="module")
def fitted():
    xy, _, y = made()
    return GeoHGInterpolator(**OPTIONS).fit(xy, y)


def test_x_and_y_are_what_coords_and_values_are(fitted):
    xy, height, y = made()
    three = GeoHGInterpolator(**OPTIONS).fit(coords=xy, features=None, values=y)
    np.testing.assert_array_equal(three.predict().predictions, fitted.predict().predictions)
    wide = GeoHGInterpolator(**OPTIONS).fit(np.column_stack([xy, height]), y)
    assert wide.graph_.feature_names == ("x2",) and wide.n_features_in_ == 3
    named = pd.DataFrame({"height": height, "lat": xy[:, 1], "lon": xy[:, 0]})
    table = GeoHGInterpolator(**OPTIONS).fit(named, pd.Series(y, name="heat"))
    assert list(table.feature_names_in_) == ["height", "lat", "lon"]
    assert list(table.maps_) == ["heat"] and table.graph_.feature_names == ("height",)
    np.testing.assert_array_equal(table.predict(named), wide.predict(np.c_[xy, height]))


def test_a_place_has_its_own_prediction_also_beyond_the_map(fitted):
    result = fitted.predict()
    rows, cols = np.array([2, 5]), np.array([3, 1])
    places = np.column_stack([result.lons[cols], result.lats[rows]]) + 0.01
    mean, std = fitted.predict(places, return_std=True)
    # It is near that of its cell, and not the same.
    cells = result.predictions[rows, cols]
    assert (np.abs(mean - cells) < 0.5 * result.predictions.std()).all() and (mean != cells).all()
    assert (std > 0).all()
    far, unsure = fitted.predict([[9.0, 45.0], [np.nan, 45.0]], return_std=True)
    assert np.isfinite(far[0]) and np.isnan(far[1]) and unsure[0] > std.max()
    points = shapely.points(places)
    np.testing.assert_array_equal(fitted.predict(points), mean)
    with pytest.raises(InputError, match="X has the columns x0, x1, x2; give x and y alone"):
        fitted.predict(np.ones((3, 3)))


def test_covariates_are_known_beyond_the_map():
    xy, height, y = made()
    wide = GeoHGInterpolator(**OPTIONS).fit(np.column_stack([xy, height]), y)
    assert wide.graph_.feature_kinds == ("covariate",)
    low, high = wide.predict([[9.97, 45.2, -1.0], [9.92, 45.2, 1.0]])
    assert low - high > 4


def test_scikit_learn_searches_and_scores(fitted):
    xy, height, y = made()
    assert fitted.score(xy, y) > 0.97
    scores = cross_val_score(GeoHGInterpolator(**OPTIONS), xy, y, cv=3)
    assert scores.min() > 0.9
    search = GridSearchCV(GeoHGInterpolator(masked_ratio=0), {"resolution": [0.05, 0.2]}, cv=2)
    assert search.fit(xy, y).best_params_ == {"resolution": 0.05}
    scaled = ColumnTransformer([("xy", "passthrough", [0, 1]), ("z", StandardScaler(), [2])])
    line = make_pipeline(scaled, GeoHGInterpolator(**OPTIONS))
    x = np.column_stack([xy, height])
    assert line.fit(x, y).score(x, y) > 0.97
    with pytest.raises(InputError, match="at least two places"):
        fitted.score(xy[:1], y[:1])
    for given in (None, "value"):
        with pytest.raises(InputError, match="Give y, the values to predict"):
            GeoHGInterpolator().fit(xy, given)


def test_what_was_saved_predicts_the_same(fitted, tmp_path):
    path = fitted.save(tmp_path / "m.safetensors")
    again = GeoHGInterpolator.load(path)
    np.testing.assert_array_equal(again.predict().std, fitted.predict().std)
    xy = made()[0]
    np.testing.assert_array_equal(again.predict(xy), fitted.predict(xy))
    assert again.crs == "EPSG:4326" and again.options is not None and len(repr(again)) < 400
    with pytest.raises(InputError, match="does not have the tests that a report tells of"):
        again.report(tmp_path / "r.html")
    bare = tmp_path / "bare.safetensors"
    fitted.maps_["value"].save(bare)
    with pytest.raises(FileFormatError, match="has no graph to map"):
        GeoHGInterpolator.load(bare)


def test_a_loaded_map_counts_the_places_beyond_it_that_need_features(fitted, tmp_path):
    xy, height, y = made()
    wide = GeoHGInterpolator(**OPTIONS).fit(np.column_stack([xy, height]), y)
    again = GeoHGInterpolator.load(wide.save(tmp_path / "wide.safetensors"))
    places = [[9.5, 45.2], [10.3, 45.2], [9.0, 45.0], [np.nan, 45.0]]
    with pytest.warns(GeoHGWarning, match="2 places .* loaded from a file knows") as told:
        found = again.predict(places)
    assert len(told) == 1 and told[0].filename == __file__
    assert np.isnan(found).tolist() == [True, False, True, True]
    assert np.isfinite(wide.predict(places[:3])).all()
    plain = GeoHGInterpolator.load(fitted.save(tmp_path / "plain.safetensors"))
    with warnings.catch_warnings():
        warnings.simplefilter("error", GeoHGWarning)
        assert np.isfinite(plain.predict(places[:3])).all()


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600)])
def test_files_have_the_mode_of_any_new_file(mask, mode, tmp_path):
    before = os.umask(mask)
    try:
        store.save_graph(tmp_path / "g.safetensors", small_graph())
    finally:
        os.umask(before)
    assert (tmp_path / "g.safetensors").stat().st_mode & 0o777 == mode


def test_rows_that_are_left_out_are_told_at_the_line_of_the_caller(caplog):
    xy, _, y = made()
    y[:50] = np.nan
    with (
        caplog.at_level(logging.INFO, logger="geohg"),
        pytest.warns(GeoHGWarning, match="50 points without a value were left out") as told,
    ):
        GeoHGInterpolator(**OPTIONS).fit(xy, y)
    assert told[0].filename == __file__
    assert any("The map has" in line for line in caplog.messages)


def test_verbose_shows_a_bar_that_goes(capsys):
    progress = InPython(verbose=True)
    progress.report(0.5, "Halfway")
    progress.close()
    text = capsys.readouterr().err
    assert "[##########----------]  50% Halfway" in text and text.endswith("\r")
    InPython().report(0.5, "Halfway")
    assert capsys.readouterr().err == ""


@pytest.fixture
def files(tmp_path):
    """Points and districts in a GeoPackage each, in metres."""
    xy, height, y = made()
    points = shapely.to_wkb(shapely.points((xy - [10, 45]) * 1e5))
    pyogrio.raw.write(
        tmp_path / "p.gpkg", points, [y, height], ["value", "height"],
        geometry_type="Point", crs="EPSG:32631",
    )  # fmt: skip
    halves = shapely.to_wkb(np.array([box(0, 0, 30000, 40000), box(30000, 0, 60000, 40000)]))
    pyogrio.raw.write(
        tmp_path / "d.gpkg", halves, [np.array(["west", "east"], object)], ["name"],
        geometry_type="Polygon", crs="EPSG:32631",
    )  # fmt: skip
    return tmp_path


def test_a_path_is_a_table_with_its_crs(files):
    found, result = GeoHGInterpolator.from_dataframe(
        files / "p.gpkg", resolution=5000, study_area=files / "d.gpkg", masked_ratio=0
    )
    assert result.crs == "EPSG:32631" and list(found.feature_names_in_) == ["height"]
    assert result.predictions.shape == (8, 12)
    _, degrees = GeoHGInterpolator.from_dataframe(
        files / "p.gpkg", resolution=0.05, crs="EPSG:4326", masked_ratio=0
    )
    assert degrees.crs == "EPSG:4326"
    with pytest.raises(InputError, match="does not exist"):
        GeoHGInterpolator.from_dataframe(files / "q.gpkg")


def test_geopandas_is_read_and_written(files, fitted):
    geopandas = pytest.importorskip("geopandas")
    table = geopandas.read_file(files / "p.gpkg")
    options = {"resolution": 5000, "masked_ratio": 0}
    found, result = GeoHGInterpolator.from_dataframe(table, **options)
    _, same = GeoHGInterpolator.from_dataframe(files / "p.gpkg", **options)
    np.testing.assert_array_equal(result.predictions, same.predictions)
    np.testing.assert_allclose(
        found.predict(table.geometry), found.predict(table.geometry.to_crs(4326))
    )
    squares = result.to_geodataframe()
    assert squares.crs == table.crs and np.allclose(squares.area, 5000**2)
    zones = geopandas.read_file(files / "d.gpkg")
    zoned = GeoHGInterpolator(hypernodes={"district": zones}, study_area=zones, **options)
    counts = zoned.fit(table[["geometry"]], table["value"]).graph_.counts()
    assert (counts["district_nodes"], counts["area_nodes"]) == (2, 96)
    with pytest.raises(InputError, match="no geometry column in use"):
        GeoHGInterpolator.from_dataframe(geopandas.GeoDataFrame({"value": [1.0]}))


def test_a_map_goes_to_xarray(fitted):
    pytest.importorskip("xarray")
    result = fitted.predict()
    found = result.to_xarray()
    np.testing.assert_array_equal(found["std"].to_numpy(), result.std)
    assert found["predictions"].dims == ("y", "x") and "4326" in found.spatial_ref.crs_wkt


def test_a_missing_library_is_named():
    with pytest.raises(InputError, match="needs the package 'no_such'; install it with: pip"):
        views._library("no_such")


def test_a_map_is_a_line_and_a_picture(fitted):
    xy, _, y = made()
    result = GeoHGInterpolator(**OPTIONS).fit(xy, pd.Series(y, name="<b>$x")).predict()
    assert repr(result) == "InterpolationResult: <b>$x, 8 x 12 cells, 96 predicted, EPSG:4326"
    html = result._repr_html_()
    assert "&lt;b&gt;$x" in html and "<b>" not in html and "data:image/png;base64," in html
    axes = fitted.predict().plot("std")
    assert axes.get_title() == "value: standard deviation"
    with pytest.raises(InputError, match="'layer' must be one of predictions"):
        result.plot("mean")


def test_districts_are_hypernodes_that_the_default_model_reads():
    xy, _, _ = made(300)
    number = np.floor((xy[:, 0] - 10) / 0.1).astype(int)
    y = np.array([3.0, 9.0, 1.0, 7.0, 2.0, 8.0])[number]
    y = y + np.random.default_rng(1).normal(0, 0.1, len(y))
    random = {"training": {"blocks": False, "folds": 2}}
    blind, seeing = (
        GeoHGInterpolator(resolution=0.02, hypernodes=zones, options=random).fit(xy, y)
        for zones in (None, {"district": lambda x, _: np.floor((x - 10) / 0.1)})
    )
    assert seeing.metrics_["value"]["r2"] > blind.metrics_["value"]["r2"] + 0.05
    assert seeing.graph_.hypernodes["district"].names == tuple("012345")
    assert np.isfinite(seeing.predict([[10.7, 45.2]])).all()
    labels = np.where(seeing.predict().lons[None] > 10.3, "e", "w").repeat(20, 0)
    halves = GeoHGInterpolator(resolution=0.02, masked_ratio=0, hypernodes={"half": labels})
    assert halves.fit(xy, y).graph_.counts()["half_nodes"] == 2
    assert np.isfinite(halves.predict([[10.7, 45.2]])).all()


def test_polygons_give_shares(files, tmp_path):
    found, _ = GeoHGInterpolator.from_dataframe(
        files / "p.gpkg", resolution=4000, masked_ratio=0, feature_columns=[],
        hypernodes={"district": (files / "d.gpkg", "name")},
    )  # fmt: skip
    x = found.graph_.grid.centres(found.graph_.cell)[:, 0]
    east, west = found.graph_.features.T
    # 30000 m lie in the middle of the cells from 28000 to 32000.
    np.testing.assert_allclose(west, np.select([x < 28000, x < 32000], [1, 0.5], 0), atol=1e-6)
    np.testing.assert_allclose(east + west, 1, atol=1e-6)
    geohg.write_city(found.graph_, tmp_path / "city")
    assert list(pd.read_csv(tmp_path / "city" / "covariates.csv"))[1:] == ["east", "west"]


@pytest.mark.parametrize(
    ("hypernodes", "message"),
    [
        ({"poi": [1]}, "'poi' is not the name of a type"),
        ({"a b": [1]}, "'a b' is not the name of a type"),
        ({"district": ["a", "b"]}, "'district' has 2 labels; give one for each of the 96 cells"),
        ({"district": lambda x, y: [None] * len(x)}, "None of 'district' lies in the cells"),
        ({"district": lambda x, y: np.arange(len(x)) * 0 + x * 1e6 + y}, None),
        ([1], "'hypernodes' must be types with their zones"),
        ({"district": "none.gpkg"}, "'none.gpkg' does not exist"),
        ({"district": "none.txt"}, "has no polygons"),
    ],
)
def test_zones_that_cannot_be_used_are_refused(hypernodes, message):
    xy, _, y = made()
    made_ = GeoHGInterpolator(**OPTIONS, hypernodes=hypernodes)
    if message is None:
        assert made_.fit(xy, y).graph_.counts()["district_nodes"] == 96
        return
    with pytest.raises(InputError, match=message):
        made_.fit(xy, y)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"coord_columns": "lon"}, "'coord_columns' must be the names of two columns"),
        ({"coord_columns": ["lon"]}, "'coord_columns' must be the names of two columns"),
        ({"df": {"lon": [1]}}, "'df' must be a DataFrame, a GeoDataFrame or the path"),
        ({"df": "nothing.csv"}, "'nothing.csv' does not exist"),
        ({"target_column": 3}, "'target_column' must be the name of a column"),
        ({"coord_columns": ["text", "lat"]}, "The field 'text' holds text"),
    ],
)
def test_messages_name_what_the_user_has(change, message):
    xy, _, y = made()
    table = pd.DataFrame({"lon": xy[:, 0], "lat": xy[:, 1], "value": y, "text": "a"})
    with pytest.raises(InputError, match=message):
        GeoHGInterpolator.from_dataframe(**{"df": table, **OPTIONS, **change})


def test_static_names_are_the_public_ones():
    text = Path(geohg.__file__).read_text(encoding="utf-8").split("_PUBLIC = {")[0]
    named = set(re.findall(r"import \w+ as ([A-Za-z]\w*)", text)) | {"run_job", "__version__"}
    assert named == set(geohg.__all__)
