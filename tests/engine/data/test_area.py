"""Polygons of any kind and CRS mark the cells whose centre they hold."""

import io

import numpy as np
import pandas as pd
import pyogrio
import pyproj
import pytest
import shapely
from pyproj import Transformer
from shapely.geometry import MultiPolygon, Point, Polygon, box

from geohg.engine.data.builders.grid import Grid
from geohg.engine.data.sources.area import StudyArea, read_area
from geohg.engine.data.sources.gathering import cell_groups, gather
from geohg.engine.data.sources.points import points_from_table
from geohg.engine.errors import InputError

from ..conftest import CRS
from .test_points import GRID, table

LONLAT = "EPSG:4326"


def text(*shapes):
    """A table of polygons, as the plugin writes it."""
    return io.StringIO("wkt\n" + "".join(f'"{shape}"\n' for shape in shapes))


def marked(*shapes, grid=GRID, crs=CRS):
    """The marked cells, [rows, cols]."""
    return read_area(text(*shapes), crs).cells(grid).reshape(grid.rows, grid.cols)


def test_cells_are_those_whose_centre_lies_inside():
    inside = marked("POLYGON((0 0, 0 151, 451 151, 451 0, 0 0))")
    # Centres lie at 50, 150, ... from the corner at the bottom left.
    assert np.argwhere(inside).tolist() == [[row, col] for row in (8, 9) for col in range(5)]


def test_longitudes_a_whole_turn_off_lie_in_the_area():
    grid = Grid("EPSG:4326", -181.0, 1.0, 1.0, 1.0, 1, 2)
    degrees = pyproj.CRS("EPSG:4326")
    for west, inside in ((179, [True, False]), (-180, [False, True]), (-181, [True, False])):
        assert StudyArea(box(west, 0, west + 1, 1), degrees).cells(grid).tolist() == inside
    grid = Grid("EPSG:4326", 179.0, 1.0, 1.0, 1.0, 1, 2)
    assert StudyArea(box(-180, 0, -179, 1), degrees).cells(grid).tolist() == [False, True]


def test_holes_parts_and_overlaps():
    ring = Polygon(box(0, 0, 1000, 1000).exterior, [box(300, 300, 700, 700).exterior])
    inside = marked(ring)
    assert inside.sum() == 100 - 16 and not inside[3:7, 3:7].any()
    parts = MultiPolygon([box(0, 0, 100, 100), box(900, 900, 1000, 1000)])
    assert np.argwhere(marked(parts)).tolist() == [[0, 9], [9, 0]]
    # Where two features overlap, the cells are inside, not outside twice.
    assert marked(box(0, 0, 600, 1000), box(400, 0, 1000, 1000)).all()


def test_a_bow_tie_is_mended_and_heights_do_not_matter():
    tie = marked("POLYGON((0 0, 1000 1000, 1000 0, 0 1000, 0 0))")
    assert tie[5, 0] and tie[5, 9] and not tie[0, 5] and not tie[9, 5]
    assert marked("POLYGON Z((0 0 5, 0 1000 5, 1000 1000 5, 1000 0 5, 0 0 5))").all()


def test_an_area_of_another_crs_has_the_edges_that_it_has_there():
    """A parallel is no straight line in UTM: cells are told by latitude, not by a chord."""
    grid = Grid(CRS, 200_000.0, 5_540_000.0, 1000.0, 1000.0, 40, 600)
    area = read_area(text("POLYGON((-3 49.8, 9 49.8, 9 51, -3 51, -3 49.8))"), LONLAT)
    centres = grid.centres(np.arange(grid.size))
    _, lat = Transformer.from_crs(CRS, LONLAT, always_xy=True).transform(*centres.T)
    np.testing.assert_array_equal(area.cells(grid), lat >= 49.8)
    assert 0 < area.cells(grid).mean() < 1
    # The parallel's lowest northing is at the central meridian, far from any corner.
    low = Transformer.from_crs(LONLAT, CRS, always_xy=True).transform(3.0, 49.8)[1]
    assert area.bounds(pyproj.CRS(CRS))[1] == pytest.approx(low, abs=20)


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".shp"])
def test_vector_files_have_their_own_crs(tmp_path, suffix):
    path = tmp_path / f"area{suffix}"
    crs = LONLAT if suffix == ".geojson" else CRS
    shape = box(0, 0, 300, 1000)
    if crs == LONLAT:
        to = Transformer.from_crs(CRS, LONLAT, always_xy=True)
        shape = shapely.transform(shape, lambda xy: np.column_stack(to.transform(*xy.T)))
    pyogrio.raw.write(
        path, shapely.to_wkb(np.array([shape])), [], [], geometry_type="Polygon", crs=crs
    )
    inside = read_area(path, "").cells(GRID).reshape(10, 10)
    assert inside[:, :3].all() and not inside[:, 3:].any()


def test_points_outside_are_left_out_and_counted_by_reason():
    frame = table(group=list("aabbccddee"))
    points = points_from_table(frame, CRS, ("x", "y"), ("value",), group="group")
    points.xy[0] = (5000.0, 50.0)
    area = np.ones(GRID.size, dtype=bool)
    area[[11, 22]] = False
    with pytest.raises(InputError, match=r"observed in 7 cells \(7 of 10 points lie inside"):
        gather(points, GRID, area)
    cell, group, _ = cell_groups(points, GRID, area)
    assert cell.tolist() == [11 * n for n in range(3, 10)]
    assert group.tolist() == list("bccddee")


def test_what_is_left_out_is_counted_by_reason():
    frame = pd.concat([table(), table(x=table()["x"][::-1].to_numpy())], ignore_index=True)
    frame.loc[0, "x"] = 5000.0
    area = StudyArea(
        Polygon(box(0, 0, 1000, 1000).exterior, [box(0, 0, 200, 200).exterior]), pyproj.CRS(CRS)
    )
    points = points_from_table(frame, CRS, ("x", "y"), ("value",))
    means, dropped = gather(points, GRID, area.cells(GRID))
    assert dropped["outside the extent"] == 1 and dropped["outside the study area"] == 2
    assert np.isfinite(means["value"]).sum() == 17


@pytest.mark.parametrize(
    ("shapes", "crs", "message"),
    [
        ((), CRS, "no polygons; the layer or selection is empty"),
        (("POLYGON EMPTY",), CRS, "no polygons"),
        (("POINT(1 1)",), CRS, "not polygons"),
        (("POLYGON((0 0",), CRS, "not a polygon"),
        ((box(0, 0, 10, 10),), CRS, "No cell of 100 x 100 has its centre in the study area"),
        ((box(0, 0, 1000, 1000),), "", "The CRS of the study area is missing"),
    ],
)
def test_refuses_an_area_that_marks_nothing(shapes, crs, message):
    with pytest.raises(InputError, match=message):
        marked(*shapes, crs=crs)


def test_refuses_points_elsewhere_and_other_geometries(tmp_path):
    points = points_from_table(table(), CRS, ("x", "y"), ("value",))
    area = np.zeros(GRID.size, dtype=bool)
    area[1] = True
    with pytest.raises(InputError, match="None of the 10 points lies in a cell of the study area"):
        gather(points, GRID, area)
    path = tmp_path / "points.gpkg"
    pyogrio.raw.write(
        path, shapely.to_wkb(np.array([Point(0, 0)])), [], [], geometry_type="Point", crs=CRS
    )
    with pytest.raises(InputError, match=r"not polygons \(such as a point\)"):
        read_area(path, "")
    with pytest.raises(InputError, match="has no column 'wkt'"):
        read_area(io.StringIO("shape\n1\n"), CRS)
    polar = StudyArea(box(0, 91, 1, 92), pyproj.CRS(LONLAT))
    with pytest.raises(InputError, match="cannot be transformed to the grid's CRS"):
        polar.bounds(pyproj.CRS(CRS))
