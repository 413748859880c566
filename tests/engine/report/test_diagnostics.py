"""What is told of errors whose pattern is known."""

import dataclasses

import numpy as np
import pytest

from geohg.engine.data.builders.grid import Grid
from geohg.engine.data.splits import Split
from geohg.engine.report.diagnostics import diagnose
from geohg.engine.report.figures import make_figures
from geohg.engine.validation.coverage import Coverage
from geohg.engine.validation.trials import HeldOut, Trial

from .conftest import make_graph

SIDE = 24
GRID = Grid("EPSG:32631", 0.0, SIDE * 100.0, 100.0, 100.0, SIDE, SIDE)
COVERAGE = Coverage(
    np.array([0.9]), np.array([0.85]), np.array([3.0]), np.array([[0.8, 0.95]]), 192
)


@pytest.fixture
def graph():
    """Values rise from north to south."""
    return make_graph(GRID, values=np.repeat(np.arange(float(SIDE)), SIDE))


def make_trial(graph, test, error):
    """A test on the cells of the mask `test`, where predictions are `error` too high."""
    cells = Split(np.flatnonzero(~test), np.flatnonzero(test))
    truth = graph.target("elev_m")[cells.test]
    return Trial((cells,), (HeldOut("GeoHG", truth, truth + error),), COVERAGE, {})


def test_noise_is_left_of_a_pattern_that_was_predicted(graph):
    test = np.arange(SIDE * SIDE) % 3 == 0
    error = np.random.default_rng(0).normal(size=test.sum())
    found = diagnose(graph, {"random": make_trial(graph, test, error)}, 0.9)
    moran = found["pattern"]["moran"]
    assert moran["observed"]["z"] > 10
    assert abs(moran["residuals"]["z"]) < 2.5
    variogram = found["pattern"]["semivariogram"]
    assert variogram["observed"][-1] > 5 * variogram["observed"][0]
    np.testing.assert_allclose(variogram["residuals"], error.var(), rtol=0.25)
    assert "captured the spatial pattern" in found["pattern"]["text"]


def test_coverage_is_told_by_test(graph):
    test = np.arange(SIDE * SIDE) % 3 == 0
    one = make_trial(graph, test, 1.0)
    found = diagnose(graph, {"random": one, "blocks": one}, 0.9)["coverage"]
    assert set(found["by_test"]) == {"random", "blocks"}
    assert found["by_test"]["random"]["observed"][0] == 0.85
    assert found["text"].startswith("The 90 % intervals contain 85.0 %")


def test_errors_grow_with_the_distance_to_known_cells(graph):
    # Known on the left edge alone, so that columns are 100, 200, ... metres away.
    column = np.arange(SIDE * SIDE) % SIDE
    found = diagnose(
        graph, {"blocks": make_trial(graph, column > 0, column[column > 0] / 10.0)}, 0.9
    )
    by_distance = found["error_by_distance"]["blocks"]
    assert "pattern" not in found
    assert by_distance["cells"].sum() == SIDE * (SIDE - 1)
    assert len(by_distance["cells"]) == 8
    np.testing.assert_allclose(by_distance["rmse"], by_distance["distance_m"] / 1000, rtol=0.15)
    assert np.all(np.diff(by_distance["distance_m"]) > 0)


def test_cells_of_one_distance_are_one_class(graph):
    column = np.arange(SIDE * SIDE) % SIDE
    found = diagnose(graph, {"random": make_trial(graph, column == 1, 2.0)}, 0.9)
    by_distance = found["error_by_distance"]["random"]
    np.testing.assert_allclose(by_distance["distance_m"], [100.0])
    np.testing.assert_allclose(by_distance["rmse"], [2.0])
    assert by_distance["cells"].tolist() == [SIDE]


def test_few_cells_tell_of_no_pattern(graph):
    test = np.arange(SIDE * SIDE) < 19
    assert "pattern" not in diagnose(graph, {"random": make_trial(graph, test, 1.0)}, 0.9)


def test_no_test_tells_nothing(graph):
    assert diagnose(graph, {}, 0.9) == {}
    nothing = make_trial(graph, np.zeros(SIDE * SIDE, dtype=bool), 0.0)
    assert diagnose(graph, {"random": dataclasses.replace(nothing, coverage=None)}, 0.9) == {}


def test_figures_are_named_as_what_draws_them(graph):
    test = np.arange(SIDE * SIDE) % 3 == 0
    one = make_trial(graph, test, 1.0)
    figures = make_figures(
        graph,
        "elev_m",
        mean=np.zeros(SIDE * SIDE),
        std=np.ones(SIDE * SIDE),
        held_out=[one.ours],
        test=one.test,
        history={"curve": [(1, 1.0, 1.0)]},
        diagnostics=diagnose(graph, {"random": one}, 0.9),
    )
    assert list(figures) == [
        "prediction_map",
        "uncertainty_map",
        "observed_vs_predicted",
        "residual_map",
        "calibration_plot",
        "semivariogram_plot",
        "distance_plot",
        "training_curve",
    ]
    # Observed minus predicted: too high a prediction is negative.
    assert set(figures["residual_map"].axes[0].collections[0].get_array()) == {-1.0}
    assert figures["prediction_map"].axes[1].get_ylabel() == "elev_m [m]"
    assert make_figures(graph, "elev_m") == {}
