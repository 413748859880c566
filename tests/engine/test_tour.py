"""The tour of the sample shows every public name and every command, and works."""

import ast
import json
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import rasterio

import geohg
from geohg.engine.assembly import cities
from geohg.engine.cli.main import main

from .conftest import in_a_copy, write_thin_sample

TOUR = Path(geohg.__file__).parent / "resources" / "sample" / "tour.py"


@pytest.fixture(scope="module")
def toured(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tour")
    # Its commands take the sample that lies beside it, and so does the city of that name here.
    beside = tmp_path_factory.mktemp("thin") / "resources" / "sample"
    write_thin_sample(beside, 4)
    copy = shutil.copy(TOUR, beside)

    def tour():
        sys.argv = [copy, str(folder)]
        cities._SAMPLE_FOLDER = beside
        runpy.run_path(copy, run_name="__main__")

    done = subprocess.run(["tour"], capture_output=True, text=True, **in_a_copy(tour))
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


def test_it_shows_every_public_name_and_every_command():
    tree = ast.parse(TOUR.read_text(encoding="utf-8"))
    nodes = list(ast.walk(tree))
    used = {
        node.attr
        for node in nodes
        if isinstance(node, ast.Attribute)
        if isinstance(node.value, ast.Name) and node.value.id == "geohg"
    }
    assert set(geohg.__all__) <= used
    texts = {node.value for node in nodes if isinstance(node, ast.Constant)}
    assert set(main.commands) <= texts


def test_it_makes_maps_models_and_tables(toured):
    folder, printed = toured
    with rasterio.open(folder / "map.tif") as raster:
        assert raster.count == 6
    with rasterio.open(folder / "cli.tif") as raster:
        assert raster.shape == (15, 20)
    wanted = ("cli.csv", "encoder.safetensors", "cells.gpkg", "cli/graph_model.safetensors")
    assert all((folder / name).stat().st_size > 500 for name in wanted)
    quick = float(printed.split("quick start: R2 ")[1].split()[0])
    assert 0.9 < quick < 1
    commands = [line.split(" ", 1) for line in printed.splitlines() if "{" in line and "'" in line]
    found = {
        name: json.loads(text.replace("'", '"')) for name, text in commands[-len(main.commands) :]
    }
    assert set(found) == set(main.commands)
    assert found["train"]["r2"] == found["evaluate"]["r2"]
    assert found["import-city"] == found["build-graph"]
    assert Path(found["configs"]["default"]).is_file()
    called = [
        line.split("R2 ")[1]
        for line in printed.splitlines()
        if line[:9] in ("train: R2", "evaluate:")
    ]
    assert len(called) == 2 and called[0] == called[1]
    assert "predict: 400 cells" in printed
    told = int(printed.split("summarise: ")[1].split()[0])
    assert 0 < told == found["summarise"]["known"] < 20
