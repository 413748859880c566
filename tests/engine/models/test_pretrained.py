import dataclasses
import json
import os

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file

from geohg.engine.config.schema import make_config
from geohg.engine.data import store
from geohg.engine.errors import FileFormatError, InputError
from geohg.engine.jobs import run
from geohg.engine.models.embedded import EmbeddedPropagation
from geohg.engine.models.encoding import Encoding
from geohg.engine.models.kinds import make_model
from geohg.engine.models.pretrained import load_encoder, pretrain, save_encoder, start_from
from geohg.engine.names import ENCODER_FILE, FILE_VERSION
from geohg.engine.prediction.fitted import FittedMap
from geohg.engine.progress import Silent

from .landscapes import UTM

SILENT = Silent()
SIZE = {"hidden_channels": 16, "num_gnn_layers": 2, "transform": "identity"}


def options(kind="gnn", path="", freeze=False, data=None, **model):
    model = {"kind": kind, "pretrained_gnn": str(path), "freeze_gnn": freeze, **SIZE, **model}
    training = {"epochs": 8, "seed": 1}
    return make_config({"model": model, "training": training, "ssl": SSL, "data": data or {}})


SSL = {"epochs": 8, "batch_size": 128}


@pytest.fixture(scope="module")
def pretrained(graph):
    return pretrain(graph, options(), SILENT)


@pytest.fixture
def encoder_file(tmp_path, graph, pretrained):
    path = tmp_path / "encoder.safetensors"
    save_encoder(path, pretrained, graph, {"versions": {"GeoHG": "0"}})
    return path


def fit(graph, config):
    model = make_model(config)
    return model.fit(graph, graph.target("value"), graph.observed("value"), SILENT)


def moved(model, pretrained):
    """Largest change of the encoder's parameters since they were pretrained."""
    found = model.network_.encoder.state_dict()
    return max(
        np.abs(found[name].numpy() - values).max() for name, values in pretrained.parameters.items()
    )


def test_a_file_comes_back_as_it_was(encoder_file, graph, pretrained):
    loaded = load_encoder(encoder_file)
    assert loaded.config == pretrained.config and loaded.graph == pretrained.graph
    assert loaded.losses == pretrained.losses
    assert loaded.encoding.hypernodes == pretrained.encoding.hypernodes
    np.testing.assert_array_equal(loaded.encoding.scale, pretrained.encoding.scale)
    assert loaded.parameters.keys() == pretrained.parameters.keys()
    np.testing.assert_array_equal(loaded.embed(graph), pretrained.embed(graph))
    assert loaded.embed(graph).shape == (len(graph.cell), 16)


def test_the_header_says_what_is_in_it(encoder_file, graph):
    with safe_open(encoder_file, framework="numpy") as file:
        header = json.loads(file.metadata()["geohg"])
    assert (header["kind"], header["version"]) == ("encoder", FILE_VERSION)
    assert header["graph"]["features"] == list(graph.feature_names)
    assert header["seed"] == 1 and header["hypernodes"] == {
        "entity": len(graph.hypernodes["entity"].names)
    }
    assert header["config"]["model"]["hidden_channels"] == 16
    assert header["versions"] == {"GeoHG": "0"}


@pytest.mark.parametrize("kind", ["gnn", "deepkernel"])
def test_frozen_stays_and_fine_tuned_moves(graph, encoder_file, pretrained, kind):
    frozen = fit(graph, options(kind, encoder_file, freeze=True))
    assert moved(frozen, pretrained) == 0.0
    frozen.network_.train()
    assert not any(part.training for part in frozen.network_.encoder.modules())
    tuned = fit(graph, options(kind, encoder_file))
    # What is kept is the best of all steps, which for the deep kernel may be the start.
    if kind == "gnn" or tuned.history_.best_epoch:
        assert moved(tuned, pretrained) > 1e-4


def test_the_encoding_of_the_encoder_is_used(graph, encoder_file, pretrained):
    tuned, plain = fit(graph, options("gnn", encoder_file)), fit(graph, options("gnn"))
    np.testing.assert_array_equal(tuned.encoding_.scale, pretrained.encoding.scale)
    assert not np.array_equal(plain.encoding_.scale, pretrained.encoding.scale)


@pytest.mark.parametrize("kind", ["gnn", "deepkernel", "propagation"])
def test_the_model_file_needs_no_encoder_file(tmp_path, graph, encoder_file, kind):
    model = fit(graph, options(kind, encoder_file, freeze=kind != "propagation"))
    path = tmp_path / "m.safetensors"
    FittedMap.learn(model, graph, "value", graph.observed("value")).save(path)
    expected = model.predict(graph, SILENT).mean
    os.remove(encoder_file)
    np.testing.assert_array_equal(FittedMap.load(path).model.predict(graph, SILENT).mean, expected)


def test_propagation_reads_the_embedding_as_one_more_group(graph, encoder_file):
    model, plain = (
        fit(graph, options("propagation", encoder_file)),
        fit(graph, options("propagation")),
    )
    kernel, before = model.process_.kernel_, plain.kernel_
    assert len(kernel.scale_a) == len(before.scale_a) + 1
    assert len(kernel.group) == len(before.group) + 16
    # It has seen no values: trees may read it too, as they read all other features.
    model.leave_one_out()
    assert model.process_._trees is not None
    with pytest.raises(InputError, match="Name an encoder file in 'model.pretrained_gnn'"):
        EmbeddedPropagation(options("propagation")).fit(
            graph, graph.target("value"), np.arange(4), SILENT
        )


def test_refuses_to_freeze_no_encoder(graph):
    for kind in ("gnn", "deepkernel", "propagation"):
        with pytest.raises(InputError, match="There is no encoder to freeze: name its file"):
            fit(graph, options(kind, freeze=True))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"hidden_channels": 8}, "'model.hidden_channels' 16, got 8; set it to 16 or pretrain"),
        ({"num_gnn_layers": 3}, "'model.num_gnn_layers' 2, got 3"),
        ({"gnn_type": "SAGEConv"}, "'model.gnn_type' GraphConv, got SAGEConv"),
        ({"residual": True}, "'model.residual' False, got True"),
        ({"normalisation": "layer"}, "'model.normalisation' none, got layer"),
        ({"data": {"pos_embedding": False}}, "'data.pos_embedding' True, got False"),
        ({"data": {"hypernode": "mono"}}, "'data.hypernode' all, got mono"),
        ({"data": {"entity_thresh": 0.5}}, "'data.entity_thresh' 0.0, got 0.5"),
        ({"strict_reference": True}, "cannot start from an encoder"),
    ],
)
def test_refuses_settings_that_it_was_not_made_for(graph, encoder_file, change, words):
    with pytest.raises(InputError, match=words.replace("(", r"\(")):
        start_from(options("gnn", encoder_file, **change), graph, SILENT)


def test_refuses_a_graph_that_it_was_not_made_for(graph, encoder_file, pretrained):
    config = options("gnn", encoder_file)
    other = dataclasses.replace(graph, feature_names=("a", *graph.feature_names[1:]))
    with pytest.raises(FileFormatError, match="encoder does not fit this graph: its features are"):
        start_from(config, other, SILENT)
    grid = dataclasses.replace(graph.grid, crs="EPSG:32632")
    elsewhere = dataclasses.replace(graph, geometry=grid)
    with pytest.raises(FileFormatError, match=f"its crs are {UTM}"):
        start_from(config, elsewhere, SILENT)
    blind = options("gnn", data={"pos_embedding": False})
    made = pretrain(graph, dataclasses.replace(blind), SILENT)
    made.check_fits(elsewhere, blind)  # what reads no positions is at home anywhere


def test_refuses_a_file_of_another_kind_or_broken(tmp_path, graph, encoder_file):
    path = tmp_path / "g.safetensors"
    store.save_graph(path, graph)
    with pytest.raises(FileFormatError, match="is a GeoHG graph file; give a encoder file"):
        load_encoder(path)
    with pytest.raises(FileFormatError, match="does not exist"):
        start_from(options("gnn", tmp_path / "none"), graph, SILENT)
    tensors = load_file(encoder_file)
    header = store.read(encoder_file, ENCODER_FILE)[1]
    del tensors["encoder.area.weight"]
    store.write(path, ENCODER_FILE, tensors, header)
    with pytest.raises(FileFormatError, match=r"tensor .*area.weight. is missing\. Pretrain again"):
        load_encoder(path)


def test_positions_that_are_not_read_change_nothing(graph):
    config = make_config({"data": {"pos_embedding": False}})
    encoding = Encoding.learn(graph, graph.observed("value"), config)
    assert encoding.centre.shape == (graph.features.shape[1],)
    x = encoding.tensors(graph, config, "cpu")["area"].x.numpy()
    both = Encoding.learn(graph, graph.observed("value"), make_config({}))
    all_ = both.tensors(graph, make_config({}), "cpu")["area"].x.numpy()
    np.testing.assert_array_equal(x, all_[:, 2:])
    np.testing.assert_allclose(encoding.features(graph, config), x, rtol=1e-5, atol=1e-6)
    xy = dataclasses.replace(graph.grid, left=graph.grid.left + 5e4)
    far = dataclasses.replace(graph, geometry=xy)
    np.testing.assert_array_equal(encoding.tensors(far, config, "cpu")["area"].x.numpy(), x)


def test_jobs_pretrain_and_train_on_it(tmp_path, graph):
    store.save_graph(tmp_path / "g.safetensors", graph)
    model = {"kind": "gnn", **SIZE}
    request = {
        "version": 1,
        "job": "pretrain",
        "graph": str(tmp_path / "g.safetensors"),
        "ssl": SSL,
    }
    request |= {"model": model, "outputs": {"encoder": str(tmp_path / "e.safetensors")}}
    result = run(request, SILENT)
    assert result["CELLS"] == len(graph.cell) and result["LOSS"] > 0
    header = store.read(tmp_path / "e.safetensors", ENCODER_FILE)[1]
    assert len(header["losses"]) == 8 and header["versions"]
    train = {
        "version": 1,
        "job": "train",
        "graph": str(tmp_path / "g.safetensors"),
        "target": "value",
    }
    train["model"] = {**model, "pretrained_gnn": result["encoder"], "freeze_gnn": True}
    train |= {"training": {"epochs": 20}, "outputs": {"model": str(tmp_path / "m.safetensors")}}
    assert run(train, SILENT)["R2"] is not None
    fitted = FittedMap.load(tmp_path / "m.safetensors").model.network_.encoder.state_dict()
    for name, values in load_encoder(tmp_path / "e.safetensors").parameters.items():
        np.testing.assert_array_equal(fitted[name].numpy(), values)
    with pytest.raises(InputError, match="'outputs.model' is not a part of this"):
        run({**request, "outputs": {"model": "m"}}, SILENT)
