"""A model says of some cells of a map, with what surrounds them, what it says in the whole map."""

import dataclasses

import numpy as np
import pytest

from geohg.engine.data.builders.squares import SQUARE, squares_of
from geohg.engine.data.builders.surroundings import Whole
from geohg.engine.models import readout
from geohg.engine.models.propagation import Propagation
from geohg.engine.models.reading import EVERYTHING, Reading
from geohg.engine.models.windows import neighbourhoods, surroundings
from geohg.engine.progress import Silent

from .landscapes import make_graph, observe, smooth_field

ROWS, COLS = 100, 150


@pytest.fixture(scope="module")
def graph():
    rng = np.random.default_rng(0)
    features = np.column_stack(
        [rng.dirichlet([0.5] * 3, ROWS * COLS), rng.normal(5, 2, (ROWS * COLS, 2))]
    )
    kinds = ("landcover",) * 3 + ("covariate",) * 2
    return make_graph(features, kinds, ROWS, COLS)


def part_of(graph, cells):
    """These cells of a graph, which bring what surrounds them."""
    least = (0.0, 0.0)
    around = {least: surroundings(graph, Silent(), Reading("all", *least), cells)}
    return dataclasses.replace(
        graph,
        cell=graph.cell[cells],
        features=graph.features[cells],
        near=np.empty((2, 0), np.int64),
        whole=Whole(len(graph.cell), around=around),
    )


@pytest.mark.parametrize("exact", [True, False])
def test_a_block_is_predicted_to_the_last_digit_as_it_is_in_the_map(graph, exact, monkeypatch):
    if not exact:
        monkeypatch.setattr(readout, "_EXACT_BELOW", 100)
    y = smooth_field(graph, noise=2.0) + 3 * graph.features[:, 3]
    observed, _ = observe(graph, 300)
    model = Propagation().fit(graph, y, observed, Silent())
    whole = model.predict(graph, Silent())
    square = squares_of(graph.grid, graph.cell)
    assert SQUARE == 64 and len(np.unique(square)) == 6
    for number in (0, 4, 5):
        cells = np.flatnonzero(square == number)
        part = model.predict(part_of(graph, cells), Silent())
        np.testing.assert_array_equal(part.location, whole.location[cells])
        np.testing.assert_array_equal(part.spread, whole.spread[cells])


def test_a_model_is_fitted_to_the_observed_cells_alone_as_it_is_to_the_map(graph):
    y = smooth_field(graph, noise=2.0)
    observed, _ = observe(graph, 120)
    part = part_of(graph, observed)
    whole = Propagation().fit(graph, y, observed, Silent())
    alone = Propagation().fit(part, y[observed], np.arange(len(observed)), Silent())
    expected, found = (model.leave_one_out() for model in (whole, alone))
    np.testing.assert_array_equal(found.location, expected.location)
    assert part.total == len(graph.cell) and part.counts()["area_nodes"] == part.total


def test_what_is_not_read_is_left_out_of_what_a_part_brings(graph):
    cells = np.arange(50, 90)
    part = part_of(graph, cells)
    for reading in (EVERYTHING, Reading("poi"), Reading(carried=False)):
        expected, found = (neighbourhoods(each, Silent(), reading) for each in (graph, part))
        assert found.names == expected.names
        np.testing.assert_array_equal(found.group, expected.group)
        np.testing.assert_array_equal(found.x, expected.x[cells])
