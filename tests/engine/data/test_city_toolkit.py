"""Cities in the toolkit's own tables, as users have them."""

import os

import numpy as np
import pandas as pd
import pytest

from geohg.engine.data.sources.city import read_city
from geohg.engine.data.sources.city_writer import write_city
from geohg.engine.errors import InputError
from geohg.engine.names import POI_COUNT_NAME

from ..conftest import shared
from .test_city import folders  # noqa: F401
from .test_city_csv import assert_equal, make_graph

LAND = np.array([[0.7, 0.3], [0.2, 0.8], [0.0, 1.0], [1.0, 0.0], [0.5, 0.5], [0.25, 0.75]])
COUNT = np.array([4, 0, 1, 100, 2, 10])
SHARE = np.array([[0.25, 0.75], [0, 0], [1, 0], [0.5, 0.5], [0, 1], [0.9, 0.1]])
LIGHT = np.array([1.5, np.nan, 3.0, 4.0, 5.0, 6.0])
# Six cells in two rows, from the south-west; the last has no neighbours.
NEAR = [(0, 1), (1, 0), (1, 2), (2, 1), (0, 3), (3, 0), (3, 4), (4, 3)]


def toolkit(folder, names=tuple(range(6)), land=LAND, pois=SHARE, codes=(10, 50), first=None):
    """Write the six tables and a target, in an order that is not the cells'."""
    names = list(names)
    y, x = np.divmod(np.arange(6), 3)
    order = [4, 2, 0, 5, 1, 3]
    links = [(k if first is None else k + first, c) for c in order for k in (0, 1) if LAND[c, k]]
    labels = codes if first is None else [k + first for k in (0, 1)]
    tables = {
        "pos_encode": pd.DataFrame({"area_id": names, "x": x, "y": y}).iloc[order],
        "adjacency": pd.DataFrame(
            [(names[a], names[b]) for a, b in NEAR], columns=["src_id", "dst_id"]
        ),
        "entity_area": pd.DataFrame(
            [(labels[k - (first or 0)], names[c], land[c, k - (first or 0)]) for k, c in links],
            columns=["entity_id", "area_id", "proportion"],
        ),
        "poi_area": pd.DataFrame(
            [(k, names[c], pois[c, k]) for c in order for k in (0, 1) if SHARE[c, k]],
            columns=["poi_id", "area_id", "proportion"],
        ),
        "TIF_feature": pd.DataFrame(
            {
                "File": [f"GZ_{b}_{a}" for a, b in zip(x, y)],
                "Coordinates": [f"({b}, {a})" for a, b in zip(x, y)],
                "Area": names,
                **{f"Value_{code}_Ratio": land[:, k] for k, code in enumerate(codes)},
            }
        ).iloc[order],
        "POI_feature": pd.DataFrame(
            {"TIF": names, "POI_0": pois[:, 0], "POI_1": pois[:, 1], "Count": COUNT}
        ).iloc[order],
        "Light": pd.DataFrame({"area_id": names, "value": LIGHT}).iloc[order],
    }
    folder.mkdir(exist_ok=True)
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    return folder


def check(graph, classes=("Tree cover", "Built-up")):
    """The graph is that of the tables: its cells from the north-west."""
    order = [3, 4, 5, 0, 1, 2]
    assert graph.feature_names == (*classes, "POI 0", "POI 1", POI_COUNT_NAME)
    expected = np.column_stack([LAND, SHARE, np.log1p(COUNT)])[order]
    np.testing.assert_allclose(graph.features, expected, atol=1e-6)
    assert (graph.grid.rows, graph.grid.cols, graph.grid.cell_metres()) == (2, 3, (1000.0, 1000.0))
    assert graph.cell.tolist() == list(range(6))
    near = {(order[a], order[b]) for a, b in graph.near.T}
    assert near == set(NEAR)
    for kind, names, shares in (("entity", classes, LAND), ("poi", ("POI 0", "POI 1"), SHARE)):
        links = graph.hypernodes[kind]
        found = np.zeros((6, 2))
        found[links.index[1], links.index[0]] = links.weight
        np.testing.assert_allclose(found, shares[order], atol=1e-6)
        assert links.names == names
    np.testing.assert_array_equal(graph.targets["Light"], LIGHT[order])
    assert graph.info.repaired == {}


@pytest.mark.parametrize(
    "names",
    [range(6), range(1, 7), range(70, 76), [f"c{k}" for k in range(6)], np.arange(6.0), "fbcdea"],
    ids=["from 0", "from 1", "from 70", "text", "floats", "letters"],
)
def test_the_toolkits_tables_are_a_graph(tmp_path, names):
    check(read_city(toolkit(tmp_path / "city", names)))


@pytest.mark.parametrize(
    ("codes", "first", "classes"),
    [
        ((10, 50), None, ("Tree cover", "Built-up")),
        ((10, 50), 0, ("Tree cover", "Built-up")),
        ((10, 50), 1, ("Tree cover", "Built-up")),
        ((3, 7), None, ("class 3", "class 7")),
        ((3, 7), 1, ("class 3", "class 7")),
        (("forest", "town"), None, ("forest", "town")),
        (("forest", "town"), 0, ("forest", "town")),
    ],
)
def test_ids_of_classes_are_labels_or_count_the_columns(tmp_path, codes, first, classes):
    check(read_city(toolkit(tmp_path / "city", codes=codes, first=first)), classes)


def test_ids_that_count_from_1_are_told_from_the_labels_by_the_shares(tmp_path):
    folder = toolkit(tmp_path / "city", codes=(1, 2), first=0)
    check(read_city(folder), ("class 1", "class 2"))
    for first in (1, None):
        check(read_city(toolkit(folder, codes=(1, 2), first=first)), ("class 1", "class 2"))


@pytest.mark.parametrize(
    "pois",
    [SHARE, 100 * SHARE, SHARE * COUNT[:, None], SHARE * np.log10(COUNT + 1)[:, None]],
    ids=["shares", "percent", "numbers", "as published"],
)
def test_shares_in_any_unit_are_shares(tmp_path, pois):
    folder = toolkit(tmp_path / "city", land=100 * LAND, pois=pois)
    check(read_city(folder))
    # The links may have shares where the columns have other numbers.
    right = toolkit(tmp_path / "right")
    for name in ("entity_area.csv", "poi_area.csv"):
        (folder / name).write_text((right / name).read_text())
    check(read_city(folder))


def test_the_number_of_pois_needs_no_name_and_may_be_missing(tmp_path):
    folder = toolkit(tmp_path / "city", pois=SHARE * COUNT[:, None])
    text = (folder / "POI_feature.csv").read_text()
    (folder / "POI_feature.csv").write_text(text.replace(",Count", ""))
    check(read_city(folder))
    pd.read_csv(folder / "POI_feature.csv", index_col=False, usecols=[0, 1, 2]).to_csv(
        folder / "POI_feature.csv", index=False
    )
    check(read_city(folder))


def test_blanks_around_headers_and_ids_do_not_count(tmp_path):
    folder = toolkit(tmp_path / "city")
    for path in folder.glob("*.csv"):
        header, rows = path.read_text().split("\n", 1)
        header = "\ufeff " + header.replace(",", " , ") + " "
        path.write_text(header + "\r\n" + rows.replace("\n5,", "\n 5 ,"), encoding="utf-8")
    check(read_city(folder))


def test_the_index_of_a_data_frame_is_no_column(tmp_path):
    folder = toolkit(tmp_path / "city")
    for path in folder.glob("*.csv"):
        pd.read_csv(path).to_csv(path)
    check(read_city(folder))


def test_files_of_pois_and_of_links_may_be_missing(tmp_path):
    folder = toolkit(tmp_path / "city")
    for name in ("entity_area.csv", "poi_area.csv"):
        (folder / name).unlink()
    check(read_city(folder))
    (folder / "POI_feature.csv").unlink()
    graph = read_city(folder)
    assert graph.counts()["poi_nodes"] == 0 and graph.counts()["entity_locate_edges"] == 10
    assert graph.feature_names == ("Tree cover", "Built-up")


def test_an_empty_share_is_0_where_the_others_are_all_of_the_cell(tmp_path):
    folder = toolkit(tmp_path / "city")
    path = folder / "TIF_feature.csv"
    path.write_text(path.read_text().replace(",0.0", ","))
    check(read_city(folder))
    table = pd.read_csv(path)
    table.loc[table.Area == 0, "Value_10_Ratio"] = np.nan
    table.to_csv(path, index=False)
    np.testing.assert_allclose(read_city(folder).features[3, :2], [np.nan, 0.3], rtol=1e-6)


@pytest.mark.parametrize("scale", [0.006, 1 / 3, 1000])
def test_positions_of_a_grid_may_be_coordinates(tmp_path, scale):
    folder = toolkit(tmp_path / "city")
    table = pd.read_csv(folder / "pos_encode.csv")
    table["x"], table["y"] = 113.09 + scale * table.x, 22.4 + scale * table.y
    table.round(6).to_csv(folder / "pos_encode.csv", index=False)
    check(read_city(folder))


def test_x_is_the_row_where_ids_count_so(tmp_path):
    folder = toolkit(tmp_path / "city")
    table = pd.read_csv(folder / "pos_encode.csv")
    table.rename(columns={"x": "y", "y": "x"}).to_csv(folder / "pos_encode.csv", index=False)
    check(read_city(folder))


def test_a_description_places_and_names(tmp_path):
    folder = toolkit(tmp_path / "city", land=100 * LAND, first=1)
    (folder / "city.json").write_text(
        '{"places": {"crs": "EPSG:32631", "left": 0, "top": 90, "cell_width": 30,'
        ' "cell_height": 30, "rows": 3, "cols": 4}, "classes": {"10": "wood", "50": "town"},'
        ' "categories": {"1": "shop"}, "units": {"Light": "nW"}}'
    )
    graph = read_city(folder)
    assert graph.feature_names[:4] == ("wood", "town", "POI 0", "shop")
    assert graph.hypernodes["entity"].names == ("wood", "town")
    np.testing.assert_allclose(graph.features[0], [1, 0, 0.5, 0.5, np.log(101)], rtol=1e-6)
    assert graph.grid.cell_metres() == (30.0, 30.0) and graph.cell.tolist() == [4, 5, 6, 8, 9, 10]
    assert graph.info.units == {"Light": "nW"}


def test_the_toolkits_tables_are_written_and_read_again(tmp_path):
    graph = make_graph()
    write_city(graph, tmp_path, toolkit_headers=True)
    headers = {name: (tmp_path / name).read_text().split("\n")[0] for name in os.listdir(tmp_path)}
    del headers["city.json"]
    assert headers == {
        "adjacency.csv": "src_id,dst_id",
        "entity_area.csv": "entity_id,area_id,proportion",
        "poi_area.csv": "poi_id,area_id,proportion",
        "pos_encode.csv": "area_id,x,y",
        "TIF_feature.csv": "File,Coordinates,Area,Value_1_Ratio,Value_2_Ratio,Value_3_Ratio",
        "POI_feature.csv": "TIF,POI_0,POI_1,Count",
        "covariates.csv": "area_id,height",
        "GDP.csv": "area_id,value",
        "Light.csv": "area_id,value",
    }
    assert_equal(graph, read_city(tmp_path))
    # Without its description, what the tables say stays.
    (tmp_path / "city.json").unlink()
    again = read_city(tmp_path)
    np.testing.assert_array_equal(again.features, graph.features)
    np.testing.assert_array_equal(again.near, graph.near)
    for kind, links in graph.hypernodes.items():
        np.testing.assert_array_equal(again.hypernodes[kind].index, links.index)
        np.testing.assert_array_equal(again.hypernodes[kind].weight, links.weight)
    assert again.feature_names[:3] == ("class 1", "class 2", "class 3")


def as_tables(graph, target, folder):
    """The text files of a public city as the toolkit's tables, faults included."""
    folder.mkdir()
    forms = {
        "pos_encode": (graph / "pos_encode.txt", "area_id,x,y", r"(\d+),(\d+),(\d+)"),
        "adjacency": (graph / "ANA.txt", "src_id,dst_id", r"Area/(\d+) ANA Area/(\d+)"),
        **{
            name: (graph / file, f"{kind}_id,area_id,proportion", r"\w+/(\d+) .*/(\d+) .*/(.*)")
            for name, file, kind in (
                ("entity_area", "ELA.txt", "entity"),
                ("poi_area", "PLA.txt", "poi"),
            )
        },
        **{
            path.stem: (path, "area_id,value", r"Area/(\d+) .*/(.*)")
            for path in target.glob("*.txt")
        },
    }
    for name, (path, header, pattern) in forms.items():
        lines = pd.Series(path.read_text().split("\n")).str.extract(pattern).dropna()
        lines.to_csv(folder / f"{name}.csv", index=False, header=header.split(","))
    for name in ("TIF_feature.csv", "POI_feature.csv"):
        (folder / name).write_text((graph / name).read_text())
    return folder


@pytest.mark.parametrize("strict", [False, True])
def test_packed_tables_are_mended_or_read_as_published(folders, tmp_path, strict):  # noqa: F811
    tables = as_tables(*folders, tmp_path / "tables")
    text, table = read_city(*folders, strict), read_city(tables, strict_reference=strict)
    assert_equal(text, table)
    assert (text.info.repaired, text.info.published_order) == (
        table.info.repaired,
        table.info.published_order,
    )


@pytest.mark.parametrize("strict", [False, True])
def test_a_public_city_is_the_same_in_the_toolkits_tables(tmp_path, strict):
    data = shared("geohg_cities")
    places = data / "Hyper_Graph" / "BJ", data / "downstream_tasks" / "BJ"
    assert_equal(
        read_city(*places, strict), read_city(as_tables(*places, tmp_path / "city"), None, strict)
    )


def test_packed_tables_need_no_pois_and_may_count_entities_from_0(folders, tmp_path):  # noqa: F811
    tables = as_tables(*folders, tmp_path / "tables")
    right = read_city(tables)
    links = pd.read_csv(tables / "entity_area.csv")
    links.assign(entity_id=links.entity_id - 1).to_csv(tables / "entity_area.csv", index=False)
    (tables / "poi_area.csv").unlink()
    np.testing.assert_array_equal(read_city(tables).features, right.features)
    (tables / "POI_feature.csv").unlink()
    np.testing.assert_array_equal(read_city(tables).features, right.features[:, :3])


def test_targets_of_another_folder_may_be_in_the_other_form(folders, tmp_path):  # noqa: F811
    tables = as_tables(*folders, tmp_path / "tables")
    expected = read_city(*folders).targets["Light"]
    (tables / "Light.csv").rename(folders[1] / "Light.csv")
    (folders[1] / "Light.txt").rename(tmp_path / "Light.txt")
    for places in ((folders[0], folders[1]), (tables, tmp_path)):
        np.testing.assert_array_equal(read_city(*places).targets["Light"], expected)
    city = toolkit(tmp_path / "city")
    (city / "Light.csv").unlink()
    (tmp_path / "Light.txt").write_text("Area/3 Light/7.5\n")
    assert read_city(city, tmp_path).targets["Light"][0] == 7.5


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("pos_encode.csv", "area_id,x,y\n0,0,0\n1,.3,0\n2,.7,9\n", "x and y on no grid"),
        ("pos_encode.csv", "area_id,x,y\n0,0,0\n1,0,0\n", "two cells at the same position"),
        ("pos_encode.csv", "id,x,y\n0,0,0\n", "no column 'area_id'; it has: id, x, y"),
        ("adjacency.csv", "src_id,goal\n0,1\n", "no column 'neighbour_id'"),
        ("adjacency.csv", "src_id,dst_id\n0,17\n", "names the cell 17, which is not in"),
        ("entity_area.csv", "entity_id,area_id,proportion\n10,0,7\n", "the proportion 7"),
        ("entity_area.csv", "entity_id,area_id,proportion\n,0,.7\n", "a row without 'entity'"),
        ("TIF_feature.csv", "Area,Value_10_Ratio\n0,.7,.3\n", "Line 2 of .* has 3 fields"),
        ("TIF_feature.csv", "Area,Value_10_Ratio,Value_50_Ratio\n0,.7\n", "Line 2 .* has 2 fields"),
        ("TIF_feature.csv", "Area,Value_10_Ratio\n0,40\n", "the share 40; shares lie between"),
        ("TIF_feature.csv", "Area,Value_10_Ratio\n0,-1\n", "the share -1; shares lie between"),
        ("TIF_feature.csv", "Area,Value_1_Ratio\n0,1\n0,1\n", "more than one line for the cell 0"),
        ("POI_feature.csv", "TIF,POI_0,Count\n0,1,-4\n", "a negative 'Count'"),
        ("POI_feature.csv", "TIF,POI_0,POI_1,Count\n0,2.5,1,3\n", "the share 2.5; shares lie"),
    ],
)
def test_faulty_tables_of_the_toolkit_are_refused_by_name(tmp_path, name, text, message):
    folder = toolkit(tmp_path / "city")
    (folder / name).write_text(text)
    with pytest.raises(InputError, match=message):
        read_city(folder)


def test_packed_tables_of_ids_that_are_no_numbers_are_refused(folders, tmp_path):  # noqa: F811
    tables = as_tables(*folders, tmp_path / "tables")
    (tables / "pos_encode.csv").write_text("area_id,x,y\na,0,0\nb,0,1\nc,0,2\n")
    with pytest.raises(InputError, match="must have whole numbers in 'area_id', as the tables of"):
        read_city(tables)
    (tables / "entity_area.csv").unlink()
    (tables / "pos_encode.csv").write_text("area_id,x,y\n3,0,0\n5,0,1\n7,0,2\n")
    with pytest.raises(InputError, match=r"entity_area.csv' does not exist"):
        read_city(tables)
