"""Scores of classes, on tables whose scores are known, and the cells that are held out."""

import dataclasses

import numpy as np
import pytest

from geohg.engine.config.schema import make_config
from geohg.engine.data.builders.info import CellGroups, GraphInfo
from geohg.engine.data.sources.classpoints import Labelled
from geohg.engine.names import BLOCKS, FOREST, NEAREST, OURS, RANDOM
from geohg.engine.progress import Silent
from geohg.engine.validation import classing
from geohg.engine.validation.classing import ClassTest, class_scores, hold_out_classes

from ..conftest import Recorder
from ..models.landscapes import make_graph, observe, smooth_field


def test_scores_are_those_of_a_table_that_is_known():
    # Cohen (1960), as often told: 20 and 15 agreed upon, 5 and 10 not.
    counts = np.array([[20.0, 10.0], [5.0, 15.0]])
    found = class_scores(np.array([[1.0, 0.0], [0.0, 1.0]]), counts, certain=True)
    assert found["confusion"] == [[20, 5], [10, 15]] and found["points"] == 50
    assert found["accuracy"] == pytest.approx(0.7) and found["kappa"] == pytest.approx(0.4)
    assert found["recall"] == pytest.approx([0.8, 0.6])
    assert found["precision"] == pytest.approx([20 / 30, 0.75])
    assert found["log_loss"] is None and found["brier"] == pytest.approx(2 * 0.3)


def test_probabilities_are_scored_by_what_was_found():
    found = class_scores(np.array([[0.7, 0.3]]), np.array([[3.0, 1.0]]))
    assert found["log_loss"] == pytest.approx(-(3 * np.log(0.7) + np.log(0.3)) / 4)
    assert found["brier"] == pytest.approx((3 * 2 * 0.09 + 2 * 0.49) / 4)
    assert found["kappa"] == 0.0 and found["precision"][1] is None


def test_a_difference_is_told_where_chance_does_not_make_it():
    rng = np.random.default_rng(0)
    truth = np.eye(2)[rng.integers(0, 2, 400)]

    def saying(share):
        return np.where((rng.random(400) < share)[:, None], truth, truth[:, ::-1])

    test = ClassTest(truth, {OURS: saying(0.8), NEAREST: saying(0.6), FOREST: saying(0.8)}, {})
    assert test.clearly_better(NEAREST) is True and test.clearly_better(FOREST) is None
    worse = ClassTest(truth, {OURS: saying(0.6), NEAREST: saying(0.8)}, {})
    assert worse.clearly_better(NEAREST) is False
    same = ClassTest(truth, {OURS: truth, NEAREST: truth}, {})
    assert same.clearly_better(NEAREST) is None


@pytest.fixture(scope="module")
def labelled():
    graph = make_graph(rows=16, cols=20)
    known, _ = observe(graph, 160)
    high = smooth_field(graph, noise=3.0) > 100
    counts = np.zeros((320, 2))
    counts[known, high[known].astype(int)] = 2.0
    return graph, Labelled(("high", "low"), counts)


class Watched:
    """A method that notes what it was given: what is held out must not be seen."""

    seen: list = []

    def fit(self, graph, shares, observed, progress):
        self.known = observed
        return self

    def predict(self, graph, progress, cells=None):
        Watched.seen.append((self.known, cells))
        return np.tile([0.5, 0.5], (len(cells), 1))


def held_out(labelled, monkeypatch, told=None, graph=None, **training):
    """The tests, by a method that learns nothing."""
    Watched.seen = []
    monkeypatch.setattr(classing, "METHODS", {OURS: lambda config: Watched()})
    config = make_config({"training": training})
    return hold_out_classes(graph or labelled[0], labelled[1], config, told or Silent())


def test_folds_hold_out_each_cell_once_and_no_method_sees_it(labelled, monkeypatch):
    found = held_out(labelled, monkeypatch, folds=4)
    observed = labelled[1].observed
    assert [*found] == [RANDOM, BLOCKS] and len(Watched.seen) == 8
    for folds in (Watched.seen[:4], Watched.seen[4:]):
        np.testing.assert_array_equal(np.sort(np.concatenate([c for _, c in folds])), observed)
        for known, cells in folds:
            np.testing.assert_array_equal(np.union1d(known, cells), observed)
            assert not np.isin(known, cells).any()
    assert found[RANDOM].counts.sum() == 320
    assert found[RANDOM].details["folds"] == 4 and found[BLOCKS].details["block side (m)"] > 0


def test_a_share_is_held_out_once_where_that_is_asked_for(labelled, monkeypatch):
    found = held_out(labelled, monkeypatch, validation="holdout", masked_ratio=0.25, blocks=False)
    assert [*found] == [RANDOM] and len(found[RANDOM].counts) == 40


def test_nothing_is_tested_where_nothing_is_held_out(labelled, monkeypatch):
    assert held_out(labelled, monkeypatch, masked_ratio=0) == {}


def test_groups_are_held_out_whole(labelled, monkeypatch):
    graph, known = labelled
    groups = CellGroups(known.observed.tolist(), [f"g{k % 5}" for k in known.observed])
    graph = dataclasses.replace(graph, info=GraphInfo(groups=groups))
    held_out(labelled, monkeypatch, graph=graph, validation="groups", blocks=False)
    for _, cells in Watched.seen:
        assert len(np.unique(cells % 5)) == 1


def test_cells_too_close_for_blocks_are_told(labelled, monkeypatch):
    told = Recorder()
    assert BLOCKS not in held_out(labelled, monkeypatch, told, block_size=1e6)
    assert "lie too close together to hold out spatial blocks" in told.warnings[0]
