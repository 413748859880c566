"""Tables whose first lines, quotes or numbers are odd: read right, or refused in a sentence."""

import datetime

import numpy as np
import pandas as pd
import pytest

from geohg.engine.data.sources.columns import as_names, as_numbers
from geohg.engine.data.sources.points import read_points
from geohg.engine.data.sources.tables import read_header, read_table
from geohg.engine.errors import InputError

CRS = "EPSG:4326"


def written(path, text):
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("odd", "message"),
    [
        ("1e999", "'v' has the number 1e999, which is too large"),
        ("1_000", "'v' has numbers such as '1_000'; use a decimal point"),
        ("1 000", "'v' has numbers such as '1 000'; use a decimal point"),
        ("\uff11\uff12", "'v' holds text .such as '\uff11\uff12'"),
        ("0x10", "'v' holds text .such as '0x10'"),
        ("x", "'v' holds text .such as 'x'"),
    ],
)
def test_the_one_odd_number_of_a_column_is_blamed(tmp_path, odd, message):
    path = written(tmp_path / "a.csv", f"x,y,v\n1,2,3\n2,3,4\n3,4,{odd}\n")
    with pytest.raises(InputError, match=message):
        read_points(path, CRS, ("x", "y"), ("v",))


@pytest.mark.parametrize(
    "values",
    [
        pd.to_datetime(["2020-01-01", "2021-01-01"]),
        pd.to_timedelta([1, 2], unit="D"),
        np.array([datetime.date(2020, 1, 1), None], dtype=object),
    ],
)
def test_dates_are_called_dates(values):
    with pytest.raises(InputError, match="'v' holds dates or times"):
        as_numbers(pd.Series(values), "The field 'v'")


@pytest.mark.filterwarnings("error")
def test_a_number_too_large_for_64_bits_is_infinite_without_a_warning():
    values = pd.Series(np.array(["1e400", "1"], dtype=np.longdouble))
    if np.isinf(np.longdouble("1e400")):
        pytest.skip("long doubles have 64 bits here")
    with pytest.raises(InputError, match="has 1 infinite values"):
        as_numbers(values, "The field 'v'")
    np.testing.assert_array_equal(as_numbers(values, "", finite=False), [np.inf, 1])


def test_lists_and_tuples_are_names():
    values = pd.Series([[1, 2], [1, 2], (3, [4]), None, {"a": 1}], dtype=object)
    assert as_names(values).tolist() == ["[1, 2]", "[1, 2]", "(3, [4])", None, "{'a': 1}"]


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("x;y;v\n1,5;2,25;3\n-4,0;,5;1e3\n", {"x": [1.5, -4], "y": [2.25, 0.5], "v": [3, 1000]}),
        ("x;y;v\n1.5;2;3\n4.5;;6\n", {"x": [1.5, 4.5], "y": [2, None], "v": [3, 6]}),
        ("x\tn\n0,123\tMill Lane; 3, York\n7,250\tb\n", {"x": [0.123, 7.25]}),
        ('n;x\n"a;b";"1,5"\n"c ""d""";2\n', {"n": ["a;b", 'c "d"'], "x": [1.5, 2.0]}),
        ("x;y;zinc, ppm\n1,5;2,5;3,5\n", {"zinc, ppm": [3.5]}),
        ("x,note;old\n1,a\n", {"x": [1], "note;old": ["a"]}),
        ("x;ids\n1,5;3,4 and 5\n2,5;1,2\n", {"x": [1.5, 2.5], "ids": ["3,4 and 5", "1,2"]}),
        ("x;y;v\n1,5;2\n2,5;3;4\n", {"x": [1.5, 2.5], "v": [None, 4]}),
        ("x;v\n1,5;NA\n2,5;0,50\n", {"v": [None, 0.5]}),
    ],
)
def test_semicolons_tabs_and_decimal_commas_are_read(tmp_path, text, columns):
    path = written(tmp_path / "a.csv", text)
    for strict in (False, True):
        found = read_table(path, strict=strict)
        for name, values in columns.items():
            if not strict or "NA" not in text:
                pd.testing.assert_series_equal(
                    found[name], pd.Series(values, name=name), check_dtype=False
                )
    assert {*columns} <= {*read_header(path)}


def test_columns_that_are_text_keep_their_commas(tmp_path):
    path = written(tmp_path / "a.csv", "x;site\n1,50;1,50\n2,5;2,5\n")
    found = read_table(path, texts=("site",))
    assert found["x"].tolist() == [1.5, 2.5] and found["site"].tolist() == ["1,50", "2,5"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x;y\n1,5;2.5\n", "a decimal comma, such as '1,5', and with a point, such as '2.5'"),
        ("x;y\n1,5;1\n2.5;1\n", "a decimal comma, such as '1,5', and with a point, such as '2.5'"),
        ("x;v\n1;1,234\n2;17,500\n", "such as '1,234', may be decimal commas or part thousands"),
        ("x,a;b\n1,2;3\n", "are parted by commas, or by semicolons; keep one of them"),
        ("x|y\n1|2\n", "are separated by bars; save it with commas, semicolons or tabs"),
        ("x;y\n1,5;2\n1;2;3\n", r"has 3 fields, more fields than its first line \(2\); put texts"),
    ],
)
def test_what_parts_fields_or_numbers_in_two_ways_is_refused(tmp_path, text, message):
    with pytest.raises(InputError, match=message):
        read_table(written(tmp_path / "a.csv", text))


@pytest.mark.parametrize("first", ["sep=,", "sep=;", "SEP=\\t", "# soil of 2020", "#,made by hand"])
def test_a_first_line_that_names_no_columns_is_shown(tmp_path, first):
    path = written(tmp_path / "a.csv", f"{first}\nx,y,v\n1,2,3\n")
    with pytest.raises(InputError, match=r"The first line of the table .* is .*; remove it"):
        read_table(path)


def test_a_name_may_begin_with_a_hash(tmp_path):
    path = written(tmp_path / "a.csv", "#id,x,y\n1,2,3\n")
    assert read_header(path) == ["#id", "x", "y"]
    assert read_table(path).to_numpy().tolist() == [[1, 2, 3]]


@pytest.mark.parametrize(
    ("rows", "row"),
    [
        ('a,1,2\n"b,3,4\nc,5,6\nd",7,8\n', "b,3,4"),
        ('a,1,2\nb,"k\nc,5,6\nd",8\n', "c,5,6"),
        ('a,1,2\n"b,3\nc,5,6\nd",7,8\n', "c,5,6"),
        ('a,1,2\n"b\r\nc,5,\r\nd",7,8\n', "c,5"),
    ],
)
def test_a_quote_that_swallows_rows_is_refused(tmp_path, rows, row):
    path = written(tmp_path / "a.csv", "n,x,y\n" + rows)
    with pytest.raises(InputError, match=f"whole rows, such as '{row}': a quote before them"):
        read_table(path)


def test_a_text_may_have_lines_and_commas(tmp_path):
    path = written(tmp_path / "a.csv", 'n,x,y\n"Mill Lane 3, York,\nEngland, north",3,4\nb,5,6\n')
    assert read_table(path)["n"].tolist() == ["Mill Lane 3, York,\nEngland, north", "b"]


def test_a_folder_and_a_file_of_bytes_are_no_tables(tmp_path):
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        read_points(tmp_path, CRS, None, ("v",))
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1\x15\x04\x15\x8e\xff\x00")
    with pytest.raises(InputError, match="is not a CSV file in UTF-8"):
        read_points(path, CRS, None, ("v",))


def test_the_columns_to_choose_among_are_named(tmp_path):
    path = written(tmp_path / "a.csv", "lon,lat,v\n1,2,3\n")
    with pytest.raises(InputError, match="Name the columns of x and y .* it has: lon, lat, v"):
        read_points(path, CRS, None, ("v",))
