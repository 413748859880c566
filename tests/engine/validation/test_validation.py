"""Every way to test the methods, on fields whose right answer is known."""

import dataclasses

import numpy as np
import pytest
from scipy.spatial.distance import pdist, squareform

from geohg.engine.config.schema import make_config
from geohg.engine.data.builders.info import CellGroups, GraphInfo
from geohg.engine.data.splits import Split
from geohg.engine.errors import InputError
from geohg.engine.models.base import Prediction
from geohg.engine.models.distances import cell_positions
from geohg.engine.models.kriging import OrdinaryKriging
from geohg.engine.names import BLOCKS, FOREST, GROUPS, KRIGING, MEAN, OURS, RANDOM
from geohg.engine.progress import Silent
from geohg.engine.report.summary import accuracy_of
from geohg.engine.report.verdict import IN_MOST, NONE, SHOWN, UNCLEAR, skill_of, verdict
from geohg.engine.validation.concluding import half_widths
from geohg.engine.validation.fitting import fit_all, fit_and_score, settled, validate
from geohg.engine.validation.importance import NEARBY
from geohg.engine.validation.run import Run
from geohg.engine.validation.scoring import ALL, QUICK, spatial_blocks
from geohg.engine.validation.trials import Fold

from ..conftest import Recorder
from ..models.landscapes import make_graph, observe, smooth_field


def with_values(graph, values, count, seed=0, **info):
    """The graph with `count` observed cells."""
    y = np.full(len(graph.cell), np.nan)
    observed = observe(graph, count, seed)[0]
    y[observed] = values[observed]
    return dataclasses.replace(graph, targets={"y": y}, info=GraphInfo(**info))


def try_all(graph, methods=ALL, **training):
    """The record of a run that tested the methods."""
    config = make_config({"training": {"device": "cpu", "threads": 1, **training}})
    run = Run({}, config, Silent())
    return run, validate(run, graph, "y", config, Silent(), methods)


def land_cover(graph, seed):
    return np.random.default_rng(seed).dirichlet(np.ones(3), len(graph.cell))


def accuracies(run):
    """Of the first test and of the blocks."""
    return [accuracy_of(trial.held_out, None) for trial in run.trials.values()]


def test_folds_test_every_cell_once_and_the_numbers_are_pooled():
    graph = make_graph(rows=14, cols=16)
    graph = with_values(graph, smooth_field(graph, noise=1.0), 120)
    run, found = try_all(graph, validation="kfold", folds=4)
    observed = graph.observed("y")
    assert found is None
    for name in (RANDOM, BLOCKS):
        trial = run.trials[name]
        np.testing.assert_array_equal(np.sort(trial.test), observed)
        for item in trial.held_out:
            np.testing.assert_array_equal(item.observed, graph.target("y")[trial.test])
        assert trial.details["folds"] == 4 and trial.details["test"] == 120
    assert [item.method for item in run.held_out] == [OURS, *ALL]
    numbers = run.numbers()
    ours = run.held_out[0]
    error = ours.observed - ours.predicted
    assert numbers["RMSE"] == pytest.approx(np.sqrt(np.mean(error**2)))
    assert numbers["RMSE"] < numbers["MEAN_RMSE"] < numbers["BLOCKS_MEAN_RMSE"] * 2
    assert 0.8 < numbers["COVERAGE"] < 0.98 and 0.8 < numbers["KRIGING_COVERAGE"] < 0.98
    assert numbers["FOREST_R2"] > 0.5 and numbers["BLOCKS_COVERAGE"] > 0.5
    known, model = fit_all(run, graph, "y", run.config, Silent())
    np.testing.assert_array_equal(known, observed)
    assert np.isfinite(model.predict(graph, Silent()).mean).all()


def test_values_of_a_fold_reach_nothing_that_predicts_it():
    """Held-out values, however wild, change no prediction, interval or scale of their fold."""
    graph = make_graph(land_cover(make_graph(rows=12, cols=12), 0), ["landcover"] * 3, 12, 12)
    graph = with_values(graph, smooth_field(graph, noise=1.0), 100)
    training = {"validation": "kfold", "folds": 3, "blocks": False, "threads": 1}
    config = make_config({"training": training})
    first, second = Run({}, config, Silent()), Run({}, config, Silent())
    fit_and_score(first, graph, "y", config, Silent(), ALL)
    trial = first.trials[RANDOM]
    test = trial.splits[0].test
    wild = graph.target("y").copy()
    wild[test] = 1e4 * np.random.default_rng(0).normal(size=len(test))
    changed = dataclasses.replace(graph, targets={"y": wild})
    fit_and_score(second, changed, "y", config, Silent(), ALL)
    for before, after in zip(trial.held_out, second.trials[RANDOM].held_out):
        for part in ("predicted", "lower", "upper"):
            parts = getattr(before, part)[: len(test)], getattr(after, part)[: len(test)]
            # Threads of the forest add up in any order.
            np.testing.assert_allclose(*parts, rtol=1e-12, err_msg=f"{before.method} {part}")
        assert not np.array_equal(before.predicted, after.predicted)


def test_groups_are_held_out_whole():
    graph = make_graph(rows=12, cols=12)
    graph = with_values(graph, smooth_field(graph, noise=1.0), 100)
    observed = graph.observed("y")
    group = np.array([f"site {number % 7}" for number in range(100)])
    info = GraphInfo(groups=CellGroups(observed.tolist(), group.tolist()))
    graph = dataclasses.replace(graph, info=info)
    run, _ = try_all(graph, validation="groups", folds=3, blocks=False, methods=())
    trial = run.trials[GROUPS]
    name = dict(zip(observed, group))
    for split in trial.splits:
        assert not {name[c] for c in split.test} & {name[c] for c in split.known}
    np.testing.assert_array_equal(np.sort(trial.test), observed)
    assert trial.details["kind"] == "groups" and trial.details["groups"] == 7


def test_refuses_groups_that_nobody_named():
    graph = make_graph(rows=8, cols=8)
    graph = with_values(graph, smooth_field(graph), 30)
    with pytest.raises(InputError, match="'groups' needs a group for each point"):
        try_all(graph, validation="groups")


def test_blocks_have_the_side_that_is_given_or_none():
    graph = make_graph(rows=20, cols=20)
    graph = with_values(graph, smooth_field(graph), 150)
    run, _ = try_all(graph, block_size=4000.0, methods=())
    assert run.trials[BLOCKS].details["block side (m)"] == 4000
    assert list(try_all(graph, blocks=False, methods=())[0].trials) == [RANDOM]


@pytest.mark.parametrize("seed", range(2))
def test_noise_shows_no_skill(seed):
    """Neither position nor land cover tells of the values."""
    graph = make_graph(rows=25, cols=25)
    graph = make_graph(land_cover(graph, seed), ["landcover"] * 3, 25, 25)
    rng = np.random.default_rng(seed)
    values = rng.normal(size=625) if seed % 2 else rng.lognormal(size=625)
    run, _ = try_all(with_values(graph, values, 250, seed), QUICK, seed=seed, blocks=False)
    (first,) = accuracies(run)
    assert skill_of(first) in (NONE, UNCLEAR)
    text = verdict(first, "")
    assert "to have skill on the 250 held-out" in text or "No method has skill on the 250" in text
    assert "not worth making" in text or "do not tell whether a map" in text


def test_many_cells_of_noise_have_none_and_few_of_a_pattern_are_never_called_worthless():
    graph = make_graph(rows=30, cols=40)
    rng = np.random.default_rng(1)
    noise = with_values(graph, rng.normal(size=1200), 1000)
    run, _ = try_all(noise, (MEAN,), blocks=False)
    (accuracy,) = accuracies(run)
    assert skill_of(accuracy) == NONE and accuracy["skill"]["cells"] == 200
    field = smooth_field(graph)
    half = with_values(graph, field + field.std() * rng.normal(size=1200), 150)
    run, found = try_all(half, (MEAN,), blocks=False)
    assert found is None and run.first.details["kind"] == "random folds"
    np.testing.assert_array_equal(np.sort(run.test), half.observed("y"))
    (accuracy,) = accuracies(run)
    assert skill_of(accuracy) in (SHOWN, IN_MOST) and 0.2 < accuracy["skill"]["score"] < 0.6


def test_few_cells_are_each_held_out_once_unless_the_user_or_a_network_says_otherwise():
    graph = make_graph(rows=25, cols=25)
    few, many = (with_values(graph, smooth_field(graph), count) for count in (499, 500))

    def chosen(graph, kind="propagation", **training):
        config = make_config({"model": {"kind": kind}, "training": training})
        return settled(config, graph, "y").training.validation

    assert (chosen(few), chosen(many)) == ("kfold", "holdout")
    assert chosen(few, masked_ratio=0.3) == chosen(few, "gnn") == "holdout"
    assert chosen(few, validation="holdout") == "holdout"
    assert chosen(many, validation="kfold") == "kfold"


def test_where_kriging_is_right_geohg_claims_no_more():
    """An exponential field that no land cover tells of."""
    graph = make_graph(rows=20, cols=20)
    graph = make_graph(land_cover(graph, 0), ["landcover"] * 3, 20, 20)
    row, col = np.divmod(graph.cell, 20)
    apart = np.hypot(row[:, None] - row, col[:, None] - col)
    root = np.linalg.cholesky(np.exp(-apart / 6) + 1e-9 * np.eye(400))
    values = root @ np.random.default_rng(3).normal(size=400)
    run, _ = try_all(with_values(graph, values, 250), QUICK, validation="kfold", blocks=False)
    (accuracy,) = accuracies(run)
    assert skill_of(accuracy) == SHOWN
    comparison = accuracy["comparison"]
    assert comparison["rival"] == KRIGING
    assert comparison["includes_zero"] or comparison["difference"] > 0
    scores = {score["method"]: score for score in accuracy["methods"]}
    assert scores[KRIGING]["r2"] > 0.4 > scores[MEAN]["r2"]


def test_where_land_cover_decides_geohg_and_the_forest_beat_kriging():
    graph = make_graph(rows=20, cols=20)
    shares = land_cover(graph, 1)
    graph = make_graph(shares, ["landcover"] * 3, 20, 20)
    values = with_values(graph, 10 * shares[:, 0], 250)
    run, _ = try_all(values, (KRIGING, FOREST), validation="holdout", blocks=False)
    (accuracy,) = accuracies(run)
    scores = {score["method"]: score["r2"] for score in accuracy["methods"]}
    assert min(scores[OURS], scores[FOREST]) > 0.8 > scores[KRIGING] + 0.5


def test_a_report_of_folds_tells_what_the_last_rests_on():
    graph = make_graph(rows=14, cols=16)
    graph = with_values(graph, smooth_field(graph, noise=1.0), 120)
    for folds, known in ((4, True), (8, False)):
        training = {"validation": "kfold", "folds": folds, "blocks": False, "threads": 1}
        config = make_config({"training": training})
        run = Run({"outputs": {"report_json": "r.json"}}, config, Silent())
        fit_and_score(run, graph, "y", config, Silent())
        found = run.trust["importance"]
        assert [item["name"] for item in found] == ([NEARBY] if known else [])
        assert ("no_importance" in run.trust) is not known
    assert run.trust["no_importance"].endswith("at least 20 held-out cells; there are 15.")


def test_folds_go_on_one_after_another():
    graph = with_values(make_graph(rows=8, cols=8), smooth_field(make_graph(rows=8, cols=8)), 40)
    config = make_config({"training": {"validation": "kfold", "folds": 3, "device": "cpu"}})
    watcher = Recorder()
    fit_and_score(Run({}, config, watcher), graph, "y", config, watcher)
    assert watcher.fractions == sorted(watcher.fractions) and watcher.fractions[-1] > 0.9


def test_a_block_is_as_wide_as_values_resemble_each_other():
    graph = make_graph()
    # Cells are alike as exp(-d / 1.5 km): at 4.5 km hardly any more.
    covariance = np.exp(-squareform(pdist(cell_positions(graph))) / 1500)
    y = np.linalg.cholesky(covariance) @ np.random.default_rng(3).normal(size=1200)
    graph = with_values(graph, y, 1000)
    splits, side, _ = spatial_blocks(graph, "y", make_config({}).training)
    fitted = OrdinaryKriging().fit(graph, y, graph.observed("y"), Silent())
    assert side == pytest.approx(3 * fitted.variogram_[2])
    assert side == pytest.approx(4500, rel=0.4)
    assert splits[0].test.size > 0


def test_a_miss_is_told_in_half_widths_of_the_interval():
    predicted = Prediction(np.array([0.0, 5.0]), np.array([1.0, 2.0]))
    # Of 19 scores, 0 to 18, an interval of 90 % reaches 17 deviations.
    fold = Fold(Split(np.arange(19), np.array([19, 20])), {"m": predicted}, {"m": np.arange(19.0)})
    y = np.append(np.zeros(19), [34.0, -12.0])
    assert half_widths(y, fold, "m", 0.9).tolist() == [2.0, 0.5]
    wider = dataclasses.replace(fold, stretch={"m": np.array([3.0, 1.5])})
    assert (
        wider.stretched("m").spread.tolist() == [3.0, 3.0] and fold.stretched("m").spread[0] == 1.0
    )
