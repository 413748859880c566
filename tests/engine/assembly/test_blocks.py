"""A map that is read block by block is the map that is read at once."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geohg.engine.assembly.inputs import Inputs
from geohg.engine.assembly.reading import read_graph, read_map
from geohg.engine.config.schema import make_config
from geohg.engine.models.reading import EVERYTHING, Reading
from geohg.engine.models.windows import neighbourhoods
from geohg.engine.progress import Silent

from ..conftest import CELL, CRS, LEFT, TOP, Recorder, write_raster

HIGH, WIDE = 100, 150
SIDE = 64


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """The parts of a request whose sources all end, or have something of their own, somewhere."""
    folder = tmp_path_factory.mktemp("world")
    rng = np.random.default_rng(3)
    row, col = np.mgrid[:HIGH, :WIDE]
    fine = np.repeat(np.repeat(np.sin(col / 9) + np.cos(row / 7), 4, 0), 4, 1)
    fine = fine + 0.4 * rng.standard_normal(fine.shape)
    codes = np.select([fine > 0.9, fine < -0.7], [50, 10], 40).astype(np.uint8)
    codes[: 30 * 4, 100 * 4 :] = 0  # nobody knows the north-east
    codes[80 * 4 :, : 20 * 4] = 80  # water in one corner alone
    soil = np.where(np.arange(WIDE * 4) < 200, 1, 2) * np.ones((HIGH * 4, 1), np.int64)
    soil[:, 500:] = 7
    height = (300 + 40 * fine + np.linspace(0, 500, WIDE * 4)).astype(np.float32)
    height[150:180, 250:280] = -9999
    raster = {"pixel": CELL / 4}
    x = LEFT + rng.uniform(0, WIDE * CELL, 700)
    y = TOP - rng.uniform(0, HIGH * CELL, 700)
    value = 10 + np.sin((x - LEFT) / 9000) + 0.3 * rng.standard_normal(700)
    table = {"x": x, "y": y, "value": value}
    pd.DataFrame(table).to_csv(folder / "points.csv", index=False)
    near = rng.normal(0, 8000, (300, 2)) + [LEFT + 30_000, TOP - 20_000]
    names = np.array(["shop", "park"])[(near[:, 0] > LEFT + 40_000).astype(int)]
    pois = {"x": near[:, 0], "y": near[:, 1], "category": names}
    pd.DataFrame(pois).to_csv(folder / "pois.csv", index=False)
    squares = [shapely.box(LEFT + k * 4e4, TOP - 9e4, LEFT + k * 4e4 + 3e4, TOP) for k in range(4)]
    zones = gpd.GeoDataFrame({"name": list("abcd")}, geometry=squares, crs=CRS)
    zones.to_file(folder / "zones.gpkg")
    road = shapely.LineString([(LEFT, TOP), (LEFT + 5e4, TOP - 6e4), (LEFT + 1.4e5, TOP - 7e4)])
    gpd.GeoDataFrame(geometry=[road], crs=CRS).to_file(folder / "road.gpkg")
    area = shapely.Point(LEFT + 75_000, TOP - 50_000).buffer(72_000)
    gpd.GeoDataFrame(geometry=[area], crs=CRS).to_file(folder / "area.gpkg")
    tables = {"crs": CRS, "coord_columns": ["x", "y"]}
    return {
        "points": {"path": str(folder / "points.csv"), "targets": ["value"], **tables},
        "landcover": [
            {"path": str(write_raster(folder / "land.tif", codes, nodata=0, **raster)), "band": 1}
        ],
        "classes": [
            {"type": "soil", "path": str(write_raster(folder / "soil.tif", soil, **raster))}
        ],
        "covariates": [
            {
                "name": "height",
                "path": str(write_raster(folder / "dem.tif", height, nodata=-9999, **raster)),
                "elevation": True,
            }
        ],
        "poi": {"path": str(folder / "pois.csv"), "category": "category", **tables},
        "zones": [{"type": "district", "path": str(folder / "zones.gpkg"), "column": "name"}],
        "distances": [{"name": "road", "path": str(folder / "road.gpkg")}],
        "area": {"path": str(folder / "area.gpkg")},
        "grid": {
            "crs": CRS,
            "cell_size": CELL,
            "bounds": [LEFT, TOP - HIGH * CELL, LEFT + WIDE * CELL, TOP],
        },
    }


CONFIG = make_config({"data": {"entity_thresh": 0.1}})


@pytest.fixture(scope="module")
def both(world):
    """The graph that is read at once, and the map that is read in blocks, what each was told."""
    told = Recorder(), Recorder()
    inputs = Inputs.of(world)
    once = read_graph(inputs, CONFIG.model, told[0])
    return once, read_map(Inputs.of(world), CONFIG, told[1], SIDE), told


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
