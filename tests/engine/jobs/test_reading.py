"""What is named of the ground beside a graph that is made already is said to change nothing."""

import pytest

from geohg.engine.config.schema import make_config
from geohg.engine.data import store
from geohg.engine.jobs.reading import read_graph_of

from ..conftest import Recorder
from ..data.test_city_csv import assert_equal, make_graph


@pytest.mark.parametrize(
    ("data", "more", "named"),
    [
        ({}, {}, ""),
        ({"covariates": ["dem.tif"]}, {}, "data.covariates"),
        ({"worldcover": "2021"}, {"zones": [{"path": "z.gpkg"}]}, "zones, data.worldcover"),
    ],
)
@pytest.mark.parametrize("from_file", [True, False])
def test_sources_beside_a_graph_are_named_in_a_warning(tmp_path, data, more, named, from_file):
    graph, told = make_graph(), Recorder()
    if from_file:
        path = tmp_path / "g.safetensors"
        store.save_graph(path, graph)
        found = read_graph_of({"graph": str(path), **more}, make_config({"data": data}), told)
        assert_equal(found, graph)
    else:
        config = make_config({"data": {"city": "sample", **data}})
        assert len(read_graph_of(more, config, told).cell)
    said = [text for text in told.warnings if "change nothing" in text]
    assert len(said) == bool(named)
    assert not named or f"so these change nothing: {named}. Build" in said[0]
