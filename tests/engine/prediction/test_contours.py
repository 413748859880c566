"""Lines of equal value through rasters whose lines are known."""

import re

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from rasterio.transform import Affine

from geohg.engine.assembly import capacity
from geohg.engine.colours import ColourScale, colour_scale
from geohg.engine.errors import InputError, OutputError
from geohg.engine.jobs import run
from geohg.engine.prediction import contours
from geohg.engine.prediction.contours import (
    Surface,
    check_contours,
    draw_lines,
    levels_of,
    write_contours,
)
from geohg.engine.progress import Silent

from ..conftest import CELL, QUICK

UTM = "EPSG:32631"
# Cells of 10 m; the middle of the first is at (1005, 4995).
TRANSFORM = Affine(10.0, 0.0, 1000.0, 0.0, -10.0, 5000.0)


def middles(rows=30, cols=40):
    """The middles of the cells, x and y [rows, cols]."""
    return np.meshgrid(1005.0 + 10 * np.arange(cols), 4995.0 - 10 * np.arange(rows))


def test_a_plane_gives_straight_lines_where_its_values_are():
    x, _ = middles()
    shapes, level = draw_lines(2 * x, TRANSFORM, np.array([2100.0, 2233.0, 9999.0]))
    assert [*level] == [2100.0, 2233.0]
    for line, at in zip(shapes, level / 2):
        # From the middle of the last row to that of the first.
        assert line.bounds == pytest.approx((at, 4705.0, at, 4995.0))
        assert line.length == pytest.approx(290.0)


def test_a_cone_gives_closed_circles():
    x, y = middles()
    far = np.hypot(x - 1200, y - 4850)
    shapes, level = draw_lines(far, TRANSFORM, np.array([50.0, 100.0]))
    assert [*level] == [50.0, 100.0]
    for line, radius in zip(shapes, level):
        assert line.is_closed
        away = np.hypot(*(shapely.get_coordinates(line) - (1200, 4850)).T)
        np.testing.assert_allclose(away, radius, atol=0.3)  # a sagitta of cells of 10 m
        assert line.length == pytest.approx(2 * np.pi * radius, rel=0.01)


def test_lines_end_where_nothing_is_known():
    x, y = middles()
    values = np.where(y < 4900, np.nan, x)
    (line,), _ = draw_lines(values, TRANSFORM, np.array([1100.0]))
    assert line.bounds == pytest.approx((1100.0, 4905.0, 1100.0, 4995.0))
    nothing, level = draw_lines(np.full((3, 3), np.nan), TRANSFORM, np.array([0.0]))
    assert len(nothing) == len(level) == 0


def test_a_strip_a_plain_and_a_pit_give_no_lines():
    x, y = middles()
    assert len(draw_lines(x[:1], TRANSFORM, np.array([1100.0]))[0]) == 0
    assert len(draw_lines(np.full((5, 5), 3.0), TRANSFORM, np.array([3.0]))[0]) == 0
    pit = np.hypot(x - 1205, y - 4855)  # 0 in the middle of one cell
    assert len(draw_lines(pit, TRANSFORM, np.array([0.0]))[0]) == 0


def test_levels_are_multiples_of_the_interval_or_those_of_the_colours():
    values = np.linspace(0.25, 1.35, 12).reshape(3, 4)
    assert [*levels_of(Surface("y", values), 0.3)] == [0.3, 0.6, 0.9, 1.2]
    assert [*levels_of(Surface("y", -values), 0.5)] == [-1.0, -0.5]
    assert [*levels_of(Surface("y", np.full((2, 2), np.nan)), 0.0)] == []
    heavy = np.exp(np.random.default_rng(0).normal(0, 2, (40, 40)))
    steps = colour_scale(heavy.ravel().tolist(), logarithmic=True).stops
    assert len(steps) > 2
    assert [*levels_of(Surface("y", heavy, logarithmic=True), 0.0)] == [*steps]
    assert ColourScale(3.0, 47.0, (0.0, 48.0)).levels == tuple(2.0 * n for n in range(25))


def test_what_cannot_be_drawn_is_refused(monkeypatch):
    measured = [np.array([0.0, 100.0])]
    check_contours(25_000_000, measured, 0.2)
    with pytest.raises(InputError, match="would be 1,000 levels.*interval of at least 0.4"):
        check_contours(100, measured, 0.1)
    with pytest.raises(InputError, match="at most 25,000,000 cells, and the map has 25,000,001"):
        check_contours(25_000_001)
    with pytest.raises(InputError, match="at most 5000"):
        levels_of(Surface("y", np.array([[0.0, 1.0]])), 1e-4)


def test_a_layer_says_the_level_and_of_several_fields_which(tmp_path):
    x, y = middles()
    surfaces = [Surface("x", x), Surface("y", y)]
    for suffix in (".gpkg", ".geojson", ".fgb"):
        path = tmp_path / f"lines{suffix}"
        write_contours(path, UTM, TRANSFORM, surfaces, 100.0, "Somebody")
        meta, _, shapes, (level, field) = pyogrio.raw.read(path)
        assert [*meta["fields"]] == ["level", "field"] and meta["geometry_type"] == "LineString"
        assert meta["crs"] == UTM
        known = {name: {*level[field == name]} for name in "xy"}
        assert known == {"x": {1100.0, 1200.0, 1300.0}, "y": {4800.0, 4900.0}}
        assert len(shapes) == 5
    told = pyogrio.read_info(tmp_path / "lines.gpkg")["layer_metadata"]
    assert told["ATTRIBUTION"] == "Somebody"
    write_contours(tmp_path / "none.gpkg", UTM, TRANSFORM, [Surface("x", np.ones((3, 3)))], 100.0)
    assert pyogrio.read_info(tmp_path / "none.gpkg")["features"] == 0


def lines_of(path):
    """The lines of a layer, by level."""
    _, _, shapes, columns = pyogrio.raw.read(path)
    level = columns[0]
    lines = shapely.from_wkb(shapes)
    return {value: shapely.multilinestrings(lines[level == value]) for value in np.unique(level)}


def coarse(landscape, outputs):
    """A request for a map of few cells."""
    grid = {**landscape.request()["grid"], "cell_size": 2 * CELL}
    return landscape.request(outputs=outputs, training={**QUICK, "blocks": False}, grid=grid)


def test_a_run_draws_them_through_the_map_that_it_writes(landscape, tmp_path):
    paths = {"prediction": str(tmp_path / "map.tif"), "contours": str(tmp_path / "lines.gpkg")}
    request = coarse(landscape, paths)
    found = run({**request, "output": {"contour_interval": 2.0}}, Silent())
    assert found["contours"] == paths["contours"]
    lines = lines_of(paths["contours"])
    with rasterio.open(paths["prediction"]) as raster:
        values, transform, crs = raster.read(1), raster.transform, raster.crs
    low, high = np.nanmin(values), np.nanmax(values)
    assert [*lines] == [*np.arange(np.ceil(low / 2), np.floor(high / 2) + 1) * 2.0]
    assert pyogrio.read_info(paths["contours"])["crs"] == crs.to_string()
    for level, shape in lines.items():
        # Each point of a line lies between two cells, of which one is above and one is not.
        x, y = shapely.get_coordinates(shape).T
        col, row = ((x - transform.c) / transform.a - 0.5, (y - transform.f) / transform.e - 0.5)
        around = [
            values[r.astype(int), c.astype(int)]
            for r in (np.floor(row + 1e-6), np.ceil(row - 1e-6))
            for c in (np.floor(col + 1e-6), np.ceil(col - 1e-6))
        ]
        assert (np.min(around, axis=0) <= level + 1e-4).all()
        assert (np.max(around, axis=0) >= level - 1e-4).all()


def test_a_run_that_cannot_draw_them_ends_before_the_fit(landscape, tmp_path, monkeypatch):
    outputs = {"contours": str(tmp_path / "lines.gpkg")}
    request = coarse(landscape, outputs)
    monkeypatch.setattr("geohg.engine.jobs.interpolate.validate", None)
    with pytest.raises(InputError, match=re.escape("at most 500 are drawn")):
        run({**request, "output": {"contour_interval": 1e-4}}, Silent())
    monkeypatch.setattr(contours, "_MOST_CELLS", 10)
    with pytest.raises(InputError, match="Contours are drawn through at most 10 cells"):
        run(request, Silent())
    for name in ("_LEAST_SIDE", "_MOST_SIDE"):  # in blocks, before they are read
        monkeypatch.setattr(capacity, name, 8)
    monkeypatch.setattr("geohg.engine.assembly.passes.Passes.survey", None)
    with pytest.raises(InputError, match="Contours are drawn through at most 10 cells"):
        run(request, Silent())
    with pytest.raises(OutputError, match="end its name with .gpkg, .geojson, .fgb"):
        run({**request, "outputs": {"contours": str(tmp_path / "lines.shp")}}, Silent())
    assert not [*tmp_path.iterdir()]
