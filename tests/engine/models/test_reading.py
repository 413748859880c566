import dataclasses

import numpy as np
import pytest

from geohg.engine.config.schema import Config, make_config
from geohg.engine.errors import InputError
from geohg.engine.models.deepkernel import DeepKernel
from geohg.engine.models.kinds import make_model
from geohg.engine.models.propagation import Propagation
from geohg.engine.models.reading import EVERYTHING, Reading
from geohg.engine.models.windows import neighbourhoods
from geohg.engine.progress import Silent

from .landscapes import make_graph, observe, r2

KINDS = ("landcover", "landcover", "poi", "poi", "poi_count", "covariate")


@pytest.fixture(scope="module")
def graph():
    """Cells with shares of two classes and two categories, and a covariate of noise."""
    rng = np.random.default_rng(0)
    wood, shops = rng.random((2, 600))
    rest = rng.random((2, 600))
    columns = (wood, 1 - wood, shops, 1 - shops, rest[0], rest[1])
    return make_graph(np.column_stack(columns), KINDS, rows=20, cols=30)


@pytest.fixture(scope="module")
def target(graph):
    """Wood and shops set the value."""
    wood, _, shops = graph.features[:, :3].T.astype(float)
    return 10 + 5 * np.sqrt(wood) + 3 * np.sqrt(shops)


def fitted(graph, y, reading, observed=None):
    observed = observe(graph, 150)[0] if observed is None else observed
    return Propagation("identity", reading=reading).fit(graph, y, observed, Silent())


@pytest.mark.parametrize(
    ("hypernode", "columns"),
    [
        ("all", [0, 1, 2, 3, 4, 5]),
        ("entity", [0, 1, 5]),
        ("poi", [2, 3, 4, 5]),
        ("mono", [5]),
    ],
)
def test_a_hypernode_keeps_its_columns_and_the_covariates(graph, hypernode, columns):
    read = Reading(hypernode, entity_thresh=1e-9).features(graph)
    np.testing.assert_array_equal(read.features, graph.features[:, columns])
    assert read.feature_kinds == tuple(KINDS[column] for column in columns)
    assert read.feature_names == tuple(f"f{column}" for column in columns)
    assert read.geometry is graph.geometry


def test_shares_up_to_a_threshold_are_none_and_others_stay(graph):
    before = graph.features.copy()
    read = Reading(entity_thresh=0.3, poi_thresh=0.6).features(graph).features
    for columns, least in (([0, 1], 0.3), ([2, 3], 0.6)):
        shares = before[:, columns]
        assert (read[:, columns][shares <= least] == 0).all()
        np.testing.assert_array_equal(read[:, columns][shares > least], shares[shares > least])
        assert 0.1 < (shares <= least).mean() < 0.9
    np.testing.assert_array_equal(read[:, 4:], before[:, 4:])
    np.testing.assert_array_equal(graph.features, before)
    exact = dataclasses.replace(graph, features=np.full_like(before, 0.25))
    assert (Reading(entity_thresh=0.25).features(exact).features[:, :2] == 0).all()


def test_by_default_it_is_the_graph_itself_and_the_same_prediction(graph, target):
    assert Reading.of(Config().data) == EVERYTHING
    assert EVERYTHING.features(graph) is graph
    plain = Propagation("identity").fit(graph, target, observe(graph, 150)[0], Silent())
    chosen = fitted(graph, target, Reading.of(Config().data))
    np.testing.assert_array_equal(
        plain.predict(graph, Silent()).mean, chosen.predict(graph, Silent()).mean
    )
    np.testing.assert_array_equal(
        plain.predict(graph, Silent()).std, chosen.predict(graph, Silent()).std
    )
    assert "reading" not in chosen.state().header


@pytest.mark.parametrize("hypernode", ["entity", "poi", "mono"])
def test_it_predicts_as_on_a_graph_without_the_other_columns(graph, target, hypernode):
    reading = Reading(hypernode)
    there = fitted(graph, target, reading).predict(graph, Silent())
    alone = fitted(reading.features(graph), target, EVERYTHING).predict(
        reading.features(graph), Silent()
    )
    np.testing.assert_array_equal(there.mean, alone.mean)
    np.testing.assert_array_equal(there.std, alone.std)


def test_what_is_not_read_is_not_known(graph, target):
    _, others = observe(graph, 150)
    scores = {
        name: r2(fitted(graph, target, Reading(name)).predict(graph, Silent()).mean, target, others)
        for name in ("all", "entity", "poi", "mono")
    }
    assert scores["all"] > 0.95 > scores["entity"] > scores["poi"] > scores["mono"] + 0.1
    assert scores["mono"] < 0.1


def test_a_model_of_a_file_reads_what_it_learnt_from(graph, target):
    model = fitted(graph, target, Reading("entity", entity_thresh=0.2, poi_thresh=0.1))
    state = model.state()
    assert state.header["reading"] == {
        "hypernode": "entity",
        "entity_thresh": 0.2,
        "poi_thresh": 0.1,
    }
    again = Propagation.from_state(state.tensors, state.header)
    assert again.reading == model.reading
    np.testing.assert_array_equal(
        again.predict(graph, Silent()).mean, model.predict(graph, Silent()).mean
    )


@pytest.mark.parametrize(
    "reading", [{"hypernode": "x"}, {"hypernode": 3}, {"entity_thresh": "a"}, {"more": 1}]
)
def test_a_header_of_another_form_is_refused(graph, target, reading):
    state = fitted(graph, target, Reading("entity")).state()
    Propagation.check_state(state.tensors, state.header, {})
    header = {**state.header, "reading": {**state.header["reading"], **reading}}
    with pytest.raises(InputError, match="reading"):
        Propagation.check_state(state.tensors, header, {})


def test_what_surrounds_the_cells_is_kept_for_each_reading(graph):
    first = neighbourhoods(graph, Silent(), Reading("entity"))
    assert neighbourhoods(graph, Silent(), Reading("entity")) is first
    assert neighbourhoods(graph, Silent()) is not first
    assert neighbourhoods(graph, Silent()) is neighbourhoods(graph, Silent(), EVERYTHING)


def test_options_choose_what_each_kind_reads(graph, target):
    data = {"hypernode": "poi", "poi_thresh": 0.5}
    model = make_model(make_config({"data": data}))
    assert model.reading == Reading("poi", poi_thresh=0.5)
    training = {"epochs": 1, "threads": 1, "device": "cpu"}
    small = {"kind": "deepkernel", "hidden_channels": 4, "num_gnn_layers": 1}
    deep = DeepKernel.of(make_config({"data": data, "model": small, "training": training}))
    deep.fit(graph, target, observe(graph, 60)[0], Silent())
    assert deep.process_.reading == Reading("poi", poi_thresh=0.5)
