"""Damaged graph, model and encoder files: each is refused in a sentence, or is as it was."""

import copy
import dataclasses
import json
from functools import partial

import numpy as np
import pytest
from click.testing import CliRunner
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from geohg.engine.cli.main import main
from geohg.engine.config.schema import UncertaintyConfig, make_config
from geohg.engine.data import store
from geohg.engine.data.builders.graph import GraphRawData, share_links
from geohg.engine.data.builders.info import GraphInfo
from geohg.engine.data.sources.classpoints import Labelled
from geohg.engine.errors import FileFormatError, InputError
from geohg.engine.jobs import run
from geohg.engine.models.classes import ClassProcess
from geohg.engine.models.kinds import make_model
from geohg.engine.models.pretrained import load_encoder, pretrain, save_encoder
from geohg.engine.names import CARRIED, COVARIATE, FILE_VERSION, LANDCOVER
from geohg.engine.prediction.fitted import FittedMap
from geohg.engine.prediction.fittedclasses import FittedClasses, load_fitted
from geohg.engine.prediction.reach import Reach
from geohg.engine.progress import Silent

from .conftest import Recorder
from .data.test_city_csv import assert_equal
from .fuzzing import Outcomes, tries
from .models.landscapes import NONE, make_graph

SILENT = Silent()
NETWORK = {
    "hidden_channels": 4,
    "num_gnn_layers": 1,
    "head_dims": [4],
    "embedding_channels": 2,
}
VERSIONS = {"versions": {"GeoHG": "0"}}
KINDS = ("graph", "encoder", "propagation", "gnn", "published", "deepkernel", "embedded", "classes")
WRONG = ("x" * 70, "", -1, 0, 1e300, True, None, [], {}, [[]], {"kind": "gnn"}, 10**18)


@pytest.fixture(scope="module")
def graph():
    rng = np.random.default_rng(3)
    shares = rng.dirichlet([1.0, 1.0], 8 * 9).astype(np.float32)
    features = np.column_stack([shares, rng.normal(size=len(shares))])
    graph = make_graph(features, (LANDCOVER,) * 2 + (COVARIATE,), rows=8, cols=9)
    values = 10 + 5 * shares[:, 0].astype(float) + rng.normal(0, 0.1, len(shares))
    values[::3] = np.nan
    return dataclasses.replace(
        graph,
        hypernodes={"entity": share_links(("town", "forest"), shares), "poi": NONE},
        targets={"value": values},
        info=GraphInfo(units={"value": "kg"}, attribution="nobody"),
    )


@pytest.fixture(scope="module")
def files(graph, tmp_path_factory):
    """A file of each kind, and how to use it."""
    folder = tmp_path_factory.mktemp("files")
    observed = graph.observed("value")
    paths = {}

    def options(**model):
        training = {"epochs": 2, "threads": 1, "device": "cpu"}
        pretraining = {"epochs": 1, "batch_size": 8}
        sections = {"model": {**NETWORK, **model}, "training": training, "ssl": pretraining}
        return make_config(sections)

    paths["graph"] = folder / "graph.safetensors"
    store.save_graph(paths["graph"], graph)
    paths["encoder"] = folder / "encoder.safetensors"
    save_encoder(paths["encoder"], pretrain(graph, options(), SILENT), graph, VERSIONS)
    kinds = {
        "propagation": options(),
        "gnn": options(kind="gnn"),
        "published": options(kind="gnn", strict_reference=True),
        "deepkernel": options(kind="deepkernel"),
        "embedded": options(pretrained_gnn=str(paths["encoder"])),
    }
    for kind, config in kinds.items():
        model = make_model(config).fit(graph, graph.target("value"), observed, SILENT)
        paths[kind] = folder / f"{kind}.safetensors"
        details = {**VERSIONS, "config": dataclasses.asdict(config), "numbers": {}}
        made = (model, graph, "value", observed, Reach((1e3, 2e3), (1.0, 2.0)), details)
        fitted = dataclasses.replace(FittedMap.learn(*made), scores=np.linspace(0.1, 3.0, 9))
        fitted.save(paths[kind])
    paths["classes"] = folder / "classes.safetensors"
    values = graph.target("value")
    counts = np.column_stack([values <= 12, values > 12]).astype(float)
    labelled = Labelled(("low", "high"), counts)
    learning = (graph, labelled.shares, observed, SILENT)
    model, details = ClassProcess(options()).fit(*learning), {**VERSIONS, "config": {}}
    FittedClasses.learn(model, graph, "value", labelled, details).save(paths["classes"])
    return paths


def use(kind, graph, path):
    """What a file of this kind is good for, as arrays."""
    if kind == "graph":
        return store.load_graph(path)
    if kind == "encoder":
        encoder = load_encoder(path)
        encoder.check_fits(graph, encoder.config)
        return encoder.embed(graph)
    fitted = load_fitted(path)
    fitted.check_fits(graph)
    if isinstance(fitted, FittedClasses):
        told = fitted.part(graph, UncertaintyConfig(), SILENT)
        return np.column_stack([told.probabilities, told.dissimilarity])
    found = fitted.map(graph, 0.8)
    drawn = (found.mean, found.std, found.lower, found.upper, found.dissimilarity)
    return np.concatenate([*drawn, fitted.left_out(graph)[0].mean])


def is_same(before, after):
    if isinstance(before, GraphRawData):
        try:
            assert_equal(after, before)
        except AssertionError:
            return False
        return after.info == before.info and after.feature_kinds == before.feature_kinds
    return np.array_equal(before, after, equal_nan=True)


def read_parts(path):
    with safe_open(path, framework="numpy") as file:
        return load_file(path), json.loads(file.metadata()["geohg"])


def write_parts(path, tensors, header):
    save_file(tensors, path, metadata={"geohg": json.dumps(header)})


def sign(tensors, header):
    return {**header, "sha256": store._checksum(tensors, json.loads(json.dumps(header)))}


# --- single changes -------------------------------------------------------------------


def flip_bit(rng, source, goal, first, last):
    content = bytearray(source.read_bytes())
    content[rng.integers(first, last)] ^= 1 << int(rng.integers(8))
    goal.write_bytes(content)


def flip_header_bit(rng, source, goal):
    length = int.from_bytes(source.read_bytes()[:8], "little")
    flip_bit(rng, source, goal, 0, 8 + length)


def flip_data_bit(rng, source, goal):
    length = int.from_bytes(source.read_bytes()[:8], "little")
    flip_bit(rng, source, goal, 8 + length, source.stat().st_size)


def cut(rng, source, goal):
    goal.write_bytes(source.read_bytes()[: rng.integers(source.stat().st_size)])


def change_key(rng, source, goal, version=FILE_VERSION):
    """Drop, rename or retype one key anywhere in the header."""
    tensors, header = read_parts(source)
    header["version"] = version
    keys = list(_sections(header))
    section, key = keys[rng.integers(len(keys))]
    before = section.pop(key)
    how = rng.integers(3)
    if how == 1:
        section[key + "x"] = before
    elif how == 2:
        wrong = [each for each in WRONG if not _may_replace(each, before)]
        section[key] = copy.deepcopy(wrong[rng.integers(len(wrong))])
    write_parts(goal, tensors, header)


def _may_replace(value, before):
    """Whether a header might as well hold this value."""
    numbers = (int, float, type(None))
    if isinstance(before, numbers) and not isinstance(before, bool):
        return isinstance(value, numbers) and not isinstance(value, bool)
    return type(value) is type(before)


def change_tensor(rng, source, goal, version=FILE_VERSION):
    """Drop, rename, reshape, retype or spoil one tensor."""
    tensors, header = read_parts(source)
    header["version"] = version
    name = list(tensors)[rng.integers(len(tensors))]
    values = tensors.pop(name)
    change = [
        dict,
        lambda: {name + "x": values},
        lambda: {name: np.ascontiguousarray(values[..., None])},
        lambda: {name: values.astype(np.float16)},
        lambda: {name: np.concatenate([values, values])},
        lambda: {name: np.full_like(values, -7 if values.dtype == np.int64 else np.inf)},
    ]
    tensors.update(change[rng.integers(len(change))]())
    write_parts(goal, tensors, header)


def _sections(header):
    for key, value in header.items():
        # What a run has found, and what it was made with, says nothing that is computed with.
        if key not in ("versions", "numbers", "info", "dropped", "checksums", "units"):
            yield header, key
            if isinstance(value, dict) and value:
                yield from _sections(value)


CHANGES = (flip_header_bit, flip_data_bit, cut, change_key, change_tensor)


@pytest.mark.fuzz
@pytest.mark.parametrize("kind", KINDS)
def test_one_change_is_told(files, graph, kind, tmp_path):
    rng = np.random.default_rng(len(kind))
    before, path = use(kind, graph, files[kind]), tmp_path / "damaged.safetensors"
    outcomes = Outcomes(f"{kind} files, one change")
    for number in range(tries(20)):
        change = CHANGES[number % len(CHANGES)]
        change(rng, files[kind], path)
        outcomes.judge(
            f"{change.__name__} {number}", partial(use, kind, graph, path), partial(is_same, before)
        )
    outcomes.check()


@pytest.mark.fuzz
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("version", [1, 2])
def test_nonsense_that_no_checksum_tells_is_refused(files, graph, kind, version, tmp_path):
    """Of version 1, which has none, and of version 2 with a checksum that fits."""
    rng = np.random.default_rng(7)
    before, path = use(kind, graph, files[kind]), tmp_path / "damaged.safetensors"
    outcomes = Outcomes(f"{kind} files of version {version}, nonsense")
    for number in range(tries(5)):
        change = (change_key, change_tensor)[number % 2]
        change(rng, files[kind], path, version)
        tensors, header = read_parts(path)
        header.pop("sha256", None)
        write_parts(path, tensors, sign(tensors, header) if version == 2 else header)
        outcomes.judge(
            f"{change.__name__} {number}", partial(use, kind, graph, path), partial(is_same, before)
        )
    outcomes.check()


# --- what is told ---------------------------------------------------------------------


def test_damage_is_told_in_one_line_with_the_name_of_the_file(files, graph, tmp_path):
    path = tmp_path / "g.safetensors"
    flip_data_bit(np.random.default_rng(0), files["graph"], path)
    with pytest.raises(FileFormatError) as caught:
        store.load_graph(path)
    assert str(caught.value) == (
        f"'{path}' is damaged: its content does not match its checksum; make it again."
    )


def test_a_change_of_the_header_alone_is_told(files, tmp_path):
    tensors, header = read_parts(files["propagation"])
    header["model"]["unit_m"] *= 2
    path = tmp_path / "m.safetensors"
    write_parts(path, tensors, header)
    with pytest.raises(FileFormatError, match="does not match its checksum"):
        FittedMap.load(path)


def of_version_1(header, graph=True):
    """A header with the names that version 1 had for hypernodes."""
    found = {
        name: of_version_1(part, graph=False) if isinstance(part, dict) else part
        for name, part in header.items()
    }
    if isinstance(header.get("hypernodes", {}).get("entity"), list):
        of_graph = graph and "info" in header
        entity, poi = ("entities", "pois") if of_graph else ("land_cover_classes", "poi_categories")
        hypernodes = found.pop("hypernodes")
        found |= {entity: hypernodes["entity"], poi: hypernodes["poi"]}
    return found


def test_a_graph_with_other_hypernodes_is_kept_whole(files, graph, tmp_path):
    zones = share_links(("north", "south"), np.eye(2, dtype=np.float32)[graph.cell % 2])
    graph = dataclasses.replace(graph, hypernodes={**graph.hypernodes, "zone": zones})
    store.save_graph(tmp_path / "g.safetensors", graph)
    assert_equal(store.load_graph(tmp_path / "g.safetensors"), graph)
    with pytest.raises(FileFormatError, match="its zone are none, the graph's are north, south"):
        FittedMap.load(files["propagation"]).check_fits(graph)
    config = make_config({"model": {"kind": "gnn"}, "training": {"epochs": 1, "device": "cpu"}})
    model = make_model(config).fit(graph, graph.target("value"), graph.observed("value"), SILENT)
    assert model.encoding_.hypernodes == {"entity": 2, "zone": 2}


@pytest.mark.parametrize("name", ["area", "near", "a.b", ""])
def test_a_hypernode_that_takes_the_name_of_other_tensors_is_refused(files, name, tmp_path):
    tensors, header = read_parts(files["graph"])
    header = {**header, "hypernodes": {**header["hypernodes"], name: []}}
    write_parts(tmp_path / "g.safetensors", tensors, sign(tensors, header))
    with pytest.raises(
        FileFormatError, match="is not the name of a type of hypernodes|must not be"
    ):
        store.load_graph(tmp_path / "g.safetensors")


@pytest.mark.parametrize("kind", ["graph", "encoder", "propagation"])
def test_version_1_is_read_with_a_warning(files, graph, kind, tmp_path):
    tensors, header = read_parts(files[kind])
    path = tmp_path / "old.safetensors"
    del header["sha256"]
    write_parts(path, tensors, {**of_version_1(header), "version": 1})
    load = {"graph": store.load_graph, "encoder": load_encoder}.get(kind, FittedMap.load)
    watcher = Recorder()
    load(path, watcher)
    assert len(watcher.warnings) == 1 and "has no checksum" in watcher.warnings[0]
    assert str(path) in watcher.warnings[0]
    assert is_same(use(kind, graph, files[kind]), use(kind, graph, path))


@pytest.mark.parametrize("version", [3, 0, "2", 2.5, True, None])
def test_another_version_is_refused(files, version, tmp_path):
    tensors, header = read_parts(files["graph"])
    path = tmp_path / "g.safetensors"
    write_parts(path, tensors, sign(tensors, {**header, "version": version}))
    with pytest.raises(FileFormatError, match=f"has version {version} of the graph format; this"):
        store.load_graph(path)


def test_a_size_that_no_memory_holds_is_refused_before_it_is_taken(files, tmp_path):
    tensors, header = read_parts(files["gnn"])
    header["model"]["config"]["model"].update(hidden_channels=4096, num_gnn_layers=32)
    path = tmp_path / "m.safetensors"
    write_parts(path, tensors, sign(tensors, header))
    with pytest.raises(FileFormatError, match=r"area.weight' has the shape \[4, \d+\], not \[4096"):
        FittedMap.load(path)


@pytest.mark.parametrize(
    ("kind", "change", "words"),
    [
        ("propagation", {"fitted": lambda v: v[::-1]}, "'fitted' must rise from 0"),
        ("propagation", {"model.values": lambda v: v[:-1]}, "'values' has the shape"),
        ("propagation", {"model.group": lambda v: v + 99}, "'group' names no group"),
        ("propagation", {"model.log_length": lambda v: v + 1e6}, "'log_length' holds"),
        ("gnn", {"model.left_out": lambda v: v[:-1]}, "'left_out' has the shape"),
        ("gnn", {"model.inputs.scale": lambda v: v * 0}, "'inputs.scale' holds 0.0"),
        ("graph", {"entity.weight": lambda v: v - 2}, "'entity.weight' holds"),
        ("graph", {"area.cell": lambda v: v[::-1]}, "'area.cell' must rise"),
    ],
)
def test_a_tensor_that_cannot_be_is_named(files, kind, change, words, tmp_path):
    tensors, header = read_parts(files[kind])
    for name, spoil in change.items():
        tensors[name] = np.ascontiguousarray(spoil(tensors[name]))
    path = tmp_path / "f.safetensors"
    write_parts(path, tensors, sign(tensors, header))
    with pytest.raises(FileFormatError, match=words):
        (store.load_graph if kind == "graph" else FittedMap.load)(path)


@pytest.mark.parametrize(
    ("kind", "keys", "value", "words"),
    [
        ("graph", ("places", "left"), 1e300, "its cells lie nowhere in its CRS"),
        ("graph", ("info", "groups"), {"cell": [72], "group": ["a"]}, "name other cells than"),
        ("graph", ("info", "groups"), {"cell": [1, 2], "group": ["a"]}, "name other cells than"),
        ("graph", ("info", "published_order"), [0] * 72, "name other cells than"),
        ("propagation", ("places", "top"), 1e300, "its cells lie nowhere in its CRS"),
        ("propagation", ("model", "origin_m"), [0.0, 1e300], "'model.origin_m.1.' must lie"),
        ("propagation", ("model", "unit_m"), 1e-300, "'model.unit_m' must lie"),
        ("embedded", ("model", "process", "plane", "crs"), "EPSG:4326", "plane lies nowhere"),
    ],
)
def test_a_part_that_does_not_fit_the_others_is_named(
    files, graph, kind, keys, value, words, tmp_path
):
    tensors, header = read_parts(files[kind])
    section = header
    for key in keys[:-1]:
        section = section[key]
    section[keys[-1]] = value
    path = tmp_path / "f.safetensors"
    write_parts(path, tensors, sign(tensors, header))
    with pytest.raises(FileFormatError, match=words):
        use(kind, graph, path)


@pytest.mark.parametrize(
    ("section", "option", "value", "words"),
    [
        ("data", "hypernode", "mono", "reads the hypernodes 2 entity, this graph has none"),
        ("data", "pos_embedding", False, "reads 5 columns of a cell, this graph gives 3"),
    ],
)
def test_a_network_that_was_made_for_another_graph_is_refused(
    files, graph, section, option, value, words, tmp_path
):
    tensors, header = read_parts(files["gnn"])
    options = header["model"]["config"]
    options[section][option] = value
    path = tmp_path / "m.safetensors"
    write_parts(path, tensors, sign(tensors, header))
    with pytest.raises(FileFormatError, match=words):
        use("gnn", graph, path)
    del options[section][option]
    write_parts(path, tensors, sign(tensors, header))
    with pytest.raises(FileFormatError, match=f"'model.config.{section}.{option}' is missing"):
        FittedMap.load(path)


@pytest.mark.parametrize("kind", ["propagation", "gnn", "published", "deepkernel", "embedded"])
def test_features_of_the_same_names_and_other_kinds_are_refused(files, graph, kind):
    kinds = (*graph.feature_kinds[:2], CARRIED)
    other = dataclasses.replace(graph, feature_kinds=kinds)
    with pytest.raises(FileFormatError, match=r"of other kinds|reads 5 columns .* gives 4"):
        use(kind, other, files[kind])


def test_the_first_layer_of_the_published_network_is_as_wide_as_its_features(files, tmp_path):
    tensors, header = read_parts(files["published"])
    name = "model.encoder.conv1.area__near__area.lin_rel.weight"
    tensors[name] = np.tile(tensors[name], 2)
    path = tmp_path / "m.safetensors"
    write_parts(path, tensors, sign(tensors, header))
    with pytest.raises(FileFormatError, match=r"lin_rel.weight' has the shape \[64, 10\], not"):
        FittedMap.load(path)


@pytest.mark.parametrize("name", ["scores", "reach", "applicability.xy"])
def test_what_tells_how_far_to_trust_a_model_is_there_whole(files, graph, name, tmp_path):
    tensors, header = read_parts(files["propagation"])
    del tensors[f"trust.{name}"]
    path = tmp_path / "m.safetensors"
    write_parts(path, tensors, sign(tensors, header))
    with pytest.raises(FileFormatError, match=f"the tensor '{name}' is missing"):
        FittedMap.load(path)
    scores = {key: part for key, part in tensors.items() if not key.startswith("trust.")}
    write_parts(path, scores, sign(scores, header))
    fitted = FittedMap.load(path)
    assert len(fitted.scores) == 0
    with pytest.raises(FileFormatError, match="has no area of applicability"):
        fitted.map(graph, 0.8)


@pytest.mark.parametrize(
    "reach", [[[2e3, 1e3], [1, 2]], [[1e3, 2e3], [2, 1]], [[], []], [2e3, 1e3, 2], [1e3, 2e3, 0.5]]
)
def test_widths_that_fall_with_distance_are_refused(files, reach, tmp_path):
    tensors, header = read_parts(files["propagation"])
    tensors["trust.reach"] = np.array(reach, dtype=float)
    path = tmp_path / "m.safetensors"
    write_parts(path, tensors, sign(tensors, header))
    with pytest.raises(FileFormatError, match="the tensor 'reach' is not what it was"):
        FittedMap.load(path)


def test_the_widths_of_an_older_file_are_read(files, tmp_path):
    tensors, header = read_parts(files["propagation"])
    tensors["trust.reach"] = np.array([1e3, 2e3, 3.0])
    path = tmp_path / "m.safetensors"
    write_parts(path, tensors, sign(tensors, header))
    assert FittedMap.load(path).reach == Reach((1e3, 2e3), (1.0, 3.0))


def test_the_published_network_has_no_encoder(files, tmp_path):
    tensors, header = read_parts(files["encoder"])
    header["config"]["model"]["strict_reference"] = True
    path = tmp_path / "e.safetensors"
    write_parts(path, tensors, sign(tensors, header))
    with pytest.raises(FileFormatError, match="the published network has no encoder"):
        load_encoder(path)


# --- jobs -----------------------------------------------------------------------------


def test_a_grid_that_no_memory_holds_is_refused(files, tmp_path):
    tensors, header = read_parts(files["graph"])
    header["places"].update(rows=2**31, cols=2**31)
    path = tmp_path / "g.safetensors"
    write_parts(path, tensors, sign(tensors, header))
    request = {"version": 1, "graph": str(path)}
    for job in ({"job": "train", "target": "value"}, {"job": "predict"}):
        model = {"model_file": str(files["propagation"])} if job["job"] == "predict" else {}
        with pytest.raises(InputError, match="makes 4,611,686,018,427,387,904 cells"):
            run({**request, **job, **model})


def test_a_graph_without_records_is_reported(files, tmp_path):
    """The graph says neither how many points it was made of nor from which files."""
    report = tmp_path / "r.json"
    parts = {"graph": str(files["graph"]), "target": "value", "training": {"threads": 1}}
    run({"version": 1, "job": "train", **parts, "outputs": {"report_json": str(report)}})
    assert json.loads(report.read_text())["points"]["read"] == 0


def test_evaluating_needs_a_graph_where_the_model_names_no_city(files):
    request = {"version": 1, "job": "evaluate", "model_file": str(files["propagation"])}
    with pytest.raises(InputError, match="There is nothing to learn from"):
        run(request)


@pytest.mark.parametrize(
    ("command", "kind"),
    [
        (["train", "--graph", "{bad}", "--log-dir", "{folder}"], "graph"),
        (["train", "--graph", "{graph}", "--pretrained-gnn", "{bad}"], "encoder"),
        (["evaluate", "--graph", "{graph}", "--model-path", "{bad}"], "propagation"),
    ],
)
def test_the_terminal_says_it_in_one_line(files, command, kind, tmp_path):
    bad = tmp_path / "bad.safetensors"
    flip_data_bit(np.random.default_rng(0), files[kind], bad)
    paths = {"bad": bad, "graph": files["graph"], "folder": tmp_path}
    result = CliRunner().invoke(main, [part.format(**paths) for part in command])
    assert result.exit_code == 2
    lines = [line for line in result.output.splitlines() if "damaged" in line]
    assert len(lines) == 1 and f"'{bad}' is damaged" in lines[0]
    assert "Traceback" not in result.output
