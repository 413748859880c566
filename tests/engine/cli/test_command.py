"""What every command takes alike: an extent of four values, each file once, --config, -V."""

import click
import numpy as np
import pytest

from geohg import __version__
from geohg.engine.cli.command import join_extent
from geohg.engine.cli.main import main
from geohg.engine.data import store

from ..conftest import CELL, COLS, LEFT, ROWS, TOP
from .conftest import BBOX, FAST, answer, call

WEST_EAST_SOUTH_NORTH = (LEFT, LEFT + COLS * CELL, TOP - ROWS * CELL, TOP)


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("--bbox 113.09 113.69 22.40 23.42", "--bbox 113.09,22.40,113.69,23.42"),
        ("--bbox=113.09 113.69 22.40 23.42", "--bbox 113.09,22.40,113.69,23.42"),
        ("--extent -3 -1e-1 -2.5 +4 --json", "--extent -3,-2.5,-1e-1,+4 --json"),
        ("--crs x --bbox 1 2 3 4 rest", "--crs x --bbox 1,3,2,4 rest"),
        ("--bbox 1,2,3,4 --json", "--bbox 1,2,3,4 --json"),
        ("--bbox=-1,-2,3,4", "--bbox=-1,-2,3,4"),
        ("--bbox 1 2 3", "--bbox 1 2 3"),
        ("--bbox 1 2 3 --json", "--bbox 1 2 3 --json"),
        ("--bounds 1 2 3 4", "--bounds 1 2 3 4"),
    ],
)
def test_four_values_of_an_extent_become_one(given, taken):
    assert join_extent(given.split()) == taken.split()


@pytest.mark.parametrize("values", ["2 1 3 4", "1 2 4 3", "113.09 22.40 113.69 23.42"])
def test_four_values_in_another_order_are_refused(values):
    message = f"west east south north, got {values}; with commas it is left,bottom,right,top"
    with pytest.raises(click.UsageError, match=message):
        join_extent(["--bbox", *values.split()])


def test_both_forms_of_an_extent_build_one_graph(landscape, tmp_path):
    flags = ("--tif-path", landscape.landcover, "--resolution", CELL)
    graphs = []
    for extent in ((BBOX,), WEST_EAST_SOUTH_NORTH):
        found = answer("build-graph", *flags, "--bbox", *extent, "--output-dir", tmp_path)
        graphs.append(store.load_graph(found["graph"]))
    assert graphs[0].geometry == graphs[1].geometry
    np.testing.assert_array_equal(graphs[0].features, graphs[1].features)


def test_a_command_without_an_extent_has_no_such_flag():
    assert "No such option" in call("train", "--bbox", "1", "2", "3", "4", code=2)[1]


TWICE = {
    "interpolate": ("--data", "--poi", "--area", "--report", "--config"),
    "check": ("--data", "--report", "--config"),
    "classify": ("--data", "--output", "--probabilities", "--model", "--report", "--config"),
    "compare": ("--data", "--report", "--config"),
    "build-graph": ("--data", "--output-dir", "--config"),
    "import-city": ("--target-folder", "--output-dir", "--config"),
    "pretrain": ("--graph", "--output", "--config"),
    "train": ("--graph", "--config"),
    "evaluate": ("--model-path", "--points", "--graph", "--config"),
    "predict": ("--model-path", "--graph", "--std", "--config"),
    "run": ("--data", "--config"),
}


@pytest.mark.parametrize("command", TWICE)
def test_a_second_file_is_refused(command):
    for flag in TWICE[command]:
        error = call(command, flag, "a.x", flag, "b.x", code=2)[1]
        assert f"{flag} takes one file, got several." in error


def test_several_rasters_are_tiles_and_the_last_number_counts():
    line = "--data p --target-column v --output o.csv --tif-path a --tif-path b --seed 1 --seed 2"
    context = main.commands["interpolate"].make_context("interpolate", line.split())
    assert context.params["landcover"] == ("a", "b") and context.params["seed"] == 2


@pytest.mark.parametrize("command", sorted({*main.commands} - {"configs"}))
def test_every_command_takes_a_settings_file(command, tmp_path):
    assert "--config PATH" in call(command, "--help")[0]
    bad = tmp_path / "bad.yaml"
    bad.write_text("training: {epoch: 3}\n")
    needs = {
        "interpolate": "--data p.csv --target-column v --output a.csv",
        "check": "--data p.csv --target-column v",
        "classify": "--data p.csv --target-column v --output a.tif",
        "compare": "--data p.csv --target-column v",
        "build-graph": f"--tif-path a.tif --output-dir {tmp_path}",
        "import-city": f"{tmp_path} --output-dir {tmp_path}",
        "evaluate": "--model-path m",
        "predict": "--model-path m --output a.csv",
        "summarise": "--model-path m --polygons p.gpkg --output a.csv",
    }
    error = call(command, *needs.get(command, "").split(), "--config", bad, code=2)[1]
    assert "bad.yaml" in error and "Did you mean 'training.epochs'" in error


def test_a_settings_file_counts_as_an_input_of_every_command(built, tmp_path):
    path = tmp_path / "graph.safetensors"
    path.write_text("training: {seed: 3}\n")
    flags = ("--config", path, "--output-dir", tmp_path)
    error = call("import-city", built[0], *flags, code=2)[1]
    assert f"is also an input ('{path}')" in error and path.read_text().startswith("training")


def test_run_takes_its_settings_by_position_or_flag_but_not_both(built, tmp_path):
    settings = tmp_path / "settings.yaml"
    settings.write_text(
        f"data: {{city: {built[0].name}, prebuilt_dir: '{built[0].parent}'}}\n"
        "training: {threads: 1, blocks: false, seed: 4}\n"
    )
    by_position = answer("run", settings)
    by_flag = answer("run", "--config", settings)
    assert (
        by_flag["rmse"]
        == by_position["rmse"]
        != answer("run", "--config", settings, "--seed", 5)["rmse"]
    )
    error = call("run", settings, "--config", settings, code=2)[1]
    assert f"'{settings}' and --config are two files; give one." in error


def test_run_says_what_is_missing(tmp_path):
    settings = tmp_path / "settings.yaml"
    settings.write_text("training: {seed: 4}\n")
    for line in ((), ("--config", settings), (settings,), ("--tif-path", "a.tif")):
        assert (
            "Say what to learn from: points (--data and --target-column)"
            in call("run", *line, code=2)[1]
        )
    error = call("run", "--data", "p.csv", code=2)[1]
    assert "--data and --target-column belong together" in error
    error = call("run", "--city", "sample", "--feature-columns", "a", code=2)[1]
    assert "--feature-columns and --group-column need --data." in error


def test_run_builds_trains_and_scores_as_the_commands_do(landscape, tables, built, tmp_path):
    """What `train` says of the graph that `build-graph` makes."""
    options = (*FAST, "--no-blocks", "--seed", "3")
    data = (*tables, "--tif-path", landscape.landcover, "--bbox", *WEST_EAST_SOUTH_NORTH)
    folders = ("--model-dir", tmp_path, "--log-dir", tmp_path)
    found = answer("run", *data, "--resolution", CELL, *options, *folders)
    apart = answer("train", "--graph", built[0] / "graph.safetensors", *options)
    for name in ("r2", "rmse", "mae", "test_cells", "cells", "observed", "idw_r2"):
        assert found[name] == pytest.approx(apart[name], rel=1e-9), name
    assert found["model"] == str(tmp_path / "points_value_model.safetensors")
    model = ("--model-path", found["model"], "--graph", found["graph"])
    assert answer("evaluate", *model, *FAST)["rmse"] == pytest.approx(found["rmse"], rel=1e-6)
    again = call("run", found["report_json"])[0]
    assert f'"RMSE": {found["rmse"]}' in again


def test_the_version_has_a_short_flag():
    assert call("-V")[0] == call("--version")[0] == f"geohg, version {__version__}\n"
