import json

import numpy as np
import pandas as pd
import pyogrio
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin
from shapely.geometry import box
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from geohg.engine.errors import GeoHGWarning, InputError, OutputError
from geohg.engine.interpolator import GeoHGInterpolator
from geohg.engine.parameters import config_of
from geohg.engine.prediction.fitted import FittedMap

from .conftest import write_raster

COLUMNS = {"coord_columns": ["lon", "lat"], "target_column": "value", "resolution": 0.02}
SOUTH_WEST = (10.0, 45.0)
FOLDS = {"training": {"folds": 2}}
"""All tests, of as few folds as can be."""


def height(lon, lat):
    return 300 + 400 * np.sin(8 * lon) * np.cos(9 * lat)


def truth(lon, lat):
    return 20 - height(lon, lat) / 100 + 2 * np.sin(15 * lon)


def sample(count=300, seed=0):
    rng = np.random.default_rng(seed)
    lon, lat = rng.uniform(10, 10.6, count), rng.uniform(45, 45.4, count)
    value = truth(lon, lat) + rng.normal(0, 0.2, count)
    return pd.DataFrame({"lon": lon, "lat": lat, "value": value, "name": "text"})


def true_map(result):
    return truth(*np.meshgrid(result["lons"], result["lats"]))


@pytest.fixture(scope="module")
def fitted():
    return GeoHGInterpolator.from_dataframe(sample(), **COLUMNS)


def test_three_lines_make_a_map_near_the_truth(fitted):
    _, result = fitted
    shape = (len(result["lats"]), len(result["lons"]))
    assert result["predictions"].shape == result["std"].shape == shape == (20, 30)
    assert result["lats"][0] > result["lats"][-1], "rows run from north to south"
    error = result["predictions"] - true_map(result)
    assert np.sqrt(np.mean(error**2)) < 0.15 * true_map(result).std()
    inside = (result["lower"] <= true_map(result)) & (true_map(result) <= result["upper"])
    assert inside.mean() > 0.85
    assert result["metrics"]["r2"] > 0.9 and result["metrics"]["kriging_r2"] is not None
    assert result["metrics"]["test_cells"] == len(fitted[0].graph_.observed("value"))


def test_the_result_leaves_in_one_call_each(fitted, tmp_path):
    _, result = fitted
    assert set(result) >= {"predictions", "lons", "lats", "std", "metrics", "crs", "transform"}
    with rasterio.open(result.to_geotiff(tmp_path / "map.tif")) as raster:
        assert raster.count == 6 and raster.crs.to_string() == result["crs"]
        others = ("std", "lower", "upper", "dissimilarity", "applicable")
        assert raster.descriptions == ("value", *(f"value: {name}" for name in others))
        np.testing.assert_allclose(raster.read(1), result["predictions"], rtol=1e-6)
        row, col = raster.index(result["lons"][3], result["lats"][5])
        assert (row, col) == (5, 3)
    table = result.to_dataframe()
    assert len(table) == result["predictions"].size
    assert list(table) == ["lon", "lat", "predictions", *others]
    cell = table[
        np.isclose(table.lon, result["lons"][3]) & np.isclose(table.lat, result["lats"][5])
    ]
    assert cell["predictions"].item() == result["predictions"][5, 3]
    content = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    assert content["predictions"][5][3] == result["predictions"][5, 3]


def test_limits_and_quantiles_are_layers_too(fitted, tmp_path):
    interpolator, plain = fitted
    how = {"thresholds": [2.5], "quantiles": [0.05]}
    try:
        interpolator.set_params(options={"uncertainty": how})
        result = interpolator.predict()
    finally:
        interpolator.set_params(options=None)
    assert result.layers[6:] == ("above_2.5", "quantile_0.05") and plain.layers == result.layers[:6]
    found = interpolator.maps_["value"].map(interpolator.graph_, 0.9, None, [2.5], [0.05])
    np.testing.assert_array_equal(result["above_2.5"].ravel(), found.above[2.5])
    np.testing.assert_array_equal(result["quantile_0.05"].ravel(), found.quantiles[0.05])
    np.testing.assert_array_equal(result["predictions"], plain["predictions"])
    assert {"above_2.5", "quantile_0.05"} <= {*result} and len(result) == len(plain) + 2
    assert list(result.to_dataframe())[-2:] == ["above_2.5", "quantile_0.05"]
    assert "above_2.5" in result.to_dict() and "above_2.5" not in plain
    with rasterio.open(result.to_geotiff(tmp_path / "map.tif")) as raster:
        assert raster.descriptions[6:] == ("value: above_2.5", "value: quantile_0.05")
        np.testing.assert_allclose(raster.read(7), result["above_2.5"], rtol=1e-6)


def test_simulations_are_maps_on_the_grid(fitted):
    interpolator, result = fitted
    drawn = interpolator.simulate(60, seed=3)
    assert drawn.shape == (60, *result["predictions"].shape)
    away = (drawn.mean(axis=0) - result["predictions"]) / result["std"]
    assert np.sqrt(np.mean(away**2)) < 1.5 / np.sqrt(60)
    np.testing.assert_array_equal(drawn, interpolator.simulate(60, seed=3))


def test_a_fitted_map_is_kept_and_maps_the_same_again(fitted, tmp_path):
    interpolator, result = fitted
    path = interpolator.save(tmp_path / "m.safetensors")
    found = FittedMap.load(path).map(interpolator.graph_, result.level)
    for layer, field in (("predictions", "mean"), ("std", "std"), ("dissimilarity",) * 2):
        np.testing.assert_array_equal(result[layer].ravel(), getattr(found, field))
    kept = path.read_bytes()
    assert interpolator.save(path).read_bytes() == kept
    with pytest.raises(OutputError, match="safetensors"):
        interpolator.save(tmp_path / "m.pkl")


def test_a_place_has_its_value_and_a_cell_its_mean(fitted):
    interp, result = fitted
    grid = interp.graph_.grid
    cells = np.arange(grid.size)
    middle, step = grid.centres(cells), 0.4 * np.array([grid.cell_width, grid.cell_height])
    corners = [middle + step * sign for sign in ([-1, -1], [-1, 1], [1, -1], [1, 1])]
    at = np.array([interp.predict(each) for each in [middle, *corners]])
    # Within a cell, values differ as the truth does, and the map is of their mean.
    true = np.array([truth(*each.T) for each in [middle, *corners]])
    within = (at - at.mean(axis=0)).ravel(), (true - true.mean(axis=0)).ravel()
    assert np.corrcoef(*within)[0, 1] > 0.8
    assert np.abs(at.mean(axis=0) - result.predictions.ravel()).mean() < 0.3 * within[0].std()


def test_the_report_of_a_fitted_map_says_what_won(fitted, tmp_path):
    interpolator, _ = fitted
    text = interpolator.report(tmp_path / "r.html").read_text(encoding="utf-8")
    assert "Ordinary kriging" in text and f"{interpolator.metrics_['value']['rmse']:.3g}" in text
    with pytest.raises(InputError, match="Name the target; the map has: value"):
        interpolator.report(tmp_path / "r.html", "rain")
    with pytest.raises(NotFittedError):
        GeoHGInterpolator().save(tmp_path / "m.safetensors")


def test_a_map_applies_near_its_points_and_not_far_away(fitted):
    assert fitted[1]["applicable"].mean() > 0.95
    table = sample()
    west = table[table["lon"] < 10.3]
    area = box(10.0, 45.0, 10.6, 45.4)
    _, result = GeoHGInterpolator.from_dataframe(west, **COLUMNS, study_area=area, options=FOLDS)
    lons = np.broadcast_to(result["lons"], result["applicable"].shape)
    assert result["applicable"][lons < 10.3].mean() > 0.95
    assert not result["applicable"][lons > 10.4].any()
    np.testing.assert_array_equal(result["applicable"], result["dissimilarity"] <= 1)


def test_steps_give_the_same_as_three_lines():
    table = sample(100)
    _, result = GeoHGInterpolator.from_dataframe(table, **COLUMNS, options=FOLDS)
    interpolator = GeoHGInterpolator(resolution=0.02, epochs=1000, options=FOLDS)
    again = interpolator.fit(table[["lon", "lat"]].to_numpy(), None, table["value"]).predict()
    for layer in ("predictions", "std", "dissimilarity"):
        np.testing.assert_array_equal(again[layer], result[layer])


RANDOM = {"training": {"blocks": False, "folds": 3}}
"""Three random folds alone."""
QUICK = {"training": {"blocks": False, "threads": 1, "validation": "holdout"}}


def of_few(make, **model):
    """The map of 60 values, made of a field of mean 0 and deviation 1."""
    table = sample(60)
    z = (table["value"] - table["value"].mean()) / table["value"].std()
    table["value"] = make(z)
    options = {**QUICK, "model": model}
    columns = {**COLUMNS, "resolution": 0.05, "masked_ratio": 0}
    return GeoHGInterpolator.from_dataframe(table, **columns, options=options)


@pytest.mark.parametrize(
    ("make", "model", "low", "high"),
    [
        (lambda z: 1 + 0.5 * np.maximum(z, -1.9), {"transform": "identity"}, 0, np.inf),
        (lambda z: 1 + 0.5 * np.maximum(z, -1.9), {"transform": "yeo-johnson"}, 0, np.inf),
        (lambda z: (z > 0).astype(float), {}, 0, 1),
        (lambda z: np.clip(50 + 40 * z, 0, 100), {"bounds": [0, 100]}, 0, 100),
    ],
)
def test_nothing_that_is_written_lies_outside_its_bounds(make, model, low, high):
    _, result = of_few(make, **model)
    for layer in ("predictions", "lower", "upper"):
        assert low <= result[layer].min() and result[layer].max() <= high
    assert result["lower"].min() < low + 0.3, "intervals reach the bound"


def test_a_measured_value_outside_the_bounds_is_refused():
    with pytest.raises(InputError, match="values of 'value' lie outside the bounds 0 to 90, such"):
        of_few(lambda z: np.clip(50 + 40 * z, 0, 100), bounds=[0, 90])


def test_features_of_places_are_warned_of():
    table = sample(60)
    table["height"] = height(table["lon"], table["lat"])
    interp, _ = GeoHGInterpolator.from_dataframe(
        table, **{**COLUMNS, "resolution": 0.05, "masked_ratio": 0}, options=QUICK
    )
    places = table[["lon", "lat", "height"]].copy()
    places.loc[:4, "height"] = -9999
    with pytest.warns(GeoHGWarning, match="5 values of 'height' are -9999, far from the others"):
        interp.predict(places)


def test_it_keeps_scikit_learn_s_manners():
    interpolator = GeoHGInterpolator(resolution=0.5, seed=3)
    assert clone(interpolator).get_params() == interpolator.get_params()
    assert not [name for name in vars(interpolator) if name.endswith("_")]
    with pytest.raises(NotFittedError):
        interpolator.predict()


def test_every_other_numeric_column_is_a_feature_unless_named():
    table = sample(60).assign(height=lambda t: height(t.lon, t.lat), constant=1.0)
    found, _ = GeoHGInterpolator.from_dataframe(table, **COLUMNS, masked_ratio=0)
    assert list(found.feature_names_in_) == ["height", "constant"]
    # What is alike everywhere tells nothing.
    assert found.graph_.feature_names == ("height",)
    none, _ = GeoHGInterpolator.from_dataframe(table, **COLUMNS, feature_columns=[], masked_ratio=0)
    assert none.n_features_in_ == 0


def test_a_feature_that_few_cells_have_tells_nothing_of_its_own_cell():
    """Values without any pattern, and their echo as a feature: held-out cells have both."""
    scores = []
    for seed in range(2):
        rng = np.random.default_rng(seed)
        table = sample(150, seed).assign(value=rng.normal(size=150))
        table["echo"] = table["value"]
        _, result = GeoHGInterpolator.from_dataframe(table, **COLUMNS, options=RANDOM)
        scores.append(result["metrics"]["r2"])
    # Read as it was measured, or through the cells around, the echo gives more than 0.6.
    assert np.mean(scores) < 0.2


def test_rows_without_a_value_tell_features_of_their_cells():
    table = sample(250)
    lon, lat = np.meshgrid(np.arange(10.01, 10.6, 0.02), np.arange(45.01, 45.4, 0.02))
    everywhere = pd.DataFrame({"lon": lon.ravel(), "lat": lat.ravel()})
    steep = np.random.default_rng(2).normal(size=len(everywhere))
    everywhere["steep"] = steep
    cell = (np.floor((table.lat - 45) / 0.02) * 30 + np.floor((table.lon - 10) / 0.02)).astype(int)
    table["value"] = 3 * steep[cell]
    both = pd.concat([table.drop(columns="name"), everywhere])
    _, blind = GeoHGInterpolator.from_dataframe(both, **COLUMNS, feature_columns=[], options=RANDOM)
    _, seeing = GeoHGInterpolator.from_dataframe(both, **COLUMNS, options=RANDOM)
    assert blind["metrics"]["r2"] < 0.3 and seeing["metrics"]["r2"] > 0.9


def test_a_study_area_and_land_cover_leave_the_rest_empty(tmp_path):
    path = tmp_path / "cover.tif"
    codes = np.full((40, 60), 10, dtype=np.uint8)
    codes[:, 50:] = 0
    with rasterio.open(
        path, "w", driver="GTiff", width=60, height=40, count=1, dtype="uint8", nodata=0,
        crs="EPSG:4326", transform=from_origin(10.0, 45.4, 0.01, 0.01),
    ) as raster:  # fmt: skip
        raster.write(codes, 1)
    area = box(10.1, 45.0, 10.6, 45.4)
    _, result = GeoHGInterpolator.from_dataframe(
        sample(), **COLUMNS, landcover=path, study_area=area, masked_ratio=0
    )
    given = np.isfinite(result["predictions"])
    lons = np.broadcast_to(result["lons"], given.shape)
    assert not given[lons < 10.1].any()
    assert given[(lons > 10.1) & (lons < 10.5)].all()
    # East of the land cover, only cells with a point have a prediction.
    assert 0 < given[lons > 10.5].mean() < 0.9
    assert len(result.to_dataframe()) == given.sum()


def test_a_map_does_not_replace_what_it_was_made_from(tmp_path):
    table = sample()
    codes = np.full((40, 60), 10, np.uint8)
    path = write_raster(tmp_path / "lc.tif", codes, "EPSG:4326", None, 0.01, 10.0, 45.4)
    pois = tmp_path / "pois.csv"
    pois.write_text("lon,lat,category\n10.05,45.05,shop\n")
    parts = {"landcover": path, "pois": pois, "masked_ratio": 0}
    _, result = GeoHGInterpolator.from_dataframe(table, **COLUMNS, **parts)
    before = path.read_bytes()
    with pytest.raises(OutputError, match="is also an input"):
        result.to_geotiff(path)
    with pytest.raises(OutputError, match="is also an input"):
        result.to_geotiff(pois)
    with pytest.raises(OutputError, match="end its name with .tif, .tiff"):
        result.to_geotiff(tmp_path / "map.png")
    assert path.read_bytes() == before and sorted(result.to_dict()) == sorted(result)
    assert "inputs" not in result and result.to_geotiff(tmp_path / "map.tif").is_file()


def test_several_targets_have_one_more_axis(tmp_path):
    table = sample()
    table["twice"] = 2 * table["value"]
    columns = {**COLUMNS, "target_column": ["value", "twice"]}
    _, result = GeoHGInterpolator.from_dataframe(table, **columns, masked_ratio=0)
    assert result["predictions"].shape == (2, 20, 30)
    np.testing.assert_allclose(result["predictions"][1], 2 * result["predictions"][0], rtol=0.02)
    assert set(result["metrics"]) == {"value", "twice"}
    with rasterio.open(result.to_geotiff(tmp_path / "two.tif")) as raster:
        assert raster.count == 12
    assert "upper_twice" in result.to_dataframe()
    meta, _, _, (level, field) = pyogrio.raw.read(result.to_contours(tmp_path / "lines.gpkg", 2.0))
    assert [*meta["fields"]] == ["level", "field"] and {*field} == {"value", "twice"}
    assert (level % 2 == 0).all() and 2 * level[field == "value"].max() <= level.max() + 2
    for interval in (-1.0, float("nan")):
        with pytest.raises(InputError, match="'output.contour_interval'"):
            result.to_contours(tmp_path / "none.gpkg", interval)
    assert not (tmp_path / "none.gpkg").exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"target_column": "worth"}, "no column 'worth'; it has: lon, lat, value, name"),
        ({"target_column": "name"}, "holds text"),
        ({"resolution": 0.0}, "greater than zero"),
        ({"resolution": 1e-7}, "memory allows"),
        ({"crs": "EPSG:1"}, "unknown"),
        ({"level": 1.5}, "'uncertainty.level'"),
        ({"model": "krigging"}, "'model.kind'"),
        ({"options": {"modell": {}}}, "Did you mean 'model'"),
        ({"study_area": box(0, 0, 1e-4, 1e-4)}, "outside|inside|study area"),
    ],
)
def test_refuses_what_it_cannot_use(change, message):
    with pytest.raises(InputError, match=message):
        GeoHGInterpolator.from_dataframe(sample(), **{**COLUMNS, **change})


def test_refuses_arrays_that_do_not_fit():
    with pytest.raises(InputError, match="two columns"):
        GeoHGInterpolator().fit(np.ones((5, 3)), None, np.ones(5))
    with pytest.raises(InputError, match="5 rows and values 4"):
        GeoHGInterpolator().fit(np.ones((5, 2)), None, np.ones(4))
    table = sample()
    with pytest.raises(InputError, match="The field 'value' is both the value and a covariate"):
        GeoHGInterpolator().fit(table[["lon", "lat"]], table[["value"]], table["value"])


WRONG = [
    ({"resolution": "x"}, "'resolution' must be a number, got 'x'"),
    ({"resolution": True}, "'resolution' must be a number, got True"),
    ({"resolution": -1}, "'resolution' must be greater than zero, got -1"),
    ({"resolution": float("nan")}, "'resolution' must be a finite number, got nan"),
    ({"resolution": 10**400}, "'resolution' must be a finite number"),
    ({"resolution": 1e-320}, "too small for the extent"),
    ({"crs": "garbage"}, "The CRS of the points is unknown: 'garbage'"),
    ({"crs": ""}, "The CRS of the points is missing"),
    ({"crs": [1]}, "The CRS of the points is unknown"),
    ({"crs": "\ud800"}, "The CRS of the points is unknown"),
    ({"level": 5}, "'uncertainty.level' must lie between 0.5 and 0.99, got 5"),
    ({"seed": -1}, "'training.seed' must lie between"),
    ({"model": "x"}, "'model.kind' must be one of"),
    ({"landcover": 3}, r"'landcover\[0\]' must be the name of a file, got 3"),
    ({"landcover": np.zeros((2, 2))}, r"'landcover\[0\]' must be the name of a file"),
    ({"landcover": [""]}, r"'landcover\[0\]' must not be empty"),
    ({"pois": 3}, "'pois' must be the name of a file, got 3"),
    ({"pois": "a\0.csv"}, "'pois' contains a character"),
    ({"pois": "p.csv", "poi_columns": ("x", "y")}, "'poi_columns' must have 3 values, got 2"),
    ({"pois": "p.csv", "poi_columns": "abc"}, "'poi_columns' must be a list of texts"),
    ({"study_area": "x"}, "'study_area' must be a polygon or multipolygon"),
    ({"study_area": shapely.Point(0, 0)}, "'study_area' must be a polygon or multipolygon"),
    ({"options": 3}, "Options must be sections such as 'training'"),
    ({"options": {"model": 3}}, "'model' must be a section with keys, got 3"),
    ({"options": {"modle": {}}}, "Did you mean 'model'"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG)
def test_each_wrong_argument_is_one_sentence(arguments, message):
    rng = np.random.default_rng(0)
    coords = rng.uniform(0, 1, (40, 2))
    with pytest.raises(InputError, match=message) as caught:
        GeoHGInterpolator(**{"resolution": 0.1, **arguments}).fit(coords, None, coords.sum(1))
    assert len(str(caught.value).splitlines()) == 1


def test_a_section_of_options_that_is_none_changes_nothing():
    made = GeoHGInterpolator(model="gnn", options={"model": None, "uncertainty": {"level": 0.8}})
    config = config_of(made.get_params())
    assert config.model.kind == "gnn" and config.uncertainty.level == 0.8
