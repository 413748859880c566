import dataclasses
import json
import os

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from geohg.engine.data import store
from geohg.engine.data.builders.readings import Readings
from geohg.engine.data.graph_forms import graph_of
from geohg.engine.errors import FileFormatError, InputError
from geohg.engine.names import GRAPH_FILE, MODEL_FILE

from ..models.landscapes import make_graph
from .test_graph import small_graph


@pytest.fixture
def graph_file(tmp_path):
    path = tmp_path / "g.safetensors"
    store.save_graph(path, small_graph())
    return path


def test_a_graph_comes_back_as_it_was(graph_file):
    before, after = small_graph(), store.load_graph(graph_file)
    assert after.grid == before.grid and after.counts() == before.counts()
    for name in ("cell", "features", "near"):
        np.testing.assert_array_equal(getattr(after, name), getattr(before, name))
    np.testing.assert_array_equal(after.targets["value"], before.targets["value"])
    np.testing.assert_array_equal(
        after.hypernodes["entity"].weight, before.hypernodes["entity"].weight
    )
    assert after.hypernodes["entity"].names == before.hypernodes[
        "entity"
    ].names and after.hypernodes["poi"].names == ("shop",)
    assert after.feature_names == before.feature_names


def test_groups_come_back_and_files_without_them_have_the_usual_ones(tmp_path):
    own = dataclasses.replace(small_graph(), feature_groups=("sky", "sky"))
    store.save_graph(tmp_path / "own.safetensors", own)
    assert store.load_graph(tmp_path / "own.safetensors").feature_groups == ("sky", "sky")
    tensors, header = store.graph_parts(small_graph())
    del header["groups"]
    assert graph_of(tensors, header).feature_groups == ("landcover", "landcover")


def test_in_place_of_a_file_of_pytorch_a_file_of_geohg_is_named(tmp_path):
    (tmp_path / "GZ_encoder.safetensors").touch()
    (tmp_path / "GZ_model.safetensors").touch()
    for kind in ("encoder", "model"):
        with pytest.raises(FileFormatError, match=rf"\.pth file can .* '.*GZ_{kind}\.safetensors'"):
            store.read(tmp_path / "ssl_GZ.pth", kind)
    with pytest.raises(FileFormatError, match=r"\.pt file can run code; name .* wrote\.$"):
        store.read(tmp_path / "none" / "a.pt", "graph")


def test_refuses_a_truncated_file(graph_file):
    graph_file.write_bytes(graph_file.read_bytes()[:-20])
    with pytest.raises(FileFormatError, match="truncated or not a GeoHG graph file"):
        store.load_graph(graph_file)


def test_refuses_a_file_that_is_no_safetensors_or_missing(tmp_path):
    path = tmp_path / "g.safetensors"
    path.write_text("hello")
    with pytest.raises(FileFormatError, match="truncated or not"):
        store.load_graph(path)
    with pytest.raises(FileFormatError, match="does not exist"):
        store.load_graph(tmp_path / "none")


def test_refuses_another_kind_or_version(tmp_path, graph_file):
    with pytest.raises(FileFormatError, match="is a GeoHG graph file; give a model file"):
        store.read(graph_file, MODEL_FILE)
    path = tmp_path / "old.safetensors"
    header = {"kind": "graph", "version": 0}
    save_file({"a": np.zeros(1)}, path, metadata={"geohg": json.dumps(header)})
    with pytest.raises(FileFormatError, match="has version 0"):
        store.load_graph(path)
    save_file({"a": np.zeros(1)}, path)
    with pytest.raises(FileFormatError, match="is not a GeoHG file"):
        store.load_graph(path)


def test_refuses_a_graph_file_without_its_parts(tmp_path):
    path = tmp_path / "g.safetensors"
    store.write(path, GRAPH_FILE, {"area.cell": np.arange(3)}, {})
    with pytest.raises(FileFormatError, match="inconsistent"):
        store.load_graph(path)


def test_checksum_is_sha256(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"abc")
    assert store.sha256(path).startswith("ba7816bf8f01cfea414140de5dae2223")


def test_refuses_what_is_no_file_of_the_disk(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(FileFormatError, match="is not a file; give a GeoHG graph file"):
            store.load_graph(path)


def test_refuses_a_header_that_says_something_twice(graph_file):
    with safe_open(graph_file, framework="numpy") as file:
        text = file.metadata()["geohg"]
    save_file(load_file(graph_file), graph_file, {"geohg": text[:-1] + ', "kind": "graph"}'})
    with pytest.raises(FileFormatError, match="truncated or not a GeoHG graph file"):
        store.load_graph(graph_file)


def test_a_version_that_was_changed_to_the_first_does_not_hide_damage(graph_file):
    with safe_open(graph_file, framework="numpy") as file:
        header = json.loads(file.metadata()["geohg"])
    tensors = load_file(graph_file)
    tensors["entity.weight"] += 1
    save_file(tensors, graph_file, {"geohg": json.dumps({**header, "version": 1})})
    with pytest.raises(FileFormatError, match="does not match its checksum"):
        store.load_graph(graph_file)


def test_whatever_a_graph_holds_is_read_again(tmp_path):
    """Names may repeat or be empty, and the weights of a published city are no shares."""
    graph = small_graph()
    own = graph.hypernodes["entity"]
    links = dataclasses.replace(own, names=("", ""), weight=3 * own.weight)
    store.save_graph(tmp_path / "g", dataclasses.replace(graph, hypernodes={"entity": links}))
    again = store.load_graph(tmp_path / "g").hypernodes["entity"]
    assert again.names == ("", "")
    np.testing.assert_array_equal(again.weight, links.weight)


def test_readings_come_back_and_files_without_them_have_none(tmp_path):
    graph = make_graph(rows=2, cols=2)
    targets = {"a": np.array([1.0, 2, np.nan, 4]), "b": np.array([3.0, 5, 6, np.nan])}
    readings = Readings(np.array([0, 0, 2]), np.arange(6.0).reshape(3, 2), np.array([2.0, 4, 6]))
    graph = dataclasses.replace(graph, targets=targets, readings={"b": readings})
    path = tmp_path / "g.safetensors"
    store.save_graph(path, graph)
    found = store.load_graph(path).readings
    assert list(found) == ["b"]
    for name in ("cell", "xy", "value"):
        np.testing.assert_array_equal(getattr(found["b"], name), getattr(readings, name))
    tensors, header = store.graph_parts(graph)
    for name, values, message in (
        ("readings.1.cell", np.array([0, 0, 4]), "lie in cells that do not exist"),
        ("readings.1.xy", np.zeros((2, 2)), r"'readings.1.xy' has the shape"),
        ("readings.1.value", np.array([1.0, np.inf, 2]), "holds inf"),
        ("readings.2.cell", np.array([0]), "'readings.2.cell' is unknown"),
    ):
        store.write(path, "graph", {**tensors, name: values}, header)
        with pytest.raises(FileFormatError, match=message):
            store.load_graph(path)
    del tensors["readings.1.xy"]
    store.write(path, "graph", tensors, header)
    with pytest.raises(FileFormatError, match=r"'readings.1.xy' is missing"):
        store.load_graph(path)
    without = {name: part for name, part in tensors.items() if not name.startswith("readings")}
    store.write(path, "graph", without, header)
    assert store.load_graph(path).readings == {}


def test_refuses_readings_that_do_not_fit_the_graph():
    graph = dataclasses.replace(make_graph(rows=2, cols=2), targets={"a": np.arange(4.0)})
    cell, xy, value = np.array([0, 1]), np.zeros((2, 2)), np.ones(2)
    for readings, message in (
        (Readings(cell, xy, np.array([1.0, np.nan])), "must be finite, with x, y and value"),
        (Readings(cell, xy[:1], value), "must be finite, with x, y and value"),
        (Readings(cell - 1, xy, value), "lie in cells that do not exist"),
    ):
        with pytest.raises(InputError, match=message):
            dataclasses.replace(graph, readings={"a": readings})
    found = dataclasses.replace(graph, readings={"a": Readings(cell, xy, value)})
    assert dataclasses.replace(found, targets={"b": np.arange(4.0)}).readings == {}
