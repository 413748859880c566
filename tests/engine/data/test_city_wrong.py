"""Cities whose tables cannot be: each is refused in a sentence that names the file."""

import csv

import pytest

from geohg.engine.data.sources.city import read_city
from geohg.engine.data.sources.city_writer import write_city
from geohg.engine.errors import InputError

from .test_city_csv import make_graph


@pytest.fixture
def city(tmp_path):
    """A city of the CSV form."""
    write_city(make_graph(), tmp_path / "city")
    return tmp_path / "city"


def lines_of(path):
    return path.read_text().splitlines()


@pytest.mark.parametrize("name", ["adjacency.csv", "TIF_feature.csv"])
@pytest.mark.parametrize("wrong", ["999", str(10**18), "-1"])
def test_an_unknown_id_is_named(city, name, wrong):
    path = city / name
    header, *rows = lines_of(path)
    column = header.split(",").index("area_id")
    *front, last = csv.reader([header, *rows])
    last[column] = wrong
    with open(path, "w", newline="") as file:
        csv.writer(file).writerows([*front, last])
    with pytest.raises(InputError, match=f"{name}' names the cell {wrong}, which is not in"):
        read_city(city)


@pytest.mark.parametrize("name", ["TIF_feature.csv", "pos_encode.csv"])
def test_a_row_of_too_few_or_too_many_fields_is_named(city, name):
    path = city / name
    before = lines_of(path)
    for row in (before[2].rsplit(",", 1)[0], before[2] + ",1"):
        path.write_text("\n".join([*before[:2], row, *before[3:]]) + "\n")
        with pytest.raises(InputError, match=f"[Ll]ine 3 of .*{name}'"):
            read_city(city)


def test_a_column_that_stands_twice_is_named(city):
    doubled = [f"{row},{row.split(',')[-1]}" for row in lines_of(city / "pos_encode.csv")]
    (city / "pos_encode.csv").write_text("\n".join(doubled) + "\n")
    with pytest.raises(InputError, match="called 'col'; rename or remove one"):
        read_city(city)


def test_a_row_of_the_grid_that_no_city_has_is_refused(city):
    (city / "city.json").unlink()
    header, first, *rows = lines_of(city / "pos_encode.csv")
    fields = dict(zip(header.split(","), first.split(",")))
    fields["row"] = str(10**12)
    far = ",".join(fields.values())
    (city / "pos_encode.csv").write_text("\n".join([header, far, *rows]) + "\n")
    with pytest.raises(InputError, match="has a cell in row 1000000000000, far from the others"):
        read_city(city)
