import contextlib
import functools
import http.server
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest

from geohg.engine.assembly.cities import load_city, with_city
from geohg.engine.config.schema import DataConfig
from geohg.engine.data.builders.info import PointCounts
from geohg.engine.data.sources.city_download import public_cities
from geohg.engine.data.sources.city_writer import write_city
from geohg.engine.errors import Cancelled, InputError
from geohg.engine.progress import Silent

from ..conftest import Recorder, shared


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *details):
        pass


@contextlib.contextmanager
def serve(folder):
    """A local server of a folder; gives its address."""
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache, and no folder of data."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("GEOHG_CACHE", str(folder))
    monkeypatch.delenv("GEOHG_DATA", raising=False)
    return folder


def kept(cache):
    return sorted(str(path.relative_to(cache)) for path in cache.rglob("*") if path.is_file())


GRAPH_FILES = ("ANA.txt", "ELA.txt", "PLA.txt", "POI_feature.csv", "TIF_feature.csv")


def test_a_city_is_fetched_once_and_only_what_the_task_needs(cache, monkeypatch):
    with serve(shared("geohg_cities")) as address:
        monkeypatch.setenv("GEOHG_DATA_URL", address)
        watcher = Recorder()
        graph = load_city(DataConfig(city="BJ", task="GDP"), watcher)
    assert kept(cache) == [
        *(f"Hyper_Graph/BJ/{name}" for name in (*GRAPH_FILES, "pos_encode.txt")),
        "downstream_tasks/BJ/GDP.txt",
    ]
    assert watcher.messages[0] == "Fetching BJ, file 1 of 7: ANA.txt"
    assert watcher.messages[6] == "Fetching BJ, file 7 of 7: GDP.txt"
    assert "BJ: 1,299 repeated POI lines dropped." in watcher.lines
    assert (len(graph.cell), list(graph.targets)) == (4277, ["GDP"])
    assert graph.info.points == PointCounts(4277, 4277, {"without a value": 0})
    assert len(graph.info.checksums) == 7
    # The server is gone: everything comes from the cache, but what is not in it.
    again = load_city(DataConfig(city="BJ", task="GDP"), Silent())
    np.testing.assert_array_equal(again.targets["GDP"], graph.targets["GDP"])
    with pytest.raises(InputError, match=r"Light.txt' cannot be fetched \(no answer"):
        load_city(DataConfig(city="BJ", task="Light"), Silent())


def test_a_file_with_another_sum_is_refused_and_not_kept(cache, tmp_path, monkeypatch):
    site = tmp_path / "site"
    shutil.copytree(shared("geohg_cities") / "Hyper_Graph" / "BJ", site / "Hyper_Graph" / "BJ")
    (site / "Hyper_Graph" / "BJ" / "ANA.txt").write_text("Area/0 ANA Area/1\n")
    with serve(site) as address:
        monkeypatch.setenv("GEOHG_DATA_URL", address)
        with pytest.raises(InputError, match="ANA.txt' is not the data set's file: its SHA"):
            load_city(DataConfig(city="BJ"), Silent())
    assert kept(cache) == []


def test_a_damaged_file_of_the_cache_is_fetched_again(cache, monkeypatch):
    damaged = cache / "Hyper_Graph" / "BJ" / "ANA.txt"
    damaged.parent.mkdir(parents=True)
    damaged.write_text("Area/0 ANA Area/1\n")
    with serve(shared("geohg_cities")) as address:
        monkeypatch.setenv("GEOHG_DATA_URL", address)
        graph = load_city(DataConfig(city="BJ", task="GDP"), Silent())
    assert graph.near.shape == (2, 33_392)


def test_without_a_server_the_error_names_the_ways_out(cache, tmp_path, monkeypatch):
    with serve(tmp_path) as address:
        monkeypatch.setenv("GEOHG_DATA_URL", address)
        with pytest.raises(InputError, match="cannot be fetched .the server answered 404"):
            load_city(DataConfig(city="SZ"), Silent())
    ways = "no answer; check the network.*data.prebuilt_dir and data.downstream_dir.*GEOHG_DATA"
    with pytest.raises(InputError, match=ways):
        load_city(DataConfig(city="SZ"), Silent())
    assert kept(cache) == []


def test_a_cache_that_cannot_be_written_is_named(cache, monkeypatch):
    cache.write_text("in the way")
    monkeypatch.setenv("GEOHG_DATA_URL", "http://127.0.0.1:9")
    with pytest.raises(InputError, match="GEOHG_CACHE"):
        load_city(DataConfig(city="SZ"), Silent())


def test_fetching_can_be_cancelled(cache):
    with pytest.raises(Cancelled):
        load_city(DataConfig(city="SZ"), Recorder(lambda seen: True))


def test_the_sums_are_those_of_four_cities_and_five_tasks():
    assert public_cities() == ("BJ", "GZ", "SH", "SZ")
    with pytest.raises(InputError, match=r"SZ has no target 'carbon'.*Did you mean 'Carbon'"):
        load_city(DataConfig(city="SZ", task="carbon"), Silent())


def test_a_folder_in_the_environment_serves_for_the_data_set(cache, monkeypatch):
    monkeypatch.setenv("GEOHG_DATA", str(shared("geohg_cities")))
    graph = load_city(DataConfig(city="BJ", strict_reference=True), Silent())
    assert graph.counts()["poi_locate_edges"] == 10_974
    assert sorted(graph.info.published_order) == list(range(4277))
    with pytest.raises(InputError, match=r"has no city 'gz'; it has: BJ, GZ. Did you mean 'GZ'\?"):
        load_city(DataConfig(city="gz"), Silent())
    assert not cache.exists()


@pytest.fixture(scope="module")
def sample():
    return load_city(DataConfig(city="sample"), Silent())


def test_a_city_of_ones_own_is_a_folder(cache, tmp_path, sample):
    write_city(sample, tmp_path / "mine" / "here")
    graph = load_city(DataConfig(city="here", prebuilt_dir=str(tmp_path / "mine")), Silent())
    np.testing.assert_array_equal(graph.features, sample.features)
    assert list(graph.targets) == ["value"]
    (tmp_path / "values" / "here").mkdir(parents=True)
    shutil.move(tmp_path / "mine" / "here" / "value.csv", tmp_path / "values" / "here")
    folders = {"prebuilt_dir": str(tmp_path / "mine"), "downstream_dir": str(tmp_path / "values")}
    graph = load_city(DataConfig(city="here", task="value", **folders), Silent())
    assert np.isfinite(graph.targets["value"]).sum() == len(sample.observed("value"))
    with pytest.raises(InputError, match=r"mine' has no city 'her'; it has: here. Did you mean"):
        load_city(DataConfig(city="her", **folders), Silent())


def test_a_public_city_in_folders_is_never_refused_for_its_sums(cache, tmp_path):
    data = shared("geohg_cities")
    shutil.copytree(data / "Hyper_Graph" / "BJ", tmp_path / "BJ")
    with open(tmp_path / "BJ" / "ANA.txt", "a") as file:
        file.write("Area/0 ANA Area/2\n")
    folders = {"prebuilt_dir": str(tmp_path), "downstream_dir": str(data / "downstream_tasks")}
    graph = load_city(DataConfig(city="BJ", task="GDP", **folders), Silent())
    assert graph.near.shape == (2, 33_392 + 2)


def test_targets_beside_the_graph_come_before_those_of_the_data_set(cache, tmp_path, sample):
    write_city(sample, tmp_path / "GZ")
    graph = load_city(DataConfig(city="GZ", prebuilt_dir=str(tmp_path)), Silent())
    assert list(graph.targets) == ["value"]
    assert not cache.exists()


def test_the_sample_is_built_offline(cache, sample):
    assert (len(sample.cell), list(sample.targets)) == (80 * 60, ["value"])
    assert (sample.grid.cell_width, sample.grid.bounds) == (500, (480_000, 20_000, 520_000, 50_000))
    assert sample.info.city == "sample" and sample.info.points.used == 700
    assert len(sample.hypernodes["poi"].names) == 6 and "food" in sample.hypernodes["poi"].names
    with pytest.raises(InputError, match="The sample has no target 'GDP'; it has: value"):
        load_city(DataConfig(city="sample", task="GDP"), Silent())
    with pytest.raises(InputError, match="no city of the published code"):
        load_city(DataConfig(city="sample", strict_reference=True), Silent())


@pytest.mark.parametrize(
    ("city", "message"),
    [
        ("", "No city was named"),
        ("SG", r"The public data set has no city 'SG'; it has: BJ, GZ, SH, SZ, sample. Did you"),
        ("Sampel", "Did you mean 'sample'"),
    ],
)
def test_unknown_cities_are_refused_with_the_nearest_name(cache, city, message):
    with pytest.raises(InputError, match=message):
        load_city(DataConfig(city=city), Silent())
    assert not Path(cache).exists()


TOOLKIT = {"prebuilt_dir": "data/Hyper_Graph", "downstream_dir": "data/downstream_tasks"}


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty working folder, and the public data set in another."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.setenv("GEOHG_DATA", str(shared("geohg_cities")))
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("slash", ["", "/"])
def test_the_toolkits_folders_may_be_missing_for_a_public_city(here, slash):
    watcher = Recorder()
    folders = {name: folder + slash for name, folder in TOOLKIT.items()}
    graph = load_city(DataConfig(city="BJ", task="GDP", **folders), watcher)
    assert (len(graph.cell), list(graph.targets)) == (4277, ["GDP"])
    said = "There is no folder '{}'; BJ is taken from the public data set."
    assert [line for line in watcher.lines if "no folder" in line] == [
        said.format(folder) for folder in TOOLKIT.values()
    ]


def test_the_toolkits_folders_are_read_where_they_are(here, sample):
    write_city(sample, here / "data" / "Hyper_Graph" / "BJ")
    watcher = Recorder()
    graph = load_city(DataConfig(city="BJ", **TOOLKIT), watcher)
    assert list(graph.targets) == ["value"] and len(graph.cell) == len(sample.cell)
    # There, a city that is missing is missing.
    with pytest.raises(InputError, match="'data/Hyper_Graph' has no city 'GZ'; it has: BJ"):
        load_city(DataConfig(city="GZ", **TOOLKIT), Silent())


@pytest.mark.parametrize(
    ("city", "folder", "error"),
    [
        ("BJ", "data/hyper_graph", "'data/hyper_graph' has no city 'BJ'; it has: none"),
        ("BJ", "Data/Hyper_Graph", "'Data/Hyper_Graph' has no city 'BJ'; it has: none"),
        ("BJ", "other/data/Hyper_Graph", "has no city 'BJ'; it has: none"),
        ("mine", "data/Hyper_Graph", "'data/Hyper_Graph' has no city 'mine'; it has: none"),
    ],
)
def test_any_other_folder_that_is_missing_is_refused(here, city, folder, error):
    with pytest.raises(InputError, match=error):
        load_city(DataConfig(city=city, prebuilt_dir=folder), Silent())


@pytest.mark.parametrize("folder", ["none", "data/downstream_tasks"])
def test_a_folder_of_targets_that_is_missing_is_refused(tmp_path, monkeypatch, sample, folder):
    monkeypatch.chdir(tmp_path)
    write_city(sample, tmp_path / "data" / "Hyper_Graph" / "mine")
    named = {"prebuilt_dir": "data/Hyper_Graph", "downstream_dir": folder}
    with pytest.raises(InputError, match=f"no folder '{folder}/mine' with targets; name another"):
        load_city(DataConfig(city="mine", **named), Silent())


@pytest.mark.parametrize("task", ["Carbon", "GDP", "Population", "PM25", "Light"])
def test_a_target_of_the_public_data_alone_means_guangzhou(task):
    assert with_city(DataConfig(task=task)) == DataConfig(city="GZ", task=task)
    for data in (DataConfig(city="BJ", task=task), DataConfig(task=task, prebuilt_dir="mine")):
        assert with_city(data) == data


@pytest.mark.parametrize("task", ["", "value", "gdp"])
def test_no_other_target_means_a_city(task):
    assert with_city(DataConfig(task=task)).city == ""
