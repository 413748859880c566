"""The calls of docs/faq.md run, and its facts are those of the code."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geohg.engine.data.sources.city_download import public_cities
from geohg.engine.names import locate

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "faq.md").read_text(encoding="utf-8")
CALLS = re.findall("```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A working folder with the tables that the page names."""
    monkeypatch.chdir(tmp_path)
    cells = pd.DataFrame({"area_id": range(16), "lon": [113, 114, 115, 116] * 4})
    cells["lat"] = np.repeat([22, 23, 24, 25], 4)
    cells.to_csv("my_coords.csv", index=False)
    forest = np.linspace(0, 1, 16)
    shares = {"area_id": range(16), "forest_ratio": forest, "town_ratio": 1 - forest}
    pd.DataFrame(shares).to_csv("my_features.csv", index=False)
    pd.DataFrame({"src_id": range(15), "dst_id": range(1, 16)}).to_csv("my_edges.csv", index=False)


def _run(number, **names):
    exec(compile(CALLS[number], f"call {number} of faq.md", "exec"), names)  # noqa: S102
    return names


def test_a_table_of_points_becomes_a_map(here):
    rng = np.random.default_rng(0)
    df = pd.DataFrame(rng.uniform([113.0, 23.0], [113.1, 23.1], (80, 2)), columns=["lon", "lat"])
    df["height"] = 10 * df["lat"]
    df["value"] = 100 * (df["lon"] - 113) + rng.normal(0, 0.1, 80)
    found = _run(0, df=df)
    west_to_east = found["result"]["predictions"].mean(axis=0)
    assert np.all(np.diff(west_to_east) > 0)
    assert [*found["interp"].feature_names_in_] == ["height"]


def test_tables_of_cells_become_a_graph_with_classes(here):
    graph = _run(1)["graph"]
    assert graph.links("entity").names == ("forest", "town")
    assert graph.near.shape == (2, 30)


def test_a_kind_of_node_is_added(here):
    data = _run(2)["data"]
    edges = data[locate("district")].edge_index
    assert edges.shape[1] == data["area"].num_nodes and set(edges[0].tolist()) == {0, 1}


def test_every_call_is_run():
    assert len(CALLS) == 3


def test_its_table_of_sizes_is_that_of_the_benchmark():
    benchmark = (ROOT / "benchmarks" / "resolution.py").read_text(encoding="utf-8")
    (sizes,) = re.findall(r"^SIZES = \((.*)\)$", benchmark, re.MULTILINE)
    told = re.findall(r"^\| (\d+) \| [\d,]+ \| \d+ \| [\d.]+ \| [\d.]+ \|$", PAGE, re.MULTILINE)
    assert told == sizes.split(", ")
    head = "| cell size (m) | cells | measured | points in each | RMSE of the map |"
    assert head in PAGE and head in benchmark


def test_what_it_says_of_speed_stands_in_the_table_of_speed():
    measured = (ROOT / "docs" / "benchmarks" / "speed.md").read_text(encoding="utf-8")
    ours, theirs = (
        float(re.search(rf"^- {name}: ([\d.]+)$", measured, re.MULTILINE)[1])
        for name in ("GeoHG", "published network")
    )
    assert f"takes {ours:.1f} s from files to prediction, the published network {theirs:.0f} s" in (
        PAGE
    )


def test_its_links_lead_somewhere():
    for page, _, part in re.findall(r"\]\((\w+(?:/\w+)?\.md)(#([\w-]+))?\)", PAGE):
        text = (ROOT / "docs" / page).read_text(encoding="utf-8")
        heads = re.findall("^#+ (.*)$", text, re.MULTILINE)
        known = {re.sub(r"[^\w -]", "", head).lower().replace(" ", "-") for head in heads}
        assert not part or part in known, (page, part)


def test_guangzhou_is_public():
    assert "GZ" in public_cities() and "It does not ship with GeoHG" in PAGE
