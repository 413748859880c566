"""Distances to features, against geodesics and planes that are known."""

import numpy as np
import pyogrio
import pyproj
import pytest
import shapely

from geohg.engine.data.builders.grid import Grid
from geohg.engine.data.sources.distances import Distance
from geohg.engine.errors import InputError
from geohg.engine.progress import Silent

from ..conftest import Recorder

GEOD = pyproj.Geod(ellps="WGS84")
UTM = "EPSG:32631"


def metres(shapes, grid, crs="EPSG:4326"):
    source = Distance("roads", shapes, crs)
    source.open(Silent())
    known = source.read(grid, Silent())
    assert known.names == ("distance to roads",) and known.kinds == ("covariate",)
    assert known.group == "roads" and not known.covers and known.values.shape == (grid.size, 1)
    return np.expm1(known.values[:, 0].astype(float))


def shortest(grid, points):
    """By brute force, from cells of a grid in degrees."""
    x, y = grid.centres(np.arange(grid.size)).T
    each = [GEOD.inv(x, y, np.full(len(x), a), np.full(len(x), b))[2] for a, b in points]
    return np.min(each, axis=0)


@pytest.mark.parametrize(
    ("grid", "middle", "spread"),
    [
        (Grid("EPSG:4326", 5.0, 55.0, 0.25, 0.25, 20, 20), (8, 52), 3),
        (Grid("EPSG:4326", 178.0, -15.0, 0.5, 0.5, 6, 10), (181, -17), 1),
        (Grid("EPSG:4326", -60.0, 90.0, 10.0, 1.0, 12, 12), (0, 85), 4),
        (Grid("EPSG:4326", 5.0, 55.0, 0.5, 0.5, 6, 6), (-70, 10), 5),
        (Grid("EPSG:4326", 170.0, -40.0, 0.5, 0.5, 4, 8), (-5, 40), 2),
    ],
    ids=["near", "across 180 degrees", "at a pole", "beyond an ocean", "at the antipodes"],
)
def test_distances_are_those_along_the_ellipsoid(grid, middle, spread):
    rng = np.random.default_rng(1)
    points = np.array(middle) + rng.normal(0, spread, (40, 2))
    points[:, 1] = np.clip(points[:, 1], -89, 89)
    points[:, 0] = (points[:, 0] + 180) % 360 - 180
    found = metres(list(shapely.points(points)), grid)
    far = shortest(grid, points)
    np.testing.assert_allclose(found, far, rtol=1e-3 if far.min() > 1e7 else 2e-4)


def test_lines_and_polygons_in_metres():
    grid = Grid(UTM, 5e5, 5.41e6, 1000.0, 1000.0, 10, 10)
    line = shapely.LineString([(5e5 + 2000, 5.3e6), (5e5 + 2000, 5.5e6)])
    x, y = (grid.centres(np.arange(100)) - [5e5, 5.4e6]).T
    # A metre of the map is longer on the ground, by this much.
    scale = 1 / 0.9996
    np.testing.assert_allclose(metres([line], grid, UTM), np.abs(x - 2000) * scale, rtol=3e-4)
    square = shapely.box(5e5 + 3000, 5.4e6 + 3000, 5e5 + 6000, 5.4e6 + 6000)
    away = np.hypot(*(np.maximum(np.abs(each - 4500) - 1500, 0) for each in (x, y)))
    found = metres([square], grid, UTM)
    np.testing.assert_allclose(found, away * scale, rtol=3e-4)
    assert (found == 0).sum() == 9
    # A hole is outside.
    ring = square.difference(square.buffer(-1000))
    middle = metres([ring], grid, UTM)[(x == 4500) & (y == 4500)]
    np.testing.assert_allclose(middle, 500 * scale, rtol=3e-4)


def test_edges_are_straight_in_their_own_crs():
    """A parallel, which no plane in metres has as a straight line."""
    line = shapely.LineString([(-20, 60), (40, 60)])
    grid = Grid("EPSG:4326", 9.95, 61.05, 0.1, 0.1, 1, 2)
    far = GEOD.inv(10, 61, 10, 60)[2]
    np.testing.assert_allclose(metres([line], grid), far, rtol=2e-4)
    inside = metres(
        [shapely.box(-20, 50, 40, 60)], Grid("EPSG:4326", 9.95, 59.99, 0.01, 0.01, 1, 1)
    )
    assert inside == 0
    cell = Grid("EPSG:3857", 1.1e6, 8.4e6, 1000.0, 1000.0, 1, 1)
    x, y = pyproj.Transformer.from_crs(3857, 4326, always_xy=True).transform(*cell.centres([0])[0])
    # On this map a metre is two.
    np.testing.assert_allclose(metres([line], cell), GEOD.inv(x, y, x, 60)[2], atol=0.3)


def test_a_window_has_the_distances_of_the_whole():
    shapes = list(shapely.points(np.random.default_rng(2).uniform(0, 9, (50, 2))))
    whole = Grid("EPSG:4326", 0.0, 8.0, 0.5, 0.5, 16, 16)
    part = Grid("EPSG:4326", 3.0, 5.0, 0.5, 0.5, 4, 6)
    found = metres(shapes, whole).reshape(16, 16)[6:10, 6:12]
    np.testing.assert_array_equal(found.ravel(), metres(shapes, part))


def test_long_lines_and_parts_are_cut_and_none_is_lost():
    angle = np.linspace(0, 2 * np.pi, 1000)
    ring = shapely.LineString(np.column_stack([np.cos(angle), np.sin(angle)]) * 9000 + [5e5, 5.4e6])
    both = shapely.GeometryCollection([ring, shapely.MultiPoint([(5e5, 5.4e6), (5.1e5, 5.39e6)])])
    grid = Grid(UTM, 4.9e5, 5.41e6, 500.0, 500.0, 40, 40)
    xy = grid.centres(np.arange(grid.size))
    expected = shapely.distance(both, shapely.points(xy)) / 0.9996
    np.testing.assert_allclose(metres([both, None], grid, UTM), expected, rtol=3e-4, atol=0.01)


def test_a_local_crs_is_a_plane_in_its_unit():
    local = 'LOCAL_CS["site",UNIT["foot",0.3048],AXIS["x",EAST],AXIS["y",NORTH]]'
    grid = Grid(local, 0.0, 10.0, 10.0, 10.0, 1, 1)
    found = metres([shapely.Point(35, 45), shapely.Point(500, 5)], grid, local)
    np.testing.assert_allclose(found, 50 * 0.3048, rtol=1e-5)


def test_files_have_a_crs_and_invalid_polygons_are_repaired(tmp_path):
    path = tmp_path / "z.gpkg"
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    pyogrio.raw.write(path, shapely.to_wkb([bow]), [], [], geometry_type="Polygon", crs="EPSG:4326")
    source, told = Distance("lakes", path), Recorder()
    source.open(told)
    assert told.warnings == ["1 polygons of 'lakes' are invalid and were repaired."]
    found = source.read(Grid("EPSG:4326", 0.0, 1.0, 0.2, 0.2, 5, 5), told).values.reshape(5, 5)
    assert found[2, 0] == 0 and found[2, 4] == 0 and found[0, 2] > 0 and found[4, 2] > 0
    assert source.files == (str(path),)


@pytest.mark.parametrize(
    ("source", "crs", "message"),
    [
        ([shapely.Point(1, 1)], "", "The CRS of 'roads' is missing"),
        ([shapely.Point(), None], "EPSG:4326", "has no geometry that is not empty"),
        ([shapely.Point(np.nan, 1), shapely.LineString([(0, 0), (np.inf, 1)])], UTM, "has 2 vert"),
        ([shapely.Point(5e5, 5e6)], "EPSG:4326", "are not longitudes"),
        ("roads.csv", "EPSG:4326", "'roads.csv' has no geometries; give a layer"),
        ([], "EPSG:4326", "'list' has no geometries"),
        ("none.gpkg", "", "none.gpkg"),
    ],
)
def test_refuses_what_has_no_distance(source, crs, message):
    with pytest.raises(InputError, match=message):
        Distance("roads", source, crs).open(Silent())
