"""From checked inputs to a graph: whose every column and link is known."""

import dataclasses

import numpy as np
import pytest

from geohg.engine.assembly.building import build_graph
from geohg.engine.assembly.inputs import Inputs
from geohg.engine.assembly.reading import read_graph
from geohg.engine.config.schema import ModelConfig
from geohg.engine.data.builders.grid import Grid
from geohg.engine.data.sources.classes import ClassRaster
from geohg.engine.data.sources.ground import Known
from geohg.engine.data.sources.points import Points
from geohg.engine.errors import InputError
from geohg.engine.progress import Silent

from ..conftest import CRS, LEFT, TOP, write_raster

COUNTS = np.array([[0.0, 0, 0], [3, 1, 0], [0, 0, 2], [0, 1, 1]])
TOTAL = COUNTS.sum(axis=1, keepdims=True)
POIS = Known(
    "poi",
    ("park", "school", "shop", "log(1 + number of POIs)"),
    ("poi", "poi", "poi", "poi_count"),
    np.column_stack([COUNTS / np.maximum(TOTAL, 1), np.log1p(TOTAL)]).astype(np.float32),
)


def test_features_and_links_stand_under_their_names(tmp_path):
    # Two cells a row: all town and half forest above, a quarter forest below.
    codes = np.full((20, 20), 50, np.uint8)
    codes[:10, 15:] = codes[10:15, :5] = codes[15:, 10:15] = 10
    land = ClassRaster("entity", ((write_raster(tmp_path / "c.tif", codes), 1),))
    grid = Grid(CRS, LEFT, TOP, 1000.0, 1000.0, 2, 2)
    value = np.array([np.nan, 7.0, np.nan, 8.0])
    known = [land.read(grid, Silent()), POIS]
    graph = build_graph(grid, {"value": value}, known, Silent())
    forest, town = np.array([0, 0.5, 0.25, 0.25]), np.array([1, 0.5, 0.75, 0.75])
    share = np.array([[0, 0, 0], [0.75, 0.25, 0], [0, 0, 1], [0, 0.5, 0.5]])
    columns = {
        ("landcover", "Tree cover"): forest,
        ("landcover", "Built-up"): town,
        **{("poi", name): share[:, k] for k, name in enumerate(POIS.names[:3])},
        ("poi_count", "log(1 + number of POIs)"): np.log1p(COUNTS.sum(axis=1)),
    }
    found = dict(zip(zip(graph.feature_kinds, graph.feature_names), graph.features.T))
    assert set(found) == set(columns)
    for key, values in columns.items():
        np.testing.assert_allclose(found[key], values, rtol=1e-6)
    for links, kind in (
        (graph.hypernodes["entity"], "landcover"),
        (graph.hypernodes["poi"], "poi"),
    ):
        for name, cell, weight in zip(links.index[0], links.index[1], links.weight):
            assert weight == np.float32(columns[kind, links.names[name]][cell]) > 0
        shares = [values for (of, _), values in columns.items() if of == kind]
        assert len(links.weight) == np.count_nonzero(shares)
    np.testing.assert_array_equal(graph.targets["value"], value)


def test_a_category_that_no_cell_of_the_area_has_is_no_column():
    grid = Grid(CRS, LEFT, TOP, 1000.0, 1000.0, 2, 2)
    area = np.array([True, True, False, True])
    graph = build_graph(grid, {}, [POIS], Silent(), area)
    assert graph.cell.tolist() == [0, 1, 3] and graph.hypernodes["poi"].names == (
        "park",
        "school",
        "shop",
    )
    graph = build_graph(grid, {}, [POIS], Silent(), np.array([True, True, False, False]))
    assert graph.feature_names == ("park", "school", "log(1 + number of POIs)")
    with pytest.raises(InputError, match="None of 'poi' lies in the cells of the map"):
        build_graph(grid, {}, [POIS], Silent(), np.array([True, False, False, False]))
    with pytest.raises(InputError, match="Two layers are called 'poi'"):
        build_graph(grid, {}, [POIS, POIS], Silent())


def test_what_takes_long_is_read_last_and_stands_first():
    grid, order = Grid(CRS, LEFT, TOP, 1000.0, 1000.0, 2, 2), []

    class Told:
        files = ()

        def __init__(self, name):
            self.name = name

        def open(self, progress):
            return None

        def read(self, grid, progress):
            order.append(self.name)
            column = np.arange(4, dtype=np.float32)[:, None]
            return Known(self.name, (self.name,), ("covariate",), column)

    points = Points(grid.centres(np.arange(4)), {}, {"height": np.arange(4.0)}, grid.pyproj_crs, {})
    described = {"crs": CRS, "cell_size": 1000.0, "bounds": grid.bounds}
    inputs = Inputs(points, (Told("land"), Told("roads")), grid=described)
    graph = read_graph(inputs, ModelConfig(), Silent())
    assert order == ["roads", "land"] and graph.feature_names == ("land", "roads")
    # A covariate of the points may not have the name of a layer.
    again = dataclasses.replace(inputs, sources=(Told("height"),))
    with pytest.raises(InputError, match="Two layers are called 'height'"):
        read_graph(again, ModelConfig(), Silent())
