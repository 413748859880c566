import dataclasses

import numpy as np
import pytest

from geohg.engine.config.schema import DataConfig
from geohg.engine.data.builders.adjacency import queen_edges
from geohg.engine.data.builders.graph import GraphRawData, HeteroGraphBuilder, Links, share_links
from geohg.engine.data.builders.grid import Grid
from geohg.engine.errors import InputError

from ..conftest import CRS


def small_graph():
    """Four cells in a row, two classes, one POI category."""
    grid = Grid(CRS, 0.0, 100.0, 100.0, 100.0, 1, 4)
    shares = np.array([[0.9, 0.1], [0.5, 0.5], [0.0, 1.0], [np.nan, np.nan]], np.float32)
    cell = np.arange(4)
    return GraphRawData(
        geometry=grid,
        cell=cell,
        features=shares,
        feature_names=("wood", "town"),
        feature_kinds=("landcover", "landcover"),
        near=queen_edges(grid, cell),
        hypernodes={
            "entity": Links(
                ("wood", "town"),
                np.array([[0, 1, 0, 1, 1], [0, 0, 1, 1, 2]]),
                np.array([0.9, 0.1, 0.5, 0.5, 1.0], np.float32),
            ),
            "poi": Links(("shop",), np.array([[0], [3]]), np.array([1.0], np.float32)),
        },
        targets={"value": np.array([1.0, np.nan, 3.0, np.nan])},
    )


def test_queen_edges_of_a_full_grid():
    grid = Grid(CRS, 0.0, 3.0, 1.0, 1.0, 3, 4)
    edges = queen_edges(grid, np.arange(12))
    rows, cols = np.divmod(edges, 4)
    # Sides and corners: 2 x (3 x 3 + 2 x 4 + 2 x 2 x 3).
    assert edges.shape == (2, 58)
    assert np.maximum(*np.abs([np.diff(rows, axis=0), np.diff(cols, axis=0)])).max() == 1
    assert len(np.unique(edges, axis=1).T) == 58
    assert {tuple(pair) for pair in edges.T} == {tuple(pair) for pair in edges[::-1].T}


def test_queen_edges_skip_cells_that_do_not_exist():
    grid = Grid(CRS, 0.0, 3.0, 1.0, 1.0, 3, 3)
    edges = queen_edges(grid, np.array([0, 4, 6, 8]))
    assert {tuple(pair) for pair in edges.T} == {(0, 1), (1, 0), (1, 2), (2, 1), (1, 3), (3, 1)}


def test_counts_and_observed_cells():
    graph = small_graph()
    assert graph.counts() == {
        "area_nodes": 4,
        "entity_nodes": 2,
        "poi_nodes": 1,
        "near_edges": 6,
        "entity_locate_edges": 5,
        "poi_locate_edges": 1,
    }
    assert graph.observed("value").tolist() == [0, 2]


def test_the_pyg_graph_has_the_node_and_edge_types_of_the_design():
    data = HeteroGraphBuilder().build(small_graph())
    assert set(data.node_types) == {"area", "entity", "poi"}
    assert set(data.edge_types) == {
        ("area", "near", "area"),
        ("entity", "locate", "area"),
        ("area", "rev_locate", "entity"),
        ("poi", "locate", "area"),
        ("area", "rev_locate", "poi"),
    }
    forward, backward = data["entity", "locate", "area"], data["area", "rev_locate", "entity"]
    assert forward.edge_index.flip(0).equal(backward.edge_index)
    assert forward.edge_attr.squeeze().tolist() == pytest.approx([0.9, 0.1, 0.5, 0.5, 1.0])
    assert data.validate()


@pytest.mark.parametrize(
    ("hypernode", "types"),
    [("mono", {"area"}), ("entity", {"area", "entity"}), ("poi", {"area", "poi"})],
)
def test_hypernode_modes(hypernode, types):
    data = HeteroGraphBuilder(DataConfig(hypernode=hypernode)).build(small_graph())
    assert set(data.node_types) == types


def test_any_type_of_hypernode_joins_the_graph():
    graph = small_graph()
    zones = Links(("north", "south"), np.array([[0, 0, 1], [0, 1, 3]]), np.ones(3, np.float32))
    graph = dataclasses.replace(graph, hypernodes={**graph.hypernodes, "zone": zones})
    assert graph.counts()["zone_nodes"] == 2 and graph.counts()["zone_locate_edges"] == 3
    data = HeteroGraphBuilder().build(graph)
    assert data["zone"].num_nodes == 2
    assert data["zone", "locate", "area"].edge_index.tolist() == [[0, 0, 1], [0, 1, 3]]
    assert graph.links("watershed").names == ()


def test_thresholds_drop_weak_links():
    data = HeteroGraphBuilder(DataConfig(entity_thresh=0.5)).build(small_graph())
    assert data["entity", "locate", "area"].edge_index.tolist() == [[0, 1], [0, 2]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"cell": np.array([0, 2, 1, 3])}, "ascending"),
        ({"cell": np.array([0, 1, 2, 9])}, "inside its grid"),
        ({"features": np.zeros((3, 2), np.float32)}, "features must have shape"),
        ({"near": np.array([[0], [4]])}, "near edges point to nodes that do not exist"),
        ({"near": np.zeros((3, 1), np.int64)}, r"shape \(2, E\)"),
        (
            {"hypernodes": {"poi": Links((), np.array([[0], [0]]), np.ones(1, np.float32))}},
            "poi edges point",
        ),
        ({"targets": {"value": np.array([1.0, np.inf, 0, 0])}}, "finite values or NaN"),
        ({"cell": np.array([], np.int64)}, "no cells"),
    ],
)
def test_refuses_an_inconsistent_graph(change, message):
    with pytest.raises(InputError, match=message):
        dataclasses.replace(small_graph(), **change)


def test_refuses_an_unknown_target():
    with pytest.raises(InputError, match="no target 'other'; it has: value"):
        small_graph().observed("other")


def test_a_share_of_nothing_or_of_nobody_knows_what_makes_no_link():
    shares = np.array([[0.0, 0.4], [np.nan, 0.0], [1.0, 0.0]], np.float32)
    links = share_links(("wood", "field"), shares)
    assert links.index.tolist() == [[1, 0], [0, 2]]
    assert links.weight.tolist() == pytest.approx([0.4, 1.0])
