"""The plain calls give what the jobs and commands of their names give."""

import json

import numpy as np
import pandas as pd
import pyogrio
import pytest
import rasterio

import geohg
from geohg.engine.colours import colour_scale
from geohg.engine.config.schema import make_config
from geohg.engine.data import store
from geohg.engine.errors import GeoHGError, InputError, OutputError
from geohg.engine.jobs import run
from geohg.engine.progress import Silent

from .conftest import CELL, COLS, CRS, LEFT, QUICK, ROWS, TOP, Recorder

TRAINING = {**QUICK, "seed": 3}
CONFIG = make_config({"training": TRAINING})
FIGURES = ("r2", "rmse", "mae", "idw_rmse", "kriging_rmse", "test_cells")


@pytest.fixture(scope="module")
def data(landscape):
    """The landscape as arguments of a call."""
    named = {"data": landscape.points, "target_column": "value", "landcover": landscape.landcover}
    named |= {"coord_columns": ("x", "y"), "crs": CRS, "resolution": CELL}
    return {**named, "bbox": (LEFT, TOP - ROWS * CELL, LEFT + COLS * CELL, TOP)}


@pytest.fixture(scope="module")
def files(graph, tmp_path_factory):
    """A graph file, and the model that `train` fitted to it, with what it said."""
    folder = tmp_path_factory.mktemp("called")
    store.save_graph(folder / "graph.safetensors", graph)
    paths = (folder / "graph.safetensors", folder / "model.safetensors")
    return *paths, geohg.train(paths[0], "value", model=paths[1], config=CONFIG)


def alike(found, said):
    """Whether a call found the figures of a job."""
    for name in FIGURES:
        assert found[name] == pytest.approx(said[name.upper()], rel=1e-9), name


def test_build_graph_makes_the_graph_of_the_job(data, graph, tmp_path):
    table = pd.read_csv(data["data"])
    for name, sign in (("tabs.tsv", "\t"), ("semicolons.TXT", ";")):
        table.to_csv(tmp_path / name, sep=sign, decimal=",", index=False)
    written = [tmp_path / "tabs.tsv", tmp_path / "semicolons.TXT"]
    for source in (data["data"], str(data["data"]), table, *written):
        made = geohg.build_graph(**{**data, "data": source})
        assert made.geometry == graph.geometry
        np.testing.assert_array_equal(made.features, graph.features)
        np.testing.assert_array_equal(made.targets["value"], graph.targets["value"])


def test_build_graph_needs_no_points_and_takes_pois_and_covariates(data, landscape):
    places = {name: data[name] for name in ("landcover", "bbox", "resolution")}
    bare = geohg.build_graph(**places, grid_crs=CRS)
    assert bare.targets == {} and len(bare.cell) == ROWS * COLS
    full = geohg.build_graph(
        **{**data, "target_column": ["value", "x"]},
        feature_columns=["y"],
        pois=landscape.pois,
        poi_category="category",
    )
    assert set(full.targets) == {"value", "x"} and full.counts()["poi_nodes"] == 3
    assert full.feature_names[-1] == "y"


def test_train_scores_as_the_job_does_and_from_data_as_from_the_graph(files, data):
    path, _, found = files
    alike(found, run({"version": 1, "job": "train", "graph": str(path), "training": TRAINING}))
    direct = geohg.train(target="", config=CONFIG, **data)
    for name in FIGURES:
        assert direct[name] == pytest.approx(found[name], rel=1e-9), name


def test_a_report_has_its_json_beside_it_which_repeats_it(data, tmp_path):
    coarse = {**data, "data": pd.read_csv(data["data"]), "resolution": 3 * CELL}
    found = geohg.compare(**coarse, report=tmp_path / "report.html", config=CONFIG)
    assert found["report_json"] == found["report"].replace(".html", ".json")
    with open(found["report_json"], encoding="utf-8") as file:
        content = json.load(file)
    assert content["request"]["outputs"]["report"] == found["report"]
    again = run({**content["request"], "outputs": {}}, Silent())
    assert again["RMSE"] == pytest.approx(found["rmse"], rel=1e-9)


def test_evaluate_gives_the_figures_of_training_and_of_new_points(files, landscape, tmp_path):
    path, model, found = files
    again = geohg.evaluate(model, path, config=CONFIG)
    for name in ("r2", "rmse", "mae", "test_cells"):
        assert again[name] == pytest.approx(found[name], rel=1e-5), name
    row, col = np.divmod(np.arange(0, ROWS * COLS, 7), COLS)
    new = pd.DataFrame({"x": LEFT + (col + 0.5) * CELL, "y": TOP - (row + 0.5) * CELL})
    new["later"] = landscape.truth[row, col]
    new.to_csv(tmp_path / "new.csv", index=False)
    how = {"target_column": "later", "coord_columns": ("x", "y"), "crs": CRS, "config": CONFIG}
    scores = geohg.evaluate(model, path, data=tmp_path / "new.csv", **how)
    memory = geohg.evaluate(model, path, data=new, residuals=tmp_path / "r.gpkg", **how)
    assert scores["rmse"] == memory["rmse"] and scores["rmse"] < landscape.truth.std()
    points = {"path": str(tmp_path / "new.csv"), "crs": CRS, "coord_columns": ["x", "y"]}
    request = {"version": 1, "job": "evaluate", "model_file": str(model), "graph": str(path)}
    said = run({**request, "points": {**points, "targets": ["later"]}, "training": TRAINING})
    assert scores["rmse"] == pytest.approx(said["RMSE"], rel=1e-9)
    assert pyogrio.read_info(tmp_path / "r.gpkg")["features"] == scores["test_cells"]
    with pytest.raises(InputError, match="no field 'value'"):
        geohg.evaluate(model, path, data=new, coord_columns=("x", "y"), crs=CRS)


def test_evaluate_reads_the_model_once_and_takes_its_target_from_it(
    files, landscape, tmp_path, monkeypatch
):
    path, model, _ = files
    read = []
    load = geohg.FittedMap.load.__func__
    monkeypatch.setattr(
        geohg.FittedMap, "load", classmethod(lambda *given: read.append(1) or load(*given))
    )
    row, col = np.divmod(np.arange(0, ROWS * COLS, 7), COLS)
    new = pd.DataFrame({"x": LEFT + (col + 0.5) * CELL, "y": TOP - (row + 0.5) * CELL})
    new["value"] = landscape.truth[row, col]
    how = {"coord_columns": ("x", "y"), "crs": CRS, "config": CONFIG}
    found = geohg.evaluate(model, path, data=new, report=tmp_path / "r.html", **how)
    assert read == [1]
    named = geohg.evaluate(model, path, data=new, target_column="value", **how)
    assert (found["rmse"], found["test_cells"]) == (named["rmse"], named["test_cells"])
    with open(found["report_json"], encoding="utf-8") as file:
        again = run({**json.load(file)["request"], "outputs": {}}, Silent())
    assert again["RMSE"] == pytest.approx(found["rmse"], rel=1e-9)


def test_predict_writes_the_map_of_the_model(files, graph, tmp_path):
    path, model, _ = files
    outputs = [tmp_path / "map.tif", tmp_path / "map.csv"]
    more = {"std": tmp_path / "std.tif", "contours": tmp_path / "lines.fgb"}
    found = geohg.predict(model, path, outputs, config=CONFIG, **more)
    assert found["cells"] == ROWS * COLS and found["table"] == str(outputs[1])
    known = geohg.FittedMap.load(model).map(graph, level=0.9)
    for name, values in (("prediction", known.mean), ("std", known.std)):
        with rasterio.open(found[name]) as raster:
            np.testing.assert_allclose(raster.read(1).ravel(), values, rtol=1e-6)
    np.testing.assert_allclose(pd.read_csv(outputs[1])["value"], known.mean, rtol=1e-9)
    level = pyogrio.raw.read(more["contours"])[3][0]
    drawn = colour_scale(known.mean.tolist(), logarithmic=True).levels
    assert {*level} <= {*drawn} and len({*level}) > 3
    narrow = make_config({"uncertainty": {"level": 0.5}})
    geohg.predict(model, path, tmp_path / "narrow.csv", config=narrow)
    width = pd.read_csv(tmp_path / "narrow.csv").eval("value_upper - value_lower")
    assert (width < pd.read_csv(outputs[1]).eval("value_upper - value_lower")).all()


def test_compare_scores_all_methods_as_the_job_does(data, landscape):
    small = {**data, "resolution": 2 * CELL}
    found = geohg.compare(**small, config=CONFIG)
    grid = {**landscape.request()["grid"], "cell_size": 2 * CELL}
    alike(found, run(landscape.request("compare", grid=grid, training=TRAINING)))
    assert found["forest_rmse"] > 0 and found["mean_rmse"] > found["rmse"]


def test_what_is_learnt_reaches_the_progress(data):
    watcher = Recorder()
    geohg.build_graph(**data, progress=watcher)
    assert watcher.fractions


TOGETHER = "belong together"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda f, d, t: geohg.train(), "name a graph file, or a city"),
        (lambda f, d, t: geohg.train(f[0], **d), "'graph' is a whole graph; leave out points"),
        (lambda f, d, t: geohg.train("none"), "The graph file 'none' does not exist"),
        (lambda f, d, t: geohg.train(f[0], "other"), "no target 'other'"),
        (lambda f, d, t: geohg.evaluate("none"), "The model file 'none' does not exist"),
        (lambda f, d, t: geohg.predict(f[1], f[0], t / "a.png"), r"must end with one of \.tif"),
        (lambda f, d, t: geohg.predict(f[1], f[0], [t / "a.csv", t / "b.gpkg"]), "b.gpkg' is the"),
        (lambda f, d, t: geohg.predict(f[1], f[0], [t / "a.tif", t / "b.tiff"]), "b.tiff' is the"),
        (
            lambda f, d, t: geohg.predict(f[1], f[0], t / "a.csv", mean=t / "m.tif"),
            "'mean' is no raster of a prediction, and no source; known are std, lower, upper, appl",
        ),
        (lambda f, d, t: geohg.build_graph(data="p.csv"), f"'data' and 'target_column' {TOGETHER}"),
        (lambda f, d, t: geohg.build_graph(target_column="v"), f"'target_column' {TOGETHER}"),
        (lambda f, d, t: geohg.build_graph(pois="p"), f"'pois' and 'poi_category' {TOGETHER}"),
        (lambda f, d, t: geohg.build_graph(**d, layer="a"), "csv' has no layers; leave out the"),
        (lambda f, d, t: geohg.build_graph(), "A graph needs data"),
        (lambda f, d, t: geohg.compare("none.csv", "v"), "The table 'none.csv' does not exist"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(files, data, tmp_path, call, message):
    with pytest.raises(GeoHGError, match=message):
        call(files, data, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_no_output_replaces_what_is_read(files, tmp_path):
    path, model, _ = files
    with pytest.raises((InputError, OutputError), match="is also an input"):
        geohg.train(path, model=path)
    settings = tmp_path / "settings.csv"
    settings.write_text("training: {seed: 3}\n")
    with pytest.raises((InputError, OutputError), match="is also an input"):
        geohg.predict(model, path, settings, settings=settings)
    assert settings.read_text() == "training: {seed: 3}\n"
