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
from geohg.engine.models.propagation import Propagation
from geohg.engine.prediction.fitted import FittedMap
from geohg.engine.progress import Silent

from ..conftest import CRS, LEFT, TOP, Recorder, write_raster

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


def with_a_bare_half(area=None):
    """A grid of 12 x 12 cells, with land cover in the west, and every third cell measured."""
    grid = Grid(CRS, LEFT, TOP, 1000.0, 1000.0, 12, 12)
    row, col = np.divmod(np.arange(144), 12)
    share = np.where(col[:, None] < 6, [[0.4, 0.6]], np.nan).astype(np.float32)
    share[:, 0] += row / 100
    cover = Known("entity", ("wood", "town"), ("landcover",) * 2, share, covers=True)
    value = np.where((row % 3 == 1) & (col % 3 == 1) & (col < 8), 10.0 + row, np.nan)
    told = Recorder()
    return build_graph(grid, {"value": value}, [cover], told, area), told.warnings


def test_cells_beside_measured_ones_need_no_land_cover():
    graph, warnings = with_a_bare_half()
    row, col = np.divmod(graph.cell, 12)
    # Measured cells are 3 apart; the last of them lie in column 7, rows 1, 4, 7 and 10.
    squares = [(r, c) for r in range(12) for c in range(6, 12)]
    near = [
        (r, c) for r, c in squares if min((r - m) ** 2 for m in (1, 4, 7, 10)) <= 9 - (c - 7) ** 2
    ]
    assert list(zip(row[col >= 6], col[col >= 6])) == near and (10, 10) in near
    assert (11, 10) not in near and (0, 6) in near
    assert (col < 6).sum() == 72
    assert warnings == [
        "4 observed cells have no land cover.",
        f"{len(near) - 4} cells beside measured ones have no land cover, nor a value of another "
        "raster; they are predicted from what is around them, and without land cover they lie "
        "outside the area of applicability.",
        f"{72 - len(near)} of 144 cells have neither land cover nor points and get no prediction.",
    ]


def test_no_cell_outside_the_study_area_is_beside_another():
    _, col = np.divmod(np.arange(144), 12)
    graph, _ = with_a_bare_half(col < 8)
    assert np.divmod(graph.cell, 12)[1].max() == 7 and len(graph.cell) == 96


def test_they_are_predicted_as_what_is_around_them_and_marked():
    graph, _ = with_a_bare_half()
    known = graph.observed("value")
    model = Propagation().fit(graph, graph.target("value"), known, Silent())
    found = FittedMap.learn(model, graph, "value", known).map(graph, 0.9)
    row, col = np.divmod(graph.cell, 12)
    bare = col >= 6
    assert np.corrcoef(found.mean[bare], row[bare])[0, 1] > 0.9
    assert not found.applicable[bare].any() and found.applicable[~bare].mean() > 0.8


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
