"""Classes of a truth that is known, and their probabilities."""

import numpy as np
import pytest

from geohg.engine.config.schema import Config, make_config
from geohg.engine.models import classes
from geohg.engine.models.class_baselines import ClassForest, NearestClass
from geohg.engine.models.classes import Calibration, ClassProcess, log_loss
from geohg.engine.progress import Silent

from ..conftest import Recorder
from .landscapes import make_graph, observe, patchy_landscape, smooth_field


def drawn_classes(score, seed=0):
    """Probabilities of three classes that follow fields, and a draw of a class in each cell."""
    odds = np.exp(score - score.max(axis=1, keepdims=True))
    chance = odds / odds.sum(axis=1, keepdims=True)
    draw = np.random.default_rng(seed).random((len(score), 1))
    code = (draw > chance.cumsum(axis=1)).sum(axis=1).clip(0, 2)
    return chance, np.eye(3)[code]


@pytest.fixture(scope="module")
def smooth():
    """A graph, the probabilities of three classes in it, a draw, and cells to learn from."""
    graph = make_graph()
    fields = [smooth_field(graph), -smooth_field(graph), smooth_field(graph)[::-1]]
    chance, drawn = drawn_classes(np.column_stack(fields) / 8)
    return graph, chance, drawn, *observe(graph, 400)


@pytest.fixture(scope="module")
def fitted(smooth):
    graph, _, drawn, known, _ = smooth
    return ClassProcess(Config()).fit(graph, drawn, known, Silent())


def test_probabilities_are_near_the_true_ones(smooth, fitted):
    graph, chance, drawn, known, other = smooth
    found = fitted.predict(graph, Silent(), other)
    np.testing.assert_allclose(found.sum(axis=1), 1.0)
    assert np.abs(found - chance[other]).mean() < 0.09
    best = -(chance * np.log(np.maximum(chance, 1e-12)))[other].sum(axis=1).mean()
    assert log_loss(found, chance[other]) < best + 0.1
    for method in (NearestClass(), ClassForest()):
        told = method.fit(graph, drawn, known, Silent()).predict(graph, Silent(), other)
        np.testing.assert_allclose(told.sum(axis=1), 1.0)
        assert np.abs(told - chance[other]).mean() > np.abs(found - chance[other]).mean()


def test_a_left_out_cell_is_told_by_the_others_alone(smooth, fitted):
    graph, _, drawn, known, _ = smooth
    changed = drawn.copy()
    changed[known[7]] = np.roll(drawn[known[7]], 1)
    again = ClassProcess(Config()).fit(graph, changed, known, Silent())
    # The kernel and the calibration are of all cells, and hardly change with one.
    np.testing.assert_allclose(again.left_out_[7], fitted.left_out_[7], atol=0.02)
    assert np.abs(again.predict(graph, Silent(), known[7:8]) - fitted.left_out_[7]).max() > 0.02


def test_classes_that_land_cover_decides_are_found():
    graph, value = patchy_landscape()
    drawn = np.eye(3)[np.digitize(value, np.quantile(value, [0.3, 0.7]))]
    known, other = observe(graph, 300)

    def right(method):
        found = method.fit(graph, drawn, known, Silent()).predict(graph, Silent(), other)
        return drawn[other][np.arange(len(other)), found.argmax(axis=1)].mean()

    assert right(ClassProcess(Config())) > 0.8 > 0.5 > right(NearestClass())


def test_what_the_options_hide_is_not_read():
    graph, value = patchy_landscape()
    drawn = np.eye(2)[(value > np.median(value)).astype(int)]
    known, other = observe(graph, 300)
    blind = ClassProcess(make_config({"data": {"hypernode": "mono"}}))
    found = blind.fit(graph, drawn, known, Silent()).predict(graph, Silent(), other)
    assert drawn[other][np.arange(len(other)), found.argmax(axis=1)].mean() < 0.6


def test_calibration_keeps_good_probabilities_and_softens_bold_ones():
    rng = np.random.default_rng(1)
    chance, drawn = drawn_classes(rng.normal(size=(4000, 3)))
    kept = Calibration.learn(chance, drawn).probabilities(chance)
    assert np.abs(kept - chance).max() < 0.05
    bold = chance**3 / (chance**3).sum(axis=1, keepdims=True)
    mended = Calibration.learn(bold, drawn)
    assert mended.power == pytest.approx(1 / 3, abs=0.06)
    assert np.abs(mended.probabilities(bold) - chance).mean() < 0.02
    outside = Calibration().probabilities(np.array([[1.2, -0.2, 0.0]]))
    assert (outside > 0).all() and outside.argmax() == 0


def test_of_too_many_cells_some_are_read_and_that_is_told(smooth, monkeypatch):
    graph, _, drawn, known, other = smooth
    monkeypatch.setattr(classes, "_MOST_OBSERVED", 100)
    told = Recorder()
    found = ClassProcess(Config()).fit(graph, drawn, known, told)
    assert told.warnings == [
        "400 cells have a class; a random 100 of them are read. Use larger cells to have all of "
        "them read."
    ]
    assert len(found.left_out_) == 100 and found.predict(graph, Silent(), other).shape[1] == 3


def test_a_class_that_no_training_cell_has_gets_little(smooth):
    graph, _, drawn, known, other = smooth
    shares = np.column_stack([drawn, np.zeros(len(drawn))])
    for method in (ClassProcess(Config()), ClassForest(trees=20)):
        found = method.fit(graph, shares, known, Silent()).predict(graph, Silent(), other)
        assert found[:, 3].max() < 0.02


def test_a_shared_cell_counts_by_shares():
    graph = make_graph(rows=3, cols=4)
    shares = np.tile([0.75, 0.25], (12, 1))
    known = np.arange(0, 12, 2)
    nearest = NearestClass().fit(graph, shares, known, Silent()).predict(graph, Silent())
    np.testing.assert_array_equal(nearest, shares)
    forest = ClassForest(trees=30).fit(graph, shares, known, Silent()).predict(graph, Silent())
    assert (forest[:, 0] > 0.5).all() and (forest[:, 1] > 0.1).all()
