"""docs/commandline.md: its lines run, its commands and flags are the program's."""

import re
import shlex
from pathlib import Path

import click
import numpy as np
import pandas as pd
import pyogrio
import pytest
import rasterio
from click.testing import CliRunner

import geohg
from geohg.engine.cli.main import main

from ..conftest import write_thin_sample

ROOT = Path(geohg.__file__).parent
PAGE = (ROOT / "docs" / "commandline.md").read_text(encoding="utf-8")


# Added to lines that test a map, whose defaults take ten folds and blocks.
QUICK = ("--validation", "holdout", "--no-blocks")


def names(text):
    return re.findall("`([^`]+)`", text)


def rows(section):
    """The cells of each row of the tables in a text, but for their heads."""
    lines = [line.split("|")[1:-1] for line in section.splitlines() if line.startswith("| ")]
    return [cells for cells in lines if "`" in cells[0]]


def test_every_command_stands_there_in_a_row_and_in_an_example():
    listed = [names(cells[0])[0] for cells in rows(PAGE.split("\n## ")[0])]
    assert sorted(listed) == sorted(main.commands)
    assert {line.split()[1] for line in PAGE.splitlines() if line.startswith("geohg ")} == {*listed}


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_flag_of_a_command_stands_there(command):
    found = []
    for group in PAGE.split("\n### ")[1:]:
        if command in names(group.split("\n")[2]):
            found += [
                flag
                for flags, _, only in rows(group)
                if not only.strip() or command in names(only)
                for flag in names(flags)
            ]
    options = [each for each in main.commands[command].params if isinstance(each, click.Option)]
    assert sorted(found) == sorted(flag for o in options for flag in o.opts + o.secondary_opts)


def test_the_examples_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_thin_sample(tmp_path / "sample", 8)
    found = []
    for block in re.findall("```sh\n(.*?)```", PAGE, re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            program, *arguments = shlex.split(line)
            if "--data" in arguments and arguments[0] in ("compare", "classify", "interpolate"):
                arguments += QUICK
            done = CliRunner().invoke(main, arguments)
            assert program == "geohg" and done.exit_code == 0, done.stderr
            found.append(done.stdout)
    assert len(found) == 17 and all(found)
    with rasterio.open("map.tif") as first, rasterio.open("predicted.tif") as second:
        assert first.shape == (15, 20) and second.shape == (10, 10)
    with rasterio.open("same.tif") as first, rasterio.open("predicted.tif") as second:
        np.testing.assert_allclose(first.read(), second.read(), rtol=1e-5)
    table = pd.read_csv("predicted.csv")
    assert len(table) == 100 and list(table)[:3] == ["x", "y", "value"]
    assert {path.name for path in Path("graph").glob("*.csv")} >= {"value.csv", "poi_area.csv"}
    assert (tmp_path / "reports").is_dir() and Path("imported/graph.safetensors").is_file()
    assert pyogrio.read_info("districts.gpkg")["features"] == 20
