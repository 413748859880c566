"""What the tests of a run say of its map, where the truth is known in all of it."""

import dataclasses

import numpy as np
import pytest

from geohg.engine.config.schema import make_config
from geohg.engine.data.splits import Split
from geohg.engine.models.base import Prediction
from geohg.engine.models.distances import distance_to
from geohg.engine.names import BLOCKS, IDW, OURS, RANDOM
from geohg.engine.progress import Silent
from geohg.engine.validation import concluding
from geohg.engine.validation.concluding import conclude
from geohg.engine.validation.run import BLOCK_SIDE, MOVED_GAPS, Run
from geohg.engine.validation.trials import Fold

from ..models.landscapes import make_graph

STEP = 1000.0


class World:
    """Half of the cells of the west are observed; errors have the distance as their deviation.

    The model takes them for half a cell's, and so do its leave-one-out scores.
    """

    def __init__(self, cols=41):
        self.graph = make_graph(rows=60, cols=cols)
        row, col = np.divmod(self.graph.cell, cols)
        rng = np.random.default_rng(0)
        self.observed = np.flatnonzero((col < 36) & (rng.random(len(row)) < 0.5))
        self.y = rng.normal(0, 10, len(row))
        self.draw = rng.normal(size=len(row))
        self.graph = dataclasses.replace(self.graph, targets={"y": self.y})
        self.block = np.isin(row[self.observed] // 12, (1, 3)) & (col[self.observed] < 24)

    def error(self, known, cells):
        return self.draw[cells] * distance_to(self.graph, known, cells) / STEP

    def fold(self, held):
        known, test = self.observed[~held], self.observed[held]
        error = self.error(known, test)
        predicted = Prediction(self.y[test] + error, np.full(len(test), 0.5))
        worse = Prediction(self.y[test] + 2 * error, np.full(len(test), 0.5))
        scores = np.abs(np.random.default_rng(1).normal(size=len(known)))
        return Fold(Split(known, test), {OURS: predicted, IDW: worse}, {OURS: scores, IDW: scores})

    def run(self, **training):
        run = Run({}, make_config({"training": training}), Silent())
        drawn = np.random.default_rng(2).random(len(self.observed)) < 0.2
        run.tested(RANDOM, self.y, [self.fold(drawn)], {"kind": "random"})
        details = {"kind": "spatial blocks", BLOCK_SIDE: 12_000}
        run.tested(BLOCKS, self.y, [self.fold(self.block)], details)
        return run


@pytest.fixture(scope="module")
def world():
    return World()


@pytest.fixture(scope="module")
def run(world):
    found = world.run()
    conclude(found, world.graph, "y", world.observed)
    return found


def test_the_expected_accuracy_is_that_of_the_map(world, run):
    cells = np.setdiff1d(np.arange(len(world.y)), world.observed)
    distance = distance_to(world.graph, world.observed, cells) / STEP
    numbers = run.numbers()
    assert numbers["EXPECTED_RMSE"] == pytest.approx(np.sqrt(np.mean(distance**2)), rel=0.1)
    assert numbers["EXPECTED_MAE"] == pytest.approx(0.798 * distance.mean(), rel=0.1)
    assert numbers["EXPECTED_IDW_RMSE"] == pytest.approx(2 * numbers["EXPECTED_RMSE"])
    explained = 1 - numbers["EXPECTED_RMSE"] ** 2 / 100
    assert numbers["EXPECTED_R2"] == pytest.approx(explained, abs=0.02)
    assert numbers["RMSE"] < 0.8 * numbers["EXPECTED_RMSE"] < 0.5 * numbers["BLOCKS_RMSE"]
    assert not run.warnings


def test_a_map_that_goes_on_where_nothing_was_held_out_is_warned_of():
    world = World(cols=80)
    run = world.run()
    conclude(run, world.graph, "y", world.observed)
    assert "lie farther from measurements than any held-out cell" in run.warnings[0]


def test_intervals_hold_their_level_at_every_distance(world, run):
    error = np.abs(world.error(world.observed, np.arange(len(world.y))))
    distance = distance_to(world.graph, world.observed)
    width = 1.645 * 0.5 * run.reach.factor(distance)
    for near, far in ((0.5, 1.2), (1.2, 3.5), (3.5, 6.0)):
        inside = (near * STEP < distance) & (distance < far * STEP)
        assert np.mean((error < width)[inside]) == pytest.approx(0.9, abs=0.06), near
    for name in (RANDOM, BLOCKS):
        scores = {item.method: item.score() for item in run.trials[name].held_out}
        assert scores[OURS]["coverage"] == pytest.approx(0.9, abs=0.05)
        # Every method is calibrated alike.
        assert scores[IDW]["width"] == pytest.approx(2 * scores[OURS]["width"], rel=0.1)


def test_sealed_cells_calibrate_nothing(world, run):
    calm = world.run()
    conclude(calm, world.graph, "y", world.observed, sealed=True)
    wild = World()
    wild.draw = np.where(np.isin(np.arange(len(wild.y)), calm.trials[RANDOM].test), 1e3, wild.draw)
    wild.draw[calm.trials[BLOCKS].test] = world.draw[calm.trials[BLOCKS].test]
    other = wild.run()
    conclude(other, wild.graph, "y", wild.observed, sealed=True)
    assert calm.reach == other.reach != run.reach


def test_left_out_cells_steady_a_few_held_out_ones(world):
    alone, steadied = world.run(), world.run()
    fold = steadied.folds[RANDOM].folds[0]
    own = Prediction(world.y[fold.cells.known] + 3.0, np.full(len(fold.cells.known), 0.5))
    own.location[0] = np.nan
    fold = dataclasses.replace(fold, left_out={OURS: own, IDW: own})
    steadied.tested(RANDOM, world.y, [fold], {"kind": "random"})
    for run in (alone, steadied):
        conclude(run, world.graph, "y", world.observed)
    more = len(steadied.expected.test) - len(alone.expected.test)
    assert more == len(fold.cells.known) - 1
    assert len(steadied.trials[RANDOM].test) == len(alone.trials[RANDOM].test)
    near = np.abs(steadied.expected.ours.predicted - steadied.expected.ours.observed)
    assert np.sum(np.isclose(near, 3.0)) >= more


def test_where_gaps_were_moved_onto_many_cells_these_alone_tell(world, monkeypatch):
    monkeypatch.setattr(concluding, "_ENOUGH_MOVED", 200)
    run = world.run()
    blocks = run.folds[BLOCKS]
    details = {**blocks.details, "kind": MOVED_GAPS}
    run.tested(BLOCKS, world.y, blocks.folds, details)
    conclude(run, world.graph, "y", world.observed)
    np.testing.assert_array_equal(run.expected.test, run.trials[BLOCKS].test)
    alone = world.run()
    del alone.folds[RANDOM], alone.trials[RANDOM]
    conclude(alone, world.graph, "y", world.observed)
    assert run.reach == alone.reach
    monkeypatch.setattr(concluding, "_ENOUGH_MOVED", 1000)
    conclude(run, world.graph, "y", world.observed)
    assert len(run.expected.test) == sum(len(trial.test) for trial in run.trials.values())


def test_in_a_map_without_gaps_blocks_do_not_count():
    world = World(cols=36)
    run = world.run()
    conclude(run, world.graph, "y", world.observed)
    np.testing.assert_array_equal(run.expected.test, run.trials[RANDOM].test)
