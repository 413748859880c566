"""What training keeps of its tests, and what evaluating makes of it."""

import dataclasses
import json

import numpy as np
import pandas as pd
import pyogrio
import pytest
import rasterio
import shapely

from geohg.engine.data import store
from geohg.engine.data.builders.info import GraphInfo
from geohg.engine.data.builders.sites import Sites
from geohg.engine.errors import InputError
from geohg.engine.jobs import run
from geohg.engine.models.distances import distance_to
from geohg.engine.prediction.fitted import FittedMap
from geohg.engine.progress import Silent

from ..conftest import Recorder
from ..models.landscapes import make_graph, rows_and_cols, smooth_field

OPTIONS = {
    "model": {"transform": "identity"},
    "training": {"threads": 1, "block_size": 6000.0, "masked_ratio": 0.3, "seed": 2},
}


def job(name, outputs, **parts):
    return {"version": 1, "job": name, "outputs": outputs, **OPTIONS, **parts}


@pytest.fixture(scope="module")
def graph():
    """Two thirds of the cells of the western half are observed, none in the east."""
    graph = make_graph(rows=20, cols=40)
    _, col = rows_and_cols(graph)
    drawn = np.random.default_rng(0).random(len(graph.cell)) < 0.66
    y = np.where((col < 20) & drawn, smooth_field(graph), np.nan)
    return dataclasses.replace(graph, targets={"y": y}, info=GraphInfo(units={"y": "m"}))


@pytest.fixture(scope="module")
def trained(graph, tmp_path_factory):
    """What training says, and where everything lies."""
    folder = tmp_path_factory.mktemp("trained")
    names = ("report.json", "std.tif", "lower.tif", "upper.tif", "r.gpkg")
    paths = {name: str(folder / name) for name in names}
    paths |= {name: str(folder / f"{name}.safetensors") for name in ("graph", "model")}
    store.save_graph(paths["graph"], graph)
    outputs = {"model": paths["model"], "report_json": paths["report.json"]}
    return run(job("train", outputs, graph=paths["graph"]), Silent()), paths


def read(path):
    with rasterio.open(path) as raster:
        return raster.read(1).astype(float).ravel()


def test_training_tests_blocks_and_keeps_how_far_its_intervals_reach(graph, trained):
    result, paths = trained
    with open(paths["report.json"], encoding="utf-8") as file:
        report = json.load(file)
    blocks = {item["method"]: item for item in report["blocks"]["accuracy"]["methods"]}
    assert result["BLOCKS_RMSE"] == blocks["GeoHG"]["rmse"] > result["RMSE"]
    fitted = FittedMap.load(paths["model"])
    reach = fitted.reach
    assert reach.factors[-1] == report["diagnostics"]["reach"]["factors"][-1] > 1.02
    # No test cell is in a block: the model's file may know nothing of them.
    test = fitted.unseen(graph)
    assert list(report["diagnostics"]["coverage"]["by_test"]) == ["random", "blocks"]
    split = report["blocks"]["split"]
    assert split["known"] + split["test"] == len(graph.observed("y")) - len(test)
    assert 0.3 <= split["test"] / len(fitted.cells) < 0.5


def test_predicting_and_evaluating_widen_intervals_alike(graph, trained):
    result, paths = trained
    files = {"model_file": paths["model"], "graph": paths["graph"]}
    rasters = {name: paths[f"{name}.tif"] for name in ("std", "lower", "upper")}
    run({"version": 1, "job": "predict", "outputs": rasters, **files}, Silent())
    residuals = {"residuals": paths["r.gpkg"]}
    evaluated = run({"version": 1, "job": "evaluate", "outputs": residuals, **files}, Silent())
    for name in ("R2", "RMSE", "COVERAGE", "WIDTH", "TEST_CELLS", "KRIGING_RMSE"):
        assert evaluated[name] == pytest.approx(result[name], rel=1e-4), name
    meta, _, _, columns = pyogrio.raw.read(paths["r.gpkg"])
    table = dict(zip(meta["fields"], columns))
    for name in ("lower", "upper"):
        np.testing.assert_allclose(table[name], read(rasters[name])[table["cell"]], rtol=1e-5)
    fitted = FittedMap.load(paths["model"])
    known = np.searchsorted(graph.cell, fitted.cells)
    far = distance_to(graph, known) > fitted.reach.distances[-1]
    std = read(rasters["std"])
    spread = fitted.model.predict(graph, Silent()).spread
    ratio = std / spread
    between = np.median(ratio[table["cell"]])
    assert np.median(ratio[far]) / between > 1.5


def test_a_model_s_file_knows_nothing_of_its_test_cells(graph, trained, tmp_path):
    _, paths = trained
    test = FittedMap.load(paths["model"]).unseen(graph)
    y = graph.target("y").copy()
    y[test] += np.random.default_rng(1).normal(0, 50, len(test))
    store.save_graph(tmp_path / "g.safetensors", dataclasses.replace(graph, targets={"y": y}))
    run(
        job(
            "train",
            {"model": str(tmp_path / "m.safetensors")},
            graph=str(tmp_path / "g.safetensors"),
        ),
        Silent(),
    )
    one, other = (
        store.read(paths["model"], "model")[0],
        store.read(tmp_path / "m.safetensors", "model")[0],
    )
    assert set(one) == set(other)
    for name in one:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)


@pytest.mark.parametrize("part", ["published_order", "strict_reference"])
def test_a_run_as_published_has_no_blocks_and_says_so(graph, tmp_path, part):
    model, info = {"kind": "gnn"}, graph.info
    if part == "published_order":
        info = dataclasses.replace(info, published_order=list(range(len(graph.cell))))
        model = {"hidden_channels": 4, "kind": "gnn", "num_gnn_layers": 1}
    else:
        model = {"kind": "gnn", "strict_reference": True}
    training = {"threads": 1, "epochs": 2, "device": "cpu"}
    store.save_graph(tmp_path / "g.safetensors", dataclasses.replace(graph, info=info))
    recorder = Recorder()
    parts = {"graph": str(tmp_path / "g.safetensors"), "model": model, "training": training}
    result = run(job("train", {}, **parts), recorder)
    assert result["BLOCKS_RMSE"] is None and result["RMSE"] > 0
    assert "A run exactly as published holds out no spatial blocks." in recorder.lines


def test_a_block_test_that_cannot_be_fitted_is_no_failure(graph, tmp_path):
    """Eight observed cells, three held out: five fit a network, three without blocks do not."""
    y = np.full(len(graph.cell), np.nan)
    y[np.arange(8) * 83] = smooth_field(graph)[np.arange(8) * 83]
    store.save_graph(tmp_path / "g.safetensors", dataclasses.replace(graph, targets={"y": y}))
    recorder = Recorder()
    training = {"threads": 1, "epochs": 2, "device": "cpu", "masked_ratio": 0.4}
    parts = {
        "graph": str(tmp_path / "g.safetensors"),
        "model": {"kind": "gnn"},
        "training": training,
    }
    result = run(job("train", {}, **parts), recorder)
    assert result["BLOCKS_RMSE"] is None and result["RMSE"] > 0
    assert "Spatial blocks are not tested: Only 3 cells have" in recorder.warnings[0]


def test_a_graph_without_values_is_predicted_in_the_model_s_unit(graph, trained, tmp_path):
    bare = dataclasses.replace(graph, targets={}, info=dataclasses.replace(graph.info, units={}))
    store.save_graph(tmp_path / "g.safetensors", bare)
    files = {"model_file": trained[1]["model"], "graph": str(tmp_path / "g.safetensors")}
    outputs = {"prediction": str(tmp_path / "map.tif")}
    about = run({"version": 1, "job": "predict", "outputs": outputs, **files}, Silent())["ABOUT"]
    learnt = trained[0]["OBSERVED"] - trained[0]["TEST_CELLS"]
    assert (about["target"], about["unit"], about["observed"]) == ("y", "m", learnt)
    with rasterio.open(tmp_path / "map.tif") as raster:
        assert raster.descriptions == ("y [m]",)


def points_table(graph, cells, values, folder, name="new.csv"):
    """The part of a request for a point in the middle of each of these cells."""
    x, y = graph.grid.centres(graph.cell[cells]).T
    table = pd.DataFrame({"x": x + 300, "y": y - 200, "later": values})
    table.to_csv(folder / name, index=False)
    columns = {"coord_columns": ["x", "y"], "crs": graph.grid.crs, "targets": ["later"]}
    return {"path": str(folder / name), **columns}


def evaluate(trained, points, **more):
    files = {"model_file": trained[1]["model"], "graph": trained[1]["graph"], "points": points}
    return run({"version": 1, "job": "evaluate", "outputs": {}, **files, **more}, Silent())


def test_new_points_of_the_truth_are_met(graph, trained, tmp_path):
    """Points in cells where nobody had measured; those outside the graph are left out."""
    fresh = np.setdiff1d(np.arange(len(graph.cell)), graph.observed("y"))
    west = fresh[rows_and_cols(graph)[1][fresh] < 20]
    row, col = rows_and_cols(graph)
    # The points lie 0.3 cells east and 0.2 south of the middles.
    truth = 100 + 10 * np.sin((col + 0.3) / 8) + 10 * np.cos((row + 0.2) / 9)
    points = points_table(graph, west, truth[west], tmp_path)
    with open(points["path"], "a", encoding="utf-8") as file:
        file.write("0,0,5\n")
    outputs = {"report_json": str(tmp_path / "r.json"), "residuals": str(tmp_path / "r.gpkg")}
    result = evaluate(trained, points, outputs=outputs)
    assert result["TEST_CELLS"] == result["OBSERVED"] == len(west)
    assert result["R2"] > 0.98 and result["KRIGING_R2"] > 0.9 and result["COVERAGE"] > 0.8
    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert report["points"]["dropped"]["outside the extent"] == 1
    assert report["split"]["kind"] == "new points" and "cells with new points" in report["verdict"]
    meta, _, shapes, columns = pyogrio.raw.read(tmp_path / "r.gpkg")
    table = dict(zip(meta["fields"], columns))
    np.testing.assert_allclose(table["observed"], truth[table["cell"]])
    assert set(table["split"]) == {"points"}
    # They are predicted where they are, where the middles of their cells are wrong by more.
    at_middles = FittedMap.load(trained[1]["model"]).model.predict(graph, Silent()).mean
    wrong = np.sqrt(np.mean((at_middles[west] - truth[west]) ** 2))
    assert result["RMSE"] < 0.8 * wrong
    places = shapely.get_coordinates(shapely.from_wkb(shapes))
    np.testing.assert_allclose(places, graph.grid.centres(table["cell"]) + [300, -200])


def test_a_cell_that_the_model_knew_is_predicted_without_its_old_value(graph, trained, tmp_path):
    """Whatever the old points say again, the score is that of cells left out one by one."""
    fitted = FittedMap.load(trained[1]["model"])
    y, known = graph.target("y"), fitted.cells
    result = evaluate(trained, points_table(graph, known, y[known], tmp_path))
    left_out = fitted.model.leave_one_out().mean
    assert result["TEST_CELLS"] == len(known)
    assert result["RMSE"] == pytest.approx(np.sqrt(np.mean((left_out - y[known]) ** 2)), rel=1e-6)
    fit = fitted.model.predict(graph, Silent(), known).mean
    assert result["RMSE"] > 1.5 * np.sqrt(np.mean((fit - y[known]) ** 2))
    # The baselines are left without the value too.
    assert result["IDW_RMSE"] > 0.3


def test_a_graph_without_values_can_be_tested_by_new_points(graph, trained, tmp_path):
    store.save_graph(tmp_path / "g.safetensors", dataclasses.replace(graph, targets={}))
    fresh = np.setdiff1d(np.arange(len(graph.cell)), graph.observed("y"))[:50]
    points = points_table(graph, fresh, smooth_field(graph)[fresh], tmp_path)
    result = evaluate(trained, points, graph=str(tmp_path / "g.safetensors"))
    assert result["RMSE"] == pytest.approx(evaluate(trained, points)["RMSE"])
    assert result["IDW_RMSE"] is None and result["TEST_CELLS"] == 50


def test_cells_that_a_network_cannot_do_without_are_left_out(graph, tmp_path):
    store.save_graph(tmp_path / "g.safetensors", graph)
    training = {"threads": 1, "epochs": 2, "device": "cpu"}
    made = {
        "graph": str(tmp_path / "g.safetensors"),
        "model": {"kind": "gnn"},
        "training": training,
    }
    run(job("train", {"model": str(tmp_path / "m.safetensors")}, **made), Silent())
    fitted = FittedMap.load(tmp_path / "m.safetensors")
    asked = np.isfinite(fitted.model.leave_one_out().mean)
    values = graph.target("y")[fitted.cells]
    recorder, points = Recorder(), points_table(graph, fitted.cells, values, tmp_path)
    request = {
        "graph": str(tmp_path / "g.safetensors"),
        "model_file": str(tmp_path / "m.safetensors"),
        "points": points,
    }
    result = run({"version": 1, "job": "evaluate", **request}, recorder)
    assert result["TEST_CELLS"] == asked.sum() < len(asked)
    assert f"{(~asked).sum()} of the cells with new points were left out" in recorder.warnings[0]
    assert any(line.startswith(f"{asked.sum()} of the cells") for line in recorder.lines)
    blind = fitted.cells[~asked]
    request["points"] = points_table(graph, blind, values[~asked], tmp_path)
    with pytest.raises(InputError, match="give 0 cells to test the model, at least 2"):
        run({"version": 1, "job": "evaluate", **request}, Silent())


def test_refuses_new_points_that_test_nothing(graph, trained, tmp_path):
    points = points_table(graph, np.arange(5), np.arange(5.0), tmp_path)
    for changes, message in (
        ({"targets": ["later", "x"]}, "one at a time"),
        ({"targets": ["height"]}, "no field 'height'; they have: x, y, later"),
        ({"colour": 1}, "'points.colour' is not a part of this request"),
        ({"crs": "EPSG:32601"}, "None of the 5 points lies in a cell|observed in 0 cells"),
    ):
        with pytest.raises(InputError, match=message):
            evaluate(trained, {**points, **changes})
    sites = Sites(graph.geometry.crs, graph.geometry.centres(graph.cell))
    bare = dataclasses.replace(graph, geometry=sites)
    store.save_graph(tmp_path / "g.safetensors", bare)
    made = {"graph": str(tmp_path / "g.safetensors"), "training": {"threads": 1, "blocks": False}}
    run(job("train", {"model": str(tmp_path / "m.safetensors")}, **made), Silent())
    with pytest.raises(InputError, match="have no grid, so points cannot be assigned"):
        evaluate(trained, points, graph=made["graph"], model_file=str(tmp_path / "m.safetensors"))
