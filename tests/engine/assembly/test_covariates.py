"""Covariates of points, in every cell."""

import numpy as np

from geohg.engine.assembly.covariates import carry, fill
from geohg.engine.models.kriging import OrdinaryKriging
from geohg.engine.progress import Silent

from ..models.landscapes import make_graph, observe, smooth_field


def test_what_was_measured_stays_and_the_rest_is_kriged():
    graph = make_graph(rows=20, cols=20)
    field = smooth_field(graph)
    known, missing = observe(graph, 300)
    measured = np.where(np.isin(graph.cell, known), field, np.nan)
    filled, carried = (how(graph, measured, Silent()) for how in (fill, carry))
    np.testing.assert_array_equal(filled[known], field[known])
    np.testing.assert_allclose(filled[missing], field[missing], atol=1.0)
    # A carried one says of each measured cell what kriging says without it.
    kriging = OrdinaryKriging().fit(graph, measured, known, Silent())
    np.testing.assert_array_equal(carried[known], kriging.leave_one_out().mean)
    np.testing.assert_array_equal(carried[missing], filled[missing])
