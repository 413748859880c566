"""What a request may hold, and what becomes of each mistake in one."""

import importlib
from pathlib import Path

import numpy as np
import pytest

from geohg.engine import jobs
from geohg.engine.errors import InputError, OutputError
from geohg.engine.jobs.request import JOBS, check_request, input_paths
from geohg.engine.names import BUILDGRAPH

POINTS = {"path": "p.csv", "crs": "EPSG:4326", "coord_columns": ["x", "y"], "targets": ["v"]}


def request_for(job="interpolate", **parts):
    base = {"version": 1, "job": job, "points": POINTS, "landcover": []}
    return {**base, **parts}


def test_every_job_has_a_form_and_no_other():
    found = set()
    for path in Path(jobs.__file__).parent.glob("*.py"):
        if path.stem != "__init__":
            module = importlib.import_module(f"geohg.engine.jobs.{path.stem}")
            found |= {path.stem} if hasattr(module, "run") else set()
    assert found == set(JOBS)


def test_null_and_empty_are_not_there_and_a_band_is_the_first():
    checked = check_request(
        request_for(
            points={**POINTS, "group": "", "covariates": None},
            landcover=[{"path": "a.tif"}, {"path": "b.tif", "band": 2}],
            poi=None,
            config_file="",
            training=None,
            outputs={"prediction": "m.tif", "std": None, "lower": ""},
        )
    )
    assert checked == {
        "version": 1,
        "job": "interpolate",
        "points": {**POINTS, "coord_columns": ("x", "y"), "targets": ("v",)},
        "landcover": ({"path": "a.tif", "band": 1}, {"path": "b.tif", "band": 2}),
        "outputs": {"prediction": "m.tif"},
    }


def test_paths_and_the_numbers_of_numpy_are_taken():
    checked = check_request(
        request_for(
            points={**POINTS, "path": Path("in") / "p.csv"},
            grid={"cell_size": np.float32(0.5), "bounds": np.array([0, 1, 2, 3])},
            training={"seed": np.int64(3), "masked_ratio": np.float64(0.25), "blocks": np.False_},
            model={"head_dims": np.array([8, 4])},
        )
    )
    assert checked["points"]["path"] == str(Path("in/p.csv"))
    assert checked["grid"] == {"cell_size": 0.5, "bounds": (0.0, 1.0, 2.0, 3.0)}
    assert checked["training"] == {"seed": 3, "masked_ratio": 0.25, "blocks": False}
    assert {type(value) for value in checked["training"].values()} == {int, float, bool}
    assert checked["model"] == {"head_dims": (8, 4)}


def test_every_file_that_is_read_is_named_by_its_key():
    request = check_request(
        request_for(
            landcover=[{"path": "a.tif"}, {"path": "/vsizip//z.zip/b.tif"}],
            poi={"path": "poi.gpkg", "layer": "shops", "category": "c"},
            area={"table": "wkt\n"},
            grid={"template": "t.tif"},
            config_file="c.yaml",
            model={"pretrained_gnn": "e", "kind": "gnn"},
            data={"city": "", "prebuilt_dir": "cities"},
            outputs={"prediction": "m.tif"},
        )
    )
    assert input_paths(request) == {
        "points.path": "p.csv",
        "landcover[0].path": "a.tif",
        "landcover[1].path": "/vsizip//z.zip/b.tif",
        "poi.path": "poi.gpkg",
        "grid.template": "t.tif",
        "config_file": "c.yaml",
        "model.pretrained_gnn": "e",
        "data.prebuilt_dir": "cities",
    }
    assert input_paths(check_request({"version": 1, "job": "predict", "graph": "g"} | MODEL)) == {
        "graph": "g",
        "model_file": "m",
    }


MODEL = {"model_file": "m"}
GRID = {"bounds": [0, 0, 1, 1]}


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"version": True}, "has version True, expected 1"),
        ({"version": 1.0}, "has version 1.0"),
        ({"version": "1"}, "has version '1'"),
        ({"version": 10**5000}, "has version int"),
        ({"job": ["train"]}, r"no job \['train'\]; known are buildgraph"),
        ({"job": None}, "no job None"),
        ({"pointz": {}}, "'pointz' is not a part of this request.*Did you mean 'points'"),
        ({"points": {}}, "needs the part 'points.targets'"),
        ({"points": None}, "needs the part 'points'"),
        ({"points": "p.csv"}, "'points' must be a section with keys, got 'p.csv'"),
        ({"points": {**POINTS, "colum": 1}}, "'points.colum' is not a part"),
        ({"points": {**POINTS, "path": ""}}, "'points' needs one of 'path'"),
        ({"points": {**POINTS, "table": "x,y\n"}}, "'points' needs one of 'path'"),
        (
            {"points": {"table": "x,y\n", "targets": ["v"]}},
            "'points.coord_columns' is missing; name the columns",
        ),
        (
            {"points": {"table": "x", "layer": "a", "coord_columns": ["x", "y"], "targets": ["v"]}},
            "'points.layer' names a layer of a file",
        ),
        ({"points": {**POINTS, "path": 3}}, "'points.path' must be the name of a file, got 3"),
        ({"points": {**POINTS, "path": "a\0b"}}, r"'points.path' contains .* got 'a\\x00b'"),
        ({"points": {**POINTS, "path": "\udcff"}}, r"'points.path' contains .* got '\\udcff'"),
        ({"points": {**POINTS, "path": "x" * 256}}, "'points.path' is too long for a file name"),
        ({"points": {**POINTS, "crs": 4326}}, "'points.crs' must be a text, got 4326"),
        ({"points": {**POINTS, "coord_columns": "xy"}}, "must be a list of texts, got 'xy'"),
        ({"points": {**POINTS, "coord_columns": ["x"]}}, "must have 2 values, got 1"),
        ({"points": {**POINTS, "coord_columns": ["x", "x"]}}, "has 'x' twice; name each once"),
        ({"points": {**POINTS, "targets": "value"}}, "'points.targets' must be a list of texts"),
        ({"points": {**POINTS, "targets": []}}, "must have 1 or more values, got 0"),
        ({"points": {**POINTS, "targets": ["v", ""]}}, r"'points.targets\[1\]' must not be empty"),
        ({"points": {**POINTS, "targets": ["v", "v"]}}, "'points.targets' has 'v' twice"),
        ({"points": {**POINTS, "covariates": [None]}}, r"covariates\[0\]' must be a text, got No"),
        ({"points": {**POINTS, "units": ["kg"]}}, "'points.units' must be a section with keys"),
        ({"points": {**POINTS, "units": {"v": 3}}}, "'points.units.v' must be a text, got 3"),
        ({"landcover": {"path": "a"}}, "'landcover' must be a list of sections with keys, got {"),
        ({"landcover": ["a.tif"]}, r"'landcover\[0\]' must be a section with keys, got 'a.tif'"),
        ({"landcover": [{"band": 1}]}, r"needs the part 'landcover\[0\].path'"),
        (
            {"landcover": [{"path": "a", "band": "1"}]},
            r"\[0\].band' must be a whole number, got '1",
        ),
        ({"landcover": [{"path": "a", "band": True}]}, "must be a whole number, got True"),
        ({"landcover": [{"path": "a", "band": 0}]}, "must lie between 1 and 65535, got 0"),
        ({"poi": {"path": "p.csv"}}, "needs the part 'poi.category'"),
        ({"area": {"path": "a.gpkg", "coord_columns": ["x", "y"]}}, "'area.coord_columns' is no"),
        ({"grid": {"template": 3}}, "'grid.template' must be the name of a file, got 3"),
        ({"grid": {"template": "t", "crs": "EPSG:1"}}, "is a whole grid; leave out crs"),
        ({"grid": {"cell_size": "1"}}, "'grid.cell_size' must be a number, got '1'"),
        (
            {"grid": {"cell_size": float("nan")}},
            "'grid.cell_size' must be a finite number, got nan",
        ),
        ({"grid": {"cell_size": 10**400}}, "'grid.cell_size' must be a finite number, got 1000000"),
        ({"grid": {"bounds": [0, 0, 1]}}, "'grid.bounds' must have 4 values, got 3"),
        ({"grid": {"bounds": [0, 0, 1, float("inf")]}}, r"bounds\[3\]' must be a finite number"),
        ({"grid": {"shape": [2, 2]}}, "'grid.shape' needs 'bounds' beside it"),
        ({"grid": {**GRID, "shape": [2, 2], "cell_size": 1}}, "and no 'cell_size'"),
        ({"grid": {**GRID, "shape": [2.0, 2]}}, r"'grid.shape\[0\]' must be a whole number, got 2"),
        ({"grid": {**GRID, "shape": [0, 2]}}, r"'grid.shape\[0\]' must lie between 1 and"),
        ({"network": {"proxy": 3}}, "'network.proxy' must be a text, got 3"),
        ({"config_file": 3}, "'config_file' must be the name of a file, got 3"),
        ({"outputs": ["m.tif"]}, "'outputs' must be a section with keys, got"),
        ({"outputs": {"prediction": 3}}, "'outputs.prediction' must be the name of a file, got 3"),
        (
            {"outputs": {"map": "m.tif"}},
            "'outputs.map' is not a part of this request; known are pred",
        ),
        ({"training": []}, "'training' must be a section with keys, got"),
        ({"training": {"lr": 10**400}}, "'training.lr' must lie between 1e-07 and 10.0, got 10000"),
        ({"model": {"head_dims": [8] * 33}}, "'model.head_dims' must have 32 values or fewer, got"),
        ({"data": {"city": 3}}, "'data.city' must be a text, got 3"),
    ],
)
def test_what_is_wrong_is_named_in_a_sentence(parts, message):
    with pytest.raises(InputError, match=message) as caught:
        jobs.run(request_for(**parts))
    assert len(str(caught.value).splitlines()) == 1 and len(str(caught.value)) < 500


@pytest.mark.parametrize("request_", [None, [], "x", 3])
def test_what_is_no_mapping_is_refused(request_):
    with pytest.raises(InputError, match="'request' must be a section with keys"):
        jobs.run(request_)


def test_an_extent_out_of_order_is_named_as_such(landscape):
    bounds = [5.0, 0.0, 1.0, 1.0]
    for grid in ({"bounds": bounds, "shape": [2, 2]}, {"bounds": bounds, "cell_size": 1}):
        with pytest.raises(InputError, match="The extent .*is empty; its right must be east"):
            jobs.run(landscape.request(grid=grid))


def test_a_grid_of_more_cells_than_there_are_numbers_is_refused(landscape):
    with pytest.raises(InputError, match="too small for the extent: more cells than"):
        jobs.run(landscape.request(grid={"cell_size": 1e-320}))
    shape = {**landscape.request()["grid"], "cell_size": None, "shape": [2**31 - 1, 2**31 - 1]}
    with pytest.raises(InputError, match="the free memory allows"):
        jobs.run(landscape.request(grid=shape))


@pytest.mark.parametrize("crs", ["EPSG:4978", "EPSG:5773"])
def test_a_crs_without_a_map_is_refused(landscape, crs):
    points = {**landscape.request()["points"], "crs": crs}
    with pytest.raises(InputError, match="has no map coordinates"):
        jobs.run(landscape.request(points=points))


def test_folders_of_a_pipeline_are_not_a_request_s_to_write_to(landscape, tmp_path):
    folders = dict.fromkeys(("model_dir", "log_dir", "plot_dir"), str(tmp_path / "new"))
    jobs.run(landscape.request(BUILDGRAPH, output=folders))
    assert not list(tmp_path.iterdir())


def test_messages_are_one_line_whatever_they_quote():
    error = OutputError("cannot write 'a\nb': \x1b[2J \udcff\r\n  Reason \n")
    assert str(error) == "cannot write 'a b': \\x1b[2J \\udcff Reason"
