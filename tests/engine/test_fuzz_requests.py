"""Damaged requests and settings files: one sentence, and nothing written but the outputs."""

import copy
import json
import math
import os
import random
import shutil
from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from geohg.engine.cli.main import read_request
from geohg.engine.config.loader import load_config, read_values
from geohg.engine.config.options import default_yaml
from geohg.engine.config.schema import Config
from geohg.engine.errors import InputError
from geohg.engine.jobs import run
from geohg.engine.jobs.request import JOBS, check_request, input_paths
from geohg.engine.names import SUFFIXES

from .conftest import CELL, CRS, LEFT, QUICK, TOP, write_raster
from .fuzzing import Outcomes, tries

pytestmark = pytest.mark.fuzz

SIDE = 6
"""Cells to a side of the landscape that whole jobs are run on."""

TEXTS = (
    "",
    " ",
    "value",
    "x",
    "none.csv",
    "../../escaped",
    "/",
    ".",
    "..",
    "~",
    "a\nb",
    "a\0b",
    "\ud800",
    "\udcff.csv",
    "\x1b[2J",
    "地图",
    "nan",
    "EPSG:4326",
    "EPSG:4978",
    "x" * 300,
    "x" * 5000,
    "/vsimem/none.tif",
    "/vsizip//none.zip/a.tif",
    "<VRTDataset/>",
    "a:b|layername=c",
    "{old}",
    "{old}x",
    "{old}/x",
    "more",
    "category",
    "sample",
)
NUMBERS = (0, 1, -1, 2, 0.5, 1e-320, 1e308, -1e308, 10**30, 10**400, math.nan, math.inf, -math.inf)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.sampled_from(NUMBERS), st.sampled_from(TEXTS), st.text(max_size=8)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)
KEYS = st.sampled_from(
    ("path", "table", "layer", "crs", "shape", "template", "band", "units", "group", "x", "")
)


def fuzzed(count, *strategies):
    """Give a function examples that hang on nothing but a seed."""

    def decorate(function):
        bounded = settings(
            max_examples=tries(count),
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        return seed(20)(bounded(given(*strategies)(function)))

    return decorate


WHERE = st.sampled_from(range(10_000))
"""Which entry of a tree; whole numbers are drawn more often near zero."""
DAMAGES = st.lists(
    st.tuples(WHERE, st.sampled_from(("replace", "delete", "add")), KEYS, VALUES),
    min_size=1,
    max_size=3,
)
SLIPS = st.lists(
    st.tuples(WHERE, st.sampled_from(TEXTS), st.sampled_from(NUMBERS)), min_size=1, max_size=2
)


def damage(tree, changes):
    """A copy of a tree of dicts and lists with anything anywhere."""
    tree = copy.deepcopy(tree)
    for where, what, key, value in changes:
        value = copy.deepcopy(value)  # two changes of one drawn list would put it into itself
        entries = list(_entries(tree)) or [(tree, key)]
        holder, name = entries[where % len(entries)]
        if what == "replace":
            holder[name] = value
        elif what == "delete":
            holder.pop(name, None) if isinstance(holder, dict) else holder.pop(name)
        elif isinstance(holder, dict):
            holder[key] = value
        else:
            holder.append(value)
    return tree


def slip(request, changes):
    """A copy of a request with another text for a text, or another number for a number."""
    request = copy.deepcopy(request)
    for where, text, number in changes:
        entries = [(h, p) for h, p in _entries(request) if isinstance(h[p], (str, int, float))]
        entries = [(h, p) for h, p in entries if p not in ("version", "job")]
        holder, name = entries[where % len(entries)]
        old = holder[name]
        if isinstance(old, str):
            holder[name] = text.replace("{old}", old)
        else:
            holder[name] = not old if isinstance(old, bool) else number
    return request


def _entries(tree):
    """Each holder and key, or number, in a tree."""
    for name, value in list(tree.items() if isinstance(tree, dict) else enumerate(tree)):
        yield tree, name
        if isinstance(value, (dict, list)):
            yield from _entries(value)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A request for each job that can be run on 36 cells, in a folder with its files."""
    folder = tmp_path_factory.mktemp("small") / "in"
    folder.mkdir()
    rng = np.random.default_rng(3)
    codes = rng.choice([10, 40, 50], (SIDE, SIDE)).repeat(10, 0).repeat(10, 1).astype(np.uint8)
    raster = write_raster(folder / "cover.tif", codes)
    at = rng.uniform(0, SIDE, (60, 2))
    value = at.sum(1) + (codes[(at[:, 1] * 10).astype(int), (at[:, 0] * 10).astype(int)] == 50)
    table = pd.DataFrame({"x": LEFT + CELL * at[:, 0], "y": TOP - CELL * at[:, 1], "value": value})
    table.assign(category="a", more=value**2, group="g").to_csv(folder / "points.csv", index=False)
    points = {"path": str(folder / "points.csv"), "crs": CRS, "coord_columns": ["x", "y"]}
    named = {"targets": ["value"], "covariates": ["more"], "units": {"value": "kg"}}
    right, bottom = LEFT + SIDE * CELL, TOP - SIDE * CELL
    corners = f"{LEFT} {TOP}, {right} {TOP}, {right} {bottom}, {LEFT} {bottom}, {LEFT} {TOP}"
    parts = {
        "points": {**points, **named, "name": "Points", "group": "group"},
        "landcover": [{"path": str(raster), "band": 1}],
        "poi": {**points, "category": "category"},
        "area": {"table": f'wkt\n"POLYGON(({corners}))"\n', "crs": CRS},
        "grid": {"crs": CRS, "cell_size": CELL, "bounds": [LEFT, bottom, right, TOP]},
        "network": {"proxy": "http://127.0.0.1:9"},
    }
    options = {**QUICK, "seed": 1, "importance": True, "device": "cpu", "epochs": 2}
    common = {"version": 1, "training": options, "model": {"head_dims": [8]}, "data": {"task": ""}}
    files = {name: str(folder / f"{name}.safetensors") for name in ("graph", "model")}
    # With a report, so that what draws it is loaded before any try is timed.
    report = {"report": str(folder / "report.html")}
    run({**common, "job": "interpolate", **parts, "outputs": files | report})
    run({**common, "job": "buildgraph", **parts, "outputs": {"city": str(folder / "city")}})
    graph, model = {"graph": files["graph"]}, {"model_file": files["model"]}
    own = {
        "buildgraph": parts,
        "importcity": dict.fromkeys(("folder", "target_folder"), str(folder / "city")),
        "interpolate": parts,
        "compare": parts,
        "pretrain": {**graph, "ssl": {"epochs": 1}},
        "train": {**graph, "target": "value"},
        "predict": {**graph, **model},
        "evaluate": {**graph, **model, "points": parts["points"]},
    }
    return folder, {job: {**common, "job": job, **part} for job, part in own.items()}


def outputs_of(job, folder):
    """A path for every output of a job."""
    names = JOBS[job].keys["outputs"].keys
    return {name: str(folder / f"{name}{SUFFIXES.get(name, [''])[0]}") for name in names}


def test_damaged_requests_are_refused_by_the_check(small):
    folder, requests = small
    outcomes = Outcomes("requests, the check alone")

    def check(job, changes):
        asked = {**requests[job], "outputs": outputs_of(job, folder)}
        checked = check_request(damage(asked, changes))
        json.dumps(checked, allow_nan=False).encode()
        return all(map(_is_text, input_paths(checked).values()))

    # To draw a damage takes ten times as long as to check a request.
    @fuzzed(100, DAMAGES)
    def fuzz(changes):
        for job in requests:
            outcomes.judge(f"{job} {changes}", partial(check, job, changes), lambda good: good)

    fuzz()
    outcomes.check()
    assert outcomes.counts["clear"] > outcomes.counts["harmless"] > 0


def _is_text(value):
    return isinstance(value, str) and "\0" not in value


def test_damaged_requests_write_their_outputs_or_nothing(small, tmp_path, monkeypatch):
    monkeypatch.setenv("GEOHG_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("GEOHG_WORLDCOVER_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("GEOHG_DATA_URL", "http://127.0.0.1:9")
    folder, requests = small
    outcomes = Outcomes("requests, run")
    home = tmp_path / "home"
    work = home / "deep" / "in"  # so that ../../ stays at hand
    before = _tree(folder.parent)

    @fuzzed(15, st.sampled_from(list(requests)), SLIPS)
    def fuzz(job, changes):
        work.mkdir(parents=True)
        monkeypatch.chdir(work)
        request = slip({**requests[job], "outputs": outputs_of(job, work)}, changes)
        named = [
            os.path.normpath(work / output) for output in request["outputs"].values() if output
        ]

        def only_named(result):
            found = {str(home / path) for path in _tree(home)}
            return all(any(_within(path, output) for output in named) for path in found)

        outcomes.judge(f"{job} {changes}", lambda: run(request), only_named)
        assert _tree(folder.parent) == before, changes
        assert set(tmp_path.iterdir()) <= {home, tmp_path / "cache"}, changes
        monkeypatch.chdir(tmp_path)
        shutil.rmtree(home)

    fuzz()
    outcomes.check()
    assert outcomes.counts["harmless"] > outcomes.counts.total() // 10


def _within(path, output):
    """Whether a file is an output, or lies in one that is a folder."""
    return path == output or path.startswith(f"{output}/")


def _tree(folder):
    """Every file under a folder, with its content."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_damaged_json_is_read_or_refused(small, tmp_path):
    _, requests = small
    path = tmp_path / "request.json"
    outcomes = Outcomes("files of requests")

    @fuzzed(
        150,
        st.sampled_from(list(requests)),
        st.binary(max_size=6),
        st.randoms(use_true_random=False),
    )
    def fuzz(job, piece, choose):
        path.write_bytes(_spoilt(json.dumps(requests[job]).encode(), piece, choose))
        outcomes.judge(
            f"{job} {piece!r}", lambda: check_request(read_request(path)), lambda result: True
        )

    fuzz()
    outcomes.check()


SNIPPETS = (
    b"!!int ''", b"!!binary x", b"!!timestamp x", b"!!bool x", b"<<: 3", b"&a", b"*a", b"? ",
    b"- ", b"{", b"[" * 50, b"\t", b"\0", b"\xff", b"\xef\xbb\xbf", b"1e400", b".nan", b"-.inf",
    b"9" * 400, b"9" * 5000, b"true", b"null", b"'", b'"', b"%YAML 9", b"---\n", b"0x1", b"0o7",
    b"1:2", b"2020-01-01", b"|", b">", b"\n", b": ", b"#", b"\xff\xfe", b"\xc2\x85",
)  # fmt: skip


def test_damaged_settings_are_read_or_refused(tmp_path):
    path = tmp_path / "settings.yaml"
    # Without its comments, in which changes would do nothing.
    lines = [line for line in default_yaml().splitlines() if "#" not in line and line.strip()]
    content = "\n".join(lines).encode()
    outcomes = Outcomes("settings files")

    @fuzzed(
        100, st.sampled_from(SNIPPETS) | st.binary(max_size=4), st.randoms(use_true_random=False)
    )
    def fuzz(piece, choose):
        path.write_bytes(_spoilt(content, piece, choose))
        outcomes.judge(f"{piece!r}", lambda: load_config(path), lambda got: type(got) is Config)

    fuzz()
    outcomes.check()


def _spoilt(content, piece, choose: random.Random):
    """A file with a piece put in, or in place of a few bytes, or cut short."""
    start = choose.randrange(len(content))
    end = start + choose.choice((0, 1, len(piece), 20))
    return content[:start] + piece + (content[end:] if choose.random() < 0.9 else b"")


def test_damaged_options_are_refused():
    sections = {name: dict(vars(part)) for name, part in vars(Config()).items()}
    outcomes = Outcomes("options")

    @fuzzed(100, DAMAGES)
    def fuzz(changes):
        values = damage(sections, changes)
        outcomes.judge(f"{changes}", lambda: load_config(None, values), lambda got: True)

    fuzz()
    outcomes.check()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[" * 200_000, "nested too deeply"),
        (b'{"version": 1, "version": 1}', "the key 'version' stands twice"),
        (b'\xff\xfe{\0"\0', "is not JSON in UTF-8"),
        (b"\x89PNG\r\n", "is not JSON in UTF-8"),
        (b'{"version": ' + b"9" * 5000 + b"}", "has version inf"),
        (b'\xef\xbb\xbf{"version": NaN}', "has version nan"),
        (b"3", "'request' must be a section with keys, got 3"),
    ],
)
def test_bad_json_is_refused(tmp_path, content, message):
    path = tmp_path / "request.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        check_request(read_request(path))


def test_a_settings_file_without_an_end_is_refused():
    with pytest.raises(InputError, match="more than 128 KB"):
        read_values("/dev/zero")
