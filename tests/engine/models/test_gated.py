"""Covariates that left-out cells do not bear out are not read."""

import dataclasses

import numpy as np
import pytest

from geohg.engine.config.schema import make_config
from geohg.engine.errors import InputError
from geohg.engine.models import gated
from geohg.engine.models.base import log_score
from geohg.engine.models.gated import fit_gated
from geohg.engine.models.informed import Informed, fit_informed
from geohg.engine.models.propagation import Propagation
from geohg.engine.progress import Silent

from .landscapes import make_graph, observe, r2, smooth_field

CONFIG = make_config({})
CELLS, REST = observe(make_graph(), 60)


def ground(**columns):
    """A graph with a group of one column for each name."""
    graph = make_graph(np.column_stack(list(columns.values())), ("covariate",) * len(columns))
    return dataclasses.replace(graph, feature_groups=tuple(columns))


@pytest.fixture(scope="module")
def noise():
    return np.random.default_rng(5).normal(size=(2, 1200))


@pytest.fixture(scope="module")
def truth(noise):
    """Half of it is a smooth field, half follows the first of the covariates."""
    return smooth_field(make_graph(), noise=2.0) + 10 * noise[0]


def test_each_group_is_kept_only_where_it_tells_something(noise, truth):
    graph = ground(good=noise[0], bad=noise[1])
    model = fit_gated(CONFIG, graph, truth, CELLS, Silent())
    assert model.reading.without == ("bad",)
    alone = ground(good=noise[0])
    plain = Propagation().fit(alone, truth, CELLS, Silent())
    ours, theirs = model.predict(graph, Silent()), plain.predict(alone, Silent())
    np.testing.assert_array_equal(ours.mean, theirs.mean)
    bare = Propagation().fit(make_graph(), truth, CELLS, Silent())
    assert r2(ours.mean, truth, REST) > r2(bare.predict(make_graph(), Silent()).mean, truth, REST)
    unread = np.where(np.isin(np.arange(1200), CELLS), truth, 1e6)
    again = fit_gated(CONFIG, graph, unread, CELLS, Silent())
    np.testing.assert_array_equal(again.predict(graph, Silent()).mean, ours.mean)


def test_the_log_names_what_is_left_out_and_a_file_remembers_it(noise, truth):
    graph = dataclasses.replace(ground(bad=noise[1]), targets={"y": truth})
    model = fit_informed(CONFIG, graph, "y", CELLS, Silent())
    assert isinstance(model, Propagation) and model.refused == ("bad",)
    state = model.state()
    Propagation.check_state(state.tensors, state.header, {})
    again = Propagation.from_state(state.tensors, state.header)
    assert again.reading == model.reading
    np.testing.assert_array_equal(
        again.predict(graph, Silent()).mean, model.predict(graph, Silent()).mean
    )
    state.header["reading"]["without"] = "bad"
    with pytest.raises(InputError, match="without"):
        Propagation.check_state(state.tensors, state.header, {})


def test_an_informed_target_does_not_read_it_either(noise, truth):
    graph = ground(bad=noise[1])
    carried = dataclasses.replace(
        graph,
        features=np.column_stack([graph.features, truth + noise[1]]).astype(np.float32),
        feature_names=("bad", "other"),
        feature_kinds=("covariate", "carried"),
        feature_groups=("bad", "other"),
        targets={"y": truth},
    )
    model = fit_informed(CONFIG, carried, "y", CELLS, Silent())
    assert isinstance(model, Informed) and model.refused == ("bad",)
    assert model.process_.reading.without == ("bad",)


def test_many_observed_cells_are_not_asked(noise, truth, monkeypatch):
    monkeypatch.setattr(gated, "_CERTAIN", len(CELLS) - 1)
    model = fit_gated(CONFIG, ground(bad=noise[1]), truth, CELLS, Silent())
    assert model.reading.without == ()


@pytest.mark.parametrize(("least", "left"), [(-np.inf, ()), (np.inf, ("good",))])
def test_a_gain_is_weighed_against_the_cost_of_two_weights(noise, truth, monkeypatch, least, left):
    monkeypatch.setattr(gated, "_LEAST_GAIN", np.full(2, least))
    model = fit_gated(CONFIG, ground(good=noise[0]), truth, CELLS, Silent())
    assert model.reading.without == left


def test_a_log_score_is_that_of_the_normal_density(noise, truth):
    model = Propagation("identity").fit(make_graph(), truth, CELLS, Silent())
    found, y = model.leave_one_out(), truth[CELLS]
    z, scale = found.transform.forward(y), found.spread
    density = np.exp(-((z - found.location) ** 2) / (2 * scale**2)) / scale
    np.testing.assert_allclose(log_score(found, y), np.log(density))


def test_the_process_is_judged_alone_and_with_the_trees(noise, truth, monkeypatch):
    many, _ = observe(make_graph(), 100)
    model = Propagation("identity").fit(ground(bad=noise[1]), truth, many, Silent())
    process, whole = gated._left_out_scores(model, truth[many])
    assert whole == log_score(model.leave_one_out(), truth[many]).sum()
    assert model._trees is not None
    monkeypatch.setattr(Propagation, "_grown", lambda self: None)
    np.testing.assert_allclose(
        process, log_score(model.leave_one_out(), truth[many]).sum(), rtol=1e-6
    )
    np.testing.assert_array_equal(gated._LEAST_GAIN, [2.0, 4.0])


@pytest.mark.parametrize(("gains", "kept"), [((3, 0), True), ((0, 5), True), ((1, 3), False)])
def test_either_gain_keeps_a_group(noise, truth, monkeypatch, gains, kept):
    scores = {(): np.array(gains, float), ("good",): np.zeros(2)}
    monkeypatch.setattr(gated, "_left_out_scores", lambda model, y: scores[model.reading.without])
    model = fit_gated(CONFIG, ground(good=noise[0]), truth, CELLS, Silent())
    assert (model.reading.without == ()) == kept
