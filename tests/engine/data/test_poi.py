import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from geohg.engine.data.builders.grid import Grid
from geohg.engine.data.sources.poi import count_pois
from geohg.engine.errors import InputError

from ..conftest import CRS

GRID = Grid(CRS, 0.0, 200.0, 100.0, 100.0, 2, 2)


def count(tmp_path, frame, category="category"):
    path = tmp_path / "p.csv"
    frame.to_csv(path, index=False)
    return count_pois(path, CRS, ("x", "y"), category, GRID)


def pois():
    return pd.DataFrame(
        {
            "x": [50.0, 60.0, 150.0, 150.0, 900.0, 50.0, None],
            "y": [150.0, 160.0, 150.0, 50.0, 50.0, 50.0, 5.0],
            "category": ["shop", "shop", "park", "shop", "zoo", None, "shop"],
        }
    )


def test_counts_by_cell_and_category(tmp_path):
    found = count(tmp_path, pois())
    assert found.names == ("park", "shop")
    assert found.counts.tolist() == [[0, 2], [1, 0], [0, 0], [0, 1]]
    assert found.dropped == {"without a position or category": 2, "outside the extent": 1}


def test_categories_are_text_whatever_they_look_like(tmp_path):
    names = ["3", "None", "NA", "3", "3", None, "3"]
    assert count(tmp_path, pois().assign(category=names)).names == ("3", "NA", "None")


def test_refuses_pois_that_are_all_outside_and_missing_fields(tmp_path):
    with pytest.raises(InputError, match="None of the 7 POIs lies inside"):
        count(tmp_path, pois().assign(x=5000.0))
    with pytest.raises(InputError, match="no field 'kind'; they have: x, y, category"):
        count(tmp_path, pois(), "kind")


def test_files_of_geometries_need_no_columns(tmp_path):
    frame = pois().dropna()
    shapes = shapely.to_wkb(shapely.points(frame[["x", "y"]].to_numpy()))
    fields = [frame["category"].to_numpy(object), np.arange(len(frame))]
    path = tmp_path / "p.geojson"
    pyogrio.raw.write(path, shapes, fields, ["category", "n"], geometry_type="Point", crs=CRS)
    found = count_pois(path, "", None, "category", GRID)
    assert found.names == ("park", "shop")
    assert found.counts.tolist() == [[0, 2], [1, 0], [0, 0], [0, 1]]
    # Numbers are categories too.
    assert count_pois(path, "", None, "n", GRID).names == ("0", "1", "2", "3")
    with pytest.raises(InputError, match="no field 'kind'; they have: category, n.$"):
        count_pois(path, "", None, "kind", GRID)


def test_refuses_coordinates_that_are_text_or_infinite(tmp_path):
    for x, message in (
        ("east", "'x' holds text"),
        (np.inf, "1 of the 7 positions of the POIs are infinite .row 1."),
    ):
        frame = pois().astype({"x": object})
        frame.loc[0, "x"] = x
        with pytest.raises(InputError, match=message):
            count(tmp_path, frame)
    with pytest.raises(InputError, match="None of the 7 POIs has a position and a category"):
        count(tmp_path, pois().assign(category=None))
