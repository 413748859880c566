"""GeoHGClassifier on fields whose classes are known, by the ways of scikit-learn."""

import numpy as np
import pandas as pd
import pytest
import rasterio
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import cross_val_score

import geohg

UTM = "EPSG:32631"


@pytest.fixture(scope="module")
def field():
    """Places, and three classes in belts that bend."""
    rng = np.random.default_rng(0)
    xy = 500_000 + rng.uniform(0, 10_000, (260, 2))
    wave = np.sin(xy[:, 0] / 1500) + np.cos(xy[:, 1] / 1700)
    return xy, np.array(["low", "mid", "high"])[np.digitize(wave, [-0.5, 0.5])]


@pytest.fixture(scope="module")
def fitted(field):
    xy, y = field
    options = {"training": {"validation": "holdout", "blocks": False}}
    return geohg.GeoHGClassifier(500, crs=UTM, options=options).fit(xy, y)


def test_it_keeps_the_conventions_of_a_classifier(field, fitted):
    xy, y = field
    assert [*fitted.classes_] == ["high", "low", "mid"] and fitted.n_features_in_ == 2
    chance = fitted.predict_proba(xy)
    np.testing.assert_allclose(chance.sum(axis=1), 1.0)
    np.testing.assert_array_equal(fitted.predict(xy), fitted.classes_[chance.argmax(axis=1)])
    assert fitted.score(xy, y) > 0.9
    assert clone(fitted).get_params() == fitted.get_params()
    with pytest.raises(NotFittedError):
        clone(fitted).predict(xy)


def test_it_is_tested_beside_other_methods(fitted):
    metrics = fitted.metrics_
    assert metrics["test_points"] > 40 and metrics["accuracy"] > 0.75
    assert metrics["nearest_log_loss"] is None and metrics["blocks_accuracy"] is None
    assert metrics["log_loss"] < 1.0 < np.log(3)


def test_cross_validation_runs(field):
    plain = geohg.GeoHGClassifier(500, crs=UTM, masked_ratio=0)
    assert cross_val_score(plain, *field, cv=2).min() > 0.7


def test_labels_may_be_numbers_and_rows_may_have_none(field):
    xy, y = field
    table = pd.DataFrame(xy, columns=["x", "y"])
    labels = pd.Series(np.array([10, 20, 30])[np.unique(y, return_inverse=True)[1]], dtype=object)
    labels[::7] = None
    found = geohg.GeoHGClassifier(500, crs=UTM, masked_ratio=0).fit(table, labels)
    assert [*found.classes_] == [10, 20, 30] and [*found.feature_names_in_] == ["x", "y"]
    known = labels.notna().to_numpy()
    assert np.mean(found.predict(table[known]) == labels[known]) > 0.9


def test_beyond_the_map_the_grid_goes_on_and_nowhere_is_told(fitted):
    chance = fitted.predict_proba([[515_000, 505_000], [np.nan, 505_000]])
    assert chance[0].sum() == pytest.approx(1.0) and np.isnan(chance[1]).all()
    with pytest.raises(geohg.InputError, match="1 places have no class: they have no position"):
        fitted.predict([[505_000, 505_000], [np.nan, 505_000]])


def test_maps_are_written(fitted, tmp_path):
    found = fitted.save_map(tmp_path / "c.tif", tmp_path / "p.tif", tmp_path / "r.html")
    assert found.names == ("high", "low", "mid")
    with rasterio.open(tmp_path / "c.tif") as raster:
        codes = raster.read(1)
        assert codes.size == found.graph.grid.size and {*np.unique(codes)} == {1, 2, 3}
    assert (tmp_path / "r.html").stat().st_size > 10_000
    with pytest.raises(geohg.OutputError, match="end its name with .tif"):
        fitted.save_map(tmp_path / "c.png")


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (np.linspace(0, 1, 260), "y has no classes: Unknown label type: continuous"),
        (np.full(260, "a"), "All points have the class 'a'"),
        (np.full(260, None), "None of the 260 points has a class"),
        (np.zeros((260, 2)), "y has no classes: y should be a 1d array"),
        (np.arange(260), "has 260 different values"),
        (["a", "b"], "260 rows and values 2"),
    ],
)
def test_what_is_no_class_is_refused(field, y, message):
    with pytest.raises(geohg.InputError, match=message):
        geohg.GeoHGClassifier(500, crs=UTM, masked_ratio=0).fit(field[0], y)


def test_its_model_file_maps_the_same_classes(fitted, tmp_path):
    found = fitted.save_map(applicability=tmp_path / "a.tif")
    bbox = fitted.graph_.grid.bounds
    told = geohg.predict(
        fitted.save(tmp_path / "m.safetensors"),
        output=tmp_path / "c.tif",
        bbox=bbox,
        probabilities=tmp_path / "p.tif",
    )
    with rasterio.open(tmp_path / "c.tif") as codes, rasterio.open(tmp_path / "a.tif") as area:
        np.testing.assert_array_equal(codes.read(1).ravel(), found.codes)
        share = found.applicable.mean()
        assert told["applicable_share"] == pytest.approx(share) and 0.8 < share < 1
        assert area.read(2).mean() == pytest.approx(share)
    with rasterio.open(tmp_path / "p.tif") as chances:
        np.testing.assert_allclose(chances.read().reshape(3, -1).T, found.probabilities, atol=1e-6)
