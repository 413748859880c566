import pytest

from geohg.engine.config.kinds import CHOICES, KINDS
from geohg.engine.config.schema import Config, make_config
from geohg.engine.config.unread import unread_in_words, unread_options
from geohg.engine.jobs import run

from ..conftest import QUICK, Recorder

NOTHING = "does not use these options, so they change nothing"


@pytest.mark.parametrize("kind", CHOICES)
def test_at_defaults_nothing_is_unread(kind):
    config = make_config({"model": {"kind": kind}})
    assert unread_options(config) == [] and unread_in_words(config) == ""
    assert unread_options(Config()) == []


NETWORKS = "gnn or deepkernel"


@pytest.mark.parametrize(
    ("kind", "sections", "unread", "readers"),
    [
        ("propagation", {"training": {"lr": 0.5, "patience": 3}}, "patience lr", "gnn"),
        ("propagation", {"model": {"dropout": 0.9}}, "dropout", NETWORKS),
        ("propagation", {"data": {"pos_embedding": False}}, "pos_embedding", NETWORKS),
        ("propagation", {"model": {"strict_reference": True}}, "strict_reference", "gnn"),
        ("propagation", {"data": {"hypernode": "mono", "entity_thresh": 0.5}}, "", ""),
        ("propagation", {"training": {"seed": 4, "masked_ratio": 0.5}}, "", ""),
        (
            "propagation",
            {"model": {"embedding_channels": 2, "head_dims": [8]}},
            "head_dims embedding_channels",
            "",
        ),
        ("propagation", {"model": {"freeze_gnn": True, "hidden_channels": 8}}, "", ""),
        ("propagation", {"model": {"freeze_gnn": True, "dropout": 0.5}}, "dropout", NETWORKS),
        ("gnn", {"training": {"lr": 0.5}, "model": {"dropout": 0.9, "head_dims": [8]}}, "", ""),
        ("gnn", {"model": {"embedding_channels": 2}}, "embedding_channels", "deepkernel"),
        ("deepkernel", {"training": {"metric": "r2"}}, "metric", "gnn"),
        ("deepkernel", {"model": {"dropout": 0.9, "num_gnn_layers": 2}}, "", ""),
    ],
)
def test_each_option_that_another_model_reads_is_named(kind, sections, unread, readers):
    model = {**sections.get("model", {}), "kind": kind}
    config = make_config({**sections, "model": model})
    section = next(iter(sections))
    named = [f"{section}.{name}" for name in unread.split()]
    assert unread_options(config) == named
    words = unread_in_words(config)
    if not unread:
        assert words == ""
        return
    start = f"The model {kind} {NOTHING}: {', '.join(named)}"
    assert words == start + (f"; {readers} does." if readers else ".")


def test_as_published_a_network_takes_its_options_from_the_publication():
    own = {"kind": "gnn", "dropout": 0.9}
    config = make_config({"model": own, "training": {"lr": 0.5, "seed": 3}})
    assert unread_options(config) == []
    strict = make_config(
        {"model": {**own, "strict_reference": True}, "training": {"lr": 0.5, "seed": 3}}
    )
    assert unread_options(strict) == ["model.dropout", "training.lr"]
    assert set(KINDS["gnn"].fixed) <= set(KINDS["gnn"].options)


@pytest.mark.parametrize(("lr", "times"), [(0.5, 1), (Config().training.lr, 0)])
@pytest.mark.parametrize("job", ["interpolate", "compare"])
def test_a_run_says_it_once(landscape, job, lr, times):
    grid = {**landscape.request()["grid"], "cell_size": 3000.0}
    training = {**QUICK, "lr": lr}
    watcher = Recorder()
    run(landscape.request(job, grid=grid, training=training), watcher)
    assert sum(NOTHING in text for text in watcher.warnings) == times


def test_a_job_that_fits_nothing_says_nothing(landscape):
    watcher = Recorder()
    run(landscape.request("buildgraph", training={"threads": 1, "lr": 0.5}), watcher)
    assert not any(NOTHING in text for text in watcher.warnings)
