"""Points as other people's files have them: read right, or refused in a sentence."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from geohg.engine import jobs
from geohg.engine.assembly.sizing import grid_around
from geohg.engine.data.sources.arrays import points_from_arrays
from geohg.engine.data.sources.points import points_from_table, read_points
from geohg.engine.errors import InputError
from geohg.engine.interpolator import GeoHGInterpolator
from geohg.engine.progress import Silent

from ..conftest import CRS, Recorder, write_raster

DEGREES = "EPSG:4326"
COUNT = 60


def scatter(west=116.0, south=39.0, count=COUNT, size=1.0):
    """x and y of random positions in a square."""
    rng = np.random.default_rng(4)
    return west + size * rng.uniform(size=count), south + size * rng.uniform(size=count)


def lay(x, y, crs=DEGREES, **changes):
    """The grid around points."""
    frame = pd.DataFrame({"x": x, "y": y, "value": np.arange(len(x), dtype=float)})
    points = points_from_table(frame, crs, ("x", "y"), ("value",))
    return grid_around(points, changes.pop("size", 0.1), crs, Silent(), **changes)


# --- positions ------------------------------------------------------------------------


def test_exchanged_positions_are_told():
    lon, lat = scatter()
    with pytest.raises(InputError, match="60 of the 60 positions .* x and y look exchanged"):
        lay(lat, lon)


def test_metres_for_degrees_are_told():
    lon, lat = scatter(5e5, 4.4e6, size=5e4)
    with pytest.raises(InputError, match="they look like metres; give the CRS"):
        lay(lon, lat)


def test_one_wrong_digit_is_told_with_its_row():
    lon, lat = scatter()
    lon[7] *= 10
    with pytest.raises(InputError, match=r"1 of the 60 positions .*\(row 8\): correct or remove"):
        lay(lon, lat)


def test_degrees_for_metres_and_exchanged_metres_are_told():
    lon, lat = scatter()
    with pytest.raises(InputError, match="they look like degrees"):
        lay(lon, lat, crs="EPSG:32650")
    x, y = scatter(4e5, 4.3e6, size=1e5)
    with pytest.raises(InputError, match="x and y look exchanged; give the easting as x"):
        lay(y, x, crs="EPSG:32650")


def test_infinite_positions_are_named_as_such():
    lon, lat = scatter()
    lon[2] = np.inf
    with pytest.raises(InputError, match=r"1 of the 60 positions of .* are infinite \(row 3\)"):
        lay(lon, lat)


@pytest.mark.parametrize("far", [(0.0, 0.0), (-70.0, 10.0)])
def test_a_point_far_from_all_others_is_named_and_used_only_where_that_is_said(far):
    lon, lat = scatter()
    lon[5], lat[5] = far
    with pytest.raises(
        InputError, match=r"1 of the 60 points lie [\d,]+ km from all others \(row 6"
    ):
        lay(lon, lat)
    assert lay(lon, lat, bounds=(116, 39, 117, 40)).size == 100


@pytest.mark.parametrize("west", [113.0, 20.0, -120.0])
def test_two_groups_of_points_are_no_mistake(west):
    (lon, lat), (other, there) = scatter(), scatter(west, 23.0)
    grid = lay(np.append(lon, other), np.append(lat, there), size=1.0)
    assert grid.size > 60


def test_a_sparse_network_of_the_whole_world_is_no_mistake():
    rng = np.random.default_rng(0)
    assert lay(rng.uniform(-170, 170, 40), rng.uniform(-60, 70, 40), size=5.0).size > 500


def test_points_on_both_sides_of_180_degrees_make_one_short_grid():
    lon, lat = scatter(178.5, -18.0, size=3.0)
    around = (lon + 180) % 360 - 180
    grid = lay(around, lat)
    left, _, right, _ = grid.bounds
    assert right - left < 3.3 and (grid.locate(around, lat) >= 0).all()
    np.testing.assert_array_equal(grid.locate(around, lat), grid.locate(around + 360, lat))


def test_a_cell_of_a_hundred_degrees_is_refused():
    with pytest.raises(InputError, match="is read in degrees, the unit of the grid's CRS"):
        lay(*scatter(), size=500.0)


# --- tables ---------------------------------------------------------------------------

X, Y = scatter(5e5, 5.39e6, size=1e4)
VALUES = np.round(np.random.default_rng(5).normal(10, 2, COUNT), 6)


def from_memory(values, coords=None):
    coords = np.column_stack([X, Y]) if coords is None else coords
    return points_from_arrays(coords, None, values, None, CRS)[0]


@pytest.mark.parametrize(
    "column",
    [
        pd.Series(VALUES).astype("Float64"),
        pd.Series(VALUES, dtype=object),
        pd.Series([Decimal(str(value)) for value in VALUES]),
        pd.Series(pd.Categorical(VALUES)),
        list(VALUES),
    ],
    ids=["nullable", "object", "decimal", "categorical", "list"],
)
def test_numbers_are_numbers_whatever_holds_them(column):
    values = column if isinstance(column, list) else pd.DataFrame({"value": column})
    np.testing.assert_array_equal(from_memory(values).values["value"], VALUES)


def test_what_is_masked_or_missing_is_missing():
    gone = np.arange(COUNT) < 20
    nullable = pd.Series(VALUES).astype("Float64")
    nullable[gone] = pd.NA
    for values in (
        np.ma.masked_array(np.where(gone, -9999, VALUES), mask=gone),
        pd.DataFrame({"value": nullable}),
        [None if lost else value for lost, value in zip(gone, VALUES)],
    ):
        points = from_memory(values)
        np.testing.assert_array_equal(points.values["value"], VALUES[~gone])
        assert points.dropped["without a value"] == 20
    coords = np.ma.masked_array(np.column_stack([X, Y]), mask=np.column_stack([gone, gone]))
    assert from_memory(VALUES, coords).dropped["without a position"] == 20


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ("lon", "lat"),
        ("Longitude", "LATITUDE"),
        ("decimalLongitude", "decimalLatitude"),
        ("easting", "northing"),
        ("x", "y"),
        ("POINT_X", "POINT_Y"),
        ("lng", "lat_y"),
        ("E", "N"),
    ],
)
def test_columns_of_coordinates_are_known_by_their_names(x, y):
    coords = pd.DataFrame({y: Y, x: X})
    for given in (coords, coords[[x, y]]):
        np.testing.assert_array_equal(from_memory(VALUES, given).xy, np.column_stack([X, Y]))


@pytest.mark.parametrize(("x", "y"), [("a", "b"), ("lat", "lat2"), ("lat", "b"), (0, 1)])
def test_columns_of_other_names_are_x_and_y(x, y):
    coords = pd.DataFrame({x: X, y: Y})
    np.testing.assert_array_equal(from_memory(VALUES, coords).xy, np.column_stack([X, Y]))


def test_columns_named_as_x_and_y_are_so_unless_their_words_say_otherwise(tmp_path):
    """Where northings are called x, and the columns are named one by one."""
    path = tmp_path / "p.csv"
    pairs = ((("Y", "X"), False), (("lat", "lon"), True), (("Northing", "East"), True))
    for names, refused in pairs:
        frame = pd.DataFrame({names[0]: X, names[1]: Y, "value": VALUES})
        frame.to_csv(path, index=False)
        if refused:
            sentence = f"^The column '{names[0]}' was given as x and '{names[1]}' as y of the poi"
            with pytest.raises(InputError, match=sentence):
                read_points(path, CRS, names, ("value",))
            with pytest.raises(InputError, match=sentence):
                GeoHGInterpolator.from_dataframe(frame, names, crs=CRS)
        else:
            points = read_points(path, CRS, names, ("value",))
            np.testing.assert_allclose(points.xy, np.column_stack([X, Y]))


@pytest.mark.parametrize("values", [["a"] * COUNT, list(pd.date_range("2020", periods=COUNT))])
def test_text_and_dates_are_no_numbers(values):
    with pytest.raises(InputError, match="holds (text|dates)"):
        from_memory(pd.DataFrame({"value": values}))


def table(tmp_path, **changes):
    frame = pd.DataFrame({"x": X, "y": Y, "value": VALUES, **changes})
    frame.to_csv(tmp_path / "p.csv", index=False)
    return tmp_path / "p.csv"


def read(path, **options):
    columns = ("x", "y") if path.suffix == ".csv" else None
    return read_points(path, CRS, columns, ("value",), **options)


def test_two_columns_of_one_name_are_refused(tmp_path):
    path = table(tmp_path, other=-VALUES)
    path.write_text(path.read_text().replace("other", "value", 1))
    with pytest.raises(InputError, match="Two fields of the points are called 'value'"):
        read(path)


@pytest.mark.parametrize(("sign", "decimal"), [(";", "."), (";", ","), ("\t", ",")])
def test_semicolons_tabs_and_decimal_commas_are_read(tmp_path, sign, decimal):
    frame = pd.DataFrame({"x": X, "y": Y, "value": VALUES})
    frame.to_csv(tmp_path / "a.csv", index=False)
    frame.to_csv(tmp_path / "b.csv", sep=sign, decimal=decimal, index=False)
    before, found = read(tmp_path / "a.csv"), read(tmp_path / "b.csv")
    np.testing.assert_array_equal(found.xy, before.xy)
    np.testing.assert_array_equal(found.values["value"], before.values["value"])


def test_names_of_groups_are_text(tmp_path):
    names = np.array(["07", "7", "NA", "None"])[np.arange(COUNT) % 4]
    points = read(table(tmp_path, site=names), group="site")
    assert points.group.tolist() == names.tolist()


def test_a_field_may_have_an_internal_name(tmp_path):
    path = table(tmp_path)
    path.write_text(path.read_text().replace("value", "x of the geometry", 1))
    points = read_points(path, CRS, ("x", "y"), ("x of the geometry",))
    np.testing.assert_array_equal(points.values["x of the geometry"], VALUES)


def test_booleans_are_0_and_1_in_tables_and_in_memory(tmp_path):
    high = VALUES > 10
    np.testing.assert_array_equal(read(table(tmp_path, value=high)).values["value"], high)
    in_memory = from_memory(pd.DataFrame({"value": high}))
    np.testing.assert_array_equal(in_memory.values["value"], high)


def test_a_layer_of_several_is_named(tmp_path):
    path = tmp_path / "p.gpkg"
    shapes = shapely.to_wkb(shapely.points(X, Y))
    for layer, values in (("one", VALUES), ("two", -VALUES)):
        pyogrio.raw.write(
            path,
            shapes,
            [values],
            ["value"],
            layer=layer,
            geometry_type="Point",
            crs=CRS,
            append=True,
        )
    with pytest.raises(InputError, match="has several layers"):
        read(path)
    for layer, values in (("one", VALUES), ("two", -VALUES)):
        named = read_points(f"{path}|layername={layer}", "", None, ("value",))
        np.testing.assert_array_equal(named.values["value"], values)


def test_a_value_that_stands_for_none_is_warned_of(landscape, tmp_path):
    frame = pd.read_csv(landscape.points)
    frame.loc[[5, 9, 20], "value"] = -9999
    frame.to_csv(tmp_path / "p.csv", index=False)
    points = {**landscape.request()["points"], "path": str(tmp_path / "p.csv")}
    watcher = Recorder()
    jobs.run(landscape.request("buildgraph", points=points), watcher)
    warnings = [text for text in watcher.warnings if "-9999" in text]
    assert len(warnings) == 1 and warnings[0].startswith("3 values of 'value' are -9999, far from")


def test_an_ordinary_run_warns_of_nothing(landscape):
    watcher = Recorder()
    jobs.run(landscape.request("buildgraph"), watcher)
    assert watcher.warnings == []


def test_land_cover_is_found_a_whole_turn_off(tmp_path):
    """Points at -179.x, and a raster that counts them as 180.x."""
    lon, lat = scatter(180.1, -18.0, size=0.8)
    codes = np.repeat([10, 50], 50).astype(np.uint8)[None, :].repeat(100, axis=0)
    raster = write_raster(
        tmp_path / "lc.tif", codes, crs=DEGREES, pixel=0.01, left=180.0, top=-17.0
    )
    table = pd.DataFrame({"lon": lon - 360, "lat": lat, "value": lon}).to_csv(index=False)
    points = {"table": table, "crs": DEGREES, "coord_columns": ["lon", "lat"], "targets": ["value"]}
    request = {"version": 1, "job": "buildgraph", "points": points, "grid": {"cell_size": 0.1}}
    result = jobs.run({**request, "landcover": [{"path": str(raster)}], "outputs": {}})
    assert result["ENTITY_NODES"] == 2
