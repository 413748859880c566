import numpy as np
import pytest

from geohg.engine.data.builders.grid import Grid
from geohg.engine.data.builders.info import PointCounts
from geohg.engine.data.builders.sites import Sites
from geohg.engine.data.sources.custom_landcover import CustomLandCoverSource, nearest_edges
from geohg.engine.errors import InputError

CRS = "EPSG:32631"
TABLES = {
    "coordinates": "area_id,x,y\nb,500100,5400000\na,500000,5400000\n03,500000,5400100\n",
    "features": "area_id,height,slope\na,10,1\nb,20,\n03,30,3\n",
    "adjacency": "area_id,neighbour_id\na,b\nb,a\nb,03\n",
    "entities": "area_id,wood,NA\na,0.25,0.75\n03,0,1\n",
    "pois": "area_id,shop,None,count\na,0.5,0.5,4\n03,1,0,1\n",
    "targets": "area_id,price\nb,2.5\na,\n03,7\n",
}


def write(folder, **changes):
    """Write the tables; `changes` replace one or, with None, leave it out."""
    paths = {}
    for name, text in {**TABLES, **changes}.items():
        if text is None:
            paths[name] = None
            continue
        paths[name] = folder / f"{name}.csv"
        data = text if isinstance(text, bytes) else text.encode()
        paths[name].write_bytes(data)
    return paths


def test_every_table_finds_its_cells(tmp_path):
    graph = CustomLandCoverSource(**write(tmp_path), crs=CRS).read()
    assert isinstance(graph.geometry, Sites)
    # The order is that of the coordinates: b, a, 03.
    np.testing.assert_array_equal(graph.geometry.xy[:, 0], [500_100, 500_000, 500_000])
    assert graph.feature_names == (
        *("wood", "NA", "shop", "None"),
        *("log(1 + number of POIs)", "height", "slope"),
    )
    kinds = ("landcover",) * 2 + ("poi",) * 2 + ("poi_count",) + ("covariate",) * 2
    assert graph.feature_kinds == kinds
    nan = np.nan
    expected = [
        [nan, nan, nan, nan, nan, 20, nan],
        [0.25, 0.75, 0.5, 0.5, np.log(5), 10, 1],
        [0, 1, 1, 0, np.log(2), 30, 3],
    ]
    np.testing.assert_allclose(graph.features, expected, rtol=1e-6)
    # b and 03 were joined in one direction only.
    np.testing.assert_array_equal(graph.near, [[0, 0, 1, 2], [1, 2, 0, 0]])
    assert list(graph.info.repaired.values()) == [1]
    assert graph.hypernodes["entity"].names == ("wood", "NA") and graph.hypernodes["poi"].names == (
        "shop",
        "None",
    )
    np.testing.assert_array_equal(graph.hypernodes["entity"].index, [[0, 1, 1], [1, 1, 2]])
    np.testing.assert_array_equal(graph.hypernodes["poi"].index, [[0, 1, 0], [1, 1, 2]])
    np.testing.assert_array_equal(graph.targets["price"], [2.5, nan, 7])
    assert graph.info.points == PointCounts(3, 2, {"without a value": 1})
    assert len(graph.info.checksums) == 6


def test_coordinates_alone_make_a_graph(tmp_path):
    paths = write(tmp_path, **dict.fromkeys([name for name in TABLES if name != "coordinates"]))
    graph = CustomLandCoverSource(**paths, crs=CRS).read()
    assert graph.features.shape == (3, 0) and graph.targets == {}
    assert graph.counts()["near_edges"] == 6


def test_cells_of_one_size_make_a_grid(tmp_path):
    paths = write(tmp_path, adjacency=None)
    graph = CustomLandCoverSource(**paths, crs=CRS, cell_size=100).read()
    assert graph.geometry == Grid(CRS, 499_950.0, 5_400_150.0, 100, 100, 2, 2)
    # From the north-west: 03, then a and b.
    assert graph.cell.tolist() == [0, 2, 3]
    assert graph.features[:, -2].tolist() == [30, 10, 20]
    assert graph.near.shape == (2, 6)
    np.testing.assert_array_equal(graph.targets["price"], [7, np.nan, 2.5])


def test_points_are_counted_in_the_nearest_cell(tmp_path):
    pois = "x,y,category\n500090,5400001,shop\n500110,5400000,shop\n499000,5400090,3\n,5,3\n"
    graph = CustomLandCoverSource(**write(tmp_path, pois=pois), crs=CRS).read()
    assert graph.hypernodes["poi"].names == ("3", "shop")
    np.testing.assert_array_equal(graph.hypernodes["poi"].index, [[1, 0], [0, 2]])
    count = graph.features[:, graph.columns("poi_count")[0]]
    np.testing.assert_allclose(count, np.log1p([2, 0, 1]), rtol=1e-6)


def test_the_nearest_are_neighbours_both_ways():
    line = np.column_stack([[0.0, 1.0, 2.1, 9.0], np.zeros(4)])
    np.testing.assert_array_equal(nearest_edges(line, 1), [[0, 1, 1, 2, 2, 3], [1, 0, 2, 1, 3, 2]])
    assert nearest_edges(line[:1], 6).shape == (2, 0)


def test_ids_are_text_and_may_have_spaces_around_them(tmp_path):
    paths = write(tmp_path, targets="area_id,price\n b,1\n03 ,2\n")
    graph = CustomLandCoverSource(**paths, crs=CRS).read()
    np.testing.assert_array_equal(graph.targets["price"], [1, np.nan, 2])
    paths = write(tmp_path, targets="area_id,price\n3,2\n")
    with pytest.raises(InputError, match="the cell 3, which is not in 'coordinates.csv'"):
        CustomLandCoverSource(**paths, crs=CRS).read()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"coordinates": ""}, "coordinates.csv' is not a CSV file in UTF-8"),
        ({"coordinates": "area_id,x,y\n"}, "has no rows"),
        ({"coordinates": "area_id,lon,lat\na,1,2\n"}, "no column 'x'; it has: area_id, lon, lat"),
        ({"coordinates": "area_id,x,y\na,east,2\n"}, "'x' of '.*' holds text .such as 'east'"),
        ({"coordinates": "area_id,x,y\na,inf,2\n"}, "1 infinite values"),
        ({"coordinates": "area_id,x,y\na,,2\n"}, "a row without 'x'"),
        ({"coordinates": "area_id,x,y\na,1,2\na,2,3\n"}, "more than one line for the cell a"),
        ({"coordinates": "area_id,x,y\n,1,2\n"}, "a row without 'area_id'"),
        ({"features": "area_id,height\na,high\n"}, "'height' of '.*' holds text"),
        ({"features": "area_id,height\na,1,2\n"}, "more fields than its first line"),
        ({"features": "area_id,height\nz,1\n"}, "names the cell z, which is not in"),
        ({"features": "area_id,height\na,1\na,2\n"}, "more than one line for the cell a"),
        ({"adjacency": "area_id,near\na,b\n"}, "no column 'neighbour_id'"),
        ({"adjacency": "area_id,neighbour_id\na,z\n"}, "names the cell z"),
        ({"entities": "area_id,wood\na,-0.1\n"}, "the share -0.1"),
        ({"entities": "area_id,wood,town\na,0.9,0.2\n"}, "sum to 1.1, more than 1"),
        ({"entities": "area_id,wood\na,1\n".encode("utf-16")}, "not a CSV file in UTF-8"),
        ({"pois": "area_id,shop,count\na,0.5,-4\n"}, "a negative 'count'"),
        ({"pois": "x,y\n1,2\n"}, "The POIs have no field 'category'"),
        ({"pois": "x,y,category\n,,shop\n"}, "None of the 1 POIs has a position and a category"),
        ({"targets": "area_id,price\na,dear\n"}, "'price' of '.*' holds text .such as 'dear'"),
    ],
)
def test_faulty_tables_are_refused(tmp_path, changes, message):
    with pytest.raises(InputError, match=message):
        CustomLandCoverSource(**write(tmp_path, **changes), crs=CRS).read()


def test_a_missing_file_and_wrong_options_are_refused(tmp_path):
    paths = write(tmp_path)
    with pytest.raises(InputError, match=r"none.csv' does not exist"):
        CustomLandCoverSource(None, tmp_path / "none.csv").read()
    with pytest.raises(InputError, match="CRS of the places is unknown"):
        CustomLandCoverSource(**paths, crs="EPSG:0").read()
    for size, message in ((70, "do not lie on a grid of cells of 70"), (0, "greater than zero")):
        with pytest.raises(InputError, match=message):
            CustomLandCoverSource(**paths, crs=CRS, cell_size=size).read()
    twice = TABLES["coordinates"] + "c,500000,5400000.1\n"
    with pytest.raises(InputError, match="two cells at the same position"):
        CustomLandCoverSource(**write(tmp_path, coordinates=twice), crs=CRS, cell_size=100).read()


def test_a_byte_order_mark_is_no_part_of_a_name(tmp_path):
    text = TABLES["coordinates"].encode("utf-8-sig")
    graph = CustomLandCoverSource(**write(tmp_path, coordinates=text), crs=CRS).read()
    assert len(graph.cell) == 3


THEIRS = {
    "features": "area_id,forest_ratio,town_ratio,height\n1,.7,.3,10\n2,.25,.75,\n3,0,1,30\n",
    "coordinates": "area_id,lon,lat\n1,113.1,22.5\n2,113.2,22.5\n3,113.2,22.6\n",
    "adjacency": "src_id,dst_id\n1,2\n2,1\n",
}


def load(folder, **changes):
    """What the toolkit's call gives of its three tables."""
    paths = write(folder, **{**dict.fromkeys(TABLES), **THEIRS, **changes})
    names = {"feature_csv": "features", "coord_csv": "coordinates", "adjacency_csv": "adjacency"}
    return CustomLandCoverSource(**{new: paths[name] for new, name in names.items()}).load()


def test_the_toolkits_call_reads_its_three_tables(tmp_path):
    graph = load(tmp_path)
    assert (graph.geometry.crs, graph.geometry.xy.tolist()[0]) == ("EPSG:4326", [113.1, 22.5])
    assert graph.feature_names == ("forest", "town", "height")
    assert graph.feature_kinds == ("landcover", "landcover", "covariate")
    expected = [[0.7, 0.3, 10], [0.25, 0.75, np.nan], [0, 1, 30]]
    np.testing.assert_allclose(graph.features, expected, rtol=1e-6)
    assert graph.near.tolist() == [[0, 1], [1, 0]]
    entity = graph.hypernodes["entity"]
    assert entity.names == ("forest", "town")
    assert entity.index.tolist() == [[0, 1, 0, 1, 1], [0, 0, 1, 1, 2]]


@pytest.mark.parametrize(
    ("features", "names", "kinds"),
    [
        (
            "area_id,Value_10_Ratio,Value_50_Ratio\n1,.7,.3\n2,.25,.75\n3,0,1\n",
            ("Tree cover", "Built-up"),
            ("landcover",) * 2,
        ),
        (
            "area_id,Value_1_Ratio,Value_2_Ratio\n1,70,30\n2,25,75\n3,0,100\n",
            ("class 1", "class 2"),
            ("landcover",) * 2,
        ),
        (
            "File,Coordinates,Area,Value_80_Ratio\na,p,1,1\nb,q,2,1\nc,r,3,0\n",
            ("Permanent water bodies",),
            ("landcover",),
        ),
        (
            "area_id,forest_ratio,town_ratio\n1,.7,.9\n2,.2,.7\n3,2,1\n",
            ("forest_ratio", "town_ratio"),
            ("covariate",) * 2,
        ),
        (
            "area_id,forest,town\n1,.7,.3\n2,.2,.8\n3,0,1\n",
            ("forest", "town"),
            ("covariate",) * 2,
        ),
    ],
)
def test_ratios_are_class_shares_where_they_sum_to_1(tmp_path, features, names, kinds):
    graph = load(tmp_path, features=features)
    assert (graph.feature_names, graph.feature_kinds) == (names, kinds)
    assert graph.hypernodes["entity"].names == (names if kinds[0] == "landcover" else ())
    if "70" in features:
        assert graph.features[0].tolist() == pytest.approx([0.7, 0.3])


def test_ratios_beside_a_table_of_classes_are_covariates(tmp_path):
    paths = write(tmp_path, features="area_id,a_ratio,b_ratio\na,.5,.5\nb,0,1\n03,1,0\n")
    graph = CustomLandCoverSource(**paths, crs=CRS).read()
    assert graph.feature_names[-2:] == ("a_ratio", "b_ratio")
    assert graph.feature_kinds[-2:] == ("covariate",) * 2


def test_one_table_under_two_names_and_none_are_refused(tmp_path):
    paths = write(tmp_path)
    with pytest.raises(InputError, match="'features' and 'feature_csv' are two names of one table"):
        CustomLandCoverSource(**paths, feature_csv="a.csv")
    with pytest.raises(InputError, match="The cells are missing; give their table as 'coord"):
        CustomLandCoverSource(feature_csv="a.csv")
    with pytest.raises(InputError, match=r"a cell whose shares sum to 1.5"):
        load(tmp_path, features="area_id,a_ratio,b_ratio\n1,.5,.5\n2,0,1\n3,.6,.9\n")
    with pytest.raises(InputError, match="no column 'x'; it has: area_id, lon, lat"):
        CustomLandCoverSource(coord_csv=write(tmp_path, **THEIRS)["coordinates"], crs=CRS).load()
