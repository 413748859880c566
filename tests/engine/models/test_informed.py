"""What is better known informs a target, and nothing else does."""

import dataclasses

import numpy as np
import pytest

from geohg import GeoHGInterpolator
from geohg.engine.assembly.covariates import carry
from geohg.engine.config.schema import make_config
from geohg.engine.errors import InputError
from geohg.engine.models.base import Prediction
from geohg.engine.models.informants import informants_of
from geohg.engine.models.informed import Informed, clearly_better
from geohg.engine.models.kinds import fit_model
from geohg.engine.models.propagation import Propagation
from geohg.engine.prediction.fitted import FittedMap
from geohg.engine.progress import Silent

from .landscapes import make_graph, observe, r2

CONFIG = make_config({})


def hidden_field(seed):
    """A bumpy field that no feature tells of."""
    rng = np.random.default_rng(seed)
    row, col = np.divmod(np.arange(1200.0), 40)
    waves = rng.normal(size=(12, 2)) / 4
    phase = rng.uniform(0, 2 * np.pi, 12)
    return np.sin(waves[:, :1] * row + waves[:, 1:] * col + phase[:, None]).sum(0) / np.sqrt(6)


def at(values, cells):
    found = np.full(len(values), np.nan)
    found[cells] = values[cells]
    return found


def rare_and_common(seed, follows, rare=25, common=250):
    """25 cells of a target and 250 of another, which it follows or not; the truth of the first."""
    rng = np.random.default_rng(seed)
    share = rng.dirichlet([0.4, 0.4, 0.4], size=1200)
    truth = 20 + 5 * (hidden_field(seed) + 2 * share[:, 0])
    other = follows * truth if follows else 20 * hidden_field(seed + 100)
    other = other + rng.normal(size=1200)
    known, _ = observe(make_graph(), common, seed)
    some, rest = observe(make_graph(), rare, seed + 50)
    targets = {"rare": at(truth, some), "common": at(other, known)}
    graph = make_graph(share, ("landcover",) * 3)
    return dataclasses.replace(graph, targets=targets), truth, some, rest


def fit(graph, cells, target="rare"):
    return fit_model(CONFIG, graph, target, cells, Silent())


def alone(graph):
    return dataclasses.replace(graph, targets={"rare": graph.targets["rare"]})


@pytest.mark.parametrize(("seed", "follows"), [(0, 3.0), (1, 3.0), (2, -3.0)])
def test_few_values_beside_many_of_a_collinear_target(seed, follows):
    graph, truth, some, rest = rare_and_common(seed, follows)
    model = fit(graph, some)
    assert [item.name for item in model.informants] == ["common"]
    assert np.sign(model.slope_[0]) == np.sign(follows)
    plain = fit(alone(graph), some).predict(graph, Silent())
    found = model.predict(graph, Silent())
    assert r2(found.mean, truth, rest) > r2(plain.mean, truth, rest) + 0.2
    assert r2(found.mean, truth, rest) > 0.75
    held = np.abs(truth - found.mean)[rest] < 1.645 * found.std[rest]
    assert 0.75 < held.mean() <= 1.0
    # The other target, known well enough, is not informed by the rare one.
    assert informants_of(graph, "common", CONFIG, Silent()) == []


@pytest.mark.parametrize("seed", range(4))
def test_an_unrelated_target_changes_nothing(seed):
    graph, _, some, _ = rare_and_common(seed, 0.0)
    model, plain = fit(graph, some), fit(alone(graph), some)
    assert isinstance(model, Propagation) and model.refused == ("common",)
    ours, theirs = (each.predict(graph, Silent()) for each in (model, plain))
    np.testing.assert_array_equal(ours.mean, theirs.mean)
    np.testing.assert_array_equal(ours.std, theirs.std)


def test_no_value_of_a_held_out_cell_of_the_target_is_read():
    graph, _, some, _ = rare_and_common(0, 3.0, common=90)
    held = some[::5]
    known = np.setdiff1d(some, held)
    wrong = np.where(np.isin(np.arange(1200), held), 1e3, graph.target("rare"))
    other = dataclasses.replace(graph, targets={**graph.targets, "rare": wrong})
    one, two = (fit(each, known).predict(each, Silent(), held) for each in (graph, other))
    np.testing.assert_array_equal(one.mean, two.mean)


@pytest.mark.parametrize(("common", "mostly"), [(39, False), (40, True)])
def test_a_measured_cell_is_told_without_its_own_value_unless_most_are(common, mostly):
    graph, field = make_graph(rows=8, cols=10), hidden_field(0)[:80]
    known, missing = observe(graph, common)
    graph = dataclasses.replace(
        graph, targets={"rare": at(field, missing[:10]), "common": at(field, known)}
    )
    (found,) = informants_of(graph, "rare", CONFIG, Silent())
    column, plain = found.column(graph), found.model.predict(graph, Silent()).location
    told = plain[known] if mostly else found.model.leave_one_out().location
    np.testing.assert_array_equal(column[known], told)
    np.testing.assert_array_equal(column[missing], plain[missing])
    assert found.measured == mostly and not np.allclose(
        plain[known], found.model.leave_one_out().location
    )


def test_only_a_target_that_is_much_better_known_is_asked():
    graph, *_ = rare_and_common(0, 3.0, rare=25, common=20)
    assert informants_of(graph, "rare", CONFIG, Silent()) == []
    same = {"rare": graph.targets["rare"], "twin": 3 * graph.targets["rare"]}
    assert not informants_of(dataclasses.replace(graph, targets=same), "rare", CONFIG, Silent())


@pytest.mark.parametrize("follows", [-2.0, 0.0])
def test_a_carried_covariate_is_kept_only_where_it_helps(follows):
    graph, truth, some, rest = rare_and_common(3, follows)
    column = carry(graph, graph.targets["common"], Silent())
    plain = alone(graph)
    carried = dataclasses.replace(
        plain,
        features=np.column_stack([graph.features, column]).astype(np.float32),
        feature_names=(*graph.feature_names, "other"),
        feature_kinds=(*graph.feature_kinds, "carried"),
        feature_groups=(*graph.feature_groups, "other"),
    )
    model, without = fit(carried, some), fit(plain, some)
    ours, theirs = model.predict(carried, Silent()).mean, without.predict(plain, Silent()).mean
    if follows:
        assert [item.name for item in model.informants] == ["other"]
        assert r2(ours, truth, rest) > r2(theirs, truth, rest) + 0.1
    else:
        assert model.refused == ("other",)
        np.testing.assert_array_equal(ours, theirs)


def test_a_file_comes_back_as_it_was(tmp_path):
    graph, _, some, _ = rare_and_common(0, 3.0, common=90)
    made = FittedMap.learn(fit(graph, some), graph, "rare", some)
    made.save(tmp_path / "model.safetensors")
    again = FittedMap.load(tmp_path / "model.safetensors")
    bare = dataclasses.replace(graph, targets={})
    one, two = made.map(graph, 0.9), again.map(bare, 0.9)
    np.testing.assert_allclose(two.mean, one.mean, rtol=1e-6)
    np.testing.assert_allclose(two.upper, one.upper, rtol=1e-6)
    state = again.model.state()
    broken = {**state.header, "informants": state.header["informants"] * 2}
    with pytest.raises(InputError, match="the tensor 'slope' is not what it was"):
        Informed.check_state(state.tensors, broken, {})


def test_a_clear_gain_is_a_standard_error():
    y = np.random.default_rng(0).normal(size=40)
    good, bad = (Prediction(y + off, np.ones(40)) for off in (0.1, 1.0))
    assert clearly_better(good, bad, y) and not clearly_better(bad, good, y)
    assert not clearly_better(good, good, y)


def test_the_library_fits_several_targets_at_once():
    graph, truth, some, rest = rare_and_common(0, 3.0)
    xy = graph.grid.centres(graph.cell)
    seen = np.union1d(some, graph.observed("common"))
    y = np.column_stack([graph.targets["rare"], graph.targets["common"]])[seen]
    shared = {"resolution": 1000, "crs": graph.grid.crs, "masked_ratio": 0}
    both = GeoHGInterpolator(**shared).fit(xy[seen], y)
    mine = GeoHGInterpolator(**shared).fit(xy[some], truth[some])
    inside = np.setdiff1d(rest, seen)
    ours, one = both.predict(xy[inside])[:, 0], mine.predict(xy[inside])
    error = [np.sqrt(np.nanmean((found - truth[inside]) ** 2)) for found in (ours, one)]
    assert error[0] < 0.8 * error[1]
    first, second = both.runs_.values()
    assert first.informed_by == (list(both.runs_)[1],) and not second.informed_by
