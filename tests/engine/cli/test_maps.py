"""predict and import-city; what a model reads, and what it does not, from the terminal."""

import dataclasses
import os

import numpy as np
import pandas as pd
import pyogrio
import pytest
import rasterio

import geohg
from geohg.engine.data import store
from geohg.engine.data.builders.sites import Sites
from geohg.engine.prediction.fitted import FittedMap

from ..conftest import COLS, CRS, ROWS
from .conftest import FAST, SMALL, answer, call

QUICK = (*FAST, "--no-blocks")


@pytest.fixture(scope="module")
def model(built, tmp_path_factory):
    """What `train` said of the default model on the built graph."""
    folder = tmp_path_factory.mktemp("model")
    return answer("train", "--graph", built[1]["graph"], *QUICK, "--model-dir", folder)


def test_predict_maps_the_graph_with_a_model_file(built, model, tmp_path):
    named = ("--model-path", model["model"], "--graph", built[1]["graph"], *FAST)
    names = {name: tmp_path / f"{name}.tif" for name in ("std", "lower", "upper", "applicability")}
    rasters = [flag for name, path in names.items() for flag in (f"--{name}", path)]
    outputs = ("--output", tmp_path / "map.tif", "--output", tmp_path / "map.gpkg")
    rasters += ["--contours", tmp_path / "lines.gpkg", "--contour-interval", 1]
    found = answer("predict", *named, *outputs, *rasters, "--level", "0.8")
    assert found["cells"] == ROWS * COLS and found["table"] == str(tmp_path / "map.gpkg")
    known = FittedMap.load(model["model"]).map(store.load_graph(built[1]["graph"]), level=0.8)
    for name, values in (("prediction", known.mean), ("std", known.std), ("upper", known.upper)):
        with rasterio.open(found[name]) as raster:
            np.testing.assert_allclose(raster.read(1).ravel(), values, rtol=1e-5)
    levels = pyogrio.raw.read(found["contours"])[3][0]
    assert len(levels) and (levels == np.round(levels)).all()
    table = pyogrio.read_dataframe(found["table"], read_geometry=False)
    np.testing.assert_allclose(table["value"], known.mean, rtol=1e-6)
    assert found["applicable_share"] == pytest.approx(table["value_applicable"].mean())
    lines = call("predict", *named, *outputs)[0].splitlines()
    assert ["cells", str(ROWS * COLS)] in [line.split() for line in lines]


def test_predict_maps_the_sources_of_the_training(landscape, built, model, tmp_path):
    named = ("--model-path", model["model"], *FAST)
    known = answer("predict", *named, "--graph", built[1]["graph"], "--output", tmp_path / "a.tif")
    sources = ("--landcover", landscape.landcover, "--poi", landscape.pois)
    sources += ("--poi-category", "category", "--coord-columns", "x,y", "--crs", CRS)
    found = answer("predict", *named, *sources, "--output", tmp_path / "b.tif")
    library = geohg.predict(
        model["model"],
        output=tmp_path / "c.tif",
        landcover=landscape.landcover,
        pois=landscape.pois,
        poi_category="category",
        coord_columns=("x", "y"),
        crs=CRS,
    )
    planes = [rasterio.open(each["prediction"]).read(1) for each in (known, found, library)]
    np.testing.assert_allclose(planes[1], planes[0], rtol=1e-5)
    np.testing.assert_array_equal(planes[2], planes[1])
    assert found["cells"] == ROWS * COLS and found["applicable_share"] == known["applicable_share"]
    both = ("--graph", built[1]["graph"], *sources, "--output", tmp_path / "d.tif")
    assert (
        "'graph' is a whole graph; leave out landcover" in call("predict", *named, *both, code=2)[1]
    )
    assert "No such option" in call("predict", *named, "--data", "p.csv", code=2)[1]


def test_a_network_maps_sources_too(landscape, built, tmp_path):
    made = ("--graph", built[1]["graph"], *FAST, *SMALL, "--epochs", "3", "--no-blocks")
    model = answer("train", *made, "--model-dir", tmp_path)["model"]
    named = ("--model-path", model, *FAST, "--output")
    known = answer("predict", *named, tmp_path / "a.tif", "--graph", built[1]["graph"])
    sources = ("--landcover", landscape.landcover, "--poi", landscape.pois)
    sources += ("--poi-category", "category", "--coord-columns", "x,y", "--crs", CRS)
    found = answer("predict", *named, tmp_path / "b.tif", *sources)
    planes = [rasterio.open(each["prediction"]).read(1) for each in (known, found)]
    np.testing.assert_allclose(planes[1], planes[0], rtol=1e-4)


def test_a_map_of_places_is_a_table_and_no_raster(built, tmp_path):
    graph = store.load_graph(built[1]["graph"])
    sites = Sites(graph.geometry.crs, graph.geometry.centres(graph.cell))
    path = tmp_path / "sites.safetensors"
    store.save_graph(path, dataclasses.replace(graph, geometry=sites))
    model = answer("train", "--graph", path, *QUICK, "--model-dir", tmp_path)["model"]
    named = ("--model-path", model, "--graph", path, *FAST)
    before = sorted(os.listdir(tmp_path))
    error = call("predict", *named, "--output", tmp_path / "map.tif", code=2)[1]
    assert (
        "cells have no grid, so they give no raster and no contours; write a table of the cells"
        in error
    )
    assert sorted(os.listdir(tmp_path)) == before
    found = answer("predict", *named, "--output", tmp_path / "map.csv")
    assert list(pd.read_csv(found["table"]))[:3] == ["x", "y", "value"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Missing option '--model-path'"),
        (("--model-path", "m"), "Missing option '--output'"),
        (("--model-path", "m", "--output", "a.csv"), "The model file 'm' does not exist"),
        (("--model-path", "m", "--output", "a.png"), "must end with one of .tif, .tiff, .csv"),
    ],
)
def test_predict_refuses(arguments, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert message in call("predict", *arguments, code=2)[1] and os.listdir() == []


def test_import_city_makes_the_graph_that_was_written(built, tmp_path):
    found = answer("import-city", built[0], "--output-dir", tmp_path / "new")
    assert found["graph"] == str(tmp_path / "new" / "graph.safetensors")
    made, first = store.load_graph(found["graph"]), store.load_graph(built[1]["graph"])
    assert made.geometry == first.geometry and found["area_nodes"] == ROWS * COLS
    np.testing.assert_allclose(made.features, first.features, rtol=1e-6)
    np.testing.assert_array_equal(made.targets["value"], first.targets["value"])


def test_import_city_takes_targets_of_another_folder(built, tmp_path):
    (tmp_path / "targets").mkdir()
    values = pd.read_csv(built[0] / "value.csv")
    values.assign(value=2 * values["value"]).to_csv(tmp_path / "targets" / "twice.csv", index=False)
    flags = ("--target-folder", tmp_path / "targets", "--output-dir", tmp_path)
    targets = store.load_graph(answer("import-city", built[0], *flags)["graph"]).targets
    first = store.load_graph(built[1]["graph"]).targets["value"]
    np.testing.assert_allclose(targets["twice"], 2 * first)


def test_import_city_refuses(built, tmp_path):
    assert "Missing argument 'FOLDER'" in call("import-city", "--output-dir", "o", code=2)[1]
    empty = tmp_path / "empty"
    empty.mkdir()
    out, error = call("import-city", empty, "--output-dir", tmp_path, code=2)
    assert out == "" and error.startswith("Error: ") and "empty" in error
    assert len(error.splitlines()) == 1
    missing = ("--target-folder", tmp_path / "none", "--output-dir", tmp_path)
    assert "none' with targets; name another" in call("import-city", built[0], *missing, code=2)[1]


def test_what_a_model_reads_changes_its_figures_and_no_warning_is_given(built, model):
    graph = ("--graph", built[1]["graph"], *QUICK, "--json")
    for flags in (("--hypernode", "mono"), ("--entity-thresh", "0.9", "--poi-thresh", "1")):
        out, error = call("train", *graph, *flags)
        assert f'"rmse": {model["rmse"]}' not in out and "does not use" not in error


def test_what_a_model_does_not_read_is_said_once_and_changes_nothing(built, model):
    flags = ("--lr", ".5", "--epochs", "3", "--dropout", ".9")
    out, error = call("train", "--graph", built[1]["graph"], *QUICK, *flags, "--quiet", "--json")
    named = "model.dropout, training.epochs, training.lr; gnn does."
    (line,) = [line for line in error.splitlines() if "does not use" in line]
    start = "Warning: The model propagation does not use these options, so they change nothing: "
    assert line == start + named and f'"rmse": {model["rmse"]}' in out
