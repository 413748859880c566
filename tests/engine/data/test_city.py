import numpy as np
import pytest

from geohg.engine.data.sources.city import city_names, read_city
from geohg.engine.data.sources.city_shares import unpack_shares
from geohg.engine.errors import InputError

from ..conftest import shared


def write_city(folder):
    """Three cells in a row from west to east, the middle one without POIs."""
    files = {
        "pos_encode.txt": "7,0,2\n3,0,0\n5,0,1\n",
        "ANA.txt": "Area/3 ANA Area/5\nArea/5 ANA Area/3\nArea/5 ANA Area/7\nArea/7 ANA Area/5\n",
        "PLA.txt": "POI/1 PLA Area/3 Proportion/0.5\n" * 2 + "POI/0 PLA Area/7 Proportion/0.3\n",
        "TIF_feature.csv": "File,Coordinates,Area,Value_1_Ratio,Value_2_Ratio,Value_3_Ratio\n"
        'a,"(0, 0)",3,0.7,0.3\na,"(0, 1)",5,0.2,0.7,0.1\na,"(0, 2)",7,1.0\n',
        "ELA.txt": "Entity/1 ELA Area/3 Proportion/0.7\nEntity/8 ELA Area/3 Proportion/0.3\n"
        "Entity/5 ELA Area/5 Proportion/0.7\nEntity/1 ELA Area/5 Proportion/0.2\n"
        "Entity/8 ELA Area/5 Proportion/0.1\nEntity/8 ELA Area/7 Proportion/1.0\n",
        "POI_feature.csv": "TIF,POI_0,POI_1\n"
        f"3,{0.25 * np.log10(5)},{0.75 * np.log10(5)},4\n5,0,0,0\n7,{np.log10(2)},0,1\n",
    }
    graph, target = folder / "graph", folder / "targets"
    graph.mkdir()
    target.mkdir()
    for name, text in files.items():
        (graph / name).write_text(text)
    (target / "Light.txt").write_text("Area/3 Light/1.5\nArea/7 Light/-8.5e37\n")
    return graph, target


def test_every_value_lies_in_its_cell_and_class(tmp_path):
    city = read_city(*write_city(tmp_path))
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
    assert city.entity.names == city.feature_names[:3]
    np.testing.assert_array_equal(city.poi.index, [[0, 1, 0], [0, 0, 2]])
    np.testing.assert_allclose(city.poi.weight, [0.25, 0.75, 1.0], rtol=1e-6)


def test_shares_come_back_from_their_packed_form():
    rng = np.random.default_rng(0)
    truth = np.zeros((400, 10))
    for row in truth:
        classes = rng.choice([0, 2, 3, 4, 7], rng.integers(3, 6), replace=False)
        row[classes] = rng.dirichlet(np.ones(len(classes))).round(4)
    order = np.argsort(truth == 0, axis=1, kind="stable")
    packed = np.take_along_axis(np.where(truth > 0, truth, np.nan), order, axis=1)
    largest = np.full((400, 10), np.nan)
    for place, row in enumerate(truth):
        for k in np.argsort(-row)[:3]:
            largest[place, k + 1 if k < 9 else 9] = row[k] if row[k] > 0 else np.nan
    found = unpack_shares(packed, largest)
    named = np.isfinite(largest)[:, [1, 2, 3, 4, 5, 6, 7, 8, 9, 9]]
    # What the largest classes name is certain; the rest is told by what occurs together.
    np.testing.assert_allclose(found[named], truth[named])
    assert (np.abs(found - truth) < 1e-9).all(axis=1).mean() > 0.9


def test_errors_name_the_file_and_the_line(tmp_path):
    graph, target = write_city(tmp_path)
    (target / "Light.txt").write_text("Area/3 Light/1.5\nArea/3 Light/bright\n")
    with pytest.raises(InputError, match=r"Line 2 of '.*Light.txt'"):
        read_city(graph, target)
    (target / "Light.txt").write_text("Area/4 Light/1.5\n")
    with pytest.raises(InputError, match="cell 4, which has no place"):
        read_city(graph, target)
    (graph / "ELA.txt").unlink()
    with pytest.raises(InputError, match="ELA.txt"):
        read_city(graph, target)


@pytest.mark.parametrize(("name", "cells", "sentinels"), [("GZ", 8540, 13), ("BJ", 4277, 0)])
def test_the_public_cities(name, cells, sentinels):
    data = shared("geohg_cities")
    assert name in city_names(data / "Hyper_Graph")
    city = read_city(data / "Hyper_Graph" / name, data / "downstream_tasks" / name)
    assert len(city.cell) == cells
    assert set(city.targets) == {"Carbon", "GDP", "Light", "PM25", "Population"}
    assert np.isnan(city.targets["Light"]).sum() == sentinels
    assert min(np.nanmin(values) for values in city.targets.values()) >= 0
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
