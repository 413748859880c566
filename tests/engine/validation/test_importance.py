"""Importance by permutation, where it is known what the value depends on."""

import dataclasses

import numpy as np
import pytest

from geohg.engine.data.builders.graph import share_links
from geohg.engine.data.builders.sites import Sites
from geohg.engine.models.base import Prediction
from geohg.engine.models.distances import cell_positions
from geohg.engine.models.propagation import Propagation
from geohg.engine.models.windows import neighbourhoods
from geohg.engine.progress import Silent
from geohg.engine.report.names import feature_name
from geohg.engine.validation import importance
from geohg.engine.validation.importance import moved, permutation_importance, permuted

from ..models.landscapes import make_graph, observe, smooth_field

KINDS = ("landcover", "landcover", "landcover", "covariate")


def scene():
    """A value that follows class f0 strongly and covariate f3 weakly, neither in space."""
    rng = np.random.default_rng(0)
    shares = rng.dirichlet(np.ones(3), 1200)
    features = np.column_stack([shares, rng.normal(size=1200)])
    graph = make_graph(features, KINDS)
    graph = dataclasses.replace(
        graph, hypernodes={"entity": share_links(("f0", "f1", "f2"), graph.features[:, :3])}
    )
    y = 20 * features[:, 0] + features[:, 3] + 0.1 * rng.normal(size=1200)
    return graph, y


@pytest.fixture(scope="module")
def found():
    graph, y = scene()
    known, test = observe(graph, 500)
    model = Propagation().fit(graph, y, known, Silent())
    items = permutation_importance(model, graph, y, test, 0, Silent())
    again = permutation_importance(model, graph, y, test, 0, Silent())
    assert items == again, "the same seed deals the same"
    return {item.name: item for item in items}


def test_what_the_value_follows_matters_most(found):
    found = dict(found)
    features = {"Land cover", *(f"Land cover: f{n}" for n in range(3)), "f3"}
    assert set(found) == {importance.NEARBY, *features}
    assert abs(found.pop(importance.NEARBY).increase) < 0.1, "nothing lies in space"
    order = list(found)
    assert set(order[:2]) == {"Land cover", "Land cover: f0"}
    assert found["Land cover"].increase > 2 > found["f3"].increase > 0.1
    # Shares sum to one, so that the other classes tell of f0 too.
    for other in ("Land cover: f1", "Land cover: f2"):
        assert found[other].increase < 0.7 * found["Land cover: f0"].increase
    for item in found.values():
        assert item.low <= item.increase <= item.high


def test_links_move_with_the_shares_that_they_tell():
    graph, _ = scene()
    order = np.random.default_rng(1).permutation(1200)
    dealt = permuted(graph, np.array([1]), order)
    np.testing.assert_array_equal(dealt.features[order, 1], graph.features[:, 1])
    np.testing.assert_array_equal(dealt.features[:, [0, 2, 3]], graph.features[:, [0, 2, 3]])
    shares = np.zeros((1200, 3), np.float32)
    shares[dealt.hypernodes["entity"].index[1], dealt.hypernodes["entity"].index[0]] = (
        dealt.hypernodes["entity"].weight
    )
    np.testing.assert_array_equal(shares, dealt.features[:, :3])
    assert dealt is not graph and graph.features[0, 1] != dealt.features[0, 1]


@pytest.mark.parametrize(("crs", "side"), [("EPSG:32631", 1000.0), ("EPSG:4326", 0.01)])
@pytest.mark.parametrize("lone", [False, True])
def test_measured_cells_nearby_matter_where_the_value_lies_in_space(crs, side, lone):
    graph = make_graph(crs=crs, width=side, height=side)
    y = smooth_field(graph)
    if lone:
        graph = dataclasses.replace(graph, geometry=Sites(crs, graph.geometry.centres(graph.cell)))
    known, test = observe(graph, 300)
    model = Propagation().fit(graph, y, known, Silent())
    (nearby,) = permutation_importance(model, graph, y, test, 0, Silent())
    # Two values drawn at random differ by their standard deviation times the root of two.
    assert nearby.name == importance.NEARBY
    assert nearby.increase == pytest.approx(np.sqrt(2) * np.std(y), rel=0.1)


def test_cells_that_move_keep_what_surrounds_them():
    graph, _ = scene()
    order = np.random.default_rng(1).permutation(1200)
    dealt = moved(graph, order)
    np.testing.assert_array_equal(cell_positions(dealt)[order], cell_positions(graph))
    around = neighbourhoods(graph, Silent())
    np.testing.assert_array_equal(neighbourhoods(dealt, Silent()).x, around.x)
    assert dealt.features is graph.features


def test_a_reason_is_given_where_nothing_is_said(monkeypatch):
    graph, y = scene()
    importances, why = permutation_importance, importance.why_none
    few = np.arange(19)
    assert importances(None, graph, y, few, 0, Silent()) == []
    assert why(graph, few) == "Feature importance needs at least 20 held-out cells; there are 19."
    assert why(graph, np.arange(20)) == ""
    monkeypatch.setattr(importance, "_MOST_CELLS", 1000)
    assert importances(None, graph, y, np.arange(50), 0, Silent()) == []
    assert "more than 1,000 cells" in why(graph, np.arange(50))


def test_what_surrounds_shuffled_cells_is_as_if_taken_anew():
    graph, _ = scene()
    neighbourhoods(graph, Silent())
    order = np.random.default_rng(1).permutation(1200)
    dealt = permuted(graph, np.array([1]), order)
    kept, anew = (neighbourhoods(one, Silent()) for one in (dealt, dataclasses.replace(dealt)))
    np.testing.assert_array_equal(kept.x, anew.x)
    np.testing.assert_array_equal(kept.unit, anew.unit)
    assert (kept.x != neighbourhoods(graph, Silent()).x).any()


def test_of_many_held_out_cells_some_are_drawn():
    graph = make_graph()
    y = smooth_field(graph)
    known, test = observe(graph, 300)
    model = Propagation().fit(graph, y, known, Silent())
    drawn = np.sort(np.random.default_rng(4).choice(test, 500, replace=False))
    assert len(test) == 900
    whole = permutation_importance(model, graph, y, test, 4, Silent())
    assert whole == permutation_importance(model, graph, y, drawn, 4, Silent())


class Constant:
    """Predicts 0 everywhere, and reads nothing of the source `rain`."""

    refused = ("rain",)

    def predict(self, graph, progress, cells):
        return Prediction(np.zeros(len(cells)), np.ones(len(cells)))


def test_columns_of_a_source_are_called_by_their_own_part_and_refused_ones_are_left_out():
    names = ("dem", "dem sd", "dem slope", "rain", "rain sd")
    graph = make_graph(np.random.default_rng(0).normal(size=(1200, 5)), ("covariate",) * 5)
    groups = ("dem",) * 3 + ("rain",) * 2
    graph = dataclasses.replace(graph, feature_names=names, feature_groups=groups)
    found = permutation_importance(Constant(), graph, np.zeros(1200), np.arange(30), 0, Silent())
    assert [item.name for item in found] == [
        importance.NEARBY, "dem", "dem: mean", "dem: sd", "dem: slope"
    ]  # fmt: skip
    assert feature_name("dem: sd") == "dem: standard deviation"
    assert feature_name("dem: slope") == "dem: slope"
