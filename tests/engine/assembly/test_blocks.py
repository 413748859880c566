"""A map that is read block by block is the map that is read at once."""

import numpy as np
import pytest

from geohg.engine.assembly.inputs import Inputs
from geohg.engine.assembly.reading import read_graph, read_map
from geohg.engine.config.schema import make_config
from geohg.engine.models.reading import EVERYTHING, Reading
from geohg.engine.models.windows import neighbourhoods
from geohg.engine.progress import Silent

from ..conftest import Recorder

SIDE = 64

CONFIG = make_config({"data": {"entity_thresh": 0.1}})


@pytest.fixture(scope="module")
def both(world):
    """The graph that is read at once, and the map that is read in blocks, what each was told."""
    told = Recorder(), Recorder()
    inputs = Inputs.of(world)
    once = read_graph(inputs, CONFIG.model, told[0])
    return once, read_map(Inputs.of(world), CONFIG, told[1], side=SIDE), told


def same(one, other, cells):
    """That a graph holds what another holds of these cells, in order."""
    np.testing.assert_array_equal(one.cell, other.cell[cells])
    assert one.feature_names == other.feature_names
    assert one.feature_kinds == other.feature_kinds
    assert one.feature_groups == other.feature_groups
    assert one.features.dtype == other.features.dtype
    np.testing.assert_allclose(one.features, other.features[cells], rtol=1e-6, atol=1e-6)
    for kind, links in other.hypernodes.items():
        assert one.hypernodes[kind].names == links.names
    for reading in (EVERYTHING, Reading.of(CONFIG.data), Reading(without=("height", "road"))):
        found, expected = (neighbourhoods(graph, Silent(), reading) for graph in (one, other))
        assert found.names == expected.names
        np.testing.assert_array_equal(found.group, expected.group)
        np.testing.assert_allclose(found.unit, expected.unit, rtol=1e-6)
        scale = np.nanstd(expected.x, axis=0) + 1e-3
        np.testing.assert_allclose(
            found.x / scale, expected.x[cells] / scale, rtol=0, atol=1e-6 * np.abs(scale).max()
        )


def test_a_small_map_keeps_every_cell_with_all_that_surrounds_it(both):
    once, mapped, _ = both
    assert len(mapped.blocks) == 6 and mapped.graph.total == len(once.cell)
    same(mapped.graph, once, np.arange(len(once.cell)))
    np.testing.assert_array_equal(mapped.graph.target("value"), once.target("value"))
    readings = mapped.graph.readings["value"], once.readings["value"]
    np.testing.assert_array_equal(*(own.cell for own in readings))


def test_each_block_is_read_as_if_it_were_part_of_the_whole_borders_included(both):
    once, mapped, _ = both
    seen = 0
    for block in mapped.blocks:
        part = mapped.ground.read(block, Silent())
        cells = np.flatnonzero(block.holds(once.grid, once.cell))
        same(part, once, cells)
        seen += len(cells)
    assert seen == len(once.cell)


def test_what_is_told_of_the_whole_is_told_of_blocks(both):
    _, _, (once, blocks) = both
    assert set(once.warnings) <= set(blocks.warnings)
