"""Where to measure next: on covariances that are known, and on a map with a gap."""

import dataclasses

import numpy as np
import pyogrio
import pytest

from geohg.engine.config.schema import Config
from geohg.engine.errors import InputError
from geohg.engine.jobs import run
from geohg.engine.models.propagation import Propagation
from geohg.engine.prediction.fitted import FittedMap
from geohg.engine.prediction.suggesting import Suggested, choose
from geohg.engine.progress import Silent

from ..conftest import QUICK
from ..models.landscapes import make_graph, observe, rows_and_cols, smooth_field


def test_the_cell_that_tells_most_of_others_comes_first_and_its_group_last():
    # Five cells that go together, two that do, and one alone.
    covariance = np.eye(8)
    for group in (range(5), range(5, 7)):
        covariance[np.ix_(group, group)] = 0.8
    np.fill_diagonal(covariance, 1.0)
    chosen, gain = choose(covariance, np.ones(8), 3)
    assert chosen[0] < 5 and gain[0] == pytest.approx(4 * 0.64 / 8)
    assert chosen[1] in (5, 6) and gain[1] == pytest.approx(0.64 / 8)
    assert chosen[2] < 5 and 0 < gain[2] < gain[1]


def test_gains_are_those_of_conditioning():
    rng = np.random.default_rng(0)
    root = rng.normal(size=(12, 12))
    covariance, area = root @ root.T, rng.uniform(0.5, 2, 12)
    chosen, gain = choose(covariance, area, 4)
    known, before = [], covariance
    for cell, told in zip(chosen, gain):
        known.append(cell)
        across = covariance[:, known]
        after = covariance - across @ np.linalg.solve(covariance[np.ix_(known, known)], across.T)
        fallen = area * (before - after).diagonal()
        wanted = (fallen.sum() - fallen[cell]) / (area @ covariance.diagonal())
        assert told == pytest.approx(wanted, rel=1e-6)
        before = after
    assert len({*chosen}) == 4


def test_a_large_area_counts_more():
    covariance = np.eye(4)
    covariance[0, 1] = covariance[1, 0] = covariance[2, 3] = covariance[3, 2] = 0.7
    assert {*choose(covariance, np.array([1.0, 1.0, 3.0, 3.0]), 1)[0]} <= {2, 3}


@pytest.fixture(scope="module")
def gap():
    """A graph whose eastern half nobody measured, and its map."""
    graph = make_graph(rows=16, cols=24)
    truth = smooth_field(graph, noise=1.0)
    _, col = rows_and_cols(graph)
    known = np.intersect1d(observe(graph, 200)[0], np.flatnonzero(col < 12))
    values = np.full(len(truth), np.nan)
    values[known] = truth[known]
    graph = dataclasses.replace(graph, targets={"y": values})
    model = Propagation().fit(graph, values, known, Silent())
    return graph, FittedMap.learn(model, graph, "y", known), col


def test_a_gap_is_measured_first_and_the_points_spread_out(gap):
    graph, fitted, col = gap
    found = Suggested.of(fitted, graph, Config(), Silent())
    assert len(found.cells) == 20 == len({*found.cells.tolist()})
    assert not np.isin(found.cells, graph.observed("y")).any()
    assert (col[found.cells[:6]] >= 12).all()
    xy = graph.geometry.centres(graph.cell[found.cells[:6]])
    apart = np.linalg.norm(xy[:, None] - xy[None], axis=2)[~np.eye(6, dtype=bool)]
    assert apart.min() >= 3000
    assert found.gain[0] == found.gain.max() and (found.gain >= 0).all()


def test_a_measurement_there_lowers_the_deviation_of_the_map_more_than_elsewhere(gap):
    graph, fitted, _ = gap
    first = Suggested.of(fitted, graph, Config(), Silent()).cells[0]

    def left(cell):
        values = graph.target("y").copy()
        values[cell] = 100.0
        known = np.flatnonzero(np.isfinite(values))
        model = Propagation().fit(graph, values, known, Silent(), kernel=fitted.model.kernel_)
        return np.square(model.predict(graph, Silent()).spread).sum()

    others = np.setdiff1d(np.arange(len(graph.cell)), graph.observed("y"))
    assert left(first) < min(left(cell) for cell in others[::60])


def test_a_measured_map_has_nothing_left_to_measure(gap):
    graph, fitted, _ = gap
    full = dataclasses.replace(graph, targets={"y": smooth_field(graph)})
    with pytest.raises(InputError, match="Every cell has a measurement"):
        Suggested.of(fitted, full, Config(), Silent())


def test_the_job_writes_ranked_points_and_refuses_a_network(landscape, tmp_path):
    outputs = {"next_points": str(tmp_path / "next.gpkg")}
    run(landscape.request(outputs=outputs, training=QUICK), Silent())
    meta, _, _, (cell, rank, std, gain) = pyogrio.raw.read(tmp_path / "next.gpkg")
    assert [*rank] == [*range(1, 21)] and meta["geometry_type"] == "Point"
    assert len(np.unique(cell)) == 20 and (std > 0).all() and 0 < gain.sum() < 100
    model = {"kind": "gnn"}
    with pytest.raises(InputError, match="told by the default model alone"):
        run(landscape.request(outputs=outputs, training=QUICK, model=model), Silent())
