import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from geohg.engine.data.builders.crs import parse_crs
from geohg.engine.data.builders.grid import Grid
from geohg.engine.data.sources.gathering import cell_groups, gather, readings_in
from geohg.engine.data.sources.points import Points, points_from_table, read_points
from geohg.engine.errors import InputError

from ..conftest import CRS

GRID = Grid(CRS, 0.0, 1000.0, 100.0, 100.0, 10, 10)


def table(**changes):
    """One point in each cell of the diagonal, valued by its number."""
    centre = np.arange(10) * 100 + 50.0
    return pd.DataFrame({"x": centre, "y": 1000 - centre, "value": np.arange(10.0), **changes})


def read(frame, targets=("value",)):
    return points_from_table(frame, CRS, ("x", "y"), targets)


def test_values_arrive_in_their_cells():
    means, dropped = gather(read(table()), GRID)
    diagonal = np.diag(means["value"].reshape(10, 10))
    assert diagonal.tolist() == list(range(10))
    assert np.isnan(means["value"]).sum() == 90
    assert sum(dropped.values()) == 0


def test_points_of_one_cell_are_averaged_and_nulls_are_counted():
    frame = pd.concat([table(), table(value=np.arange(10.0) + 2)], ignore_index=True)
    frame.loc[0, "value"] = np.nan
    frame.loc[1, "x"] = np.nan
    means, dropped = gather(read(frame), GRID)
    diagonal = np.diag(means["value"].reshape(10, 10))
    assert diagonal.tolist() == [2.0, 3.0, *(np.arange(2, 10) + 1.0)]
    assert dropped == {"without a position": 1, "without a value": 1, "outside the extent": 0}


def test_the_order_of_points_does_not_matter():
    frame = table()
    shuffled = frame.sample(frac=1, random_state=1)
    a, b = (gather(read(item), GRID)[0]["value"] for item in (frame, shuffled))
    np.testing.assert_array_equal(a, b)


def test_points_outside_are_dropped_and_counted():
    frame = pd.concat([table(), table(x=5000.0)], ignore_index=True)
    assert gather(read(frame), GRID)[1]["outside the extent"] == 10


def test_points_of_another_crs_are_transformed():
    frame = table()
    points = points_from_table(
        pd.DataFrame({"lon": [3.0, 3.001], "lat": [48.0, 48.001], "value": [1.0, 2.0]}),
        "EPSG:4326",
        ("lon", "lat"),
        ("value",),
    )
    # The central meridian of UTM 31 is 3 degrees east, its easting 500,000 m.
    xy = points.to_crs(GRID.pyproj_crs)
    assert xy[0, 0] == pytest.approx(500_000.0, abs=0.01)
    assert len(frame) == 10


def test_null_fields_of_one_target_keep_the_point_for_the_other():
    frame = table(other=np.where(np.arange(10) == 3, np.nan, np.arange(10.0)))
    points = read(frame, ("value", "other"))
    assert len(points.xy) == 10 and np.isnan(points.values["other"]).sum() == 1


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (table().iloc[:0], "There are no points"),
        (table(value=np.nan), "None of the 10 points has a position and a value"),
        (table(value=4.0), "All 10 values of 'value' equal 4"),
        (table(value="high"), r"'value' holds text \(such as 'high'\)"),
        (table(value=[np.inf, *range(9)]), "has 1 infinite values"),
        (table().drop(columns="value"), "no field 'value'; they have: x, y"),
    ],
)
def test_refuses_bad_tables(frame, message):
    with pytest.raises(InputError, match=message):
        read(frame)


def test_refuses_fewer_than_ten_observed_cells():
    with pytest.raises(InputError, match="observed in 9 cells .9 of 9 points.*at least 10"):
        gather(read(table().iloc[:9]), GRID)


def test_refuses_cells_that_are_all_equal():
    frame = pd.concat([table(), table(value=9 - np.arange(10.0))], ignore_index=True)
    with pytest.raises(InputError, match="All 10 values of 'value' equal 4.5"):
        gather(read(frame), GRID)


def test_refuses_a_file_that_is_missing_or_no_table(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        read_points(tmp_path / "none.csv", CRS, ("x", "y"), ("value",))
    broken = tmp_path / "broken.csv"
    broken.write_bytes(b"\xff\xfe\x00binary")
    with pytest.raises(InputError, match="not a CSV file in UTF-8"):
        read_points(broken, CRS, ("x", "y"), ("value",))
    with pytest.raises(InputError, match="No value field"):
        read(table(), ())


def write_points(path, geometry, fields=None, kind="Point", crs=CRS):
    """Write geometries, WKT or None, to a file of any format."""
    shapes = np.array([None if text is None else shapely.from_wkt(text) for text in geometry])
    fields = fields or {"value": np.arange(float(len(shapes)))}
    pyogrio.raw.write(
        path,
        shapely.to_wkb(shapes),
        list(fields.values()),
        list(fields),
        geometry_type=kind,
        crs=crs,
    )
    return path


SUFFIXES = [".gpkg", ".geojson", ".shp"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_files_of_geometries_bring_their_positions_and_their_crs(tmp_path, suffix):
    crs = "EPSG:4326" if suffix == ".geojson" else CRS
    east = 3 if suffix == ".geojson" else 500_003
    wkt = [f"POINT ({east} 5)", f"POINT ({east + 1} 6)", None]
    path = write_points(tmp_path / f"p{suffix}", wkt, crs=crs)
    points = read_points(path, "", None, ("value",))
    assert points.xy.tolist() == [[east, 5], [east + 1, 6]]
    assert points.values["value"].tolist() == [0, 1]
    assert points.crs.to_string() == crs
    assert points.dropped["without a position"] == 1
    assert read_points(path, crs, None, ("value",)).xy.tolist() == points.xy.tolist()
    with pytest.raises(InputError, match="The CRS was given as 'EPSG:3857', but that of"):
        read_points(path, "EPSG:3857", None, ("value",))
    with pytest.raises(InputError, match="no field 'price'; they have: value.$"):
        read_points(path, "", None, ("price",))


def test_heights_are_left_out_and_multipoints_are_points(tmp_path):
    wkt = ["MULTIPOINT Z ((1 2 3), (4 5 6))", "MULTIPOINT EMPTY", "MULTIPOINT Z ((7 8 9))"]
    path = write_points(tmp_path / "p.gpkg", wkt, kind="MultiPoint Z")
    points = read_points(path, "", None, ("value",))
    assert points.xy.tolist() == [[1, 2], [4, 5], [7, 8]]
    assert points.values["value"].tolist() == [0, 0, 2]


def test_a_file_without_a_crs_takes_the_one_given(tmp_path):
    path = write_points(tmp_path / "p.gpkg", ["POINT (500003 5)", "POINT (500004 6)"], crs=None)
    assert read_points(path, CRS, None, ("value",)).crs.to_string() == CRS
    with pytest.raises(InputError, match="The CRS of the points is missing"):
        read_points(path, "", None, ("value",))


def test_refuses_files_of_geometries_that_are_no_points(tmp_path):
    area = write_points(tmp_path / "a.gpkg", ["POLYGON ((0 0, 1 0, 1 1, 0 0))"], kind="Polygon")
    with pytest.raises(InputError, match="1 geometries that are not points .such as a polygon"):
        read_points(area, "", None, ("value",))
    with pytest.raises(InputError, match="does not exist"):
        read_points(tmp_path / "none.gpkg", "", None, ("value",))
    (tmp_path / "broken.gpkg").write_bytes(b"no database")
    (tmp_path / "broken.geojson").write_text("{")
    for suffix in (".gpkg", ".geojson"):
        with pytest.raises(InputError, match="cannot be read"):
            read_points(tmp_path / f"broken{suffix}", "", None, ("value",))
    pyogrio.raw.write(tmp_path / "bare.gpkg", None, [np.ones(1)], ["value"])
    with pytest.raises(InputError, match="has no geometries"):
        read_points(tmp_path / "bare.gpkg", "", None, ("value",))
    path = tmp_path / "two.gpkg"
    for layer in ("one", "other"):
        shapes = shapely.to_wkb([shapely.Point(1, 2)])
        pyogrio.raw.write(
            path, shapes, [np.ones(1)], ["value"], geometry_type="Point", crs=CRS, layer=layer
        )
    with pytest.raises(InputError, match="several layers .one, other.; give a file with one"):
        read_points(path, "", None, ("value",))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"value": np.array(["low", "high"], object)}, r"'value' holds text .such as 'low'"),
        ({"value": np.array([np.inf, 1.0])}, "has 1 infinite values"),
        ({"value": np.array([2.0, 2.0])}, "All 2 values of 'value' equal 2"),
    ],
)
def test_fields_of_geometries_are_checked_like_columns(tmp_path, fields, message):
    path = write_points(tmp_path / "p.gpkg", ["POINT (500003 5)", "POINT (500004 6)"], fields)
    with pytest.raises(InputError, match=message):
        read_points(path, "", None, ("value",))


def test_csv_files_need_the_names_of_their_coordinates(tmp_path):
    table().to_csv(tmp_path / "p.csv", index=False)
    with pytest.raises(InputError, match="Name the columns of x and y"):
        read_points(tmp_path / "p.csv", CRS, None, ("value",))


def test_a_byte_order_mark_is_no_part_of_a_name_and_other_encodings_are_refused(tmp_path):
    path = tmp_path / "p.csv"
    table().to_csv(path, index=False, encoding="utf-8-sig")
    assert len(read_points(path, CRS, ("x", "y"), ("value",)).xy) == 10
    for encoding in ("utf-16", "latin-1"):
        path.write_text("x,y,größe\n1,2,3\n", encoding=encoding)
        with pytest.raises(InputError, match="not a CSV file in UTF-8"):
            read_points(path, CRS, ("x", "y"), ("value",))


def test_refuses_rows_with_more_fields_than_names_and_empty_files(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("x,y,value\n1,2,3,4\n1,2,3,4\n")
    with pytest.raises(InputError, match="more fields than its first line"):
        read_points(path, CRS, ("x", "y"), ("value",))
    path.write_text("")
    with pytest.raises(InputError, match="not a CSV file in UTF-8"):
        read_points(path, CRS, ("x", "y"), ("value",))
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        read_points(tmp_path, CRS, ("x", "y"), ("value",))


def test_a_cell_is_of_the_group_of_most_of_its_points():
    frame = pd.concat([table(site="a"), table(site="b"), table(site="b")], ignore_index=True)
    frame.loc[[0, 1, 12], "site"] = "c"
    frame.loc[[13, 23], "value"] = np.nan
    frame.loc[13, "site"] = None
    points = points_from_table(frame, CRS, ("x", "y"), ("value",), group="site")
    cell, group, mixed = cell_groups(points, GRID)
    # One each of b, b, c; of c, c... : cell by cell along the diagonal.
    assert cell.tolist() == [11 * number for number in range(10)]
    assert group.tolist() == ["b", "b", "a", "a", *["b"] * 6]
    assert mixed == 9


def test_refuses_a_value_without_a_group_and_an_unknown_group_field():
    frame = table(site=["a"] * 9 + [None])
    with pytest.raises(InputError, match="1 points have no group in 'site'"):
        points_from_table(frame, CRS, ("x", "y"), ("value",), group="site")
    with pytest.raises(InputError, match="no field 'area'; they have: x, y, value, site"):
        points_from_table(frame, CRS, ("x", "y"), ("value",), group="area")


@pytest.mark.parametrize("group", ["value", "x"])
def test_a_group_may_be_a_column_that_is_also_read_as_numbers(tmp_path, group):
    table().to_csv(tmp_path / "p.csv", index=False)
    points = read_points(tmp_path / "p.csv", CRS, ("x", "y"), ("value",), group=group)
    assert points.values["value"].tolist() == list(range(10))
    assert len(set(points.group)) == 10


def test_readings_keep_their_places_unless_they_are_the_cells_themselves():
    grid = Grid(CRS, 500_000.0, 5_400_000.0, 1000.0, 1000.0, 2, 3)
    xy = np.array([[500_500, 5_399_500], [501_500, 5_399_500], [502_900, 5_398_100], [0.0, 0.0]])
    crs = parse_crs(CRS, "points")
    middle, away = np.array([1.0, 2, np.nan, 4]), np.array([1.0, np.nan, 3, 4])
    points = Points(xy, {"middle": middle, "away": away}, {}, crs, {})
    found = readings_in(points, grid, np.array([0, 1, 5]))
    assert list(found) == ["away"]
    assert found["away"].cell.tolist() == [0, 2] and found["away"].value.tolist() == [1, 3]
    np.testing.assert_array_equal(found["away"].xy, xy[[0, 2]])
    # Twice in one place is no value of the cell alone, and points in other cells count for none.
    twice = Points(xy[[0, 0]], {"v": np.array([1.0, 5])}, {}, crs, {})
    assert readings_in(twice, grid, np.array([0]))["v"].value.tolist() == [1, 5]
    assert readings_in(points, grid, np.array([0, 1])) == {}


def test_readings_lie_on_the_turn_of_their_grid():
    grid = Grid("EPSG:4326", 179.0, 10.0, 1.0, 1.0, 1, 3)
    crs = parse_crs("EPSG:4326", "points")
    points = Points(np.array([[-178.7, 9.5]]), {"v": np.ones(1)}, {}, crs, {})
    assert readings_in(points, grid, np.arange(3))["v"].xy.tolist() == [[181.3, 9.5]]
