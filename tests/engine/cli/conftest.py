"""Commands as a terminal gives them, and a graph that one of them built."""

import json

import pytest
from click.testing import CliRunner

from geohg.engine.cli.main import main

from ..conftest import CELL, COLS, CRS, LEFT, ROWS, TOP

FAST = ("--device", "cpu", "--threads", "1")
SMALL = ("--kind", "gnn", "--hidden-channels", "8", "--head-dims", "8,4", "--num-gnn-layers", "2")
BBOX = f"{LEFT},{TOP - ROWS * CELL},{LEFT + COLS * CELL},{TOP}"


def call(*arguments, code=0):
    """Run a command; its standard output and error."""
    done = CliRunner().invoke(main, [str(argument) for argument in arguments])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.stderr
    return done.stdout, done.stderr


def answer(*arguments):
    """The JSON that a command prints."""
    return json.loads(call(*arguments, "--json")[0])


@pytest.fixture(scope="session")
def tables(landscape):
    """Flags that name the landscape's points and POIs."""
    points = ("--data", landscape.points, "--target-column", "value")
    poi = ("--poi", landscape.pois, "--poi-category", "category")
    return (*points, *poi, "--coord-columns", "x,y", "--crs", CRS)


@pytest.fixture(scope="session")
def built(landscape, tables, tmp_path_factory):
    """The folder of a built graph, and what the command said."""
    folder = tmp_path_factory.mktemp("built") / "city"
    grid = ("--bbox", BBOX, "--resolution", CELL)
    land = ("--tif-path", landscape.landcover)
    return folder, answer("build-graph", *land, *tables, *grid, "--output-dir", folder)
