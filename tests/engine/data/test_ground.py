"""Zones, labels, classes and POIs as sources: what they know, against what is known of it."""

import numpy as np
import pandas as pd
import pytest
import shapely

from geohg.engine.assembly.building import build_graph
from geohg.engine.data.builders.esa_worldcover import attribution
from geohg.engine.data.builders.grid import Grid
from geohg.engine.data.sources.classes import ClassRaster, WorldCover
from geohg.engine.data.sources.poi import Pois, count_pois
from geohg.engine.data.sources.zones import Labels, Zones
from geohg.engine.errors import InputError, OutsideError
from geohg.engine.progress import Silent

from ..conftest import CRS, LEFT, TOP, Recorder, write_raster
from ..worldcover_bucket import make_tile

GRID = Grid(CRS, LEFT, TOP, 1000.0, 1000.0, 4, 5)


class Layer(pd.DataFrame):
    """A table with geometries, as GeoPandas has them."""

    _metadata = ("geometry_", "crs_")

    @property
    def geometry(self):
        return self.geometry_

    @property
    def crs(self):
        return self.crs_


def layer(shapes, crs=CRS, **fields):
    table = Layer(fields)
    table.geometry_, table.crs_ = np.array([*shapes, None], object)[:-1], crs
    return table


def box(left, bottom, right, top):
    """In cells of the grid, from its upper left corner."""
    return shapely.box(*np.array([left, bottom, right, top]) * 1000.0 + [LEFT, TOP, LEFT, TOP])


ZONES = [box(0, -2.25, 2.5, 0), box(2.0, -4, 5, 0), box(0.1, -3.9, 0.2, -3.8), shapely.Polygon()]
NAMES = ["west", "east", "pond", "west"]


@pytest.fixture(scope="module")
def tiles(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tiles")
    make_tile(folder, "N48E003", 3000, patch=40)
    return folder


def columns(source, grid=GRID, progress=None):
    source.open(progress or Silent())
    known = source.read(grid, progress or Silent())
    assert known.values.shape == (grid.size, len(known.names))
    assert len(known.kinds) == len(known.names)
    return known, dict(zip(known.names, known.values.T.reshape(-1, grid.rows, grid.cols)))


def test_the_share_of_a_zone_is_the_area_that_it_has_of_a_cell():
    known, found = columns(Zones("district", layer(ZONES, name=NAMES)))
    assert known.group == "district" and set(known.kinds) == {"district"} and not known.covers
    west = np.outer([1, 1, 0.25, 0], [1, 1, 0.5, 0, 0])
    np.testing.assert_allclose(found["west"], west, atol=1e-6)
    # The two overlap in the third column.
    np.testing.assert_allclose(found["east"], np.tile([0, 0, 1, 1, 1], (4, 1)), atol=1e-6)
    pond = np.zeros((4, 5))
    pond[3, 0] = 0.01
    np.testing.assert_allclose(found["pond"], pond, atol=1e-6)
    window = Grid(CRS, LEFT + 2000, TOP - 1000, 1000.0, 1000.0, 2, 2)
    part = columns(Zones("district", layer(ZONES, name=NAMES)), window)[1]
    assert list(part) == ["east", "west"]
    np.testing.assert_array_equal(part["west"], found["west"][1:3, 2:4])


def test_zones_on_both_sides_of_180_degrees():
    shapes = [shapely.box(179, 0, 180, 2), shapely.box(-180, 0, -179.5, 2)]
    grid = Grid("EPSG:4326", 178.0, 2.0, 1.0, 1.0, 2, 4)
    _, found = columns(Zones("sea", layer(shapes, "EPSG:4326", name=["a", "a"])), grid)
    np.testing.assert_allclose(found["a"], [[0, 1, 0.5, 0]] * 2, atol=1e-6)


def test_invalid_polygons_are_repaired_and_said():
    bow = shapely.Polygon(np.array([(0, 0), (2, -2), (2, 0), (0, -2)]) * 1000.0 + [LEFT, TOP])
    told = Recorder()
    _, found = columns(Zones("soil", layer([bow], soil=["clay"])), progress=told)
    assert told.warnings == ["1 polygons of 'soil' are invalid and were repaired."]
    np.testing.assert_allclose(found["clay"][:2, :2], 0.5, atol=1e-6)


@pytest.mark.parametrize(
    ("source", "crs", "message"),
    [
        (lambda: layer([box(0, -1, 1, 0)], a=["x"], b=["y"]), "", "Which column names the zones"),
        (lambda: layer([box(0, -1, 1, 0)], None, name=["x"]), "", "The CRS of 'soil' is missing"),
        (lambda: layer([shapely.Point(1, 1)], name=["x"]), "", "that are not polygons"),
        (lambda: layer([box(0, -1, 1, 0)], name=[None]), "", "has a name and an area"),
        (lambda: layer([shapely.Polygon()], name=["x"]), "", "has a name and an area"),
        (lambda: "soil.csv", "", "'soil.csv' has no polygons"),
    ],
)
def test_zones_are_refused_before_there_is_a_grid(source, crs, message):
    with pytest.raises(InputError, match=message):
        Zones("soil", source(), crs).open(Silent())


def test_what_lies_outside_is_told_apart():
    far = Grid(CRS, LEFT + 90_000, TOP, 1000.0, 1000.0, 2, 2)
    pois = pd.DataFrame({"x": [LEFT + 10], "y": [TOP - 10], "kind": ["shop"]})
    for source in (
        Zones("district", layer(ZONES, name=NAMES)),
        Labels("half", np.full(20, "a")).on(GRID, np.arange(20)),
        Pois(pois, CRS, ("x", "y"), "kind"),
    ):
        source.open(Silent())
        with pytest.raises(OutsideError):
            source.read(far, Silent())


def test_labels_of_all_cells_of_the_map_or_anywhere():
    cell = np.array([1, 3, 7, 19])
    expected = np.zeros(20)
    expected[[1, 19]] = 1
    some = Labels("half", ["a", "b", None, "a"]).on(GRID, cell)
    whole = np.full(20, None, object)
    whole[cell] = ["a", "b", None, "a"]
    for labels in (some, Labels("half", whole), Labels("half", whole.reshape(4, 5)).on(GRID, cell)):
        known, found = columns(labels)
        assert known.names == ("a", "b") and known.kinds == ("half", "half")
        np.testing.assert_array_equal(found["a"].ravel(), expected)
    window = Grid(CRS, LEFT + 3000, TOP - 2000, 1000.0, 1000.0, 2, 2)
    np.testing.assert_array_equal(columns(some, window)[1]["a"], [[0, 0], [0, 1]])
    east = Labels("half", lambda x, y: np.where(x > LEFT + 3000, "e", "w"))
    np.testing.assert_array_equal(columns(east.on(GRID, cell), window)[1]["e"], 1)
    with pytest.raises(InputError, match="'half' has 3 labels; give one for each of the 4 cells"):
        Labels("half", ["a", "b", "a"]).on(GRID, cell)
    with pytest.raises(InputError, match="has 4 labels; give one for each of the 20 cells"):
        Labels("half", ["a", "b", None, "a"]).read(GRID, Silent())


def test_classes_and_pois_are_the_columns_of_a_graph(tmp_path):
    rng = np.random.default_rng(3)
    codes = rng.choice(np.array([10, 50, 80, 0], np.uint8), (30, 50))
    codes[10:20, :10] = 0
    path = write_raster(tmp_path / "c.tif", codes)
    pois = pd.DataFrame(
        {
            "x": LEFT + rng.uniform(-500, 5000, 60),
            "y": TOP - rng.uniform(0, 4000, 60),
            "kind": rng.choice(["shop", "park", "zoo"], 60),
        }
    )
    known, _ = columns(ClassRaster("entity", ((path, 1),)))
    told, _ = columns(Pois(pois, CRS, ("x", "y"), "kind"))
    counts = count_pois(pois, CRS, ("x", "y"), "kind", GRID).counts
    total = counts.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(told.values[:, :-1], counts / np.maximum(total, 1), rtol=1e-6)
    np.testing.assert_allclose(told.values[:, -1:], np.log1p(total), rtol=1e-6)
    graph = build_graph(GRID, {}, [known, told], Silent())
    covered = np.isfinite(known.values).any(axis=1)
    assert known.covers and not told.covers and 0 < len(graph.cell) < GRID.size
    np.testing.assert_array_equal(np.flatnonzero(covered), graph.cell)
    found = np.hstack([known.values, told.values])[graph.cell]
    np.testing.assert_array_equal(found, graph.features)
    assert found.dtype == graph.features.dtype
    assert (*known.names, *told.names) == graph.feature_names
    assert (*known.kinds, *told.kinds) == graph.feature_kinds


def test_each_classification_is_a_type_of_its_own(tmp_path):
    codes = np.kron([[10, 20], [20, 20]], np.ones((20, 25))).astype(np.uint8)
    land, soil = (
        ClassRaster(kind, ((write_raster(tmp_path / f"{kind}.tif", each), 1),))
        for kind, each in (("entity", codes), ("soil", codes[::-1, ::-1]))
    )
    known, _ = columns(land)
    assert known.names == ("Tree cover", "Shrubland") and set(known.kinds) == {"landcover"}
    known, found = columns(soil)
    assert known.group == "soil" and known.kinds == ("soil", "soil") and known.attribution == ""
    np.testing.assert_array_equal(found["class 10"], np.outer([0, 0, 1, 1], [0, 0, 0.5, 1, 1]))
    np.testing.assert_array_equal(found["class 20"], 1 - found["class 10"])


def test_cells_without_a_pixel_are_told_and_rasters_are_checked_first(tmp_path):
    codes = np.array([[1, 2]], np.uint8)
    told = Recorder()
    raster = ((write_raster(tmp_path / "c.tif", codes, pixel=2000.0), 1),)
    columns(ClassRaster("soil", raster), progress=told)
    assert any("contain no centre of a land-cover pixel" in line for line in told.warnings)
    with pytest.raises(InputError, match="cannot be read"):
        ClassRaster("soil", ((tmp_path / "none.tif", 1),)).open(Silent())
    with pytest.raises(InputError, match="'soil' has no rasters"):
        ClassRaster("soil", ()).open(Silent())


def test_worldcover_is_a_source(bucket):
    grid = Grid("EPSG:4326", 4.0, 49.0, 0.05, 0.05, 3, 4)
    known, _ = columns(WorldCover("2021"), grid)
    assert known.attribution == attribution("2021") and known.covers
    np.testing.assert_allclose(known.values.sum(axis=1), 1, atol=1e-6)
    assert set(known.names) <= {
        "Tree cover", "Shrubland", "Grassland", "Built-up", "Permanent water bodies"
    }  # fmt: skip
    with pytest.raises(InputError, match="no WorldCover of 2019; choose one of 2020, 2021"):
        WorldCover("2019").open(Silent())
