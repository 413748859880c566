"""Maps summarised by polygons, from files, by a request, a call and a command."""

import dataclasses

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from click.testing import CliRunner

import geohg
from geohg.engine.cli.main import main
from geohg.engine.config.schema import make_config
from geohg.engine.data import store
from geohg.engine.data.builders.sites import Sites
from geohg.engine.errors import FileFormatError, InputError
from geohg.engine.jobs import run
from geohg.engine.prediction.fitted import FittedMap
from geohg.engine.progress import Silent

from ..conftest import QUICK, Recorder
from ..models.landscapes import UTM, make_graph, smooth_field


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Paths of a graph, its model, and a layer of polygons with fields; and the truth."""
    folder = tmp_path_factory.mktemp("summary")
    grid = make_graph(rows=12, cols=20)
    drawn = np.random.default_rng(0).random(240) < 0.5
    truth = smooth_field(grid)
    grid = dataclasses.replace(grid, targets={"y": np.where(drawn, truth, np.nan)})
    paths = {key: str(folder / f"{key}.safetensors") for key in ("graph", "model")}
    store.save_graph(paths["graph"], grid)
    train = {"version": 1, "job": "train", "graph": paths["graph"], "training": QUICK}
    run({**train, "outputs": {"model": paths["model"]}}, Silent())
    left, bottom, right, top = grid.grid.bounds
    middle = (left + right) / 2
    shapes = [shapely.box(left, bottom, middle, top), shapely.box(middle, bottom, right, top)]
    paths["polygons"] = str(folder / "districts.gpkg")
    columns = {"name": np.array(["west", "east"], object), "people": np.array([3, 4])}
    columns["y_std"] = np.array([7.0, 7.0])
    pyogrio.raw.write(
        paths["polygons"],
        shapely.to_wkb(shapes),
        list(columns.values()),
        list(columns),
        geometry_type="Polygon",
        crs=UTM,
    )
    halves = truth.reshape(12, 20)
    return paths, grid, np.array([halves[:, :10].mean(), halves[:, 10:].mean()])


def request(paths, output, **more):
    polygons = {"path": paths["polygons"], **more.pop("polygons", {})}
    return {
        "version": 1,
        "job": "summarise",
        "model_file": paths["model"],
        "graph": paths["graph"],
        "polygons": polygons,
        "outputs": {"table": str(output)},
        **more,
    }


def test_a_request_writes_the_mean_of_each_polygon(made, tmp_path):
    paths, graph, truth = made
    recorder, path = Recorder(), tmp_path / "out.gpkg"
    asked = request(paths, path, uncertainty={"thresholds": [95.0, 100], "level": 0.8})
    found = run(asked, recorder)
    assert found["POLYGONS"] == found["KNOWN"] == 2 and found["ABOUT"]["statistic"] == "mean"
    meta, _, shapes, columns = pyogrio.raw.read(path)
    table = dict(zip(meta["fields"], columns))
    assert list(table) == [
        "name",
        "people",
        "y_mean",
        "y_std",
        "y_lower",
        "y_upper",
        "y_above_95",
        "y_above_100",
        "y_applicable",
        "y_cells",
        "y_covered",
    ]
    assert list(table["name"]) == ["west", "east"] and list(table["people"]) == [3, 4]
    assert meta["crs"] == UTM and shapely.from_wkb(shapes[0]).area == pytest.approx(1.2e8)
    assert (np.abs(table["y_mean"] - truth) < 1.0).all()
    assert (table["y_lower"] < table["y_mean"]).all() and (table["y_std"] < 2).all()
    known = FittedMap.load(paths["model"]).summarise(graph, paths["polygons"], level=0.8)
    np.testing.assert_allclose(table["y_upper"], known.upper, rtol=1e-9)
    assert any("replaced by results of the same name: y_std" in text for text in recorder.warnings)


def test_a_call_and_a_command_write_the_total(made, tmp_path):
    paths, _, truth = made
    named = (paths["model"], paths["polygons"], tmp_path / "call.csv", paths["graph"])
    config = make_config({"uncertainty": {"thresholds": [1e4]}})
    assert geohg.summarise(*named, statistic="total", config=config)["known"] == 2
    table = pd.read_csv(tmp_path / "call.csv")
    np.testing.assert_allclose(table["y_total"], 120 * truth, rtol=0.02)
    assert ((table["y_above_10000"] > 0.5) == (120 * truth > 1e4)).all()
    flags = ["--model-path", paths["model"], "--graph", paths["graph"], "--statistic", "total"]
    flags += ["--polygons", paths["polygons"], "--thresholds", "1e4", "--quiet"]
    output = str(tmp_path / "command.csv")
    done = CliRunner().invoke(main, ["summarise", *flags, "--output", output])
    assert done.exit_code == 0, done.output
    pd.testing.assert_frame_equal(pd.read_csv(output), table)


def test_refuses_what_cannot_be_summarised(made, tmp_path):
    paths, graph, _ = made
    with pytest.raises(InputError, match=r"'polygons.statistic' must be one of mean, total"):
        run(request(paths, tmp_path / "a.csv", polygons={"statistic": "median"}), Silent())
    with pytest.raises(InputError, match=r"thresholds.*must be a number"):
        run(request(paths, tmp_path / "a.csv", uncertainty={"thresholds": ["high"]}), Silent())
    missing = {**paths, "polygons": str(tmp_path / "none.gpkg")}
    with pytest.raises(InputError, match="does not exist"):
        run(request(missing, tmp_path / "a.csv"), Silent())
    sites = dataclasses.replace(graph, geometry=Sites(UTM, graph.geometry.centres(graph.cell)))
    with pytest.raises(InputError, match="240 cells have no grid"):
        FittedMap.load(paths["model"]).summarise(sites, paths["polygons"])
    bare = dataclasses.replace(FittedMap.load(paths["model"]), area=None)
    with pytest.raises(FileFormatError, match="no area of applicability"):
        bare.summarise(graph, paths["polygons"])
    assert not list(tmp_path.iterdir())
