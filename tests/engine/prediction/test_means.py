"""Means outside their own intervals: of counts that are nearly all 0."""

import dataclasses

import numpy as np
import pytest

from geohg.engine.models.propagation import Propagation
from geohg.engine.prediction.fitted import FittedMap

from ..conftest import Recorder
from ..models.landscapes import make_graph, observe, smooth_field


def mapped(y, transform):
    """The map of 200 of 1,200 values, those 200, and the warnings."""
    graph = make_graph()
    known, _ = observe(graph, 200)
    measured = np.full(len(y), np.nan)
    measured[known] = y[known]
    graph = dataclasses.replace(graph, targets={"count": measured})
    told = Recorder()
    model = Propagation(transform).fit(graph, measured, known, told)
    found = FittedMap.learn(model, graph, "count", known).map(graph, 0.9, told)
    return found, known, told.warnings


@pytest.fixture(scope="module")
def counts():
    return np.random.default_rng(1).poisson(0.02, 1200).astype(float)


def test_a_mean_outside_its_interval_is_told(counts):
    found, known, warnings = mapped(counts, "log")
    others = np.setdiff1d(np.arange(1200), known)
    outside = int((found.mean > found.upper)[others].sum())
    assert outside > 900 and len(warnings) == 1
    assert warnings[0].startswith(
        f"In {outside} of 1000 cells the prediction lies outside its own 0.9 interval: most"
    )


def test_the_scale_that_is_chosen_keeps_the_mean_of_counts_and_its_interval(counts):
    found, known, warnings = mapped(counts, "auto")
    assert warnings == [] and found.lower.min() == 0
    others = np.setdiff1d(np.arange(1200), known)
    assert (found.mean <= found.upper)[others].all()
    np.testing.assert_allclose(found.mean.mean(), counts[known].mean(), rtol=0.2)


def test_an_ordinary_map_is_not_told_of():
    assert mapped(np.exp(smooth_field(make_graph(), 1.0) / 20), "log")[2] == []
