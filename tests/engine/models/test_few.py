"""A few cells, and what is known of the ground everywhere: truths that are known."""

import numpy as np
import pytest

from geohg.engine.config.schema import make_config
from geohg.engine.models.informed import fit_informed
from geohg.engine.progress import Silent

from .landscapes import make_graph, observe, r2, smooth_field

GROUND = np.random.default_rng(5).normal(size=(3, 1200))


def accuracy(ground, truth):
    """R2 in the cells without a value, of 40 with one."""
    cells, rest = observe(make_graph(), 40)
    graph = make_graph(ground.T, ("covariate",) * len(ground))
    graph.targets["y"] = truth
    model = fit_informed(make_config({}), graph, "y", cells, Silent())
    return r2(model.predict(graph, Silent()).mean, truth, rest)


@pytest.mark.parametrize(
    ("told", "least"),
    [(20 * GROUND[0], 0.5), (np.where(GROUND[0] > 0, 20, -20), 0.5), (0.0, -0.05)],
    ids=["a line", "a step", "nothing"],
)
def test_covariates_tell_what_they_know_and_do_little_harm(told, least):
    """A smooth field, and beside it what one covariate of three tells: a half, or nothing."""
    truth = smooth_field(make_graph(), noise=2.0) + told
    assert accuracy(GROUND, truth) > accuracy(GROUND[:0], truth) + least
