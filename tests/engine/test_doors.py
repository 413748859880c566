"""The table of names in docs/reference.md: every name stands where it says."""

import inspect
import re
from pathlib import Path

import pytest

from geohg.engine.assembly.worldcover import ESAWorldCoverSource
from geohg.engine.cli.main import main
from geohg.engine.config.options import plain_names
from geohg.engine.interpolator import GeoHGInterpolator
from geohg.engine.pipeline import GeoHGPipeline

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "reference.md").read_text(encoding="utf-8")
TABLE = PAGE.split("## One thing, its names\n")[1].split("\n## ")[0]
ROWS = [
    [re.findall("`([^`]+)`", cell) for cell in line.split("|")[2:-1]]
    for line in TABLE.splitlines()
    if line.startswith("| ") and "`" in line
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][0])
def test_each_name_of_a_thing_is_one_at_its_door(row):
    processing, library, flags, _ = row
    algorithms = (DOCS / "algorithms.md").read_text(encoding="utf-8")
    assert all(f"| `{name}` |" in algorithms for name in processing)
    known = {
        name
        for call in (
            GeoHGInterpolator,
            GeoHGInterpolator.from_dataframe,
            GeoHGPipeline.quick_start,
            ESAWorldCoverSource,
        )
        for name in inspect.signature(call).parameters
    }
    assert library and set(library) <= {*known, *plain_names()}
    own = {
        flag for command in main.commands.values() for each in command.params for flag in each.opts
    }
    assert flags and set(flags) <= own


def test_two_flags_of_one_thing_are_one_parameter():
    for command in ("interpolate", "build-graph", "compare"):
        names = {flag: each.name for each in main.commands[command].params for flag in each.opts}
        for _, _, flags, _ in ROWS[:1] + ROWS[3:6]:
            assert len({names[flag] for flag in flags if flag in names}) == 1
