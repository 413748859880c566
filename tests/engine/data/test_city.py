import numpy as np
import pytest
import torch

from geohg.engine.data.builders.info import GraphInfo
from geohg.engine.data.sources.city import city_names, read_city
from geohg.engine.data.sources.city_published import published_scale
from geohg.engine.data.sources.city_shares import unpack_shares
from geohg.engine.data.sources.city_text import read_text
from geohg.engine.errors import InputError

from ..conftest import shared


@pytest.fixture
def folders(tmp_path):
    """Three cells in a row from west to east (3, 5, 7), the middle one without POIs."""
    files = {
        "pos_encode.txt": "7,0,2\n3,0,0\n5,0,1\n",
        "ANA.txt": "Area/7 ANA Area/5\nArea/5 ANA Area/7\nArea/3 ANA Area/5\nArea/5 ANA Area/3\n",
        "TIF_feature.csv": "File,Coordinates,Area,Value_1_Ratio,Value_2_Ratio,Value_3_Ratio\n"
        'a,"(0, 0)",3,0.7,0.3\na,"(0, 1)",5,0.2,0.7,0.1\na,"(0, 2)",7,1.0\n',
        "ELA.txt": "Entity/1 ELA Area/3 Proportion/0.7\nEntity/8 ELA Area/3 Proportion/0.3\n"
        "Entity/5 ELA Area/5 Proportion/0.7\nEntity/1 ELA Area/5 Proportion/0.2\n"
        "Entity/8 ELA Area/7 Proportion/1.0\n",
        "PLA.txt": "POI/1 PLA Area/3 Proportion/0.5\n" * 2 + "POI/0 PLA Area/7 Proportion/0.3\n",
        "POI_feature.csv": "TIF,POI_0,POI_1\n"
        f"3,{0.25 * np.log10(5)},{0.75 * np.log10(5)},4\n5,0,0,0\n7,{np.log10(2)},0,1\n",
    }
    graph, target = tmp_path / "graph", tmp_path / "targets"
    graph.mkdir()
    target.mkdir()
    for name, text in files.items():
        (graph / name).write_text(text)
    (target / "Light.txt").write_text("Area/3 Light/1.5\nArea/7 Light/-8.5e37\n")
    return graph, target


def test_every_value_lies_in_its_cell_and_class(folders):
    city = read_city(*folders)
    assert (city.grid.rows, city.grid.cols) == (1, 3)
    assert city.grid.cell_metres() == (1000.0, 1000.0)
    assert city.feature_names == (
        *("Tree cover", "Built-up", "Permanent water bodies"),
        *("POI 0", "POI 1", "log(1 + number of POIs)"),
    )
    expected = [
        [0.7, 0.0, 0.3, 0.25, 0.75, np.log(5)],
        [0.2, 0.7, 0.1, 0.0, 0.0, 0.0],
        [0.0, 0.0, 1.0, 1.0, 0.0, np.log(2)],
    ]
    np.testing.assert_allclose(city.features, expected, rtol=1e-6)
    np.testing.assert_array_equal(city.targets["Light"], [1.5, np.nan, np.nan])
    np.testing.assert_array_equal(city.near, [[0, 1, 1, 2], [1, 0, 2, 1]])
    assert city.hypernodes["entity"].names == city.feature_names[:3]
    np.testing.assert_array_equal(city.hypernodes["poi"].index, [[0, 1, 0], [0, 0, 2]])
    np.testing.assert_allclose(city.hypernodes["poi"].weight, [0.25, 0.75, 1.0], rtol=1e-6)


def test_what_was_repaired_is_counted(folders):
    (folders[0] / "ANA.txt").write_text("Area/3 ANA Area/5\nArea/7 ANA Area/5\nArea/5 ANA Area/7\n")
    city = read_city(*folders)
    np.testing.assert_array_equal(city.near, [[0, 1, 1, 2], [1, 0, 2, 1]])
    assert city.info == GraphInfo(
        city="graph",
        repaired={
            "cells whose land-cover shares were put back under their classes": 3,
            "links to classes below a cell's three largest added": 1,
            "repeated POI lines dropped": 1,
            "links to POI categories that no line names added": 1,
            "neighbours given in one direction only joined both ways": 1,
            "sentinels of Light set missing": 1,
        },
    )


def test_the_published_reading_keeps_every_fault(folders):
    city = read_city(*folders, strict_reference=True)
    # Packed shares without the last column, POIs without the last category, as they stand.
    expected = [[0.7, 0.3, 0.25 * np.log10(5)], [0.2, 0.7, 0.0], [1.0, 0.0, np.log10(2)]]
    np.testing.assert_allclose(city.features, expected, rtol=1e-6)
    assert city.hypernodes["entity"].names == tuple(f"entity {k}" for k in range(1, 9))
    np.testing.assert_array_equal(
        city.hypernodes["entity"].index, [[0, 7, 4, 0, 7], [0, 0, 1, 1, 2]]
    )
    np.testing.assert_array_equal(city.hypernodes["poi"].index, [[1, 1, 0], [0, 0, 2]])
    np.testing.assert_allclose(city.hypernodes["poi"].weight, [0.5, 0.5, 0.3], rtol=1e-6)
    # The code numbers the areas as ANA.txt names them: 7, 5, 3.
    assert city.info == GraphInfo(city="graph", published_order=[2, 1, 0])


@pytest.mark.parametrize("task", ["Carbon", "Light"])
def test_the_published_scale_is_that_of_the_published_code(task):
    values = np.array([-8.5e37, 3.0, 150.0, 2500.0, 40.0])
    y = torch.tensor(values)
    shift = 1
    if task == "Carbon":
        y[y > 2000] = 2000
        shift = 500
    y[y < 0] = 0
    y = torch.log(y - torch.min(y) + shift)
    expected = ((y - torch.mean(y)) / torch.std(y)).numpy()
    np.testing.assert_allclose(published_scale(values, task), expected)
    assert np.isnan(published_scale(np.append(values, np.nan), task)).tolist() == [False] * 5 + [
        True
    ]


def test_shares_come_back_from_their_packed_form():
    rng = np.random.default_rng(0)
    truth = np.zeros((400, 10))
    for row in truth:
        classes = rng.choice([0, 2, 3, 4, 7], rng.integers(3, 6), replace=False)
        row[classes] = rng.dirichlet(np.ones(len(classes))).round(4)
    order = np.argsort(truth == 0, axis=1, kind="stable")
    packed = np.take_along_axis(np.where(truth > 0, truth, np.nan), order, axis=1)
    largest = np.full((400, 10), np.nan)
    for index, row in enumerate(truth):
        for k in np.argsort(-row)[:3]:
            largest[index, k + 1 if k < 9 else 9] = row[k] if row[k] > 0 else np.nan
    found = unpack_shares(packed, largest)
    named = np.isfinite(largest)[:, [1, 2, 3, 4, 5, 6, 7, 8, 9, 9]]
    # What the largest classes name is certain; the rest is told by what occurs together.
    np.testing.assert_allclose(found[named], truth[named])
    assert (np.abs(found - truth) < 1e-9).all(axis=1).mean() > 0.9


def test_one_task_is_read_alone_and_an_unknown_one_is_refused(folders):
    graph, target = folders
    (target / "GDP.txt").write_text("Area/3 GDP/2.0\n")
    assert list(read_city(graph, target).targets) == ["GDP", "Light"]
    assert list(read_city(graph, target, task="GDP").targets) == ["GDP"]
    with pytest.raises(InputError, match="no target 'Ligth'; it has: GDP, Light. Did you mean"):
        read_city(graph, target, task="Ligth")


def test_odd_spaces_and_a_byte_order_mark_are_no_fault(folders):
    graph, target = folders
    (target / "Light.txt").write_bytes(
        b"\xef\xbb\xbfArea/3   Light/1.5 \r\n\r\nArea/7\tLight/2\r\n"
    )
    np.testing.assert_array_equal(read_city(graph, target).targets["Light"], [1.5, np.nan, 2])


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "Light.txt",
            "Area/3 Light/1.5\nArea/3 Light/bright\n",
            r"Line 2 of '.*Light.txt'.*bright",
        ),
        ("Light.txt", "Area/3 Light/1.5 7\n", r"Line 1 of '.*Light.txt'"),
        ("Light.txt", "Area/3 Light/inf\n", r"Line 1 of '.*Light.txt'"),
        ("Light.txt", "Area/3 Light\n", r"Line 1 of '.*Light.txt'"),
        ("Light.txt", "Area/4 Light/1.5\n", "the cell 4, which is not in 'pos_encode.txt'"),
        ("Light.txt", "Area/3 Light/1\nArea/3 Light/2\n", "more than one line for the cell 3"),
        ("Light.txt", "", "Light.txt' is empty"),
        ("Light.txt", "Area/3 Light/1.5\n".encode("utf-16"), r"Line 1 of '.*Light.txt'"),
        ("ELA.txt", "Entity/12 ELA Area/3 Proportion/0.7\n", "names the entity 12"),
        ("ELA.txt", None, "ELA.txt' cannot be read"),
        ("pos_encode.txt", "3,0,0\n5,0,0\n7,0,1\n", "two cells at the same position"),
        ("pos_encode.txt", "3,0,0\n3,0,1\n", "more than one line for the cell 3"),
        ("pos_encode.txt", "3,0\n", "Line 1 of"),
        ("TIF_feature.csv", "File,Coordinates,Area\na,b,3\n", "1 to 10 shares behind it, got 3"),
        (
            "TIF_feature.csv",
            "F,C,Area,V\na,b,3,x\n",
            r"'V' of '.*TIF_feature.csv' holds text .*'x'",
        ),
        ("TIF_feature.csv", "F,C,Area,V\na,b,3,.5,.5\n", "more fields than its first line"),
        ("TIF_feature.csv", "F,C,Area,V\na,b,3.5,.5\n", "an id that is not a whole number"),
        ("POI_feature.csv", "TIF,POI_0\n", "must have an id, shares and a number"),
    ],
)
def test_faulty_files_are_refused_by_name(folders, name, text, message):
    path = folders[name == "Light.txt"] / name
    if text is None:
        path.unlink()
    else:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError, match=message):
        read_city(*folders)


def test_a_folder_without_a_city_is_refused(tmp_path):
    with pytest.raises(InputError, match="neither a 'pos_encode.csv' nor a 'pos_encode.txt'"):
        read_city(tmp_path, tmp_path)


@pytest.mark.parametrize(
    ("name", "cells", "near", "lines", "distinct", "mended", "sentinels"),
    [
        ("GZ", 8540, 67_172, (24_902, 9_957), 8_819, (47_813, 28_822), 13),
        ("BJ", 4277, 33_392, (12_677, 10_974), 9_675, (21_993, 33_245), 0),
    ],
)
def test_the_public_cities(name, cells, near, lines, distinct, mended, sentinels):
    data = shared("geohg_cities")
    assert name in city_names(data / "Hyper_Graph")
    folders = data / "Hyper_Graph" / name, data / "downstream_tasks" / name
    city, published = read_city(*folders), read_city(*folders, strict_reference=True)
    counts = [item.counts() for item in (city, published)]
    assert [count["area_nodes"] for count in counts] == [cells, cells]
    assert [count["near_edges"] for count in counts] == [near, near]
    links = [(c["entity_locate_edges"], c["poi_locate_edges"]) for c in counts]
    assert links == [mended, lines]
    assert np.unique(published.hypernodes["poi"].index, axis=1).shape[1] == distinct
    assert city.info.repaired["repeated POI lines dropped"] == lines[1] - distinct
    assert published.features.shape == (cells, 9 + 13)
    assert set(city.targets) == {"Carbon", "GDP", "Light", "PM25", "Population"}
    assert np.isnan(city.targets["Light"]).sum() == sentinels
    assert min(np.nanmin(values) for values in city.targets.values()) >= 0
    for values in published.targets.values():
        assert np.mean(values) == pytest.approx(0, abs=1e-9)
    land = city.features[:, city.columns("landcover")]
    np.testing.assert_allclose(land.sum(axis=1), 1, atol=2e-3)
    # Neighbours look alike only if every share is back under its own class.
    plane = land.reshape(city.grid.rows, city.grid.cols, -1)
    for tree_or_town in (
        city.feature_names.index("Tree cover"),
        city.feature_names.index("Built-up"),
    ):
        one, other = plane[:, 1:, tree_or_town], plane[:, :-1, tree_or_town]
        assert np.corrcoef(one.ravel(), other.ravel())[0, 1] > 0.7
    assert "Snow and ice" not in city.feature_names


def test_fast_and_careful_reading_agree(folders):
    data = shared("geohg_cities") / "Hyper_Graph" / "GZ"
    for name in ("pos_encode.txt", "ELA.txt", "PLA.txt"):
        lines = (data / name).read_text().splitlines()
        # A space at the end is enough to have every line read by itself.
        (folders[0] / name).write_text(" \n".join(lines))
    for name in ("ANA.txt", "TIF_feature.csv", "POI_feature.csv"):
        (folders[0] / name).write_bytes((data / name).read_bytes())
    fast, careful = (read_text(folder, {}) for folder in (data, folders[0]))
    assert fast.cells.ids.tolist() == careful.cells.ids.tolist()
    for one, other in (
        (fast.entity, careful.entity),
        (fast.poi, careful.poi),
    ):
        np.testing.assert_array_equal(one[0], other[0])
        np.testing.assert_array_equal(one[1], other[1])


def test_the_last_two_classes_share_an_entity():
    # Classes 8, 9 and 10; of the last two the largest named is the tenth's.
    largest = np.full((1, 10), np.nan)
    largest[0, 8], largest[0, 9] = 0.5, 0.2
    found = unpack_shares(np.array([[0.5, 0.3, 0.2]]), largest)
    assert found[0].tolist() == [0.0] * 7 + [0.5, 0.3, 0.2]
