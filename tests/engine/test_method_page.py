"""The small graph of docs/method.md: every number of the page is the engine's."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import numpy as np
import pytest
import torch

from geohg.engine.config.schema import ModelConfig
from geohg.engine.data.builders.graph import HeteroGraphBuilder
from geohg.engine.models.gnn import GraphEncoder, set_adjacency
from geohg.engine.models.windows import neighbourhoods
from geohg.engine.names import locate, rev_locate
from geohg.engine.progress import Silent

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "method.md").read_text(encoding="utf-8")
PART = PAGE.split("### A small graph")[1].split("\n## ")[0]


@pytest.fixture(scope="module")
def drawing():
    spec = importlib.util.spec_from_file_location("graph", ROOT / "docs" / "site" / "graph.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def graph(drawing):
    return drawing.small_graph()


def test_the_table_holds_the_features_of_the_cells(graph):
    rows = re.findall(r"^\| a(\d) \| (.*) \|$", PART, re.MULTILINE)
    told = np.array([[float(value) for value in row.split(" | ")] for _, row in rows])
    assert [int(cell) for cell, _ in rows] == [*range(9)] == graph.cell.tolist()
    shares, count, logarithm = told[:, :5], told[:, 5], told[:, 6]
    np.testing.assert_allclose(graph.features[:, :5], shares, atol=5e-4)
    np.testing.assert_allclose(graph.features[:, 5], logarithm, atol=5e-4)
    np.testing.assert_allclose(np.log1p(count), logarithm, atol=5e-4)


def test_the_edges_are_as_many_as_it_says(graph):
    pairs = [int(number) for number in re.findall(r"(\d+) (?:pairs|above|across)", PART)]
    counts = graph.counts()
    assert 2 * sum(pairs) == counts["near_edges"] == 40 and "make 40 edges" in PART
    assert np.bincount(graph.near[1])[[0, 1, 4]].tolist() == [3, 5, 8]
    assert "a0 has 3 neighbours, a1 has 5, a4 has 8" in PART
    assert (counts["entity_locate_edges"], counts["poi_locate_edges"]) == (13, 4)
    assert "13 from classes and 4 from categories" in PART


def test_the_windows_are_those_of_the_default_model(graph):
    found = neighbourhoods(graph, Silent())

    def value(cell, group, column):
        columns = np.flatnonzero(found.group == found.names.index(group))
        return found.x[cell, columns[column]]

    values = (value(4, "landcover 3", 1), value(0, "landcover 3", 1), value(4, "poi 1", 0))
    for told, made in zip(("√0.333 = ", "√0.313 = ", "√(0.667 · 1.386) = "), values):
        assert f"{told}{made:.3f}" in PART


def test_a_class_hears_the_mean_weighted_by_shares(graph):
    encoder = GraphEncoder(ModelConfig(hidden_channels=1, num_gnn_layers=1, dropout=0.0))
    conv = encoder.convs[0]
    data = set_adjacency(HeteroGraphBuilder().build(graph), "GraphConv")
    with torch.no_grad():  # it hands on what it hears, and nothing of its own
        conv.lin_rel.weight.fill_(1.0)
        conv.lin_rel.bias.zero_()
        conv.lin_root.weight.zero_()
        built = torch.from_numpy(graph.features[:, [1]]).float()
        empty = torch.zeros(3, 1)
        heard = conv((built, empty), data[rev_locate("entity")].adj)
        back = conv((heard, torch.zeros(9, 1)), data[locate("entity")].adj)
    assert f" = 0.375 / 4.25 = {float(heard[0, 0]):.3f}" in PART
    # a0 and a8 have nothing but trees.
    assert float(back[0, 0]) == float(back[8, 0]) == pytest.approx(0.375 / 4.25)


def test_the_picture_can_be_drawn_and_is_there(drawing, graph):
    figure = drawing.draw(graph)
    assert len(figure.axes) == 2
    # A line for every pair of neighbours and both of its directions, and for every link.
    links = [line for line in figure.axes[1].lines if len(line.get_xdata()) == 2]
    assert len(links) == 40 + 13 + 4
    assert drawing.IMAGE.stat().st_size > 10_000 and "images/graph.png" in PART
