import dataclasses
import json
import os

import numpy as np
import pytest

from geohg.engine.data.builders.adjacency import queen_edges
from geohg.engine.data.builders.graph import GraphRawData, share_links
from geohg.engine.data.builders.grid import Grid
from geohg.engine.data.builders.info import GraphInfo
from geohg.engine.data.builders.sites import Sites
from geohg.engine.data.sources.city import city_names, read_city
from geohg.engine.data.sources.city_writer import write_city
from geohg.engine.errors import InputError, OutputError
from geohg.engine.names import POI_COUNT_NAME

from ..conftest import CRS, shared


def make_graph(geometry=None, cells=(0, 1, 2, 4, 5)):
    """Five cells of a 2 x 3 grid, one without land cover and one without POIs."""
    geometry = geometry or Grid(CRS, 500.0, 9000.0, 50.0, 25.0, 2, 3)
    cell = np.array(cells)
    rng = np.random.default_rng(1)
    land = rng.dirichlet(np.ones(3), 5).astype(np.float32)
    land[1] = np.nan
    count = np.array([3, 0, 7, 250_000, 1])
    share = np.array([[1, 2], [0, 0], [7, 0], [100_000, 150_000], [0, 1]])
    share = (share / np.maximum(count, 1)[:, None]).astype(np.float32)
    covariate = rng.standard_normal(5).astype(np.float32)
    covariate[4] = np.nan
    near = queen_edges(geometry, cell) if isinstance(geometry, Grid) else np.array([[0, 1], [1, 0]])
    classes, categories = ("Tree cover", "None", "Café, bar"), ("3", "shop")
    return GraphRawData(
        geometry=geometry,
        cell=cell,
        features=np.column_stack([land, share, np.log1p(count), covariate]).astype(np.float32),
        feature_names=(*classes, *categories, POI_COUNT_NAME, "height"),
        feature_kinds=("landcover",) * 3 + ("poi",) * 2 + ("poi_count", "covariate"),
        near=near,
        hypernodes={"entity": share_links(classes, land), "poi": share_links(categories, share)},
        targets={"GDP": np.array([0.1, np.nan, 1e-7, 3.0, 1 / 3]), "Light": np.arange(5.0)},
        info=GraphInfo(units={"GDP": "€"}),
    )


def assert_equal(one, other):
    assert one.geometry.describe() == other.geometry.describe()
    for name in ("cell", "features", "near"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert (one.feature_names, one.feature_kinds) == (other.feature_names, other.feature_kinds)
    assert list(one.hypernodes) == list(other.hypernodes)
    for links, others in zip(one.hypernodes.values(), other.hypernodes.values()):
        assert links.names == others.names
        np.testing.assert_array_equal(links.index, others.index)
        np.testing.assert_array_equal(links.weight, others.weight)
    assert list(one.targets) == list(other.targets)
    for name, values in one.targets.items():
        np.testing.assert_array_equal(values, other.targets[name])


def numbered():
    """Classes and categories that are called as codes and columns of others are."""
    graph = make_graph()
    names = {"Tree cover": "10", "None": "forest_ratio", "Café, bar": "Value_7_Ratio", "3": "POI_3"}
    return dataclasses.replace(
        graph,
        feature_names=tuple(names.get(name, name) for name in graph.feature_names),
        hypernodes={
            kind: dataclasses.replace(
                links, names=tuple(names.get(name, name) for name in links.names)
            )
            for kind, links in graph.hypernodes.items()
        },
    )


SITES = Sites("EPSG:4326", np.array([[8.0, 47.0], [8.1, 47.2], [8.3, 47.1], [8.0, 47.3], [9, 48]]))


@pytest.mark.parametrize(
    "graph", [make_graph(), make_graph(SITES, range(5)), numbered()], ids=["grid", "sites", "codes"]
)
@pytest.mark.parametrize("toolkit_headers", [False, True])
def test_what_was_written_is_read_again(tmp_path, graph, toolkit_headers):
    write_city(graph, tmp_path / "new" / "city", toolkit_headers)
    again = read_city(tmp_path / "new" / "city")
    assert_equal(graph, again)
    assert again.info == GraphInfo(city="city", units={"GDP": "€"})
    assert city_names(tmp_path / "new") == ("city",)
    assert list(read_city(tmp_path / "new" / "city", task="Light").targets) == ["Light"]


def test_a_public_city_is_the_same_in_both_forms(tmp_path):
    data = shared("geohg_cities")
    city = read_city(data / "Hyper_Graph" / "BJ", data / "downstream_tasks" / "BJ")
    for toolkit_headers in (False, True):
        write_city(city, tmp_path, toolkit_headers)
        assert_equal(city, read_city(tmp_path))


def test_rows_and_columns_need_no_description(tmp_path):
    write_city(make_graph(), tmp_path)
    (tmp_path / "city.json").unlink()
    (tmp_path / "covariates.csv").unlink()
    again = read_city(tmp_path)
    assert again.grid.cell_metres() == (1000.0, 1000.0)
    assert again.cell.tolist() == [0, 1, 2, 4, 5]


def test_the_tables_have_these_headers(tmp_path):
    write_city(make_graph(), tmp_path)
    headers = {path.name: path.read_text("utf-8").split("\n")[0] for path in tmp_path.glob("*.csv")}
    assert headers == {
        "adjacency.csv": "area_id,neighbour_id",
        "entity_area.csv": "entity,area_id,proportion",
        "poi_area.csv": "poi,area_id,proportion",
        "pos_encode.csv": "area_id,row,col",
        "TIF_feature.csv": 'area_id,Tree cover,None,"Café, bar"',
        "POI_feature.csv": "area_id,3,shop,count",
        "covariates.csv": "area_id,height",
        "GDP.csv": "area_id,value",
        "Light.csv": "area_id,value",
    }
    write_city(make_graph(SITES, range(5)), tmp_path / "sites")
    assert (tmp_path / "sites" / "pos_encode.csv").read_text().startswith("area_id,x,y\n")


def test_these_headers_are_read_without_a_description(tmp_path):
    tables = {
        "pos_encode": "area_id,row,col\na,0,0\nb,0,1\nc,1,1\n",
        "adjacency": "area_id,neighbour_id\na,b\nb,a\nb,c\nc,b\n",
        "entity_area": "entity,area_id,proportion\nwood,a,1\ntown,b,0.5\nwood,b,0.5\nNA,c,1\n",
        "poi_area": "poi,area_id,proportion\n7.0,b,1\n",
        "TIF_feature": "area_id,wood,town\na,1,0\nb,.5,.5\n",
        "POI_feature": "area_id,7.0,count\na,0,0\nb,1,2\n",
    }
    for name, text in tables.items():
        (tmp_path / f"{name}.csv").write_text(text)
    graph = read_city(tmp_path)
    assert graph.feature_names == ("wood", "town", "7.0", POI_COUNT_NAME)
    nan = np.nan
    expected = [[nan, nan, nan, nan], [1, 0, 0, 0], [0.5, 0.5, 1, np.log(3)]]
    np.testing.assert_allclose(graph.features, expected, rtol=1e-6)
    assert graph.cell.tolist() == [1, 2, 3] and graph.near.tolist() == [[0, 1, 2, 2], [2, 2, 0, 1]]
    entity, poi = graph.hypernodes["entity"], graph.hypernodes["poi"]
    assert (entity.names, poi.names) == (("wood", "town", "NA"), ("7.0",))
    assert entity.index.tolist() == [[0, 1, 0, 2], [1, 2, 2, 0]] and poi.index.tolist() == [
        [0],
        [2],
    ]


def test_one_way_neighbours_and_repeated_links_are_repaired_and_counted(tmp_path):
    graph = make_graph()
    write_city(graph, tmp_path)
    lines = (tmp_path / "adjacency.csv").read_text().splitlines(keepends=True)
    (tmp_path / "adjacency.csv").write_text("".join([lines[0], *lines[2:]]))
    lines = (tmp_path / "poi_area.csv").read_text().splitlines(keepends=True)
    (tmp_path / "poi_area.csv").write_text("".join([*lines, lines[1], lines[2]]))
    again = read_city(tmp_path)
    assert_equal(graph, again)
    assert again.info.repaired == {
        "neighbours given in one direction only joined both ways": 1,
        "repeated links dropped": 2,
    }


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("adjacency.csv", None, "adjacency.csv' does not exist"),
        ("adjacency.csv", "", "adjacency.csv' is not a CSV file in UTF-8"),
        ("adjacency.csv", "a,b\n0,1\n", "no column 'area_id'; it has: a, b"),
        ("adjacency.csv", "area_id,neighbour_id\n0,9\n", "the cell 9, which is not in"),
        ("adjacency.csv", "area_id,neighbour_id\n0,\n", "a row without 'neighbour_id'"),
        ("pos_encode.csv", "area_id,row,col\n", "has no rows"),
        ("pos_encode.csv", "area_id,row,col\n0,0,0\n0,0,1\n", "more than one line for the cell 0"),
        ("pos_encode.csv", "area_id,row,col\n0,0,0\n1,0,0\n", "two cells at the same position"),
        ("pos_encode.csv", "area_id,row,col\n0,0,.5\n", "whole numbers from 0 in 'col'"),
        ("pos_encode.csv", "area_id,row,col\n0,7,0\n", "cells outside the grid of 'city.json'"),
        ("pos_encode.csv", "area_id,row\n0,7\n", "no column 'col'"),
        ("TIF_feature.csv", "area_id,a\n0,1.2\n", "the share 1.2"),
        ("TIF_feature.csv", "area_id,a,b\n0,.7,.7\n", "a cell whose shares sum to 1.4"),
        ("TIF_feature.csv", "area_id,a\n0,inf\n", "'a' of '.*' has 1 infinite values"),
        ("TIF_feature.csv", "area_id,a\n0,.1\n0,.2\n", "more than one line for the cell 0"),
        ("TIF_feature.csv", "area_id,a\n0,.1,.3\n", "more fields than its first line"),
        ("POI_feature.csv", "area_id,a,count\n0,.1,-1\n", "a negative 'count'"),
        ("POI_feature.csv", "area_id,a,count\n0,x,1\n", "holds text .such as 'x'"),
        ("entity_area.csv", "entity,area_id,proportion\na,0,-.1\n", "the proportion -0.1"),
        ("entity_area.csv", "entity,area_id,proportion\na,0,\n", "a row without 'proportion'"),
        (
            "poi_area.csv",
            "poi,area_id,proportion\na,0,.1\na,0,.2\n",
            "one link two different proportions",
        ),
        ("GDP.csv", "area_id,value\n0,rich\n", "holds text .such as 'rich'"),
        ("GDP.csv", "area_id,price\n0,1\n", "no column 'value'"),
        ("GDP.csv", "area_id,value\n0,1\n".encode("utf-16"), "not a CSV file in UTF-8"),
        ("city.json", "{", "city.json' is not JSON"),
        ("city.json", "[]", "may have the parts 'places', 'units', 'classes' and"),
        ("city.json", '{"classes": {"10": 7}}', "with the name of each label"),
        ("city.json", '{"places": {"rows": 7}}', "does not describe a grid"),
    ],
)
def test_faulty_files_are_refused_by_name(tmp_path, name, text, message):
    write_city(make_graph(), tmp_path)
    if text is None:
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError, match=message):
        read_city(tmp_path)


def test_a_byte_order_mark_is_no_part_of_a_name(tmp_path):
    write_city(make_graph(), tmp_path)
    text = (tmp_path / "adjacency.csv").read_text()
    (tmp_path / "adjacency.csv").write_text(text, encoding="utf-8-sig")
    assert_equal(make_graph(), read_city(tmp_path))


def test_positions_without_a_grid_need_their_crs(tmp_path):
    write_city(make_graph(SITES, range(5)), tmp_path)
    (tmp_path / "city.json").write_text(json.dumps({"units": {}}))
    with pytest.raises(InputError, match="x and y on no grid: 'city.json' must give their CRS"):
        read_city(tmp_path)


def test_the_published_code_reads_no_csv(tmp_path):
    write_city(make_graph(), tmp_path)
    with pytest.raises(InputError, match="the CSV form, which the published code does not read"):
        read_city(tmp_path, strict_reference=True)
    published = dataclasses.replace(make_graph(), info=GraphInfo(published_order=[0, 1, 2, 3, 4]))
    with pytest.raises(InputError, match="read with strict_reference holds no shares"):
        write_city(published, tmp_path)


@pytest.mark.parametrize("name", ["adjacency", "a/b", "", ".."])
def test_a_target_that_is_no_file_name_is_refused(tmp_path, name):
    graph = dataclasses.replace(make_graph(), targets={name: np.ones(5)})
    with pytest.raises(InputError, match="cannot be the name of a file"):
        write_city(graph, tmp_path / "city")
    assert os.listdir(tmp_path) == []


def test_nothing_is_written_where_one_file_cannot_be(tmp_path):
    (tmp_path / "GDP.csv").mkdir()
    with pytest.raises(OutputError, match="GDP.csv' is a folder"):
        write_city(make_graph(), tmp_path)
    assert os.listdir(tmp_path) == ["GDP.csv"]
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot be made"):
        write_city(make_graph(), tmp_path / "file")
