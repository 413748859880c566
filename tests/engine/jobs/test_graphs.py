"""The job that makes a graph of a city's folder."""

import numpy as np
import pyogrio
import pytest

from geohg.engine.data import store
from geohg.engine.data.sources.city import read_city
from geohg.engine.data.sources.city_writer import write_city
from geohg.engine.errors import InputError
from geohg.engine.jobs import run
from geohg.engine.progress import Silent

from ..data.test_city_csv import SITES, assert_equal, make_graph
from ..data.test_city_toolkit import toolkit


def request(tmp_path, **more):
    outputs = {"graph": str(tmp_path / "g.safetensors"), "cells": str(tmp_path / "cells.gpkg")}
    parts = {"folder": str(tmp_path / "city"), "outputs": outputs}
    return {"version": 1, "job": "importcity", **parts, **more}


@pytest.mark.parametrize(
    ("graph", "shape"), [(make_graph(), "Polygon"), (make_graph(SITES, range(5)), "Point")]
)
def test_a_folder_becomes_the_graph_that_it_describes(tmp_path, graph, shape):
    write_city(graph, tmp_path / "city")
    result = run(request(tmp_path), Silent())
    assert_equal(store.load_graph(tmp_path / "g.safetensors"), graph)
    assert (result["AREA_NODES"], result["OBSERVED"]) == (5, 4)
    meta, _, _, columns = pyogrio.raw.read(tmp_path / "cells.gpkg")
    assert (meta["geometry_type"], meta["crs"]) == (shape, graph.geometry.crs)
    columns = dict(zip(meta["fields"], columns))
    np.testing.assert_array_equal(columns["cell"], graph.cell)
    np.testing.assert_array_equal(columns["target GDP"], graph.targets["GDP"])
    np.testing.assert_allclose(columns["poi shop"], graph.features[:, 4])


def test_a_folder_of_the_toolkits_tables_becomes_a_graph(tmp_path):
    toolkit(tmp_path / "city", [f"c{k}" for k in range(6)])
    result = run(request(tmp_path), Silent())
    counts = {"AREA_NODES": 6, "ENTITY_NODES": 2, "POI_NODES": 2, "NEAR_EDGES": 8, "OBSERVED": 5}
    assert {name: result[name] for name in counts} == counts
    assert_equal(store.load_graph(tmp_path / "g.safetensors"), read_city(tmp_path / "city"))


def test_the_targets_of_another_folder_are_read(tmp_path):
    write_city(make_graph(), tmp_path / "city")
    for name in ("GDP.csv", "Light.csv"):
        (tmp_path / "city" / name).rename(tmp_path / name)
    assert run(request(tmp_path, outputs={}), Silent())["OBSERVED"] == 0
    again = run(request(tmp_path, outputs={}, target_folder=str(tmp_path)), Silent())
    assert again["OBSERVED"] == 4
    assert list(read_city(tmp_path / "city", tmp_path).targets) == ["GDP", "Light"]


def test_refuses_a_folder_that_is_not_named_or_holds_no_city(tmp_path):
    with pytest.raises(InputError, match="needs the part 'folder'"):
        run({"version": 1, "job": "importcity"}, Silent())
    with pytest.raises(InputError, match="holds no city"):
        run(request(tmp_path), Silent())
