import numpy as np
import pandas as pd
import pytest

from geohg.engine.data.builders.grid import Grid
from geohg.engine.data.sources.points import gather, points_from_table, read_points
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
