import numpy as np
import pytest
import torch

from geohg.engine.models.kernel import Inputs, Kernel
from geohg.engine.models.propagation import Propagation
from geohg.engine.progress import Silent

from .landscapes import make_graph


@pytest.mark.parametrize("groups", [0, 2])
def test_variance_is_the_covariance_of_a_cell_with_itself(groups):
    kernel = Kernel(
        scale_a=torch.zeros(groups),
        scale_b=torch.zeros(groups),
        log_variance=torch.tensor([0.3, 0.4, 0.5, 0.1, 0.03]).log(),
        log_length=torch.tensor([20.0, 12.0, 3.0]).log(),
        mean=torch.zeros(1),
        group=torch.arange(groups),
    )
    cell = Inputs(torch.tensor([[3.0, 4.0]]), torch.ones(1, groups))
    # Apart from what keeps the slope finite where two cells are alike.
    own = float(kernel.covariance(cell, cell))
    assert own == pytest.approx(float(kernel.variance), rel=2e-3)


def test_without_features_an_unseen_cell_is_as_sure_as_one_left_out():
    graph = make_graph(rows=20, cols=20)
    cell = np.arange(400)
    rng = np.random.default_rng(0)
    y = np.sin(cell // 20 / 4) + np.cos(cell % 20 / 5) + 0.3 * rng.normal(size=400)
    known, unseen = cell[cell % 2 == 0], cell[cell % 2 == 1]
    model = Propagation().fit(graph, y, known, Silent())
    left_out, predicted = model.leave_one_out(), model.predict(graph, Silent(), unseen)
    assert np.median(predicted.std) == pytest.approx(np.median(left_out.std), rel=0.1)
