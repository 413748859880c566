import math
import time
import tracemalloc

import numpy as np
import pytest
import torch

from geohg.engine.data.builders.adjacency import queen_edges
from geohg.engine.data.builders.grid import Grid
from geohg.engine.errors import Cancelled
from geohg.engine.progress import Silent
from geohg.engine.training.contrastive import (
    averaging,
    contrastive_loss,
    near_neighbours,
    similar_neighbours,
)

from ..conftest import Recorder
from ..models.landscapes import UTM, make_graph

SILENT = Silent()
NO_EDGES = np.zeros((2, 0), np.int64)


def rng(seed=0):
    return np.random.default_rng(seed)


def brute_force(x, near, most):
    """The most alike of all cells, by the whole matrix."""
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    likeness = unit @ unit.T
    np.fill_diagonal(likeness, -np.inf)
    likeness[near[0], near[1]] = -np.inf
    return np.argsort(-likeness, axis=1)[:, :most], likeness


def test_the_loss_of_a_hand_example():
    anchor = torch.tensor([[2.0, 0.0], [0.0, 1.0]])
    positive = torch.tensor([[3.0, 0.0], [1.0, 1.0]])
    # Cosines: [[1, h], [0, h]] with h = sqrt(1/2); the temperature is 1.
    h = math.sqrt(0.5)
    rows = [math.log(math.exp(1) + math.exp(h)) - 1, math.log(1 + math.exp(h)) - h]
    columns = [math.log(math.exp(1) + 1) - 1, math.log(2 * math.exp(h)) - h]
    expected = (sum(rows) / 2 + sum(columns) / 2) / 2
    assert contrastive_loss(anchor, positive, 1.0).item() == pytest.approx(expected, rel=1e-6)


def test_a_lower_temperature_is_sharper():
    anchor = torch.eye(3)
    right, wrong = anchor + 0.1, anchor.roll(1, 0)
    assert contrastive_loss(anchor, right, 0.07) < contrastive_loss(anchor, right, 1.0)
    assert contrastive_loss(anchor, wrong, 0.07) > contrastive_loss(anchor, wrong, 1.0)


def test_near_neighbours_are_edges_each_once_and_drawn_by_lot():
    graph = make_graph(rows=6, cols=7)
    found = near_neighbours(graph.near, len(graph.cell), 5, rng())
    edges = set(zip(*graph.near.tolist()))
    for cell, row in enumerate(found):
        chosen = row[row >= 0].tolist()
        degree = int((graph.near[0] == cell).sum())
        assert len(chosen) == min(degree, 5) == len(set(chosen))
        assert all((cell, other) in edges for other in chosen)
    again = near_neighbours(graph.near, len(graph.cell), 5, rng())
    other = near_neighbours(graph.near, len(graph.cell), 5, rng(1))
    np.testing.assert_array_equal(found, again)
    assert not np.array_equal(found, other)


def test_similar_neighbours_are_those_of_a_brute_force():
    graph = make_graph(rows=20, cols=20)
    x = rng(3).normal(size=(400, 3))
    found = similar_neighbours(x, graph.near, 5, rng(), SILENT)
    expected = brute_force(x, graph.near, 5)[0]
    same = np.mean([len(set(a) & set(b)) / 5 for a, b in zip(found, expected)])
    assert same > 0.99
    few = slice(0, 60)
    near = graph.near[:, (graph.near < 60).all(axis=0)]
    wide = rng(4).normal(size=(60, 30))
    found = similar_neighbours(wide[few], near, 5, rng(), SILENT)
    # So few cells are all proposed: nothing is missed, however many features there are.
    np.testing.assert_array_equal(np.sort(found), np.sort(brute_force(wide, near, 5)[0]))


def test_of_many_features_most_of_the_best_are_found():
    # Twenty columns that five hidden causes make, as classes and POIs go together.
    cause = rng(5).normal(size=(3000, 5))
    x = cause @ rng(6).normal(size=(5, 20)) + 0.2 * rng(7).normal(size=(3000, 20))
    found = similar_neighbours(x, NO_EDGES, 5, rng(), SILENT)
    expected, likeness = brute_force(x, NO_EDGES, 5)
    mine, best = (np.take_along_axis(likeness, index, 1).mean() for index in (found, expected))
    assert best - mine < 0.01
    assert np.mean([len(set(a) & set(b)) / 5 for a, b in zip(found, expected)]) > 0.8


def test_neither_itself_nor_a_near_neighbour_is_similar():
    graph = make_graph(rows=8, cols=8)
    row, col = np.divmod(np.arange(64), 8)
    smooth = np.column_stack([np.cos(row / 8), np.sin(row / 8), np.cos(col / 8)])
    found = similar_neighbours(smooth, graph.near, 5, rng(), SILENT)
    assert (found >= 0).all()
    edges = set(zip(*graph.near.tolist()))
    for cell, others in enumerate(found):
        assert cell not in others and len(set(others.tolist())) == 5
        assert not any((cell, int(other)) in edges for other in others)


def test_cells_of_equal_features_find_one_another_and_not_always_the_same():
    x = np.repeat([[1.0, 0.0], [0.0, 1.0]], 500, axis=0)
    found = similar_neighbours(x, NO_EDGES, 5, rng(), SILENT)
    assert ((found < 500) == (np.arange(1000) < 500)[:, None]).all()
    assert np.bincount(found.ravel(), minlength=1000).max() < 30


def test_a_cell_without_features_or_others_has_no_similar_ones():
    x = np.array([[1.0, 2.0], [0.0, 0.0], [1.0, 2.1], [2.0, 1.0]])
    found = similar_neighbours(x, NO_EDGES, 5, rng(), SILENT)
    assert (found[1] == -1).all() and 1 not in found
    np.testing.assert_array_equal(found[0], [2, 3, -1, -1, -1])
    assert (similar_neighbours(x[:1], NO_EDGES, 2, rng(), SILENT) == -1).all()
    assert similar_neighbours(x, NO_EDGES, 0, rng(), SILENT).shape == (4, 0)


def test_memory_is_bounded_and_fifty_thousand_cells_take_seconds():
    cells = 50_000
    grid = Grid(UTM, 0.0, 0.0, 1000.0, 1000.0, 200, 250)
    near = queen_edges(grid, np.arange(cells))
    cause = rng(8).normal(size=(cells, 4))
    x = cause @ rng(9).normal(size=(4, 8)) + 0.1 * rng(10).normal(size=(cells, 8))
    started = time.process_time()
    tracemalloc.start()
    try:
        found = similar_neighbours(x, near, 5, rng(), SILENT)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found.shape == (cells, 5) and (found >= 0).all()
    # All pairs in single bytes would take 2,500 MB.
    assert peak < 150e6
    assert time.process_time() - started < 60


def test_the_search_can_be_cancelled():
    watcher = Recorder(lambda seen: seen.asked > 2)
    with pytest.raises(Cancelled):
        similar_neighbours(rng().normal(size=(9000, 4)), NO_EDGES, 5, rng(), watcher)
    assert watcher.asked == 3


def test_averaging_takes_the_mean_of_those_that_are_there():
    values = torch.tensor([[1.0, 10.0], [3.0, 20.0], [8.0, 60.0]])
    index = np.array([[1, 2], [-1, 0], [-1, -1]])
    expected = [[5.5, 40.0], [1.0, 10.0], [0.0, 0.0]]
    np.testing.assert_allclose((averaging(index) @ values).numpy(), expected)
