"""A map that is read block by block is the map that is read at once."""

import numpy as np
import pandas as pd
import pytest

from geohg.engine.assembly.inputs import Inputs
from geohg.engine.assembly.maps import read_map
from geohg.engine.assembly.reading import read_graph
from geohg.engine.config.schema import make_config
from geohg.engine.errors import InputError
from geohg.engine.models.reading import EVERYTHING, Reading
from geohg.engine.models.windows import neighbourhoods
from geohg.engine.progress import Silent

from ..conftest import Recorder, write_raster

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
    for reading in (EVERYTHING, Reading.of(CONFIG.data)):
        found, expected = (neighbourhoods(graph, Silent(), reading) for graph in (one, other))
        assert found.names == expected.names
        np.testing.assert_array_equal(found.group, expected.group)
        np.testing.assert_allclose(found.unit, expected.unit, rtol=1e-6)
        scale = np.nanstd(expected.x, axis=0) + 1e-3
        near = {"rtol": 0, "atol": 1e-6 * scale.max(initial=1.0)}
        np.testing.assert_allclose(found.x / scale, expected.x[cells] / scale, **near)


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


@pytest.fixture(scope="module")
def degrees(tmp_path_factory):
    """Parts of a request in degrees, with rasters in metres, of two pixels, and of few of them."""
    folder = tmp_path_factory.mktemp("degrees")
    rng = np.random.default_rng(5)
    # 1.5 x 1 degrees from 3° E and 49° N on, and 111 km of the same in metres.
    row, col = np.mgrid[:90, :70]
    fine = np.sin(col / 9) + np.cos(row / 7) + 0.3 * rng.standard_normal(row.shape)
    codes = np.select([fine > 0.9, fine < -0.7], [50, 10], 40).astype(np.uint8)
    north = {"top": 5_545_000.0}
    west = write_raster(folder / "w.tif", codes, pixel=1500.0, left=490_000.0, **north)
    east = write_raster(
        folder / "e.tif", codes[:, ::-1], pixel=800.0, left=550_000.0, top=5_540_000.0
    )
    coarse = (1e7 + np.cumsum(rng.standard_normal((40, 60)), axis=1)).astype(np.float64)
    given = {"crs": "EPSG:4326", "pixel": 0.025, "left": 3.0, "top": 50.0}
    wet = write_raster(folder / "wet.tif", coarse, **given)
    table = {"lon": rng.uniform(3, 4.5, 300), "lat": rng.uniform(49, 50, 300)}
    pd.DataFrame({**table, "value": rng.random(300)}).to_csv(folder / "p.csv", index=False)
    return {
        "points": {
            "path": str(folder / "p.csv"),
            "targets": ["value"],
            "crs": "EPSG:4326",
            "coord_columns": ["lon", "lat"],
        },
        "landcover": [{"path": str(path), "band": 1} for path in (west, east)],
        "covariates": [{"name": "wet", "path": str(wet)}],
        "grid": {"crs": "EPSG:4326", "cell_size": 0.01, "bounds": [3.0, 49.0, 4.5, 50.0]},
    }


def test_a_grid_in_degrees_is_read_in_blocks_with_the_digits_that_it_needs(degrees):
    once = read_graph(Inputs.of(degrees), CONFIG.model, Silent())
    mapped = read_map(Inputs.of(degrees), CONFIG, Silent(), side=SIDE)
    assert once.features.dtype == np.float64 and len(mapped.blocks) == 6
    assert mapped.blocks[0].halo == (4, 7) or mapped.blocks[0].halo[0] < mapped.blocks[0].halo[1]
    same(mapped.graph, once, np.arange(len(once.cell)))
    for block in mapped.blocks:
        cells = np.flatnonzero(block.holds(once.grid, once.cell))
        same(mapped.ground.read(block, Silent()), once, cells)


@pytest.mark.parametrize("kept", [(), ("distances",), ("poi", "zones"), ("landcover",)])
def test_whatever_sources_there_are_blocks_hold_what_the_whole_does(world, kept):
    request = {name: world[name] for name in ("points", "grid", *kept)}
    once = read_graph(Inputs.of(request), CONFIG.model, Silent())
    mapped = read_map(Inputs.of(request), CONFIG, Silent(), side=SIDE)
    same(mapped.graph, once, np.arange(len(once.cell)))


def test_a_source_of_which_nothing_lies_in_the_map_is_refused_as_it_is_at_once(world, tmp_path):
    far = write_raster(tmp_path / "far.tif", np.full((9, 9), 40, np.uint8), left=9e5)
    request = {**world, "landcover": [{"path": str(far), "band": 1}]}
    for read in (
        lambda inputs: read_graph(inputs, CONFIG.model, Silent()),
        lambda inputs: read_map(inputs, CONFIG, Silent(), side=SIDE),
    ):
        with pytest.raises(InputError, match="does not overlap the grid"):
            read(Inputs.of(request))


def test_a_raster_of_one_value_says_neither_anything_nor_which_cells_exist(world, tmp_path):
    flat = np.full((50, 75), 7.0, np.float32)
    path = write_raster(tmp_path / "flat.tif", flat, pixel=2000.0)
    request = {**world, "covariates": [{"name": "flat", "path": str(path)}]}
    told = Recorder()
    once = read_graph(Inputs.of(request), CONFIG.model, Silent())
    mapped = read_map(Inputs.of(request), CONFIG, told, side=SIDE)
    assert "flat" not in mapped.graph.feature_names
    assert sum("'flat' has the same value in all cells" in text for text in told.warnings) == 1
    same(mapped.graph, once, np.arange(len(once.cell)))


def test_what_is_told_of_the_whole_is_told_of_blocks(both):
    _, _, (once, blocks) = both
    assert set(once.warnings) <= set(blocks.warnings)
    for step in ("Looking at the ground", "Reading what surrounds measured cells"):
        assert f"{step}: 15,000 of 15,000 cells" in blocks.messages
