"""Maps of any graph: on a grid, and on a list of places."""

import dataclasses
import os

import numpy as np
import pandas as pd
import pyogrio
import pytest
import rasterio
import shapely

from geohg.engine.data import store
from geohg.engine.data.builders.sites import Sites
from geohg.engine.errors import InputError, OutputError
from geohg.engine.jobs import run
from geohg.engine.names import RASTERS, SUFFIXES
from geohg.engine.prediction.fitted import FittedMap
from geohg.engine.progress import Silent

from ..conftest import QUICK, Recorder
from ..models.landscapes import UTM, make_graph, smooth_field

TRAINING = {**QUICK, "seed": 2}


@pytest.fixture(scope="module")
def graphs():
    """A grid, and stations at the middle of its cells; half of the cells are observed."""
    grid = make_graph(rows=12, cols=20)
    drawn = np.random.default_rng(0).random(240) < 0.5
    y = np.where(drawn, smooth_field(grid), np.nan)
    grid = dataclasses.replace(grid, targets={"y": y})
    sites = Sites(UTM, grid.geometry.centres(grid.cell))
    return {"grid": grid, "sites": dataclasses.replace(grid, geometry=sites)}


@pytest.fixture(scope="module")
def trained(graphs, tmp_path_factory):
    """Where the graph and the model of each lie."""
    folder, found = tmp_path_factory.mktemp("any"), {}
    for name, graph in graphs.items():
        paths = {key: str(folder / f"{name}_{key}.safetensors") for key in ("graph", "model")}
        store.save_graph(paths["graph"], graph)
        request = {"version": 1, "job": "train", "graph": paths["graph"], "training": TRAINING}
        run({**request, "outputs": {"model": paths["model"]}}, Silent())
        found[name] = paths
    return found


def predict(paths, outputs, progress=None, **more):
    parts = {"model_file": paths["model"], "graph": paths["graph"], **more}
    request = {"version": 1, "job": "predict", "training": {"threads": 1}, "outputs": outputs}
    if {"exceedance", "quantile_map"} & {*outputs}:
        request["uncertainty"] = {"thresholds": [95.0, 110.0], "quantiles": [0.05, 0.5, 0.95]}
    return run({**request, **parts}, progress or Silent())


COLUMNS = ["y_mean", "y_std", "y_lower", "y_upper", "y_dissimilarity", "y_applicable"]


@pytest.mark.parametrize("name", ["grid", "sites"])
def test_a_table_has_every_cell_of_any_graph(graphs, trained, tmp_path, name):
    path = tmp_path / "map.csv"
    found = predict(trained[name], {"table": str(path)})
    assert found["CELLS"] == 240 and found["table"] == str(path)
    table = pd.read_csv(path)
    assert list(table) == ["x", "y", *COLUMNS]
    centres = graphs[name].geometry.centres(graphs[name].cell)
    np.testing.assert_array_equal(table[["x", "y"]].to_numpy(), centres)
    known = FittedMap.load(trained[name]["model"]).map(graphs[name], level=0.9)
    np.testing.assert_allclose(table["y_mean"], known.mean, rtol=1e-12)
    np.testing.assert_allclose(table["y_std"], known.std, rtol=1e-12)
    truth = smooth_field(graphs["grid"])
    assert np.abs(table["y_mean"] - truth).mean() < 0.05 * truth.std()


def test_contours_are_predicted_too(graphs, trained, tmp_path):
    told = {"outputs": {"contours": str(tmp_path / "lines.gpkg")}}
    predict(trained["grid"], **told, output={"contour_interval": 5.0})
    level = pyogrio.raw.read(tmp_path / "lines.gpkg")[3][0]
    mean = FittedMap.load(trained["grid"]["model"]).map(graphs["grid"], level=0.9).mean
    known = np.arange(np.ceil(mean.min() / 5), np.floor(mean.max() / 5) + 1) * 5
    assert len(known) > 2 and [*np.unique(level)] == [*known]


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".fgb"])
@pytest.mark.parametrize(("name", "shape"), [("grid", "Polygon"), ("sites", "Point")])
def test_a_layer_has_the_shapes_of_the_cells(graphs, trained, tmp_path, name, shape, suffix):
    path = tmp_path / f"map{suffix}"
    predict(trained[name], {"table": str(path)})
    info, _, geometry, fields = pyogrio.raw.read(path)
    assert info["geometry_type"] == shape and info["fields"].tolist() == ["cell", *COLUMNS]
    shapes, order = shapely.from_wkb(geometry), np.argsort(fields[0])
    assert fields[0][order].tolist() == graphs[name].cell.tolist()
    if suffix != ".geojson":
        centres = graphs[name].geometry.centres(graphs[name].cell)
        found = shapely.get_coordinates(shapely.centroid(shapes[order]))
        np.testing.assert_allclose(found, centres, rtol=1e-12)
    known = FittedMap.load(trained[name]["model"]).map(graphs[name], level=0.9)
    np.testing.assert_allclose(fields[1][order], known.mean, rtol=1e-9)
    applicable = np.asarray(fields[6][order], float)
    np.testing.assert_array_equal(applicable, known.applicable.astype(float))


def test_a_grid_gives_rasters_beside_its_table_with_the_same_values(trained, tmp_path):
    paths = {name: str(tmp_path / f"{name}.tif") for name in RASTERS}
    predict(trained["grid"], {**paths, "table": str(tmp_path / "t.csv")})
    table = pd.read_csv(tmp_path / "t.csv")
    for name, column in (("prediction", "y_mean"), ("std", "y_std"), ("upper", "y_upper")):
        with rasterio.open(paths[name]) as raster:
            np.testing.assert_allclose(raster.read(1).ravel(), table[column], rtol=1e-6)


def test_probabilities_and_quantiles_agree_with_the_intervals_and_with_the_table(trained, tmp_path):
    names = ("lower", "upper", "exceedance", "quantile_map")
    paths = {name: str(tmp_path / f"{name}.tif") for name in names}
    predict(trained["grid"], {**paths, "table": str(tmp_path / "t.csv")})
    planes = {}
    for name in names:
        with rasterio.open(paths[name]) as raster:
            planes[name] = raster.read().astype(float)
            told = raster.descriptions
        if name == "exceedance":
            assert told == ("y: probability above 95", "y: probability above 110")
    assert told == ("y: 5 % quantile", "y: 50 % quantile", "y: 95 % quantile")
    table = pd.read_csv(tmp_path / "t.csv")
    for number, limit in enumerate((95, 110)):
        chance = planes["exceedance"][number]
        np.testing.assert_allclose(chance.ravel(), table[f"y_above_{limit}"], rtol=1e-5)
        assert (chance[planes["lower"][0] > limit] >= 0.94).all()
        assert (chance[planes["upper"][0] < limit] <= 0.06).all()
        # So many standard deviations off that chance plays no part.
        truth = smooth_field(make_graph(rows=12, cols=20)).reshape(12, 20)
        assert (chance[truth > limit + 3] > 0.9).all() and (chance[truth < limit - 3] < 0.1).all()
    low, middle, high = planes["quantile_map"]
    width = (planes["upper"] - planes["lower"])[0]
    assert np.abs(low - planes["lower"][0]).max() < 0.1 * width.max()
    assert np.abs(high - planes["upper"][0]).max() < 0.1 * width.max()
    assert ((low < middle) & (middle < high)).all()


@pytest.mark.parametrize(
    ("output", "option"), [("exceedance", "thresholds"), ("quantile_map", "quantiles")]
)
def test_a_raster_of_no_threshold_is_refused(trained, tmp_path, output, option):
    with pytest.raises(InputError, match=rf"'{output}' needs numbers in 'uncertainty.{option}'"):
        predict(trained["grid"], {output: str(tmp_path / "a.tif")}, uncertainty={"level": 0.8})


def test_simulations_are_those_of_the_library_and_repeat_with_their_seed(graphs, trained, tmp_path):
    path = tmp_path / "s.tif"
    given = {"simulations_count": 3, "simulations_seed": 4}
    predict(trained["grid"], {"simulations": str(path)}, uncertainty=given)
    with rasterio.open(path) as raster:
        assert raster.descriptions == tuple(f"y: simulation {n}" for n in (1, 2, 3))
        found = raster.read()
    fitted = FittedMap.load(trained["grid"]["model"])
    expected = fitted.simulate(graphs["grid"], 3, seed=4)
    np.testing.assert_allclose(found.reshape(3, -1).T, expected, rtol=1e-5)
    assert not np.allclose(expected, fitted.simulate(graphs["grid"], 3, seed=5))


def test_a_network_is_told_before_it_is_trained_that_it_simulates_nothing(landscape, tmp_path):
    outputs, watcher = {"simulations": str(tmp_path / "s.tif")}, Recorder()
    for kind, of in (("gnn", {}), ("gnn", {"strict_reference": True})):
        request = landscape.request(model={"kind": kind, **of}, outputs=outputs)
        with pytest.raises(InputError, match="the kind 'gnn' gives no simulations"):
            run(request, watcher)
    assert os.listdir(tmp_path) == [] and max(watcher.fractions, default=0) < 0.1


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"simulations_count": 1001}, "must be at most 1000|between 0 and 1000"),
        ({"thresholds": [5, 5.0]}, r"'uncertainty.thresholds' has 5.0 twice"),
        ({"quantiles": [1.0]}, "must lie between 0.001 and 0.999"),
        ({"thresholds": [float("nan")]}, "finite"),
    ],
)
def test_refuses_thresholds_and_quantiles_that_are_none(trained, tmp_path, given, message):
    with pytest.raises(InputError, match=message):
        predict(trained["grid"], {"table": str(tmp_path / "a.csv")}, uncertainty=given)


@pytest.mark.parametrize("output", [*RASTERS, "contours"])
def test_a_raster_of_no_grid_is_refused_before_the_prediction(trained, tmp_path, output):
    watcher = Recorder()
    suffix = SUFFIXES[output][0]
    outputs = {output: str(tmp_path / f"map{suffix}"), "table": str(tmp_path / "map.csv")}
    message = "The graph's 240 cells have no grid, so they give no raster and no contours; write"
    with pytest.raises(InputError, match=message):
        predict(trained["sites"], outputs, watcher)
    assert os.listdir(tmp_path) == [] and max(watcher.fractions, default=0) < 0.1


def test_a_table_of_another_format_is_refused(trained, tmp_path):
    with pytest.raises((InputError, OutputError), match=r"\.csv"):
        predict(trained["sites"], {"table": str(tmp_path / "map.shp")})


@pytest.mark.parametrize("target", ["value", "X", "lat", "cell", "fid", "geom"])
@pytest.mark.parametrize("suffix", [".csv", ".gpkg"])
def test_a_target_named_as_a_column_of_the_cells_replaces_none(graphs, tmp_path, target, suffix):
    graph = dataclasses.replace(graphs["grid"], targets={target: graphs["grid"].targets["y"]})
    store.save_graph(tmp_path / "graph.safetensors", graph)
    paths = {key: str(tmp_path / f"{key}.safetensors") for key in ("graph", "model")}
    request = {"version": 1, "job": "train", "graph": paths["graph"], "training": TRAINING}
    run({**request, "outputs": {"model": paths["model"]}}, Silent())
    path = tmp_path / f"map{suffix}"
    predict(paths, {"table": str(path)})
    own = target if target == "value" else f"{target}_mean"
    first = ["x", "y"] if suffix == ".csv" else ["cell"]
    table = (
        pd.read_csv(path) if suffix == ".csv" else pyogrio.read_dataframe(path, read_geometry=False)
    )
    assert list(table)[: len(first) + 2] == [*first, own, f"{target}_std"]
    known = FittedMap.load(paths["model"]).map(graph, level=0.9)
    np.testing.assert_allclose(table[own], known.mean, rtol=1e-9)


def test_a_model_of_places_maps_no_sources(trained, tmp_path):
    parts = {"graph": None, "grid": {"bounds": [0.0, 0.0, 1000.0, 1000.0]}}
    message = "was trained on .* cells without a grid, so no map can be made of sources; give a gra"
    with pytest.raises(InputError, match=message):
        predict(trained["sites"], {"table": str(tmp_path / "map.csv")}, **parts)


def test_without_a_graph_there_must_be_a_city(trained, tmp_path):
    with pytest.raises(InputError, match="name a graph file, or a city"):
        predict(trained["grid"], {"table": str(tmp_path / "map.csv")}, graph=None)


def test_a_whole_graph_and_own_data_are_not_both_taken(landscape, trained):
    request = landscape.request("train", graph=trained["grid"]["graph"])
    request = {name: part for name, part in request.items() if name != "outputs"}
    message = "'graph' is a whole graph; leave out points, landcover, grid."
    for job in ("train", "pretrain"):
        with pytest.raises(InputError, match=message):
            run({**request, "job": job}, Silent())
